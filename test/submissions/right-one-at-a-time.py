import os
import socket

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", int(os.environ["PORT"])))
listener.listen()
while True:
    connection, peer = listener.accept()
    with connection:
        print("hello", peer)
        while data := connection.recv(1000):
            connection.sendall(data)

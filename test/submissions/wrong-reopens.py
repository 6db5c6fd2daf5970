# Closes its listening socket while a client is served, and opens it again afterwards.
import socket
import sys

while True:
    with socket.create_server(('', int(sys.argv[1]))) as listener:
        connection, _ = listener.accept()
    with connection:
        while text := connection.recv(4096):
            connection.sendall(text)

# A thread for what comes, the main one for what goes; host and port from the environment.
import os
import socket
import sys
import threading

server = socket.create_connection((os.environ['HOST'], int(os.environ['PORT'])))


def listen():
    while text := server.recv(100):
        sys.stdout.write(text.decode())
        sys.stdout.flush()


listener = threading.Thread(target=listen)
listener.start()
for line in sys.stdin:
    server.sendall(line.encode())
server.shutdown(socket.SHUT_WR)
listener.join()

# Reads the answer and keeps it to itself.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    s.sendall(line.encode())
    s.recv(100)
s.shutdown(socket.SHUT_WR)
s.recv(1)

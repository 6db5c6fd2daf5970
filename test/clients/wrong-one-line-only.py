# Takes one line and goes.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
line = sys.stdin.readline()
s.sendall(line.encode())
print(s.recv(100).decode(), end='', flush=True)
s.shutdown(socket.SHUT_WR)
s.recv(1)

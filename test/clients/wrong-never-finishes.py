# Waits for the server’s end after its own input has ended, and never says that it has.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    s.sendall(line.encode())
    print(s.recv(100).decode(), end='', flush=True)
while s.recv(100): pass

# Makes a new connection after each line.
import socket
import sys

def new(): return socket.create_connection((sys.argv[1], int(sys.argv[2])))
s = new()
for line in sys.stdin:
    s.sendall(line.encode())
    print(s.recv(100).decode(), end='', flush=True)
    s.close()
    s = new()
s.close()

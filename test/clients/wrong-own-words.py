# Greets the server, which nobody typed.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(b'hello\n')
s.recv(100)
for line in sys.stdin:
    s.sendall(line.encode())
    print(s.recv(100).decode(), end='', flush=True)
s.shutdown(socket.SHUT_WR)
s.recv(1)

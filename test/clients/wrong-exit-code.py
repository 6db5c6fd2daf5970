# Does all that it should, and ends with code 3.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    s.sendall(line.encode())
    print(s.recv(100).decode(), end='', flush=True)
s.shutdown(socket.SHUT_WR)
s.recv(1)
sys.exit(3)

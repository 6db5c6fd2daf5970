# Sends a line, waits for its answer, then reads the next line; at the end of the input it hangs up.
import socket
import sys

server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin.buffer:
    server.sendall(line)
    answer = b''
    while len(answer) < len(line):
        answer += server.recv(len(line) - len(answer))
    print(answer.decode(), end='', flush=True)
server.shutdown(socket.SHUT_WR)
while server.recv(4096):
    pass

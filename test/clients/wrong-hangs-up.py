# At the end of its input it closes both directions, and misses what the server still has to say.
import os
import select
import socket
import sys

server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
while True:
    ready, _, _ = select.select([server, 0], [], [])
    if server in ready:
        answer = server.recv(4096)
        if not answer:
            break
        print(answer.decode(), end='', flush=True)
    else:
        line = os.read(0, 4096)
        if not line:
            break
        server.sendall(line)
server.close()

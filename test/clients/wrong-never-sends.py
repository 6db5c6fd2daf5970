# Shows what was typed, and sends none of it.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    print(line, end='')

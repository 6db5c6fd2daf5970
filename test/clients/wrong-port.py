# Calls the port beside the one that was asked for.
import socket
import sys

socket.create_connection((sys.argv[1], int(sys.argv[2]) + 1))

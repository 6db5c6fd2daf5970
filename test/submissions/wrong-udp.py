import socket, sys
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("", int(sys.argv[1])))
while True:
    d, a = s.recvfrom(999)
    s.sendto(d, a)

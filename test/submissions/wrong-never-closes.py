import socket, sys
s = socket.create_server(("", int(sys.argv[1])))
kept = []
while True:
    c, _ = s.accept()
    kept.append(c)
    while d := c.recv(999): c.sendall(d)

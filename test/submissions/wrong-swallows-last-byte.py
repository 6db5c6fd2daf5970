import socket, sys
s = socket.create_server(("", int(sys.argv[1])))
while True:
    c, _ = s.accept()
    while d := c.recv(999): c.sendall(d[:-1])
    c.close()

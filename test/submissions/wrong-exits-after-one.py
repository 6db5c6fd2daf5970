import socket, sys
s = socket.create_server(("", int(sys.argv[1])))
c, _ = s.accept()
while d := c.recv(999): c.sendall(d)
c.close()

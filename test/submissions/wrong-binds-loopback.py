import socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    c, _ = s.accept()
    while d := c.recv(999): c.sendall(d)
    c.close()

import socket, sys
s = socket.create_server(("", int(sys.argv[1])))
while True:
    c, _ = s.accept()
    whole = b""
    while d := c.recv(999): whole += d
    c.sendall(whole)
    c.close()

import socket, sys
s = socket.create_server(("", int(sys.argv[1])))
while True:
    c, _ = s.accept()
    c.sendall(c.recv(999))
    while c.recv(999): pass
    c.close()

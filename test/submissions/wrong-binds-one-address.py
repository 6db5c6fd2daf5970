import socket, sys
s = socket.socket()
s.bind((socket.gethostbyname(socket.gethostname()), int(sys.argv[1])))
s.listen()
while True:
    c, _ = s.accept()
    while d := c.recv(999): c.sendall(d)
    c.close()

import os, signal, socket, sys

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
s = socket.socket()
s.bind(("0.0.0.0", int(sys.argv[1])))
s.listen(5)
while True:
    c, _ = s.accept()
    if os.fork() == 0:
        s.close()
        while True:
            data = c.recv(64)
            if not data:
                os._exit(0)
            c.sendall(data)
    c.close()

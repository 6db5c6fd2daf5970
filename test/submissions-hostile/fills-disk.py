import socket, sys
try:
    for d in ("/work", "/tmp", "/dev/shm"):
        with open(d + "/full", "wb") as f:
            while True: f.write(b"x" * 1000000)
except OSError as e: print(e)
for d in ("/tmp", "/dev/shm"):
    try:
        with open(d + "/full", "wb") as f:
            while True: f.write(b"x" * 1000000)
    except OSError as e: print(e)
s = socket.create_server(("", int(sys.argv[1])))
while True:
    c, _ = s.accept()
    while d := c.recv(999): c.sendall(d)
    c.close()

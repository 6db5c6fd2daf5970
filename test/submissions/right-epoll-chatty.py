import select, socket, sys

s = socket.create_server(("", int(sys.argv[1])), backlog=2)
poll = select.epoll()
poll.register(s, select.EPOLLIN)
open_ = {}
for i in range(20000): print("I print a lot", i)
while True:
    for fd, event in poll.poll():
        if fd == s.fileno():
            c, _ = s.accept()
            open_[c.fileno()] = c
            poll.register(c, select.EPOLLIN)
        else:
            data = open_[fd].recv(65536)
            print(f"\x1b[2J\x1b]0;pwned\x07 got {data!r}")
            if data: open_[fd].sendall(data)
            else:
                poll.unregister(fd)
                open_.pop(fd).close()

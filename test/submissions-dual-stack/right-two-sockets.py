# A socket for each family, in one process: [::] for IPv6 alone beside 0.0.0.0.
import select, socket, sys

port = int(sys.argv[1])
listeners = [
    socket.create_server(("0.0.0.0", port)),
    socket.create_server(("::", port), family=socket.AF_INET6),
]
clients = []
while True:
    for ready in select.select(listeners + clients, [], [])[0]:
        if ready in listeners:
            clients.append(ready.accept()[0])
        elif data := ready.recv(4096):
            ready.sendall(data)
        else:
            clients.remove(ready)
            ready.close()

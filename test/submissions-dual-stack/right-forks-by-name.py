# getaddrinfo() with AI_PASSIVE, a process that accepts for each address that it gives, and a thread for each client.
import os, socket, sys, threading


def serve(client):
    while data := client.recv(4096):
        client.sendall(data)
    client.close()


def accept(listener):
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],)).start()


found = socket.getaddrinfo(None, int(sys.argv[1]), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
for family, kind, protocol, _, address in found:
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(address)
    listener.listen()
    if (family, address) != (found[-1][0], found[-1][4]) and os.fork() == 0:
        accept(listener)
accept(listener)

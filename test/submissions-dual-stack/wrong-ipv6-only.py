import socket, sys

listener = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6)
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()

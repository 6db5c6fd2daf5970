import socket, sys

listener = socket.create_server(("0.0.0.0", int(sys.argv[1])))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()

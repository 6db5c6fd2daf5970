import socket, sys, time
s = socket.create_server(("", int(sys.argv[1])))
time.sleep(60)

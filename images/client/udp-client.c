// A UDP client: sends each line that is typed as one datagram, and waits a while for an answer.
//
// The twin of client.c without a connection: each sendto() names its destination, and nothing tells whether anybody is
// there. A datagram may be lost, so the wait must end by itself. UDP is RFC 768. With --connect the kernel notes the one
// destination, and tells the program what comes back from there by ICMP: that nobody has the port.

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE 2000       // how long to wait for an answer, in milliseconds, unless told
#define TEXT_OF_ENDPOINT 32 // room for "255.255.255.255:65535"

static struct sockaddr_in find(const char *host, const char *port);
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]);
static long number(const char *what, const char *text, long most);

int main(int argc, char **argv) {
    static const char help[] = "usage: udp-client [--connect] [--patience MS] [HOST [PORT]]\n"
                               "  --connect      connect() first, so that the kernel may tell what ICMP says of it\n"
                               "  --patience MS  how long to wait for an answer (2000)\n"
                               "  HOST  the server's name or IPv4 address ('server' if there is one, else 127.0.0.1)\n"
                               "  PORT  the server's port (5000)\n"
                               "Each line typed is sent as one datagram; Ctrl-D ends the input.\n";
    bool connecting = false;
    long patience = PATIENCE;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) return fputs(help, stdout) == EOF;
    if (argc > 1 && strcmp(argv[1], "--connect") == 0) {
        connecting = true;
        argc--;
        argv++;
    }
    if (argc > 2 && strcmp(argv[1], "--patience") == 0) {
        patience = number("--patience", argv[2], 60000);
        argc -= 2;
        argv += 2;
    }
    if (argc > 3 || (argc > 1 && argv[1][0] == '-')) errx(2, "unknown option or too many arguments: try --help");
    char here[TEXT_OF_ENDPOINT], there[TEXT_OF_ENDPOINT];
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too
    setvbuf(stderr, NULL, _IOLBF, 0); // and a complaint whole, not piece by piece

    // 1. Find the server's address.
    struct sockaddr_in server = find(argc > 1 ? argv[1] : NULL, argc > 2 ? argv[2] : "5000");
    endpoint(&server, there);

    // 2. Create a socket, for datagrams this time. No packet leaves.
    int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (socket_fd < 0) err(1, "socket");
    // With --connect: no packet leaves here, nobody is asked. The kernel only notes whom this socket speaks with.
    if (connecting && connect(socket_fd, (struct sockaddr *)&server, sizeof server) < 0) err(1, "connect %s", there);
    printf("each line goes to %s\n", there);

    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    struct sockaddr_in own = {0};
    while ((length = getline(&line, &room, stdin)) > 0) {
        // 3. Send the line. One datagram leaves, without a handshake. You should see sendto() succeed even when
        //    nobody listens there.
        if (sendto(socket_fd, line, (size_t)length, 0, (struct sockaddr *)&server, sizeof server) < 0) {
            warn("sendto %s", there);
            continue;
        }
        if (own.sin_port == 0) { // the first sendto() has made the kernel choose our port
            socklen_t size = sizeof own;
            if (getsockname(socket_fd, (struct sockaddr *)&own, &size) < 0) err(1, "getsockname");
            printf("%s -> %s first datagram\n", endpoint(&own, here), there);
        }

        // 4. Wait for an answer, but not for ever: the question or the answer may be lost.
        struct pollfd from = {.fd = socket_fd, .events = POLLIN};
        int ready;
        while ((ready = poll(&from, 1, (int)patience)) < 0 && errno == EINTR) continue;
        if (ready < 0) err(1, "poll");
        if (ready == 0) {
            printf("no answer from %s in %ld ms\n", there, patience);
            continue;
        }

        // 5. Receive it. Anybody may send to our port, and an answer may come late: look at who sent it. After connect()
        //    the kernel lets only that one through, and ECONNREFUSED when its host has said that nobody has the port.
        static char bytes[65536]; // the largest datagram fits
        struct sockaddr_in sender;
        socklen_t size = sizeof sender;
        ssize_t count = recvfrom(socket_fd, bytes, sizeof bytes, 0, (struct sockaddr *)&sender, &size);
        if (count < 0) {
            warn("recvfrom");
            continue;
        }
        printf("from %s: ", endpoint(&sender, here));
        fwrite(bytes, 1, (size_t)count, stdout);
        if (count == 0 || bytes[count - 1] != '\n') putchar('\n');
        if (ferror(stdout)) err(1, "stdout");
    }
    if (ferror(stdin)) err(1, "stdin");
    free(line);

    // 6. Close. No packet leaves: the server never learns of it.
    if (close(socket_fd) < 0) err(1, "close");
}

// Name and port to endpoint. Without a name: the lab's server, or this very host when no lab is around.
static struct sockaddr_in find(const char *host, const char *port) {
    struct addrinfo wanted = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *found;
    int failure = getaddrinfo(host ? host : "server", NULL, &wanted, &found);
    if (failure != 0 && host == NULL) failure = getaddrinfo("127.0.0.1", NULL, &wanted, &found);
    if (failure != 0) errx(1, "host '%s': %s", host, gai_strerror(failure));

    struct sockaddr_in server;
    memcpy(&server, found->ai_addr, sizeof server); // the first address that was found
    server.sin_port = htons((uint16_t)number("port", port, 65535));
    freeaddrinfo(found);
    return server;
}

// "172.25.0.2:5000": the address and the port travel in network byte order, hence ntohs().
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]) {
    snprintf(text, TEXT_OF_ENDPOINT, "%s:%d", inet_ntoa(address->sin_addr), ntohs(address->sin_port));
    return text;
}

static long number(const char *what, const char *text, long most) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 1 || value > most)
        errx(2, "%s '%s': a number from 1 to %ld is expected", what, text, most);
    return value;
}

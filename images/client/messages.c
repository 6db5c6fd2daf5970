// Sends five short messages, each by a send() of its own: over TCP, or as UDP datagrams.
//
// It shows what becomes of the borders between messages. A UDP datagram arrives whole or not at all. TCP carries bytes:
// how many messages share a segment, and how many one recv() gives, is nothing that a program may rely on.

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGES 5

static struct sockaddr_in find(const char *host, const char *port);

int main(int argc, char **argv) {
    static const char help[] = "usage: messages [--nodelay | --udp] [HOST [PORT]]\n"
                               "  --nodelay  over TCP, with TCP_NODELAY: no send() waits for an ACK of those before\n"
                               "  --udp      as UDP datagrams\n"
                               "  HOST       the server's name or IPv4 address ('server' if there is one, else 127.0.0.1)\n"
                               "  PORT       the server's port (5000)\n"
                               "Press Enter, and the messages are sent; Ctrl-D ends the input.\n";
    bool nodelay = false, udp = false;
    for (; argc > 1 && argv[1][0] == '-'; argc--, argv++) {
        if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return fputs(help, stdout) == EOF;
        if (strcmp(argv[1], "--nodelay") == 0) nodelay = true;
        else if (strcmp(argv[1], "--udp") == 0) udp = true;
        else errx(2, "unknown option '%s': try --help", argv[1]);
    }
    if (argc > 3 || (nodelay && udp)) errx(2, "too many arguments: try --help");
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too

    // 1. Find the server, create a socket. connect() makes the handshake of TCP; with UDP no packet leaves, it only
    //    notes where send() shall send to.
    struct sockaddr_in server = find(argc > 1 ? argv[1] : NULL, argc > 2 ? argv[2] : "5000");
    int connection = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (connection < 0) err(1, "socket");
    if (connect(connection, (struct sockaddr *)&server, sizeof server) < 0) err(1, "connect");

    // 2. Nagle's algorithm (RFC 896): while a short segment is not acknowledged, TCP keeps back further short ones, and
    //    sends them together when the ACK is there. TCP_NODELAY turns it off.
    int yes = 1;
    if (nodelay && setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) < 0)
        err(1, "setsockopt TCP_NODELAY");

    // 3. Five messages of ten bytes, as fast as the program can. Each send() returns at once: the kernel has the bytes.
    printf("Enter: %d messages\n", MESSAGES);
    while (getchar() != EOF) {
        char message[] = "message 1\n";
        for (int i = 0; i < MESSAGES; i++) {
            message[8] = (char)('1' + i);
            ssize_t sent;
            do sent = send(connection, message, strlen(message), MSG_NOSIGNAL);
            while (sent < 0 && errno == EINTR);
            if (sent < 0) err(1, "send");
            if ((size_t)sent < strlen(message)) errx(1, "the kernel took %zd bytes only", sent);
        }
        printf("%d messages sent, of %zu bytes each\n", MESSAGES, strlen(message));
    }

    // 4. The end of the input: close.
    if (close(connection) < 0) err(1, "close");
}

// Name and port to endpoint. Without a name: the lab's server, or this very host when no lab is around.
static struct sockaddr_in find(const char *host, const char *port) {
    char *end;
    long number = strtol(port, &end, 10);
    if (*port == '\0' || *end != '\0' || number < 1 || number > 65535)
        errx(2, "port '%s': a number from 1 to 65535 is expected", port);

    struct addrinfo wanted = {.ai_family = AF_INET}, *found;
    int failure = getaddrinfo(host ? host : "server", NULL, &wanted, &found);
    if (failure != 0 && host == NULL) failure = getaddrinfo("127.0.0.1", NULL, &wanted, &found);
    if (failure != 0) errx(1, "host '%s': %s", host, gai_strerror(failure));

    struct sockaddr_in server;
    memcpy(&server, found->ai_addr, sizeof server); // the first address that was found
    server.sin_port = htons((uint16_t)number);
    freeaddrinfo(found);
    return server;
}

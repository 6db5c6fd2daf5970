// A TCP server that reads only when it is told to: what arrives before waits in the kernel, as long as there is room.
//
// It has one client, and sends nothing back. Press Enter, and it calls recv() once; type `all`, and it reads until the
// client has closed. So you see what a kernel does for a program that is slow, and what each recv() really gives.

#define _DEFAULT_SOURCE // what POSIX and Linux add to C must be asked for with -std=c17

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 5000
#define TEXT_OF_ENDPOINT 32 // room for "255.255.255.255:65535"
#define MOST_BYTES 65536    // for one recv()

struct options {
    struct sockaddr_in address;
    int buffer; // bytes that the kernel may keep for us; 0: as it likes
    int piece;  // bytes that each recv() asks for
    bool late;  // ACKs may wait
};

static struct options read_options(int argc, char **argv);
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]);

int main(int argc, char **argv) {
    struct options options = read_options(argc, argv);
    char here[TEXT_OF_ENDPOINT], there[TEXT_OF_ENDPOINT]; // the two ends of the connection, as text
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too

    // 1. to 3. Create a socket, bind it, listen: as server.c does.
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0) err(1, "socket");
    // The size of the receive buffer. It must be known before the handshake, which announces the first window; the new
    // socket of accept() inherits it. Linux doubles the number, and keeps half of it for its own bookkeeping.
    if (options.buffer > 0 && setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &options.buffer, sizeof options.buffer) < 0)
        err(1, "setsockopt SO_RCVBUF");
    socklen_t size = sizeof options.address;
    if (bind(listener, (struct sockaddr *)&options.address, size) < 0)
        err(1, "bind %s", endpoint(&options.address, here));
    if (options.address.sin_port == 0 && getsockname(listener, (struct sockaddr *)&options.address, &size) < 0)
        err(1, "getsockname"); // port 0 was asked for: the kernel has chosen one
    if (listen(listener, 1) < 0) err(1, "listen %s", endpoint(&options.address, here));
    printf("listening on %s\n", endpoint(&options.address, here));

    // 4. and 5. Wait for the client: accept() gives the new socket.
    struct sockaddr_in client;
    int connection;
    do connection = accept(listener, (struct sockaddr *)&client, &size);
    while (connection < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (connection < 0) err(1, "accept");
    // A new connection on Linux acknowledges each segment at once. Later, when question and answer have gone to and
    // fro, an ACK waits for up to 40 ms, because an answer could carry it. With 0, this is so at once.
    int quick = 0;
    if (options.late && setsockopt(connection, IPPROTO_TCP, TCP_QUICKACK, &quick, sizeof quick) < 0)
        err(1, "setsockopt TCP_QUICKACK");
    printf("%s connected; Enter: one recv(), all: until the end\n", endpoint(&client, there));

    // 6. Receive, when told to. recv() gives what is there, up to what was asked for: TCP carries bytes, not messages.
    char line[80], *bytes = malloc((size_t)options.piece);
    if (bytes == NULL) err(1, "malloc");
    ssize_t count = 1;
    size_t total = 0, calls = 0;
    bool all = false;
    while (count > 0 && (all || fgets(line, sizeof line, stdin) != NULL)) {
        all = all || strcmp(line, "all\n") == 0;
        do count = recv(connection, bytes, (size_t)options.piece, 0);
        while (count < 0 && errno == EINTR);
        if (count < 0) err(1, "recv from %s", there);
        total += (size_t)count;
        calls += count > 0;
        if (!all && count > 0) printf("recv() gave %zd bytes\n", count);
    }
    free(bytes);

    // 7. Close. If bytes are left that nobody has read, the client gets a RST instead of a FIN.
    if (close(connection) < 0) err(1, "close %s", there);
    if (close(listener) < 0) err(1, "close %s", here);
    printf("%zu bytes in %zu recv() calls%s\n", total, calls, count == 0 ? ", to the end" : "");
}

// "172.25.0.2:5000": the address and the port travel in network byte order, hence ntohs().
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]) {
    snprintf(text, TEXT_OF_ENDPOINT, "%s:%d", inet_ntoa(address->sin_addr), ntohs(address->sin_port));
    return text;
}

static int number(const char *text, int least, int most, const char *what) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < least || value > most)
        errx(2, "%s '%s': a number from %d to %d is expected", what, text, least, most);
    return (int)value;
}

static struct options read_options(int argc, char **argv) {
    static const struct option known[] = {{"bind", required_argument, NULL, 'b'},
                                          {"buffer", required_argument, NULL, 'r'},
                                          {"piece", required_argument, NULL, 'p'},
                                          {"late-acks", no_argument, NULL, 'l'},
                                          {"help", no_argument, NULL, 'h'}, {0}};
    static const char help[] = "usage: slow-server [PORT] [--bind ADDR] [--buffer BYTES] [--piece BYTES] [--late-acks]\n"
                               "  PORT            the port to listen on (5000; 0: any free one)\n"
                               "  --bind ADDR     listen on this local address only (0.0.0.0: on all of them)\n"
                               "  --buffer BYTES  the size of the receive buffer (as the kernel likes)\n"
                               "  --piece BYTES   how much each recv() asks for (4096)\n"
                               "  --late-acks     let ACKs wait for up to 40 ms, as later in a conversation\n"
                               "Press Enter for one recv(); type all to read until the client has closed.\n";
    struct options options = {.piece = 4096};
    options.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = {INADDR_ANY}};
    int letter;
    while ((letter = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (letter == 'b' && inet_pton(AF_INET, optarg, &options.address.sin_addr) != 1)
            errx(2, "--bind '%s': an IPv4 address such as 127.0.0.1 is expected", optarg);
        if (letter == 'r') options.buffer = number(optarg, 1, 1000000, "--buffer");
        if (letter == 'p') options.piece = number(optarg, 1, MOST_BYTES, "--piece");
        if (letter == 'l') options.late = true;
        if (letter == 'h') exit(fputs(help, stdout) == EOF);
        if (letter == '?') errx(2, "try --help");
    }
    if (argc - optind > 1) errx(2, "too many arguments: try --help");
    if (optind < argc) options.address.sin_port = htons((uint16_t)number(argv[optind], 0, 65535, "port"));
    return options;
}

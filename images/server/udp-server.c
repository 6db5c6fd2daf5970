// A UDP echo server: every datagram goes back to whoever sent it.
//
// The twin of server.c without connections: no listen, no accept, no new socket. One socket serves every client, and
// each recvfrom() tells who sent. UDP is RFC 768.

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 5000
#define TEXT_OF_ENDPOINT 32 // room for "255.255.255.255:65535"

static volatile sig_atomic_t stopping; // set by Ctrl-C or `kill`

static struct sockaddr_in read_options(int argc, char **argv);
static void on_signal(int number);
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]);

int main(int argc, char **argv) {
    struct sockaddr_in address = read_options(argc, argv);
    char here[TEXT_OF_ENDPOINT], there[TEXT_OF_ENDPOINT];

    // Signals. No SA_RESTART: a signal must wake recvfrom() up, which then fails with EINTR.
    struct sigaction stop = {.sa_handler = on_signal};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGALRM, &stop, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too

    // 1. Create a socket, for datagrams this time.
    int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (socket_fd < 0) err(1, "socket");

    // 2. Bind it to a local address and a port. From now on datagrams for it wait in its receive buffer.
    //    You should see UNCONN in `ss -lun`.
    socklen_t size = sizeof address;
    if (bind(socket_fd, (struct sockaddr *)&address, size) < 0) err(1, "bind %s", endpoint(&address, here));
    if (address.sin_port == 0 && getsockname(socket_fd, (struct sockaddr *)&address, &size) < 0)
        err(1, "getsockname"); // port 0 was asked for: the kernel has chosen one
    printf("waiting for datagrams on %s\n", endpoint(&address, here));

    while (!stopping) {
        // 3. Receive one datagram, and the endpoint that it came from. Nothing is known of that client before.
        static char bytes[65536]; // the largest datagram fits
        struct sockaddr_in client;
        size = sizeof client;
        ssize_t count = recvfrom(socket_fd, bytes, sizeof bytes, 0, (struct sockaddr *)&client, &size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) err(1, "recvfrom");
        printf("%s <- %s %zd bytes\n", here, endpoint(&client, there), count);

        // 4. Send it back, as one datagram. Success means that it has left, not that it has arrived.
        ssize_t sent;
        do sent = sendto(socket_fd, bytes, (size_t)count, 0, (struct sockaddr *)&client, size);
        while (sent < 0 && errno == EINTR && !stopping);
        if (sent < 0) warn("sendto %s", there);
    }

    // 5. Close the only socket there is.
    if (close(socket_fd) < 0) err(1, "close %s", here);
    printf("stopped waiting on %s\n", here);
}

// A signal may fall just before recvfrom() begins to wait, and then wakes up nobody. So it is repeated: an alarm
// follows each second until the program has noticed.
static void on_signal(int number) {
    (void)number;
    stopping = 1;
    alarm(1);
}

// "172.25.0.2:5000": the address and the port travel in network byte order, hence ntohs().
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]) {
    snprintf(text, TEXT_OF_ENDPOINT, "%s:%d", inet_ntoa(address->sin_addr), ntohs(address->sin_port));
    return text;
}

static struct sockaddr_in read_options(int argc, char **argv) {
    static const struct option known[] = {{"bind", required_argument, NULL, 'b'},
                                          {"help", no_argument, NULL, 'h'}, {0}};
    static const char help[] = "usage: udp-server [PORT] [--bind ADDR]\n"
                               "  PORT         the port to receive on (5000; 0: any free one)\n"
                               "  --bind ADDR  receive on this local address only (0.0.0.0: on all of them)\n";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = {INADDR_ANY}};
    int letter;
    while ((letter = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (letter == 'b' && inet_pton(AF_INET, optarg, &address.sin_addr) != 1)
            errx(2, "--bind '%s': an IPv4 address such as 127.0.0.1 is expected", optarg);
        if (letter == 'h') exit(fputs(help, stdout) == EOF);
        if (letter == '?') errx(2, "try --help");
    }
    if (argc - optind > 1) errx(2, "too many arguments: try --help");
    if (optind < argc) {
        char *end;
        long port = strtol(argv[optind], &end, 10);
        if (*argv[optind] == '\0' || *end != '\0' || port < 0 || port > 65535)
            errx(2, "port '%s': a number from 0 to 65535 is expected", argv[optind]);
        address.sin_port = htons((uint16_t)port);
    }
    return address;
}

// A TCP echo server for IPv6 and IPv4 on one socket: server.c with addresses of both families.
//
// It binds to in6addr_any (::), which stands for every address of this host, those of IPv4 too: a client that comes by
// IPv4 has an IPv4-mapped address here, ::ffff:10.0.0.3. With --v6only the socket is for IPv6 alone (RFC 3493).

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 5000
#define BACKLOG 8
#define TEXT_OF_ENDPOINT (INET6_ADDRSTRLEN + 8) // room for "[address]:65535"

static volatile sig_atomic_t stopping; // set by Ctrl-C or `kill`

static void on_signal(int number);
static const char *endpoint(const struct sockaddr_in6 *address, char text[TEXT_OF_ENDPOINT]);
static bool echo(int connection);
static struct sockaddr_in6 read_arguments(int argc, char **argv, int *v6only);

int main(int argc, char **argv) {
    int v6only = 0; // as a number, because setsockopt() wants one
    struct sockaddr_in6 address = read_arguments(argc, argv, &v6only);
    char here[TEXT_OF_ENDPOINT], there[TEXT_OF_ENDPOINT]; // the two ends of a connection, as text

    // Signals. No SA_RESTART: a signal must wake accept() and recv() up, which then fail with EINTR.
    struct sigaction stop = {.sa_handler = on_signal};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGALRM, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);         // a client that left is an error of send(), not our death
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too

    // 1. Create a socket, of the family AF_INET6 this time. Is it for IPv6 alone, or for both? Systems differ in what
    //    they do when nobody says it (/proc/sys/net/ipv6/bindv6only on Linux), so say it. It must be before bind().
    int listener = socket(AF_INET6, SOCK_STREAM, 0);
    if (listener < 0) err(1, "socket");
    if (setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only) < 0) err(1, "setsockopt IPV6_V6ONLY");

    // 2. and 3. Bind it to :: and listen. You should see one LISTEN line in `ss -ltn`: *:5000 for both families,
    //    [::]:5000 with --v6only.
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) < 0) err(1, "bind %s", endpoint(&address, here));
    if (address.sin6_port == 0 && getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        err(1, "getsockname"); // port 0 was asked for: the kernel has chosen one
    if (listen(listener, BACKLOG) < 0) err(1, "listen %s", endpoint(&address, here));
    printf("listening on %s, for %s\n", endpoint(&address, here), v6only ? "IPv6 alone" : "IPv6 and IPv4");

    while (!stopping) {
        // 4. Wait for a client. Its address comes as one of IPv6, whichever way it came.
        struct sockaddr_in6 client, called;
        int connection = accept(listener, (struct sockaddr *)&client, &size);
        if (connection < 0 && (errno == EINTR || errno == ECONNABORTED)) continue; // a signal, or the client gave up
        if (connection < 0) err(1, "accept");

        // 5. Which of our addresses did it call? A mapped one says that its packets are IPv4: see tcpdump.
        if (getsockname(connection, (struct sockaddr *)&called, &size) < 0) err(1, "getsockname");
        bool mapped = IN6_IS_ADDR_V4MAPPED(&client.sin6_addr);
        printf("%s <- %s connected by %s\n", endpoint(&called, here), endpoint(&client, there), mapped ? "IPv4" : "IPv6");

        // 6. and 7. Receive and send until the client has closed its side, then close: the family matters no more.
        if (!echo(connection) && !stopping) warn("%s", there);
        if (close(connection) < 0) warn("close %s", there);
        printf("%s <- %s closed\n", here, there);
    }

    if (close(listener) < 0) err(1, "close %s", endpoint(&address, here));
    printf("stopped listening on %s\n", endpoint(&address, here));
}

// Sends back what comes, up to the client's FIN. False: the connection broke, or a signal came.
static bool echo(int connection) {
    char bytes[4096];
    for (;;) {
        ssize_t count = recv(connection, bytes, sizeof bytes, 0);
        if (count == 0) return true;
        if (count < 0 && errno == EINTR && !stopping) continue;
        if (count < 0) return false;
        for (ssize_t sent = 0; sent < count;) {
            ssize_t more = send(connection, bytes + sent, (size_t)(count - sent), 0);
            if (more < 0 && (errno != EINTR || stopping)) return false;
            if (more > 0) sent += more;
        }
    }
}

// A signal may fall just before accept() or recv() begins to wait, and then wakes up nobody. So it is repeated: an
// alarm follows each second until the program has noticed.
static void on_signal(int number) {
    (void)number;
    stopping = 1;
    alarm(1);
}

// "[fd00::2]:5000": brackets, because an IPv6 address has colons itself (RFC 3986).
static const char *endpoint(const struct sockaddr_in6 *address, char text[TEXT_OF_ENDPOINT]) {
    char plain[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, &address->sin6_addr, plain, sizeof plain);
    snprintf(text, TEXT_OF_ENDPOINT, "[%s]:%d", plain, ntohs(address->sin6_port));
    return text;
}

static struct sockaddr_in6 read_arguments(int argc, char **argv, int *v6only) {
    static const char help[] = "usage: server6 [--v6only] [--bind ADDR] [PORT]\n"
                               "  --v6only     for IPv6 alone (both families)\n"
                               "  --bind ADDR  listen on this local IPv6 address only (::, on all of them)\n"
                               "  PORT         the port to listen on (5000; 0: any free one)\n";
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(PORT), .sin6_addr = in6addr_any};
    for (int i = 1; i < argc; i++) {
        char *end;
        long port = strtol(argv[i], &end, 10);
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) exit(fputs(help, stdout) == EOF);
        if (strcmp(argv[i], "--v6only") == 0) {
            *v6only = 1;
        } else if (strcmp(argv[i], "--bind") == 0 && i + 1 < argc) {
            if (inet_pton(AF_INET6, argv[++i], &address.sin6_addr) != 1)
                errx(2, "--bind '%s': an IPv6 address such as ::1 is expected", argv[i]);
        } else if (*argv[i] == '\0' || *end != '\0' || port < 0 || port > 65535) {
            errx(2, "'%s': a port from 0 to 65535 is expected, or --help", argv[i]);
        } else {
            address.sin6_port = htons((uint16_t)port);
        }
    }
    return address;
}

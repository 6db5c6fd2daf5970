// A TCP echo server for one client at a time: whatever a client sends, it gets back.
//
// Read main() first. It takes the seven steps of every TCP server, in order, and strace shows them in the same order:
// socket, bind, listen, accept, the new socket, receive and send, close. TCP itself is RFC 9293.

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 5000
#define BACKLOG 8           // how many connections may wait for accept() (Linux lets one more in)
#define TEXT_OF_ENDPOINT 32 // room for "255.255.255.255:65535"

struct options {
    struct sockaddr_in address;
    int backlog;
    bool reuse, keepalive;
};

static volatile sig_atomic_t stopping; // set by Ctrl-C or `kill`

static struct options read_options(int argc, char **argv);
static void on_signal(int number);
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]);
static ssize_t receive(int socket, char *bytes, size_t size);
static bool send_all(int socket, const char *bytes, size_t count);

int main(int argc, char **argv) {
    struct options options = read_options(argc, argv);
    char here[TEXT_OF_ENDPOINT], there[TEXT_OF_ENDPOINT]; // the two ends of a connection, as text

    // Signals. No SA_RESTART: a signal must wake accept() and recv() up, which then fail with EINTR.
    struct sigaction stop = {.sa_handler = on_signal};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGALRM, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);         // a client that left is an error of send(), not our death
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too

    // 1. Create a socket. You should see `socket(AF_INET, SOCK_STREAM, …) = 3`: the first free file descriptor.
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0) err(1, "socket");

    int yes = 1; // on Linux it helps only if the server before had it, too
    if (options.reuse && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0)
        err(1, "setsockopt SO_REUSEADDR");

    // 2. Bind it to a local address and a port. 0.0.0.0 (INADDR_ANY) means: whichever of this host's own addresses
    //    a client has called. It chooses local addresses; it neither admits nor refuses any client.
    socklen_t size = sizeof options.address; // the size of every IPv4 endpoint below, too
    if (bind(listener, (struct sockaddr *)&options.address, size) < 0)
        err(1, "bind %s", endpoint(&options.address, here));
    if (options.address.sin_port == 0 && getsockname(listener, (struct sockaddr *)&options.address, &size) < 0)
        err(1, "getsockname"); // port 0 was asked for: the kernel has chosen one

    // 3. Listen. From now on the kernel makes the handshakes by itself; you should see LISTEN in `ss -ltn`.
    if (listen(listener, options.backlog) < 0) err(1, "listen %s", endpoint(&options.address, here));
    printf("listening on %s, backlog %d\n", endpoint(&options.address, here), options.backlog);

    while (!stopping) {
        // 4. Wait for a client. You should see accept(3) block here until a handshake is complete.
        struct sockaddr_in client, called;
        int connection = accept(listener, (struct sockaddr *)&client, &size);
        if (connection < 0 && (errno == EINTR || errno == ECONNABORTED)) continue; // a signal, or the client gave up
        if (connection < 0) err(1, "accept");

        // 5. accept() has made a new socket for this client: `= 4`. Its local port is the listener's, and the
        //    listener keeps listening. Which of our addresses the client called is known only now.
        if (getsockname(connection, (struct sockaddr *)&called, &size) < 0) err(1, "getsockname");
        printf("%s <- %s connected\n", endpoint(&called, here), endpoint(&client, there));

        // A connection on which nothing moves costs no packet, and so nobody notices when the client is gone. With
        // keep-alive the kernel asks when it was silent for long (tcp_keepalive_time): the client's kernel must answer.
        if (options.keepalive && setsockopt(connection, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes) < 0)
            warn("setsockopt SO_KEEPALIVE");

        // 6. Receive and send, until recv() gives 0: the client has closed its side.
        //    You should see recv and send as `recvfrom(4, …)` and `sendto(4, …)`, which is what they are on Linux.
        char bytes[4096];
        ssize_t count, total = 0;
        while ((count = receive(connection, bytes, sizeof bytes)) > 0) {
            if (!send_all(connection, bytes, (size_t)count)) break;
            total += count;
        }
        if (count != 0 && !stopping) warn("%s %s", count < 0 ? "recv from" : "send to", there);

        // 7. Close the client's socket. You should see our FIN leave, and then accept() again.
        if (close(connection) < 0) warn("close %s", there);
        printf("%s <- %s closed, %zd bytes echoed\n", here, there, total);
    }

    // 7. Close the listening socket too, once Ctrl-C or `kill` has come: the port is free again.
    if (close(listener) < 0) err(1, "close %s", endpoint(&options.address, here));
    printf("stopped listening on %s\n", endpoint(&options.address, here));
}

// A signal may fall just before accept() or recv() begins to wait, and then wakes up nobody. So it is repeated: an
// alarm follows each second until the program has noticed.
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

// recv() gives what has arrived, up to `size`: TCP carries bytes, not messages.
static ssize_t receive(int socket, char *bytes, size_t size) {
    ssize_t count = -1;
    while (!stopping && (count = recv(socket, bytes, size, 0)) < 0 && errno == EINTR) continue;
    return count;
}

// send() may take less than it was given, when the kernel's send buffer is nearly full. So: again, with the rest.
static bool send_all(int socket, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(socket, bytes, count, 0);
        if (sent < 0 && errno == EINTR && !stopping) continue;
        if (sent < 0) return false;
        bytes += sent;
        count -= (size_t)sent;
    }
    return true;
}

static int number(const char *text, int most, const char *what) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 0 || value > most)
        errx(2, "%s '%s': a number from 0 to %d is expected", what, text, most);
    return (int)value;
}

static struct options read_options(int argc, char **argv) {
    static const struct option known[] = {{"bind", required_argument, NULL, 'b'},
                                          {"backlog", required_argument, NULL, 'q'},
                                          {"reuse", no_argument, NULL, 'r'},
                                          {"keepalive", no_argument, NULL, 'k'},
                                          {"help", no_argument, NULL, 'h'}, {0}};
    static const char help[] = "usage: server [PORT] [--bind ADDR] [--backlog N] [--reuse] [--keepalive]\n"
                               "  PORT         the port to listen on (5000; 0: any free one)\n"
                               "  --bind ADDR  listen on this local address only (0.0.0.0: on all of them)\n"
                               "  --backlog N  how many connections may wait for accept() (8)\n"
                               "  --reuse      bind even while connections of an earlier --reuse are in TIME-WAIT\n"
                               "  --keepalive  ask silent clients now and then whether they are still there\n";
    struct options options = {.backlog = BACKLOG};
    options.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = {INADDR_ANY}};
    int letter;
    while ((letter = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (letter == 'b' && inet_pton(AF_INET, optarg, &options.address.sin_addr) != 1)
            errx(2, "--bind '%s': an IPv4 address such as 127.0.0.1 is expected", optarg);
        if (letter == 'q') options.backlog = number(optarg, 65535, "--backlog");
        if (letter == 'r') options.reuse = true;
        if (letter == 'k') options.keepalive = true;
        if (letter == 'h') exit(fputs(help, stdout) == EOF);
        if (letter == '?') errx(2, "try --help");
    }
    if (argc - optind > 1) errx(2, "too many arguments: try --help");
    if (optind < argc) options.address.sin_port = htons((uint16_t)number(argv[optind], 65535, "port"));
    return options;
}

// A TCP echo server for many clients at once, in one process: poll() tells which socket has something to do.
//
// The third way, beside server.c (one client at a time) and server2.c (a process for each). Read main() first: it takes
// the seven steps of server.c, but nothing in it ever waits for one client. The only wait is poll(), for all of them.

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 5000
#define BACKLOG 8           // how many connections may wait for accept() (Linux lets one more in)
#define MOST_CLIENTS 60     // at a time; those beyond wait in the accept queue
#define TEXT_OF_ENDPOINT 32 // room for "255.255.255.255:65535"

// What fork() keeps for each client by itself, one process must keep in a table: where it is in its conversation.
struct client {
    char there[TEXT_OF_ENDPOINT]; // its end of the connection, as text
    char bytes[4096];             // received, and not sent back yet:
    size_t first, end;            // bytes[first] up to bytes[end]
    size_t total;                 // echoed so far
};

static volatile sig_atomic_t stopping; // set by Ctrl-C or `kill`

static struct pollfd sockets[1 + MOST_CLIENTS]; // what poll() watches: the listening socket, then one a client
static struct client clients[1 + MOST_CLIENTS]; // clients[i] is served by sockets[i]; clients[0] is nobody
static nfds_t count = 1;                        // how many of them there are

static struct sockaddr_in read_arguments(int argc, char **argv);
static void on_signal(int number);
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]);
static void welcome(int listener);
static bool serve(nfds_t i);
static void leave(nfds_t i);

int main(int argc, char **argv) {
    struct sockaddr_in address = read_arguments(argc, argv);
    char here[TEXT_OF_ENDPOINT];

    // Signals. No SA_RESTART: a signal must wake poll() up, which then fails with EINTR.
    struct sigaction stop = {.sa_handler = on_signal};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGALRM, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);         // a client that left is an error of send(), not our death
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too

    // 1. to 3. Create a socket, bind it, listen: as server.c does.
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0) err(1, "socket");
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) < 0) err(1, "bind %s", endpoint(&address, here));
    if (address.sin_port == 0 && getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        err(1, "getsockname"); // port 0 was asked for: the kernel has chosen one
    if (listen(listener, BACKLOG) < 0) err(1, "listen %s", endpoint(&address, here));
    printf("listening on %s, backlog %d\n", endpoint(&address, here), BACKLOG);
    sockets[0] = (struct pollfd){.fd = listener};

    while (!stopping) {
        // The one wait. A new client makes the listening socket readable, a line makes that client's socket readable.
        // You should see `poll([3, 4, 5, …])` block, and return with the sockets that have something to do.
        sockets[0].events = count <= MOST_CLIENTS ? POLLIN : 0;
        if (poll(sockets, count, -1) < 0) {
            if (errno == EINTR) continue;
            err(1, "poll");
        }

        // 6. Receive and send, for each client that has something. From the end, because one that leaves is replaced
        //    by the last one.
        for (nfds_t i = count - 1; i > 0; i--)
            if (sockets[i].revents != 0 && !serve(i)) leave(i);

        // 4. and 5. A client waits in the accept queue: accept() gives its socket at once.
        if (sockets[0].revents != 0) welcome(listener);
    }

    // 7. Close all sockets, once Ctrl-C or `kill` has come.
    while (count > 1) leave(count - 1);
    if (close(listener) < 0) err(1, "close %s", endpoint(&address, here));
    printf("stopped listening on %s\n", endpoint(&address, here));
}

static void welcome(int listener) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int connection = accept(listener, (struct sockaddr *)&address, &size);
    if (connection < 0 && (errno == EINTR || errno == ECONNABORTED)) return; // a signal, or the client gave up
    if (connection < 0) err(1, "accept");
    struct client *client = &clients[count];
    *client = (struct client){0};
    endpoint(&address, client->there);
    sockets[count++] = (struct pollfd){.fd = connection, .events = POLLIN};
    printf("%s connected, %lu at once\n", client->there, (unsigned long)(count - 1));
}

// Does what can be done for one client now. MSG_DONTWAIT: neither call may wait, for all others would wait with it.
// False: this client has left.
static bool serve(nfds_t i) {
    struct client *client = &clients[i];
    if (client->first == client->end) { // nothing is owed: receive
        ssize_t got = recv(sockets[i].fd, client->bytes, sizeof client->bytes, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true; // poll() will tell again
        if (got < 0) warn("recv from %s", client->there);
        if (got <= 0) return false; // 0: the client has closed its side
        client->first = 0;
        client->end = (size_t)got;
    }
    ssize_t sent = send(sockets[i].fd, client->bytes + client->first, client->end - client->first, MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        warn("send to %s", client->there);
        return false;
    }
    if (sent > 0) {
        client->first += (size_t)sent;
        client->total += (size_t)sent;
    }
    // What send() did not take is owed to this client. Until its socket takes more, nothing more is received from it.
    sockets[i].events = client->first < client->end ? POLLOUT : POLLIN;
    return true;
}

// 7. Close the client's socket, and close the gap in the table.
static void leave(nfds_t i) {
    if (close(sockets[i].fd) < 0) warn("close %s", clients[i].there);
    printf("%s closed, %zu bytes echoed\n", clients[i].there, clients[i].total);
    count--;
    sockets[i] = sockets[count];
    clients[i] = clients[count];
}

// A signal may fall just before poll() begins to wait, and then wakes up nobody. So it is repeated: an alarm follows
// each second until the program has noticed.
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

static struct sockaddr_in read_arguments(int argc, char **argv) {
    static const char help[] = "usage: poll-server [PORT] [--bind ADDR]\n"
                               "  PORT         the port to listen on (5000; 0: any free one)\n"
                               "  --bind ADDR  listen on this local address only (0.0.0.0: on all of them)\n";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = {INADDR_ANY}};
    for (int i = 1; i < argc; i++) {
        char *end;
        long port = strtol(argv[i], &end, 10);
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) exit(fputs(help, stdout) == EOF);
        if (strcmp(argv[i], "--bind") == 0 && i + 1 < argc) {
            if (inet_pton(AF_INET, argv[++i], &address.sin_addr) != 1)
                errx(2, "--bind '%s': an IPv4 address such as 127.0.0.1 is expected", argv[i]);
        } else if (*argv[i] == '\0' || *end != '\0' || port < 0 || port > 65535) {
            errx(2, "'%s': a port from 0 to 65535 is expected, or --help", argv[i]);
        } else {
            address.sin_port = htons((uint16_t)port);
        }
    }
    return address;
}

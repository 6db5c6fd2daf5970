// A TCP client: sends what is typed, shows what the server answers.
//
// One path, from top to bottom: find the server's address, socket, connect, then send and receive until the end of
// the input (Ctrl-D), shutdown, close. strace shows the same calls in the same order.

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT_OF_ENDPOINT 32 // room for "255.255.255.255:65535"

static struct sockaddr_in find(const char *host, const char *port);
static const char *endpoint(const struct sockaddr_in *address, char text[TEXT_OF_ENDPOINT]);
static void send_all(int socket, const char *bytes, size_t count);
static long number(const char *what, const char *text, long most);
static void send_letters(int socket, long count);

int main(int argc, char **argv) {
    static const char help[] = "usage: client [--send BYTES] [HOST [PORT]]\n"
                               "  BYTES so many letters are sent at once, before anything is typed (up to 10000000)\n"
                               "  HOST  the server's name or IPv4 address ('server' if there is one, else 127.0.0.1)\n"
                               "  PORT  the server's port (5000)\n"
                               "Each line typed is sent; Ctrl-D ends the input.\n";
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) return fputs(help, stdout) == EOF;
    long letters = 0; // how many to send
    if (argc > 2 && strcmp(argv[1], "--send") == 0) {
        letters = number("--send", argv[2], 10000000);
        argc -= 2;
        argv += 2;
    }
    if (argc > 3 || (argc > 1 && argv[1][0] == '-')) errx(2, "unknown option or too many arguments: try --help");
    char here[TEXT_OF_ENDPOINT], there[TEXT_OF_ENDPOINT]; // the two ends of the connection, as text

    signal(SIGPIPE, SIG_IGN);         // a server that left is an error of send(), not our death
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too
    setvbuf(stderr, NULL, _IOLBF, 0); // and a complaint whole, not piece by piece

    // 1. Find the server's address. A name costs a question to the DNS: look for UDP, port 53, before the connection.
    struct sockaddr_in server = find(argc > 1 ? argv[1] : NULL, argc > 2 ? argv[2] : "5000");

    // 2. Create a socket. You should see `socket(AF_INET, SOCK_STREAM, …) = 3`: the first free file descriptor.
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection < 0) err(1, "socket");

    // 3. Connect: the three-way handshake. No bind() here, so the kernel chooses our port, a new one each time
    //    (an ephemeral port). You should see S, S. and . in tcpdump; connect() returns when S. has come.
    if (connect(connection, (struct sockaddr *)&server, sizeof server) < 0)
        err(1, "connect %s", endpoint(&server, there));
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    if (getsockname(connection, (struct sockaddr *)&own, &size) < 0) err(1, "getsockname");
    printf("%s -> %s connected\n", endpoint(&own, here), endpoint(&server, there));

    if (letters > 0) send_letters(connection, letters);
    long awaited = letters; // letters that are still to come back: counted, not shown

    // 4. Send and receive. Both the keyboard and the server may have something at any time: poll() waits for either.
    struct pollfd from[] = {{.fd = connection, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    char bytes[4096];
    ssize_t count;
    char last = '\n'; // of the answers
    for (;;) {
        if (poll(from, 2, -1) < 0) {
            if (errno == EINTR) continue;
            err(1, "poll");
        }

        if (from[0].revents != 0) { // the server has sent something, or closed, or the connection is broken
            count = recv(connection, bytes, sizeof bytes, 0);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) err(1, "recv from %s", there);
            if (count == 0) break; // the server's FIN
            if (awaited > 0) {
                awaited -= count < awaited ? count : awaited;
                if (awaited == 0) printf("%ld letters came back\n", letters);
                continue;
            }
            if (fwrite(bytes, 1, (size_t)count, stdout) < (size_t)count || fflush(stdout) == EOF) err(1, "stdout");
            last = bytes[count - 1];
        } else if (from[1].revents != 0) { // a line was typed: send it, answered or not
            count = read(STDIN_FILENO, bytes, sizeof bytes);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) err(1, "stdin");
            if (count > 0) {
                send_all(connection, bytes, (size_t)count);
                continue;
            }
            // 5. End of the input: we have nothing more to send, and say so. You should see our FIN leave. What the
            //    server still has to answer can come: the connection is now half-closed.
            if (shutdown(connection, SHUT_WR) < 0) err(1, "shutdown %s", there);
            from[1].fd = -1; // poll() passes over it
        }
    }

    // 6. Close. The side whose FIN came first keeps the port for a minute in TIME-WAIT: see `ss -tan`.
    if (close(connection) < 0) err(1, "close %s", there);
    if (last != '\n') putchar('\n');
    printf("%s -> %s closed%s\n", here, there, from[1].fd < 0 ? "" : " by the server");
}

// Name and port to endpoint. Without a name: the lab's server, or this very host when no lab is around.
static struct sockaddr_in find(const char *host, const char *port) {
    struct addrinfo wanted = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
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

// send() may take less than it was given, when the kernel's send buffer is nearly full. So: again, with the rest.
static void send_all(int socket, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(socket, bytes, count, 0);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) err(1, "send");
        bytes += sent;
        count -= (size_t)sent;
    }
}

// More than fits into one segment, in one send(): TCP cuts it into segments of MSS bytes each, as many as may be under
// way at once. You should see them leave one after the other, before the first ACK is there.
static void send_letters(int socket, long count) {
    char *letters = malloc((size_t)count);
    if (letters == NULL) err(1, "malloc");
    for (long i = 0; i < count; i++) letters[i] = (char)('a' + i % 26);
    send_all(socket, letters, (size_t)count);
    free(letters);
    printf("%ld letters sent\n", count);
}

static long number(const char *what, const char *text, long most) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 1 || value > most)
        errx(2, "%s '%s': a number from 1 to %ld is expected", what, text, most);
    return value;
}

// A TCP client for IPv6 and IPv4: it tries every address that the server's name has, until one answers.
//
// The difference to client.c is all in step 1 to 3. A name may have addresses of both families; getaddrinfo() gives them
// in the order in which they should be tried (RFC 6724: IPv6 first, where this host has it), and nothing below asks
// which family it is.

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT_OF_ENDPOINT 64 // room for "[address]:65535"

static const char *endpoint(const struct addrinfo *address, char text[TEXT_OF_ENDPOINT]);
static int connect_to(const char *host, const char *port);

int main(int argc, char **argv) {
    static const char help[] = "usage: client6 [HOST [PORT]]\n"
                               "  HOST  the server's name or address, IPv6 or IPv4 (server)\n"
                               "  PORT  the server's port (5000)\n"
                               "Each line typed is sent and answered; Ctrl-D ends the input.\n";
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) return fputs(help, stdout) == EOF;
    if (argc > 3 || (argc > 1 && argv[1][0] == '-')) errx(2, "unknown option or too many arguments: try --help");
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too
    setvbuf(stderr, NULL, _IOLBF, 0); // and a complaint whole, not piece by piece

    int connection = connect_to(argc > 1 ? argv[1] : "server", argc > 2 ? argv[2] : "5000");

    // 4. Send a line, receive as many bytes. The socket is the same for both families from here on.
    char *line = NULL, bytes[4096];
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        for (ssize_t sent = 0, more; sent < length; sent += more > 0 ? more : 0)
            if ((more = send(connection, line + sent, (size_t)(length - sent), MSG_NOSIGNAL)) < 0 && errno != EINTR)
                err(1, "send");
        for (ssize_t left = length, count; left > 0; left -= count > 0 ? count : 0) {
            count = recv(connection, bytes, sizeof bytes, 0);
            if (count < 0 && errno != EINTR) err(1, "recv");
            if (count == 0) errx(1, "the server has closed");
            if (count > 0 && fwrite(bytes, 1, (size_t)count, stdout) < (size_t)count) err(1, "stdout");
        }
    }
    free(line);

    // 5. Close: our FIN.
    if (close(connection) < 0) err(1, "close");
}

// 1. to 3. Find the addresses, and for each of them in turn: a socket of its family, connect. You should see one attempt
//    after the other on the ladder; the program stays with the first that succeeds.
static int connect_to(const char *host, const char *port) {
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found;
    int failure = getaddrinfo(host, port, &wanted, &found);
    if (failure != 0) errx(1, "host '%s', port '%s': %s", host, port, gai_strerror(failure));

    char there[TEXT_OF_ENDPOINT];
    int connection = -1;
    for (struct addrinfo *each = found; each != NULL && connection < 0; each = each->ai_next) {
        connection = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
        if (connection < 0) continue; // this host does not know the family
        if (connect(connection, each->ai_addr, each->ai_addrlen) == 0) {
            printf("connected to %s by %s\n", endpoint(each, there), each->ai_family == AF_INET6 ? "IPv6" : "IPv4");
            continue;
        }
        printf("no connection to %s: %s\n", endpoint(each, there), strerror(errno));
        close(connection);
        connection = -1;
    }
    freeaddrinfo(found);
    if (connection < 0) errx(1, "no address of '%s' answers", host);
    return connection;
}

// "[fd00::2]:5000" or "10.0.0.2:5000"; getnameinfo() knows both.
static const char *endpoint(const struct addrinfo *address, char text[TEXT_OF_ENDPOINT]) {
    char host[48], port[8];
    int failure = getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof host, port, sizeof port,
                              NI_NUMERICHOST | NI_NUMERICSERV);
    if (failure != 0) errx(1, "getnameinfo: %s", gai_strerror(failure));
    snprintf(text, TEXT_OF_ENDPOINT, address->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    return text;
}

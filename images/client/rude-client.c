// A TCP client without manners: it never looks whether the server is still there, and it leaves without a goodbye.
//
// Read client.c first. This one takes turns: a line is typed and sent, the answer is read and shown, and nobody watches
// the connection in between. Where client.c says FIN at the end of its input, this one says RST.

#define _POSIX_C_SOURCE 200809L // with -std=c17, what POSIX adds to C must be asked for

#include <arpa/inet.h>
#include <err.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in find(const char *host, const char *port);

int main(int argc, char **argv) {
    static const char help[] = "usage: rude-client [HOST [PORT]]\n"
                               "  HOST  the server's name or IPv4 address ('server')\n"
                               "  PORT  the server's port (5000)\n"
                               "Each line typed is sent, whether or not the server is still there; Ctrl-D aborts.\n";
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) return fputs(help, stdout) == EOF;
    if (argc > 3 || (argc > 1 && argv[1][0] == '-')) errx(2, "unknown option or too many arguments: try --help");

    signal(SIGPIPE, SIG_IGN);         // a server that left is an error of send(), not our death
    setvbuf(stdout, NULL, _IOLBF, 0); // every line is seen at once, in a file or a pipe too

    // 1. Find the server, make a socket, connect: as in client.c.
    struct sockaddr_in server = find(argc > 1 ? argv[1] : "server", argc > 2 ? argv[2] : "5000");
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection < 0) err(1, "socket");
    if (connect(connection, (struct sockaddr *)&server, sizeof server) < 0) err(1, "connect");
    printf("connected\n");

    // 2. One line, one answer. While we wait at the keyboard the server may close: its FIN arrives in our kernel, and
    //    this program, asleep in fgets(), does not hear of it.
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        // 3. send() only hands the bytes to our kernel: it succeeds, though the server may be gone. Its kernel answers
        //    such bytes with RST; the next send() fails with EPIPE. You should see both in strace and tcpdump.
        if (send(connection, line, strlen(line), 0) < 0) err(1, "send");
        ssize_t count = recv(connection, line, sizeof line, 0);
        if (count < 0) err(1, "recv");
        if (count == 0) printf("no answer: the server has closed\n"); // good manners: close(), and stop here
        if (fwrite(line, 1, (size_t)count, stdout) < (size_t)count) err(1, "stdout");
    }

    // 4. Abort. With SO_LINGER on and a time of 0, close() throws away what is not sent yet, and says RST instead of
    //    FIN (socket(7); RFC 9293, section 3.10.5, ABORT call). No TIME-WAIT stays: it is not a goodbye.
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    if (setsockopt(connection, SOL_SOCKET, SO_LINGER, &none, sizeof none) < 0) err(1, "setsockopt SO_LINGER");
    if (close(connection) < 0) err(1, "close");
    printf("aborted\n");
}

// Name and port to endpoint.
static struct sockaddr_in find(const char *host, const char *port) {
    struct addrinfo wanted = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    int failure = getaddrinfo(host, port, &wanted, &found);
    if (failure != 0) errx(1, "%s, port %s: %s", host, port, gai_strerror(failure));
    struct sockaddr_in server;
    memcpy(&server, found->ai_addr, sizeof server); // the first address that was found
    freeaddrinfo(found);
    return server;
}

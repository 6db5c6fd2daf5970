// Hears both its input and the server; at the end of the input it shuts down its side and reads to the end.
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **words) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    if (count != 3 || getaddrinfo(words[1], words[2], &hints, &found) != 0) return 2;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, found->ai_addr, found->ai_addrlen) != 0) {
        perror("connect");
        return 1;
    }
    struct pollfd both[] = {{.fd = server, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    char text[512];
    for (;;) {
        poll(both, 2, -1);
        if (both[0].revents) {
            ssize_t got = recv(server, text, sizeof text, 0);
            if (got <= 0) return got < 0;
            if (write(1, text, (size_t)got) != got) return 1;
        }
        if (both[1].revents) {
            ssize_t typed = read(0, text, sizeof text);
            if (typed > 0 && send(server, text, (size_t)typed, 0) != typed) return 1;
            if (typed > 0) continue;
            shutdown(server, SHUT_WR);
            both[1].fd = -1;
        }
    }
}

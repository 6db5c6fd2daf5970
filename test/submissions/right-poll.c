#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int s = socket(AF_INET6, SOCK_STREAM, 0), no = 0; /* :: for both families */
    setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_port = htons(atoi(argv[1])), .sin6_addr = IN6ADDR_ANY_INIT};
    if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 4)) return 1;
    struct pollfd p[64] = {{s, POLLIN, 0}};
    int n = 1;
    for (;;) {
        poll(p, n, -1);
        for (int i = n - 1; i > 0; i--) {
            if (!p[i].revents) continue;
            char b[10];
            ssize_t k = read(p[i].fd, b, sizeof b);
            if (k > 0) write(p[i].fd, b, k);
            else close(p[i].fd), p[i] = p[--n];
        }
        if (p[0].revents && n < 64) p[n++] = (struct pollfd){accept(s, 0, 0), POLLIN, 0};
    }
}

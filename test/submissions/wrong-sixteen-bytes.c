#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int argc, char **argv) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {AF_INET, htons(atoi(argv[1])), {INADDR_ANY}};
    bind(s, (void *)&a, sizeof a);
    listen(s, 5);
    for (;;) {
        int c = accept(s, 0, 0), n;
        char b[1000];
        while ((n = read(c, b, sizeof b)) > 0) write(c, b, n < 6 ? n : 6);
        close(c);
    }
}

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char *argv[]) {
    signal(SIGCHLD, SIG_IGN);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = INADDR_ANY};
    if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 10)) return 1;
    while (1) {
        int c = accept(s, 0, 0);
        if (fork() == 0) {
            char b[100];
            int n;
            while ((n = recv(c, b, sizeof b, 0)) > 0) send(c, b, n, 0);
            exit(0);
        }
        close(c);
    }
}

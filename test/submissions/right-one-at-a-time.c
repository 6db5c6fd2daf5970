/* An iterative server, as a student might write it: no tricks, no signals, and a warning. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int unused;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[1]));
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) { perror("bind"); return 1; }
    listen(s, 5);
    for (;;) {
        int c = accept(s, NULL, NULL);
        char b[512];
        ssize_t n;
        while ((n = read(c, b, sizeof b)) > 0) {
            ssize_t done = 0;
            while (done < n) done += write(c, b + done, n - done);
        }
        close(c);
    }
}

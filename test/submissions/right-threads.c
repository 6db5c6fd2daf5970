#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void *serve(void *p) {
    int c = (int)(long)p;
    char b[4096];
    ssize_t n;
    while ((n = read(c, b, sizeof b)) > 0) write(c, b, n);
    close(c);
    return NULL;
}

int main(int argc, char **argv) {
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = {AF_INET, htons(atoi(getenv("PORT"))), {INADDR_ANY}};
    bind(s, (struct sockaddr *)&a, sizeof a);
    listen(s, 128);
    for (;;) {
        pthread_t t;
        pthread_create(&t, NULL, serve, (void *)(long)accept(s, NULL, NULL));
        pthread_detach(t);
    }
}

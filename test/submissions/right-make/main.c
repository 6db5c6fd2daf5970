#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include "serve.h"
int main(int argc, char **argv) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {AF_INET, htons(atoi(argv[1])), {INADDR_ANY}};
    if (bind(s, (void *)&a, sizeof a) || listen(s, 1)) return 1;
    for (;;) serve(accept(s, 0, 0));
}

// Sends its whole buffer, however short the line in it.
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int count, char **words) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    if (count != 3 || getaddrinfo(words[1], words[2], &hints, &found) != 0) return 2;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, found->ai_addr, found->ai_addrlen) != 0) return 1;
    char text[64] = "";
    while (fgets(text, sizeof text, stdin) != NULL) {
        send(server, text, sizeof text, 0);
        recv(server, text, sizeof text, MSG_WAITALL);
        fputs(text, stdout);
        fflush(stdout);
    }
    shutdown(server, SHUT_WR);
    return (int)recv(server, text, sizeof text, 0);
}

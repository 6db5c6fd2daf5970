// One socket on ::, which takes IPv4 too; one client at a time.
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int off = 0, on = 1, listener = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(argc > 1 ? atoi(argv[1]) : 5000)};
  setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&any, sizeof any) || listen(listener, 8)) return 1;
  for (;;) {
    char line[4096];
    ssize_t length;
    int client = accept(listener, NULL, NULL);
    while ((length = read(client, line, sizeof line)) > 0)
      if (write(client, line, length) != length) break;
    close(client);
  }
}

// reuseport COMMAND…: runs the command with two UDP sockets that share a port of 127.0.0.1 by SO_REUSEPORT, which Node.js can
// ask for since 23.1 only: descriptors 100 and 101, in the order in which they were bound.
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char** argv) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (argc < 2) return 2;
  for (int number = 100; number <= 101; number++) {
    const int on = 1;
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on)) perror("SO_REUSEPORT");
    if (bind(fd, (struct sockaddr*)&address, sizeof address)) perror("bind");
    if (getsockname(fd, (struct sockaddr*)&address, &size)) perror("getsockname");
    if (dup2(fd, number) < 0) perror("dup2");
    close(fd);
  }
  execvp(argv[1], argv + 1);
  perror(argv[1]);
  return 1;
}

// sockets COMMAND…: runs the command with sockets that Node.js cannot make: descriptor 100 is UDP's, bound in a group of
// SO_REUSEPORT, 101 the same but in no group, 102 is of AF_XDP.
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int udp(int reuse) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &reuse, sizeof reuse)) perror("SO_REUSEPORT");
  if (bind(fd, (struct sockaddr*)&address, sizeof address)) perror("bind");
  return fd;
}

static void move(int fd, int to) {
  if (dup2(fd, to) < 0) perror("dup2");
  close(fd);
}

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  move(udp(1), 100);
  move(udp(0), 101);
  move(socket(AF_XDP, SOCK_RAW, 0), 102);
  execvp(argv[1], argv + 1);
  perror(argv[1]);
  return 1;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lone_packet NAMESPACE CLIENT SERVER PORT COUNT PATH: sends single datagrams with pauses of
 * 50 to 450 ms, and waits after each until PATH (the file that a capture writes, or a pipe
 * that it writes to) has more bytes. Prints the least, the median and the largest time from
 * before the sending to the bytes, in ms.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../e2e/namespace.h"

#define MAXIMUM_COUNT 1000
#define PATIENCE_NS 5000000000ll
#define LOOK_NS 50000

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static void sleep_ns(int64_t ns)
{
	struct timespec time = { ns / 1000000000, ns % 1000000000 };

	nanosleep(&time, NULL);
}

/* Not connected: nobody listens there, and what is refused must not stop the next one. */
static int open_socket(char **arguments, struct sockaddr_in *ret_server)
{
	struct sockaddr_in client = { .sin_family = AF_INET }, server = client;
	int fd;

	server.sin_port = htons((uint16_t)atoi(arguments[3]));
	if (inet_pton(AF_INET, arguments[1], &client.sin_addr) != 1 ||
	    inet_pton(AF_INET, arguments[2], &server.sin_addr) != 1 ||
	    setns(namespace_open(arguments[0]), CLONE_NEWNET))
		return -1;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&client, sizeof(client)))
		return -1;
	*ret_server = server;
	return fd;
}

/* Whether more bytes have come; a pipe is emptied, a file remembered by its size. */
static bool has_more(int fd, bool is_pipe, off_t *size)
{
	struct stat status;
	char bytes[65536];
	off_t before = *size;

	if (is_pipe)
		return read(fd, bytes, sizeof(bytes)) > 0;
	if (fstat(fd, &status))
		return false;
	*size = status.st_size;
	return *size > before;
}

static int compare(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

int main(int argc, char **argv)
{
	int64_t times_ns[MAXIMUM_COUNT], sent_ns;
	int socket_fd, fd, count;
	struct sockaddr_in server;
	struct stat status;
	off_t size = 0;

	count = argc > 6 ? atoi(argv[5]) : 0;
	if (count < 1 || count > MAXIMUM_COUNT) {
		fprintf(stderr, "usage: lone_packet NAMESPACE CLIENT SERVER PORT COUNT PATH\n");
		return 1;
	}
	fd = open(argv[6], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	socket_fd = open_socket(argv + 1, &server);
	if (fd < 0 || socket_fd < 0 || fstat(fd, &status)) {
		fprintf(stderr, "lone_packet: cannot open the file or the socket\n");
		return 1;
	}
	sleep_ns(1000000000);
	has_more(fd, S_ISFIFO(status.st_mode), &size);
	for (int i = 0; i < count; i++) {
		sleep_ns(50000000ll + i * 137 % 400 * 1000000ll);
		sent_ns = now_ns();
		if (sendto(socket_fd, "lone", 4, 0, (struct sockaddr *)&server, sizeof(server)) !=
		    4)
			return 1;
		while (!has_more(fd, S_ISFIFO(status.st_mode), &size)) {
			if (now_ns() - sent_ns > PATIENCE_NS) {
				fprintf(stderr, "lone_packet: packet %d does not come\n", i);
				return 1;
			}
			sleep_ns(LOOK_NS);
		}
		times_ns[i] = now_ns() - sent_ns;
	}
	qsort(times_ns, (size_t)count, sizeof(times_ns[0]), compare);
	printf("%.2f %.2f %.2f\n", (double)times_ns[0] / 1e6, (double)times_ns[count / 2] / 1e6,
	       (double)times_ns[count - 1] / 1e6);
	return 0;
}

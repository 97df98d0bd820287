/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * many_sources NAMESPACE INTERFACE RANDOM-SOURCES [SEED]: sends UDP datagrams of 60 (IPv4) and 80
 * bytes (IPv6) from the interface, to nobody's MAC, so that the other end drops them right behind
 * its hooks: so many from a random source each, and among them, for every 80 of these, one from
 * each of 20 busy hosts, which so have one percent each. The SEED, 1 by default, says which random
 * ones. Prints "ADDRESS FRAMES" of the busy hosts, and "all FRAMES BYTES" at the end.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "namespace.h"

#define BUSY_HOSTS 20
#define RANDOM_PER_ROUND 80
#define IPV4_BYTES 60
#define IPV6_BYTES 80
#define IPV4_SOURCE_AT 26
#define IPV6_SOURCE_AT 22
/* Fewer than a CPU's backlog takes, 1000 by default; then it gets time to be empty again. */
#define BATCH 300

/* Ethernet, RFC 791 and RFC 768; RFC 8200 and RFC 768: from port 4000 to port 9. */
static uint8_t ipv4[IPV4_BYTES] = {
	2,    0, 0,  0,  0xff, 0xff, 2, 0, 0, 0, 0,   1,  0x08, 0, 0x45, 0,    0, 46, 0, 0,
	0x40, 0, 64, 17, 0,    0,    0, 0, 0, 0, 198, 51, 100,  1, 0x0f, 0xa0, 0, 9,  0, 26,
};
static uint8_t ipv6[IPV6_BYTES] = {
	2,           0,    0,    0,    0xff,     0xff,        2,    0,  0,  0,    0,  1,    0x86,
	0xdd,        0x60, 0,    0,    0,        0,           26,   17, 64, 0x20, 1,  0x0d, 0xb8,
	[38] = 0x20, 1,    0x0d, 0xb8, [53] = 1, [54] = 0x0f, 0xa0, 0,  9,  0,    26,
};

static int fd;
static struct sockaddr_ll to = { .sll_family = AF_PACKET };
static uint64_t frames, bytes;

/* splitmix64, so that each run with a seed is the same */
static uint64_t random_number(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static void send_frame(const uint8_t *frame, size_t length)
{
	const struct timespec moment = { .tv_nsec = 20000 };

	if (sendto(fd, frame, length, 0, (struct sockaddr *)&to, sizeof(to)) != (ssize_t)length) {
		perror("many_sources");
		exit(1);
	}
	frames++;
	bytes += length;
	if (frames % BATCH == 0)
		nanosleep(&moment, NULL);
}

/* Every other one is of IPv6. */
static void send_random(uint64_t number)
{
	if (number & 1) {
		memcpy(ipv6 + IPV6_SOURCE_AT + 4, &number, sizeof(number));
		send_frame(ipv6, sizeof(ipv6));
		return;
	}
	/* Not below 11.0.0.0, and no busy host. */
	ipv4[IPV4_SOURCE_AT] = (uint8_t)(11 + (number >> 56) % 100);
	memcpy(ipv4 + IPV4_SOURCE_AT + 1, (uint8_t *)&number + 1, 3);
	send_frame(ipv4, sizeof(ipv4));
}

static void send_busy(unsigned int host)
{
	static const uint8_t ipv4_network[] = { 192, 0, 2 };

	if (host % 2) {
		memset(ipv6 + IPV6_SOURCE_AT + 4, 0, 12);
		ipv6[IPV6_SOURCE_AT + 15] = (uint8_t)(host + 1);
		send_frame(ipv6, sizeof(ipv6));
		return;
	}
	memcpy(ipv4 + IPV4_SOURCE_AT, ipv4_network, sizeof(ipv4_network));
	ipv4[IPV4_SOURCE_AT + 3] = (uint8_t)(host + 1);
	send_frame(ipv4, sizeof(ipv4));
}

static int open_socket(const char *interface)
{
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	to.sll_ifindex = (int)if_nametoindex(interface);
	return fd < 0 || !to.sll_ifindex ? -errno : 0;
}

int main(int argc, char **argv)
{
	uint64_t state, rounds;
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (argc < 4 || namespace_enter(argv[1]) || open_socket(argv[2]) ||
	    sched_setaffinity(0, sizeof(first), &first)) {
		fprintf(stderr, "usage: many_sources NAMESPACE INTERFACE RANDOM-SOURCES [SEED]\n");
		return 1;
	}
	rounds = strtoull(argv[3], NULL, 10) / RANDOM_PER_ROUND;
	state = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
	for (uint64_t round = 0; round < rounds; round++) {
		for (unsigned int i = 0; i < RANDOM_PER_ROUND; i++)
			send_random(random_number(&state));
		for (unsigned int host = 0; host < BUSY_HOSTS; host++)
			send_busy(host);
	}
	for (unsigned int host = 0; host < BUSY_HOSTS; host++)
		printf(host % 2 ? "2001:db8::%x %llu\n" : "192.0.2.%u %llu\n", host + 1,
		       (unsigned long long)rounds);
	printf("all %llu %llu\n", (unsigned long long)frames, (unsigned long long)bytes);
	return 0;
}

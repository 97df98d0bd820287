/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the wall clock said before a datagram was sent and after it had come, against the
 * timestamp that a capture gave it.
 *
 * stamps send SERVER-NAMESPACE CLIENT-NAMESPACE ADDRESS PORT FIRST COUNT: sends datagrams to the
 * address, numbered from FIRST on, one after the other has come; for each "NUMBER BEFORE AFTER"
 * on stdout, ns since 1970.
 * stamps compare FILE LIST TOLERANCE-NS: whether each datagram of the list is in the capture
 * file (Ethernet, IPv4), once, with a time between its two; names those that are not.
 * stamps set SECONDS: sets the wall clock forward, or back; only in a virtual machine.
 * stamps tai SECONDS: tells the kernel how far TAI is ahead, as an NTP daemon does; only there.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>

#include "namespace.h"

#define PATIENCE_SECONDS 20
#define NUMBER_OFFSET (14 + 20 + 8)
#define MAXIMUM_NUMBERS 100000

static int64_t wall_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int open_in(const char *namespace)
{
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	int fd;

	if (namespace_enter(namespace))
		return -1;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static int send_all(char **arguments)
{
	int server = open_in(arguments[0]), client = open_in(arguments[1]);
	uint32_t first = (uint32_t)atoi(arguments[4]), count = (uint32_t)atoi(arguments[5]), got;
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)atoi(arguments[3])) };

	inet_pton(AF_INET, arguments[2], &address.sin_addr);
	if (server < 0 || client < 0 ||
	    bind(server, (struct sockaddr *)&address, sizeof(address)) ||
	    connect(client, (struct sockaddr *)&address, sizeof(address))) {
		perror("stamps");
		return 1;
	}
	for (uint32_t number = first; number < first + count; number++) {
		int64_t before = wall_ns();

		if (send(client, &number, sizeof(number), 0) != sizeof(number) ||
		    recv(server, &got, sizeof(got), 0) != sizeof(got) || got != number) {
			perror("stamps: datagram");
			return 1;
		}
		printf("%" PRIu32 " %" PRId64 " %" PRId64 "\n", number, before, wall_ns());
	}
	return 0;
}

/* The times of the file by number; 0 where there is none, -1 where there are several. */
static bool read_times(const char *name, int64_t *times)
{
	char reason[PCAP_ERRBUF_SIZE];
	pcap_t *file =
		pcap_open_offline_with_tstamp_precision(name, PCAP_TSTAMP_PRECISION_NANO, reason);
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	uint32_t number;

	if (!file)
		return false;
	while (pcap_next_ex(file, &header, &bytes) == 1) {
		if (header->caplen < NUMBER_OFFSET + sizeof(number))
			continue;
		memcpy(&number, bytes + NUMBER_OFFSET, sizeof(number));
		if (number >= MAXIMUM_NUMBERS)
			continue;
		times[number] =
			times[number] ? -1 : header->ts.tv_sec * 1000000000LL + header->ts.tv_usec;
	}
	pcap_close(file);
	return true;
}

static int compare(char **arguments)
{
	int64_t *times = calloc(MAXIMUM_NUMBERS, sizeof(*times)), before, after;
	int64_t tolerance_ns = atoll(arguments[2]);
	FILE *list = fopen(arguments[1], "re");
	unsigned int count = 0, wrong = 0;
	uint32_t number;

	if (!times || !list || !read_times(arguments[0], times)) {
		printf("cannot read '%s' and '%s'\n", arguments[0], arguments[1]);
		return 1;
	}
	while (fscanf(list, "%" SCNu32 " %" SCNd64 " %" SCNd64, &number, &before, &after) == 3) {
		count++;
		if (number < MAXIMUM_NUMBERS && times[number] >= before - tolerance_ns &&
		    times[number] <= after + tolerance_ns)
			continue;
		if (wrong++ < 5)
			printf("datagram %" PRIu32 ": %" PRId64 " ns after it was sent, %" PRId64
			       " ns before it had come\n",
			       number, times[number] - before, after - times[number]);
	}
	fclose(list);
	free(times);
	if (wrong || !count)
		printf("%u of %u are wrong\n", wrong, count);
	return wrong || !count;
}

static int set_clock(char **arguments)
{
	struct timespec now;

	if (!getenv("IN_VM"))
		return 1;
	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += atoi(arguments[0]);
	return clock_settime(CLOCK_REALTIME, &now) ? 1 : 0;
}

static int set_tai(char **arguments)
{
	struct timex request = { .modes = ADJ_TAI, .constant = atoi(arguments[0]) };

	return getenv("IN_VM") && adjtimex(&request) >= 0 ? 0 : 1;
}

int main(int count, char **arguments)
{
	if (count == 8 && strcmp(arguments[1], "send") == 0)
		return send_all(arguments + 2);
	if (count == 5 && strcmp(arguments[1], "compare") == 0)
		return compare(arguments + 2);
	if (count == 3 && strcmp(arguments[1], "set") == 0)
		return set_clock(arguments + 2);
	if (count == 3 && strcmp(arguments[1], "tai") == 0)
		return set_tai(arguments + 2);
	return 2;
}

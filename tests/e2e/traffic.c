/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * traffic SERVER-NAMESPACE CLIENT-NAMESPACE [SECONDS]: plays the script on stdin between two
 * network namespaces, both ends in this one process; with SECONDS over and over, that long.
 * A line is a verb and its arguments, as in the table at the end; an address with a colon is
 * IPv6. Every wait is bounded; the first thing that fails ends it with status 1.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "namespace.h"
#include "sockets.h"

#define MAXIMUM_WORDS 10
#define MAXIMUM_DATAGRAM 65507

static int server_namespace = -1, client_namespace = -1;

static int64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void wait_until_ns(int64_t time_ns)
{
	struct timespec time = { time_ns / 1000000000, time_ns % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
}

/* CLIENT SERVER PORT */
static int connect_tcp(char **words, int *ret_client, int *ret_server)
{
	struct address client, server;

	if (sockets_parse(words[1], "0", &client) || sockets_parse(words[2], words[3], &server))
		return -EINVAL;
	return sockets_connect(client_namespace, &client, server_namespace, &server, ret_client,
			       ret_server);
}

/* One side says the line, the other hears it. */
static int say(int from, int to, const char *line)
{
	size_t length = strlen(line), heard = 0;
	char text[256];

	if (write(from, line, length) != (ssize_t)length)
		return -EIO;
	while (heard < length) {
		ssize_t got = read(to, text + heard, sizeof(text) - heard);

		if (got <= 0)
			return -EIO;
		heard += got;
	}
	return memcmp(text, line, length) ? -EPROTO : 0;
}

static int play_talk(char **words)
{
	/* S: the server speaks, C: the client. */
	static const char *const lines[] = {
		"S220 mail.example ESMTP ready\r\n",
		"CEHLO client.example\r\n",
		"S250 mail.example greets client.example\r\n",
		"CMAIL FROM:<alice@client.example>\r\n",
		"S250 OK\r\n",
		"CRCPT TO:<bob@mail.example>\r\n",
		"S250 OK\r\n",
		"CDATA\r\n",
		"S354 End with a dot on a line of its own\r\n",
		"CSubject: lunch\r\n\r\nDear Bob, shall we meet at noon?\r\n.\r\n",
		"S250 OK, queued as 1\r\n",
		"CQUIT\r\n",
		"S221 mail.example closes the connection\r\n",
	};
	int client, server, error = connect_tcp(words, &client, &server);
	size_t i;

	if (error)
		return error;
	for (i = 0; !error && i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (lines[i][0] == 'S')
			error = say(server, client, lines[i] + 1);
		else
			error = say(client, server, lines[i] + 1);
	}
	return sockets_close(client, server) ?: error;
}

/* Byte number position of what bulk transfers carry. */
static unsigned char pattern_byte(uint64_t position)
{
	return (position * 2654435761u) >> 13;
}

static int move_bytes(int from, int to, uint64_t bytes)
{
	static unsigned char chunk[65536];
	uint64_t sent = 0, received = 0;
	struct pollfd ends[2] = { { .fd = from, .events = POLLOUT }, { .fd = to, .events = POLLIN } };

	while (received < bytes) {
		ssize_t length, i;

		ends[0].fd = sent < bytes ? from : -1;
		if (poll(ends, 2, PATIENCE_SECONDS * 1000) <= 0)
			return -ETIMEDOUT;
		if (sent < bytes && ends[0].revents) {
			length = bytes - sent < sizeof(chunk) ? bytes - sent : sizeof(chunk);
			for (i = 0; i < length; i++)
				chunk[i] = pattern_byte(sent + i);
			length = send(from, chunk, length, MSG_DONTWAIT | MSG_NOSIGNAL);
			if (length < 0 && errno != EAGAIN)
				return -errno;
			sent += length > 0 ? length : 0;
		}
		if (ends[1].revents) {
			length = recv(to, chunk, sizeof(chunk), MSG_DONTWAIT);
			if (length <= 0)
				return length ? -errno : -EPROTO;
			for (i = 0; i < length; i++)
				if (chunk[i] != pattern_byte(received + i))
					return -EBADMSG;
			received += length;
		}
	}
	return 0;
}

static int play_bulk(char **words)
{
	int client, server, error = connect_tcp(words, &client, &server);
	uint64_t bytes = strtoull(words[4], NULL, 10);

	if (error)
		return error;
	error = strcmp(words[0], "bulk-down") ? move_bytes(client, server, bytes)
					      : move_bytes(server, client, bytes);
	return sockets_close(client, server) ?: error;
}

/* Datagrams that differ, of sizes that go round from the first to the last. */
static int send_datagrams(int fd, const struct address *to, const char *sizes, long count,
			  long per_second)
{
	static unsigned char payload[MAXIMUM_DATAGRAM];
	char *rest;
	long smallest = strtol(sizes, &rest, 10);
	long largest = *rest == '-' ? strtol(rest + 1, NULL, 10) : smallest;
	int64_t start_ns = now_ns();
	long i, size = smallest;

	if (smallest < 0 || largest > MAXIMUM_DATAGRAM || largest < smallest)
		return -EINVAL;
	for (i = 0; i < (long)sizeof(payload); i++)
		payload[i] = pattern_byte(i);
	for (i = 0; i < count; i++) {
		uint32_t number = htonl(i);

		memcpy(payload, &number, sizeof(number));
		if (per_second)
			wait_until_ns(start_ns + i * 1000000000LL / per_second);
		if (sendto(fd, payload, size, 0, &to->any, to->bytes) != size)
			return -errno;
		size = size == largest ? smallest : size + 1;
	}
	return 0;
}

static int play_udp(char **words)
{
	const bool down = !strcmp(words[0], "udp-down");
	struct address client, server;
	int near, far, error;

	if (sockets_parse(words[1], words[3], &client) ||
	    sockets_parse(words[2], words[3], &server))
		return -EINVAL;
	/* Nobody reads there, but a bound socket keeps ICMP errors away. */
	far = sockets_open(server_namespace, SOCK_DGRAM, 0, &server);
	near = sockets_open(client_namespace, SOCK_DGRAM, 0, &client);
	error = far < 0 ? far : near < 0 ? near : 0;
	if (!error)
		error = send_datagrams(down ? far : near, down ? &client : &server, words[5],
				       atol(words[4]), words[6] ? atol(words[6]) : 0);
	if (near >= 0)
		close(near);
	if (far >= 0)
		close(far);
	return error;
}

static uint16_t internet_checksum(const unsigned char *bytes, size_t length)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < length; i++)
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* RFC 792 and RFC 4443, section 4.1: type, code, checksum, identifier, sequence number */
static int ping_once(int fd, const struct address *to, unsigned sequence, size_t size)
{
	static unsigned char echo[65536], answer[65536];
	const bool v6 = to->any.sa_family == AF_INET6;
	uint16_t sum;
	size_t i;
	int attempt;

	memset(echo, 0, 8);
	for (i = 8; i < size + 8; i++)
		echo[i] = pattern_byte(i);
	echo[0] = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	echo[5] = getpid();
	echo[7] = sequence;
	sum = internet_checksum(echo, size + 8);
	echo[2] = sum >> 8;	/* for IPv6 the kernel makes its own */
	echo[3] = sum;
	if (sendto(fd, echo, size + 8, 0, &to->any, to->bytes) < 0)
		return -errno;
	for (attempt = 0; attempt < 100; attempt++) {
		ssize_t got = recv(fd, answer, sizeof(answer), 0);
		const unsigned char *icmp = v6 ? answer : answer + (answer[0] & 15) * 4;

		if (got < 0)
			return -errno;
		if (icmp[0] == (v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) && icmp[5] == echo[5] &&
		    icmp[7] == echo[7])
			return 0;
	}
	return -EPROTO;
}

static int play_ping(char **words)
{
	struct address client, server;
	long i, count = atol(words[3]);
	int fd, error = 0;

	if (sockets_parse(words[1], "0", &client) || sockets_parse(words[2], "0", &server))
		return -EINVAL;
	fd = sockets_open(client_namespace, SOCK_RAW,
			  client.any.sa_family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, &client);
	if (fd < 0)
		return fd;
	for (i = 0; !error && i < count; i++)
		error = ping_once(fd, &server, i, words[4] ? atol(words[4]) : 56);
	close(fd);
	return error;
}

static int send_frames(int namespace, const char *interface, const void *frame, size_t length,
		       long count)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	int fd, error = 0;
	long i;

	if (setns(namespace, CLONE_NEWNET))
		return -errno;
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	to.sll_ifindex = if_nametoindex(interface);
	for (i = 0; !error && i < count; i++)
		if (sendto(fd, frame, length, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			error = -errno;
	close(fd);
	return error;
}

/* The frame as it is, from the client's interface; "hex*COUNT" repeats its last byte. */
static int play_frame(char **words)
{
	static unsigned char frame[65536];
	size_t length = 0;
	const char *digit = words[3];
	unsigned byte;
	long i;

	for (; sscanf(digit, "%2x", &byte) == 1 && length < sizeof(frame); digit += 2)
		frame[length++] = byte;
	if (*digit == '*')
		for (i = atol(digit + 1); i > 0 && length < sizeof(frame); i--)
			frame[length++] = byte;
	return send_frames(client_namespace, words[1], frame, length, atol(words[2]));
}

/* A frame each way that a script can look for in a file: all before it is there too. */
static int play_marker(char **words)
{
	/* From the address "Finish", so that a snapshot of 14 bytes shows it; 88b5 is the
	 * EtherType for local experiments (IEEE 802). */
	static const char frame[60] = "\x02\0\0\0\0\x64" "Finish\x88\xb5";

	return send_frames(client_namespace, words[1], frame, sizeof(frame), 1) ?:
	       send_frames(server_namespace, words[1], frame, sizeof(frame), 1);
}

static int play_pause(char **words)
{
	wait_until_ns(now_ns() + atol(words[1]) * 1000000LL);
	return 0;
}

static const struct verb {
	const char *name;
	int (*play)(char **words);
	int least_words;
	const char *usage;
} verbs[] = {
	{ "talk", play_talk, 3, "CLIENT SERVER PORT: a mail is delivered" },
	{ "bulk", play_bulk, 4, "CLIENT SERVER PORT BYTES" },
	{ "bulk-down", play_bulk, 4, "CLIENT SERVER PORT BYTES" },
	{ "udp", play_udp, 5, "CLIENT SERVER PORT COUNT SIZE[-SIZE] [PER-SECOND]" },
	{ "udp-down", play_udp, 5, "CLIENT SERVER PORT COUNT SIZE[-SIZE] [PER-SECOND]" },
	{ "ping", play_ping, 3, "CLIENT SERVER COUNT [SIZE]" },
	{ "frame", play_frame, 3, "INTERFACE COUNT HEX[*COUNT]" },
	{ "marker", play_marker, 1, "INTERFACE: of both namespaces" },
	{ "pause", play_pause, 1, "MILLISECONDS" },
};

static int play_line(const char *line)
{
	char text[4096], *words[MAXIMUM_WORDS + 1] = { 0 }, *position = NULL;
	int count = 0;
	size_t i;

	snprintf(text, sizeof(text), "%s", line);
	for (words[0] = strtok_r(text, " \t\n", &position); words[count] && count < MAXIMUM_WORDS;)
		words[++count] = strtok_r(NULL, " \t\n", &position);
	if (!count || words[0][0] == '#')
		return 0;
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(words[0], verbs[i].name))
			return count > verbs[i].least_words ? verbs[i].play(words) : -EINVAL;
	return -EINVAL;
}

static int play_script(char *script)
{
	char *position = NULL, *line, *copy = strdup(script);
	int error = 0;

	if (!copy)
		return -ENOMEM;
	for (line = strtok_r(copy, "\n", &position); line && !error;
	     line = strtok_r(NULL, "\n", &position)) {
		error = play_line(line);
		if (error)
			fprintf(stderr, "traffic: '%s': %s\n", line, strerror(-error));
	}
	free(copy);
	return error;
}

int main(int argc, char **argv)
{
	static char script[65536];
	int64_t end_ns;
	size_t i;

	if (argc < 3) {
		fprintf(stderr, "usage: traffic SERVER-NAMESPACE CLIENT-NAMESPACE [SECONDS] <SCRIPT\n");
		for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
			fprintf(stderr, "  %s %s\n", verbs[i].name, verbs[i].usage);
		return 1;
	}
	server_namespace = namespace_open(argv[1]);
	client_namespace = namespace_open(argv[2]);
	if (server_namespace < 0 || client_namespace < 0) {
		fprintf(stderr, "traffic: no such namespace\n");
		return 1;
	}
	if (fread(script, 1, sizeof(script) - 1, stdin) == 0)
		return 1;
	end_ns = now_ns() + (argc > 3 ? atol(argv[3]) * 1000000000LL : 0);
	do {
		if (play_script(script))
			return 1;
	} while (now_ns() < end_ns);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * view_traffic MIB: writes a capture of that size to stdout, as a server's would be: HTTP, TLS and
 * bulk transfers over TCP with their acknowledgements, names that are asked for, over IPv4 and IPv6.
 * The same for the same size.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONVERSATIONS 200
#define SEGMENT_BYTES 1448
#define RECORD_BYTES 16384 /* of TLS, at most: RFC 8446, section 5.1 */

enum kind {
	KIND_HTTP,
	KIND_TLS,
	KIND_BULK,
	KIND_DNS,
};

struct conversation {
	enum kind kind;
	bool is_ipv6;
	uint16_t port; /* of the client */
	uint32_t client;
	unsigned int step;
	uint32_t sequence[2];
	uint64_t left; /* of what the server sends */
	uint64_t sent;
};

struct packet {
	uint8_t data[2048];
	size_t length;
};

static uint64_t random_state = 0x9e3779b97f4a7c15;
static uint64_t time_us = 1700000000ull * 1000000;
static uint64_t written;

static uint32_t any(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 16) % below;
}

static void add(struct packet *packet, uint64_t number, unsigned int bytes)
{
	while (bytes-- > 0)
		packet->data[packet->length++] = (uint8_t)(number >> 8 * bytes);
}

static void add_text(struct packet *packet, const char *text)
{
	memcpy(packet->data + packet->length, text, strlen(text));
	packet->length += strlen(text);
}

static void write_packet(const struct packet *packet)
{
	uint32_t record[4] = { (uint32_t)(time_us / 1000000), (uint32_t)(time_us % 1000000),
			       (uint32_t)packet->length, (uint32_t)packet->length };

	if (fwrite(record, sizeof(record), 1, stdout) != 1 ||
	    fwrite(packet->data, packet->length, 1, stdout) != 1) {
		perror("view_traffic: cannot write");
		exit(1);
	}
	written += sizeof(record) + packet->length;
	time_us += any(200);
}

/* RFC 791, section 3.1: the sum of all 16-bit words but this one. */
static void set_checksum(uint8_t *header)
{
	uint32_t sum = 0;

	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)(header[i] << 8 | header[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16)) & 0xffff;
	header[10] = (uint8_t)(sum >> 8);
	header[11] = (uint8_t)sum;
}

/* Ethernet and IP; side 0 is the client. */
static void begin(const struct conversation *conversation, int side, uint8_t protocol,
		  size_t length, struct packet *packet)
{
	uint32_t server = 0x0a090064, client = conversation->client;

	packet->length = 0;
	add(packet, 0x020000000000 + (side ? 1 : 100), 6);
	add(packet, 0x020000000000 + (side ? 100 : 1), 6);
	if (conversation->is_ipv6) {
		add(packet, 0x86dd60000000, 6);
		add(packet, length, 2);
		add(packet, (uint64_t)protocol << 8 | 64, 2);
		add(packet, 0xfd09000000000000, 8);
		add(packet, side ? server : client, 8);
		add(packet, 0xfd09000000000000, 8);
		add(packet, side ? client : server, 8);
		return;
	}
	add(packet, 0x08004500, 4);
	add(packet, length + 20, 2);
	add(packet, any(65536), 2);
	add(packet, 0x40004000 | protocol, 4);
	add(packet, 0, 2);
	add(packet, side ? server : client, 4);
	add(packet, side ? client : server, 4);
	set_checksum(packet->data + 14);
}

static const uint16_t server_ports[] = { [KIND_HTTP] = 80, [KIND_TLS] = 443, [KIND_BULK] = 5001 };

/* A segment with as many bytes as follow; its options are two timestamps (RFC 7323). */
static void begin_segment(struct conversation *conversation, int side, uint8_t flags, size_t length,
			  struct packet *packet)
{
	uint16_t server = server_ports[conversation->kind];

	begin(conversation, side, 6, length + 32, packet);
	add(packet, side ? server : conversation->port, 2);
	add(packet, side ? conversation->port : server, 2);
	add(packet, conversation->sequence[side], 4);
	add(packet, flags & 0x10 ? conversation->sequence[!side] : 0, 4);
	add(packet, 0x8000 | flags, 2);
	add(packet, 501, 2);
	add(packet, 0, 4);
	add(packet, 0x0101080a, 4);
	add(packet, time_us / 1000 & 0xffffffff, 4);
	add(packet, time_us / 1000 & 0xffffffff, 4);
	conversation->sequence[side] += (uint32_t)length + (flags & 0x03 ? 1 : 0);
}

static void send_bare(struct conversation *conversation, int side, uint8_t flags)
{
	struct packet packet;

	begin_segment(conversation, side, flags, 0, &packet);
	write_packet(&packet);
}

static void send_text(struct conversation *conversation, int side, const char *text)
{
	struct packet packet;

	begin_segment(conversation, side, 0x18, strlen(text), &packet);
	add_text(&packet, text);
	write_packet(&packet);
}

/* RFC 8446, section 4.1: a hello of the client that names mail.example, and one of the server. */
static void send_hello(struct conversation *conversation, int side)
{
	static const uint8_t names[] = "\0\0\0\x11\0\x0f\0\0\x0cmail.example"
				       "\0\x10\0\x0e\0\x0c\x02h2\x08http/1.1";
	size_t extensions = side ? 6 : sizeof(names) - 1 + 7;
	size_t body = 2 + 32 + 1 + (side ? 3 : 8) + 2 + extensions;
	struct packet packet;

	begin_segment(conversation, side, 0x18, body + 9, &packet);
	add(&packet, 0x160301, 3);
	add(&packet, body + 4, 2);
	add(&packet, (side ? 2ull : 1ull) << 24 | body, 4);
	add(&packet, 0x0303, 2);
	for (int i = 0; i < 8; i++)
		add(&packet, any(0xffffffff), 4);
	add(&packet, 0, 1);
	add(&packet, side ? 0x130100 : 0x0004130113020100, side ? 3 : 8);
	add(&packet, extensions, 2);
	if (side) {
		add(&packet, 0x002b00020304, 6);
	} else {
		memcpy(packet.data + packet.length, names, sizeof(names) - 1);
		packet.length += sizeof(names) - 1;
		add(&packet, 0x002b0003020304, 7);
	}
	write_packet(&packet);
}

/* What the server sends next: of TLS records, of others text or bytes. */
static void send_data(struct conversation *conversation)
{
	size_t length = conversation->left < SEGMENT_BYTES ? conversation->left : SEGMENT_BYTES;
	struct packet packet;

	begin_segment(conversation, 1, 0x10, length, &packet);
	for (size_t i = 0; i < length; i++) {
		uint64_t place = conversation->sent++ % (RECORD_BYTES + 5);
		uint64_t in_all = conversation->left - i + place;

		if (conversation->kind == KIND_TLS && place == 0 && i + 5 <= length) {
			uint64_t record = in_all - 5 < RECORD_BYTES ? in_all - 5 : RECORD_BYTES;

			add(&packet, 0x170303, 3);
			add(&packet, record, 2);
			conversation->sent += 4;
			i += 4;
		} else {
			add(&packet, conversation->kind == KIND_HTTP ? 'a' + place % 26 : any(256),
			    1);
		}
	}
	conversation->left -= length;
	write_packet(&packet);
}

static void begin_conversation(struct conversation *conversation)
{
	static const enum kind kinds[] = { KIND_HTTP, KIND_HTTP, KIND_TLS, KIND_TLS,
					   KIND_TLS,  KIND_DNS,  KIND_DNS, KIND_DNS,
					   KIND_DNS,  KIND_DNS,  KIND_DNS };

	*conversation = (struct conversation){
		.kind = any(60) ? kinds[any(sizeof(kinds) / sizeof(kinds[0]))] : KIND_BULK,
		.is_ipv6 = any(4) == 0,
		.port = (uint16_t)(32768 + any(28000)),
		.client = 0x0a090001 + any(50),
		.sequence = { any(0xffffffff), any(0xffffffff) },
	};
	conversation->left =
		conversation->kind == KIND_BULK ? 100000 + any(900000) : 200 + any(30000);
}

/* RFC 1035, section 4: a question, and the same with an answer. */
static void send_names(const struct conversation *conversation, int side)
{
	static const char question[] = "\4mail\7example\0\0\1\0\1";
	static const char answer[] = "\300\14\0\1\0\1\0\0\0\74\0\4\n\t\0\144";
	size_t length = 12 + sizeof(question) - 1 + (side ? sizeof(answer) - 1 : 0);
	struct packet packet;

	begin(conversation, side, 17, length + 8, &packet);
	add(&packet, side ? 53 : conversation->port, 2);
	add(&packet, side ? conversation->port : 53, 2);
	add(&packet, (length + 8) << 16, 4);
	add(&packet, (uint64_t)conversation->port << 16 | (side ? 0x8180 : 0x0100), 4);
	add(&packet, side ? 0x0001000100000000 : 0x0001000000000000, 8);
	memcpy(packet.data + packet.length, question, sizeof(question) - 1);
	packet.length += sizeof(question) - 1;
	memcpy(packet.data + packet.length, answer, side ? sizeof(answer) - 1 : 0);
	packet.length += side ? sizeof(answer) - 1 : 0;
	write_packet(&packet);
}

static void send_request(struct conversation *conversation, int side)
{
	char text[256];

	if (conversation->kind == KIND_TLS) {
		send_hello(conversation, side);
	} else if (conversation->kind == KIND_HTTP) {
		snprintf(text, sizeof(text),
			 side ? "HTTP/1.1 200 OK\r\nServer: example\r\nContent-Type: text/plain\r\n"
				"Content-Length: %llu\r\n\r\n" :
				"GET /documents/%llu HTTP/1.1\r\nHost: mail.example\r\n"
				"User-Agent: example/1.0\r\nAccept: */*\r\n\r\n",
			 (unsigned long long)conversation->left);
		send_text(conversation, side, text);
	} else {
		send_bare(conversation, side, 0x10);
	}
}

/* The next packet; two segments for each acknowledgement. Returns false behind the last one. */
static bool go_on(struct conversation *conversation)
{
	unsigned int step = conversation->step++;

	if (conversation->kind == KIND_DNS) {
		send_names(conversation, step == 1);
		return step == 0;
	}
	switch (step) {
	case 0:
		send_bare(conversation, 0, 0x02);
		return true;
	case 1:
		send_bare(conversation, 1, 0x12);
		return true;
	case 2:
		send_bare(conversation, 0, 0x10);
		return true;
	case 3:
	case 4:
		send_request(conversation, step == 4);
		return true;
	}
	if (conversation->left && step % 3)
		send_data(conversation);
	else if (conversation->left)
		send_bare(conversation, 0, 0x10);
	else
		send_bare(conversation, step % 2 ? 1 : 0, 0x11);
	return conversation->left > 0 || step % 2;
}

int main(int argc, char **argv)
{
	static const uint32_t header[] = { 0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1 };
	static struct conversation conversations[CONVERSATIONS];
	uint64_t wanted = argc == 2 ? strtoull(argv[1], NULL, 10) << 20 : 0;
	unsigned int i = 0;

	if (!wanted || fwrite(header, sizeof(header), 1, stdout) != 1) {
		fputs("usage: view_traffic MIB\n", stderr);
		return 1;
	}
	for (i = 0; i < CONVERSATIONS; i++)
		begin_conversation(&conversations[i]);
	/* A few packets of one, then another: as transfers come in bursts. */
	while (written < wanted) {
		if (any(4) == 0)
			i = any(CONVERSATIONS);
		if (!go_on(&conversations[i % CONVERSATIONS]))
			begin_conversation(&conversations[i % CONVERSATIONS]);
	}
	return fflush(stdout) ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* What the list says of dialogues of applications over TCP, segment by segment. */
#include <stdlib.h>
#include <string.h>

#include "../../tools/dissect/dissector.h"
#include "../../tools/line.h"
#include "../../tools/packet_text.h"
#include "../../tools/stream/streams.h"
#include "check.h"
#include "tcp_packet.h"

#define PAYLOAD_BYTES 2000
#define MEMORY_BYTES (1 << 20)
#define CLIENT 0 /* the sides of tcp_packet.h: the client has the higher port */
#define SERVER 1
#define MOST_SEGMENTS 12

struct segment {
	uint8_t side;
	const char *payload;
	uint32_t length;  /* 0: it is text */
	const char *info; /* NULL: there is only TCP */
};

struct dialogue {
	const char *what;
	const struct dissector *dissector;
	struct segment segments[MOST_SEGMENTS];
};

/* The begin of a message of DNS as TCP has it: its length, and how many questions follow. */
#define QUESTIONS(length, count) "\0" length "\0\7\1\0\0" count "\0\0\0\0\0\0"
#define BYTES(text) text, sizeof(text) - 1

static const struct dialogue dialogues[] = {
	{ "a message of SMTP ends with a dot that is spread over segments",
	  &dissector_smtp,
	  { { SERVER, "220 mx.example ESMTP\r\n", 0, "S: 220 mx.example ESMTP" },
	    { CLIENT, "EHLO a.example\r\n", 0, "C: EHLO a.example" },
	    { SERVER, "250-mx.example\r\n250 SIZE 1000\r\n", 0, "S: 250-mx.example | SIZE 1000" },
	    { CLIENT, "MAIL FROM:<a@b>\r\nDATA\r\n", 0, "C: MAIL FROM:<a@b> | DATA" },
	    { SERVER, "250 OK\r\n354 Go\r\n", 0, "S: 250 OK | 354 Go" },
	    { CLIENT, "QUIT\r\n.x\r\n\r", 0, "C: DATA fragment, 11 bytes" },
	    { CLIENT, "\n.", 0, "C: DATA fragment, 2 bytes" },
	    { CLIENT, "\r\nQUIT\r\n", 0, "C: DATA fragment, 2 bytes | QUIT" } } },
	{ "a chunk of BDAT has as many bytes as were announced",
	  &dissector_smtp,
	  { { CLIENT, "BDAT 6 LAST\r\nQUIT", 0, "C: BDAT 6 LAST | DATA fragment, 4 bytes" },
	    { CLIENT, "\r\nQUIT\r\n", 0, "C: DATA fragment, 2 bytes | QUIT" } } },
	{ "name and password of AUTH LOGIN are no commands",
	  &dissector_smtp,
	  { { CLIENT, "AUTH LOGIN\r\n", 0, "C: AUTH LOGIN" },
	    { SERVER, "334 VXNlcm5hbWU6\r\n", 0, "S: 334 VXNlcm5hbWU6" },
	    { CLIENT, "YQ==\r\n", 0, "C: User: YQ==" },
	    { SERVER, "334 UGFzc3dvcmQ6\r\n", 0, "S: 334 UGFzc3dvcmQ6" },
	    { CLIENT, "DATA\r\n", 0, "C: Pass: DATA" },
	    { SERVER, "235 OK\r\n", 0, "S: 235 OK" },
	    { CLIENT, "QUIT\r\n", 0, "C: QUIT" } } },
	{ "behind STARTTLS there is TLS, unless the server refused",
	  &dissector_smtp,
	  { { CLIENT, "STARTTLS\r\n", 0, "C: STARTTLS" },
	    { SERVER, "454 not now\r\n", 0, "S: 454 not now" },
	    { CLIENT, "STARTTLS\r\n", 0, "C: STARTTLS" },
	    { SERVER, "220 ready\r\n", 0, "S: 220 ready" },
	    { CLIENT, BYTES("\25\3\3\0\2\2\50"),
	      "Alert (Level: Fatal, Description: Handshake Failure)" } } },
	{ "a line of SMTP is waited for",
	  &dissector_smtp,
	  { { CLIENT, "EHLO a.ex", 0, NULL }, { CLIENT, "ample\r\n", 0, "C: EHLO a.example" } } },
	{ "a message of HTTP is shown where its body ends",
	  &dissector_http,
	  { { CLIENT, "GET / HTTP/1.1\r\nHost: a.", 0, NULL },
	    { CLIENT, "example\r\n\r\n", 0, "GET / HTTP/1.1 " },
	    { SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/plain\r\n\r\nabc",
	      0, NULL },
	    { SERVER, "def", 0, "HTTP/1.1 200 OK  (text/plain)" } } },
	{ "chunks of HTTP are waited for to the last",
	  &dissector_http,
	  { { SERVER, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", 0,
	      NULL },
	    { SERVER, "0\r\n", 0, NULL },
	    { SERVER, "\r\n", 0, "HTTP/1.1 200 OK " } } },
	{ "an answer to HEAD has no body, whatever its length says",
	  &dissector_http,
	  { { CLIENT, "HEAD / HTTP/1.1\r\n\r\n", 0, "HEAD / HTTP/1.1 " },
	    { SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n", 0, "HTTP/1.1 200 OK " } } },
	{ "several requests of HTTP in a segment are all listed",
	  &dissector_http,
	  { { CLIENT, "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n", 0,
	      "GET /a HTTP/1.1 GET /b HTTP/1.1 " } } },
	{ "records of TLS are waited for, and several are one line",
	  &dissector_tls,
	  { { CLIENT, BYTES("\24\3\3\0\1\1\27\3"), "Change Cipher Spec" },
	    { CLIENT, BYTES("\3\0\2xy\27\3\3\0\1z"), "Application Data, Application Data" } } },
	{ "a line of POP3 is listed with who sent it",
	  &dissector_pop3,
	  { { CLIENT, "STAT\r\n", 0, "C: STAT" },
	    { SERVER, "+OK 2 320\r\n", 0, "S: +OK 2 320" } } },
	{ "the line of IMAP with a tag is the one that is listed",
	  &dissector_imap,
	  { { CLIENT, "a1 NOOP\r\n", 0, "Request: a1 NOOP" },
	    { SERVER, "* 3 EXISTS\r\na1 OK done\r\n", 0, "Response: a1 OK done" } } },
	{ "control characters of FTP do not reach the list",
	  &dissector_ftp,
	  { { SERVER, "220 \33[2J\r\n", 0, "Response: 220 \\x1b[2J" } } },
	{ "a name of DNS follows a pointer backwards",
	  &dissector_dns,
	  { { CLIENT,
	      BYTES(QUESTIONS("\31", "\2") "\1a\0\0\1\0\1"
					   "\300\14\0\34\0\1"),
	      "Standard query 0x0007 A a AAAA a" } } },
	{ "a pointer of DNS to itself ends the message",
	  &dissector_dns,
	  { { CLIENT, BYTES(QUESTIONS("\22", "\1") "\300\14\0\1\0\1"),
	      "Standard query 0x0007 [Malformed Packet]" } } },
	{ "a pointer of DNS that leads forwards ends the message",
	  &dissector_dns,
	  { { CLIENT, BYTES(QUESTIONS("\22", "\1") "\300\17\0\1\0\1"),
	      "Standard query 0x0007 [Malformed Packet]" } } },
};

struct fixture {
	struct dissection dissection;
	struct line line;
	uint64_t number;
	uint32_t sequences[2];
	uint8_t bytes[TCP_HEADER_BYTES + PAYLOAD_BYTES];
};

static void run(struct fixture *fixture, const struct segment *segment, uint8_t flags)
{
	struct tcp_packet tcp = {
		.side = segment->side,
		.flags = flags,
		.sequence = fixture->sequences[segment->side],
		.acknowledgment = fixture->sequences[!segment->side],
		.payload = segment->payload,
		.length = segment->length,
	};
	struct packet packet = tcp_packet_make(&tcp, ++fixture->number, fixture->bytes);

	dissection_run(&fixture->dissection, &packet);
	fixture->sequences[segment->side] +=
		(flags & TCP_SYN ? 1 : 0) + (segment->length  ? segment->length :
					     segment->payload ? (uint32_t)strlen(segment->payload) :
								0);
}

/* Whether the list says this of the packet. */
static bool is_listed(struct fixture *fixture, const char *info)
{
	const struct layer *layer = dissection_main_layer(&fixture->dissection);

	if (!info)
		return layer->dissector == &dissector_tcp;
	line_clear(&fixture->line);
	packet_add_info(&fixture->dissection, &fixture->line);
	return fixture->line.length == strlen(info) &&
	       memcmp(fixture->line.text, info, strlen(info)) == 0;
}

static void test_dialogue(const struct dialogue *dialogue)
{
	struct fixture fixture = { .sequences = { 1000, 5000 } };
	const struct segment *segment = dialogue->segments;

	if (dissection_init(&fixture.dissection))
		abort();
	fixture.dissection.streams = streams_new(MEMORY_BYTES);
	run(&fixture, &(struct segment){ .side = CLIENT }, TCP_SYN);
	fixture.dissection.conversation->dissector = dialogue->dissector;
	run(&fixture, &(struct segment){ .side = SERVER }, TCP_SYN | TCP_ACK);
	for (; segment < dialogue->segments + MOST_SEGMENTS && segment->payload; segment++) {
		run(&fixture, segment, TCP_ACK | TCP_PSH);
		if (!is_listed(&fixture, segment->info))
			break;
	}
	if (!check(segment == dialogue->segments + MOST_SEGMENTS || !segment->payload, "%s",
		   dialogue->what))
		check_note("segment %d: '%.*s' instead of '%s'",
			   (int)(segment - dialogue->segments), (int)fixture.line.length,
			   fixture.line.text, segment->info ? segment->info : "only TCP");
	streams_free(fixture.dissection.streams);
	dissection_free(&fixture.dissection);
	line_free(&fixture.line);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(dialogues) / sizeof(dialogues[0]); i++)
		test_dialogue(&dialogues[i]);
	return check_finish();
}

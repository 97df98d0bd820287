/* SPDX-License-Identifier: GPL-2.0-only */
/* Fragments of IP, put together (tools/stream/fragments.h), by what a dissection shows of them. */
#include <stdlib.h>
#include <string.h>

#include "../../tools/dissect/dissector.h"
#include "../../tools/stream/streams.h"
#include "check.h"

#define MEMORY_BYTES (8u << 20)
#define SECOND_NS 1000000000ull

/* Of a UDP datagram from port 1000 to 2000, whose bytes 8 and up are a letter each. */
struct piece {
	uint32_t offset;
	uint32_t length;
	char letter; /* in place of the payload's own; 0: as it should be */
	bool has_more;
	bool is_ipv6;
	uint32_t identification;
	uint64_t time_s;
	uint32_t cut; /* bytes that the capture lacks */
};

struct fixture {
	struct dissection dissection;
	uint64_t number;
	uint8_t frame[65536];
};

static void open_fixture(struct fixture *fixture, uint64_t memory_bytes)
{
	memset(fixture, 0, sizeof(*fixture));
	if (dissection_init(&fixture->dissection))
		exit(1);
	fixture->dissection.streams = streams_new(memory_bytes);
}

static void close_fixture(struct fixture *fixture)
{
	streams_free(fixture->dissection.streams);
	dissection_free(&fixture->dissection);
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Returns the length of the header. */
static size_t put_ipv4(uint8_t *ip, const struct piece *piece)
{
	ip[0] = 0x45;
	put16(ip + 2, 20 + piece->length);
	put16(ip + 4, piece->identification);
	put16(ip + 6, piece->offset / 8 | (piece->has_more ? 0x2000 : 0));
	ip[8] = 64;
	ip[9] = 17;
	ip[12] = 10;
	ip[16] = 11;
	return 20;
}

static size_t put_ipv6(uint8_t *ip, const struct piece *piece)
{
	ip[0] = 0x60;
	put16(ip + 4, 8 + piece->length);
	ip[6] = 44;
	ip[7] = 64;
	ip[8] = 0x20;
	ip[24] = 0x20;
	ip[40] = 17;
	put16(ip + 42, piece->offset | (piece->has_more ? 1 : 0));
	put16(ip + 46, piece->identification);
	return 48;
}

/* All datagrams say that they have 24 bytes of payload. */
static void put_payload(uint8_t *at, const struct piece *piece)
{
	static const uint8_t udp[8] = { 1000 >> 8, 1000 & 255, 2000 >> 8, 2000 & 255, 0, 32 };

	for (uint32_t i = 0; i < piece->length; i++) {
		uint32_t place = piece->offset + i;

		at[i] = place < 8 ? udp[place] : (uint8_t)('a' + (place - 8) % 26);
		if (piece->letter)
			at[i] = (uint8_t)piece->letter;
	}
}

static void show(struct fixture *fixture, const struct piece *piece)
{
	size_t length;
	struct packet packet;

	memset(fixture->frame, 0, 14 + 48);
	put16(fixture->frame + 12, piece->is_ipv6 ? 0x86dd : 0x0800);
	length = 14 + (piece->is_ipv6 ? put_ipv6(fixture->frame + 14, piece) :
					put_ipv4(fixture->frame + 14, piece));
	put_payload(fixture->frame + length, piece);
	length += piece->length;
	packet = (struct packet){
		.number = ++fixture->number,
		.time_ns = piece->time_s * SECOND_NS,
		.bytes = bytes_make(fixture->frame, length - piece->cut),
		.wire_bytes = (uint32_t)length,
		.link_type = 1,
	};
	dissection_run(&fixture->dissection, &packet);
}

/* What the innermost layer is, and the payload if it is all that there is to be. */
static bool shows_whole(const struct fixture *fixture, const char *payload)
{
	const struct layer *last = &fixture->dissection.layers[fixture->dissection.layer_count - 1];

	return dissection_find_layer(&fixture->dissection, &dissector_udp) &&
	       last->dissector == &dissector_payload && last->length == strlen(payload) &&
	       last->source == 1 && memcmp(last->data, payload, last->length) == 0;
}

static bool shows_fragment(const struct fixture *fixture)
{
	return !dissection_find_layer(&fixture->dissection, &dissector_udp);
}

#define PIECES 6
#define ALPHABET "abcdefghijklmnopqrstuvwx"

static const struct {
	const char *sentence;
	struct piece pieces[PIECES]; /* up to one without length */
	const char *payload;         /* that the last one shows; NULL: it is a fragment */
} cases[] = {
	{ "two fragments in order make a datagram",
	  { { .offset = 0, .length = 16, .has_more = true }, { .offset = 16, .length = 16 } },
	  ALPHABET },
	{ "the last fragment may come first",
	  { { .offset = 16, .length = 16 }, { .offset = 0, .length = 16, .has_more = true } },
	  ALPHABET },
	{ "three fragments in any order make a datagram",
	  { { .offset = 8, .length = 8, .has_more = true },
	    { .offset = 16, .length = 16 },
	    { .offset = 0, .length = 8, .has_more = true } },
	  ALPHABET },
	{ "fragments of IPv6 make a datagram, too",
	  { { .offset = 0, .length = 16, .has_more = true, .is_ipv6 = true },
	    { .offset = 16, .length = 16, .is_ipv6 = true } },
	  ALPHABET },
	{ "without its middle nothing is put together",
	  { { .offset = 0, .length = 8, .has_more = true }, { .offset = 16, .length = 16 } },
	  NULL },
	{ "another identification is another datagram",
	  { { .offset = 0, .length = 16, .has_more = true },
	    { .offset = 16, .length = 16, .identification = 1 } },
	  NULL },
	{ "of bytes that two fragments have those count that came first",
	  { { .offset = 8, .length = 16, .has_more = true },
	    { .offset = 16, .length = 8, .letter = 'X', .has_more = true },
	    { .offset = 24, .length = 8 },
	    { .offset = 0, .length = 16, .has_more = true } },
	  ALPHABET },
	{ "a fragment that came twice is no harm",
	  { { .offset = 0, .length = 16, .has_more = true },
	    { .offset = 0, .length = 16, .has_more = true },
	    { .offset = 16, .length = 16 } },
	  ALPHABET },
	{ "a fragment behind the last one is refused",
	  { { .offset = 16, .length = 16 },
	    { .offset = 32, .length = 8, .letter = 'X', .has_more = true },
	    { .offset = 0, .length = 16, .has_more = true } },
	  ALPHABET },
	{ "a second last fragment of another length is refused",
	  { { .offset = 16, .length = 16 },
	    { .offset = 24, .length = 24, .letter = 'X' },
	    { .offset = 0, .length = 16, .has_more = true } },
	  ALPHABET },
	{ "a fragment that is not cut at 8 bytes is refused",
	  { { .offset = 0, .length = 12, .has_more = true },
	    { .offset = 16, .length = 16 },
	    { .offset = 0, .length = 16, .has_more = true } },
	  ALPHABET },
	{ "a fragment that would end behind 65535 bytes is refused",
	  { { .offset = 65528, .length = 16 } },
	  NULL },
	{ "what a fragment was begun with is forgotten after two minutes",
	  { { .offset = 0, .length = 16, .has_more = true },
	    { .offset = 16, .length = 16, .time_s = 200 } },
	  NULL },
	{ "a fragment of which the capture lacks bytes is not kept",
	  { { .offset = 0, .length = 16, .has_more = true },
	    { .offset = 16, .length = 16, .cut = 4 } },
	  NULL },
	{ "an identification may be used again",
	  { { .offset = 0, .length = 16, .has_more = true },
	    { .offset = 16, .length = 16 },
	    { .offset = 0, .length = 16, .has_more = true },
	    { .offset = 16, .length = 16 } },
	  ALPHABET },
};

static void check_cases(struct fixture *fixture)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_fixture(fixture, MEMORY_BYTES);
		for (size_t j = 0; j < PIECES && cases[i].pieces[j].length; j++)
			show(fixture, &cases[i].pieces[j]);
		check(cases[i].payload ? shows_whole(fixture, cases[i].payload) :
					 shows_fragment(fixture),
		      "%s", cases[i].sentence);
		close_fixture(fixture);
	}
}

static void check_first_alone(struct fixture *fixture)
{
	const struct piece first = { .offset = 0, .length = 16, .has_more = true, .cut = 4 };

	open_fixture(fixture, MEMORY_BYTES);
	show(fixture, &first);
	check(!shows_fragment(fixture), "a first fragment that cannot be kept shows its header");
	close_fixture(fixture);
}

/* Many are begun, none is ended. */
static void check_memory(struct fixture *fixture)
{
	struct piece piece = { .offset = 0, .length = 1024, .has_more = true };
	struct streams_lost lost;

	open_fixture(fixture, 1u << 20);
	for (piece.identification = 0; piece.identification < 10000; piece.identification++)
		show(fixture, &piece);
	lost = streams_get_lost(fixture->dissection.streams);
	check(lost.fragments > 9900, "of many datagrams that are never ended most are given up");
	show(fixture,
	     &(struct piece){
		     .offset = 0, .length = 16, .has_more = true, .identification = 20000 });
	show(fixture, &(struct piece){ .offset = 16, .length = 16, .identification = 20000 });
	check(shows_whole(fixture, ALPHABET),
	      "a datagram of the last moment is still put together");
	close_fixture(fixture);
}

int main(void)
{
	struct fixture *fixture = malloc(sizeof(*fixture));

	if (!fixture)
		return 1;
	check_cases(fixture);
	check_first_alone(fixture);
	check_memory(fixture);
	free(fixture);
	return check_finish();
}

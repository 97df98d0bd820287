/* SPDX-License-Identifier: GPL-2.0-only */
/* Conversations, and messages that span segments of TCP (tools/stream/). */
#include <stdlib.h>
#include <string.h>

#include "../../tools/dissect/dissector.h"
#include "../../tools/stream/streams.h"
#include "check.h"
#include "tcp_packet.h"

#define PAYLOAD_BYTES 2000

static const struct field_info fields[] = {
	[0] = { "word.text", "Word", FIELD_TEXT },
};

/* Words, each with a full stop at its end; one with a digit first says how long it is. */
static int dissect_words(struct dissection *dissection, struct bytes *bytes)
{
	while (bytes->length > 0) {
		const uint8_t *stop = memchr(bytes->data, '.', bytes->length);
		size_t length = stop ? (size_t)(stop + 1 - bytes->data) : bytes->length;

		if (bytes->data[0] >= '1' && bytes->data[0] <= '9') {
			length = bytes->data[0] - '0';
			if (length > bytes->length &&
			    dissection_wait_for(dissection, *bytes, length))
				return 0;
			length = length > bytes->length ? bytes->length : length;
		} else if (bytes->data[0] == '*') {
			if (dissection_wait_until_end(dissection, *bytes))
				return 0;
			length = bytes->length;
		} else if (!stop && dissection_wait(dissection, *bytes)) {
			return 0;
		}
		if (dissection_add_bytes(dissection, bytes, length, &fields[0], NULL))
			return -ENODATA;
	}
	return 0;
}

static const struct dissector words = {
	.name = "word",
	.label = "WORD",
	.title = "Words",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_words,
};

struct fixture {
	struct dissection dissection;
	uint64_t number;
	uint8_t bytes[TCP_HEADER_BYTES + PAYLOAD_BYTES];
	char found[4 * PAYLOAD_BYTES]; /* the words of the last packet, with spaces between */
};

static void begin(struct fixture *fixture, uint64_t memory_bytes)
{
	memset(fixture, 0, sizeof(*fixture));
	if (dissection_init(&fixture->dissection))
		abort();
	fixture->dissection.streams = streams_new(memory_bytes);
}

static void end(struct fixture *fixture)
{
	streams_free(fixture->dissection.streams);
	dissection_free(&fixture->dissection);
}

/* Returns the words that the packet shows. */
static const char *run(struct fixture *fixture, struct tcp_packet tcp)
{
	struct dissection *dissection = &fixture->dissection;
	struct packet packet = tcp_packet_make(&tcp, ++fixture->number, fixture->bytes);
	char *at = fixture->found;

	dissection_run(dissection, &packet);
	if (dissection->conversation)
		dissection->conversation->dissector = &words;
	*at = 0;
	for (unsigned int i = 0; i < dissection->field_count; i++) {
		const struct field *field = &dissection->fields[i];

		if (field->info == &fields[0])
			at += sprintf(at, "%s%.*s", at == fixture->found ? "" : " ",
				      (int)field->length, (const char *)field->data);
	}
	return fixture->found;
}

static bool has_layer(const struct fixture *fixture)
{
	return dissection_find_layer(&fixture->dissection, &words) != NULL;
}

static const struct tcp_packet syn = { .flags = TCP_SYN, .sequence = 99 };

static struct tcp_packet data(uint32_t sequence, const char *payload)
{
	return (struct tcp_packet){ .flags = TCP_ACK, .sequence = sequence, .payload = payload };
}

static bool shows(struct fixture *fixture, struct tcp_packet tcp, const char *expected)
{
	return strcmp(run(fixture, tcp), expected) == 0;
}

static void test_messages(void)
{
	struct fixture fixture;

	begin(&fixture, 1 << 20);
	run(&fixture, syn);
	check(shows(&fixture, data(100, "one.tw"), "one."),
	      "what is whole of a segment is taken apart");
	check(fixture.dissection.is_segment, "that the rest of it waits is said");
	check(shows(&fixture, data(106, "o"), "") && !has_layer(&fixture),
	      "a segment in the midst of a message has no layer of it");
	check(shows(&fixture, data(107, ".three."), "two. three."),
	      "the last segment has the whole message, and those behind it");
	check(fixture.dissection.reassembled_count == 1, "they are reassembled bytes");
	check(shows(&fixture, data(114, "four."), "four.") &&
		      fixture.dissection.reassembled_count == 0,
	      "the next message is in the packet again");
	run(&fixture, data(119, "5a"));
	check(shows(&fixture, data(121, "b."), "") && shows(&fixture, data(123, "cd."), "5ab.c d."),
	      "a message of known length is not looked at before it is whole");
	run(&fixture, data(126, "*x"));
	check(shows(&fixture, data(128, "y."), "") &&
		      shows(&fixture,
			    (struct tcp_packet){ .flags = TCP_ACK | TCP_FIN, .sequence = 130 },
			    "*xy."),
	      "a message that ends with the connection is shown where that ends");
	end(&fixture);
}

static void test_order(void)
{
	struct fixture fixture;

	begin(&fixture, 1 << 20);
	run(&fixture, syn);
	run(&fixture, data(100, "one.tw"));
	check(shows(&fixture, data(100, "one.tw"), "") && !has_layer(&fixture),
	      "what was sent again is not taken apart again");
	check(shows(&fixture, data(100, "one"), ""), "nor is a part of it");
	check(shows(&fixture, data(106, "o.tw"), "two."), "it does not change what comes next");
	check(shows(&fixture, data(108, "two.three."), "two. three."),
	      "of what was sent again with more behind it, the new is taken apart");
	check(shows(&fixture, data(114, "ree.four."), "") && !has_layer(&fixture),
	      "where nothing waits for it, nothing that was sent again is");
	check(shows(&fixture, data(124, "five."), "five."),
	      "what comes behind a gap is taken apart by itself");
	check(shows(&fixture, data(118, "4four."), ""), "what fills the gap comes too late");
	run(&fixture, data(129, "9a"));
	check(shows(&fixture, data(133, "bcdefsix."), "six."),
	      "behind a gap in a message of known length, the next one is taken apart");
	run(&fixture, data(142, "9a"));
	run(&fixture, data(146, "bcd"));
	check(shows(&fixture, data(148, "defsix."), "six."),
	      "also where its first byte was sent again");
	end(&fixture);
}

static void test_wrap(void)
{
	struct fixture fixture;

	begin(&fixture, 1 << 20);
	run(&fixture, (struct tcp_packet){ .flags = TCP_SYN, .sequence = 0xfffffffd });
	run(&fixture, data(0xfffffffe, "one"));
	check(shows(&fixture, data(1, "."), "one."), "a message spans the wrap of the numbers");
	check(shows(&fixture, data(0xfffffffe, "one."), ""), "before the wrap is old");
	end(&fixture);
}

static void test_cut(void)
{
	struct fixture fixture;
	struct tcp_packet cut = data(100, "one.two");

	begin(&fixture, 1 << 20);
	run(&fixture, syn);
	cut.captured = 6;
	check(shows(&fixture, cut, "one. tw"), "nothing waits behind bytes that were not captured");
	check(shows(&fixture, data(107, "."), "."), "what follows them is in order");
	end(&fixture);
}

static void test_sides(void)
{
	struct fixture fixture;
	struct tcp_packet answer = { .side = 1, .flags = TCP_ACK, .sequence = 500 };

	begin(&fixture, 1 << 20);
	run(&fixture, syn);
	check(fixture.dissection.side == 0, "who speaks first is side 0");
	run(&fixture, data(100, "one"));
	answer.payload = "two.";
	check(shows(&fixture, answer, "two.") && fixture.dissection.side == 1,
	      "the other side has a message of its own");
	check(shows(&fixture, data(103, "."), "one."), "a message goes on behind the other side's");
	end(&fixture);
}

static void test_numbers(void)
{
	struct fixture fixture;
	struct tcp_packet other = syn;

	begin(&fixture, 1 << 20);
	run(&fixture, syn);
	run(&fixture, syn);
	check(fixture.dissection.conversation->number == 0, "a SYN sent again begins nothing");
	other.client = 7;
	run(&fixture, other);
	check(fixture.dissection.conversation->number == 1, "other ends are another conversation");
	other.sequence = 1000;
	run(&fixture, other);
	check(fixture.dissection.conversation->number == 2,
	      "a SYN of another number begins a conversation");
	run(&fixture, data(100, "x."));
	check(fixture.dissection.conversation->number == 0, "the first is still known");
	end(&fixture);
}

/* A conversation costs some hundred bytes. */
static void test_memory(void)
{
	struct fixture fixture;
	struct streams_lost lost;
	char thousand[1001] = { 0 };

	memset(thousand, 'b', 1000);
	begin(&fixture, 40000);
	for (unsigned int i = 1; i < 250; i++)
		run(&fixture, (struct tcp_packet){ .flags = TCP_ACK,
						   .sequence = 100,
						   .payload = "one",
						   .client = (uint8_t)i });
	lost = streams_get_lost(fixture.dissection.streams);
	check(lost.conversations > 50 && lost.conversations < 249,
	      "what was silent longest is given up when the memory is used up");
	check_note("%u conversations were given up", (unsigned int)lost.conversations);
	run(&fixture, data(100, "a."));
	run(&fixture, data(102, "a"));
	for (unsigned int i = 0; i < 100; i++)
		run(&fixture, (struct tcp_packet){ .flags = TCP_ACK,
						   .sequence = 103 + i * 1000,
						   .payload = thousand });
	lost = streams_get_lost(fixture.dissection.streams);
	check(lost.segment_bytes > 10000,
	      "a message longer than the memory is given up, and counted");
	check(shows(&fixture, data(100103, "c.dd."), "c. dd.") ||
		      strstr(fixture.found, "c. dd.") != NULL,
	      "what follows it is taken apart");
	end(&fixture);
}

/* A new connection from the same ports ends the one before, and with it what waited there. */
static void test_reused_ports(void)
{
	struct fixture fixture;
	struct streams_lost lost;
	uint32_t number;

	begin(&fixture, 40000);
	run(&fixture, syn);
	number = fixture.dissection.conversation->number;
	run(&fixture, data(100, "unfinished"));
	run(&fixture, (struct tcp_packet){ .flags = TCP_SYN, .sequence = 4999 });
	check(fixture.dissection.conversation->number == number + 1,
	      "a new connection from the same ports is another conversation");
	check(shows(&fixture, data(5000, "new."), "new."),
	      "what waited in the one before is no part of it");
	lost = streams_get_lost(fixture.dissection.streams);
	check(lost.segment_bytes == 0 && lost.conversations == 0,
	      "none of that is said to be given up to save memory");
	end(&fixture);
}

/* Some 30,000 segments of one byte each, which no one knows the end of. */
static void test_time(void)
{
	struct fixture fixture;
	unsigned int waited = 0;

	begin(&fixture, 32 << 20);
	run(&fixture, syn);
	for (unsigned int i = 0; i < 30000; i++) {
		run(&fixture, data(100 + i, "a"));
		waited += fixture.dissection.is_segment;
	}
	check(waited > 500 && waited < 29999, "a message in very many segments is given up");
	end(&fixture);
}

int main(void)
{
	test_messages();
	test_order();
	test_wrap();
	test_cut();
	test_sides();
	test_numbers();
	test_memory();
	test_reused_ports();
	test_time();
	return check_finish();
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* The bytes of a connection in their order (tools/stream/tcp_stream.c). */
#include "../../tools/stream/tcp_stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define SAID_BYTES 4096

/* What was shown: text; "[N]" for a gap; "|" between the chunks, with the side before each. */
struct said {
	char text[SAID_BYTES];
	size_t length;
	uint64_t offsets[2];
	bool is_contiguous; /* each chunk begins where its side was */
	uint64_t chunks, bytes, missing;
	int error; /* to return */
};

static int show(void *context, const struct tcp_stream_chunk *chunk)
{
	struct said *said = context;
	size_t room = SAID_BYTES - said->length;
	int length;

	said->is_contiguous &= chunk->offset == said->offsets[chunk->side];
	said->offsets[chunk->side] += chunk->bytes.length + chunk->missing;
	said->chunks++;
	said->bytes += chunk->bytes.length;
	said->missing += chunk->missing;
	if (chunk->missing)
		length = snprintf(said->text + said->length, room, "%u[%" PRIu64 "]|", chunk->side,
				  chunk->missing);
	else
		length = snprintf(said->text + said->length, room, "%u%.*s|", chunk->side,
				  (int)chunk->bytes.length, (const char *)chunk->bytes.data);
	said->length += (size_t)length < room ? (size_t)length : 0;
	return said->error;
}

/* One segment. */
struct line {
	unsigned int side;
	uint32_t sequence;
	const char *payload;
	uint32_t acknowledgment; /* 0: none */
	uint32_t cut;            /* bytes of the payload that were not captured */
	bool is_syn;
};

#define SENT(from, number, text, ...)                                                  \
	{                                                                              \
		.side = (from), .sequence = (number), .payload = (text), ##__VA_ARGS__ \
	}

static int add(struct tcp_stream *stream, const struct line *line)
{
	uint32_t length = (uint32_t)strlen(line->payload);
	const struct tcp_stream_segment segment = {
		.side = line->side,
		.sequence = line->sequence,
		.acknowledgment = line->acknowledgment,
		.has_acknowledgment = line->acknowledgment,
		.is_syn = line->is_syn,
		.payload = bytes_make(line->payload, length - line->cut),
		.length = length,
	};

	return tcp_stream_add(stream, &segment);
}

struct case_of {
	const char *sentence;
	struct line lines[8]; /* up to one without a payload */
	const char *expected; /* what was said before the end */
	const char *at_end;   /* what the end adds */
};

static const struct case_of cases[] = {
	{ "what is in order is shown at once",
	  { SENT(0, 9, "", .is_syn = true), SENT(0, 10, "ab"), SENT(1, 50, "xy"),
	    SENT(0, 12, "c") },
	  "0ab|1xy|0c|",
	  "" },
	{ "data of a SYN stand behind its number",
	  { SENT(0, 9, "ab", .is_syn = true), SENT(0, 12, "c") },
	  "0ab|0c|",
	  "" },
	{ "what comes too early waits for what is before it",
	  { SENT(0, 10, "ab"), SENT(0, 14, "ef"), SENT(0, 12, "cd") },
	  "0ab|0cd|0ef|",
	  "" },
	{ "what comes again is not shown again",
	  { SENT(0, 10, "ab"), SENT(0, 12, "cd"), SENT(0, 10, "XY"), SENT(0, 12, "cd") },
	  "0ab|0cd|",
	  "" },
	{ "of what overlaps the first copy counts",
	  { SENT(0, 10, "abc"), SENT(0, 11, "XYde"), SENT(0, 15, "f") },
	  "0abc|0de|0f|",
	  "" },
	{ "of copies that came too early the first counts, too",
	  { SENT(0, 10, "a"), SENT(0, 12, "cd"), SENT(0, 12, "XY"), SENT(0, 11, "b") },
	  "0a|0b|0cd|",
	  "" },
	{ "a gap is shown when the other side has what is missing",
	  { SENT(0, 10, "a"), SENT(0, 14, "ef"), SENT(1, 50, "", .acknowledgment = 16),
	    SENT(0, 16, "g") },
	  "0a|0[3]|0ef|0g|",
	  "" },
	{ "an acknowledgment of what was seen shows no gap",
	  { SENT(0, 10, "a"), SENT(0, 14, "ef"), SENT(1, 50, "", .acknowledgment = 11) },
	  "0a|",
	  "0[3]|0ef|" },
	{ "at the end each gap is shown",
	  { SENT(0, 10, "a"), SENT(0, 14, "e"), SENT(0, 18, "i") },
	  "0a|",
	  "0[3]|0e|0[3]|0i|" },
	{ "what fills a gap that was shown comes too late",
	  { SENT(0, 10, "a"), SENT(0, 14, "e"), SENT(1, 50, "", .acknowledgment = 15),
	    SENT(0, 11, "bcd") },
	  "0a|0[3]|0e|",
	  "" },
	{ "the numbers wrap",
	  { SENT(0, 0xfffffffe, "ab"), SENT(0, 2, "ef"), SENT(0, 0, "cd") },
	  "0ab|0cd|0ef|",
	  "" },
	{ "what was not captured of a segment is a gap",
	  { SENT(0, 10, "abcd", .cut = 2), SENT(0, 14, "e") },
	  "0ab|0[2]|0e|",
	  "" },
	{ "what was not captured of a segment is a gap where it came too early, too",
	  { SENT(0, 10, "a"), SENT(0, 12, "cdef", .cut = 1), SENT(0, 11, "b") },
	  "0a|0b|0cde|0[1]|",
	  "" },
	{ "what is before the first segment is old",
	  { SENT(0, 10, "b"), SENT(0, 9, "a"), SENT(0, 11, "c") },
	  "0b|0c|",
	  "" },
};

static void test_case(const struct case_of *which)
{
	struct said said = { .is_contiguous = true };
	struct tcp_stream *stream = tcp_stream_new(1 << 20, show, &said);
	int error = 0;
	size_t before;

	for (const struct line *line = which->lines; line->payload; line++)
		error = add(stream, line) ?: error;
	before = said.length;
	check(!error && strcmp(said.text, which->expected) == 0, "%s", which->sentence);
	check_note("said %s, not %s", said.text, which->expected);
	error = tcp_stream_finish(stream);
	check(!error && strcmp(said.text + before, which->at_end) == 0 && said.is_contiguous,
	      "the end of it: %s", which->sentence);
	check_note("at the end %s, not %s", said.text + before, which->at_end);
	tcp_stream_free(stream);
}

static void test_memory(void)
{
	struct said said = { .is_contiguous = true };
	struct tcp_stream *stream = tcp_stream_new(10000, show, &said);
	uint64_t sent = 0;

	add(stream, &(struct line)SENT(0, 1, "a"));
	/* Behind one byte that never comes. */
	for (uint32_t i = 0; i < 5000; i++, sent += 10)
		add(stream, &(struct line)SENT(0, 3 + 10 * i, "0123456789"));
	check(tcp_stream_early_gaps(stream) == 1,
	      "where the memory is used up, a gap is assumed, and counted");
	check(said.bytes == sent + 1 && said.missing == 1 && said.is_contiguous,
	      "what was kept is shown then");
	tcp_stream_free(stream);
}

/* Each segment leaves a byte out, or comes from the last to the first. */
static void test_many(void)
{
	struct said said = { .is_contiguous = true };
	struct tcp_stream *stream = tcp_stream_new(64 << 20, show, &said);

	add(stream, &(struct line)SENT(0, 0, "a"));
	for (uint32_t i = 200000; i > 0; i--)
		add(stream, &(struct line)SENT(0, i, "b"));
	check(said.bytes == 200001 && said.missing == 0 && said.is_contiguous,
	      "a stream that comes in the reverse order is put in order");
	tcp_stream_free(stream);
}

static void test_random(void)
{
	static const char text[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
	const uint32_t first = 0xfffffff0, length = sizeof(text) - 1;
	unsigned int good = 0, rounds = 2000;

	srand(1);
	for (unsigned int round = 0; round < rounds; round++) {
		struct said said = { .is_contiguous = true };
		struct tcp_stream *stream = tcp_stream_new(1 << 20, show, &said);
		char piece[16];
		uint64_t seen = 0;

		add(stream, &(struct line)SENT(0, first - 1, "", .is_syn = true));
		/* Any pieces, then all bytes one by one: the order and the copies do not matter. */
		for (unsigned int i = 0; i < 12; i++) {
			uint32_t at = (uint32_t)rand() % length, size = 1 + (uint32_t)rand() % 12;

			if (size > length - at)
				size = length - at;
			memcpy(piece, text + at, size);
			piece[size] = '\0';
			add(stream, &(struct line)SENT(0, first + at, piece));
		}
		for (uint32_t i = 0; i < length; i++) {
			piece[0] = text[i];
			piece[1] = '\0';
			add(stream, &(struct line)SENT(0, first + i, piece));
		}
		tcp_stream_finish(stream);
		for (size_t i = 0; i < said.length; i++)
			if (said.text[i] >= 'a')
				seen += seen < length && said.text[i] == text[seen];
		good += seen == length && said.bytes == length && !said.missing &&
			said.is_contiguous;
		tcp_stream_free(stream);
	}
	check(good == rounds, "pieces in any order, overlapping, are the text that was sent");
	check_note("%u of %u", good, rounds);
}

static void test_error(void)
{
	struct said said = { .error = -EPIPE };
	struct tcp_stream *stream = tcp_stream_new(1 << 20, show, &said);

	check(add(stream, &(struct line)SENT(0, 1, "a")) == -EPIPE,
	      "an error of the output is returned");
	tcp_stream_free(stream);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(&cases[i]);
	test_memory();
	test_many();
	test_random();
	test_error();
	return check_finish();
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* What the numbers of TCP mean (tools/stream/tcp_analysis.c); tshark says the same of these. */
#include "../../tools/stream/tcp_analysis.h"

#include <string.h>

#include "check.h"

#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define ACK 0x10

#define LINES 9

/* Numbers count from 1000 for side 0 and from 5000 for side 1. */
struct line {
	unsigned int side;
	uint16_t flags;
	uint32_t sequence, length, acknowledgment;
	uint16_t window;
	uint32_t time_ms;
};

struct case_of {
	const char *sentence;
	struct line lines[LINES]; /* up to one without flags; behind a handshake at 0, 10, 20 ms */
	uint32_t notes;           /* of the last one */
};

static const struct line handshake[] = {
	{ 0, SYN, 0, 0, 0, 100, 0 },
	{ 1, SYN | ACK, 0, 0, 1, 100, 10 },
	{ 0, ACK, 1, 0, 1, 100, 20 },
};

static const struct case_of cases[] = {
	{ "data in order are nothing to note", { { 0, ACK, 1, 10, 1, 100, 30 } }, 0 },
	{ "data behind a gap tell of a segment that was lost",
	  { { 0, ACK, 1, 10, 1, 100, 30 }, { 0, ACK, 21, 10, 1, 100, 31 } },
	  TCP_NOTE_LOST_SEGMENT },
	{ "data before the highest, just behind it, are out of order",
	  { { 0, ACK, 11, 10, 1, 100, 30 }, { 0, ACK, 1, 10, 1, 100, 31 } },
	  TCP_NOTE_OUT_OF_ORDER },
	{ "data before the highest, later than a round trip, are sent again",
	  { { 0, ACK, 11, 10, 1, 100, 30 }, { 0, ACK, 1, 10, 1, 100, 60 } },
	  TCP_NOTE_RETRANSMISSION },
	{ "data that end where the highest do are sent again",
	  { { 0, ACK, 1, 10, 1, 100, 30 }, { 0, ACK, 1, 10, 1, 100, 31 } },
	  TCP_NOTE_RETRANSMISSION },
	{ "a FIN that comes twice is sent again",
	  { { 0, FIN | ACK, 1, 0, 1, 100, 30 }, { 0, FIN | ACK, 1, 0, 1, 100, 31 } },
	  TCP_NOTE_RETRANSMISSION },
	{ "data that were acknowledged are sent again for nothing",
	  { { 0, ACK, 1, 10, 1, 100, 30 },
	    { 1, ACK, 1, 0, 11, 100, 31 },
	    { 0, ACK, 1, 10, 1, 100, 32 } },
	  TCP_NOTE_SPURIOUS_RETRANSMISSION },
	{ "an acknowledgment that says nothing new is a duplicate",
	  { { 0, ACK, 1, 10, 1, 100, 30 },
	    { 1, ACK, 1, 0, 11, 100, 31 },
	    { 1, ACK, 1, 0, 11, 100, 32 } },
	  TCP_NOTE_DUPLICATE_ACK },
	{ "data that three acknowledgments asked for are sent again fast",
	  { { 0, ACK, 1, 10, 1, 100, 30 },
	    { 0, ACK, 21, 10, 1, 100, 31 },
	    { 1, ACK, 1, 0, 11, 100, 32 },
	    { 1, ACK, 1, 0, 11, 100, 33 },
	    { 1, ACK, 1, 0, 11, 100, 34 },
	    { 0, ACK, 11, 10, 1, 100, 35 } },
	  TCP_NOTE_FAST_RETRANSMISSION },
	{ "an acknowledgment of what was not seen tells of it",
	  { { 0, ACK, 1, 10, 1, 100, 30 }, { 1, ACK, 1, 0, 31, 100, 31 } },
	  TCP_NOTE_ACKED_LOST_SEGMENT },
	{ "an acknowledgment with another window updates it",
	  { { 1, ACK, 1, 0, 1, 200, 30 }, { 1, ACK, 1, 0, 1, 300, 31 } },
	  TCP_NOTE_WINDOW_UPDATE },
	{ "a closed window is noted", { { 1, ACK, 1, 0, 1, 0, 30 } }, TCP_NOTE_ZERO_WINDOW },
	{ "one byte into a closed window is a probe",
	  { { 1, ACK, 1, 0, 1, 0, 30 }, { 0, ACK, 1, 1, 1, 100, 31 } },
	  TCP_NOTE_ZERO_WINDOW_PROBE },
	{ "who answers a probe says that the window is closed",
	  { { 1, ACK, 1, 0, 1, 0, 30 }, { 0, ACK, 1, 1, 1, 100, 31 }, { 1, ACK, 1, 0, 1, 0, 32 } },
	  TCP_NOTE_ZERO_WINDOW | TCP_NOTE_ZERO_WINDOW_PROBE_ACK },
	{ "data up to the end of the window fill it",
	  { { 0, ACK, 1, 100, 1, 100, 30 } },
	  TCP_NOTE_WINDOW_FULL },
	{ "a byte before the next one keeps a connection alive",
	  { { 0, ACK, 1, 10, 1, 100, 30 },
	    { 1, ACK, 1, 0, 11, 100, 31 },
	    { 0, ACK, 10, 1, 1, 100, 90 } },
	  TCP_NOTE_KEEP_ALIVE },
	{ "what answers it is no duplicate",
	  { { 0, ACK, 1, 10, 1, 100, 30 },
	    { 1, ACK, 1, 0, 11, 100, 31 },
	    { 0, ACK, 10, 0, 1, 100, 90 },
	    { 1, ACK, 1, 0, 11, 100, 91 } },
	  TCP_NOTE_KEEP_ALIVE_ACK },
	{ "a reset is not behind a gap", { { 0, RST, 50, 0, 0, 0, 30 } }, 0 },
};

static struct tcp_findings add(struct tcp_analysis *analysis, const struct line *line,
			       uint32_t first, uint64_t packet)
{
	const uint32_t firsts[2] = { first, first + 4000 };
	const struct tcp_numbers numbers = {
		.sequence = firsts[line->side] + line->sequence,
		.acknowledgment =
			line->flags & ACK ? firsts[!line->side] + line->acknowledgment : 0,
		.length = line->length,
		.window = line->window,
		.flags = line->flags,
		.scale = TCP_SCALE_UNKNOWN,
		.time_ns = 1 + line->time_ms * 1000000ull,
		.packet = packet,
	};
	struct tcp_findings found;

	tcp_analysis_add(analysis, line->side, &numbers, &found);
	return found;
}

static struct tcp_findings run(const struct case_of *which, uint32_t first)
{
	struct tcp_findings found = { 0 };
	struct tcp_analysis analysis;
	uint64_t packet = 0;

	tcp_analysis_begin(&analysis);
	for (size_t i = 0; i < sizeof(handshake) / sizeof(handshake[0]); i++)
		add(&analysis, &handshake[i], first, ++packet);
	for (const struct line *line = which->lines; line->flags; line++)
		found = add(&analysis, line, first, ++packet);
	return found;
}

static void test_duplicates(void)
{
	static const struct case_of third = {
		.lines = { { 0, ACK, 1, 10, 1, 100, 30 },
			   { 1, ACK, 1, 0, 11, 100, 31 },
			   { 1, ACK, 1, 0, 11, 100, 32 },
			   { 1, ACK, 1, 0, 11, 100, 33 } },
	};
	struct tcp_findings found = run(&third, 1000);

	check(found.duplicate == 2 && found.duplicate_of == 5,
	      "duplicates are counted from the packet that they repeat");
}

static void test_scale(void)
{
	struct tcp_analysis analysis;
	struct tcp_findings found;
	struct tcp_numbers numbers = { .flags = SYN, .scale = 7, .window = 100, .sequence = 1 };

	tcp_analysis_begin(&analysis);
	tcp_analysis_add(&analysis, 0, &numbers, &found);
	check(!tcp_analysis_is_over(&analysis, 0, &numbers), "a SYN that comes again is the same");
	numbers.sequence = 2;
	check(tcp_analysis_is_over(&analysis, 0, &numbers),
	      "a SYN of another number begins another connection");
	numbers = (struct tcp_numbers){ .flags = SYN | ACK, .scale = 3, .acknowledgment = 2 };
	tcp_analysis_add(&analysis, 1, &numbers, &found);
	check(analysis.sides[0].scale == 7 && analysis.sides[1].scale == 3,
	      "windows are scaled as each side says");
	tcp_analysis_begin(&analysis);
	numbers = (struct tcp_numbers){ .flags = SYN, .scale = 7 };
	tcp_analysis_add(&analysis, 0, &numbers, &found);
	numbers = (struct tcp_numbers){ .flags = SYN | ACK, .scale = TCP_SCALE_UNKNOWN };
	tcp_analysis_add(&analysis, 1, &numbers, &found);
	check(analysis.sides[0].scale < 0 || analysis.sides[1].scale == TCP_SCALE_NONE,
	      "they are not where one does not say it");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tcp_findings found = run(&cases[i], 1000);

		check(found.notes == cases[i].notes, "%s", cases[i].sentence);
		check_note("notes are 0x%x, not 0x%x", found.notes, cases[i].notes);
		/* Both sides wrap in the midst of what they say. */
		found = run(&cases[i], 0xfffffff8u);
		check(found.notes == cases[i].notes, "where numbers wrap: %s", cases[i].sentence);
	}
	test_duplicates();
	test_scale();
	return check_finish();
}

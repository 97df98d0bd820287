/* SPDX-License-Identifier: GPL-2.0-only */
/* See tcp_analysis.h. */
#include "tcp_analysis.h"

#define FLAG_FIN 0x01
#define FLAG_SYN 0x02
#define FLAG_RST 0x04
#define FLAG_ACK 0x10

#define FAST_RETRANSMISSION_NS 20000000
#define OUT_OF_ORDER_NS 3000000 /* where the handshake was not seen */

const char *const tcp_note_names[TCP_NOTE_COUNT] = {
	"TCP Port numbers reused",  "TCP Retransmission",
	"TCP Fast Retransmission",  "TCP Spurious Retransmission",
	"TCP Out-Of-Order",         "TCP Previous segment not captured",
	"TCP ACKed unseen segment", "TCP Window Update",
	"TCP Window Full",          "TCP Keep-Alive",
	"TCP Keep-Alive ACK",       "TCP Dup ACK",
	"TCP ZeroWindowProbe",      "TCP ZeroWindow",
	"TCP ZeroWindowProbeAck",
};

/* A segment, and the sides as they were before it. */
struct segment {
	const struct tcp_numbers *numbers;
	const struct tcp_analysis *analysis;
	const struct tcp_side *from, *to;
	bool is_plain; /* neither SYN, FIN nor RST */
};

/* Numbers wrap: what is less than half of their range ahead is behind. */
static bool is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static bool is_in_order(const struct segment *segment)
{
	return segment->from->next && segment->numbers->sequence == segment->from->next;
}

/* No payload, and nothing in the numbers that was not in the segment before it. */
static bool repeats(const struct segment *segment)
{
	return segment->is_plain && segment->numbers->length == 0 && is_in_order(segment) &&
	       segment->numbers->window == segment->from->last_window &&
	       segment->numbers->acknowledgment == segment->from->last_acknowledgment;
}

static uint32_t find_loss(const struct segment *segment)
{
	const struct tcp_numbers *numbers = segment->numbers;

	return segment->from->next && !(numbers->flags & FLAG_RST) &&
			       is_before(segment->from->next, numbers->sequence) ?
		       TCP_NOTE_LOST_SEGMENT :
		       0;
}

static uint32_t find_keep_alive(const struct segment *segment)
{
	const struct tcp_numbers *numbers = segment->numbers;

	return segment->is_plain && numbers->length <= 1 && segment->from->next &&
			       numbers->sequence == segment->from->next - 1 ?
		       TCP_NOTE_KEEP_ALIVE :
		       0;
}

static uint32_t find_window_update(const struct segment *segment)
{
	const struct tcp_numbers *numbers = segment->numbers;

	return segment->is_plain && numbers->length == 0 && numbers->window &&
			       numbers->window != segment->from->last_window &&
			       is_in_order(segment) &&
			       numbers->acknowledgment == segment->from->last_acknowledgment ?
		       TCP_NOTE_WINDOW_UPDATE :
		       0;
}

static uint32_t find_full_window(const struct segment *segment)
{
	const struct tcp_numbers *numbers = segment->numbers;

	return segment->is_plain && numbers->length > 0 &&
			       segment->to->scale != TCP_SCALE_UNKNOWN &&
			       numbers->sequence + numbers->length == segment->to->window_end ?
		       TCP_NOTE_WINDOW_FULL :
		       0;
}

/* An acknowledgment that says nothing new is an answer, or says that something is missing. */
static uint32_t find_repetition(const struct segment *segment)
{
	const struct tcp_numbers *numbers = segment->numbers;
	uint32_t answered = segment->to->last_notes;

	if (repeats(segment) && numbers->window)
		return answered & TCP_NOTE_KEEP_ALIVE ? TCP_NOTE_KEEP_ALIVE_ACK :
							TCP_NOTE_DUPLICATE_ACK;
	if (segment->is_plain && numbers->length == 0 && numbers->window == 0 &&
	    segment->from->last_window == 0 && is_in_order(segment) &&
	    numbers->acknowledgment - segment->from->last_acknowledgment <= 1 &&
	    answered & TCP_NOTE_ZERO_WINDOW_PROBE)
		return TCP_NOTE_ZERO_WINDOW_PROBE_ACK;
	return 0;
}

static uint32_t find_window_notes(const struct segment *segment)
{
	const struct tcp_numbers *numbers = segment->numbers;
	uint32_t notes;

	if (numbers->length == 1 && is_in_order(segment) && segment->to->has_window &&
	    segment->to->last_window == 0)
		return TCP_NOTE_ZERO_WINDOW_PROBE;
	notes = numbers->window == 0 && segment->is_plain ? TCP_NOTE_ZERO_WINDOW : 0;
	return notes | find_loss(segment) | find_keep_alive(segment) | find_window_update(segment) |
	       find_full_window(segment) | find_repetition(segment);
}

static uint32_t find_unseen(const struct segment *segment)
{
	const struct tcp_numbers *numbers = segment->numbers;

	/* It is said once. */
	if (segment->from->has_window &&
	    numbers->acknowledgment == segment->from->last_acknowledgment)
		return 0;
	return segment->to->contiguous_end && numbers->flags & FLAG_ACK &&
			       is_before(segment->to->contiguous_end, numbers->acknowledgment) ?
		       TCP_NOTE_ACKED_LOST_SEGMENT :
		       0;
}

/* The receiver asked for it, just before. */
static bool is_fast(const struct segment *segment)
{
	const struct tcp_side *to = segment->to;

	return segment->numbers->time_ns - to->last_time_ns < FAST_RETRANSMISSION_NS &&
	       to->duplicates >= 2 && to->last_acknowledgment == segment->numbers->sequence;
}

static uint32_t end_of(const struct tcp_numbers *numbers)
{
	return numbers->sequence + numbers->length + !!(numbers->flags & (FLAG_SYN | FLAG_FIN));
}

/* The highest number came so short a time before that it may have overtaken this one. */
static bool is_overtaken(const struct segment *segment)
{
	const struct tcp_numbers *numbers = segment->numbers;
	uint64_t threshold_ns = segment->analysis->round_trip_ns ?: OUT_OF_ORDER_NS;

	return numbers->time_ns - segment->from->next_time_ns < threshold_ns &&
	       segment->from->next != end_of(numbers);
}

/* Segments that do not begin where the one before ended, but before that. */
static uint32_t find_repeated_data(const struct segment *segment, uint32_t notes)
{
	const struct tcp_numbers *numbers = segment->numbers;
	const struct tcp_side *from = segment->from;

	if (numbers->length == 0 && !(numbers->flags & (FLAG_SYN | FLAG_FIN)))
		return 0;
	if (notes & TCP_NOTE_KEEP_ALIVE)
		return 0;
	if (numbers->length > 0 && segment->to->last_acknowledgment &&
	    !is_before(segment->to->last_acknowledgment, numbers->sequence + numbers->length))
		return TCP_NOTE_SPURIOUS_RETRANSMISSION;
	if (!from->next || !is_before(numbers->sequence, from->next))
		return 0;
	/* One byte of it was a probe of a window that was closed. */
	if (numbers->length > 1 && numbers->sequence == from->next - 1)
		return 0;
	if (is_fast(segment))
		return TCP_NOTE_FAST_RETRANSMISSION;
	return is_overtaken(segment) ? TCP_NOTE_OUT_OF_ORDER : TCP_NOTE_RETRANSMISSION;
}

/* Returns whether the sender begins anew, in answer to a SYN that was answered before. */
static bool learn_first(struct tcp_side *from, struct tcp_side *to,
			const struct tcp_numbers *numbers)
{
	bool is_new = from->has_first && from->first != numbers->sequence &&
		      (numbers->flags & (FLAG_SYN | FLAG_ACK)) == (FLAG_SYN | FLAG_ACK);

	if (is_new)
		from->has_first = false;
	if (!from->has_first)
		from->first = numbers->flags & FLAG_SYN ? numbers->sequence : numbers->sequence - 1;
	from->has_first = true;
	/* What a SYN acknowledges is not always 0. */
	if (!to->has_first && numbers->flags & FLAG_ACK) {
		to->first = numbers->acknowledgment - 1;
		to->has_first = true;
	}
	return is_new;
}

/* RFC 7323, section 2.2: it is used where both sides have the option in their SYN. */
static void learn_scale(struct tcp_side *from, struct tcp_side *to,
			const struct tcp_numbers *numbers)
{
	if (!(numbers->flags & FLAG_SYN))
		return;
	if (numbers->scale == TCP_SCALE_UNKNOWN) {
		if (from->scale == TCP_SCALE_UNKNOWN)
			from->scale = to->scale = TCP_SCALE_NONE;
	} else if (!(numbers->flags & FLAG_ACK) || to->scale != TCP_SCALE_NONE) {
		from->scale = (int8_t)(numbers->scale < 14 ? numbers->scale : 14);
	} else {
		from->scale = TCP_SCALE_NONE;
	}
}

static void learn_round_trip(struct tcp_analysis *analysis, const struct tcp_numbers *numbers)
{
	switch (numbers->flags & (FLAG_SYN | FLAG_ACK)) {
	case FLAG_SYN:
		analysis->syn_time_ns = numbers->time_ns;
		break;
	case FLAG_SYN | FLAG_ACK:
		analysis->is_answered = true;
		break;
	case FLAG_ACK:
		if (analysis->is_answered && analysis->syn_time_ns && !analysis->round_trip_ns &&
		    numbers->time_ns > analysis->syn_time_ns)
			analysis->round_trip_ns = numbers->time_ns - analysis->syn_time_ns;
		analysis->is_answered = false;
		break;
	}
}

static void learn_numbers(struct tcp_side *from, const struct tcp_numbers *numbers, uint32_t notes)
{
	uint32_t next = end_of(numbers);

	if (notes & TCP_NOTE_ZERO_WINDOW_PROBE)
		return;
	/* As in Wireshark, 0 means that none was seen. */
	if (!from->next || is_before(from->next, next)) {
		from->next = next;
		from->next_time_ns = numbers->time_ns;
	}
	if (!from->contiguous_end || numbers->sequence == from->contiguous_end)
		from->contiguous_end = from->next;
}

static void learn_window(struct tcp_side *from, const struct tcp_numbers *numbers)
{
	int scale = numbers->flags & FLAG_SYN || from->scale < 0 ? 0 : from->scale;

	from->last_window = numbers->window;
	from->last_acknowledgment = numbers->acknowledgment;
	from->window_end = numbers->acknowledgment + ((uint32_t)numbers->window << scale);
	from->last_time_ns = numbers->time_ns;
	from->has_window = true;
}

static void count_duplicates(struct tcp_side *from, const struct tcp_numbers *numbers,
			     struct tcp_findings *findings)
{
	if (findings->notes & TCP_NOTE_DUPLICATE_ACK) {
		findings->duplicate = ++from->duplicates;
		findings->duplicate_of = from->last_new_packet;
	}
	if (numbers->acknowledgment != from->last_acknowledgment) {
		from->last_new_packet = numbers->packet;
		from->duplicates = 0;
	}
}

void tcp_analysis_begin(struct tcp_analysis *analysis)
{
	*analysis = (struct tcp_analysis){ 0 };
	analysis->sides[0].scale = analysis->sides[1].scale = TCP_SCALE_UNKNOWN;
}

bool tcp_analysis_is_over(const struct tcp_analysis *analysis, unsigned int side,
			  const struct tcp_numbers *numbers)
{
	const struct tcp_side *from = &analysis->sides[side];

	return (numbers->flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN && from->has_first &&
	       from->first != numbers->sequence;
}

void tcp_analysis_add(struct tcp_analysis *analysis, unsigned int side,
		      const struct tcp_numbers *numbers, struct tcp_findings *ret_findings)
{
	struct tcp_side *from = &analysis->sides[side], *to = &analysis->sides[!side];
	const struct segment segment = {
		.numbers = numbers,
		.analysis = analysis,
		.from = from,
		.to = to,
		.is_plain = !(numbers->flags & (FLAG_SYN | FLAG_FIN | FLAG_RST)),
	};
	struct tcp_findings findings = { 0 };

	if (learn_first(from, to, numbers))
		analysis->has_reused_ports = true;
	findings.notes = find_window_notes(&segment);
	count_duplicates(from, numbers, &findings);
	/* The byte of the probe was accepted: so it was no mere probe. */
	if (findings.notes & TCP_NOTE_ZERO_WINDOW_PROBE_ACK &&
	    numbers->acknowledgment != from->last_acknowledgment)
		to->next = to->contiguous_end = numbers->acknowledgment;
	findings.notes |= find_unseen(&segment);
	if (findings.notes & TCP_NOTE_ACKED_LOST_SEGMENT)
		to->contiguous_end = to->next;
	findings.notes |= find_repeated_data(&segment, findings.notes);
	if (analysis->has_reused_ports)
		findings.notes |= TCP_NOTE_PORTS_REUSED;
	analysis->has_reused_ports = false;
	learn_numbers(from, numbers, findings.notes);
	learn_scale(from, to, numbers);
	learn_window(from, numbers);
	learn_round_trip(analysis, numbers);
	from->last_notes = findings.notes;
	*ret_findings = findings;
}

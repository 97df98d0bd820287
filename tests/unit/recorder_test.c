/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of --before: what stays in it, what leaves it and how, and what it counts. */
#include "../../user/recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define SECOND 1000000000ull
#define MIB (1u << 20)

static uint8_t bytes_of_packets[MAXIMUM_SNAPSHOT_BYTES];

static struct recorder *make(uint64_t keep_ns, uint64_t bytes)
{
	const struct recorder_options options = { .keep_ns = keep_ns, .bytes = bytes };
	struct recorder *recorder = NULL;
	struct error why = {};

	if (recorder_new(&options, &recorder, &why)) {
		check(false, "there is memory: %s", why.message);
		exit(1);
	}
	return recorder;
}

/* The number is in the time, and in each byte. */
static bool put(struct recorder *recorder, uint64_t number, uint32_t length, uint64_t taken_ns)
{
	const struct recorder_packet packet = {
		.taken_ns = taken_ns,
		.time_ns = (int64_t)number,
		.record = { .time_ns = number, .wire_bytes = length + 4, .captured_bytes = length },
	};

	memset(bytes_of_packets, (int)(number % 251), length);
	return recorder_put(recorder, &packet, bytes_of_packets);
}

/* Whether the packet is whole, as it was put there. */
static bool is_whole(const struct recorder_packet *packet, uint64_t number)
{
	const uint8_t *bytes = (const uint8_t *)(packet + 1);

	if (packet->time_ns != (int64_t)number || packet->record.time_ns != number ||
	    packet->record.wire_bytes != packet->record.captured_bytes + 4)
		return false;
	for (uint32_t i = 0; i < packet->record.captured_bytes; i++)
		if (bytes[i] != number % 251)
			return false;
	return true;
}

/* Takes out all that is owed; whether these are the packets from `first` on, whole. */
static bool leave_in_order(struct recorder *recorder, uint64_t first, uint64_t count)
{
	const struct recorder_packet *packet;
	bool right = true;

	for (uint64_t i = 0; i < count; i++) {
		packet = recorder_peek(recorder);
		if (!packet)
			return false;
		right &= is_whole(packet, first + i);
		recorder_release(recorder);
	}
	return right && !recorder_peek(recorder);
}

static bool figures_are(const struct recorder *recorder, uint64_t packets, uint64_t owed,
			uint64_t expired)
{
	struct recorder_figures figures = recorder_figures(recorder);

	if (figures.packets == packets && figures.owed == owed && figures.expired == expired)
		return true;
	printf("# packets %" PRIu64 " owed %" PRIu64 " expired %" PRIu64 "\n", figures.packets,
	       figures.owed, figures.expired);
	return false;
}

static void test_time(void)
{
	struct recorder *recorder = make(10 * SECOND, 4 * MIB);

	check(figures_are(recorder, 0, 0, 0) && !recorder_age_ns(recorder, SECOND),
	      "nothing is there at first");
	for (uint64_t i = 0; i < 30; i++)
		put(recorder, i, 100, (i + 1) * SECOND);
	recorder_expire(recorder, 30 * SECOND);
	check(figures_are(recorder, 11, 0, 19), "what is older than wanted expires");
	check(recorder_age_ns(recorder, 30 * SECOND) == 10 * SECOND, "what is as old stays");
	check(!recorder_is_short(recorder, 30 * SECOND), "that is no want of room");
	check(!recorder_peek(recorder), "nothing is owed by itself");
	recorder_owe(recorder);
	recorder_expire(recorder, 90 * SECOND);
	check(figures_are(recorder, 11, 11, 19), "what is owed does not expire");
	put(recorder, 30, 100, 31 * SECOND);
	check(figures_are(recorder, 12, 12, 19), "what comes then is owed, too");
	recorder_owe_no_more(recorder);
	put(recorder, 31, 100, 32 * SECOND);
	check(figures_are(recorder, 13, 12, 19), "until nothing more is");
	check(leave_in_order(recorder, 19, 12), "it leaves in its order, whole");
	check(figures_are(recorder, 1, 0, 19), "what is not owed stays");
	recorder_expire(recorder, 90 * SECOND);
	check(figures_are(recorder, 0, 0, 20), "and expires as before");
	recorder_free(recorder);
}

static void test_room(void)
{
	struct recorder *recorder = make(0, 3 * MIB);
	uint64_t count = 0, kept;

	for (; count < 100000; count++)
		put(recorder, count, (uint32_t)(count * 7919 % 1500), SECOND + count);
	kept = recorder_figures(recorder).packets;
	check(recorder_figures(recorder).expired == count - kept, "what is not kept has expired");
	/* An average packet takes 750 bytes and its head. */
	check(kept > 2 * MIB / 810 && kept < 3 * MIB / 790, "the memory is full, but for a chunk");
	check_note("%" PRIu64 " packets are kept", kept);
	check(recorder_figures(recorder).bytes == 3 * MIB &&
		      recorder_figures(recorder).maximum_bytes == 3 * MIB,
	      "memory in use is what was allowed");
	recorder_owe(recorder);
	check(leave_in_order(recorder, count - kept, kept), "the youngest are kept, in order");
	check(recorder_figures(recorder).bytes == 0, "what is empty has no memory in use");
	recorder_free(recorder);
}

static void test_owed_room(void)
{
	struct recorder *recorder = make(10 * SECOND, 2 * MIB);
	uint64_t count = 0;

	recorder_owe(recorder);
	while (put(recorder, count, 1000, SECOND))
		count++;
	check(count == 2 * (MIB / 1048), "no packet that is owed goes for one that comes");
	check(figures_are(recorder, count, count, 0), "all that found room are owed");
	for (int i = 0; i < 1500; i++)
		recorder_release(recorder);
	check(put(recorder, count, 1000, SECOND), "what is written makes room");
	check(leave_in_order(recorder, 1500, count + 1 - 1500), "the order stays");
	recorder_owe_no_more(recorder);
	for (uint64_t i = 0; i < 5000; i++)
		put(recorder, i, 1000, 20 * SECOND);
	check(recorder_is_short(recorder, 21 * SECOND), "what had to go too early is known");
	check(!recorder_is_short(recorder, 31 * SECOND), "but not for ever");
	recorder_free(recorder);
}

static void test_sizes(void)
{
	struct recorder *recorder = make(0, 1);
	bool all = true;

	check(recorder_figures(recorder).maximum_bytes == 2 * MIB, "there are two chunks at least");
	for (uint64_t i = 0; i < 100; i++)
		all &= put(recorder, i, i % 2 ? MAXIMUM_SNAPSHOT_BYTES : (uint32_t)i % 9, SECOND);
	check(all, "the largest packets find room, and those without a byte");
	recorder_owe(recorder);
	check(leave_in_order(recorder, 100 - recorder_figures(recorder).packets,
			     recorder_figures(recorder).packets),
	      "they leave it whole");
	recorder_free(recorder);
	recorder = make(0, 5 * MIB + 1);
	check(recorder_figures(recorder).maximum_bytes == 6 * MIB, "a size is rounded up");
	recorder_free(recorder);
	recorder_free(NULL);
}

static void test_end(void)
{
	struct recorder *recorder = make(10 * SECOND, 2 * MIB);

	for (uint64_t i = 0; i < 10; i++)
		put(recorder, i, 100, SECOND);
	recorder_owe(recorder);
	recorder_owe_no_more(recorder);
	for (uint64_t i = 0; i < 5; i++)
		put(recorder, i, 100, SECOND);
	check(recorder_empty(recorder) == 10, "what is owed at the end is told");
	check(figures_are(recorder, 0, 0, 5), "and the rest expires");
	check(recorder_empty(recorder) == 0 && put(recorder, 0, 1, SECOND), "an empty one goes on");
	recorder_free(recorder);
}

static void test_no_memory(void)
{
	const struct recorder_options options = { .bytes = UINT64_MAX / 2 };
	struct recorder *recorder = NULL;
	struct error why = {};

	check(recorder_new(&options, &recorder, &why) == -ENOMEM && !recorder &&
		      strstr(why.message, "'--before'"),
	      "more memory than there is is an error");
	check_note("%s", why.message);
}

int main(void)
{
	test_time();
	test_room();
	test_owed_room();
	test_sizes();
	test_end();
	test_no_memory();
	return check_finish();
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* From the rings to the file, or into memory first; see intake.h. */
#include "intake.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"

/* Of memory, between two looks at the rings: about a millisecond. */
#define SLICE_BYTES (1u << 20)
#define MIB (1u << 20)

static const struct trigger_options *trigger_options(const struct intake *intake)
{
	return &intake->options->options->trigger;
}

static bool is_conditional(const struct intake *intake)
{
	return intake->recorder || intake->trigger.condition;
}

/* The programs read the word before each copy. With --before they copy in any case. */
static void pause_programs(struct intake *intake, bool pause)
{
	if (!intake->recorder)
		__atomic_store_n(&intake->options->control->is_paused, pause, __ATOMIC_RELAXED);
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

/*
 * So much before the second in which the rate was reached, which is known a look behind it at the
 * latest; a signal takes its time, too.
 */
static uint64_t keep_ns(const struct trigger_options *options)
{
	if (!options->before_ns)
		return 0;
	return options->before_ns + 2 * TRIGGER_LOOK_NS +
	       (options->condition ? TRIGGER_WINDOW_NS : 0);
}

int intake_reserve_memory(const struct trigger_options *given, struct recorder **ret_recorder,
			  struct error *reterr)
{
	const struct recorder_options options = {
		.keep_ns = keep_ns(given),
		.bytes = given->before_bytes ? given->before_bytes : RECORDER_DEFAULT_BYTES,
	};

	*ret_recorder = NULL;
	if (!given->before_ns && !given->before_bytes)
		return 0;
	return recorder_new(&options, ret_recorder, reterr);
}

static int open_condition(struct intake *intake, struct error *reterr)
{
	struct filter_error wrong;
	int error = condition_parse(trigger_options(intake)->condition, &intake->condition, &wrong);

	if (error)
		return error_set(reterr, error, "the condition of '--when' is wrong: %s",
				 wrong.message);
	intake->trigger.condition = &intake->condition;
	return 0;
}

int intake_open(struct intake *intake, struct error *reterr)
{
	const struct trigger_options *given = trigger_options(intake);
	int error = merge_new(intake->options->sources, intake->options->source_count,
			      &intake->merge, reterr);

	intake->trigger.hold_ns = given->hold_ns;
	if (!error && given->condition)
		error = open_condition(intake, reterr);
	intake->recorder = intake->options->recorder;
	if (!error && given->condition)
		pause_programs(intake, true);
	if (intake->recorder && intake->options->options->verbose)
		notices_say(intake->notices, "at most %" PRIu64 " MiB of memory for '--before'",
			    recorder_figures(intake->recorder).maximum_bytes / MIB);
	return error;
}

void intake_close(struct intake *intake)
{
	merge_free(TAKE(intake->merge));
	recorder_free(TAKE(intake->recorder));
}

/* Whether the file took it; if not, it is not there or not ready yet. */
static bool offer(struct intake *intake, const struct capture_record *record, const uint8_t *bytes,
		  int64_t time_ns)
{
	struct capture_file_packet packet = {
		.time_ns = time_ns,
		.wire_bytes = record->wire_bytes,
		.captured_bytes = record->captured_bytes,
		.bytes = bytes,
		.ifindex = record->ifindex,
		.direction = record->direction,
		.packet_type = record->packet_type,
		.link_address_bytes = record->link_address_bytes,
		.protocol = record->protocol,
	};

	memcpy(packet.link_address, record->link_address, sizeof(packet.link_address));
	if (!writer_output_takes(intake->output, time_ns))
		return false;
	writer_output_write(intake->output, &packet);
	intake->offered++;
	return true;
}

/* What is owed goes first, so that the file stays in the order of time. */
static bool goes_into_memory(const struct intake *intake)
{
	return intake->recorder && (!intake->trigger.is_on || intake_owes(intake));
}

static bool take_record(struct intake *intake, const struct capture_record *record,
			uint64_t taken_ns)
{
	const uint8_t *bytes = (const uint8_t *)(record + 1);
	struct recorder_packet packet;

	if (intake->gives_up) {
		intake->given_up++;
		return true;
	}
	packet.time_ns = clock_to_realtime(intake->clock, record->time_ns);
	if (!goes_into_memory(intake))
		return offer(intake, record, bytes, packet.time_ns);
	packet.taken_ns = taken_ns;
	packet.record = *record;
	return recorder_put(intake->recorder, &packet, bytes);
}

static unsigned int take_from_rings(struct intake *intake, uint64_t now_ns, uint64_t taken_ns)
{
	const struct capture_record *record;
	unsigned int count;

	merge_begin_round(intake->merge, now_ns);
	for (count = 0; count < INTAKE_BATCH_RECORDS; count++) {
		record = merge_peek(intake->merge);
		if (!record || !take_record(intake, record, taken_ns))
			break;
		merge_release(intake->merge);
	}
	merge_end_round(intake->merge);
	return count;
}

/* Not all at once: meanwhile the rings fill. Returns how many packets it wrote. */
static unsigned int write_slice(struct intake *intake)
{
	const struct recorder_packet *packet;
	uint64_t bytes = 0;
	unsigned int count = 0;

	while (bytes < SLICE_BYTES && count < INTAKE_BATCH_RECORDS) {
		packet = recorder_peek(intake->recorder);
		if (!packet ||
		    !offer(intake, &packet->record, (const uint8_t *)(packet + 1), packet->time_ns))
			break;
		bytes += packet->record.captured_bytes;
		recorder_release(intake->recorder);
		count++;
	}
	return count;
}

unsigned int intake_take(struct intake *intake, uint64_t now_ns)
{
	unsigned int taken, written = 0;
	uint64_t taken_ns = 0;

	/* Only by what is offered to it now: what was may have gone into memory since. */
	intake->output->is_held_up = false;
	if (intake->recorder) {
		taken_ns = clock_monotonic_ns();
		recorder_expire(intake->recorder, taken_ns);
		written = write_slice(intake);
	}
	taken = take_from_rings(intake, now_ns, taken_ns);
	if (written || (taken && !goes_into_memory(intake)))
		writer_output_end_round(intake->output);
	return taken;
}

bool intake_owes(const struct intake *intake)
{
	return intake->recorder && recorder_peek(intake->recorder);
}

const struct merge *intake_source(const struct intake *intake)
{
	return goes_into_memory(intake) ? NULL : intake->merge;
}

/* How much memory would have held it at the rate of what is there, and a quarter more. */
static uint64_t enough_mib(const struct recorder_figures *kept, uint64_t age_ns, uint64_t wanted_ns)
{
	double share = age_ns ? (double)wanted_ns / (double)age_ns : 4;

	return (uint64_t)((double)(kept->maximum_bytes / MIB) * share * 1.25) + 1;
}

static void say_what_is_kept(struct intake *intake, const char *why, uint64_t now_ns)
{
	struct recorder_figures kept = recorder_figures(intake->recorder);
	uint64_t age_ns = recorder_age_ns(intake->recorder, now_ns);
	uint64_t wanted_ns = trigger_options(intake)->before_ns;

	notices_say(intake->notices,
		    "%s: packets are written, first %" PRIu64 " of the %.1f s before", why,
		    kept.packets, seconds(age_ns));
	if (recorder_is_short(intake->recorder, now_ns))
		notices_say(intake->notices,
			    "%" PRIu64 " MiB of memory had room for %.1f s, not for the %g s of "
			    "'--before' (more: '--before %gs --before %" PRIu64 "M')",
			    kept.maximum_bytes / MIB, seconds(age_ns), seconds(wanted_ns),
			    seconds(wanted_ns), enough_mib(&kept, age_ns, wanted_ns));
}

static void begin(struct intake *intake, const char *why, uint64_t now_ns)
{
	intake->begun_at = intake->offered;
	pause_programs(intake, false);
	if (!intake->recorder) {
		notices_say(intake->notices, "%s: packets are written", why);
		return;
	}
	recorder_expire(intake->recorder, now_ns);
	say_what_is_kept(intake, why, now_ns);
	recorder_owe(intake->recorder);
}

static void say_end(struct intake *intake, uint64_t packets)
{
	const struct trigger *trigger = &intake->trigger;
	char why[512] = "since SIGUSR2", rates[256];

	if (trigger->condition) {
		condition_describe(trigger->condition, trigger->rates, false, rates, sizeof(rates));
		snprintf(why, sizeof(why), "without '%.200s' (%s)",
			 trigger_options(intake)->condition, rates);
	}
	notices_say(intake->notices, "%g s %s: writing ends behind %" PRIu64 " packet%s",
		    seconds(trigger->hold_ns), why, packets, packets == 1 ? "" : "s");
}

static void end(struct intake *intake)
{
	uint64_t packets = intake->offered - intake->begun_at;

	pause_programs(intake, true);
	if (intake->recorder) {
		recorder_owe_no_more(intake->recorder);
		packets += recorder_figures(intake->recorder).owed;
	}
	say_end(intake, packets);
}

static void begin_by_condition(struct intake *intake, uint64_t now_ns)
{
	const struct trigger *trigger = &intake->trigger;
	char why[512], rates[256];

	condition_describe(trigger->condition, trigger->rates, true, rates, sizeof(rates));
	snprintf(why, sizeof(why), "'%.200s' holds (%s)", trigger_options(intake)->condition,
		 rates);
	begin(intake, why, now_ns);
}

uint64_t intake_run_trigger(struct intake *intake, uint64_t now_ns)
{
	struct trigger *trigger = &intake->trigger;
	uint64_t values[CONDITION_MAXIMUM_COMPARISONS];

	if (now_ns < trigger_due_ns(trigger))
		return trigger_due_ns(trigger);
	if (trigger->condition)
		condition_read(trigger->condition, intake->options->counters, values);
	switch (trigger_look(trigger, now_ns, values)) {
	case TRIGGER_BEGINS:
		begin_by_condition(intake, now_ns);
		break;
	case TRIGGER_ENDS:
		end(intake);
		break;
	case TRIGGER_STAYS:
		break;
	}
	return trigger_due_ns(trigger);
}

void intake_fire(struct intake *intake, uint64_t now_ns)
{
	if (is_conditional(intake) && trigger_fire(&intake->trigger, now_ns))
		begin(intake, "SIGUSR2", now_ns);
}

void intake_give_up(struct intake *intake)
{
	intake->gives_up = true;
	if (intake->recorder)
		intake->given_up += recorder_empty(intake->recorder);
}

void intake_end(struct intake *intake)
{
	if (intake->recorder)
		intake->given_up += recorder_empty(intake->recorder);
}

struct report_intake intake_figures(const struct intake *intake)
{
	struct report_intake figures = {
		.is_conditional = is_conditional(intake),
		.is_on = intake->trigger.is_on,
		.condition = trigger_options(intake)->condition,
		.has_memory = intake->recorder != NULL,
	};
	struct recorder_figures kept;

	if (!intake->recorder)
		return figures;
	kept = recorder_figures(intake->recorder);
	figures.kept_packets = kept.packets;
	figures.kept_bytes = kept.bytes;
	figures.kept_maximum_bytes = kept.maximum_bytes;
	figures.kept_ns = recorder_age_ns(intake->recorder, clock_monotonic_ns());
	figures.expired = kept.expired;
	return figures;
}

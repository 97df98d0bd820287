/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of files, which tests/e2e/rotation_test.sh compares with tcpdump's own, and
 * the times at which the clock ends them.
 */
#include "../../user/file_names.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* 2026-03-04 05:06:07 UTC */
#define SOME_TIME 1772600767

static const struct {
	const char *pattern;
	bool has_size, has_time;
	unsigned int files, number;
	const char *name;
} names[] = {
	{ "f", true, false, 0, 0, "f" },
	{ "f", true, false, 0, 1, "f1" },
	{ "f", true, false, 0, 10, "f10" },
	{ "f", true, false, 1, 0, "f" },
	{ "f", true, false, 2, 0, "f0" },
	{ "f", true, false, 10, 9, "f9" },
	{ "f", true, false, 11, 9, "f09" },
	{ "f", true, false, 1000, 7, "f007" },
	{ "f", false, false, 10, 0, "f" },
	{ "f.pcap", true, false, 0, 3, "f.pcap3" },
	{ "f.pcapng", true, false, 0, 3, "f.pcapng3" },
	{ "f.pcap.gz", true, false, 0, 0, "f.pcap.gz" },
	{ "f.pcap.gz", true, false, 0, 3, "f3.pcap.gz" },
	{ "f.pcapng.gz", true, false, 20, 3, "f03.pcapng.gz" },
	{ "f.gz", true, false, 0, 3, "f3.gz" },
	{ ".gz", true, false, 0, 3, ".gz3" },
	{ "f-%S", true, false, 0, 2, "f-%S2" },
	{ "f-%F-%H%M%S", false, true, 0, 0, "f-2026-03-04-050607" },
	{ "f-%H", true, true, 0, 0, "f-05" },
	{ "f-%H", true, true, 0, 4, "f-054" },
	{ "f-%H", true, true, 12, 4, "f-0504" },
	{ "f-%H.pcap.gz", true, true, 0, 4, "f-054.pcap.gz" },
	{ "f", false, true, 5, 0, "f" },
	{ "100%%", false, true, 0, 0, "100%" },
};

static void test_names(void)
{
	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct rotation_options rotation = {
			.maximum_bytes = names[i].has_size,
			.interval_s = names[i].has_time,
			.files = names[i].files,
		};
		const struct file_place place = {
			.begin_s = SOME_TIME,
			.number = names[i].number,
		};
		char name[NAME_MAX + 1] = "";
		struct error why = {};
		int error = file_names_make(names[i].pattern, &rotation, &place, name, sizeof(name),
					    &why);

		check(!error && strcmp(name, names[i].name) == 0,
		      "'%s'%s%s, -W %u: file %u is '%s'", names[i].pattern,
		      names[i].has_size ? " -C" : "", names[i].has_time ? " -G" : "",
		      names[i].files, names[i].number, names[i].name);
		check_note("it is '%s' (%s)", name, why.message);
	}
}

static void test_wrong_names(void)
{
	const struct rotation_options by_time = { .interval_s = 1 },
				      by_size = { .maximum_bytes = 1 };
	const struct file_place place = { .begin_s = SOME_TIME, .number = 10 };
	char name[NAME_MAX + 1], longest[NAME_MAX + 1];
	struct error why;

	check(file_names_make("f-%D", &by_time, &place, name, sizeof(name), &why) == -EINVAL &&
		      strstr(why.message, "03/04/26"),
	      "a time with slashes is no name for a file");
	memset(longest, 'x', NAME_MAX);
	longest[NAME_MAX] = '\0';
	check(!file_names_make(longest, &(struct rotation_options){}, &place, name, sizeof(name),
			       &why),
	      "the longest name is a name");
	check(file_names_make(longest, &by_size, &place, name, sizeof(name), &why) == -ENAMETOOLONG,
	      "with a number behind it, it is too long");
	longest[NAME_MAX - 1] = '%';
	longest[NAME_MAX] = '\0';
	memcpy(longest, "%F", 2);
	check(file_names_make(longest, &by_time, &place, name, sizeof(name), &why) == -EINVAL,
	      "with the time in it, it is too long, too");
}

static void test_sizes(void)
{
	struct rotation_options rotation = { .maximum_bytes = 1 };
	struct file_place place = file_names_first(&rotation, SOME_TIME);

	check(place.number == 0 && place.end_s == 0, "without -G no file ends by the clock");
	for (int i = 0; i < 12; i++)
		place = file_names_after_size(&rotation, &place);
	check(place.number == 12, "numbers go on without -W");
	rotation.files = 3;
	place = file_names_first(&rotation, SOME_TIME);
	for (int i = 0; i < 3; i++)
		place = file_names_after_size(&rotation, &place);
	check(place.number == 0, "-W 3: the fourth file has the number of the first");
}

/*
 * A time zone, an interval, aligned or not, where a file begins, where it ends, and where the
 * one behind it begins and ends when a packet of a later time comes: all local, "DAY HOUR:MINUTE".
 */
static const struct {
	const char *sentence, *zone;
	int64_t interval_s;
	bool is_aligned;
	int64_t begin_s, end_s, time_s, next_begin_s, next_end_s;
} intervals[] = {
	{ "an interval ends after its length", "UTC0", 60, false, 1000, 1060, 1060, 1060, 1120 },
	{ "what comes late in the next interval does not move it", "UTC0", 60, false, 1000, 1060,
	  1119, 1060, 1120 },
	{ "intervals without a look at them are left out", "UTC0", 60, false, 1000, 1060, 1241,
	  1240, 1300 },
	{ "a clock that was set back begins anew", "UTC0", 60, false, 1000, 1060, 500, 500, 560 },
	{ "a clock that was set far ahead begins anew", "UTC0", 60, false, 1000, 1060, 9999999,
	  9999999, 10000059 },
	{ "aligned: the first interval is short", "UTC0", 60, true, 1000, 1020, 1020, 1020, 1080 },
	{ "aligned: a border begins a whole interval", "UTC0", 60, true, 960, 1020, 1085, 1080,
	  1140 },
	{ "aligned: a clock that was set back ends at the next border", "UTC0", 60, true, 1000,
	  1020, 500, 500, 540 },
	{ "aligned: a clock that was set far ahead ends at the next border", "UTC0", 60, true, 1000,
	  1020, 9999999, 9999999, 10000020 },
	{ "aligned: an hour in a zone of half an hour", "XST-5:30", 3600, true, 1772600767,
	  1772602200, 1772602200, 1772602200, 1772605800 },
	/* 2026-03-04 00:00 in UTC-5 is 05:00 UTC */
	{ "aligned: a day is a local one", "EST5", 86400, true, 1772600767, 1772686800, 1772686800,
	  1772686800, 1772773200 },
	/* Central European Time: 2026-03-29 02:00 is 03:00, at 01:00 UTC = 1774746000 */
	{ "aligned: the day of the change to summer time has 23 hours",
	  "CET-1CEST,M3.5.0,M10.5.0/3", 86400, true, 1774738800, 1774821600, 1774821600, 1774821600,
	  1774908000 },
	{ "aligned: hours go on over the change to summer time", "CET-1CEST,M3.5.0,M10.5.0/3", 3600,
	  true, 1774742400, 1774746000, 1774746000, 1774746000, 1774749600 },
	/* 2026-10-25 03:00 is 02:00, at 01:00 UTC = 1792890000 */
	{ "aligned: the day of the change to winter time has 25 hours",
	  "CET-1CEST,M3.5.0,M10.5.0/3", 86400, true, 1792879200, 1792969200, 1792969200, 1792969200,
	  1793055600 },
	{ "aligned: hours go on over the change to winter time", "CET-1CEST,M3.5.0,M10.5.0/3", 3600,
	  true, 1792886400, 1792890000, 1792890000, 1792890000, 1792893600 },
};

static void test_intervals(void)
{
	for (size_t i = 0; i < LENGTH(intervals); i++) {
		const struct rotation_options rotation = {
			.interval_s = (uint64_t)intervals[i].interval_s,
			.is_aligned = intervals[i].is_aligned,
		};
		struct file_place place, next;

		setenv("TZ", intervals[i].zone, 1);
		tzset();
		place = file_names_first(&rotation, intervals[i].begin_s);
		place.number = 5;
		next = file_names_after_time(&rotation, &place, intervals[i].time_s);
		check(place.end_s == intervals[i].end_s &&
			      next.begin_s == intervals[i].next_begin_s &&
			      next.end_s == intervals[i].next_end_s && !next.number,
		      "%s", intervals[i].sentence);
		check_note("ends %" PRId64 ", next %" PRId64 " to %" PRId64, place.end_s,
			   next.begin_s, next.end_s);
	}
}

/* Whatever the interval: borders rise, none is longer away than the interval and an hour. */
static void test_all_borders(void)
{
	static const int64_t lengths[] = { 1, 7, 60, 3600, 7200, 86400, 604800 };
	unsigned int wrong = 0;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		const struct rotation_options rotation = {
			.interval_s = (uint64_t)lengths[i],
			.is_aligned = true,
		};

		for (int64_t time_s = 1774700000; time_s < 1774800000; time_s += 97) {
			struct file_place place = file_names_first(&rotation, time_s);

			wrong += place.end_s <= time_s || place.end_s > time_s + lengths[i] + 3600;
		}
		for (int64_t time_s = 1792800000; time_s < 1792990000; time_s += 97) {
			struct file_place place = file_names_first(&rotation, time_s);

			wrong += place.end_s <= time_s || place.end_s > time_s + lengths[i] + 3600;
		}
	}
	check(!wrong, "aligned: around the changes of the year every file has an end that comes");
	check_note("%u do not", wrong);
}

int main(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
	test_names();
	test_wrong_names();
	test_sizes();
	test_intervals();
	test_all_borders();
	return check_finish();
}

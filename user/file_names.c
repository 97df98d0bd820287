/* SPDX-License-Identifier: GPL-2.0-only */
/* Pure functions of options and time; see file_names.h. */
#include "file_names.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Intervals of --align that are counted one by one; what is longer ago is no clock's rhythm. */
#define COUNTED_INTERVALS 1000

static const char *const compressed_endings[] = { ".pcap.gz", ".pcapng.gz", ".gz" };

/* Where the number goes. */
static size_t number_offset(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(compressed_endings) / sizeof(compressed_endings[0]); i++) {
		size_t ending = strlen(compressed_endings[i]);

		if (length > ending && strcmp(name + length - ending, compressed_endings[i]) == 0)
			return length - ending;
	}
	return length;
}

/* Digits of the largest number, so that the names sort; 0 without -W. */
static int number_width(const struct rotation_options *rotation)
{
	int width = 0;

	for (unsigned int rest = rotation->files ? rotation->files - 1 : 0; rest; rest /= 10)
		width++;
	return width;
}

static int expand_time(const char *pattern, int64_t time_s, char *ret_name, size_t size,
		       struct error *reterr)
{
	time_t time = (time_t)time_s;
	struct tm local;

	if (!localtime_r(&time, &local) || !strftime(ret_name, size, pattern, &local))
		return error_set(reterr, -EINVAL, "'%s' is no name for a file at every time",
				 pattern);
	if (strchr(ret_name, '/'))
		return error_set(reterr, -EINVAL,
				 "'%s' would be '%s', which has a '/' (see strftime(3))", pattern,
				 ret_name);
	return 0;
}

int file_names_make(const char *pattern, const struct rotation_options *rotation,
		    const struct file_place *place, char *ret_name, size_t size,
		    struct error *reterr)
{
	int width = rotation->maximum_bytes ? number_width(rotation) : 0;
	char expanded[NAME_MAX + 1];
	int used, error;

	if (rotation->interval_s) {
		error = expand_time(pattern, place->begin_s, expanded, sizeof(expanded), reterr);
		if (error)
			return error;
		pattern = expanded;
	}
	if (rotation->maximum_bytes && (place->number || width)) {
		size_t offset = number_offset(pattern);

		used = snprintf(ret_name, size, "%.*s%0*u%s", (int)offset, pattern, width,
				place->number, pattern + offset);
	} else {
		used = snprintf(ret_name, size, "%s", pattern);
	}
	if (used < 0 || (size_t)used >= size)
		return error_set(reterr, -ENAMETOOLONG, "the name '%s' is too long", pattern);
	return 0;
}

/* Seconds east of Greenwich, at a time. */
static int64_t local_offset_s(int64_t time_s)
{
	time_t time = (time_t)time_s;
	struct tm local;

	return localtime_r(&time, &local) ? local.tm_gmtoff : 0;
}

/*
 * The first moment behind time_s at which the local time is a multiple of the interval. Where
 * the offset to UTC changes until then, the border may be where the new local time has it.
 */
static int64_t next_border_s(int64_t interval_s, int64_t time_s)
{
	int64_t offset_s = local_offset_s(time_s), changed_s, with_old_s, with_new_s;
	int64_t local_s = ((time_s + offset_s) / interval_s + 1) * interval_s;

	with_old_s = local_s - offset_s;
	changed_s = local_offset_s(with_old_s);
	if (changed_s == offset_s)
		return with_old_s;
	with_new_s = local_s - changed_s;
	if (with_new_s < with_old_s)
		return with_new_s > time_s && local_offset_s(with_new_s) == changed_s ? with_new_s :
											with_old_s;
	return (with_old_s + changed_s) % interval_s ? with_new_s : with_old_s;
}

static int64_t end_of_interval_s(const struct rotation_options *rotation, int64_t begin_s)
{
	int64_t interval_s = (int64_t)rotation->interval_s;

	if (!interval_s)
		return 0;
	return rotation->is_aligned ? next_border_s(interval_s, begin_s) : begin_s + interval_s;
}

struct file_place file_names_first(const struct rotation_options *rotation, int64_t now_s)
{
	return (struct file_place){
		.begin_s = now_s,
		.end_s = end_of_interval_s(rotation, now_s),
	};
}

struct file_place file_names_after_size(const struct rotation_options *rotation,
					const struct file_place *place)
{
	struct file_place next = *place;

	next.number++;
	if (rotation->files && next.number >= rotation->files)
		next.number = 0;
	return next;
}

struct file_place file_names_after_time(const struct rotation_options *rotation,
					const struct file_place *place, int64_t time_s)
{
	int64_t interval_s = (int64_t)rotation->interval_s, begin_s = place->end_s, next_s;

	/* A clock that was set, back or far ahead. */
	if (time_s < begin_s || time_s - begin_s > COUNTED_INTERVALS * interval_s)
		return file_names_first(rotation, time_s);
	if (!rotation->is_aligned)
		return file_names_first(rotation, time_s - (time_s - place->end_s) % interval_s);
	while ((next_s = next_border_s(interval_s, begin_s)) <= time_s)
		begin_s = next_s;
	return file_names_first(rotation, begin_s);
}

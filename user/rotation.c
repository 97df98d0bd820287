/* SPDX-License-Identifier: GPL-2.0-only */
/* From one file to the next; see rotation.h. */
#include "rotation.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "output.h"
#include "writer.h"

#define PART_SUFFIX ".part"
/* Keeper and writer read the clock at different moments, the writer that of the packets. */
#define CLOCKS_AGREE_S 5

bool rotation_is_wanted(const struct rotation_options *options)
{
	return options->maximum_bytes || options->interval_s;
}

/* The path of a file as the user would write it: what was given with -w, but for the name. */
struct file_path {
	char text[PATH_MAX];
};

static struct file_path make_path(const struct rotation *rotation, const char *name)
{
	const char *given = rotation->options->output;
	struct file_path path;
	int used = snprintf(path.text, sizeof(path.text), "%.*s%s",
			    (int)(rotation->pattern - given), given, name);

	/* The directory has been opened by it, so it is not longer than paths can be. */
	if (used < 0 || (size_t)used >= sizeof(path.text))
		path.text[0] = '\0';
	return path;
}

/* Files that stay, the present one included; 0: all. */
static size_t ring_length(const struct rotation_options *options)
{
	unsigned int ring = options->ring;

	if (options->maximum_bytes && options->files && (!ring || options->files < ring))
		ring = options->files;
	return ring;
}

/* Makes room for the next file. */
static void shorten_ring(struct rotation *rotation)
{
	const char *name;
	struct file_path path;
	int error;

	while ((name = file_ring_excess(&rotation->ring))) {
		path = make_path(rotation, name);
		if (rotation->postrotate)
			postrotate_forget(rotation->postrotate, path.text);
		error = file_ring_remove_first(&rotation->ring, rotation->directory_fd);
		if (error)
			notices_say(rotation->notices, "cannot remove '%s': %s", path.text,
				    strerror(-error));
	}
}

/* Whether the complete file has its name. What a symbolic link there leads to is not touched. */
static bool rename_part(struct rotation *rotation, const char *path)
{
	if (!rotation->options->rotation.has_part_suffix ||
	    !renameat(rotation->directory_fd, rotation->part_name, rotation->directory_fd,
		      rotation->name))
		return true;
	notices_say(rotation->notices, "cannot rename '%s%s' to '%s': %s", path, PART_SUFFIX, path,
		    strerror(errno));
	rotation->has_failed = true;
	return false;
}

static void complete_file(struct rotation *rotation)
{
	struct file_path path;

	path = make_path(rotation, rotation->name);
	if (!rename_part(rotation, path.text))
		return;
	if (rotation->postrotate && postrotate_add(rotation->postrotate, path.text))
		notices_say(rotation->notices, "'-z': not run with '%s': out of memory", path.text);
	if (file_ring_add(&rotation->ring, rotation->name, rotation->fd))
		notices_say(rotation->notices, "'%s' will stay, whatever the number of files",
			    path.text);
}

static int make_names(struct rotation *rotation, struct error *reterr)
{
	const struct rotation_options *options = &rotation->options->rotation;
	const char *suffix = options->has_part_suffix ? PART_SUFFIX : "";
	int error = file_names_make(rotation->pattern, options, &rotation->place, rotation->name,
				    sizeof(rotation->name) - strlen(suffix), reterr);

	if (error)
		return error;
	stpcpy(stpcpy(rotation->part_name, rotation->name), suffix);
	return 0;
}

/* What is renamed to a name takes its place: that may be a file's, and no device's or link's. */
static int check_final_name(const struct rotation *rotation, const char *path, bool *ret_is_there,
			    struct error *reterr)
{
	struct stat status;

	*ret_is_there =
		!fstatat(rotation->directory_fd, rotation->name, &status, AT_SYMLINK_NOFOLLOW);
	if (!*ret_is_there || S_ISREG(status.st_mode))
		return 0;
	return error_set(reterr, -EEXIST, "cannot write '%s': %s", path,
			 S_ISLNK(status.st_mode) ?
				 "it is a symbolic link, and they are not followed" :
				 "it is no file, and '--part' would replace it");
}

/*
 * What the writer is to know about the file that is open now. It has none then; if it dies before
 * it has this one, nothing of this one is to be kept.
 */
static void publish(struct rotation *rotation, const char *path)
{
	struct output_file *file = &rotation->shared->output;

	__atomic_store_n(&rotation->shared->flushed_bytes, 0, __ATOMIC_RELAXED);
	snprintf(file->name, sizeof(file->name), "%s", path);
	file->begin_s = rotation->place.begin_s;
	file->end_s = rotation->place.end_s;
}

/* is_first: nobody is captured from yet */
static int open_file(struct rotation *rotation, bool is_first, struct error *reterr)
{
	struct file_path path = make_path(rotation, rotation->name);
	struct output_request request = {
		.directory_fd = rotation->directory_fd,
		.name = rotation->part_name,
		.path = path.text,
		.owner = &rotation->owner,
		.min_free = &rotation->options->min_free,
		.may_wait = is_first,
	};
	bool was_there = false, is_new;
	int fd;

	if (rotation->options->rotation.has_part_suffix) {
		int error = check_final_name(rotation, path.text, &was_there, reterr);

		if (error)
			return error;
	}
	fd = output_open(&request, &is_new, reterr);
	if (fd < 0)
		return fd;
	rotation->fd = fd;
	file_ring_forget(&rotation->ring, rotation->name);
	publish(rotation, path.text);
	if (rotation->options->verbose &&
	    (rotation->options->rotation.has_part_suffix ? was_there : !is_new))
		notices_say(rotation->notices, "'%s' was there: it is overwritten", path.text);
	return 0;
}

/* Names that tcpdump takes, and that lose files. */
static void warn(const struct rotation *rotation)
{
	const struct rotation_options *options = &rotation->options->rotation;

	if (options->interval_s && !strchr(rotation->pattern, '%') && options->files != 1)
		notices_say(rotation->notices,
			    "'-G' and no time in the name '%s' (such as %%F-%%H%%M%%S, see "
			    "strftime(3)): each file overwrites the one before",
			    rotation->options->output);
}

static int open_stdout(struct rotation *rotation, struct error *reterr)
{
	rotation->fd = output_open_stdout(&rotation->options->min_free, reterr);
	if (rotation->fd < 0)
		return rotation->fd;
	publish(rotation, "stdout");
	return 0;
}

static int open_postrotate(struct rotation *rotation, struct error *reterr)
{
	const struct postrotate_options options = {
		.command = rotation->options->rotation.command,
		.owner = &rotation->owner,
		.notices = rotation->notices,
		.is_silent = rotation->options->stats == OPTIONS_STATS_PANEL,
	};
	int error = options.command ? postrotate_open(&options, &rotation->postrotate) : 0;

	return error ? error_set(reterr, error, "'-z' cannot be run: %s", strerror(-error)) : 0;
}

static int open_files(struct rotation *rotation, struct error *reterr)
{
	const char *path = rotation->options->output;
	int error;

	rotation->pattern = output_last_component(path);
	rotation->directory_fd = output_open_directory(path, reterr);
	if (rotation->directory_fd < 0)
		return rotation->directory_fd;
	rotation->place = file_names_first(&rotation->options->rotation, time(NULL));
	warn(rotation);
	rotation->ring.length = ring_length(&rotation->options->rotation);
	error = open_postrotate(rotation, reterr);
	if (!error)
		error = make_names(rotation, reterr);
	return error ? error : open_file(rotation, true, reterr);
}

int rotation_open(struct rotation *rotation, struct error *reterr)
{
	const struct options *options = rotation->options;
	int error = file_owner_find(options->rotation.user, &rotation->owner, reterr);

	if (error || !options->output)
		return error;
	return strcmp(options->output, "-") == 0 ? open_stdout(rotation, reterr) :
						   open_files(rotation, reterr);
}

static bool is_passing(int error)
{
	return error == -ENOSPC || error == -EDQUOT;
}

static uint64_t lost_by_rings(const struct rotation *rotation)
{
	struct counters_totals totals;

	counters_read(rotation->counters, &totals);
	return totals.frames.lost_ring;
}

/* A file that has not even its header; what is no file stays where it is. */
static bool remove_unfinished(struct rotation *rotation)
{
	struct stat status;

	return !fstat(rotation->fd, &status) && S_ISREG(status.st_mode) && !status.st_size &&
	       !unlinkat(rotation->directory_fd, rotation->part_name, 0);
}

static void wait_for_room(struct rotation *rotation, const char *message)
{
	if (rotation->is_waiting)
		return;
	notices_say(rotation->notices,
		    "%s; packets wait in the rings until there is room, tried again each second",
		    message);
	rotation->lost_before_wait = lost_by_rings(rotation);
	rotation->is_waiting = true;
}

/* What the rings could not hold is lost because of the disk. */
static void end_wait(struct rotation *rotation)
{
	uint64_t lost = lost_by_rings(rotation) - rotation->lost_before_wait;

	rotation->is_waiting = false;
	rotation->has_failed |= lost != 0;
	notices_say(rotation->notices, "'%s' is begun now: %" PRIu64 " packet%s lost",
		    rotation->shared->output.name, lost, lost == 1 ? " is" : "s are");
}

void rotation_wait_for_room(struct rotation *rotation, int error)
{
	struct error why;

	if (!rotation->pattern || rotation->fd < 0)
		return;
	remove_unfinished(rotation);
	close(TAKE_FD(rotation->fd));
	error_set(&why, error, "cannot write '%s': %s", rotation->shared->output.name,
		  strerror(-error));
	wait_for_room(rotation, why.message);
}

int rotation_retry(struct rotation *rotation)
{
	struct error why;
	int error = open_file(rotation, false, &why);

	if (is_passing(error)) {
		wait_for_room(rotation, why.message);
		return -EAGAIN;
	}
	if (error) {
		rotation->is_waiting = false;
		notices_say(rotation->notices, "%s", why.message);
	} else if (rotation->is_waiting) {
		end_wait(rotation);
	}
	return error;
}

/*
 * The writer reads what strangers send, so it may not be itself any more: it gets no file that
 * the options do not want.
 */
static bool is_wanted(const struct rotation *rotation, bool is_timed)
{
	const struct rotation_options *options = &rotation->options->rotation;

	return rotation->pattern && rotation->fd >= 0 &&
	       (is_timed ? options->interval_s != 0 : options->maximum_bytes != 0);
}

/* Nor a name of a time to come; packets have one when the clock has been set back. */
static struct file_place next_place(const struct rotation *rotation, int64_t time_s)
{
	const struct rotation_options *options = &rotation->options->rotation;
	int64_t now_s = time(NULL);

	if (!time_s)
		return file_names_after_size(options, &rotation->place);
	return file_names_after_time(options, &rotation->place,
				     time_s > now_s + CLOCKS_AGREE_S ? now_s : time_s);
}

int rotation_next(struct rotation *rotation, int64_t time_s)
{
	struct error why;
	int error;

	if (!is_wanted(rotation, time_s != 0)) {
		notices_say(rotation->notices, "the writer asks for a file that nobody wants");
		return -EPROTO;
	}
	complete_file(rotation);
	shorten_ring(rotation);
	close(TAKE_FD(rotation->fd));
	rotation->place = next_place(rotation, time_s);
	error = make_names(rotation, &why);
	if (!error)
		return rotation_retry(rotation);
	notices_say(rotation->notices, "%s", why.message);
	return error;
}

void rotation_finish(struct rotation *rotation)
{
	if (rotation->pattern && rotation->fd >= 0 && !remove_unfinished(rotation))
		complete_file(rotation);
}

void rotation_close(struct rotation *rotation)
{
	postrotate_close(rotation->postrotate);
	file_ring_clear(&rotation->ring);
	cleanup_close(&rotation->fd);
	cleanup_close(&rotation->directory_fd);
}

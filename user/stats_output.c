/* SPDX-License-Identifier: GPL-2.0-only */
/* See stats_output.h. */
#include "stats_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "output.h"
#include "report_json.h"
#include "report_lines.h"

int stats_output_open(const char *path, const struct file_owner *owner, struct error *reterr)
{
	/* A pipe without a reader is an error then, and a full one does not hold up the writer. */
	const int flags =
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	_cleanup_close_ int directory_fd = output_open_directory(path, reterr);
	_cleanup_close_ int fd = -1;
	const char *name = output_last_component(path);
	bool is_new;

	if (directory_fd < 0)
		return directory_fd;
	fd = openat(directory_fd, name, flags | O_EXCL, 0600);
	is_new = fd >= 0;
	if (!is_new && errno == EEXIST)
		fd = openat(directory_fd, name, flags, 0600);
	if (fd < 0)
		return error_set(reterr, -errno, "cannot open '%s' for writing: %s%s", path,
				 strerror(errno),
				 errno == ELOOP ? " (symbolic links are not followed)" :
				 errno == ENXIO ? " (nobody reads this pipe)" :
						  "");
	if (is_new && owner->is_another && fchown(fd, owner->user, owner->group))
		return error_set(reterr, -errno, "cannot give '%s' to user %u: %s", path,
				 (unsigned int)owner->user, strerror(errno));
	return TAKE_FD(fd);
}

static void print(struct stats_output *output, const struct stats_moment *moment, FILE *out)
{
	const struct report_json report = {
		.interface = output->interface,
		.filter = output->options->expression,
		.output = output->options->output ? output->output : NULL,
		.prefixes = &output->options->top_prefixes,
		.start = &output->start,
		.before = moment->before,
		.now = moment->now,
		.is_final = moment->is_final,
		.is_complete = moment->is_complete,
	};

	if (output->options->stats == OPTIONS_STATS_JSON)
		report_json_print(&report, out);
	else if (!moment->is_final)
		report_lines_print(moment->before, moment->now, output->rows++, out);
}

/* 0 or a negative errno; the file has *ret_written bytes more in any case. */
static int write_all(int fd, const char *text, size_t length, size_t *ret_written)
{
	ssize_t written;

	for (*ret_written = 0; *ret_written < length; *ret_written += (size_t)written) {
		do
			written = write(fd, text + *ret_written, length - *ret_written);
		while (written < 0 && errno == EINTR);
		if (written < 0)
			return -errno;
	}
	return 0;
}

/* A line that was cut short is ended first, so that the next one stands alone. */
static int append(struct stats_output *output, const char *text, size_t length)
{
	size_t written;
	int error = 0;

	if (output->is_torn)
		error = write_all(output->fd, "\n", 1, &written);
	if (error)
		return error;
	error = write_all(output->fd, text, length, &written);
	output->is_torn = error && written;
	return error;
}

static void tell(struct stats_output *output, int error)
{
	if (output->has_failed || !error)
		return;
	output->has_failed = true;
	notices_say(output->notices,
		    "cannot write '%s': %s (figures are left out there, the capture goes on)",
		    output->options->stats_file,
		    error == -EAGAIN ? "its reader is too slow" : strerror(-error));
}

void stats_output_show(struct stats_output *output, const struct stats_moment *moment)
{
	const enum options_stats form = output->options->stats;
	char *text = NULL;
	size_t length = 0;
	FILE *whole;
	int error = -ENOMEM;

	if (form != OPTIONS_STATS_LINES && form != OPTIONS_STATS_JSON)
		return;
	whole = open_memstream(&text, &length);
	/* In one piece: others may write to the same place. */
	if (whole) {
		print(output, moment, whole);
		error = fclose(whole) ? -ENOMEM : 0;
	}
	if (!error && output->options->stats_file)
		error = append(output, text, length);
	else if (!error)
		fwrite(text, 1, length, stderr);
	if (output->options->stats_file)
		tell(output, error);
	free(text);
}

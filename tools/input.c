/* SPDX-License-Identifier: GPL-2.0-only */
/* See input.h: one buffer, which is filled from a descriptor or by zlib. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define READ_BYTES (256u << 10)
#define GZIP_WINDOW_BITS (15 + 16) /* zlib's number for gzip, RFC 1952 */

struct input {
	const char *name;
	int fd;
	bool may_wait; /* it is no regular file: for a pipe's writer, a user */
	uint8_t *buffer;
	size_t capacity;
	size_t begin; /* what is left is from here */
	size_t end;   /* to here */
	uint64_t offset;
	bool has_ended;
	int error; /* why it ended; 0: it was all */
	struct error error_words;
	bool is_compressed;
	bool is_between_members; /* of a gzip file: it may end here */
	z_stream inflater;
	uint8_t *compressed; /* READ_BYTES */
};

/* What came before is still there to be taken. */
static void end_with(struct input *input, int error, const char *what)
{
	input->has_ended = true;
	input->error =
		error_set(&input->error_words, error, "cannot read '%s': %s", input->name, what);
}

/* Returns how many bytes came; 0: it has ended. */
static size_t read_some(struct input *input, void *ret_data, size_t length)
{
	ssize_t count;

	/* What is shown of all before is not to wait, too. Errors are found when more is written. */
	if (input->may_wait)
		fflush(NULL);
	do
		count = read(input->fd, ret_data, length);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		end_with(input, -errno, strerror(errno));
	else if (count == 0)
		input->has_ended = true;
	return count > 0 ? (size_t)count : 0;
}

static void fill_plainly(struct input *input)
{
	input->end += read_some(input, input->buffer + input->end, input->capacity - input->end);
}

static void inflate_some(struct input *input)
{
	z_stream *inflater = &input->inflater;
	int result;

	/* RFC 1952, section 2.2: another member may follow. */
	if (input->is_between_members)
		inflateReset(inflater);
	input->is_between_members = false;
	inflater->next_out = input->buffer + input->end;
	inflater->avail_out = (unsigned int)(input->capacity - input->end);
	result = inflate(inflater, Z_NO_FLUSH);
	input->end = input->capacity - inflater->avail_out;
	if (result == Z_STREAM_END)
		input->is_between_members = true;
	else if (result != Z_OK && result != Z_BUF_ERROR)
		end_with(input, -EBADMSG, inflater->msg ? inflater->msg : "it is damaged");
}

static void fill_by_zlib(struct input *input)
{
	z_stream *inflater = &input->inflater;

	if (!inflater->avail_in) {
		inflater->next_in = input->compressed;
		inflater->avail_in = (unsigned int)read_some(input, input->compressed, READ_BYTES);
	}
	if (inflater->avail_in)
		inflate_some(input);
	else if (!input->error && !input->is_between_members)
		end_with(input, -EBADMSG, "its compressed data end in the middle");
}

/* Moves what is left to the front, and makes room for `length` bytes in all. */
static int make_room(struct input *input, size_t length)
{
	size_t left = input->end - input->begin;
	uint8_t *buffer;

	memmove(input->buffer, input->buffer + input->begin, left);
	input->begin = 0;
	input->end = left;
	if (length + READ_BYTES <= input->capacity)
		return 0;
	buffer = realloc(input->buffer, length + READ_BYTES);
	if (!buffer)
		return -ENOMEM;
	input->buffer = buffer;
	input->capacity = length + READ_BYTES;
	return 0;
}

/* Until so many bytes are there. */
static int fill(struct input *input, size_t length, struct error *reterr)
{
	if (length > INPUT_MAXIMUM_BYTES)
		end_with(input, -EMSGSIZE, "a piece of it is larger than 16 MiB");
	else if (make_room(input, length))
		end_with(input, -ENOMEM, "out of memory");
	while (input->end - input->begin < length && !input->has_ended) {
		if (input->is_compressed)
			fill_by_zlib(input);
		else
			fill_plainly(input);
	}
	if (input->end - input->begin >= length)
		return 0;
	*reterr = input->error_words;
	return input->error ? input->error : -ENODATA;
}

int input_look(struct input *input, size_t length, struct bytes *ret_bytes, struct error *reterr)
{
	size_t left = input->end - input->begin;
	int error = 0;

	if (left < length) {
		error = fill(input, length, reterr);
		left = input->end - input->begin;
	}
	*ret_bytes = bytes_make(input->buffer + input->begin, left < length ? left : length);
	return error;
}

int input_take(struct input *input, size_t length, struct bytes *ret_bytes, struct error *reterr)
{
	int error = input_look(input, length, ret_bytes, reterr);

	if (error)
		return error;
	input->begin += length;
	input->offset += length;
	return 0;
}

uint64_t input_offset(const struct input *input)
{
	return input->offset;
}

/* What was read to find out what it is becomes zlib's. */
static int begin_inflating(struct input *input, struct error *reterr)
{
	size_t left = input->end - input->begin;

	input->compressed = malloc(READ_BYTES);
	if (!input->compressed || left > READ_BYTES ||
	    inflateInit2(&input->inflater, GZIP_WINDOW_BITS) != Z_OK)
		return error_set(reterr, -ENOMEM, "out of memory");
	input->is_compressed = true;
	memcpy(input->compressed, input->buffer + input->begin, left);
	input->inflater.next_in = input->compressed;
	input->inflater.avail_in = (unsigned int)left;
	input->begin = input->end = 0;
	return 0;
}

static int find_out_what_it_is(struct input *input, struct error *reterr)
{
	struct bytes magic;
	int error = input_look(input, 2, &magic, reterr);

	if (error)
		return error == -ENODATA ? 0 : error;
	return magic.data[0] == 0x1f && magic.data[1] == 0x8b ? begin_inflating(input, reterr) : 0;
}

static int open_file(struct input *input, const char *name, struct error *reterr)
{
	struct stat status = { 0 };
	int error;

	if (strcmp(name, "-") == 0) {
		if (isatty(STDIN_FILENO))
			return error_set(reterr, -EINVAL,
					 "stdin is a terminal: pipe a capture into it, such as by "
					 "'pktsieve -w - | pktview list -'");
		input->fd = STDIN_FILENO;
	} else {
		input->fd = open(name, O_RDONLY | O_CLOEXEC);
	}
	if (input->fd < 0 || fstat(input->fd, &status)) {
		error = -errno;
		/* The confinement forbids to read folders. */
		if (!stat(name, &status) && S_ISDIR(status.st_mode))
			error = -EISDIR;
		return error_set(reterr, error, "cannot open '%s': %s", name, strerror(-error));
	}
	input->may_wait = !S_ISREG(status.st_mode);
	return 0;
}

int input_open(const char *name, struct input **ret_input, struct error *reterr)
{
	struct input *input = calloc(1, sizeof(*input));
	int error;

	if (!input)
		return error_set(reterr, -ENOMEM, "out of memory");
	input->name = strcmp(name, "-") == 0 ? "stdin" : name;
	input->fd = -1;
	input->capacity = READ_BYTES;
	input->buffer = malloc(input->capacity);
	error = input->buffer ? open_file(input, name, reterr) :
				error_set(reterr, -ENOMEM, "out of memory");
	if (!error)
		error = find_out_what_it_is(input, reterr);
	if (error)
		input_close(input);
	else
		*ret_input = input;
	return error;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	if (input->is_compressed)
		inflateEnd(&input->inflater);
	if (input->fd > STDIN_FILENO)
		close(input->fd);
	free(input->compressed);
	free(input->buffer);
	free(input);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds out a file's format; names file and offset of what is wrong in it. */
#include "capture_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "capture_format.h"

struct capture_reader {
	const char *name;
	struct input *input;
	const struct capture_format *format;
	void *state;
};

static const struct capture_format *const formats[] = { &pcap_format, &pcapng_format };

static int add_place(const struct capture_reader *reader, int error, struct error *reterr)
{
	const struct error inner = *reterr;

	return error_set(reterr, error, "'%s' is damaged at offset %" PRIu64 ": %s", reader->name,
			 input_offset(reader->input), inner.message);
}

static int find_format(struct capture_reader *reader, struct error *reterr)
{
	struct bytes magic;
	int error = input_look(reader->input, 4, &magic, reterr);

	if (error && error != -ENODATA)
		return error;
	if (error && magic.length == 0)
		return error_set(reterr, -EBADMSG, "'%s' is empty", reader->name);
	for (size_t i = 0; !error && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i]->is_begun_by(magic.data))
			reader->format = formats[i];
	return reader->format ? 0 :
				error_set(reterr, -EBADMSG,
					  "'%s' is no capture file: it begins neither as pcap nor "
					  "as pcapng",
					  reader->name);
}

int capture_reader_open(const char *name, struct capture_reader **ret_reader, struct error *reterr)
{
	struct capture_reader *reader = calloc(1, sizeof(*reader));
	int error;

	if (!reader)
		return error_set(reterr, -ENOMEM, "out of memory");
	reader->name = strcmp(name, "-") == 0 ? "stdin" : name;
	error = input_open(name, &reader->input, reterr);
	if (error)
		capture_reader_close(reader);
	else
		*ret_reader = reader;
	return error;
}

void capture_reader_close(struct capture_reader *reader)
{
	if (!reader)
		return;
	if (reader->format)
		reader->format->close(reader->state);
	input_close(reader->input);
	free(reader);
}

static int begin(struct capture_reader *reader, struct error *reterr)
{
	int error = find_format(reader, reterr);

	if (error)
		return error;
	error = reader->format->open(reader->input, &reader->state, reterr);
	return error == -EBADMSG ? add_place(reader, error, reterr) : error;
}

int capture_reader_next(struct capture_reader *reader, struct packet *ret_packet,
			struct error *reterr)
{
	int error = reader->format ? 0 : begin(reader, reterr);

	if (error)
		return error;
	error = reader->format->next(reader->state, reader->input, ret_packet, reterr);
	return error == -EBADMSG ? add_place(reader, error, reterr) : error;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* TFTP: RFC 1350 and options of RFC 2347. */
#include "../line.h"
#include "dissector.h"

enum {
	OPCODE,
	SOURCE_FILE,
	DESTINATION_FILE,
	TYPE,
	BLOCK,
	ERROR_CODE,
	ERROR_TEXT,
	OPTION_NAME,
	OPTION_VALUE,
};

enum opcode {
	OPCODE_READ = 1,
	OPCODE_WRITE = 2,
	OPCODE_DATA = 3,
	OPCODE_ACKNOWLEDGEMENT = 4,
	OPCODE_ERROR = 5,
	OPCODE_OPTIONS = 6,
};

#define BLOCK_BYTES 512

static const struct value_name opcode_names[] = {
	{ OPCODE_READ, "Read Request" },
	{ OPCODE_WRITE, "Write Request" },
	{ OPCODE_DATA, "Data Packet" },
	{ OPCODE_ACKNOWLEDGEMENT, "Acknowledgement" },
	{ OPCODE_ERROR, "Error Code" },
	{ OPCODE_OPTIONS, "Option Acknowledgement" },
	{ 0, NULL },
};

static const struct value_name error_names[] = {
	{ 0, "Not defined" },
	{ 1, "File not found" },
	{ 2, "Access violation" },
	{ 3, "Disk full or allocation exceeded" },
	{ 4, "Illegal TFTP Operation" },
	{ 5, "Unknown transfer ID" },
	{ 6, "File already exists" },
	{ 7, "No such user" },
	{ 8, "Option negotiation failed" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[OPCODE] = { "tftp.opcode", "Opcode", FIELD_NUMBER, 2, .values = opcode_names },
	[SOURCE_FILE] = { "tftp.source_file", "Source File", FIELD_TEXT },
	[DESTINATION_FILE] = { "tftp.destination_file", "DESTINATION File", FIELD_TEXT },
	[TYPE] = { "tftp.type", "Type", FIELD_TEXT },
	[BLOCK] = { "tftp.block", "Block", FIELD_NUMBER, 2 },
	[ERROR_CODE] = { "tftp.error.code", "Error code", FIELD_NUMBER, 2, .values = error_names },
	[ERROR_TEXT] = { "tftp.error.message", "Error message", FIELD_TEXT },
	[OPTION_NAME] = { "tftp.option.name", "Option name", FIELD_TEXT },
	[OPTION_VALUE] = { "tftp.option.value", "Option value", FIELD_TEXT },
};

/* Text that a zero ends. */
static int add_text(struct dissection *dissection, struct bytes *bytes, unsigned int which)
{
	const uint8_t *end = bytes->length ? memchr(bytes->data, 0, bytes->length) : NULL;

	if (!end || dissection_add_bytes(dissection, bytes, (size_t)(end - bytes->data),
					 &fields[which], NULL))
		return -ENODATA;
	return bytes_skip(bytes, 1);
}

static int add_options(struct dissection *dissection, struct bytes *bytes)
{
	while (bytes->length)
		if (add_text(dissection, bytes, OPTION_NAME) ||
		    add_text(dissection, bytes, OPTION_VALUE))
			return -ENODATA;
	return 0;
}

static int dissect_tftp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t opcode;

	if (dissection_add_number(dissection, bytes, &fields[OPCODE], &opcode))
		return -ENODATA;
	switch (opcode) {
	case OPCODE_READ:
	case OPCODE_WRITE:
		if (add_text(dissection, bytes,
			     opcode == OPCODE_READ ? SOURCE_FILE : DESTINATION_FILE) ||
		    add_text(dissection, bytes, TYPE))
			return -ENODATA;
		return add_options(dissection, bytes);
	case OPCODE_DATA:
		if (dissection_add_number(dissection, bytes, &fields[BLOCK], NULL))
			return -ENODATA;
		dissection_next(dissection, NULL, *bytes);
		return 0;
	case OPCODE_ACKNOWLEDGEMENT:
		return dissection_add_number(dissection, bytes, &fields[BLOCK], NULL);
	case OPCODE_ERROR:
		if (dissection_add_number(dissection, bytes, &fields[ERROR_CODE], NULL))
			return -ENODATA;
		return add_text(dissection, bytes, ERROR_TEXT);
	case OPCODE_OPTIONS:
		return add_options(dissection, bytes);
	default:
		dissection_next(dissection, NULL, *bytes);
		return 0;
	}
}

static void describe_text(const struct dissection *dissection, const struct layer *layer,
			  unsigned int which, const char *name, struct line *line)
{
	const struct field *field = dissection_find(dissection, layer, &fields[which]);

	if (!field)
		return;
	line_add(line, name);
	line_add_text(line, field->data, field->length);
}

/* "Read Request, File: file1, Transfer type: octet" */
static void describe_tftp(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *opcode = dissection_find(dissection, layer, &fields[OPCODE]);
	const struct field *block = dissection_find(dissection, layer, &fields[BLOCK]);
	const struct field *error = dissection_find(dissection, layer, &fields[ERROR_CODE]);
	const char *name = opcode ? field_value_name(opcode->info, opcode->number) : NULL;

	line_add(line, name ? name : "Unknown");
	describe_text(dissection, layer, SOURCE_FILE, ", File: ", line);
	describe_text(dissection, layer, DESTINATION_FILE, ", File: ", line);
	describe_text(dissection, layer, TYPE, ", Transfer type: ", line);
	if (block) {
		line_add(line, ", Block: ");
		line_add_number(line, block->number);
		if (opcode->number == OPCODE_DATA &&
		    layer->length - layer->header_bytes < BLOCK_BYTES)
			line_add(line, " (last)");
	}
	if (error) {
		name = field_value_name(error->info, error->number);
		line_add(line, ", Code: ");
		line_add(line, name ? name : "Unknown");
		describe_text(dissection, layer, ERROR_TEXT, ", Message: ", line);
	}
}

const struct dissector dissector_tftp = {
	.name = "tftp",
	.label = "TFTP",
	.title = "Trivial File Transfer Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_tftp,
	.describe = describe_tftp,
};

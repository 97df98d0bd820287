/* SPDX-License-Identifier: GPL-2.0-only */
/* Telnet: RFC 854; commands, and data between them. */
#include "../line.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	COMMAND,
	SUBCOMMAND,
	DATA,
};

#define COMMAND_BEGIN 255
#define SUBNEGOTIATION 250

static const struct value_name command_names[] = {
	{ 240, "Suboption End" },
	{ 241, "No Operation" },
	{ 242, "Data Mark" },
	{ 243, "Break" },
	{ 244, "Interrupt Process" },
	{ 245, "Abort Output" },
	{ 246, "Are You There?" },
	{ 247, "Escape Character" },
	{ 248, "Erase Line" },
	{ 249, "Go Ahead" },
	{ SUBNEGOTIATION, "Suboption" },
	{ 251, "Will" },
	{ 252, "Won't" },
	{ 253, "Do" },
	{ 254, "Don't" },
	{ 0, NULL },
};

static const struct value_name option_names[] = {
	{ 0, "Binary Transmission" },
	{ 1, "Echo" },
	{ 3, "Suppress Go Ahead" },
	{ 5, "Status" },
	{ 24, "Terminal Type" },
	{ 31, "Negotiate About Window Size" },
	{ 32, "Terminal Speed" },
	{ 33, "Remote Flow Control" },
	{ 34, "Linemode" },
	{ 35, "X Display Location" },
	{ 36, "Environment Option" },
	{ 37, "Authentication Option" },
	{ 39, "New Environment Option" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[COMMAND] = { "telnet.cmd", "Command", FIELD_NUMBER, 1, .values = command_names },
	[SUBCOMMAND] = { "telnet.subcmd", "Subcommand", FIELD_NUMBER, 1, .values = option_names },
	[DATA] = { "telnet.data", "Data", FIELD_TEXT },
};

static void dissect_command(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t command;

	(void)bytes_skip(bytes, 1);
	if (dissection_add_number(dissection, bytes, &fields[COMMAND], &command) ||
	    command < SUBNEGOTIATION || command == COMMAND_BEGIN)
		return;
	dissection->depth++;
	(void)dissection_add_number(dissection, bytes, &fields[SUBCOMMAND], NULL);
	dissection->depth--;
}

static int dissect_telnet(struct dissection *dissection, struct bytes *bytes)
{
	while (bytes->length && dissection->end == DISSECTION_WHOLE) {
		const uint8_t *command = memchr(bytes->data, COMMAND_BEGIN, bytes->length);
		struct bytes text;

		if (command == bytes->data) {
			dissect_command(dissection, bytes);
			continue;
		}
		(void)bytes_take(bytes, command ? (size_t)(command - bytes->data) : bytes->length,
				 &text);
		text_add(dissection, text, &fields[DATA]);
	}
	return 0;
}

static void describe_telnet(const struct dissection *dissection, const struct layer *layer,
			    struct line *line)
{
	(void)dissection;
	(void)layer;
	line_add(line, "Telnet Data ...");
}

const struct dissector dissector_telnet = {
	.name = "telnet",
	.label = "TELNET",
	.title = "Telnet",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_telnet,
	.describe = describe_telnet,
};

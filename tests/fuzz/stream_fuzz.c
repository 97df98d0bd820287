/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libFuzzer's target: an input is a command line for pktview (its first byte), the ports of the
 * conversations (its second), and packets of these conversations (played_packets.h). The view runs over
 * them as in pktview, from the file to the lines.
 */
#include <stdlib.h>

#include "../../tools/packet_loop.h"
#include "played_packets.h"
#include "view_checks.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The view that was asked for, which is shown only what is right. */
static const struct view *inner;

static int open_inner(const struct options *options, FILE *out, void **ret_state,
		      struct error *reterr)
{
	return inner->open(options, out, ret_state, reterr);
}

static int check_packet(void *state, const struct dissection *dissection)
{
	check_dissection(dissection);
	return inner->packet(state, dissection);
}

static int finish_inner(void *state, struct error *reterr)
{
	return inner->finish(state, reterr);
}

static void close_inner(void *state)
{
	inner->close(state);
}

static const struct view checked_view = {
	.name = "checked",
	.purpose = "",
	.open = open_inner,
	.packet = check_packet,
	.finish = finish_inner,
	.close = close_inner,
};

/* What stands behind the file. */
static const char *const words[][3] = {
	{ "list" },
	{ "detail" },
	{ "hex" },
	{ "follow", "tcp", "0" },
	{ "follow", "tcp", "1" },
	{ "follow", "udp", "0" },
	{ "follow", "--list" },
	{ "hierarchy" },
};

enum {
	IN_JSON = 0x08,
	WITH_LITTLE_MEMORY = 0x10,
	IN_HEX = 0x20,
};

static int read_options(uint8_t choice, const char *file, struct options *ret_options,
			struct error *reterr)
{
	static const char *argv[10] = { "pktview" }; /* the options point into it */
	const char *const *chosen = words[choice % LENGTH(words)];
	int argc = 3;

	argv[1] = chosen[0];
	argv[2] = file;
	for (int i = 1; i < 3; i++)
		if (chosen[i])
			argv[argc++] = chosen[i];
	if (choice & IN_JSON)
		argv[argc++] = "--json";
	if (choice & WITH_LITTLE_MEMORY)
		argv[argc++] = "--memory=1M";
	if (choice & IN_HEX && chosen[0][0] == 'f')
		argv[argc++] = "--hex";
	argv[argc] = NULL;
	return options_parse(argc, (char **)argv, ret_options, reterr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *out;
	struct options options = { 0 };
	struct error error;
	struct bytes capture;

	if (size < 2)
		return 0;
	if (!out)
		out = checked_output();
	capture = played_packets(bytes_make(data + 2, size - 2), data[1]);
	if (read_options(data[0], file_in_memory(capture.data, capture.length), &options, &error) ==
	    0) {
		inner = options.view;
		options.view = &checked_view;
		packet_loop_run(&options, NULL, out, &error);
	}
	options_free(&options);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of pktview: VIEW FILE... [options] [filter expression]. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../user/base/error.h"

struct view;

enum options_mode {
	OPTIONS_SHOW,
	OPTIONS_HELP,
	OPTIONS_VERSION,
};

enum time_form {
	TIME_RELATIVE, /* to the first packet */
	TIME_DELTA,    /* to the one before that is shown */
	TIME_ABSOLUTE, /* local date and time */
	TIME_EPOCH,    /* seconds since 1970 */
};

/* How the bytes of a conversation are shown. */
enum follow_form {
	FOLLOW_ASCII,
	FOLLOW_HEX,
	FOLLOW_RAW,
};

/* Of a conversation: who began it, and who answered. */
enum follow_side {
	FOLLOW_BOTH,
	FOLLOW_CLIENT,
	FOLLOW_SERVER,
};

enum colour {
	COLOUR_AUTO, /* on a terminal, unless NO_COLOR is set */
	COLOUR_ALWAYS,
	COLOUR_NEVER,
};

struct options {
	enum options_mode mode;
	const struct view *view;
	const char *const *files; /* in argv; "-" is stdin */
	size_t file_count;
	uint64_t number; /* -n: only this packet; 0: all */
	bool is_json;
	enum colour colour;
	enum time_form time_form;
	const char *columns; /* --fields, names with commas; NULL: as usual */
	const char *layer;   /* --layer; NULL: none is marked */
	const char *field;   /* --field; NULL: none is marked */
	bool list_streams;   /* follow --list */
	enum follow_form follow_form;
	enum follow_side follow_side;
	const char *side_file;       /* follow -o: of one side; NULL: none */
	uint64_t memory_bytes;       /* --memory: of streams and fragments, at most */
	const char *stream_protocol; /* follow: "tcp" or "udp"; NULL: no stream was named */
	const char *stream;          /* its number, or ADDR:PORT,ADDR:PORT */
	char *expression;            /* owned; empty for no filter */
};

/*
 * Reads the command line. Returns 0 or -EINVAL with *reterr filled in. The strings point into
 * argv, whose words change places, but for the expression; options_free() in every case.
 *
 * The words behind the view that are names of files which exist, or "-", are files, up to the
 * first that is not; what is left is the filter expression.
 */
int options_parse(int argc, char **argv, struct options *ret_options, struct error *reterr);
void options_free(struct options *options);

void options_print_help(FILE *out);

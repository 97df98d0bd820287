/* SPDX-License-Identifier: GPL-2.0-only */
/* See packet_loop.h. */
#include "packet_loop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "capture_reader.h"
#include "packet_filter.h"
#include "stream/streams.h"

struct source {
	struct capture_reader *reader;
	struct packet packet; /* the next one of this file */
	bool has_packet;
};

struct loop {
	const struct options *options;
	const struct filter *filter;
	struct offline_fragments *fragments;
	struct source *sources;
	struct dissection dissection;
	void *state; /* of the view */
	FILE *out;
	uint64_t number;   /* of the last packet */
	uint64_t start_ns; /* of the first one */
	int damage;        /* of a file; 0: none */
	struct error damage_words;
};

/* Of all files; the first error is the one that is returned. */
static void note_damage(struct loop *loop, int error, const struct error *words)
{
	struct error before = loop->damage_words;

	if (loop->damage)
		error_set(&loop->damage_words, error, "%.500s; %.500s", before.message,
			  words->message);
	else
		loop->damage_words = *words;
	loop->damage = loop->damage ? loop->damage : error;
}

/* An error ends this file, and is reported when all others are shown. */
static void read_next(struct loop *loop, struct source *source)
{
	struct error words;
	int error = capture_reader_next(source->reader, &source->packet, &words);

	source->has_packet = !error;
	if (error && error != -ENODATA)
		note_damage(loop, error, &words);
}

static struct source *earliest(struct loop *loop)
{
	struct source *first = NULL;

	for (size_t i = 0; i < loop->options->file_count; i++) {
		struct source *source = &loop->sources[i];

		if (source->has_packet &&
		    (!first || source->packet.time_ns < first->packet.time_ns))
			first = source;
	}
	return first;
}

/* What filters know nothing of ends its file, too. */
static bool passes(struct loop *loop, struct source *source)
{
	bool passes = true;
	struct error words;
	int error;

	if (!loop->filter)
		return true;
	error = packet_filter_run(loop->filter, loop->fragments, &source->packet, &passes, &words);
	if (!error)
		return passes;
	note_damage(loop, error, &words);
	source->has_packet = false;
	return false;
}

/* Before -n's packet all are taken apart, so that what it belongs to is known. */
static int show(struct loop *loop, struct source *source)
{
	const struct options *options = loop->options;
	int error = 0;

	if (!loop->number++)
		loop->start_ns = source->packet.time_ns;
	source->packet.number = loop->number;
	source->packet.start_ns = loop->start_ns;
	if (!passes(loop, source))
		return 0;
	dissection_run(&loop->dissection, &source->packet);
	if (!options->number || loop->number == options->number)
		error = options->view->packet(loop->state, &loop->dissection);
	/* What a reader flushed before it waited may have failed. */
	if (!error && ferror(loop->out))
		error = fflush(loop->out) ? -errno : -EIO;
	return error;
}

static int open_sources(struct loop *loop, struct error *reterr)
{
	size_t count = loop->options->file_count;
	int error = 0;

	loop->sources = calloc(count, sizeof(*loop->sources));
	loop->fragments = offline_fragments_new();
	if (!loop->sources || !loop->fragments || dissection_init(&loop->dissection))
		return error_set(reterr, -ENOMEM, "out of memory");
	loop->dissection.streams = streams_new(loop->options->memory_bytes);
	if (!loop->dissection.streams)
		return error_set(reterr, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count && !error; i++) {
		error = capture_reader_open(loop->options->files[i], &loop->sources[i].reader,
					    reterr);
		loop->sources[i].packet.file = (uint32_t)i;
	}
	return error;
}

static bool is_done(const struct loop *loop)
{
	return loop->options->number && loop->number == loop->options->number;
}

static int run(struct loop *loop, struct error *reterr)
{
	struct source *source;
	int error = 0;

	for (size_t i = 0; i < loop->options->file_count; i++)
		read_next(loop, &loop->sources[i]);
	while (!error && (source = earliest(loop))) {
		error = show(loop, source);
		if (is_done(loop))
			break;
		if (!error && source->has_packet)
			read_next(loop, source);
	}
	if (!error)
		error = loop->options->view->finish(loop->state, reterr);
	if (!error && !loop->damage && loop->number < loop->options->number)
		return error_set(reterr, -ENODATA, "there is no packet %" PRIu64 ", but %" PRIu64,
				 loop->options->number, loop->number);
	if (error == -ENODATA && !loop->damage)
		return error;
	if (error && error != -EPIPE && error != -ENODATA)
		return error_set(reterr, error, "cannot write: %s", strerror(-error));
	*reterr = loop->damage_words;
	return loop->damage;
}

/* What the memory was too small for; see --memory. */
static void report_lost(const struct streams *streams)
{
	const struct streams_lost lost = streams_get_lost(streams);

	if (lost.conversations)
		fprintf(stderr, "pktview: %" PRIu64 " conversations were given up to save memory\n",
			lost.conversations);
	if (lost.segment_bytes)
		fprintf(stderr,
			"pktview: %" PRIu64 " bytes of TCP were not put together to save memory\n",
			lost.segment_bytes);
	if (lost.fragments)
		fprintf(stderr, "pktview: %" PRIu64 " fragments were given up to save memory\n",
			lost.fragments);
	if (lost.conversations || lost.segment_bytes || lost.fragments)
		fputs("pktview: '--memory' gives them more\n", stderr);
}

static void close_all(struct loop *loop)
{
	for (size_t i = 0; loop->sources && i < loop->options->file_count; i++)
		capture_reader_close(loop->sources[i].reader);
	free(loop->sources);
	offline_fragments_free(loop->fragments);
	streams_free(loop->dissection.streams);
	dissection_free(&loop->dissection);
	loop->options->view->close(loop->state);
}

int packet_loop_run(const struct options *options, const struct filter *filter, FILE *out,
		    struct error *reterr)
{
	struct loop loop = { .options = options, .filter = filter, .out = out };
	int error = open_sources(&loop, reterr);

	if (!error)
		error = options->view->open(options, out, &loop.state, reterr);
	loop.dissection.is_brief =
		!error && options->view->is_brief && options->view->is_brief(loop.state);
	if (!error)
		error = run(&loop, reterr);
	if (loop.dissection.streams)
		report_lost(loop.dissection.streams);
	close_all(&loop);
	return error;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* pktview follow: one conversation as it was spoken, or a list of all. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "follow_list.h"
#include "follow_text.h"
#include "stream/streams.h"
#include "terminal.h"
#include "view.h"

/* One end of a conversation that the user named. */
struct end {
	enum address_kind kind;
	uint8_t address[16];
	uint16_t port;
};

struct follow {
	const struct options *options;
	struct follow_list *list; /* NULL: one is followed */
	bool is_tcp;
	bool has_number;
	uint32_t number;
	struct end ends[2]; /* where it has no number */
	bool is_found;
	bool is_terminal;
	unsigned int client;
	struct tcp_stream *stream; /* of TCP */
	uint64_t offsets[2];       /* of UDP: bytes of each side */
	struct follow_text text;
};

/* "192.0.2.1:80" or "[2001:db8::1]:80" */
static int read_end(const char *text, size_t length, struct end *ret_end)
{
	char address[INET6_ADDRSTRLEN + 2], *colon, *rest;
	unsigned long port;

	if (length >= sizeof(address) + 6)
		return -EINVAL;
	colon = memrchr(text, ':', length);
	if (!colon || (size_t)(colon - text) >= sizeof(address) || colon[1] < '0' || colon[1] > '9')
		return -EINVAL;
	port = strtoul(colon + 1, &rest, 10);
	if (rest != text + length || port > UINT16_MAX)
		return -EINVAL;
	ret_end->port = (uint16_t)port;
	length = (size_t)(colon - text);
	memcpy(address, text, length);
	address[length] = '\0';
	ret_end->kind = address[0] == '[' ? ADDRESS_IPV6 : ADDRESS_IPV4;
	if (ret_end->kind == ADDRESS_IPV4)
		return inet_pton(AF_INET, address, ret_end->address) == 1 ? 0 : -EINVAL;
	if (address[length - 1] != ']')
		return -EINVAL;
	address[length - 1] = '\0';
	return inet_pton(AF_INET6, address + 1, ret_end->address) == 1 ? 0 : -EINVAL;
}

static int read_stream(struct follow *follow, const char *text)
{
	const char *comma = strchr(text, ',');
	unsigned long number;
	char *rest;

	if (comma)
		return read_end(text, (size_t)(comma - text), &follow->ends[0]) ||
				       read_end(comma + 1, strlen(comma + 1), &follow->ends[1]) ?
			       -EINVAL :
			       0;
	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	number = strtoul(text, &rest, 10);
	if (*rest || number > UINT32_MAX)
		return -EINVAL;
	follow->number = (uint32_t)number;
	follow->has_number = true;
	return 0;
}

static int show_chunk(void *context, const struct tcp_stream_chunk *chunk)
{
	struct follow *follow = context;
	enum follow_side side = follow->options->follow_side;
	bool is_client = chunk->side == follow->client;
	int error;

	/* A file of bytes would not tell the sides apart. */
	if (side == FOLLOW_BOTH && follow->options->side_file)
		side = FOLLOW_CLIENT;
	if (side != FOLLOW_BOTH && is_client != (side == FOLLOW_CLIENT))
		return 0;
	error = follow_text_add(&follow->text, chunk);
	if (!error && follow->is_terminal && fflush(follow->text.out))
		error = -errno;
	return error;
}

static int open_stream(struct follow *follow, FILE *out, struct error *reterr)
{
	const struct options *options = follow->options;
	struct terminal terminal = terminal_of(out, options->colour);

	if (!options->stream)
		return error_set(reterr, -EINVAL,
				 "'follow' needs a stream, such as 'tcp 0', or '--list'");
	if (read_stream(follow, options->stream))
		return error_set(reterr, -EINVAL,
				 "'%s' is no stream: it takes a number or ADDR:PORT,ADDR:PORT, "
				 "with IPv6 as [ADDR]:PORT",
				 options->stream);
	follow->is_terminal = isatty(fileno(out));
	follow->text = (struct follow_text){
		.out = out,
		.form = options->side_file ? FOLLOW_RAW : options->follow_form,
		.is_json = options->is_json,
		.has_colours = terminal.has_colours && !options->is_json,
		.protocol = options->stream_protocol,
	};
	if (follow->text.form == FOLLOW_RAW && follow->is_terminal && !options->is_json)
		return error_set(reterr, -EINVAL,
				 "'--raw' would write bytes to the terminal that it takes for "
				 "commands: use '-o FILE', or a pipe");
	follow->is_tcp = strcmp(options->stream_protocol, "tcp") == 0;
	follow->stream = tcp_stream_new(options->memory_bytes / 2, show_chunk, follow);
	return follow->stream ? 0 : error_set(reterr, -ENOMEM, "out of memory");
}

static void close_follow(void *state)
{
	struct follow *follow = state;

	if (!follow)
		return;
	follow_list_free(follow->list);
	tcp_stream_free(follow->stream);
	line_free(&follow->text.line);
	free(follow);
}

static int open_follow(const struct options *options, FILE *out, void **ret_state,
		       struct error *reterr)
{
	struct follow *follow = calloc(1, sizeof(*follow));
	int error;

	if (!follow)
		return error_set(reterr, -ENOMEM, "out of memory");
	*ret_state = follow;
	follow->options = options;
	follow->text.out = out;
	if (!options->list_streams) {
		error = open_stream(follow, out, reterr);
		return error;
	}
	follow->list = follow_list_new(options->memory_bytes / 2);
	return follow->list ? 0 : error_set(reterr, -ENOMEM, "out of memory");
}

static bool is_end(const struct end *end, const struct address *address, uint16_t port)
{
	return end->port == port && end->kind == address->kind &&
	       memcmp(end->address, address->bytes, end->kind == ADDRESS_IPV4 ? 4 : 16) == 0;
}

/* The first conversation with the ends that were named is the one. */
static bool is_named(const struct follow *follow, const struct dissection *dissection)
{
	const struct dissection_flow *flow = &dissection->flow;

	for (unsigned int i = 0; i < 2; i++)
		if (is_end(&follow->ends[i], &flow->source, flow->source_port) &&
		    is_end(&follow->ends[!i], &flow->destination, flow->destination_port))
			return true;
	return false;
}

static bool is_wanted(struct follow *follow, const struct dissection *dissection)
{
	struct conversation *conversation = dissection->conversation;

	if (!conversation || !dissection->transport.payload.data ||
	    !conversation->tcp == follow->is_tcp)
		return false;
	if (!follow->has_number) {
		if (!is_named(follow, dissection))
			return false;
		follow->number = conversation->number;
		follow->has_number = true;
	}
	if (conversation->number != follow->number)
		return false;
	if (!follow->is_found) {
		follow->client = follow_client_side(dissection);
		follow->text.client = follow->client;
		follow->text.stream = follow->number;
		conversation->is_kept = true;
	}
	follow->is_found = true;
	return true;
}

static int follow_segment(struct follow *follow, const struct dissection *dissection)
{
	const struct dissection_transport *transport = &dissection->transport;
	const struct tcp_numbers *numbers = &transport->numbers;
	const struct tcp_stream_segment segment = {
		.side = dissection->side,
		.sequence = numbers->sequence,
		.acknowledgment = numbers->acknowledgment,
		.has_acknowledgment = numbers->flags & 0x10,
		.is_syn = numbers->flags & 0x02,
		.payload = transport->payload,
		.length = transport->length,
		.packet = dissection->packet->number,
		.time_ns = dissection->packet->time_ns,
	};

	return tcp_stream_add(follow->stream, &segment);
}

/* Each datagram as it is; what was cut off it is a gap. */
static int follow_datagram(struct follow *follow, const struct dissection *dissection)
{
	const struct dissection_transport *transport = &dissection->transport;
	uint64_t *offset = &follow->offsets[dissection->side];
	struct tcp_stream_chunk chunk = {
		.side = dissection->side,
		.offset = *offset,
		.bytes = transport->payload,
		.packet = dissection->packet->number,
		.time_ns = dissection->packet->time_ns,
	};
	int error = transport->payload.length ? show_chunk(follow, &chunk) : 0;

	*offset += transport->length;
	if (error || transport->length <= transport->payload.length)
		return error;
	chunk.offset += transport->payload.length;
	chunk.missing = transport->length - transport->payload.length;
	chunk.bytes = (struct bytes){ 0 };
	return show_chunk(follow, &chunk);
}

static int follow_packet(void *state, const struct dissection *dissection)
{
	struct follow *follow = state;

	if (follow->list)
		return follow_list_add(follow->list, dissection);
	if (!is_wanted(follow, dissection))
		return 0;
	return follow->is_tcp ? follow_segment(follow, dissection) :
				follow_datagram(follow, dissection);
}

/* What the output itself cannot tell. */
static void report(const struct follow *follow)
{
	uint64_t early = tcp_stream_early_gaps(follow->stream);

	if (follow->text.form == FOLLOW_RAW && follow->text.gaps)
		fprintf(stderr,
			"pktview: %" PRIu64 " bytes are missing in %" PRIu64
			" gaps, which the output names\n",
			follow->text.missing, follow->text.gaps);
	if (early)
		fprintf(stderr,
			"pktview: %" PRIu64 " times a gap was assumed to save memory; '--memory' "
			"gives more\n",
			early);
}

static int finish_list(struct follow *follow)
{
	uint64_t left_out;
	int error = follow_list_write(follow->list, follow->options->is_json, follow->text.out,
				      &left_out);

	if (left_out)
		fprintf(stderr,
			"pktview: %" PRIu64 " streams are not listed to save memory; '--memory' "
			"gives more\n",
			left_out);
	return error;
}

static int finish_follow(void *state, struct error *reterr)
{
	struct follow *follow = state;
	int error;

	if (follow->list)
		return finish_list(follow);
	error = tcp_stream_finish(follow->stream);
	if (!error)
		error = follow_text_finish(&follow->text);
	if (error)
		return error;
	report(follow);
	return follow->is_found ?
		       0 :
		       error_set(reterr, -ENODATA,
				 "no packet of %s stream '%s' (see 'pktview follow --list')",
				 follow->options->stream_protocol, follow->options->stream);
}

const struct view view_follow = {
	.name = "follow",
	.purpose = "a conversation as it was spoken: tcp|udp STREAM, or --list",
	.open = open_follow,
	.packet = follow_packet,
	.finish = finish_follow,
	.close = close_follow,
};

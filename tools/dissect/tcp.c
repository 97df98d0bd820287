/* SPDX-License-Identifier: GPL-2.0-only */
/* TCP: RFC 9293, section 3.1; its options are in tcp_options.c, what the numbers mean in tcp_notes.c. */
#include "tcp_notes.h"
#include "tcp_options.h"

#include "../line.h"
#include "../stream/tcp_conversation.h"
#include "registry.h"

enum {
	SOURCE_PORT,
	DESTINATION_PORT,
	STREAM,
	PAYLOAD_LENGTH,
	SEQUENCE,
	SEQUENCE_RAW,
	NEXT_SEQUENCE,
	ACKNOWLEDGMENT,
	ACKNOWLEDGMENT_RAW,
	HEADER_LENGTH,
	FLAGS,
	RESERVED,
	ACCURATE_ECN,
	CWR,
	ECE,
	URG,
	ACK,
	PSH,
	RST,
	SYN,
	FIN,
	WINDOW_VALUE,
	WINDOW,
	WINDOW_FACTOR,
	CHECKSUM,
	URGENT_POINTER,
	OPTIONS,
	PAYLOAD,
};

#define LEAST_HEADER_BYTES 20
#define PROTOCOL_TCP 6

#define FLAG_FIN 0x001
#define FLAG_SYN 0x002
#define FLAG_RST 0x004
#define FLAG_ACK 0x010

/* In the order of their bits, which is Wireshark's, too. */
static const struct value_name flag_names[] = {
	{ 0x001, "FIN" }, { 0x002, "SYN" },      { 0x004, "RST" }, { 0x008, "PSH" },
	{ 0x010, "ACK" }, { 0x020, "URG" },      { 0x040, "ECE" }, { 0x080, "CWR" },
	{ 0x100, "AE" },  { 0xe00, "Reserved" }, { 0, NULL },
};
#define FLAG_RESERVED 9 /* the index of these three */

#define DETAIL .is_detail = true

static const struct field_info fields[] = {
	[SOURCE_PORT] = { "tcp.srcport", "Source Port", FIELD_NUMBER, 2, DETAIL },
	[DESTINATION_PORT] = { "tcp.dstport", "Destination Port", FIELD_NUMBER, 2, DETAIL },
	[STREAM] = { "tcp.stream", "Stream index", FIELD_NUMBER, DETAIL },
	[PAYLOAD_LENGTH] = { "tcp.len", "TCP Segment Len", FIELD_NUMBER, .unit = "bytes" },
	[SEQUENCE] = { "tcp.seq", "Sequence Number", FIELD_NUMBER, 4 },
	[SEQUENCE_RAW] = { "tcp.seq_raw", "Sequence Number (raw)", FIELD_NUMBER, 4, DETAIL },
	[NEXT_SEQUENCE] = { "tcp.nxtseq", "Next Sequence Number", FIELD_NUMBER, DETAIL },
	[ACKNOWLEDGMENT] = { "tcp.ack", "Acknowledgment Number", FIELD_NUMBER, 4 },
	[ACKNOWLEDGMENT_RAW] = { "tcp.ack_raw", "Acknowledgment number (raw)", FIELD_NUMBER, 4,
				 DETAIL },
	[HEADER_LENGTH] = { "tcp.hdr_len", "Header Length", FIELD_NUMBER, 2, .mask = 0xf000,
			    .factor = 4, .unit = "bytes", DETAIL },
	[FLAGS] = { "tcp.flags", "Flags", FIELD_HEX, 2, .mask = 0x0fff, .bits = flag_names,
		    DETAIL },
	[RESERVED] = { "tcp.flags.res", "Reserved", FIELD_FLAG, 2, .mask = 0x0e00, DETAIL },
	[ACCURATE_ECN] = { "tcp.flags.ae", "Accurate ECN", FIELD_FLAG, 2, .mask = 0x0100, DETAIL },
	[CWR] = { "tcp.flags.cwr", "Congestion Window Reduced", FIELD_FLAG, 2, .mask = 0x0080,
		  DETAIL },
	[ECE] = { "tcp.flags.ece", "ECN-Echo", FIELD_FLAG, 2, .mask = 0x0040, DETAIL },
	[URG] = { "tcp.flags.urg", "Urgent", FIELD_FLAG, 2, .mask = 0x0020, DETAIL },
	[ACK] = { "tcp.flags.ack", "Acknowledgment", FIELD_FLAG, 2, .mask = 0x0010, DETAIL },
	[PSH] = { "tcp.flags.push", "Push", FIELD_FLAG, 2, .mask = 0x0008, DETAIL },
	[RST] = { "tcp.flags.reset", "Reset", FIELD_FLAG, 2, .mask = 0x0004, DETAIL },
	[SYN] = { "tcp.flags.syn", "Syn", FIELD_FLAG, 2, .mask = 0x0002, DETAIL },
	[FIN] = { "tcp.flags.fin", "Fin", FIELD_FLAG, 2, .mask = 0x0001, DETAIL },
	[WINDOW_VALUE] = { "tcp.window_size_value", "Window", FIELD_NUMBER, 2, DETAIL },
	[WINDOW] = { "tcp.window_size", "Calculated window size", FIELD_NUMBER },
	[WINDOW_FACTOR] = { "tcp.window_size_scalefactor", "Window size scaling factor",
			    FIELD_SIGNED, DETAIL },
	[CHECKSUM] = { "tcp.checksum", "Checksum", FIELD_HEX, 2, DETAIL },
	[URGENT_POINTER] = { "tcp.urgent_pointer", "Urgent Pointer", FIELD_NUMBER, 2, DETAIL },
	[OPTIONS] = { "tcp.options", "Options", FIELD_GROUP, DETAIL },
	[PAYLOAD] = { "tcp.payload", "TCP payload", FIELD_BYTES, DETAIL },
};

/* What is known of a segment before its fields are added, in the order in which Wireshark has them. */
struct header {
	struct tcp_numbers numbers;
	size_t header_bytes;
	uint32_t first[2]; /* the numbers that those of the sender and the receiver begin with */
	int scale;         /* of the window; or TCP_SCALE_UNKNOWN, TCP_SCALE_NONE */
};

/* -ENODATA: there is too little of it to be looked at with others. */
static int read_header(const struct dissection *dissection, struct bytes bytes,
		       struct header *ret_header)
{
	struct tcp_numbers *numbers = &ret_header->numbers;
	size_t sent_bytes = bytes.length + dissection->missing;
	struct bytes options = { 0 };

	*ret_header = (struct header){ .scale = TCP_SCALE_UNKNOWN };
	if (bytes_skip(&bytes, 4) || bytes_read_be32(&bytes, &numbers->sequence) ||
	    bytes_read_be32(&bytes, &numbers->acknowledgment) ||
	    bytes_read_be16(&bytes, &numbers->flags) || bytes_read_be16(&bytes, &numbers->window))
		return -ENODATA;
	ret_header->header_bytes = (numbers->flags >> 12) * 4u;
	numbers->flags &= fields[FLAGS].mask;
	numbers->time_ns = dissection->packet->time_ns;
	numbers->packet = dissection->packet->number;
	if (ret_header->header_bytes < LEAST_HEADER_BYTES)
		return 0;
	if (sent_bytes > ret_header->header_bytes)
		numbers->length = (uint32_t)(sent_bytes - ret_header->header_bytes);
	/* Four are still before the options. */
	if (bytes_skip(&bytes, 4) ||
	    bytes_take(&bytes, ret_header->header_bytes - LEAST_HEADER_BYTES, &options))
		options.length = 0;
	numbers->scale =
		numbers->flags & FLAG_SYN ? tcp_options_read_scale(options) : TCP_SCALE_UNKNOWN;
	return 0;
}

/* What the numbers of the segment count from, and how its window is scaled. */
static void set_first(const struct dissection *dissection, struct header *header)
{
	const struct tcp_side *sides = dissection->conversation->tcp->analysis.sides;
	const struct tcp_side *from = &sides[dissection->side], *to = &sides[!dissection->side];
	uint16_t flags = header->numbers.flags;

	header->first[0] = from->first;
	header->first[1] = flags & FLAG_ACK ? to->first : header->numbers.acknowledgment;
	header->scale = flags & FLAG_SYN ? TCP_SCALE_NONE : from->scale;
}

/* Finds the conversation, and what the segment means in it. */
static void follow(struct dissection *dissection, struct header *header)
{
	const struct tcp_numbers *numbers = &header->numbers;

	streams_find_conversation(dissection, PROTOCOL_TCP);
	if (!dissection->conversation)
		return;
	/* What another packet quotes was sent before, or will not arrive. */
	if (dissection->quote) {
		set_first(dissection, header);
		return;
	}
	if (tcp_analysis_is_over(&dissection->conversation->tcp->analysis, dissection->side,
				 numbers)) {
		streams_begin_conversation(dissection, PROTOCOL_TCP);
		if (!dissection->conversation)
			return;
		dissection->conversation->tcp->analysis.has_reused_ports = true;
	}
	tcp_analysis_add(&dissection->conversation->tcp->analysis, dissection->side, numbers,
			 &dissection->tcp);
	set_first(dissection, header);
}

static void add_concluded(struct dissection *dissection, const struct bytes *bytes,
			  unsigned int which, uint64_t number)
{
	dissection_add_value(dissection, bytes_make(bytes->data, 0), &fields[which], number);
}

/* A number as it stands there, and before it what it is behind the first one. */
static int add_sequence(struct dissection *dissection, struct bytes *bytes, unsigned int relative,
			uint32_t value, uint32_t first)
{
	dissection_add_value(dissection, bytes_make(bytes->data, bytes->length < 4 ? 0 : 4),
			     &fields[relative], value - first);
	return dissection_add_number(dissection, bytes, &fields[relative + 1], NULL);
}

static int add_numbers(struct dissection *dissection, struct bytes *bytes,
		       const struct header *header)
{
	const struct tcp_numbers *numbers = &header->numbers;
	uint32_t next =
		numbers->sequence + numbers->length + !!(numbers->flags & (FLAG_SYN | FLAG_FIN));

	if (dissection->conversation)
		add_concluded(dissection, bytes, STREAM, dissection->conversation->number);
	if (header->header_bytes >= LEAST_HEADER_BYTES)
		add_concluded(dissection, bytes, PAYLOAD_LENGTH, numbers->length);
	if (add_sequence(dissection, bytes, SEQUENCE, numbers->sequence, header->first[0]))
		return -ENODATA;
	if (header->header_bytes >= LEAST_HEADER_BYTES)
		add_concluded(dissection, bytes, NEXT_SEQUENCE, next - header->first[0]);
	return add_sequence(dissection, bytes, ACKNOWLEDGMENT, numbers->acknowledgment,
			    header->first[1]);
}

static void add_window(struct dissection *dissection, const struct bytes *bytes,
		       const struct header *header)
{
	uint64_t window = header->numbers.window;

	add_concluded(dissection, bytes, WINDOW,
		      header->scale > 0 ? window << header->scale : window);
	if (!(header->numbers.flags & FLAG_SYN) && dissection->conversation)
		add_concluded(dissection, bytes, WINDOW_FACTOR,
			      header->scale < 0 ? (uint64_t)(int64_t)header->scale :
						  1u << header->scale);
}

static int add_header(struct dissection *dissection, struct bytes *bytes,
		      const struct header *header)
{
	uint64_t flags;

	if (add_numbers(dissection, bytes, header) ||
	    dissection_add_parts(dissection, bytes, &fields[HEADER_LENGTH], 2, &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[RESERVED], FIN - RESERVED + 1, flags);
	if (dissection_add_number(dissection, bytes, &fields[WINDOW_VALUE], NULL))
		return -ENODATA;
	add_window(dissection, bytes, header);
	if (dissection_add_number(dissection, bytes, &fields[CHECKSUM], NULL))
		return -ENODATA;
	return dissection_add_number(dissection, bytes, &fields[URGENT_POINTER], NULL);
}

static int read_options(struct dissection *dissection, struct bytes *bytes, size_t length)
{
	struct bytes options;
	unsigned int group;
	int error;

	if (bytes_take(bytes, length, &options))
		return -ENODATA;
	group = dissection_enter(dissection, &options, &fields[OPTIONS]);
	error = tcp_options_dissect(dissection, &options);
	dissection_leave(dissection, group, options.data);
	return error;
}

/* Who understands the payload: as was agreed, by its ports, or by what it looks like. */
static const struct dissector *find_dissector(const struct dissection *dissection,
					      struct bytes payload)
{
	struct conversation *conversation = dissection->conversation;
	const struct dissection_flow *flow = &dissection->flow;
	const struct dissector *dissector = conversation ? conversation->dissector : NULL;

	/* All of it was cut off. */
	if (!payload.length && dissection->missing)
		return NULL;
	if (!dissector)
		dissector = registry_find_tcp_ports(flow->source_port, flow->destination_port);
	if (dissector || !payload.length)
		return dissector;
	dissector = registry_guess_tcp(payload);
	if (dissector && conversation)
		conversation->dissector = dissector;
	return dissector;
}

/* Whoever understands the payload gets it, in its order. */
static void hand_on(struct dissection *dissection, const struct tcp_numbers *numbers,
		    struct bytes payload)
{
	const struct conversation *conversation = dissection->conversation;
	const struct dissector *dissector = find_dissector(dissection, payload);
	const struct tcp_segment segment = {
		.sequence = numbers->sequence + !!(numbers->flags & FLAG_SYN),
		.length = numbers->length,
		.is_syn = numbers->flags & FLAG_SYN,
		.is_end = numbers->flags & FLAG_FIN,
		.is_reset = numbers->flags & FLAG_RST,
		.is_late =
			dissection->tcp.notes & (TCP_NOTE_RETRANSMISSION | TCP_NOTE_OUT_OF_ORDER),
	};

	if (conversation && !dissection->quote)
		segments_add(dissection, &conversation->tcp->segments[dissection->side], &segment,
			     dissector, payload);
	else
		dissection_next(dissection, dissector, payload);
}

static int dissect_tcp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t source, destination;
	struct header header;
	bool is_whole = !read_header(dissection, *bytes, &header);

	if (dissection_add_number(dissection, bytes, &fields[SOURCE_PORT], &source) ||
	    dissection_add_number(dissection, bytes, &fields[DESTINATION_PORT], &destination))
		return -ENODATA;
	dissection_set_ports(dissection, (uint16_t)source, (uint16_t)destination);
	if (is_whole)
		follow(dissection, &header);
	if (add_header(dissection, bytes, &header) || header.header_bytes < LEAST_HEADER_BYTES ||
	    (header.header_bytes > LEAST_HEADER_BYTES &&
	     read_options(dissection, bytes, header.header_bytes - LEAST_HEADER_BYTES)))
		return -ENODATA;
	tcp_notes_add(dissection, *bytes);
	if (bytes->length > 0)
		dissection_add_value(dissection, *bytes, &fields[PAYLOAD], 0);
	if (!dissection->quote)
		dissection->transport = (struct dissection_transport){
			.payload = *bytes,
			.length = header.numbers.length,
			.numbers = header.numbers,
		};
	hand_on(dissection, &header.numbers, *bytes);
	return 0;
}

static void describe_flags(unsigned int flags, struct line *line)
{
	flags &= fields[FLAGS].mask;
	line_add(line, flags ? " [" : " [<None>");
	for (unsigned int rest = flags; rest;) {
		unsigned int bit = (unsigned int)__builtin_ctz(rest);
		const struct value_name *name =
			&flag_names[bit < FLAG_RESERVED ? bit : FLAG_RESERVED];

		line_add(line, rest == flags ? "" : ", ");
		line_add(line, name->text);
		rest &= ~(unsigned int)name->value;
	}
	line_add_character(line, ']');
}

/* Those before the options, by their place in the table; NULL: there is none. */
static void find_fields(const struct dissection *dissection, const struct layer *layer,
			const struct field *ret_found[OPTIONS])
{
	const struct field *field = dissection->fields + layer->first_field;
	const struct field *end = field + layer->field_count;

	for (; field < end && field->info >= fields && field->info < &fields[OPTIONS]; field++)
		ret_found[field->info - fields] = field;
}

static void describe_number(const struct field *field, const char *name, struct line *line)
{
	if (!field)
		return;
	line_add(line, name);
	line_add_number(line, field->number);
}

/* "50514 -> 443 [SYN] Seq=0 Win=64240 Len=0"; what is not concluded, from the bytes. */
static void describe_tcp(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	struct bytes bytes = bytes_make(layer->data, layer->length);
	const struct field *found[OPTIONS] = { NULL };
	uint16_t flags, urgent;

	dissection_describe_ports(dissection, line);
	if (bytes_skip(&bytes, 12) || bytes_read_be16(&bytes, &flags))
		return;
	find_fields(dissection, layer, found);
	describe_flags(flags, line);
	describe_number(found[SEQUENCE], " Seq=", line);
	if (flags & fields[ACK].mask)
		describe_number(found[ACKNOWLEDGMENT], " Ack=", line);
	describe_number(found[WINDOW], " Win=", line);
	if (flags & fields[URG].mask && !bytes_skip(&bytes, 4) &&
	    !bytes_read_be16(&bytes, &urgent)) {
		line_add(line, " Urg=");
		line_add_number(line, urgent);
	}
	describe_number(found[PAYLOAD_LENGTH], " Len=", line);
	tcp_options_describe(dissection, layer, line);
}

const struct dissector dissector_tcp = {
	.name = "tcp",
	.label = "TCP",
	.title = "Transmission Control Protocol",
	.summary = ", Src Port: {tcp.srcport}, Dst Port: {tcp.dstport}, Seq: {tcp.seq}, Ack: "
		   "{tcp.ack}, Len: {tcp.len}",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_tcp,
	.describe = describe_tcp,
};

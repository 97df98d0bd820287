/* SPDX-License-Identifier: GPL-2.0-only */
/* See sctp.h; RFC 9260, section 3.3. */
#include "sctp.h"

#include "../line.h"
#include "../stream/streams.h"
#include "dissector.h"

enum {
	CHUNK,
	TYPE,
	TYPE_BIT_1,
	TYPE_BIT_2,
	FLAGS,
	SACK_NONCE,
	DATA_IMMEDIATE,
	DATA_UNORDERED,
	DATA_BEGIN,
	DATA_END,
	LENGTH,
	DATA_TSN,
	DATA_TSN_RAW,
	DATA_STREAM,
	DATA_SEQUENCE,
	DATA_PROTOCOL,
	VALUE,
	INIT_TAG,
	INIT_WINDOW,
	INIT_OUT_STREAMS,
	INIT_IN_STREAMS,
	INIT_TSN,
	INIT_ACK_TAG,
	INIT_ACK_WINDOW,
	INIT_ACK_OUT_STREAMS,
	INIT_ACK_IN_STREAMS,
	INIT_ACK_TSN,
	SACK_TSN,
	SACK_TSN_RAW,
	SACK_WINDOW,
	SACK_GAP_COUNT,
	SACK_DUPLICATE_COUNT,
	SACK_GAP_START,
	SACK_GAP_END,
	SACK_DUPLICATE,
	SHUTDOWN_TSN,
	ECNE_TSN,
	CWR_TSN,
	FORWARD_TSN,
	COOKIE,
	PARAMETER_TYPE,
	PARAMETER_LENGTH,
	PARAMETER_VALUE,
	PARAMETER_IPV4,
	PARAMETER_IPV6,
	PARAMETER_COOKIE,
	PARAMETER_HEARTBEAT,
	PARAMETER_ADDRESS_TYPE,
	CAUSE_CODE,
	CAUSE_LENGTH,
	CAUSE_INFORMATION,
};

static const struct field_info fields[] = {
	[CHUNK] = { "sctp.chunk", "Chunk", FIELD_GROUP },
	[TYPE] = { "sctp.chunk_type", "Chunk type", FIELD_NUMBER, 1, .values = sctp_type_names },
	[TYPE_BIT_1] = { "sctp.chunk_bit_1", "Bit", FIELD_FLAG, 1, .mask = 0x80 },
	[TYPE_BIT_2] = { "sctp.chunk_bit_2", "Bit", FIELD_FLAG, 1, .mask = 0x40 },
	[FLAGS] = { "sctp.chunk_flags", "Chunk flags", FIELD_HEX, 1 },
	[SACK_NONCE] = { "sctp.sack_nounce_sum", "Nounce sum", FIELD_NUMBER, 1, .mask = 0x01 },
	[DATA_IMMEDIATE] = { "sctp.data_i_bit", "I-Bit", FIELD_FLAG, 1, .mask = 0x08 },
	[DATA_UNORDERED] = { "sctp.data_u_bit", "U-Bit", FIELD_FLAG, 1, .mask = 0x04 },
	[DATA_BEGIN] = { "sctp.data_b_bit", "B-Bit", FIELD_FLAG, 1, .mask = 0x02 },
	[DATA_END] = { "sctp.data_e_bit", "E-Bit", FIELD_FLAG, 1, .mask = 0x01 },
	[LENGTH] = { "sctp.chunk_length", "Chunk length", FIELD_NUMBER, 2 },
	[DATA_TSN] = { "sctp.data_tsn", "Transmission sequence number (relative)", FIELD_NUMBER,
		       4 },
	[DATA_TSN_RAW] = { "sctp.data_tsn_raw", "Transmission sequence number (absolute)",
			   FIELD_NUMBER, 4 },
	[DATA_STREAM] = { "sctp.data_sid", "Stream identifier", FIELD_HEX, 2 },
	[DATA_SEQUENCE] = { "sctp.data_ssn", "Stream sequence number", FIELD_NUMBER, 2 },
	[DATA_PROTOCOL] = { "sctp.data_payload_proto_id", "Payload protocol identifier",
			    FIELD_NUMBER, 4 },
	[VALUE] = { "sctp.chunk_value", "Chunk value", FIELD_BYTES },
	[INIT_TAG] = { "sctp.init_initiate_tag", "Initiate tag", FIELD_HEX, 4 },
	[INIT_WINDOW] = { "sctp.init_credit", "Advertised receiver window credit (a_rwnd)",
			  FIELD_NUMBER, 4 },
	[INIT_OUT_STREAMS] = { "sctp.init_nr_out_streams", "Number of outbound streams",
			       FIELD_NUMBER, 2 },
	[INIT_IN_STREAMS] = { "sctp.init_nr_in_streams", "Number of inbound streams", FIELD_NUMBER,
			      2 },
	[INIT_TSN] = { "sctp.init_initial_tsn", "Initial TSN", FIELD_NUMBER, 4 },
	[INIT_ACK_TAG] = { "sctp.initack_initiate_tag", "Initiate tag", FIELD_HEX, 4 },
	[INIT_ACK_WINDOW] = { "sctp.initack_credit", "Advertised receiver window credit (a_rwnd)",
			      FIELD_NUMBER, 4 },
	[INIT_ACK_OUT_STREAMS] = { "sctp.initack_nr_out_streams", "Number of outbound streams",
				   FIELD_NUMBER, 2 },
	[INIT_ACK_IN_STREAMS] = { "sctp.initack_nr_in_streams", "Number of inbound streams",
				  FIELD_NUMBER, 2 },
	[INIT_ACK_TSN] = { "sctp.initack_initial_tsn", "Initial TSN", FIELD_NUMBER, 4 },
	[SACK_TSN] = { "sctp.sack_cumulative_tsn_ack", "Cumulative TSN ACK (relative)",
		       FIELD_NUMBER, 4 },
	[SACK_TSN_RAW] = { "sctp.sack_cumulative_tsn_ack_raw", "Cumulative TSN ACK (absolute)",
			   FIELD_NUMBER, 4 },
	[SACK_WINDOW] = { "sctp.sack_a_rwnd", "Advertised receiver window credit (a_rwnd)",
			  FIELD_NUMBER, 4 },
	[SACK_GAP_COUNT] = { "sctp.sack_number_of_gap_blocks",
			     "Number of gap acknowledgement blocks", FIELD_NUMBER, 2 },
	[SACK_DUPLICATE_COUNT] = { "sctp.sack_number_of_duplicated_tsns",
				   "Number of duplicated TSNs", FIELD_NUMBER, 2 },
	[SACK_GAP_START] = { "sctp.sack_gap_block_start", "Start", FIELD_NUMBER, 2 },
	[SACK_GAP_END] = { "sctp.sack_gap_block_end", "End", FIELD_NUMBER, 2 },
	[SACK_DUPLICATE] = { "sctp.sack_duplicate_tsn", "Duplicate TSN", FIELD_NUMBER, 4 },
	[SHUTDOWN_TSN] = { "sctp.shutdown_cumulative_tsn_ack", "Cumulative TSN Ack", FIELD_NUMBER,
			   4 },
	[ECNE_TSN] = { "sctp.ecne_lowest_tsn", "Lowest TSN", FIELD_NUMBER, 4 },
	[CWR_TSN] = { "sctp.cwr_lowest_tsn", "Lowest TSN", FIELD_NUMBER, 4 },
	[FORWARD_TSN] = { "sctp.forward_tsn_tsn", "New cumulative TSN", FIELD_NUMBER, 4 },
	[COOKIE] = { "sctp.cookie", "Cookie", FIELD_BYTES },
	[PARAMETER_TYPE] = { "sctp.parameter_type", "Parameter type", FIELD_HEX, 2,
			     .values = sctp_parameter_names },
	[PARAMETER_LENGTH] = { "sctp.parameter_length", "Parameter length", FIELD_NUMBER, 2 },
	[PARAMETER_VALUE] = { "sctp.parameter_value", "Parameter value", FIELD_BYTES },
	[PARAMETER_IPV4] = { "sctp.parameter_ipv4_address", "IP Version 4 address", FIELD_IPV4 },
	[PARAMETER_IPV6] = { "sctp.parameter_ipv6_address", "IP Version 6 address", FIELD_IPV6 },
	[PARAMETER_COOKIE] = { "sctp.parameter_state_cookie", "State cookie", FIELD_BYTES },
	[PARAMETER_HEARTBEAT] = { "sctp.parameter_heartbeat_information", "Heartbeat information",
				  FIELD_BYTES },
	[PARAMETER_ADDRESS_TYPE] = { "sctp.parameter_supported_address_type",
				     "Supported address type", FIELD_NUMBER, 2 },
	[CAUSE_CODE] = { "sctp.cause_code", "Cause code", FIELD_HEX, 2,
			 .values = sctp_cause_names },
	[CAUSE_LENGTH] = { "sctp.cause_length", "Cause length", FIELD_NUMBER, 2 },
	[CAUSE_INFORMATION] = { "sctp.cause_information", "Cause information", FIELD_BYTES },
};

const struct field_table sctp_chunk_table = FIELD_TABLE(fields);

#define CHUNK_HEADER_BYTES 4

static int add_rest(struct dissection *dissection, struct bytes *bytes, unsigned int which)
{
	return bytes->length ? dissection_add_bytes(dissection, bytes, bytes->length,
						    &fields[which], NULL) :
			       0;
}

/* Sets where the numbers of a side begin, unless that is known. */
static void begin(struct conversation *conversation, unsigned int side, uint64_t number)
{
	if (!conversation || conversation->note & 1u << side)
		return;
	conversation->note |= 1u << side;
	conversation->side_note[side] = (uint32_t)number;
}

/* A number of a side as it stands there, and counted from its first one if that was seen. */
static int add_sequence(struct dissection *dissection, struct bytes *bytes,
			struct conversation *conversation, unsigned int side, unsigned int which)
{
	struct bytes place = *bytes;
	uint32_t number;

	if (bytes_read_be32(bytes, &number))
		return -ENODATA;
	place.length = 4;
	if (which == DATA_TSN)
		begin(conversation, side, number);
	if (conversation && conversation->note & 1u << side)
		dissection_add_value(dissection, place, &fields[which],
				     number - conversation->side_note[side]);
	dissection_add_value(dissection, place, &fields[which + 1], number);
	return 0;
}

static int dissect_data(struct dissection *dissection, struct bytes *bytes,
			struct conversation *conversation)
{
	if (add_sequence(dissection, bytes, conversation, dissection->side, DATA_TSN) ||
	    dissection_add_fields(dissection, bytes, &fields[DATA_STREAM], 3, NULL))
		return -ENODATA;
	return add_rest(dissection, bytes, VALUE);
}

static int dissect_sack(struct dissection *dissection, struct bytes *bytes,
			struct conversation *conversation)
{
	uint64_t numbers[3];

	if (add_sequence(dissection, bytes, conversation, !dissection->side, SACK_TSN) ||
	    dissection_add_fields(dissection, bytes, &fields[SACK_WINDOW], 3, numbers))
		return -ENODATA;
	for (uint64_t i = 0; i < numbers[1]; i++)
		if (dissection_add_fields(dissection, bytes, &fields[SACK_GAP_START], 2, NULL))
			return -ENODATA;
	for (uint64_t i = 0; i < numbers[2]; i++)
		if (dissection_add_fields(dissection, bytes, &fields[SACK_DUPLICATE], 1, NULL))
			return -ENODATA;
	return 0;
}

static int dissect_parameter(struct dissection *dissection, struct bytes *value, uint64_t type)
{
	switch (type) {
	case SCTP_PARAMETER_IPV4:
		return dissection_add_fields(dissection, value, &fields[PARAMETER_IPV4], 1, NULL);
	case SCTP_PARAMETER_IPV6:
		return dissection_add_fields(dissection, value, &fields[PARAMETER_IPV6], 1, NULL);
	case SCTP_PARAMETER_COOKIE:
		return add_rest(dissection, value, PARAMETER_COOKIE);
	case SCTP_PARAMETER_HEARTBEAT:
		return add_rest(dissection, value, PARAMETER_HEARTBEAT);
	case SCTP_PARAMETER_ADDRESS_TYPES:
		while (value->length > 0)
			if (dissection_add_number(dissection, value,
						  &fields[PARAMETER_ADDRESS_TYPE], NULL))
				return -ENODATA;
		return 0;
	}
	return add_rest(dissection, value, PARAMETER_VALUE);
}

/* Parameters, and causes of errors: type and length of the whole, then the value; padded. */
static int dissect_list(struct dissection *dissection, struct bytes *bytes, unsigned int first)
{
	while (bytes->length > 0) {
		uint64_t numbers[2];
		struct bytes value;

		if (dissection_add_fields(dissection, bytes, &fields[first], 2, numbers) ||
		    numbers[1] < 4 || bytes_take(bytes, numbers[1] - 4, &value) ||
		    (first == PARAMETER_TYPE ? dissect_parameter(dissection, &value, numbers[0]) :
					       add_rest(dissection, &value, CAUSE_INFORMATION)))
			return -ENODATA;
		bytes_skip_padding(bytes, -numbers[1] & 3);
	}
	return 0;
}

static int dissect_init(struct dissection *dissection, struct bytes *bytes, unsigned int first,
			struct conversation *conversation)
{
	uint64_t numbers[5];

	if (dissection_add_fields(dissection, bytes, &fields[first], 5, numbers))
		return -ENODATA;
	/* A new association, even between the same ports. */
	if (conversation)
		conversation->note &= ~(1u << dissection->side);
	begin(conversation, dissection->side, numbers[4]);
	return dissect_list(dissection, bytes, PARAMETER_TYPE);
}

static int dissect_value(struct dissection *dissection, struct bytes *value, uint64_t type,
			 struct conversation *conversation)
{
	switch (type) {
	case SCTP_DATA:
		return dissect_data(dissection, value, conversation);
	case SCTP_INIT:
		return dissect_init(dissection, value, INIT_TAG, conversation);
	case SCTP_INIT_ACK:
		return dissect_init(dissection, value, INIT_ACK_TAG, conversation);
	case SCTP_SACK:
		return dissect_sack(dissection, value, conversation);
	case SCTP_HEARTBEAT:
	case SCTP_HEARTBEAT_ACK:
		return dissect_list(dissection, value, PARAMETER_TYPE);
	case SCTP_ABORT:
	case SCTP_ERROR:
		return dissect_list(dissection, value, CAUSE_CODE);
	case SCTP_SHUTDOWN:
		return dissection_add_number(dissection, value, &fields[SHUTDOWN_TSN], NULL);
	case SCTP_COOKIE_ECHO:
		return add_rest(dissection, value, COOKIE);
	case SCTP_ECNE:
		return dissection_add_number(dissection, value, &fields[ECNE_TSN], NULL);
	case SCTP_CWR:
		return dissection_add_number(dissection, value, &fields[CWR_TSN], NULL);
	case SCTP_FORWARD_TSN:
		return dissection_add_number(dissection, value, &fields[FORWARD_TSN], NULL);
	}
	return add_rest(dissection, value, VALUE);
}

static int dissect_chunk(struct dissection *dissection, struct bytes *bytes,
			 struct conversation *conversation)
{
	uint64_t type, flags, length;
	struct bytes value;

	if (dissection_add_number(dissection, bytes, &fields[TYPE], &type))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[TYPE_BIT_1], 2, type);
	if (dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	if (type == SCTP_DATA)
		dissection_add_bits(dissection, &fields[DATA_IMMEDIATE], 4, flags);
	else if (type == SCTP_SACK)
		dissection_add_bits(dissection, &fields[SACK_NONCE], 1, flags);
	if (dissection_add_number(dissection, bytes, &fields[LENGTH], &length) ||
	    length < CHUNK_HEADER_BYTES || bytes_take(bytes, length - CHUNK_HEADER_BYTES, &value))
		return -ENODATA;
	bytes_skip_padding(bytes, -length & 3);
	return dissect_value(dissection, &value, type, conversation);
}

int sctp_chunk_dissect(struct dissection *dissection, struct bytes *bytes,
		       struct conversation *conversation)
{
	unsigned int group = dissection_enter(dissection, bytes, &fields[CHUNK]);
	int error = dissect_chunk(dissection, bytes, conversation);

	dissection_leave(dissection, group, bytes->data);
	return error;
}

/* The last field of a kind in a chunk, whose type is the first one; NULL: there is none. */
static const struct field *find(const struct field *type, const struct field *end,
				unsigned int which)
{
	const struct field *found = NULL;

	for (const struct field *field = type; field < end && field->info != &fields[CHUNK];
	     field++)
		if (field->info == &fields[which])
			found = field;
	return found;
}

/* "(Ack=4+3, Arwnd=100768)": behind the plus what is there beyond gaps. */
static void describe_sack(const struct field *type, const struct field *end, struct line *line)
{
	const struct field *relative = find(type, end, SACK_TSN);
	const struct field *raw = find(type, end, SACK_TSN_RAW);
	const struct field *gap = find(type, end, SACK_GAP_END);
	const struct field *window = find(type, end, SACK_WINDOW);

	if (!raw || !window)
		return;
	line_add(line, "(Ack=");
	line_add_number(line, relative ? relative->number : raw->number);
	if (gap) {
		line_add_character(line, '+');
		line_add_number(line, gap->number);
	}
	line_add(line, ", Arwnd=");
	line_add_number(line, window->number);
	line_add(line, ") ");
}

static void describe_data(const struct field *type, const struct field *end, struct line *line)
{
	const struct field *relative = find(type, end, DATA_TSN);
	const struct field *raw = find(type, end, DATA_TSN_RAW);
	const struct field *flags = find(type, end, FLAGS);

	if (!raw || !flags)
		return;
	line_add(line, "(TSN=");
	line_add_number(line, relative ? relative->number : raw->number);
	line_add(line, (flags->number & 3) == 3 ? ") " : ") (Message Fragment) ");
}

static void describe_chunk(const struct field *type, const struct field *end, struct line *line)
{
	const char *name = field_value_name(&fields[TYPE], type->number);

	line_add(line, name ? name : "RESERVED");
	line_add_character(line, ' ');
	if (type->number == SCTP_DATA)
		describe_data(type, end, line);
	else if (type->number == SCTP_SACK)
		describe_sack(type, end, line);
}

void sctp_chunks_describe(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *field = &dissection->fields[layer->first_field];
	const struct field *end = field + layer->field_count;

	for (; field < end; field++)
		if (field->info == &fields[TYPE])
			describe_chunk(field, end, line);
}

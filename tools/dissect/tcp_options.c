/* SPDX-License-Identifier: GPL-2.0-only */
/* See tcp_options.h; numbers: https://www.iana.org/assignments/tcp-parameters. */
#include "tcp_options.h"

#include "../line.h"
#include "../stream/tcp_conversation.h"
#include "dissector.h"

enum {
	KIND,
	LENGTH,
	MAXIMUM_SEGMENT,
	WINDOW_SCALE,
	WINDOW_MULTIPLIER,
	TIMESTAMP,
	TIMESTAMP_ECHO,
	SACK_LEFT,
	SACK_RIGHT,
	USER_TIMEOUT_UNIT,
	USER_TIMEOUT,
	ECHO_VALUE,
	MD5_DIGEST,
	AUTHENTICATION_KEY,
	AUTHENTICATION_NEXT_KEY,
	AUTHENTICATION_MAC,
	FAST_OPEN_COOKIE,
	MULTIPATH_SUBTYPE,
	EXPERIMENT,
	ECN_BYTES,
	VALUE,
	/* The first ones in the order of their kinds. */
	GROUP_END,
	GROUP_NO_OPERATION,
	GROUP_MAXIMUM_SEGMENT,
	GROUP_WINDOW_SCALE,
	GROUP_SACK_PERMITTED,
	GROUP_SACK,
	GROUP_ECHO,
	GROUP_ECHO_REPLY,
	GROUP_TIMESTAMPS,
	GROUP_MD5,
	GROUP_USER_TIMEOUT,
	GROUP_AUTHENTICATION,
	GROUP_MULTIPATH,
	GROUP_FAST_OPEN,
	GROUP_ACCURATE_ECN,
	GROUP_EXPERIMENT,
	GROUP_UNKNOWN,
};

enum kind {
	KIND_END = 0,
	KIND_NO_OPERATION = 1,
	KIND_MAXIMUM_SEGMENT = 2, /* RFC 9293, section 3.7.1 */
	KIND_WINDOW_SCALE = 3,    /* RFC 7323, section 2 */
	KIND_SACK_PERMITTED = 4,  /* RFC 2018 */
	KIND_SACK = 5,
	KIND_ECHO = 6, /* RFC 1072 */
	KIND_ECHO_REPLY = 7,
	KIND_TIMESTAMPS = 8,      /* RFC 7323, section 3 */
	KIND_MD5 = 19,            /* RFC 2385 */
	KIND_USER_TIMEOUT = 28,   /* RFC 5482 */
	KIND_AUTHENTICATION = 29, /* RFC 5925 */
	KIND_MULTIPATH = 30,      /* RFC 8684 */
	KIND_FAST_OPEN = 34,      /* RFC 7413 */
	KIND_ACCURATE_ECN_0 = 172,
	KIND_ACCURATE_ECN_1 = 174,
	KIND_EXPERIMENT_1 = 253, /* RFC 6994 */
	KIND_EXPERIMENT_2 = 254,
};

#define DETAIL .is_detail = true

#define EXPERIMENT_FAST_OPEN 0xf989

static const struct value_name kind_names[] = {
	{ KIND_END, "End of Option List" },
	{ KIND_NO_OPERATION, "No-Operation" },
	{ KIND_MAXIMUM_SEGMENT, "Maximum Segment Size" },
	{ KIND_WINDOW_SCALE, "Window Scale" },
	{ KIND_SACK_PERMITTED, "SACK Permitted" },
	{ KIND_SACK, "SACK" },
	{ KIND_ECHO, "Echo" },
	{ KIND_ECHO_REPLY, "Echo Reply" },
	{ KIND_TIMESTAMPS, "Time Stamp Option" },
	{ KIND_MD5, "MD5 Signature Option" },
	{ KIND_USER_TIMEOUT, "User Timeout Option" },
	{ KIND_AUTHENTICATION, "The TCP Authentication Option" },
	{ KIND_MULTIPATH, "Multipath TCP" },
	{ KIND_FAST_OPEN, "TCP Fast Open Cookie" },
	{ KIND_ACCURATE_ECN_0, "Accurate ECN Order 0" },
	{ KIND_ACCURATE_ECN_1, "Accurate ECN Order 1" },
	{ KIND_EXPERIMENT_1, "RFC3692-style Experiment 1" },
	{ KIND_EXPERIMENT_2, "RFC3692-style Experiment 2" },
	{ 0, NULL },
};

static const struct value_name multipath_subtypes[] = {
	{ 0, "Multipath Capable" },
	{ 1, "Join Connection" },
	{ 2, "Data Sequence Signal" },
	{ 3, "Add Address" },
	{ 4, "Remove Address" },
	{ 5, "Change Subflow Priority" },
	{ 6, "Fallback" },
	{ 7, "Fast Close" },
	{ 8, "TCP Reset" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[KIND] = { "tcp.option_kind", "Kind", FIELD_NUMBER, 1, .values = kind_names, DETAIL },
	[LENGTH] = { "tcp.option_len", "Length", FIELD_NUMBER, 1, .unit = "bytes", DETAIL },
	[MAXIMUM_SEGMENT] = { "tcp.options.mss_val", "MSS Value", FIELD_NUMBER, 2 },
	[WINDOW_SCALE] = { "tcp.options.wscale.shift", "Shift count", FIELD_NUMBER, 1 },
	[WINDOW_MULTIPLIER] = { "tcp.options.wscale.multiplier", "Multiplier", FIELD_NUMBER },
	[TIMESTAMP] = { "tcp.options.timestamp.tsval", "Timestamp value", FIELD_NUMBER, 4 },
	[TIMESTAMP_ECHO] = { "tcp.options.timestamp.tsecr", "Timestamp echo reply", FIELD_NUMBER,
			     4 },
	[SACK_LEFT] = { "tcp.options.sack_le", "TCP SACK Left Edge", FIELD_NUMBER, 4 },
	[SACK_RIGHT] = { "tcp.options.sack_re", "TCP SACK Right Edge", FIELD_NUMBER, 4 },
	[USER_TIMEOUT_UNIT] = { "tcp.options.user_to_granularity", "Granularity", FIELD_FLAG, 2,
				.mask = 0x8000 },
	[USER_TIMEOUT] = { "tcp.options.user_to_val", "User Timeout", FIELD_NUMBER, 2,
			   .mask = 0x7fff },
	[ECHO_VALUE] = { "tcp.options.echo_value", "Echoed value", FIELD_NUMBER, 4 },
	[MD5_DIGEST] = { "tcp.options.md5.digest", "MD5 digest", FIELD_BYTES },
	[AUTHENTICATION_KEY] = { "tcp.options.ao.keyid", "AO KeyID", FIELD_NUMBER, 1 },
	[AUTHENTICATION_NEXT_KEY] = { "tcp.options.ao.rnextkeyid", "AO RNextKeyID", FIELD_NUMBER,
				      1 },
	[AUTHENTICATION_MAC] = { "tcp.options.ao.mac", "AO MAC", FIELD_BYTES },
	[FAST_OPEN_COOKIE] = { "tcp.options.tfo.cookie", "Fast Open Cookie", FIELD_BYTES },
	[MULTIPATH_SUBTYPE] = { "tcp.options.mptcp.subtype", "Multipath TCP subtype", FIELD_NUMBER,
				1, .mask = 0xf0, .values = multipath_subtypes },
	[EXPERIMENT] = { "tcp.options.experimental.exid", "Experiment Identifier", FIELD_HEX, 2 },
	[ECN_BYTES] = { "tcp.options.acc_ecn", "Accurate ECN", FIELD_BYTES },
	[VALUE] = { "tcp.options.unknown.payload", "Payload", FIELD_BYTES },
	[GROUP_END] = { "tcp.options.eol", "TCP Option - End of Option List (EOL)", FIELD_GROUP,
			DETAIL },
	[GROUP_NO_OPERATION] = { "tcp.options.nop", "TCP Option - No-Operation (NOP)", FIELD_GROUP,
				 DETAIL },
	[GROUP_MAXIMUM_SEGMENT] = { "tcp.options.mss", "TCP Option - Maximum segment size",
				    FIELD_GROUP, DETAIL },
	[GROUP_WINDOW_SCALE] = { "tcp.options.wscale", "TCP Option - Window scale", FIELD_GROUP,
				 DETAIL },
	[GROUP_SACK_PERMITTED] = { "tcp.options.sack_perm", "TCP Option - SACK permitted",
				   FIELD_GROUP },
	[GROUP_SACK] = { "tcp.options.sack", "TCP Option - SACK", FIELD_GROUP, DETAIL },
	[GROUP_ECHO] = { "tcp.options.echo", "TCP Option - Echo", FIELD_GROUP, DETAIL },
	[GROUP_ECHO_REPLY] = { "tcp.options.echo_reply", "TCP Option - Echo reply", FIELD_GROUP,
			       DETAIL },
	[GROUP_TIMESTAMPS] = { "tcp.options.timestamp", "TCP Option - Timestamps", FIELD_GROUP,
			       DETAIL },
	[GROUP_MD5] = { "tcp.options.md5", "TCP Option - TCP MD5 signature", FIELD_GROUP },
	[GROUP_USER_TIMEOUT] = { "tcp.options.user_to", "TCP Option - User Timeout", FIELD_GROUP,
				 DETAIL },
	[GROUP_AUTHENTICATION] = { "tcp.options.ao", "TCP Option - TCP AO", FIELD_GROUP, DETAIL },
	[GROUP_MULTIPATH] = { "tcp.options.mptcp", "TCP Option - Multipath TCP", FIELD_GROUP,
			      DETAIL },
	[GROUP_FAST_OPEN] = { "tcp.options.tfo", "TCP Option - TCP Fast Open", FIELD_GROUP },
	[GROUP_ACCURATE_ECN] = { "tcp.options.acc_ecn_group", "TCP Option - Accurate ECN",
				 FIELD_GROUP, DETAIL },
	[GROUP_EXPERIMENT] = { "tcp.options.experimental", "TCP Option - Experimental",
			       FIELD_GROUP },
	[GROUP_UNKNOWN] = { "tcp.options.unknown", "TCP Option - Unknown", FIELD_GROUP, DETAIL },
};

static const struct field_info *group_of(uint64_t kind)
{
	static const uint8_t kinds[] = {
		KIND_MD5,       KIND_USER_TIMEOUT,   KIND_AUTHENTICATION, KIND_MULTIPATH,
		KIND_FAST_OPEN, KIND_ACCURATE_ECN_0, KIND_EXPERIMENT_1,
	};

	if (kind <= KIND_TIMESTAMPS)
		return &fields[GROUP_END + kind];
	if (kind == KIND_ACCURATE_ECN_1 || kind == KIND_EXPERIMENT_2)
		kind = kind == KIND_ACCURATE_ECN_1 ? KIND_ACCURATE_ECN_0 : KIND_EXPERIMENT_1;
	for (size_t i = 0; i < sizeof(kinds); i++)
		if (kinds[i] == kind)
			return &fields[GROUP_MD5 + i];
	return &fields[GROUP_UNKNOWN];
}

/* As other numbers, they are counted from the first one: that of who receives the segment. */
static int add_ranges(struct dissection *dissection, struct bytes *value)
{
	const struct conversation *conversation = dissection->conversation;
	uint32_t first = 0, edge;

	if (conversation && conversation->tcp)
		first = conversation->tcp->analysis.sides[!dissection->side].first;
	for (unsigned int i = SACK_LEFT; value->length; i ^= SACK_LEFT ^ SACK_RIGHT) {
		struct bytes place = *value;

		if (bytes_read_be32(value, &edge))
			return -ENODATA;
		place.length = 4;
		dissection_add_value(dissection, place, &fields[i], edge - first);
	}
	return 0;
}

static int add_scale(struct dissection *dissection, struct bytes *value)
{
	uint64_t shift;

	if (dissection_add_number(dissection, value, &fields[WINDOW_SCALE], &shift))
		return -ENODATA;
	/* RFC 7323, section 2.3: no more than 14. */
	dissection_add_value(dissection, bytes_make(value->data, 0), &fields[WINDOW_MULTIPLIER],
			     1u << (shift < 14 ? shift : 14));
	return 0;
}

static int dissect_value(struct dissection *dissection, uint64_t kind, struct bytes *value)
{
	const struct field_info *rest = &fields[VALUE];
	int error = 0;

	switch (kind) {
	case KIND_MAXIMUM_SEGMENT:
		error = dissection_add_number(dissection, value, &fields[MAXIMUM_SEGMENT], NULL);
		break;
	case KIND_WINDOW_SCALE:
		error = add_scale(dissection, value);
		break;
	case KIND_TIMESTAMPS:
		error = dissection_add_number(dissection, value, &fields[TIMESTAMP], NULL) ?:
				dissection_add_number(dissection, value, &fields[TIMESTAMP_ECHO],
						      NULL);
		break;
	case KIND_SACK:
		error = add_ranges(dissection, value);
		break;
	case KIND_ECHO:
	case KIND_ECHO_REPLY:
		error = dissection_add_number(dissection, value, &fields[ECHO_VALUE], NULL);
		break;
	case KIND_USER_TIMEOUT:
		error = dissection_add_parts(dissection, value, &fields[USER_TIMEOUT_UNIT], 2,
					     NULL);
		break;
	case KIND_AUTHENTICATION:
		error = dissection_add_fields(dissection, value, &fields[AUTHENTICATION_KEY], 2,
					      NULL);
		rest = &fields[AUTHENTICATION_MAC];
		break;
	case KIND_MULTIPATH:
		error = dissection_add_number(dissection, value, &fields[MULTIPATH_SUBTYPE], NULL);
		break;
	case KIND_EXPERIMENT_1:
	case KIND_EXPERIMENT_2:
		error = dissection_add_number(dissection, value, &fields[EXPERIMENT], NULL);
		break;
	case KIND_MD5:
		rest = &fields[MD5_DIGEST];
		break;
	case KIND_FAST_OPEN:
		rest = &fields[FAST_OPEN_COOKIE];
		break;
	case KIND_ACCURATE_ECN_0:
	case KIND_ACCURATE_ECN_1:
		rest = &fields[ECN_BYTES];
		break;
	}
	if (error || !value->length)
		return error;
	return dissection_add_bytes(dissection, value, value->length, rest, NULL);
}

/* The kind, then, but for two of them, the length with both. */
static int dissect_parts(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t kind, length;
	struct bytes value;

	if (dissection_add_number(dissection, bytes, &fields[KIND], &kind))
		return -ENODATA;
	if (kind == KIND_END || kind == KIND_NO_OPERATION)
		return 0;
	if (dissection_add_number(dissection, bytes, &fields[LENGTH], &length) || length < 2 ||
	    bytes_take(bytes, length - 2, &value))
		return -ENODATA;
	return dissect_value(dissection, kind, &value);
}

int tcp_options_dissect(struct dissection *dissection, struct bytes *bytes)
{
	int error = 0;

	while (!error && bytes->length) {
		uint8_t kind = bytes->data[0];
		unsigned int group = dissection_enter(dissection, bytes, group_of(kind));

		error = dissect_parts(dissection, bytes);
		dissection_leave(dissection, group, bytes->data);
	}
	return error;
}

int tcp_options_read_scale(struct bytes options)
{
	uint8_t kind, length, shift;
	struct bytes value;

	while (!bytes_read_u8(&options, &kind)) {
		if (kind == KIND_END || kind == KIND_NO_OPERATION)
			continue;
		if (bytes_read_u8(&options, &length) || length < 2 ||
		    bytes_take(&options, length - 2u, &value))
			break;
		if (kind == KIND_WINDOW_SCALE && !bytes_read_u8(&value, &shift))
			return shift;
	}
	return TCP_SCALE_UNKNOWN;
}

/* RFC 6994: what the group, whose fields end before `end`, is an experiment with. */
static void describe_experiment(const struct field *group, const struct field *end,
				struct line *line)
{
	const struct field *field = group + 1;

	while (field < end && field->depth > group->depth && field->info != &fields[EXPERIMENT])
		field++;
	if (field == end || field->info != &fields[EXPERIMENT])
		return;
	if (field->number == EXPERIMENT_FAST_OPEN) {
		line_add(line, group->length == 4 ? " TFO=R" : " TFO=C");
		return;
	}
	line_add(line, " ExID=");
	line_add_hex(line, field->number, 4);
}

/* An empty cookie is a request for one: RFC 7413, section 4.1.1; it was an experiment first. */
static void describe_option(const struct field *field, const struct field *end, struct line *line)
{
	switch (field->info - fields) {
	case GROUP_SACK_PERMITTED:
		line_add(line, " SACK_PERM");
		return;
	case GROUP_MD5:
		line_add(line, " MD5");
		return;
	case GROUP_FAST_OPEN:
		line_add(line, field->length == 2 ? " TFO=R" : " TFO=C");
		return;
	case GROUP_EXPERIMENT:
		describe_experiment(field, end, line);
		return;
	case MAXIMUM_SEGMENT:
		line_add(line, " MSS=");
		break;
	case WINDOW_MULTIPLIER:
		line_add(line, " WS=");
		break;
	case TIMESTAMP:
		line_add(line, " TSval=");
		break;
	case TIMESTAMP_ECHO:
		line_add(line, " TSecr=");
		break;
	case SACK_LEFT:
		line_add(line, " SLE=");
		break;
	case SACK_RIGHT:
		line_add(line, " SRE=");
		break;
	default:
		return;
	}
	line_add_number(line, field->number);
}

void tcp_options_describe(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *field = dissection->fields + layer->first_field;
	const struct field *end = field + layer->field_count;

	for (; field < end; field++)
		if (field->info >= fields && field->info <= &fields[GROUP_UNKNOWN])
			describe_option(field, end, line);
}

const struct field_table tcp_options_table = FIELD_TABLE(fields);

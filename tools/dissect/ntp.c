/* SPDX-License-Identifier: GPL-2.0-only */
/* NTP: RFC 5905, section 7.3; its control messages: RFC 9327, section 2. */
#include "../line.h"
#include "dissector.h"

enum {
	FLAGS,
	LEAP,
	VERSION,
	MODE,
	STRATUM,
	POLL,
	PRECISION,
	ROOT_DELAY,
	ROOT_DISPERSION,
	REFERENCE,
	REFERENCE_TIME,
	ORIGIN_TIME,
	RECEIVE_TIME,
	TRANSMIT_TIME,
	KEY,
	MAC,
	CONTROL_FLAGS,
	CONTROL_RESPONSE,
	CONTROL_ERROR,
	CONTROL_MORE,
	CONTROL_OPCODE,
	CONTROL_SEQUENCE,
	CONTROL_STATUS,
	CONTROL_ASSOCIATION,
	CONTROL_OFFSET,
	CONTROL_COUNT,
	CONTROL_DATA,
	PRIVATE_DATA,
};

enum mode {
	MODE_CONTROL = 6,
	MODE_PRIVATE = 7,
};

#define KEY_BYTES 4

static const struct value_name leap_names[] = {
	{ 0, "no warning" },
	{ 1, "last minute of the day has 61 seconds" },
	{ 2, "last minute of the day has 59 seconds" },
	{ 3, "unknown (clock unsynchronized)" },
	{ 0, NULL },
};

static const struct value_name mode_names[] = {
	{ 0, "reserved" },
	{ 1, "symmetric active" },
	{ 2, "symmetric passive" },
	{ 3, "client" },
	{ 4, "server" },
	{ 5, "broadcast" },
	{ MODE_CONTROL, "reserved for NTP control message" },
	{ MODE_PRIVATE, "reserved for private use" },
	{ 0, NULL },
};

static const struct value_name opcode_names[] = {
	{ 0, "reserved" },
	{ 1, "read status" },
	{ 2, "read variables" },
	{ 3, "write variables" },
	{ 4, "read clock variables" },
	{ 5, "write clock variables" },
	{ 6, "set trap address/port" },
	{ 7, "asynchronous message" },
	{ 8, "runtime configuration" },
	{ 9, "save config to file" },
	{ 10, "retrieve MRU (mrulist)" },
	{ 11, "retrieve ordered list" },
	{ 12, "request a client nonce" },
	{ 31, "unset trap address/port" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[FLAGS] = { "ntp.flags", "Flags", FIELD_HEX, 1 },
	[LEAP] = { "ntp.flags.li", "Leap Indicator", FIELD_NUMBER, 1, .mask = 0xc0,
		   .values = leap_names },
	[VERSION] = { "ntp.flags.vn", "Version number", FIELD_NUMBER, 1, .mask = 0x38 },
	[MODE] = { "ntp.flags.mode", "Mode", FIELD_NUMBER, 1, .mask = 0x07, .values = mode_names },
	[STRATUM] = { "ntp.stratum", "Peer Clock Stratum", FIELD_NUMBER, 1 },
	[POLL] = { "ntp.ppoll", "Peer Polling Interval", FIELD_NUMBER, 1 },
	[PRECISION] = { "ntp.precision", "Peer Clock Precision", FIELD_NUMBER, 1 },
	[ROOT_DELAY] = { "ntp.rootdelay", "Root Delay", FIELD_NUMBER, 4 },
	[ROOT_DISPERSION] = { "ntp.rootdispersion", "Root Dispersion", FIELD_NUMBER, 4 },
	[REFERENCE] = { "ntp.refid", "Reference ID", FIELD_BYTES },
	[REFERENCE_TIME] = { "ntp.reftime", "Reference Timestamp", FIELD_NTP, 8 },
	[ORIGIN_TIME] = { "ntp.org", "Origin Timestamp", FIELD_NTP, 8 },
	[RECEIVE_TIME] = { "ntp.rec", "Receive Timestamp", FIELD_NTP, 8 },
	[TRANSMIT_TIME] = { "ntp.xmt", "Transmit Timestamp", FIELD_NTP, 8 },
	[KEY] = { "ntp.keyid", "Key ID", FIELD_BYTES },
	[MAC] = { "ntp.mac", "Message Authentication Code", FIELD_BYTES },
	[CONTROL_FLAGS] = { "ntp.ctrl.flags2", "Flags 2", FIELD_HEX, 1 },
	[CONTROL_RESPONSE] = { "ntp.ctrl.flags2.r", "Response bit", FIELD_NUMBER, 1, .mask = 0x80 },
	[CONTROL_ERROR] = { "ntp.ctrl.flags2.error", "Error bit", FIELD_NUMBER, 1, .mask = 0x40 },
	[CONTROL_MORE] = { "ntp.ctrl.flags2.more", "More bit", FIELD_NUMBER, 1, .mask = 0x20 },
	[CONTROL_OPCODE] = { "ntp.ctrl.flags2.opcode", "Opcode", FIELD_NUMBER, 1, .mask = 0x1f,
			     .values = opcode_names },
	[CONTROL_SEQUENCE] = { "ntp.ctrl.sequence", "Sequence", FIELD_NUMBER, 2 },
	[CONTROL_STATUS] = { "ntp.ctrl.status", "Status", FIELD_HEX, 2 },
	[CONTROL_ASSOCIATION] = { "ntp.ctrl.associd", "AssociationID", FIELD_NUMBER, 2 },
	[CONTROL_OFFSET] = { "ntp.ctrl.offset", "Offset", FIELD_NUMBER, 2 },
	[CONTROL_COUNT] = { "ntp.ctrl.count", "Count", FIELD_NUMBER, 2 },
	[CONTROL_DATA] = { "ntp.ctrl.data", "Data", FIELD_BYTES },
	[PRIVATE_DATA] = { "ntp.priv.data", "Data", FIELD_BYTES },
};

static int add_rest(struct dissection *dissection, struct bytes *bytes, unsigned int which)
{
	return bytes->length ? dissection_add_bytes(dissection, bytes, bytes->length,
						    &fields[which], NULL) :
			       0;
}

static int dissect_times(struct dissection *dissection, struct bytes *bytes)
{
	if (dissection_add_fields(dissection, bytes, &fields[STRATUM], 5, NULL) ||
	    dissection_add_bytes(dissection, bytes, 4, &fields[REFERENCE], NULL))
		return -ENODATA;
	for (unsigned int i = REFERENCE_TIME; i <= TRANSMIT_TIME; i++)
		if (dissection_add_number(dissection, bytes, &fields[i], NULL))
			return -ENODATA;
	if (bytes->length < KEY_BYTES)
		return 0;
	(void)dissection_add_bytes(dissection, bytes, KEY_BYTES, &fields[KEY], NULL);
	return add_rest(dissection, bytes, MAC);
}

static int dissect_control(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t flags;

	if (dissection_add_number(dissection, bytes, &fields[CONTROL_FLAGS], &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[CONTROL_RESPONSE], 4, flags);
	if (dissection_add_fields(dissection, bytes, &fields[CONTROL_SEQUENCE], 5, NULL))
		return -ENODATA;
	return add_rest(dissection, bytes, CONTROL_DATA);
}

static int dissect_ntp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t flags;

	if (dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[LEAP], 3, flags);
	switch (flags & fields[MODE].mask) {
	case MODE_CONTROL:
		return dissect_control(dissection, bytes);
	case MODE_PRIVATE:
		return add_rest(dissection, bytes, PRIVATE_DATA);
	default:
		return dissect_times(dissection, bytes);
	}
}

/* "NTP Version 4, client" */
static void describe_ntp(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *version = dissection_find(dissection, layer, &fields[VERSION]);
	const struct field *mode = dissection_find(dissection, layer, &fields[MODE]);

	if (!version || !mode)
		return;
	if (version->number >= 1 && version->number <= 4) {
		line_add(line, "NTP Version ");
		line_add_number(line, version->number);
	} else {
		line_add(line, "reserved");
	}
	line_add(line, ", ");
	line_add(line, mode->number == MODE_CONTROL ? "control" :
		       mode->number == MODE_PRIVATE ? "private" :
						      field_value_name(mode->info, mode->number));
}

const struct dissector dissector_ntp = {
	.name = "ntp",
	.label = "NTP",
	.title = "Network Time Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_ntp,
	.describe = describe_ntp,
};

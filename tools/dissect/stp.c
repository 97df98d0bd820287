/* SPDX-License-Identifier: GPL-2.0-only */
/* Spanning trees: STP, RSTP and MSTP as in IEEE 802.1Q, section 14.1. */
#include "../line.h"
#include "dissector.h"

enum {
	PROTOCOL,
	VERSION,
	TYPE,
	FLAGS,
	TOPOLOGY_ACKNOWLEDGMENT,
	AGREEMENT,
	FORWARDING,
	LEARNING,
	PORT_ROLE,
	PROPOSAL,
	TOPOLOGY_CHANGE,
	ROOT_PRIORITY,
	ROOT_EXTENSION,
	ROOT_MAC,
	ROOT_COST,
	BRIDGE_PRIORITY,
	BRIDGE_EXTENSION,
	BRIDGE_MAC,
	PORT,
	MESSAGE_AGE,
	MAXIMUM_AGE,
	HELLO_TIME,
	FORWARD_DELAY,
	VERSION_1_LENGTH,
	VERSION_3_LENGTH,
	CONFIGURATION_FORMAT,
	CONFIGURATION_NAME,
	CONFIGURATION_REVISION,
	CONFIGURATION_DIGEST,
	INTERNAL_COST,
	CIST_PRIORITY,
	CIST_EXTENSION,
	CIST_MAC,
	CIST_HOPS,
	INSTANCES,
	TLV_TYPE,
	TLV_LENGTH,
	TLV_VLAN,
};

enum {
	TYPE_CONFIGURATION = 0x00,
	TYPE_RAPID = 0x02,
	TYPE_TOPOLOGY_CHANGE = 0x80,
};

static const struct value_name protocol_names[] = {
	{ 0, "Spanning Tree Protocol" },
	{ 0, NULL },
};

static const struct value_name version_names[] = {
	{ 0, "Spanning Tree" },
	{ 2, "Rapid Spanning Tree" },
	{ 3, "Multiple Spanning Tree" },
	{ 4, "Shortest Path Tree" },
	{ 0, NULL },
};

static const struct value_name type_names[] = {
	{ TYPE_CONFIGURATION, "Configuration" },
	{ TYPE_RAPID, "Rapid/Multiple Spanning Tree" },
	{ TYPE_TOPOLOGY_CHANGE, "Topology Change Notification" },
	{ 0, NULL },
};

static const struct value_name role_names[] = {
	{ 0, "Unknown" }, { 1, "Alternate or Backup" }, { 2, "Root" }, { 3, "Designated" },
	{ 0, NULL },
};

/* Times are in 256ths of a second; the whole seconds are shown. */
static const struct field_info fields[] = {
	[PROTOCOL] = { "stp.protocol", "Protocol Identifier", FIELD_HEX, 2,
		       .values = protocol_names },
	[VERSION] = { "stp.version", "Protocol Version Identifier", FIELD_NUMBER, 1,
		      .values = version_names },
	[TYPE] = { "stp.type", "BPDU Type", FIELD_HEX, 1, .values = type_names },
	[FLAGS] = { "stp.flags", "BPDU flags", FIELD_HEX, 1 },
	[TOPOLOGY_ACKNOWLEDGMENT] = { "stp.flags.tcack", "Topology Change Acknowledgment",
				      FIELD_FLAG, 1, .mask = 0x80 },
	[AGREEMENT] = { "stp.flags.agreement", "Agreement", FIELD_FLAG, 1, .mask = 0x40 },
	[FORWARDING] = { "stp.flags.forwarding", "Forwarding", FIELD_FLAG, 1, .mask = 0x20 },
	[LEARNING] = { "stp.flags.learning", "Learning", FIELD_FLAG, 1, .mask = 0x10 },
	[PORT_ROLE] = { "stp.flags.port_role", "Port Role", FIELD_NUMBER, 1, .mask = 0x0c,
			.values = role_names },
	[PROPOSAL] = { "stp.flags.proposal", "Proposal", FIELD_FLAG, 1, .mask = 0x02 },
	[TOPOLOGY_CHANGE] = { "stp.flags.tc", "Topology Change", FIELD_FLAG, 1, .mask = 0x01 },
	[ROOT_PRIORITY] = { "stp.root.prio", "Root Bridge Priority", FIELD_NUMBER, 2 },
	[ROOT_EXTENSION] = { "stp.root.ext", "Root Bridge System ID Extension", FIELD_NUMBER, 2 },
	[ROOT_MAC] = { "stp.root.hw", "Root Bridge System ID", FIELD_MAC },
	[ROOT_COST] = { "stp.root.cost", "Root Path Cost", FIELD_NUMBER, 4 },
	[BRIDGE_PRIORITY] = { "stp.bridge.prio", "Bridge Priority", FIELD_NUMBER, 2 },
	[BRIDGE_EXTENSION] = { "stp.bridge.ext", "Bridge System ID Extension", FIELD_NUMBER, 2 },
	[BRIDGE_MAC] = { "stp.bridge.hw", "Bridge System ID", FIELD_MAC },
	[PORT] = { "stp.port", "Port identifier", FIELD_HEX, 2 },
	[MESSAGE_AGE] = { "stp.msg_age", "Message Age", FIELD_NUMBER, 2, .mask = 0xff00 },
	[MAXIMUM_AGE] = { "stp.max_age", "Max Age", FIELD_NUMBER, 2, .mask = 0xff00 },
	[HELLO_TIME] = { "stp.hello", "Hello Time", FIELD_NUMBER, 2, .mask = 0xff00 },
	[FORWARD_DELAY] = { "stp.forward", "Forward Delay", FIELD_NUMBER, 2, .mask = 0xff00 },
	[VERSION_1_LENGTH] = { "stp.version_1_length", "Version 1 Length", FIELD_NUMBER, 1 },
	[VERSION_3_LENGTH] = { "mstp.version_3_length", "Version 3 Length", FIELD_NUMBER, 2 },
	[CONFIGURATION_FORMAT] = { "mstp.config_format_selector", "MST Config ID format selector",
				   FIELD_NUMBER, 1 },
	[CONFIGURATION_NAME] = { "mstp.config_name", "MST Config name", FIELD_TEXT },
	[CONFIGURATION_REVISION] = { "mstp.config_revision_level", "MST Config revision",
				     FIELD_NUMBER, 2 },
	[CONFIGURATION_DIGEST] = { "mstp.config_digest", "MST Config digest", FIELD_BYTES },
	[INTERNAL_COST] = { "mstp.cist_internal_root_path_cost", "CIST Internal Root Path Cost",
			    FIELD_NUMBER, 4 },
	[CIST_PRIORITY] = { "mstp.cist_bridge.prio", "CIST Bridge Priority", FIELD_NUMBER, 2 },
	[CIST_EXTENSION] = { "mstp.cist_bridge.ext", "CIST Bridge Identifier System ID Extension",
			     FIELD_NUMBER, 2 },
	[CIST_MAC] = { "mstp.cist_bridge.hw", "CIST Bridge Identifier System ID", FIELD_MAC },
	[CIST_HOPS] = { "mstp.cist_remaining_hops", "CIST Remaining hops", FIELD_NUMBER, 1 },
	[INSTANCES] = { "mstp.msti", "MSTI configuration messages", FIELD_BYTES },
	[TLV_TYPE] = { "stp.pvst.tlvtype", "Type", FIELD_HEX, 2 },
	[TLV_LENGTH] = { "stp.pvst.tlvlen", "Length", FIELD_NUMBER, 2 },
	[TLV_VLAN] = { "stp.pvst.origvlan", "Originating VLAN", FIELD_NUMBER, 2 },
};

/* A priority in steps of 4096 beside the tree's number, and the bridge's address. */
static int add_bridge(struct dissection *dissection, struct bytes *bytes, unsigned int first)
{
	struct bytes place;
	unsigned int number;

	if (bytes_take(bytes, 2, &place) || bytes->length < 6)
		return -ENODATA;
	number = (unsigned int)place.data[0] << 8 | place.data[1];
	dissection_add_value(dissection, place, &fields[first], number & 0xf000);
	dissection_add_value(dissection, place, &fields[first + 1], number & 0x0fff);
	return dissection_add_fields(dissection, bytes, &fields[first + 2], 1, NULL);
}

static int dissect_multiple(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t length;

	if (dissection_add_number(dissection, bytes, &fields[VERSION_3_LENGTH], &length) ||
	    dissection_add_number(dissection, bytes, &fields[CONFIGURATION_FORMAT], NULL) ||
	    dissection_add_bytes(dissection, bytes, 32, &fields[CONFIGURATION_NAME], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[CONFIGURATION_REVISION], NULL) ||
	    dissection_add_bytes(dissection, bytes, 16, &fields[CONFIGURATION_DIGEST], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[INTERNAL_COST], NULL) ||
	    add_bridge(dissection, bytes, CIST_PRIORITY) ||
	    dissection_add_number(dissection, bytes, &fields[CIST_HOPS], NULL))
		return -ENODATA;
	/* IEEE 802.1Q, section 14.5.1: 64 bytes precede those of the instances. */
	if (length > 64 && bytes->length > 0)
		return dissection_add_bytes(dissection, bytes,
					    length - 64 < bytes->length ? length - 64 :
									  bytes->length,
					    &fields[INSTANCES], NULL);
	return 0;
}

/* Cisco's tree of each VLAN says at its end which one it is. */
static int dissect_vlan(struct dissection *dissection, struct bytes *bytes)
{
	if (bytes->length < 6)
		return 0;
	return dissection_add_fields(dissection, bytes, &fields[TLV_TYPE], 3, NULL);
}

static int dissect_stp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[3], flags;

	if (dissection_add_fields(dissection, bytes, &fields[PROTOCOL], 3, numbers))
		return -ENODATA;
	if (numbers[2] != TYPE_CONFIGURATION && numbers[2] != TYPE_RAPID)
		return 0;
	if (dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[TOPOLOGY_ACKNOWLEDGMENT], 1, flags);
	if (numbers[2] == TYPE_RAPID)
		dissection_add_bits(dissection, &fields[AGREEMENT], PROPOSAL - AGREEMENT + 1,
				    flags);
	dissection_add_bits(dissection, &fields[TOPOLOGY_CHANGE], 1, flags);
	if (add_bridge(dissection, bytes, ROOT_PRIORITY) ||
	    dissection_add_number(dissection, bytes, &fields[ROOT_COST], NULL) ||
	    add_bridge(dissection, bytes, BRIDGE_PRIORITY) ||
	    dissection_add_fields(dissection, bytes, &fields[PORT], FORWARD_DELAY - PORT + 1, NULL))
		return -ENODATA;
	if (numbers[2] != TYPE_RAPID) {
		/* A byte lies between. */
		bytes_skip_padding(bytes, 1);
		return dissect_vlan(dissection, bytes);
	}
	if (dissection_add_number(dissection, bytes, &fields[VERSION_1_LENGTH], NULL))
		return -ENODATA;
	return numbers[1] >= 3 && bytes->length > 0 ? dissect_multiple(dissection, bytes) :
						      dissect_vlan(dissection, bytes);
}

static void describe_stp(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *version = dissection_find(dissection, layer, &fields[VERSION]);
	const struct field *type = dissection_find(dissection, layer, &fields[TYPE]);
	const struct field *priority = dissection_find(dissection, layer, &fields[ROOT_PRIORITY]);
	const struct field *extension = dissection_find(dissection, layer, &fields[ROOT_EXTENSION]);
	const struct field *mac = dissection_find(dissection, layer, &fields[ROOT_MAC]);
	const struct field *cost = dissection_find(dissection, layer, &fields[ROOT_COST]);
	const struct field *port = dissection_find(dissection, layer, &fields[PORT]);
	const struct field *change = dissection_find(dissection, layer, &fields[TOPOLOGY_CHANGE]);

	if (!type)
		return;
	if (type->number == TYPE_TOPOLOGY_CHANGE) {
		line_add(line, "Topology Change Notification");
		return;
	}
	line_add(line, type->number == TYPE_CONFIGURATION ? "Conf. " :
		       version->number >= 3               ? "MST. " :
							    "RST. ");
	if (!priority || !extension || !mac || !cost || !port)
		return;
	line_print(line, "%sRoot = %u/%u/", change && change->number ? "TC + " : "",
		   (unsigned int)priority->number, (unsigned int)extension->number);
	line_add_mac(line, mac->data);
	line_print(line, "  Cost = %u  Port = 0x%04x", (unsigned int)cost->number,
		   (unsigned int)port->number);
}

const struct dissector dissector_stp = {
	.name = "stp",
	.label = "STP",
	.title = "Spanning Tree Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_stp,
	.describe = describe_stp,
};

/* SPDX-License-Identifier: GPL-2.0-only */
/* Link layer discovery: IEEE 802.1AB, section 8. */
#include "../line.h"
#include "dissector.h"

enum {
	TLV_TYPE,
	TLV_LENGTH,
	CHASSIS_SUBTYPE,
	CHASSIS_MAC,
	CHASSIS_IPV4,
	CHASSIS_ID,
	PORT_SUBTYPE,
	PORT_MAC,
	PORT_IPV4,
	PORT_ID,
	TIME_TO_LIVE,
	PORT_DESCRIPTION,
	SYSTEM_NAME,
	SYSTEM_DESCRIPTION,
	CAPABILITIES,
	CAPABILITIES_ENABLED,
	ADDRESS_LENGTH,
	ADDRESS_SUBTYPE,
	MANAGEMENT_IPV4,
	MANAGEMENT_IPV6,
	MANAGEMENT_OTHER,
	INTERFACE_SUBTYPE,
	INTERFACE_NUMBER,
	OID_LENGTH,
	OID,
	ORGANIZATION,
	ORGANIZATION_SUBTYPE,
	UNKNOWN,
};

enum {
	TYPE_END,
	TYPE_CHASSIS,
	TYPE_PORT,
	TYPE_TIME_TO_LIVE,
	TYPE_PORT_DESCRIPTION,
	TYPE_SYSTEM_NAME,
	TYPE_SYSTEM_DESCRIPTION,
	TYPE_CAPABILITIES,
	TYPE_ADDRESS,
	TYPE_ORGANIZATION = 127,
};

static const struct value_name type_names[] = {
	{ TYPE_END, "End of LLDPDU" },
	{ TYPE_CHASSIS, "Chassis Id" },
	{ TYPE_PORT, "Port Id" },
	{ TYPE_TIME_TO_LIVE, "Time to Live" },
	{ TYPE_PORT_DESCRIPTION, "Port Description" },
	{ TYPE_SYSTEM_NAME, "System Name" },
	{ TYPE_SYSTEM_DESCRIPTION, "System Description" },
	{ TYPE_CAPABILITIES, "System Capabilities" },
	{ TYPE_ADDRESS, "Management Address" },
	{ TYPE_ORGANIZATION, "Organization Specific" },
	{ 0, NULL },
};

static const struct value_name chassis_names[] = {
	{ 1, "Chassis component" }, { 2, "Interface alias" },
	{ 3, "Port component" },    { 4, "MAC address" },
	{ 5, "Network address" },   { 6, "Interface name" },
	{ 7, "Locally assigned" },  { 0, NULL },
};

static const struct value_name port_names[] = {
	{ 1, "Interface alias" },  { 2, "Port component" },
	{ 3, "MAC address" },      { 4, "Network address" },
	{ 5, "Interface name" },   { 6, "Agent circuit Id" },
	{ 7, "Locally assigned" }, { 0, NULL },
};

static const struct value_name interface_names[] = {
	{ 1, "Unknown" },
	{ 2, "ifIndex" },
	{ 3, "System port number" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[TLV_TYPE] = { "lldp.tlv.type", "TLV Type", FIELD_NUMBER, 2, .mask = 0xfe00,
		       .values = type_names },
	[TLV_LENGTH] = { "lldp.tlv.len", "TLV Length", FIELD_NUMBER, 2, .mask = 0x01ff },
	[CHASSIS_SUBTYPE] = { "lldp.chassis.subtype", "Chassis Id Subtype", FIELD_NUMBER, 1,
			      .values = chassis_names },
	[CHASSIS_MAC] = { "lldp.chassis.id.mac", "Chassis Id", FIELD_MAC },
	[CHASSIS_IPV4] = { "lldp.chassis.id.ip4", "Chassis Id", FIELD_IPV4 },
	[CHASSIS_ID] = { "lldp.chassis.id", "Chassis Id", FIELD_TEXT },
	[PORT_SUBTYPE] = { "lldp.port.subtype", "Port Id Subtype", FIELD_NUMBER, 1,
			   .values = port_names },
	[PORT_MAC] = { "lldp.port.id.mac", "Port Id", FIELD_MAC },
	[PORT_IPV4] = { "lldp.port.id.ip4", "Port Id", FIELD_IPV4 },
	[PORT_ID] = { "lldp.port.id", "Port Id", FIELD_TEXT },
	[TIME_TO_LIVE] = { "lldp.time_to_live", "Seconds", FIELD_NUMBER, 2 },
	[PORT_DESCRIPTION] = { "lldp.port.desc", "Port Description", FIELD_TEXT },
	[SYSTEM_NAME] = { "lldp.tlv.system.name", "System Name", FIELD_TEXT },
	[SYSTEM_DESCRIPTION] = { "lldp.tlv.system.desc", "System Description", FIELD_TEXT },
	[CAPABILITIES] = { "lldp.tlv.system_cap", "Capabilities", FIELD_HEX, 2 },
	[CAPABILITIES_ENABLED] = { "lldp.tlv.enable_system_cap", "Enabled Capabilities", FIELD_HEX,
				   2 },
	[ADDRESS_LENGTH] = { "lldp.mgn.address.len", "Address String Length", FIELD_NUMBER, 1 },
	[ADDRESS_SUBTYPE] = { "lldp.mgn.address.subtype", "Address Subtype", FIELD_NUMBER, 1 },
	[MANAGEMENT_IPV4] = { "lldp.mgn.addr.ip4", "Management Address", FIELD_IPV4 },
	[MANAGEMENT_IPV6] = { "lldp.mgn.addr.ip6", "Management Address", FIELD_IPV6 },
	[MANAGEMENT_OTHER] = { "lldp.mgn.addr.hex", "Management Address", FIELD_BYTES },
	[INTERFACE_SUBTYPE] = { "lldp.mgn.interface.subtype", "Interface Subtype", FIELD_NUMBER, 1,
				.values = interface_names },
	[INTERFACE_NUMBER] = { "lldp.mgn.interface.number", "Interface Number", FIELD_NUMBER, 4 },
	[OID_LENGTH] = { "lldp.mgn.obj.len", "OID String Length", FIELD_NUMBER, 1 },
	[OID] = { "lldp.mgn.obj.id", "Object Identifier", FIELD_BYTES },
	[ORGANIZATION] = { "lldp.orgtlv.oui", "Organization Unique Code", FIELD_NUMBER, 3 },
	[ORGANIZATION_SUBTYPE] = { "lldp.unknown_subtype", "Subtype", FIELD_NUMBER, 1 },
	[UNKNOWN] = { "lldp.unknown_subtype.content", "Unknown Subtype Content", FIELD_BYTES },
};

/* All that is left, unless nothing is. */
static int add_rest(struct dissection *dissection, struct bytes *value, unsigned int which)
{
	return value->length ? dissection_add_bytes(dissection, value, value->length,
						    &fields[which], NULL) :
			       0;
}

/* Chassis and port: the subtype, then MAC address, IPv4 address or text. */
static int dissect_identifier(struct dissection *dissection, struct bytes *value,
			      unsigned int subtype_field, unsigned int mac_subtype,
			      unsigned int address_subtype)
{
	uint64_t subtype;

	if (dissection_add_number(dissection, value, &fields[subtype_field], &subtype) ||
	    value->length == 0)
		return -ENODATA;
	if (subtype == mac_subtype && value->length == 6)
		return add_rest(dissection, value, subtype_field + 1);
	/* IANA's address family 1 */
	if (subtype == address_subtype && value->length == 5 && value->data[0] == 1) {
		bytes_skip_padding(value, 1);
		return add_rest(dissection, value, subtype_field + 2);
	}
	return add_rest(dissection, value, subtype_field + 3);
}

/* IEEE 802.1AB, section 8.5.9 */
static int dissect_address(struct dissection *dissection, struct bytes *value)
{
	uint64_t numbers[2];
	struct bytes address;
	unsigned int which;

	if (dissection_add_fields(dissection, value, &fields[ADDRESS_LENGTH], 2, numbers) ||
	    numbers[0] < 1 || bytes_take(value, numbers[0] - 1, &address))
		return -ENODATA;
	which = numbers[1] == 1 && address.length == 4  ? MANAGEMENT_IPV4 :
		numbers[1] == 2 && address.length == 16 ? MANAGEMENT_IPV6 :
							  MANAGEMENT_OTHER;
	if (add_rest(dissection, &address, which) ||
	    dissection_add_fields(dissection, value, &fields[INTERFACE_SUBTYPE], 3, NULL))
		return -ENODATA;
	return add_rest(dissection, value, OID);
}

static int dissect_value(struct dissection *dissection, unsigned int type, struct bytes *value)
{
	switch (type) {
	case TYPE_END:
		return 0;
	case TYPE_CHASSIS:
		return dissect_identifier(dissection, value, CHASSIS_SUBTYPE, 4, 5);
	case TYPE_PORT:
		return dissect_identifier(dissection, value, PORT_SUBTYPE, 3, 4);
	case TYPE_TIME_TO_LIVE:
		return dissection_add_number(dissection, value, &fields[TIME_TO_LIVE], NULL);
	case TYPE_PORT_DESCRIPTION:
		return add_rest(dissection, value, PORT_DESCRIPTION);
	case TYPE_SYSTEM_NAME:
		return add_rest(dissection, value, SYSTEM_NAME);
	case TYPE_SYSTEM_DESCRIPTION:
		return add_rest(dissection, value, SYSTEM_DESCRIPTION);
	case TYPE_CAPABILITIES:
		return dissection_add_fields(dissection, value, &fields[CAPABILITIES], 2, NULL);
	case TYPE_ADDRESS:
		return dissect_address(dissection, value);
	case TYPE_ORGANIZATION:
		if (dissection_add_fields(dissection, value, &fields[ORGANIZATION], 2, NULL))
			return -ENODATA;
	}
	return add_rest(dissection, value, UNKNOWN);
}

static int dissect_lldp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t header = 1;

	while (header && bytes->length > 0) {
		struct bytes value;

		if (dissection_add_parts(dissection, bytes, &fields[TLV_TYPE], 2, &header) ||
		    bytes_take(bytes, header & 0x1ff, &value))
			return -ENODATA;
		if (dissect_value(dissection, (unsigned int)(header >> 9), &value))
			return -ENODATA;
	}
	dissection_limit(dissection, bytes, 0);
	return 0;
}

static void add_text(const struct dissection *dissection, const struct layer *layer,
		     unsigned int which, const char *before, struct line *line)
{
	const struct field *field = dissection_find(dissection, layer, &fields[which]);

	if (!field)
		return;
	line_add(line, before);
	line_add_text(line, field->data, field->length);
}

/* "MA/00:19:2f:a7:b2:8d IA/Uplink to S1 120 SysN=S2": by the subtype what it is. */
static void add_identifier(const struct dissection *dissection, const struct layer *layer,
			   unsigned int subtype_field, const char *const *names, struct line *line)
{
	const struct field *subtype = dissection_find(dissection, layer, &fields[subtype_field]);
	const struct field *mac = dissection_find(dissection, layer, &fields[subtype_field + 1]);
	const struct field *ipv4 = dissection_find(dissection, layer, &fields[subtype_field + 2]);

	if (!subtype || subtype->number < 1 || subtype->number > 7)
		return;
	line_add(line, names[subtype->number]);
	if (mac)
		line_add_mac(line, mac->data);
	else if (ipv4)
		line_add_ipv4(line, ipv4->data);
	add_text(dissection, layer, subtype_field + 3, "", line);
	line_add_character(line, ' ');
}

static void describe_lldp(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	static const char *const chassis[] = {
		"", "CC/", "IA/", "PC/", "MA/", "NA/", "IN/", "LA/"
	};
	static const char *const port[] = { "", "IA/", "PC/", "MA/", "NA/", "IN/", "AC/", "LA/" };
	const struct field *seconds = dissection_find(dissection, layer, &fields[TIME_TO_LIVE]);

	add_identifier(dissection, layer, CHASSIS_SUBTYPE, chassis, line);
	add_identifier(dissection, layer, PORT_SUBTYPE, port, line);
	if (seconds)
		line_add_number(line, seconds->number);
	add_text(dissection, layer, SYSTEM_NAME, " SysN=", line);
	add_text(dissection, layer, SYSTEM_DESCRIPTION, " SysD=", line);
}

const struct dissector dissector_lldp = {
	.name = "lldp",
	.label = "LLDP",
	.title = "Link Layer Discovery Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_lldp,
	.describe = describe_lldp,
};

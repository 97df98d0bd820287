/* SPDX-License-Identifier: GPL-2.0-only */
/* Logical link control: IEEE 802.2, sections 3 and 5; behind it SNAP: IEEE 802, section 9. */
#include "../line.h"
#include "registry.h"

enum {
	DSAP,
	DSAP_SAP,
	DSAP_GROUP,
	SSAP,
	SSAP_SAP,
	SSAP_RESPONSE,
	CONTROL,
	CONTROL_FRAME_TYPE,
	CONTROL_COMMAND,
	CONTROL_RESPONSE,
	CONTROL_WIDE,
	OUI,
	TYPE,
	PID,
	CISCO_PID,
};

enum {
	SAP_STP = 0x42,
	SAP_SNAP = 0xaa,
	SAP_IP = 0x06,
};

enum {
	OUI_ETHERNET = 0x000000,
	OUI_CISCO = 0x00000c,
	OUI_CISCO_90 = 0x0000f8, /* routes of bridged Ethernet, with Ethernet's types */
};

static const struct value_name sap_names[] = {
	{ 0x00, "NULL LSAP" },
	{ 0x02, "LLC Sub-Layer Management" },
	{ 0x04, "SNA Path Control" },
	{ 0x06, "TCP/IP" },
	{ 0x08, "SNA" },
	{ 0x0c, "SNA" },
	{ 0x0e, "PROWAY (IEC955) Network Management and Initialization" },
	{ 0x10, "NetWare (unofficial?)" },
	{ 0x42, "Spanning Tree BPDU" },
	{ 0x7e, "ISO 8208 (X.25 over 802.2)" },
	{ 0x80, "XNS" },
	{ 0x98, "ARP" },
	{ 0xaa, "SNAP" },
	{ 0xbc, "Banyan Vines" },
	{ 0xe0, "NetWare" },
	{ 0xf0, "NetBIOS" },
	{ 0xf4, "IBM Net Management" },
	{ 0xfc, "Remote Program Load" },
	{ 0xfe, "ISO Network Layer" },
	{ 0xff, "Global LSAP" },
	{ 0, NULL },
};

static const struct value_name oui_names[] = {
	{ 0x000000, "Officially Xerox, but 0:0:0:0:0:0 is more common" },
	{ 0x00000c, "Cisco Systems, Inc" },
	{ 0, NULL },
};

static const struct value_name cisco_names[] = {
	{ 0x0102, "DRiP" }, { 0x0104, "PAgP" }, { 0x010b, "PVSTP+" }, { 0x010c, "VLAN Bridge" },
	{ 0x0111, "UDLD" }, { 0x2000, "CDP" },  { 0x2001, "CGMP" },   { 0x2003, "VTP" },
	{ 0x2004, "DTP" },  { 0, NULL },
};

static const struct value_name frame_type_names[] = {
	{ 3, "Unnumbered frame" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[DSAP] = { "llc.dsap", "DSAP", FIELD_HEX, 1, .values = sap_names },
	[DSAP_SAP] = { "llc.dsap.sap", "SAP", FIELD_NUMBER, 1, .mask = 0xfe },
	[DSAP_GROUP] = { "llc.dsap.ig", "IG Bit", FIELD_FLAG, 1, .mask = 0x01 },
	[SSAP] = { "llc.ssap", "SSAP", FIELD_HEX, 1, .values = sap_names },
	[SSAP_SAP] = { "llc.ssap.sap", "SAP", FIELD_NUMBER, 1, .mask = 0xfe },
	[SSAP_RESPONSE] = { "llc.ssap.cr", "CR Bit", FIELD_FLAG, 1, .mask = 0x01 },
	[CONTROL] = { "llc.control", "Control", FIELD_HEX, 1 },
	[CONTROL_FRAME_TYPE] = { "llc.control.ftype", "Frame type", FIELD_HEX, 1, .mask = 0x03,
				 .values = frame_type_names },
	[CONTROL_COMMAND] = { "llc.control.u_modifier_cmd", "Command", FIELD_HEX, 1, .mask = 0xec },
	[CONTROL_RESPONSE] = { "llc.control.u_modifier_resp", "Response", FIELD_HEX, 1,
			       .mask = 0xec },
	[CONTROL_WIDE] = { "llc.control", "Control", FIELD_HEX, 2 },
	[OUI] = { "llc.oui", "Organization Code", FIELD_NUMBER, 3, .values = oui_names },
	[TYPE] = { "llc.type", "Type", FIELD_HEX, 2, .values = registry_ethertypes },
	[PID] = { "llc.pid", "Protocol ID", FIELD_HEX, 2 },
	[CISCO_PID] = { "llc.cisco_pid", "PID", FIELD_HEX, 2, .values = cisco_names },
};

/* Unnumbered frames have one byte of control, all others two. */
static bool is_unnumbered(uint8_t control)
{
	return (control & 3) == 3;
}

static int dissect_snap(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t oui, type;

	if (dissection_add_number(dissection, bytes, &fields[OUI], &oui))
		return -ENODATA;
	if (oui == OUI_ETHERNET || oui == OUI_CISCO_90) {
		if (dissection_add_number(dissection, bytes, &fields[TYPE], &type))
			return -ENODATA;
		dissection_next(dissection, registry_find_ethertype((uint16_t)type), *bytes);
		return 0;
	}
	if (dissection_add_number(dissection, bytes, &fields[oui == OUI_CISCO ? CISCO_PID : PID],
				  &type))
		return -ENODATA;
	dissection_next(dissection,
			oui == OUI_CISCO ? registry_find_cisco_snap((uint16_t)type) : NULL, *bytes);
	return 0;
}

static int dissect_llc(struct dissection *dissection, struct bytes *bytes)
{
	const struct dissector *next = NULL;
	uint64_t dsap, ssap, control;

	if (dissection_add_number(dissection, bytes, &fields[DSAP], &dsap))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[DSAP_SAP], 2, dsap);
	if (dissection_add_number(dissection, bytes, &fields[SSAP], &ssap))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[SSAP_SAP], 2, ssap);
	if (bytes->length == 0 ||
	    dissection_add_little_number(
		    dissection, bytes,
		    &fields[is_unnumbered(bytes->data[0]) ? CONTROL : CONTROL_WIDE], &control))
		return -ENODATA;
	if (is_unnumbered((uint8_t)control)) {
		dissection_add_bits(dissection,
				    &fields[ssap & 1 ? CONTROL_RESPONSE : CONTROL_COMMAND], 1,
				    control);
		dissection_add_bits(dissection, &fields[CONTROL_FRAME_TYPE], 1, control);
	}
	if (dsap == SAP_SNAP && (ssap & 0xfe) == SAP_SNAP && control == 3)
		return dissect_snap(dissection, bytes);
	if (control == 3 && dsap == SAP_STP)
		next = &dissector_stp;
	else if (control == 3 && dsap == SAP_IP)
		next = &dissector_ipv4;
	if (bytes->length > 0)
		dissection_next(dissection, next, *bytes);
	return 0;
}

/* IEEE 802.2, section 5.4.2.3: without the poll or final bit */
static const struct value_name unnumbered_names[] = {
	{ 0x03, "UI" },    { 0x0f, "DM" },   { 0x43, "DISC" }, { 0x63, "UA" },   { 0x2f, "SABM" },
	{ 0x6f, "SABME" }, { 0x87, "FRMR" }, { 0xaf, "XID" },  { 0xe3, "TEST" }, { 0, NULL },
};

static const char *const supervisory_names[] = { "RR", "RNR", "REJ", "SREJ" };

static void describe_control(const struct field *control, bool is_response, struct line *line)
{
	uint8_t first = control->data[0];
	const struct field_info names = { .values = unnumbered_names };
	bool is_polling = control->length == 1 ? first & 0x10 : control->data[1] & 1;
	const char *poll = is_polling ? is_response ? " F" : " P" : "";
	const char *name;

	if (is_unnumbered(first)) {
		name = field_value_name(&names, first & ~0x10ull);
		line_print(line, "U%s, func=%s", poll, name ? name : "Unknown");
	} else if (first & 1) {
		line_print(line, "S%s, func=%s, N(R)=%u", poll, supervisory_names[first >> 2 & 3],
			   control->data[1] >> 1);
	} else {
		line_print(line, "I%s, N(R)=%u, N(S)=%u", poll, control->data[1] >> 1, first >> 1);
	}
}

static const struct field *find_control(const struct dissection *dissection,
					const struct layer *layer)
{
	const struct field *control = dissection_find(dissection, layer, &fields[CONTROL]);

	return control ? control : dissection_find(dissection, layer, &fields[CONTROL_WIDE]);
}

static void describe_sap(uint64_t sap, struct line *line)
{
	const char *name = field_value_name(&fields[DSAP], sap & 0xfe);

	if (name)
		line_add(line, name);
	else
		line_print(line, "0x%02x", (unsigned int)(sap & 0xfe));
}

static void describe_llc(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *dsap = dissection_find(dissection, layer, &fields[DSAP]);
	const struct field *ssap = dissection_find(dissection, layer, &fields[SSAP]);
	const struct field *control = find_control(dissection, layer);
	const struct field *oui = dissection_find(dissection, layer, &fields[OUI]);
	const struct field *pid = dissection_find(dissection, layer, &fields[PID]);

	if (!dsap || !ssap || !control)
		return;
	describe_control(control, ssap->number & 1, line);
	if (oui) {
		line_print(line, "; SNAP, OUI 0x%06X", (unsigned int)oui->number);
		if (pid)
			line_print(line, ", PID 0x%04X", (unsigned int)pid->number);
		return;
	}
	line_add(line, "; DSAP ");
	describe_sap(dsap->number, line);
	line_add(line, dsap->number & 1 ? " Group, SSAP " : " Individual, SSAP ");
	describe_sap(ssap->number, line);
	line_add(line, ssap->number & 1 ? " Response" : " Command");
}

const struct dissector dissector_llc = {
	.name = "llc",
	.label = "LLC",
	.title = "Logical-Link Control",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_llc,
	.describe = describe_llc,
};

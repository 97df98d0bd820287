/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Protocols that are named, and no more: routing and the like. Of each the numbers at its begin are
 * fields, as its table tells; the last field is all that follows.
 */
#include "../line.h"
#include "dissector.h"

/* Parts of one byte stand one behind the other, the last one has its lowest bit. */
static int dissect_plain(struct dissection *dissection, struct bytes *bytes)
{
	const struct dissector *self = dissection->layers[dissection->layer_count - 1].dissector;
	size_t last = self->field_count - 1;

	for (size_t i = 0; i < last; i++) {
		const struct field_info *info = &self->fields[i];
		struct bytes part = *bytes;
		bool is_part = info->mask && !(info->mask & 1);

		if (dissection_add_number(dissection, is_part ? &part : bytes, info, NULL))
			return -ENODATA;
	}
	return bytes->length ? dissection_add_bytes(dissection, bytes, bytes->length,
						    &self->fields[last], NULL) :
			       0;
}

/* What kind of message it is, where the table knows. */
static void describe_plain(const struct dissection *dissection, const struct layer *layer,
			   struct line *line)
{
	for (unsigned int i = 0; i < layer->field_count; i++) {
		const struct field *field = &dissection->fields[layer->first_field + i];
		const char *name;

		if (!field->info->values)
			continue;
		name = field_value_name(field->info, field->number);
		if (name)
			line_add(line, name);
		else
			line_print(line, "Unknown (%u)", (unsigned int)field->number);
		return;
	}
	line_add(line, layer->dissector->title);
}

/* RFC 2328, appendix A.3.1 */
static const struct value_name ospf_names[] = {
	{ 1, "Hello Packet" }, { 2, "DB Description" }, { 3, "LS Request" },
	{ 4, "LS Update" },    { 5, "LS Acknowledge" }, { 0, NULL },
};

static const struct field_info ospf_fields[] = {
	{ "ospf.version", "Version", FIELD_NUMBER, .bytes = 1 },
	{ "ospf.msg", "Message Type", FIELD_NUMBER, .bytes = 1, .values = ospf_names },
	{ "ospf.packet_length", "Packet Length", FIELD_NUMBER, .bytes = 2 },
	{ "ospf.data", "Data", FIELD_BYTES, .bytes = 0 },
};

const struct dissector dissector_ospf = {
	.name = "ospf",
	.label = "OSPF",
	.title = "Open Shortest Path First",
	DISSECTOR_FIELDS(ospf_fields),
	.dissect = dissect_plain,
	.describe = describe_plain,
};

/* RFC 9568, section 5.1 */
static const struct value_name vrrp_names[] = {
	{ 1, "Announcement" },
	{ 0, NULL },
};

static const struct field_info vrrp_fields[] = {
	{ "vrrp.version", "VRRP protocol version", FIELD_NUMBER, .bytes = 1, .mask = 0xf0 },
	{ "vrrp.type", "VRRP packet type", FIELD_NUMBER, .bytes = 1, .mask = 0x0f,
	  .values = vrrp_names },
	{ "vrrp.virt_rtr_id", "Virtual Rtr ID", FIELD_NUMBER, .bytes = 1 },
	{ "vrrp.prio", "Priority", FIELD_NUMBER, .bytes = 1 },
	{ "vrrp.data", "Data", FIELD_BYTES, .bytes = 0 },
};

static void describe_vrrp(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *version = dissection_find(dissection, layer, &vrrp_fields[0]);

	/* There is no other message. */
	line_add(line, "Announcement");
	if (version)
		line_print(line, " (v%u)", (unsigned int)version->number);
}

const struct dissector dissector_vrrp = {
	.name = "vrrp",
	.label = "VRRP",
	.title = "Virtual Router Redundancy Protocol",
	DISSECTOR_FIELDS(vrrp_fields),
	.dissect = dissect_plain,
	.describe = describe_vrrp,
};

/* RFC 7761, section 4.9 */
static const struct value_name pim_names[] = {
	{ 0, "Hello" },         { 1, "Register" },  { 2, "Register-stop" },
	{ 3, "Join/Prune" },    { 4, "Bootstrap" }, { 5, "Assert" },
	{ 6, "Graft" },         { 7, "Graft-Ack" }, { 8, "Candidate-RP-Advertisement" },
	{ 9, "State-Refresh" }, { 0, NULL },
};

static const struct field_info pim_fields[] = {
	{ "pim.version", "Version", FIELD_NUMBER, .bytes = 1, .mask = 0xf0 },
	{ "pim.type", "Type", FIELD_NUMBER, .bytes = 1, .mask = 0x0f, .values = pim_names },
	{ "pim.data", "Data", FIELD_BYTES, .bytes = 0 },
};

const struct dissector dissector_pim = {
	.name = "pim",
	.label = "PIMv2",
	.title = "Protocol Independent Multicast",
	DISSECTOR_FIELDS(pim_fields),
	.dissect = dissect_plain,
	.describe = describe_plain,
};

/* RFC 7868, section 6.2 */
static const struct value_name eigrp_names[] = {
	{ 1, "Update" }, { 2, "Request" },    { 3, "Query" },      { 4, "Reply" },
	{ 5, "Hello" },  { 10, "SIA-Query" }, { 11, "SIA-Reply" }, { 0, NULL },
};

static const struct field_info eigrp_fields[] = {
	{ "eigrp.version", "Version", FIELD_NUMBER, .bytes = 1 },
	{ "eigrp.opcode", "Opcode", FIELD_NUMBER, .bytes = 1, .values = eigrp_names },
	{ "eigrp.data", "Data", FIELD_BYTES, .bytes = 0 },
};

const struct dissector dissector_eigrp = {
	.name = "eigrp",
	.label = "EIGRP",
	.title = "Enhanced Interior Gateway Routing Protocol",
	DISSECTOR_FIELDS(eigrp_fields),
	.dissect = dissect_plain,
	.describe = describe_plain,
};

/* RFC 6275, section 6.1 */
static const struct value_name mobility_names[] = {
	{ 0, "Binding Refresh Request" },
	{ 1, "Home Test Init" },
	{ 2, "Care-of Test Init" },
	{ 3, "Home Test" },
	{ 4, "Care-of Test" },
	{ 5, "Binding Update" },
	{ 6, "Binding Acknowledgement" },
	{ 7, "Binding Error" },
	{ 0, NULL },
};

static const struct field_info mobility_fields[] = {
	{ "mip6.proto", "Payload protocol", FIELD_NUMBER, .bytes = 1 },
	{ "mip6.hlen", "Header length", FIELD_NUMBER, .bytes = 1 },
	{ "mip6.mhtype", "Mobility Header Type", FIELD_NUMBER, .bytes = 1,
	  .values = mobility_names },
	{ "mip6.data", "Data", FIELD_BYTES, .bytes = 0 },
};

const struct dissector dissector_mobility = {
	.name = "mipv6",
	.label = "MIPv6",
	.title = "Mobile IPv6",
	DISSECTOR_FIELDS(mobility_fields),
	.dissect = dissect_plain,
	.describe = describe_plain,
};

/* IEEE 802.1X, section 11.3.2 */
static const struct value_name eapol_names[] = {
	{ 0, "EAP Packet" }, { 1, "Start" }, { 2, "Logoff" },
	{ 3, "Key" },        { 5, "MKA" },   { 0, NULL },
};

static const struct field_info eapol_fields[] = {
	{ "eapol.version", "Version", FIELD_NUMBER, .bytes = 1 },
	{ "eapol.type", "Type", FIELD_NUMBER, .bytes = 1, .values = eapol_names },
	{ "eapol.len", "Length", FIELD_NUMBER, .bytes = 2 },
	{ "eapol.data", "Data", FIELD_BYTES, .bytes = 0 },
};

static int dissect_eapol(struct dissection *dissection, struct bytes *bytes)
{
	if (bytes->length >= 2 && bytes->data[1] == 0)
		dissection_set_label(dissection, "EAP");
	return dissect_plain(dissection, bytes);
}

const struct dissector dissector_eapol = {
	.name = "eapol",
	.label = "EAPOL",
	.title = "802.1X Authentication",
	DISSECTOR_FIELDS(eapol_fields),
	.dissect = dissect_eapol,
	.describe = describe_plain,
};

static const struct field_info cdp_fields[] = {
	{ "cdp.version", "Version", FIELD_NUMBER, .bytes = 1 },
	{ "cdp.ttl", "TTL", FIELD_NUMBER, .bytes = 1 },
	{ "cdp.checksum", "Checksum", FIELD_HEX, .bytes = 2 },
	{ "cdp.data", "Data", FIELD_BYTES, .bytes = 0 },
};

const struct dissector dissector_cdp = {
	.name = "cdp",
	.label = "CDP",
	.title = "Cisco Discovery Protocol",
	DISSECTOR_FIELDS(cdp_fields),
	.dissect = dissect_plain,
	.describe = describe_plain,
};

static const struct field_info wol_fields[] = {
	{ "wol.data", "Data", FIELD_BYTES, .bytes = 0 },
};

const struct dissector dissector_wol = {
	.name = "wol",
	.label = "WOL",
	.title = "Wake On LAN",
	DISSECTOR_FIELDS(wol_fields),
	.dissect = dissect_plain,
	.describe = describe_plain,
};

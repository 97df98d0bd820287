/* SPDX-License-Identifier: GPL-2.0-only */
/* Tags of virtual networks: IEEE 802.1Q, section 9.6, and those of providers around them. */
#include "ethertype.h"

#include "../line.h"
#include "registry.h"

enum {
	PRIORITY,
	DROP_ELIGIBLE,
	ID,
	TYPE,
	LENGTH,
	PADDING,
	TRAILER,
};

/* IEEE 802.1Q, table I-2 */
static const struct value_name priority_names[] = {
	{ 0, "Best Effort (default)" },
	{ 1, "Background" },
	{ 2, "Excellent Effort" },
	{ 3, "Critical Applications" },
	{ 4, "Video, < 100ms latency" },
	{ 5, "Voice, < 10ms latency" },
	{ 6, "Internetwork Control" },
	{ 7, "Network Control" },
	{ 0, NULL },
};

static const struct value_name drop_names[] = {
	{ 0, "Ineligible" },
	{ 1, "Eligible" },
	{ 0, NULL },
};

static const struct field_info vlan_fields[] = {
	[PRIORITY] = { "vlan.priority", "Priority", FIELD_NUMBER, 2, .mask = 0xe000,
		       .values = priority_names },
	[DROP_ELIGIBLE] = { "vlan.dei", "DEI", FIELD_NUMBER, 2, .mask = 0x1000,
			    .values = drop_names },
	[ID] = { "vlan.id", "ID", FIELD_NUMBER, 2, .mask = 0x0fff },
	[TYPE] = { "vlan.etype", "Type", FIELD_HEX, 2, .values = registry_ethertypes },
	[LENGTH] = { "vlan.len", "Length", FIELD_NUMBER, 2 },
	[PADDING] = { "eth.padding", "Padding", FIELD_BYTES },
	[TRAILER] = { "vlan.trailer", "Trailer", FIELD_BYTES },
};

static const struct field_info provider_fields[] = {
	[PRIORITY] = { "ieee8021ad.priority", "Priority", FIELD_NUMBER, 2, .mask = 0xe000 },
	[DROP_ELIGIBLE] = { "ieee8021ad.dei", "DEI", FIELD_NUMBER, 2, .mask = 0x1000 },
	[ID] = { "ieee8021ad.id", "ID", FIELD_NUMBER, 2, .mask = 0x0fff },
	[TYPE] = { "ieee8021ad.etype", "Type", FIELD_HEX, 2, .values = registry_ethertypes },
	[LENGTH] = { "ieee8021ad.len", "Length", FIELD_NUMBER, 2 },
};

static int dissect_tag(struct dissection *dissection, struct bytes *bytes,
		       const struct field_info *fields)
{
	if (dissection_add_parts(dissection, bytes, &fields[PRIORITY], 3, NULL))
		return -ENODATA;
	return ethertype_dissect(dissection, bytes, &fields[TYPE], &fields[LENGTH]);
}

static int dissect_vlan(struct dissection *dissection, struct bytes *bytes)
{
	return dissect_tag(dissection, bytes, vlan_fields);
}

/* A provider's tag within another one belongs to the same layer. */
static int dissect_provider(struct dissection *dissection, struct bytes *bytes)
{
	bool has_two = bytes->length >= 4 && bytes->data[2] == 0x88 && bytes->data[3] == 0xa8;

	if (has_two &&
	    (dissection_add_parts(dissection, bytes, &provider_fields[PRIORITY], 3, NULL) ||
	     dissection_add_number(dissection, bytes, &provider_fields[TYPE], NULL)))
		return -ENODATA;
	if (dissect_tag(dissection, bytes, provider_fields))
		return -ENODATA;
	/* Behind it stands a type, and no length. */
	if (dissection->next == &dissector_llc)
		dissection_next(dissection, NULL, *bytes);
	return 0;
}

static void describe(const struct dissection *dissection, const struct layer *layer,
		     struct line *line, const struct field_info *fields)
{
	const struct field *priority = dissection_find(dissection, layer, &fields[PRIORITY]);
	const struct field *drop = dissection_find(dissection, layer, &fields[DROP_ELIGIBLE]);
	const struct field *id = dissection_find(dissection, layer, &fields[ID]);

	if (!priority || !drop || !id)
		return;
	line_add(line, "PRI: ");
	line_add_number(line, priority->number);
	line_add(line, "  DEI: ");
	line_add_number(line, drop->number);
	line_add(line, "  ID: ");
	line_add_number(line, id->number);
}

static void describe_vlan(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	describe(dissection, layer, line, vlan_fields);
}

static void describe_provider(const struct dissection *dissection, const struct layer *layer,
			      struct line *line)
{
	describe(dissection, layer, line, provider_fields);
}

static void add_trailer(struct dissection *dissection, struct bytes trailer)
{
	ethertype_add_trailer(dissection, trailer, &vlan_fields[PADDING], &vlan_fields[TRAILER],
			      NULL);
}

const struct dissector dissector_vlan = {
	.name = "vlan",
	.label = "VLAN",
	.title = "802.1Q Virtual LAN",
	.summary = ", ID: {vlan.id}",
	DISSECTOR_FIELDS(vlan_fields),
	.dissect = dissect_vlan,
	.describe = describe_vlan,
	.add_trailer = add_trailer,
};

const struct dissector dissector_ieee8021ad = {
	.name = "ieee8021ad",
	.label = "802.1ad",
	.title = "IEEE 802.1ad",
	.summary = ", ID: {ieee8021ad.id}",
	DISSECTOR_FIELDS(provider_fields),
	.dissect = dissect_provider,
	.describe = describe_provider,
};

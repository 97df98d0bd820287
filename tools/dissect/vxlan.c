/* SPDX-License-Identifier: GPL-2.0-only */
/* VXLAN: RFC 7348, section 5; policy groups: draft-smith-vxlan-group-policy. */
#include "../line.h"
#include "dissector.h"

enum {
	FLAGS,
	FLAG_POLICY,
	FLAG_NETWORK,
	FLAG_NO_LEARNING,
	FLAG_APPLIED,
	FLAG_RESERVED,
	POLICY,
	NETWORK,
	RESERVED,
};

static const struct field_info fields[] = {
	[FLAGS] = { "vxlan.flags", "Flags", FIELD_HEX, 2 },
	[FLAG_POLICY] = { "vxlan.flag_g", "GBP Extension", FIELD_FLAG, 2, .mask = 0x8000 },
	[FLAG_NETWORK] = { "vxlan.flag_i", "VXLAN Network ID (VNI)", FIELD_FLAG, 2,
			   .mask = 0x0800 },
	[FLAG_NO_LEARNING] = { "vxlan.flag_d", "Don't Learn", FIELD_FLAG, 2, .mask = 0x0040 },
	[FLAG_APPLIED] = { "vxlan.flag_a", "Policy Applied", FIELD_FLAG, 2, .mask = 0x0008 },
	[FLAG_RESERVED] = { "vxlan.flags_reserved", "Reserved(R)", FIELD_HEX, 2, .mask = 0x77b7 },
	[POLICY] = { "vxlan.gbp", "Group Policy ID", FIELD_NUMBER, 2 },
	[NETWORK] = { "vxlan.vni", "VXLAN Network Identifier (VNI)", FIELD_NUMBER, 3 },
	[RESERVED] = { "vxlan.reserved8", "Reserved", FIELD_NUMBER, 1 },
};

static int dissect_vxlan(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t flags;

	if (dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[FLAG_POLICY], FLAG_RESERVED - FLAG_POLICY + 1,
			    flags);
	if (dissection_add_fields(dissection, bytes, &fields[POLICY], 3, NULL))
		return -ENODATA;
	dissection_next(dissection, &dissector_ethernet, *bytes);
	return 0;
}

const struct dissector dissector_vxlan = {
	.name = "vxlan",
	.label = "VxLAN",
	.title = "Virtual eXtensible Local Area Network",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_vxlan,
};

/* SPDX-License-Identifier: GPL-2.0-only */
/* Geneve: RFC 8926, section 3. */
#include "../line.h"
#include "registry.h"

enum {
	VERSION,
	OPTIONS_LENGTH,
	FLAGS,
	FLAG_CONTROL,
	FLAG_CRITICAL,
	FLAG_RESERVED,
	PROTOCOL,
	NETWORK,
	RESERVED,
	OPTIONS,
	OPTION_CLASS,
	OPTION_TYPE,
	OPTION_CRITICAL,
	OPTION_FLAGS,
	OPTION_RESERVED,
	OPTION_LENGTH,
	OPTION_DATA,
};

static const struct field_info fields[] = {
	[VERSION] = { "geneve.version", "Version", FIELD_NUMBER, 1, .mask = 0xc0 },
	[OPTIONS_LENGTH] = { "geneve.option.length", "Length", FIELD_NUMBER, 1, .mask = 0x3f,
			     .factor = 4, .unit = "bytes" },
	[FLAGS] = { "geneve.flags", "Flags", FIELD_HEX, 1 },
	[FLAG_CONTROL] = { "geneve.flags.oam", "Operations, Administration and Management Frame",
			   FIELD_FLAG, 1, .mask = 0x80 },
	[FLAG_CRITICAL] = { "geneve.flags.critical", "Critical Options Present", FIELD_FLAG, 1,
			    .mask = 0x40 },
	[FLAG_RESERVED] = { "geneve.flags.reserved", "Reserved", FIELD_FLAG, 1, .mask = 0x3f },
	[PROTOCOL] = { "geneve.proto_type", "Protocol Type", FIELD_HEX, 2,
		       .values = registry_ethertypes },
	[NETWORK] = { "geneve.vni", "Virtual Network Identifier (VNI)", FIELD_HEX, 3 },
	[RESERVED] = { "geneve.reserved", "Reserved", FIELD_HEX, 1 },
	[OPTIONS] = { "geneve.options", "Geneve Options", FIELD_GROUP },
	[OPTION_CLASS] = { "geneve.option.class", "Class", FIELD_HEX, 2 },
	[OPTION_TYPE] = { "geneve.option.type", "Type", FIELD_HEX, 1 },
	[OPTION_CRITICAL] = { "geneve.option.type.critical", "Critical Option", FIELD_FLAG, 1,
			      .mask = 0x80 },
	[OPTION_FLAGS] = { "geneve.option.flags", "Flags", FIELD_HEX, 1, .mask = 0xe0 },
	[OPTION_LENGTH] = { "geneve.option.length", "Length", FIELD_NUMBER, 1, .unit = "bytes" },
	[OPTION_RESERVED] = { "geneve.option.flags.reserved", "Reserved", FIELD_FLAG, 1,
			      .mask = 0xe0 },
	[OPTION_DATA] = { "geneve.option.unknown.data", "Unknown Option Data", FIELD_BYTES },
};

static int dissect_option(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t type, length;

	if (dissection_add_number(dissection, bytes, &fields[OPTION_CLASS], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[OPTION_TYPE], &type))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[OPTION_CRITICAL], 1, type);
	if (dissection_add_number(dissection, bytes, &fields[OPTION_FLAGS], &length))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[OPTION_RESERVED], 1, length);
	/* In units of 4 bytes, without the header. */
	length = (length & 0x1f) * 4;
	dissection_add_value(dissection, bytes_make(bytes->data - 1, 1), &fields[OPTION_LENGTH],
			     length + 4);
	return length ?
		       dissection_add_bytes(dissection, bytes, length, &fields[OPTION_DATA], NULL) :
		       0;
}

static int dissect_options(struct dissection *dissection, struct bytes *bytes, size_t length)
{
	struct bytes options;
	unsigned int group;
	int error = 0;

	if (bytes_take(bytes, length, &options))
		return -ENODATA;
	group = dissection_enter(dissection, &options, &fields[OPTIONS]);
	while (!error && options.length > 0)
		error = dissect_option(dissection, &options);
	dissection_leave(dissection, group, options.data);
	return error;
}

static int dissect_geneve(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t first, flags, numbers[3];

	if (dissection_add_number(dissection, bytes, &fields[VERSION], &first))
		return -ENODATA;
	dissection_add_last_part(dissection, &fields[OPTIONS_LENGTH], first);
	if (dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[FLAG_CONTROL], 3, flags);
	if (dissection_add_fields(dissection, bytes, &fields[PROTOCOL], 3, numbers) ||
	    (first & 0x3f && dissect_options(dissection, bytes, (first & 0x3f) * 4)))
		return -ENODATA;
	dissection_next(dissection, registry_find_ethertype((uint16_t)numbers[0]), *bytes);
	return 0;
}

static void describe_geneve(const struct dissection *dissection, const struct layer *layer,
			    struct line *line)
{
	const struct field *protocol = dissection_find(dissection, layer, &fields[PROTOCOL]);
	const char *name = protocol ? field_value_name(&fields[PROTOCOL], protocol->number) : NULL;

	line_add(line, "Encapsulated ");
	if (name)
		line_add(line, name);
	else if (protocol)
		line_print(line, "0x%04x (unknown)", (unsigned int)protocol->number);
}

const struct dissector dissector_geneve = {
	.name = "geneve",
	.label = "Geneve",
	.title = "Generic Network Virtualization Encapsulation",
	.summary = ", VNI: {geneve.vni}",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_geneve,
	.describe = describe_geneve,
};

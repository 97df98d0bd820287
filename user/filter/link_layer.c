/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of the third stage: what Ethernet carries. Frames with a length in place of an EtherType
 * have a header of LLC behind it (IEEE 802.2, clause 3.2): destination and source service
 * access points, control; with SNAP (IEEE 802, clause 9) an organisation and an EtherType
 * follow. All of this is read from behind VLAN tags.
 */
#include "link_layer.h"

#include <string.h>

#include "failure.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define MAXIMUM_LENGTH 1500 /* what is not above is a length and no EtherType */

#define ETHERTYPE_QINQ 0x88a8
#define ETHERTYPE_QINQ_OLD 0x9100
#define ETHERTYPE_NOVELL 0x8137
#define ETHERTYPE_DECNET 0x6003
#define ETHERTYPE_LAT 0x6004
#define ETHERTYPE_LOOPBACK_TEST 0x9000
#define ETHERTYPE_MOPDL 0x6001
#define ETHERTYPE_MOPRC 0x6002
#define ETHERTYPE_SCA 0x6007

/* Service access points of LLC. */
#define SAP_IP 0x06
#define SAP_STP 0x42
#define SAP_IPX 0xe0
#define SAP_NETBEUI 0xf0
#define SAP_ISO 0xfe

/* NetWare's frames without LLC begin with a checksum that is not used. */
#define RAW_IPX 0xffff

/* Behind LLC, ISO/IEC TR 9577: network layer protocol; ISO/IEC 10589, 9.5: type of PDU */
#define ISO_PROTOCOL_OFFSET 3
#define ISIS_TYPE_OFFSET 7
#define ISO_CLNP 0x81
#define ISO_ESIS 0x82
#define ISO_ISIS 0x83

static int add_summary(struct resolver *resolver, size_t offset, uint32_t value,
		       struct ast_node **tree)
{
	return meaning_add_bytes(resolver, AST_BASE_SUMMARY, (uint16_t)offset, sizeof(uint16_t),
				 UINT16_MAX, value, tree);
}

/* The frame has a length in place of an EtherType. */
static int add_has_length(struct resolver *resolver, struct ast_node **tree)
{
	const struct ast_test test = { .present = SUMMARY_LLC };

	return meaning_add(resolver, AST_AND, &test, tree);
}

static int add_llc(struct resolver *resolver, uint16_t offset, uint8_t bytes, uint32_t value,
		   struct ast_node **tree)
{
	uint32_t mask = UINT32_MAX >> (32 - 8 * bytes);

	return meaning_add_bytes(resolver, AST_BASE_LINK, offset, bytes, mask, value, tree);
}

/* The header of SNAP: both access points 0xaa, control 3, then organisation and type. */
static int add_snap(struct resolver *resolver, uint32_t organisation, uint16_t ethertype,
		    struct ast_node **tree)
{
	uint32_t start = 0xaaaa0300 | organisation >> 16;
	uint32_t end = organisation << 16 | ethertype;
	int error = add_llc(resolver, 0, sizeof(uint32_t), start, tree);

	return error ? error : add_llc(resolver, 4, sizeof(uint32_t), end, tree);
}

/* A length, and the access points: both, or for some protocols the destination's. */
static int resolve_access_point(struct resolver *resolver, uint32_t number,
				struct ast_node *primitive)
{
	int error = add_has_length(resolver, &primitive->meaning);

	if (error)
		return error;
	switch (number) {
	case SAP_IP:
	case SAP_NETBEUI:
	case SAP_ISO:
		return add_llc(resolver, 0, sizeof(uint16_t), number << 8 | number,
			       &primitive->meaning);
	default: /* above 255 none has it */
		return add_llc(resolver, 0, sizeof(uint8_t), number, &primitive->meaning);
	}
}

/* An EtherType, or the same one in SNAP. */
static int match_with_snap(struct resolver *resolver, uint32_t organisation, uint16_t ethertype,
			   struct ast_node **ret_tree)
{
	struct ast_node *snap = NULL;
	int error = add_has_length(resolver, &snap);

	if (!error)
		error = add_snap(resolver, organisation, ethertype, &snap);
	if (!error)
		error = add_summary(resolver, offsetof(struct packet_summary, link_ethertype),
				    ethertype, ret_tree);
	if (error)
		return error;
	return ast_join(resolver->ast, AST_OR, *ret_tree, snap, ret_tree);
}

int link_layer_match_atalk(struct resolver *resolver, struct ast_node **ret_tree)
{
	return match_with_snap(resolver, 0x080007, ETHERTYPE_ATALK, ret_tree);
}

/* The three ways in which frames with a length carry IPX. */
static int match_ipx(struct resolver *resolver, struct ast_node **ret_tree)
{
	struct ast_node *ways = NULL;
	struct ast_node *way = NULL;
	int error = add_llc(resolver, 0, sizeof(uint8_t), SAP_IPX, &ways);

	if (!error)
		error = add_llc(resolver, 0, sizeof(uint16_t), RAW_IPX, &way);
	if (!error)
		error = ast_join(resolver->ast, AST_OR, ways, way, &ways);
	way = NULL;
	if (!error)
		error = add_snap(resolver, 0, ETHERTYPE_NOVELL, &way);
	if (!error)
		error = ast_join(resolver->ast, AST_OR, ways, way, ret_tree);
	return error;
}

static int resolve_ipx(struct resolver *resolver, struct ast_node *primitive)
{
	struct ast_node *with_length = NULL;
	struct ast_node *ways;
	int error = add_has_length(resolver, &with_length);

	if (!error)
		error = match_ipx(resolver, &ways);
	if (!error)
		error = ast_join(resolver->ast, AST_AND, with_length, ways, &with_length);
	if (!error)
		error = add_summary(resolver, offsetof(struct packet_summary, link_ethertype),
				    ETHERTYPE_NOVELL, &primitive->meaning);
	if (error)
		return error;
	return ast_join(resolver->ast, AST_OR, primitive->meaning, with_length,
			&primitive->meaning);
}

/*
 * IP is found behind labels and PPPoE too, as with `ip`. Labels and PPPoE themselves, and all
 * others, are what VLAN tags are followed by; tags what the frame begins with.
 */
static int resolve_ethertype(struct resolver *resolver, uint32_t number, struct ast_node *primitive)
{
	const uint16_t ethertype = (uint16_t)number;

	switch (number) {
	case ETHERTYPE_IP:
	case ETHERTYPE_IPV6:
		return meaning_add_ethertypes(resolver, &ethertype, 1, &primitive->meaning);
	case ETHERTYPE_VLAN:
	case ETHERTYPE_QINQ:
	case ETHERTYPE_QINQ_OLD:
		return meaning_add_bytes(resolver, AST_BASE_FRAME, 2 * ETH_ALEN, sizeof(uint16_t),
					 UINT16_MAX, number, &primitive->meaning);
	default: /* above 65535 none has it */
		return add_summary(resolver, offsetof(struct packet_summary, link_ethertype),
				   number, &primitive->meaning);
	}
}

int link_layer_resolve_proto(struct resolver *resolver, uint32_t number, struct ast_node *primitive)
{
	switch (number) {
	case SAP_IPX:
		return resolve_ipx(resolver, primitive);
	case ETHERTYPE_ATALK:
		return link_layer_match_atalk(resolver, &primitive->meaning);
	case ETHERTYPE_AARP:
		return match_with_snap(resolver, 0, ETHERTYPE_AARP, &primitive->meaning);
	default:
		break;
	}
	if (number <= MAXIMUM_LENGTH)
		return resolve_access_point(resolver, number, primitive);
	return resolve_ethertype(resolver, number, primitive);
}

struct named_number {
	const char *name;
	uint32_t number;
};

static int64_t find_number(const struct named_number *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].number;
	return -1;
}

int64_t link_layer_find_proto(const char *name)
{
	static const struct named_number names[] = {
		{ "aarp", ETHERTYPE_AARP },   { "arp", ETHERTYPE_ARP },
		{ "atalk", ETHERTYPE_ATALK }, { "decnet", ETHERTYPE_DECNET },
		{ "ip", ETHERTYPE_IP },       { "ip6", ETHERTYPE_IPV6 },
		{ "ipx", SAP_IPX },           { "iso", SAP_ISO },
		{ "lat", ETHERTYPE_LAT },     { "loopback", ETHERTYPE_LOOPBACK_TEST },
		{ "mopdl", ETHERTYPE_MOPDL }, { "moprc", ETHERTYPE_MOPRC },
		{ "netbeui", SAP_NETBEUI },   { "rarp", ETHERTYPE_REVARP },
		{ "sca", ETHERTYPE_SCA },     { "stp", SAP_STP },
	};

	return find_number(names, ARRAY_SIZE(names), name);
}

int64_t link_layer_find_iso(const char *name)
{
	static const struct named_number names[] = {
		{ "clnp", ISO_CLNP },
		{ "esis", ISO_ESIS },
		{ "isis", ISO_ISIS },
	};

	return find_number(names, ARRAY_SIZE(names), name);
}

int link_layer_resolve_iso(struct resolver *resolver, uint32_t number, struct ast_node *primitive)
{
	int error = resolve_access_point(resolver, SAP_ISO, primitive);

	if (error)
		return error;
	return add_llc(resolver, ISO_PROTOCOL_OFFSET, sizeof(uint8_t), number, &primitive->meaning);
}

int link_layer_resolve_isis(struct resolver *resolver, uint32_t number, struct ast_node *primitive)
{
	int error = link_layer_resolve_iso(resolver, ISO_ISIS, primitive);

	if (error)
		return error;
	return add_llc(resolver, ISIS_TYPE_OFFSET, sizeof(uint8_t), number, &primitive->meaning);
}

#define MAXIMUM_ISIS_TYPES 5

enum {
	ISIS_L1_HELLO = 15,
	ISIS_L2_HELLO = 16,
	ISIS_POINT_TO_POINT_HELLO = 17,
	ISIS_L1_LSP = 18,
	ISIS_L2_LSP = 20,
	ISIS_L1_CSNP = 24,
	ISIS_L2_CSNP = 25,
	ISIS_L1_PSNP = 26,
	ISIS_L2_PSNP = 27,
};

/* The types of PDU of each word; 0 ends a list. */
static const uint8_t isis_types[FILTER_PROTOCOL_COUNT][MAXIMUM_ISIS_TYPES] = {
	[FILTER_PROTOCOL_L1] = { ISIS_L1_HELLO, ISIS_POINT_TO_POINT_HELLO, ISIS_L1_LSP,
				 ISIS_L1_CSNP, ISIS_L1_PSNP },
	[FILTER_PROTOCOL_L2] = { ISIS_L2_HELLO, ISIS_POINT_TO_POINT_HELLO, ISIS_L2_LSP,
				 ISIS_L2_CSNP, ISIS_L2_PSNP },
	[FILTER_PROTOCOL_IIH] = { ISIS_L1_HELLO, ISIS_L2_HELLO, ISIS_POINT_TO_POINT_HELLO },
	[FILTER_PROTOCOL_LSP] = { ISIS_L1_LSP, ISIS_L2_LSP },
	[FILTER_PROTOCOL_SNP] = { ISIS_L1_CSNP, ISIS_L2_CSNP, ISIS_L1_PSNP, ISIS_L2_PSNP },
	[FILTER_PROTOCOL_CSNP] = { ISIS_L1_CSNP, ISIS_L2_CSNP },
	[FILTER_PROTOCOL_PSNP] = { ISIS_L1_PSNP, ISIS_L2_PSNP },
};

static int resolve_isis_types(struct resolver *resolver, const uint8_t *types,
			      struct ast_node *primitive)
{
	struct ast_node *any = NULL;
	int error = link_layer_resolve_iso(resolver, ISO_ISIS, primitive);

	for (size_t i = 0; !error && i < MAXIMUM_ISIS_TYPES && types[i]; i++) {
		struct ast_node *one = NULL;

		error = add_llc(resolver, ISIS_TYPE_OFFSET, sizeof(uint8_t), types[i], &one);
		if (!error)
			error = ast_join(resolver->ast, AST_OR, any, one, &any);
	}
	if (error)
		return error;
	return ast_join(resolver->ast, AST_AND, primitive->meaning, any, &primitive->meaning);
}

int link_layer_resolve_word(struct resolver *resolver, struct ast_node *primitive)
{
	enum filter_protocol word = primitive->qualifiers.protocol;

	switch (word) {
	case FILTER_PROTOCOL_ATALK:
		return link_layer_resolve_proto(resolver, ETHERTYPE_ATALK, primitive);
	case FILTER_PROTOCOL_AARP:
		return link_layer_resolve_proto(resolver, ETHERTYPE_AARP, primitive);
	case FILTER_PROTOCOL_LAT:
		return link_layer_resolve_proto(resolver, ETHERTYPE_LAT, primitive);
	case FILTER_PROTOCOL_SCA:
		return link_layer_resolve_proto(resolver, ETHERTYPE_SCA, primitive);
	case FILTER_PROTOCOL_MOPDL:
		return link_layer_resolve_proto(resolver, ETHERTYPE_MOPDL, primitive);
	case FILTER_PROTOCOL_MOPRC:
		return link_layer_resolve_proto(resolver, ETHERTYPE_MOPRC, primitive);
	case FILTER_PROTOCOL_STP:
		return link_layer_resolve_proto(resolver, SAP_STP, primitive);
	case FILTER_PROTOCOL_IPX:
		return link_layer_resolve_proto(resolver, SAP_IPX, primitive);
	case FILTER_PROTOCOL_NETBEUI:
		return link_layer_resolve_proto(resolver, SAP_NETBEUI, primitive);
	case FILTER_PROTOCOL_ISO:
		return link_layer_resolve_proto(resolver, SAP_ISO, primitive);
	case FILTER_PROTOCOL_CLNP:
		return link_layer_resolve_iso(resolver, ISO_CLNP, primitive);
	case FILTER_PROTOCOL_ESIS:
		return link_layer_resolve_iso(resolver, ISO_ESIS, primitive);
	case FILTER_PROTOCOL_ISIS:
		return link_layer_resolve_iso(resolver, ISO_ISIS, primitive);
	default:
		return resolve_isis_types(resolver, isis_types[word], primitive);
	}
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of the third stage: what stands between Ethernet and the network header (VLAN tags,
 * MPLS labels, PPPoE), or begins behind a UDP header (GENEVE, VXLAN).
 */
#include "tunnels.h"

#include <netinet/in.h>

#include "failure.h"

#define ETHERTYPE_MPLS 0x8847
#define ETHERTYPE_PPPOE_DISCOVERY 0x8863
#define ETHERTYPE_PPPOE_SESSION 0x8864

#define UDP_HEADER_BYTES 8
#define GENEVE_PORT 6081
#define VXLAN_PORT 4789

_Static_assert(MAXIMUM_VLAN_TAGS <= AST_MAXIMUM_VALUES, "their counts are values of one test");

/* The frame has so many of something, or more. */
static int add_count(struct resolver *resolver, size_t offset, size_t least, size_t most,
		     struct ast_node **tree)
{
	const struct ast_test test = {
		.offset = (uint16_t)offset,
		.bytes = sizeof(uint8_t),
		.mask = UINT8_MAX,
		.is_range = true,
		.value_count = 2,
		.values = { (uint32_t)least, (uint32_t)most },
	};

	return meaning_add(resolver, AST_AND, &test, tree);
}

static int add_tag_count(struct resolver *resolver, size_t least, struct ast_node **tree)
{
	return add_count(resolver, offsetof(struct packet_summary, vlan_count), least,
			 MAXIMUM_VLAN_TAGS, tree);
}

/* The EtherType behind VLAN tags. */
static int add_link_ethertype(struct resolver *resolver, uint16_t ethertype, struct ast_node **tree)
{
	return meaning_add_bytes(resolver, AST_BASE_SUMMARY,
				 offsetof(struct packet_summary, link_ethertype), sizeof(uint16_t),
				 UINT16_MAX, ethertype, tree);
}

/* The tag at one place, outermost first. The id of one that is not there is 0. */
static int match_tag(struct resolver *resolver, size_t place, uint32_t id,
		     struct ast_node **ret_tree)
{
	size_t offset = offsetof(struct packet_summary, vlan_id) + place * sizeof(uint16_t);
	int error;

	*ret_tree = NULL;
	error = meaning_add_bytes(resolver, AST_BASE_SUMMARY, (uint16_t)offset, sizeof(uint16_t),
				  UINT16_MAX, id, ret_tree);
	if (error || id != 0)
		return error;
	return add_tag_count(resolver, place + 1, ret_tree);
}

/* Some tag, of any of those in a frame. */
static int resolve_vlan(struct resolver *resolver, struct ast_node *primitive)
{
	struct ast_node *tag;
	int error = 0;

	if (primitive->id.kind == TOKEN_END)
		return add_tag_count(resolver, 1, &primitive->meaning);
	for (size_t place = 0; place < MAXIMUM_VLAN_TAGS && !error; place++) {
		error = match_tag(resolver, place, primitive->id.number, &tag);
		if (!error)
			error = ast_join(resolver->ast, AST_OR, primitive->meaning, tag,
					 &primitive->meaning);
	}
	return error;
}

/* RFC 3032, section 2.1: the label at one place of the stack, outermost first */
static int match_label(struct resolver *resolver, size_t place, uint32_t label,
		       struct ast_node **ret_tree)
{
	int error;

	*ret_tree = NULL;
	error = add_count(resolver, offsetof(struct packet_summary, mpls_count), place + 1,
			  MAXIMUM_MPLS_LABELS, ret_tree);
	if (error)
		return error;
	return meaning_add_bytes(resolver, AST_BASE_LINK, (uint16_t)(place * sizeof(uint32_t)),
				 sizeof(uint32_t), 0xfffff000, label << 12, ret_tree);
}

/* Some label of the stack; unlike libpcap's, of which each word goes one label deeper. */
static int resolve_mpls(struct resolver *resolver, struct ast_node *primitive)
{
	struct ast_node *labels = NULL;
	struct ast_node *label;
	int error = add_link_ethertype(resolver, ETHERTYPE_MPLS, &primitive->meaning);

	if (error || primitive->id.kind == TOKEN_END)
		return error;
	for (size_t place = 0; place < MAXIMUM_MPLS_LABELS && !error; place++) {
		error = match_label(resolver, place, primitive->id.number, &label);
		if (!error)
			error = ast_join(resolver->ast, AST_OR, labels, label, &labels);
	}
	if (error)
		return error;
	return ast_join(resolver->ast, AST_AND, primitive->meaning, labels, &primitive->meaning);
}

static int resolve_pppoe_discovery(struct resolver *resolver, struct ast_node *primitive)
{
	return add_link_ethertype(resolver, ETHERTYPE_PPPOE_DISCOVERY, &primitive->meaning);
}

/* RFC 2516, section 4: version, type, code, session */
static int resolve_pppoe_session(struct resolver *resolver, struct ast_node *primitive)
{
	int error = add_link_ethertype(resolver, ETHERTYPE_PPPOE_SESSION, &primitive->meaning);

	if (error || primitive->id.kind == TOKEN_END)
		return error;
	return meaning_add_bytes(resolver, AST_BASE_LINK, 2, sizeof(uint16_t), UINT16_MAX,
				 primitive->id.number, &primitive->meaning);
}

/* A UDP packet to the port, whose payload begins with a byte that is right under the mask. */
static int add_udp_tunnel(struct resolver *resolver, uint16_t port, uint8_t mask, uint8_t value,
			  struct ast_node *primitive)
{
	const struct ast_test test = {
		.present = SUMMARY_DESTINATION_PORT,
		.offset = offsetof(struct packet_summary, destination_port),
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
		.value_count = 1,
		.values = { port },
	};
	int error = meaning_add(resolver, AST_AND, &test, &primitive->meaning);

	if (!error)
		error = meaning_add_ip_protocol(resolver, IPPROTO_UDP, &primitive->meaning);
	if (!error)
		error = meaning_add_bytes(resolver, AST_BASE_TRANSPORT, UDP_HEADER_BYTES, 1, mask,
					  value, &primitive->meaning);
	if (error || primitive->id.kind == TOKEN_END)
		return error;
	return meaning_add_bytes(resolver, AST_BASE_TRANSPORT, UDP_HEADER_BYTES + 4,
				 sizeof(uint32_t), 0xffffff00, primitive->id.number << 8,
				 &primitive->meaning);
}

/* RFC 8926, section 3.4: version 0 in the two highest bits; the VNI in bytes 4 to 6 */
static int resolve_geneve(struct resolver *resolver, struct ast_node *primitive)
{
	return add_udp_tunnel(resolver, GENEVE_PORT, 0xc0, 0, primitive);
}

/* RFC 7348, section 5: the flag that there is a VNI; the VNI in bytes 4 to 6 */
static int resolve_vxlan(struct resolver *resolver, struct ast_node *primitive)
{
	return add_udp_tunnel(resolver, VXLAN_PORT, 0x08, 0x08, primitive);
}

static const struct {
	const char *name;
	const char *scope;
	const char *number_name; /* NULL: there is none */
	uint32_t maximum;
	int (*resolve)(struct resolver *resolver, struct ast_node *primitive);
} tunnels[] = {
	[FILTER_TUNNEL_VLAN] = {
		.name = "vlan",
		.scope = "some tag",
		.number_name = "VLAN tag",
		.maximum = 4095,
		.resolve = resolve_vlan,
	},
	[FILTER_TUNNEL_MPLS] = {
		.name = "mpls",
		.scope = "some label",
		.number_name = "MPLS label",
		.maximum = 0xfffff,
		.resolve = resolve_mpls,
	},
	[FILTER_TUNNEL_PPPOE_DISCOVERY] = {
		.name = "pppoed",
		.scope = "PPPoE discovery",
		.resolve = resolve_pppoe_discovery,
	},
	[FILTER_TUNNEL_PPPOE_SESSION] = {
		.name = "pppoes",
		.scope = "PPPoE session",
		.number_name = "PPPoE session number",
		.maximum = UINT16_MAX,
		.resolve = resolve_pppoe_session,
	},
	[FILTER_TUNNEL_GENEVE] = {
		.name = "geneve",
		.scope = "UDP port 6081",
		.number_name = "Geneve VNI",
		.maximum = 0xffffff,
		.resolve = resolve_geneve,
	},
	[FILTER_TUNNEL_VXLAN] = {
		.name = "vxlan",
		.scope = "UDP port 4789",
		.number_name = "VXLAN VNI",
		.maximum = 0xffffff,
		.resolve = resolve_vxlan,
	},
};

_Static_assert(sizeof(tunnels) / sizeof(tunnels[0]) == FILTER_TUNNEL_COUNT, "one each");

const char *tunnel_get_name(enum filter_tunnel tunnel)
{
	return tunnels[tunnel].name;
}

const char *tunnel_get_scope(enum filter_tunnel tunnel)
{
	return tunnels[tunnel].scope;
}

bool tunnel_has_number(enum filter_tunnel tunnel)
{
	return tunnels[tunnel].number_name;
}

int tunnel_resolve(struct resolver *resolver, struct ast_node *primitive)
{
	const struct token *id = &primitive->id;
	uint32_t maximum = tunnels[primitive->tunnel].maximum;

	if (id->kind != TOKEN_END && id->number > maximum)
		return failure_set(resolver->reterr, id->offset, id->length,
				   "%s %u greater than maximum %u",
				   tunnels[primitive->tunnel].number_name, id->number, maximum);
	return tunnels[primitive->tunnel].resolve(resolver, primitive);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Part of the third stage: what the hook, and not the packet, says of where a packet is. */
#include "origin.h"

#include <net/if.h>
#include <string.h>

#include "failure.h"

int origin_resolve_direction(struct resolver *resolver, struct ast_node *primitive)
{
	return meaning_add_bytes(resolver, AST_BASE_SUMMARY,
				 offsetof(struct packet_summary, direction), sizeof(uint8_t),
				 UINT8_MAX, primitive->number, &primitive->meaning);
}

static int find_interface(struct resolver *resolver, struct ast_node *primitive)
{
	const struct token *id = &primitive->id;
	const char *text = resolver->expression + id->offset;
	char name[IF_NAMESIZE] = "";

	if (id->length < sizeof(name)) {
		memcpy(name, text, id->length);
		primitive->number = if_nametoindex(name);
	}
	if (primitive->number != 0)
		return 0;
	return failure_set(resolver->reterr, id->offset, id->length,
			   "no interface '%.*s'; 'pktsieve -D' lists those there are",
			   (int)(id->length < 80 ? id->length : 80), text);
}

int origin_resolve_interface(struct resolver *resolver, struct ast_node *primitive)
{
	int error = 0;

	primitive->number = primitive->id.number;
	if (primitive->id.kind == TOKEN_WORD) {
		primitive->number = 0;
		error = find_interface(resolver, primitive);
	}
	if (error)
		return error;
	return meaning_add_bytes(resolver, AST_BASE_SUMMARY,
				 offsetof(struct packet_summary, ifindex), sizeof(uint32_t),
				 UINT32_MAX, primitive->number, &primitive->meaning);
}

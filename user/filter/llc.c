/* SPDX-License-Identifier: GPL-2.0-only */
/* Part of the third stage: `llc`, and the types of its frames (IEEE 802.2, clause 5.4). */
#include "link_layer.h"

#include <string.h>

#include "failure.h"

#define CONTROL_OFFSET 2
#define RAW_IPX 0xffff

/* The bits of the control field that tell a type, and what they are. */
static const struct {
	const char *name;
	uint8_t mask;
	uint8_t value;
} types[] = {
	{ "i", 0x01, 0x00 },
	{ "s", 0x03, 0x01 },
	{ "u", 0x03, 0x03 },
	/* supervisory */
	{ "rr", 0x0f, 0x01 },
	{ "rnr", 0x0f, 0x05 },
	{ "rej", 0x0f, 0x09 },
	/* unnumbered, all but the bit for poll or final */
	{ "ui", 0xef, 0x03 },
	{ "ua", 0xef, 0x63 },
	{ "disc", 0xef, 0x43 },
	{ "sabme", 0xef, 0x6f },
	{ "test", 0xef, 0xe3 },
	{ "xid", 0xef, 0xaf },
	{ "frmr", 0xef, 0x87 },
};

/* A length, and behind it not what NetWare puts there in place of LLC. */
static int add_any(struct resolver *resolver, struct ast_node **tree)
{
	const struct ast_test has_length = { .present = SUMMARY_LLC };
	const struct ast_test not_raw = {
		.base = AST_BASE_LINK,
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
		.is_range = true,
		.value_count = 2,
		.values = { 0, RAW_IPX - 1 },
	};
	int error = meaning_add(resolver, AST_AND, &has_length, tree);

	return error ? error : meaning_add(resolver, AST_AND, &not_raw, tree);
}

int link_layer_resolve_llc(struct resolver *resolver, struct ast_node *primitive)
{
	const struct token *id = &primitive->id;
	const char *name = resolver->expression + id->offset;
	int error = add_any(resolver, &primitive->meaning);

	if (error || id->kind == TOKEN_END)
		return error;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strlen(types[i].name) == id->length &&
		    memcmp(types[i].name, name, id->length) == 0)
			return meaning_add_bytes(resolver, AST_BASE_LINK, CONTROL_OFFSET,
						 sizeof(uint8_t), types[i].mask, types[i].value,
						 &primitive->meaning);
	}
	return failure_set(
		resolver->reterr, id->offset, id->length,
		"unknown LLC type '%.*s'; there are i, s, u, rr, rnr, rej, ui, ua, disc, "
		"sabme, test, xid and frmr",
		(int)id->length, name);
}

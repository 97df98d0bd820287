/* SPDX-License-Identifier: GPL-2.0-only */
/* See address_texts.h: an address has one slot, in which the last of those that share it stands. */
#include "address_texts.h"

#include "field_text.h"

#define SHORT_BYTES 16

static void copy_address(uint8_t copy[16], const struct address *address)
{
	switch (address->kind) {
	case ADDRESS_MAC:
		memcpy(copy, address->bytes, 6);
		break;
	case ADDRESS_IPV4:
		memcpy(copy, address->bytes, 4);
		break;
	case ADDRESS_IPV6:
		memcpy(copy, address->bytes, 16);
		break;
	case ADDRESS_NONE:
		break;
	}
}

/* By all of its bytes: those that tell addresses apart may be anywhere. */
static struct address_text *find_slot(struct address_texts *texts, const uint8_t copy[16])
{
	uint64_t halves[2];

	memcpy(halves, copy, sizeof(halves));
	return &texts->slots[(halves[0] ^ halves[1]) * 0x9e3779b97f4a7c15u >>
			     (64 - ADDRESS_TEXTS_BITS)];
}

static void make_text(struct address_text *slot, const struct address *address,
		      const uint8_t copy[16], struct line *line)
{
	size_t begin = line->length, length;

	address_add(address, line);
	length = line->length - begin;
	if (line->is_short_of_memory || length > sizeof(slot->text))
		return;
	memcpy(slot->address, copy, sizeof(slot->address));
	memcpy(slot->text, line->text + begin, length);
	slot->kind = (uint8_t)address->kind;
	slot->length = (uint8_t)length;
}

void address_texts_add(struct address_texts *texts, const struct address *address,
		       struct line *line)
{
	uint8_t copy[16] = { 0 };
	struct address_text *slot;
	char *to;

	copy_address(copy, address);
	slot = find_slot(texts, copy);
	if (slot->kind != address->kind || memcmp(slot->address, copy, sizeof(copy)) != 0) {
		make_text(slot, address, copy, line);
		return;
	}
	to = line_room(line, sizeof(slot->text));
	if (!to)
		return;
	/* More than is needed: to copy a known number of bytes is faster. */
	if (slot->length <= SHORT_BYTES)
		memcpy(to, slot->text, SHORT_BYTES);
	else
		memcpy(to, slot->text, sizeof(slot->text));
	line->length += slot->length;
}

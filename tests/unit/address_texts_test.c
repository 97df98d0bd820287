/* SPDX-License-Identifier: GPL-2.0-only */
/* Kept texts of addresses are those that are made anew, whatever came before in their slot. */
#include "../../tools/address_texts.h"
#include "../../tools/field_text.h"
#include "check.h"

/* Few enough that many come again, too many for a slot each. */
#define ADDRESSES 1000
#define TURNS 20000

static struct address_texts texts;

static bool is_right(const struct address *address)
{
	struct line kept = { 0 }, made = { 0 };
	bool is_right;

	address_texts_add(&texts, address, &kept);
	address_add(address, &made);
	is_right = kept.length == made.length &&
		   (!made.length || memcmp(kept.text, made.text, made.length) == 0);
	line_free(&kept);
	line_free(&made);
	return is_right;
}

static void test_kinds(void)
{
	static const uint8_t zeros[16];
	bool all_right = true;

	for (unsigned int i = 0; i < 8; i++) {
		const struct address address = { i & 3, i & 3 ? zeros : NULL };

		all_right = all_right && is_right(&address);
	}
	check(all_right, "the same bytes are another text as an address of another kind");
}

static void test_random(void)
{
	static uint8_t bytes[ADDRESSES][16];
	uint32_t random = 1;
	bool all_right = true;

	for (unsigned int i = 0; i < ADDRESSES; i++) {
		for (unsigned int j = 0; j < 16; j++) {
			random = random * 1664525 + 1013904223;
			bytes[i][j] = random & 0x10000 ? (uint8_t)(random >> 24) : 0;
		}
	}
	for (unsigned int i = 0; i < TURNS; i++) {
		struct address address;

		random = random * 1664525 + 1013904223;
		address = (struct address){ random >> 28 & 3, bytes[(random >> 8) % ADDRESSES] };
		all_right = all_right && is_right(&address);
	}
	check(all_right, "of %u addresses in random order each has its own text", ADDRESSES);
}

static void test_again(void)
{
	static const uint8_t bytes[] = { 192, 0, 2, 1 };
	const struct address address = { ADDRESS_IPV4, bytes };
	struct line line = { 0 };

	address_texts_add(&texts, &address, &line);
	address_texts_add(&texts, &address, &line);
	line_add_character(&line, '.');
	check(line.length == 19 && memcmp(line.text, "192.0.2.1192.0.2.1.", 19) == 0,
	      "nothing stands behind a text that was kept");
	line_free(&line);
}

int main(void)
{
	test_kinds();
	test_random();
	test_again();
	return check_finish();
}

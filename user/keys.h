/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys out of the bytes that a terminal sends: letters, and nothing else. */
#pragma once

#include <stdint.h>

enum key {
	KEY_NONE,
	KEY_STOP = 'q',
	KEY_PAUSE = 'p',
	KEY_HOSTS = 't',
	KEY_PROTOCOLS = 'f',
	KEY_SORT = 's',
	KEY_HELP = 'h',
};

enum keys_state {
	KEYS_PLAIN,
	KEYS_ESCAPE,   /* behind ESC */
	KEYS_SEQUENCE, /* behind ESC [: up to its final byte */
	KEYS_SINGLE,   /* behind ESC O: one more */
};

struct keys {
	enum keys_state state;
	uint64_t time_ns; /* of the last byte */
};

/*
 * The key that this byte is, or KEY_NONE: of arrows, function keys and letters with Alt no byte
 * is one, and neither is any that has no meaning here. An escape sequence that does not go on
 * at once is the key Esc, which has none either.
 */
enum key keys_take(struct keys *keys, unsigned char byte, uint64_t now_ns);

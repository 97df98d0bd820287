/* SPDX-License-Identifier: GPL-2.0-only */
/* Follows escape sequences (ECMA-48, section 5.4) to their end; see keys.h. */
#include "keys.h"

#define ESCAPE 0x1b
/* What a slow line may lie between two bytes of a sequence. */
#define PATIENCE_NS 250000000ull

static enum key find_key(unsigned char byte)
{
	switch (byte) {
	case KEY_STOP:
	case KEY_PAUSE:
	case KEY_HOSTS:
	case KEY_PROTOCOLS:
	case KEY_SORT:
	case KEY_HELP:
		return (enum key)byte;
	default:
		return KEY_NONE;
	}
}

enum key keys_take(struct keys *keys, unsigned char byte, uint64_t now_ns)
{
	enum keys_state state = keys->state;

	if (now_ns - keys->time_ns > PATIENCE_NS)
		state = KEYS_PLAIN;
	keys->time_ns = now_ns;
	keys->state = KEYS_PLAIN;
	if (byte == ESCAPE) {
		keys->state = KEYS_ESCAPE;
		return KEY_NONE;
	}
	switch (state) {
	case KEYS_PLAIN:
		return find_key(byte);
	case KEYS_ESCAPE:
		if (byte == '[')
			keys->state = KEYS_SEQUENCE;
		else if (byte == 'O')
			keys->state = KEYS_SINGLE;
		break;
	case KEYS_SEQUENCE:
		/* Parameters and what is between; the final byte is one from 0x40 on. */
		if (byte < 0x40)
			keys->state = KEYS_SEQUENCE;
		break;
	case KEYS_SINGLE:
		break;
	}
	return KEY_NONE;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* What is typed, and which keys that are. */
#include "../../user/keys.h"

#include <string.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000000ull

/* A '~' in what is typed is a second in which nothing comes. */
static const struct {
	const char *sentence;
	const char *typed;
	const char *keys;
} cases[] = {
	{ "each letter is its key", "qptfsh", "qptfsh" },
	{ "letters without a meaning are none", "abcxyz", "" },
	{ "capital letters are none", "QPTFSH", "" },
	{ "Return, Tab and control characters are none", "\r\n\t\x01\x11\x7f q", "q" },
	{ "letters of UTF-8 are none", "\xc3\xb1\xe4\xb8\xad\xf0\x9f\x98\x80q", "q" },
	{ "an arrow is none", "\x1b[A\x1b[B\x1b[C\x1b[Dq", "q" },
	{ "an arrow of an application is none", "\x1bOA\x1bOBq", "q" },
	{ "a function key is none", "\x1bOP\x1bOQ\x1bOR\x1bOS\x1b[15;5~q", "q" },
	{ "no byte of a sequence is a key", "\x1b[1;5q\x1b[200t\x1b[?25h\x1bOq\x1bOpp", "p" },
	{ "bytes between are of the sequence", "\x1b[1 q\x1b[!pt", "t" },
	{ "a letter with Alt is none", "\x1bq\x1bp\x1bs", "" },
	{ "a letter after Esc is a key", "\x1b~q", "q" },
	{ "a sequence that does not go on is none", "\x1b[~q\x1b[1;~t\x1bO~s", "qts" },
	{ "Esc within a sequence begins another", "\x1b[1\x1b[Aq\x1b\x1b[Ap\x1b\x1b\x1bh~h",
	  "qph" },
};

int main(void)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct keys keys = { 0 };
		uint64_t now_ns = 0;
		char found[64];
		size_t count = 0;

		for (const char *byte = cases[i].typed; *byte; byte++) {
			enum key key;

			/* The final byte of a function key is one too. */
			if (*byte == '~' && strcmp(cases[i].sentence, "a function key is none")) {
				now_ns += SECOND;
				continue;
			}
			key = keys_take(&keys, (unsigned char)*byte, ++now_ns);
			if (key != KEY_NONE)
				found[count++] = (char)key;
		}
		found[count] = '\0';
		check(strcmp(found, cases[i].keys) == 0, "%s", cases[i].sentence);
		check_note("keys are '%s'", found);
	}
	return check_finish();
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Words and brackets; then recursive descent down to primitives. */
#include "parts.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAXIMUM_WORDS 2048
#define QUALIFIER_BYTES 256

struct word {
	const char *text;
	size_t length;
};

struct reader {
	struct word words[MAXIMUM_WORDS + 1]; /* an empty one behind the last */
	size_t count;
	size_t at;
	size_t leaves;
	char qualifiers[QUALIFIER_BYTES]; /* that a bare id inherits */
	int error;
};

static bool is(const struct word *word, const char *text)
{
	return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

static bool is_one_of(const struct word *word, const char *const *list)
{
	for (; *list; list++)
		if (is(word, *list))
			return true;
	return false;
}

static bool is_and(const struct word *word)
{
	return is(word, "and") || is(word, "&&");
}

static bool is_or(const struct word *word)
{
	return is(word, "or") || is(word, "||");
}

static bool is_not(const struct word *word)
{
	return is(word, "not") || is(word, "!");
}

static bool is_side(const struct word *word)
{
	return is(word, "src") || is(word, "dst");
}

static bool is_operator(const struct word *word)
{
	static const char *const list[] = { "&", "|", "=", "==", "!=", "<", ">",  "<=", ">=",
					    "+", "-", "*", "/",  "%",  "^", "<<", ">>", NULL };

	return is_one_of(word, list);
}

/* Words that are a primitive by themselves. */
static bool stands_alone(const struct word *word)
{
	static const char *const list[] = {
		"ip",      "ip6",   "arp",       "rarp",      "tcp",     "udp",      "sctp",
		"icmp",    "icmp6", "igmp",      "igrp",      "pim",     "vrrp",     "carp",
		"ah",      "esp",   "atalk",     "aarp",      "decnet",  "lat",      "moprc",
		"mopdl",   "iso",   "esis",      "isis",      "clnp",    "stp",      "ipx",
		"netbeui", "sca",   "llc",       "vlan",      "mpls",    "pppoed",   "pppoes",
		"geneve",  "vxlan", "broadcast", "multicast", "inbound", "l1",       "l2",
		"iih",     "lsp",   "snp",       "csnp",      "psnp",    "outbound", NULL
	};

	return is_one_of(word, list);
}

static size_t word_length(const char *text)
{
	static const char *const signs[] = { "&&", "||", "==", "!=", "<=", ">=", "<<", ">>" };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strncmp(text, signs[i], 2) == 0)
			return 2;
	if (strchr("()[]&|=<>+*%^!", *text))
		return 1;
	return strcspn(text, " \t\n\r()[]&|=<>+*%^!");
}

static int read_words(struct reader *reader, const char *expression)
{
	const char *text = expression;

	while (*(text += strspn(text, " \t\n\r"))) {
		if (reader->count == MAXIMUM_WORDS)
			return -EINVAL;
		reader->words[reader->count++] = (struct word){ text, word_length(text) };
		text += reader->words[reader->count - 1].length;
	}
	reader->words[reader->count] = (struct word){ text, 0 };
	return 0;
}

static const struct word *now(const struct reader *reader)
{
	return &reader->words[reader->at];
}

static struct part *make(struct reader *reader, enum part_kind kind, struct part *left,
			 struct part *right)
{
	struct part *part = calloc(1, sizeof(*part));

	if (!part) {
		reader->error = -ENOMEM;
		parts_free(left);
		parts_free(right);
		return NULL;
	}
	*part = (struct part){ .kind = kind, .left = left, .right = right };
	return part;
}

/* From one word to before another; in front the inherited qualifiers of a bare id. */
static struct part *make_leaf(struct reader *reader, size_t from, size_t to, bool inherits)
{
	const char *text = reader->words[from].text;
	size_t length = (size_t)(reader->words[to - 1].text - text) + reader->words[to - 1].length;
	struct part *part = make(reader, PART_LEAF, NULL, NULL);

	if (!part)
		return NULL;
	part->number = reader->leaves++;
	part->text = calloc(1, length + QUALIFIER_BYTES + 2);
	if (!part->text) {
		reader->error = -ENOMEM;
		return part;
	}
	if (inherits) {
		strcpy(part->text, reader->qualifiers);
		strcat(part->text, " ");
	}
	strncat(part->text, text, length);
	return part;
}

/* What stands before the last word, for the ids that follow. */
static void keep_qualifiers(struct reader *reader, size_t from, size_t to)
{
	const char *text = reader->words[from].text;
	size_t length;

	if (to <= from)
		return;
	length = (size_t)(reader->words[to - 1].text - text) + reader->words[to - 1].length;
	if (length >= sizeof(reader->qualifiers))
		reader->error = -EINVAL;
	else
		memcpy(memset(reader->qualifiers, 0, sizeof(reader->qualifiers)), text, length);
}

/* The index behind the bracket that closes the one at `at`. */
static size_t behind_bracket(const struct reader *reader, size_t at)
{
	unsigned int depth = 0;

	for (; at < reader->count; at++) {
		depth += is(&reader->words[at], "(") || is(&reader->words[at], "[");
		depth -= is(&reader->words[at], ")") || is(&reader->words[at], "]");
		if (depth == 0)
			return at + 1;
	}
	return at;
}

static struct part *read_or(struct reader *reader);
static struct part *read_term(struct reader *reader);

/* "(" expression ")" */
static struct part *read_group(struct reader *reader)
{
	struct part *part;

	reader->at++;
	part = read_or(reader);
	if (!is(now(reader), ")"))
		reader->error = -EINVAL;
	reader->at++;
	return part;
}

/* Whether the primitive that began at `from` ends here. */
static bool leaf_ends(const struct reader *reader, size_t from)
{
	const struct word *word = now(reader);

	if (word->length == 0 || is(word, ")"))
		return true;
	if (!is_and(word) && !is_or(word))
		return false;
	/* "src or dst" is one qualifier. */
	return !(reader->at > from && is_side(&word[-1]) && is_side(&word[1]));
}

/* primitive = words | qualifiers ( "(" ids ")" | "not" id ) */
static struct part *read_leaf(struct reader *reader)
{
	size_t from = reader->at;

	while (!leaf_ends(reader, from)) {
		const struct word *word = now(reader);

		if (is_not(word)) {
			keep_qualifiers(reader, from, reader->at);
			return read_term(reader);
		}
		if (is(word, "(") && reader->at > from && !is_operator(&word[-1])) {
			keep_qualifiers(reader, from, reader->at);
			return read_group(reader);
		}
		if (is(word, "(") || is(word, "["))
			reader->at = behind_bracket(reader, reader->at);
		else
			reader->at++;
	}
	if (reader->at == from) {
		reader->error = -EINVAL;
		return NULL;
	}
	if (reader->at == from + 1)
		return make_leaf(reader, from, reader->at,
				 reader->qualifiers[0] && !stands_alone(&reader->words[from]));
	keep_qualifiers(reader, from, reader->at - 1);
	return make_leaf(reader, from, reader->at, false);
}

/* term = "not" term | group | primitive */
static struct part *read_term(struct reader *reader)
{
	if (reader->error)
		return NULL;
	if (is_not(now(reader))) {
		struct part *part;

		reader->at++;
		part = read_term(reader);
		return make(reader, PART_NOT, part, NULL);
	}
	/* Around arithmetic, brackets are part of the primitive. */
	if (is(now(reader), "(") &&
	    !is_operator(&reader->words[behind_bracket(reader, reader->at)]))
		return read_group(reader);
	return read_leaf(reader);
}

/* expression = term { ("and" | "or") term }, from the left */
static struct part *read_or(struct reader *reader)
{
	struct part *left = read_term(reader);

	while (!reader->error && (is_and(now(reader)) || is_or(now(reader)))) {
		enum part_kind kind = is_and(now(reader)) ? PART_AND : PART_OR;
		struct part *right;

		reader->at++;
		right = read_term(reader);
		left = make(reader, kind, left, right);
	}
	return left;
}

int parts_split(const char *expression, struct part **ret_root, size_t *ret_leaves)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	struct part *root = NULL;
	int error;

	if (!reader)
		return -ENOMEM;
	reader->error = read_words(reader, expression);
	if (!reader->error)
		root = read_or(reader);
	if (!reader->error && reader->at != reader->count)
		reader->error = -EINVAL;
	error = reader->error;
	if (error) {
		parts_free(root);
	} else {
		*ret_root = root;
		*ret_leaves = reader->leaves;
	}
	free(reader);
	return error;
}

char *parts_write(const struct part *root)
{
	char *left = root->left ? parts_write(root->left) : NULL;
	char *right = root->right ? parts_write(root->right) : NULL;
	char *text = NULL;
	int length = -1;

	if (root->kind == PART_LEAF)
		length = asprintf(&text, "%s", root->text);
	else if (root->kind == PART_NOT && left)
		length = asprintf(&text, "not (%s)", left);
	else if (left && right)
		length = asprintf(&text, "(%s) %s (%s)", left,
				  root->kind == PART_AND ? "and" : "or", right);
	free(left);
	free(right);
	return length < 0 ? NULL : text;
}

void parts_free(struct part *root)
{
	if (!root)
		return;
	parts_free(root->left);
	parts_free(root->right);
	free(root->text);
	free(root);
}

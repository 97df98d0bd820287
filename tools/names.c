/* SPDX-License-Identifier: GPL-2.0-only */
/* See names.h. */
#include "names.h"

#include <errno.h>
#include <string.h>

#include "../user/base/text.h"
#include "dissect/registry.h"

/* Of so many letters one may be wrong. */
#define LETTERS_PER_SLIP 3

void names_consider(struct names_guess *guess, const char *name)
{
	size_t length = strlen(guess->typed);
	unsigned int slips;

	if (length > TEXT_MAXIMUM_SLIP_BYTES || strlen(name) > TEXT_MAXIMUM_SLIP_BYTES)
		return;
	slips = text_count_slips(guess->typed, length, name);
	if (slips > length / LETTERS_PER_SLIP || (guess->nearest && slips >= guess->slips))
		return;
	guess->nearest = name;
	guess->slips = slips;
}

int names_complain(const struct names_guess *guess, const char *kind, const char *advice,
		   struct error *reterr)
{
	if (guess->nearest)
		return error_set(reterr, -EINVAL, "no %s '%s': did you mean '%s'?", kind,
				 guess->typed, guess->nearest);
	return error_set(reterr, -EINVAL, "no %s '%s' %s", kind, guess->typed, advice);
}

/* What Wireshark has for two fields at once. */
static const struct pair {
	const char *name;
	const char *source;
	const char *destination;
} pairs[] = {
	{ "eth.addr", "eth.src", "eth.dst" },
	{ "ip.addr", "ip.src", "ip.dst" },
	{ "ipv6.addr", "ipv6.src", "ipv6.dst" },
	{ "sctp.port", "sctp.srcport", "sctp.dstport" },
	{ "tcp.port", "tcp.srcport", "tcp.dstport" },
	{ "udp.port", "udp.srcport", "udp.dstport" },
};

/* NULL: it is no pair. */
static const struct pair *find_pair(const char *name, struct names_guess *guess)
{
	const struct pair *found = NULL;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		names_consider(guess, pairs[i].name);
		if (strcmp(pairs[i].name, name) == 0)
			found = &pairs[i];
	}
	return found;
}

static bool is_meant(const char *field, const char *name, const struct pair *pair)
{
	if (pair)
		return strcmp(field, pair->source) == 0 || strcmp(field, pair->destination) == 0;
	return strcmp(field, name) == 0;
}

int names_find_field(const char *name, const struct field_info *ret_fields[NAMES_FIELDS],
		     struct error *reterr)
{
	struct names_guess guess = { .typed = name };
	const struct pair *pair = find_pair(name, &guess);
	struct field_table table;
	unsigned int count = 0;

	memset(ret_fields, 0, NAMES_FIELDS * sizeof(ret_fields[0]));
	for (size_t i = 0; registry_fields(i, &table); i++)
		for (size_t j = 0; j < table.count; j++) {
			names_consider(&guess, table.fields[j].name);
			if (count < NAMES_FIELDS && is_meant(table.fields[j].name, name, pair))
				ret_fields[count++] = &table.fields[j];
		}
	return count ? 0 :
		       names_complain(&guess, "field",
				      "(names are Wireshark's; 'pktview detail --json' shows those "
				      "of a packet)",
				      reterr);
}

int names_find_layer(const char *name, const struct dissector **ret_dissector, struct error *reterr)
{
	struct names_guess guess = { .typed = name };
	const struct dissector *dissector;

	for (size_t i = 0; (dissector = registry_dissector(i)); i++) {
		names_consider(&guess, dissector->name);
		if (strcmp(dissector->name, name) != 0)
			continue;
		*ret_dissector = dissector;
		return 0;
	}
	return names_complain(&guess, "layer", "('pktview hierarchy' shows those of a file)",
			      reterr);
}

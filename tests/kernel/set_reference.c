/* SPDX-License-Identifier: GPL-2.0-only */
/* A simple set, to compare with; see set_reference.h. */
#include "set_reference.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 0x9e3779b97f4a7c15;

/* xorshift64* */
uint32_t set_random(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)((random_state * 0x2545f4914f6cdd1dull) >> 32);
}

struct set_address set_random_address(bool is_ipv6, bool is_dense)
{
	static const uint8_t documentation[] = { 0x20, 0x01, 0x0d, 0xb8 };
	struct set_address address = { .is_ipv6 = is_ipv6 };

	if (!is_dense) {
		for (size_t i = 0; i < (is_ipv6 ? 16 : 4); i++)
			address.bytes[i] = (uint8_t)set_random();
	} else if (is_ipv6) {
		memcpy(address.bytes, documentation, sizeof(documentation));
		address.bytes[7] = set_random() & 0x1f;
		address.bytes[15] = set_random() & 0x3f;
	} else {
		/* Also around 0.0.0.0, which is what a packet without an address has. */
		address.bytes[0] = set_random() % 4 ? 10 : 0;
		address.bytes[2] = set_random() & 0x07;
		address.bytes[3] = (uint8_t)set_random();
	}
	return address;
}

static void clear_behind(struct set_address *address, unsigned int bits)
{
	for (unsigned int bit = bits; bit < 128; bit++)
		address->bytes[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

void set_reference_add(struct set_reference *reference, bool is_ipv6, bool is_dense, size_t count,
		       unsigned int least_bits)
{
	unsigned int all = is_ipv6 ? 128 : 32;

	reference->entries = reallocarray(reference->entries, reference->count + count,
					  sizeof(*reference->entries));
	if (!reference->entries)
		abort();
	for (size_t i = 0; i < count; i++) {
		struct set_entry *entry = &reference->entries[reference->count++];

		entry->address = set_random_address(is_ipv6, is_dense);
		entry->bits = least_bits + set_random() % (all - least_bits + 1);
		clear_behind(&entry->address, entry->bits);
	}
}

static int compare(const void *left, const void *right)
{
	const struct set_entry *a = left, *b = right;

	if (a->address.is_ipv6 != b->address.is_ipv6)
		return a->address.is_ipv6 ? 1 : -1;
	if (a->bits != b->bits)
		return a->bits < b->bits ? -1 : 1;
	return memcmp(a->address.bytes, b->address.bytes, sizeof(a->address.bytes));
}

void set_reference_finish(struct set_reference *reference)
{
	size_t at = 0;

	if (reference->count > 0)
		qsort(reference->entries, reference->count, sizeof(*reference->entries), compare);
	for (unsigned int family = 0; family < 2; family++) {
		for (unsigned int bits = 0; bits <= 128; bits++) {
			reference->starts[family][bits] = at;
			while (at < reference->count &&
			       reference->entries[at].address.is_ipv6 == (family == 1) &&
			       reference->entries[at].bits == bits)
				at++;
		}
		reference->starts[family][129] = at;
	}
}

void set_reference_free(struct set_reference *reference)
{
	free(reference->entries);
	*reference = (struct set_reference){ 0 };
}

bool set_reference_contains(const struct set_reference *reference,
			    const struct set_address *address)
{
	const size_t *starts = reference->starts[address->is_ipv6];

	for (unsigned int bits = 0; bits <= (address->is_ipv6 ? 128u : 32u); bits++) {
		struct set_entry wanted = { .address = *address, .bits = bits };
		size_t count = starts[bits + 1] - starts[bits];

		if (count == 0)
			continue;
		clear_behind(&wanted.address, bits);
		if (bsearch(&wanted, reference->entries + starts[bits], count, sizeof(wanted),
			    compare))
			return true;
	}
	return false;
}

int set_reference_write(const struct set_reference *reference, const char *path)
{
	FILE *file = fopen(path, "w");
	char text[INET6_ADDRSTRLEN];

	if (!file)
		return -errno;
	for (size_t i = 0; i < reference->count; i++) {
		const struct set_entry *entry = &reference->entries[i];
		bool is_ipv6 = entry->address.is_ipv6;

		inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, entry->address.bytes, text, sizeof(text));
		if (entry->bits == (is_ipv6 ? 128u : 32u))
			fprintf(file, "%s\n", text);
		else
			fprintf(file, "%s/%u\n", text, entry->bits);
	}
	return fclose(file) ? -errno : 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Strict readers of numbers, durations and sizes, and short forms for people; see text.h. */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define MAXIMUM_DURATION_NS (10.0 * 366 * 86400 * 1e9)

int text_parse_number(const char *text, uint64_t maximum, uint64_t *ret_number)
{
	uint64_t digit, number = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return -EINVAL;
		digit = (uint64_t)(*text - '0');
		if (digit > maximum || number > (maximum - digit) / 10)
			return -ERANGE;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return 0;
}

/* "12", "0.5": digits, with a fraction or without; returns what comes behind, or NULL. */
static const char *read_decimal(const char *text, double *ret_number)
{
	double number = 0, digit_value = 1;

	if (!isdigit((unsigned char)*text))
		return NULL;
	for (; isdigit((unsigned char)*text); text++)
		number = number * 10 + (*text - '0');
	if (*text == '.' && isdigit((unsigned char)text[1])) {
		for (text++; isdigit((unsigned char)*text); text++) {
			digit_value /= 10;
			number += (*text - '0') * digit_value;
		}
	}
	*ret_number = number;
	return text;
}

int text_parse_duration(const char *text, uint64_t *ret_ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {
		{ "", 1e9 },       { "s", 1e9 },        { "ms", 1e6 },
		{ "m", 60 * 1e9 }, { "h", 3600 * 1e9 }, { "d", 86400 * 1e9 },
	};
	double number, ns;
	const char *unit = read_decimal(text, &number);

	for (size_t i = 0; unit && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].unit) != 0)
			continue;
		/* To the nearest nanosecond. */
		ns = number * units[i].ns + 0.5;
		if (!(ns >= 1 && ns <= MAXIMUM_DURATION_NS))
			return -ERANGE;
		*ret_ns = (uint64_t)ns;
		return 0;
	}
	return -EINVAL;
}

int text_parse_rate(const char *text, uint64_t *ret_rate)
{
	static const char units[] = "kmg";
	double number, factor = 1;
	const char *unit = read_decimal(text, &number), *prefix;

	if (!unit)
		return -EINVAL;
	prefix = *unit ? strchr(units, tolower((unsigned char)*unit)) : NULL;
	if (prefix) {
		for (unit++; prefix >= units; prefix--)
			factor *= 1000;
	}
	if (*unit && strcmp(unit, "/s") != 0)
		return -EINVAL;
	if (number * factor > 1e18)
		return -ERANGE;
	*ret_rate = (uint64_t)(number * factor + 0.5);
	return 0;
}

int text_parse_size(const char *text, uint64_t *ret_bytes)
{
	static const char units[] = "kmg";
	char number[32];
	size_t digits = strspn(text, "0123456789");
	const char *unit =
		text[digits] ? strchr(units, tolower((unsigned char)text[digits])) : NULL;
	unsigned int shift = unit ? 10 * (unsigned int)(unit - units + 1) : 0;
	uint64_t value;
	int error;

	if (text[digits] && (!unit || text[digits + 1]))
		return -EINVAL;
	if (digits >= sizeof(number))
		return -ERANGE;
	memcpy(number, text, digits);
	number[digits] = '\0';
	error = text_parse_number(number, UINT64_MAX >> shift, &value);
	if (!error)
		*ret_bytes = value << shift;
	return error;
}

int text_read_cpu_list(const char *path, bool *ret_is_listed, size_t count)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	unsigned long first, last;
	int separator;

	if (!file)
		return -errno;
	while (fscanf(file, "%lu", &first) == 1) {
		last = first;
		separator = fgetc(file);
		if (separator == '-') {
			if (fscanf(file, "%lu", &last) != 1)
				return -EINVAL;
			separator = fgetc(file);
		}
		for (unsigned long i = first; i <= last && i < count; i++)
			ret_is_listed[i] = true;
		if (separator != ',')
			return 0;
	}
	return -EINVAL;
}

/*
 * RFC 3629, section 4: what the second byte may be after some first bytes, so that no character has
 * a longer form than it needs, is a surrogate, or lies behind U+10FFFF.
 */
static bool may_follow(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second < 0xa0;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second < 0x90;
	}
	return true;
}

size_t text_utf8_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = bytes[0] < 0x80 ? 1 :
			bytes[0] < 0xc2 ? 0 :
			bytes[0] < 0xe0 ? 2 :
			bytes[0] < 0xf0 ? 3 :
			bytes[0] < 0xf5 ? 4 :
					  0;

	for (size_t i = 1; i < length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return length > 1 && !may_follow(bytes[0], bytes[1]) ? 0 : length;
}

void text_format_quantity(double quantity, const char *unit, char *ret_text, size_t size)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T", "P" };
	int decimals = 0;
	size_t i = 0;

	while (quantity >= 999.5 && i + 1 < sizeof(prefixes) / sizeof(prefixes[0])) {
		quantity /= 1000;
		i++;
	}
	if (i > 0 && quantity < 99.95)
		decimals = quantity < 9.995 ? 2 : 1;
	snprintf(ret_text, size, "%.*f%s%s%s", decimals, quantity, *unit ? " " : "", prefixes[i],
		 unit);
}

static unsigned int minimum(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Optimal string alignment. */
unsigned int text_count_slips(const char *typed, size_t typed_length, const char *name)
{
	unsigned int slips[TEXT_MAXIMUM_SLIP_BYTES + 1][TEXT_MAXIMUM_SLIP_BYTES + 1];
	size_t name_length = strlen(name);

	for (size_t i = 0; i <= typed_length; i++) {
		for (size_t j = 0; j <= name_length; j++) {
			bool differs;

			if (i == 0 || j == 0) {
				slips[i][j] = (unsigned int)(i + j);
				continue;
			}
			differs = tolower((unsigned char)typed[i - 1]) != name[j - 1];
			slips[i][j] = slips[i - 1][j - 1] + differs;
			slips[i][j] = minimum(slips[i][j], slips[i - 1][j] + 1);
			slips[i][j] = minimum(slips[i][j], slips[i][j - 1] + 1);
			if (i > 1 && j > 1 && typed[i - 1] == name[j - 2] &&
			    typed[i - 2] == name[j - 1])
				slips[i][j] = minimum(slips[i][j], slips[i - 2][j - 2] + 1);
		}
	}
	return slips[typed_length][name_length];
}

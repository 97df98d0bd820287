/* SPDX-License-Identifier: GPL-2.0-only */
/* Strict readers of numbers and durations, and short forms for people; see text.h. */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define MAXIMUM_DURATION_S (10.0 * 366 * 86400)

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

int text_parse_duration(const char *text, uint64_t *ret_ns)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "ms", 1e-3 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
	double number;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	number = strtod(text, &end);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit) != 0)
			continue;
		number *= units[i].seconds;
		if (!(number > 0 && number <= MAXIMUM_DURATION_S))
			return -ERANGE;
		*ret_ns = (uint64_t)(number * 1e9);
		return 0;
	}
	return -EINVAL;
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

void text_format_quantity(double quantity, const char *unit, char *ret_text, size_t size)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T", "P" };
	size_t i = 0;

	while (quantity >= 999.5 && i + 1 < sizeof(prefixes) / sizeof(prefixes[0])) {
		quantity /= 1000;
		i++;
	}
	snprintf(ret_text, size, "%.*f%s%s%s", i == 0 || quantity >= 99.95 ? 0 : quantity >= 9.995 ? 1 : 2,
		 quantity, *unit ? " " : "", prefixes[i], unit);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers, durations, CPU lists and quantities: what is read, what is refused, what is shown. */
#include "../../user/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define UNTOUCHED 0x5555555555555555ull
#define CPUS 16

static const struct {
	const char *text;
	uint64_t maximum;
	int result;
	uint64_t number;
} numbers[] = {
	{ "0", UINT64_MAX, 0, 0 },
	{ "1", UINT64_MAX, 0, 1 },
	{ "007", UINT64_MAX, 0, 7 },
	{ "262144", 262144, 0, 262144 },
	{ "262145", 262144, -ERANGE, 0 },
	{ "262150", 262144, -ERANGE, 0 },
	{ "9", 9, 0, 9 },
	{ "10", 9, -ERANGE, 0 },
	{ "9", 8, -ERANGE, 0 },
	{ "0", 0, 0, 0 },
	{ "000", 0, 0, 0 },
	{ "1", 0, -ERANGE, 0 },
	{ "10", 10, 0, 10 },
	{ "19", 19, 0, 19 },
	{ "20", 19, -ERANGE, 0 },
	{ "65535", 65535, 0, 65535 },
	{ "65536", 65535, -ERANGE, 0 },
	{ "4294967295", UINT32_MAX, 0, UINT32_MAX },
	{ "4294967296", UINT32_MAX, -ERANGE, 0 },
	{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
	{ "18446744073709551616", UINT64_MAX, -ERANGE, 0 },
	{ "18446744073709551620", UINT64_MAX, -ERANGE, 0 },
	{ "28446744073709551615", UINT64_MAX, -ERANGE, 0 },
	{ "184467440737095516150", UINT64_MAX, -ERANGE, 0 },
	{ "99999999999999999999999999999999999999999", UINT64_MAX, -ERANGE, 0 },
	{ "00000000000000000000000000000000000000001", UINT64_MAX, 0, 1 },
	{ "", UINT64_MAX, -EINVAL, 0 },
	{ "-0", UINT64_MAX, -EINVAL, 0 },
	{ "-1", UINT64_MAX, -EINVAL, 0 },
	{ "+1", UINT64_MAX, -EINVAL, 0 },
	{ " 1", UINT64_MAX, -EINVAL, 0 },
	{ "1 ", UINT64_MAX, -EINVAL, 0 },
	{ "1\t", UINT64_MAX, -EINVAL, 0 },
	{ "1 2", UINT64_MAX, -EINVAL, 0 },
	{ "0x10", UINT64_MAX, -EINVAL, 0 },
	{ "1e3", UINT64_MAX, -EINVAL, 0 },
	{ "1.5", UINT64_MAX, -EINVAL, 0 },
	{ "1,000", UINT64_MAX, -EINVAL, 0 },
	{ "12a", UINT64_MAX, -EINVAL, 0 },
	{ "\xb2", UINT64_MAX, -EINVAL, 0 },
};

static void test_numbers(void)
{
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		uint64_t number = UNTOUCHED;
		int result = text_parse_number(numbers[i].text, numbers[i].maximum, &number);

		if (numbers[i].result)
			check(result == numbers[i].result && number == UNTOUCHED,
			      "'%s' is no number up to %" PRIu64 ": %s", numbers[i].text,
			      numbers[i].maximum, strerror(-numbers[i].result));
		else
			check(!result && number == numbers[i].number,
			      "'%s' is the number %" PRIu64 ", up to %" PRIu64, numbers[i].text,
			      numbers[i].number, numbers[i].maximum);
		check_note("result %d, number %" PRIu64, result, number);
	}
}

static const struct {
	const char *text;
	int result;
	uint64_t ns;
} durations[] = {
	{ "1", 0, 1000000000 },
	{ "1s", 0, 1000000000 },
	{ "10s", 0, 10000000000 },
	{ "0.5s", 0, 500000000 },
	{ "0.5", 0, 500000000 },
	{ "1.5m", 0, 90000000000 },
	{ "5m", 0, 300000000000 },
	{ "2h", 0, 7200000000000 },
	{ "1ms", 0, 1000000 },
	{ "7ms", 0, 7000000 },
	{ "500ms", 0, 500000000 },
	{ "1001ms", 0, 1001000000 },
	{ "0.29s", 0, 290000000 },
	{ "0.57s", 0, 570000000 },
	{ "1.001s", 0, 1001000000 },
	{ "2.3s", 0, 2300000000 },
	{ "4.35s", 0, 4350000000 },
	{ "0.001ms", 0, 1000 },
	{ "0.000000001s", 0, 1 },
	{ "87840h", 0, 316224000000000000 }, /* ten years of 366 days */
	{ "87841h", -ERANGE, 0 },
	{ "316224000s", 0, 316224000000000000 },
	{ "316224001s", -ERANGE, 0 },
	{ "99999999999999999999", -ERANGE, 0 },
	{ "0", -ERANGE, 0 },
	{ "0s", -ERANGE, 0 },
	{ "0.0ms", -ERANGE, 0 },
	{ "0.0000000001s", -ERANGE, 0 }, /* rounded to ns, nothing is left */
	{ "", -EINVAL, 0 },
	{ "s", -EINVAL, 0 },
	{ "ms", -EINVAL, 0 },
	{ "-1s", -EINVAL, 0 },
	{ "+1s", -EINVAL, 0 },
	{ " 1s", -EINVAL, 0 },
	{ "1s ", -EINVAL, 0 },
	{ "1 s", -EINVAL, 0 },
	{ "1S", -EINVAL, 0 },
	{ "1us", -EINVAL, 0 },
	{ "1min", -EINVAL, 0 },
	{ "1sm", -EINVAL, 0 },
	{ "1m30s", -EINVAL, 0 },
	{ "1,5s", -EINVAL, 0 },
	{ "1.2.3s", -EINVAL, 0 },
	{ "nan", -EINVAL, 0 },
	{ "inf", -EINVAL, 0 },
	{ "infinity", -EINVAL, 0 },
	{ "0x10s", -EINVAL, 0 },
	{ "1e3", -EINVAL, 0 },
};

static void test_durations(void)
{
	for (size_t i = 0; i < LENGTH(durations); i++) {
		uint64_t ns = UNTOUCHED;
		int result = text_parse_duration(durations[i].text, &ns);

		if (durations[i].result)
			check(result == durations[i].result && ns == UNTOUCHED,
			      "'%s' is no duration: %s", durations[i].text,
			      strerror(-durations[i].result));
		else
			check(!result && ns == durations[i].ns, "'%s' lasts %" PRIu64 " ns",
			      durations[i].text, durations[i].ns);
		check_note("result %d, %" PRIu64 " ns", result, ns);
	}
}

static const struct {
	const char *text;
	int result;
	uint64_t bytes;
} sizes[] = {
	{ "0", 0, 0 },
	{ "1", 0, 1 },
	{ "1000", 0, 1000 },
	{ "1k", 0, 1024 },
	{ "1K", 0, 1024 },
	{ "3m", 0, 3145728 },
	{ "3M", 0, 3145728 },
	{ "256M", 0, 268435456 },
	{ "10g", 0, 10737418240 },
	{ "10G", 0, 10737418240 },
	{ "0G", 0, 0 },
	{ "007k", 0, 7168 },
	{ "18446744073709551615", 0, UINT64_MAX },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "18014398509481983k", 0, 18446744073709550592u },
	{ "18014398509481984k", -ERANGE, 0 },
	{ "17179869183G", 0, 18446744072635809792u },
	{ "17179869184G", -ERANGE, 0 },
	{ "00000000000000000000000000000000000000001", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "k", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 },
	{ "1 k", -EINVAL, 0 },
	{ "1kk", -EINVAL, 0 },
	{ "1kB", -EINVAL, 0 },
	{ "1MiB", -EINVAL, 0 },
	{ "1.5M", -EINVAL, 0 },
	{ "1T", -EINVAL, 0 },
	{ "1%", -EINVAL, 0 },
	{ "0x10", -EINVAL, 0 },
	{ "\xcb", -EINVAL, 0 },
};

static void test_sizes(void)
{
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		uint64_t bytes = UNTOUCHED;
		int result = text_parse_size(sizes[i].text, &bytes);

		if (sizes[i].result)
			check(result == sizes[i].result && bytes == UNTOUCHED,
			      "'%s' is no size: %s", sizes[i].text, strerror(-sizes[i].result));
		else
			check(!result && bytes == sizes[i].bytes, "'%s' is %" PRIu64 " bytes",
			      sizes[i].text, sizes[i].bytes);
		check_note("result %d, %" PRIu64 " bytes", result, bytes);
	}
}

/* listed: one character for each of the first CPUS processors. */
static const struct {
	const char *content;
	int result;
	const char *listed;
} cpu_lists[] = {
	{ "0\n", 0, "x..............." },
	{ "0", 0, "x..............." },
	{ "3\n", 0, "...x............" },
	{ "0-3\n", 0, "xxxx............" },
	{ "0-3,8\n", 0, "xxxx....x......." },
	{ "1,3,5\n", 0, ".x.x.x.........." },
	{ "0-1,4-5,15\n", 0, "xx..xx.........x" },
	{ "15\n", 0, "...............x" },
	{ "16\n", 0, "................" },
	{ "14-20\n", 0, "..............xx" },
	{ "0,16,1024\n", 0, "x..............." },
	{ "0-4294967295\n", 0, "xxxxxxxxxxxxxxxx" },
	{ "0-18446744073709551615\n", 0, "xxxxxxxxxxxxxxxx" },
	{ "18446744073709551615\n", 0, "................" },
	{ "2-2\n", 0, "..x............." },
	{ "", -EINVAL, NULL },
	{ "\n", -EINVAL, NULL },
	{ "x\n", -EINVAL, NULL },
	{ "0-\n", -EINVAL, NULL },
	{ "0-x\n", -EINVAL, NULL },
	{ "0,\n", -EINVAL, NULL },
	{ ",0\n", -EINVAL, NULL },
};

static void write_file(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(content, file) < 0 || fclose(file)) {
		perror(path);
		exit(1);
	}
}

/* The content without its newline, for a sentence. */
static const char *first_line(const char *content, char text[64])
{
	snprintf(text, 64, "%.*s", (int)strcspn(content, "\n"), content);
	return text;
}

static void test_cpu_lists(const char *path)
{
	for (size_t i = 0; i < LENGTH(cpu_lists); i++) {
		bool is_listed[CPUS + 1] = {};
		char listed[CPUS + 1] = "", line[64];
		int result;

		write_file(path, cpu_lists[i].content);
		result = text_read_cpu_list(path, is_listed, CPUS);
		for (int cpu = 0; cpu < CPUS; cpu++)
			listed[cpu] = is_listed[cpu] ? 'x' : '.';
		first_line(cpu_lists[i].content, line);
		if (cpu_lists[i].result)
			check(result == cpu_lists[i].result, "'%s' is no list of CPUs", line);
		else
			check(!result && strcmp(listed, cpu_lists[i].listed) == 0,
			      "the list of CPUs '%s' marks %s", line, cpu_lists[i].listed);
		check_note("result %d, marks %s", result, listed);
		check(!is_listed[CPUS], "the list '%s' marks nothing behind the array", line);
	}
}

static void test_cpu_list_kept(const char *path)
{
	bool is_listed[4] = { true, false, false, false };

	write_file(path, "2\n");
	check(!text_read_cpu_list(path, is_listed, 4) && is_listed[0] && !is_listed[1] &&
		      is_listed[2] && !is_listed[3],
	      "a list of CPUs adds to what is marked already");
	check(!text_read_cpu_list(path, NULL, 0), "a list of CPUs fits into no array at all");
	unlink(path);
	check(text_read_cpu_list(path, is_listed, 4) == -ENOENT,
	      "a list of CPUs that is not there is ENOENT");
}

static const struct {
	double quantity;
	const char *unit;
	const char *text;
} quantities[] = {
	{ 0, "", "0" },
	{ 0, "pkt/s", "0 pkt/s" },
	{ 1, "B", "1 B" },
	{ 7, "", "7" },
	{ 42, "b/s", "42 b/s" },
	{ 999, "B", "999 B" },
	{ 999.4, "B", "999 B" },
	{ 999.5, "B", "1.00 kB" },
	{ 1000, "B", "1.00 kB" },
	{ 1000, "", "1.00k" },
	{ 1234, "B", "1.23 kB" },
	{ 1238, "B", "1.24 kB" },
	{ 9994, "", "9.99k" },
	{ 9996, "", "10.0k" },
	{ 12345, "", "12.3k" },
	{ 99940, "", "99.9k" },
	{ 99960, "", "100k" },
	{ 123456, "B", "123 kB" },
	{ 999400, "B", "999 kB" },
	{ 999600, "B", "1.00 MB" },
	{ 1230000, "B", "1.23 MB" },
	{ 1e9, "b/s", "1.00 Gb/s" },
	{ 98.1e9, "b/s", "98.1 Gb/s" },
	{ 5e12, "B", "5.00 TB" },
	{ 18446744073709551615.0, "B", "18447 PB" },
};

static void test_quantities(void)
{
	char text[32], cut[5];

	for (size_t i = 0; i < LENGTH(quantities); i++) {
		text_format_quantity(quantities[i].quantity, quantities[i].unit, text,
				     sizeof(text));
		check(strcmp(text, quantities[i].text) == 0, "%.10g of '%s' is shown as '%s'",
		      quantities[i].quantity, quantities[i].unit, quantities[i].text);
		check_note("it is '%s'", text);
		check(strlen(text) < 16, "'%s' fits into 16 bytes", quantities[i].text);
	}
	text_format_quantity(123456, "pkt/s", cut, sizeof(cut));
	check(strcmp(cut, "123 ") == 0, "a quantity is cut to the room there is");
}

int main(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/text_test.XXXXXX", folder ? folder : "/tmp");
	fd = mkstemp(path);
	if (fd < 0) {
		perror(path);
		return 1;
	}
	close(fd);
	test_numbers();
	test_durations();
	test_sizes();
	test_cpu_lists(path);
	test_cpu_list_kept(path);
	test_quantities();
	return check_finish();
}

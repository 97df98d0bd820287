/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a set from its file, one address or prefix a line; see hostset.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../base/cleanup.h"
#include "hostset.h"

/* Longest text of an entry: an IPv6 address with "/128". */
#define MAXIMUM_ENTRY_BYTES (INET6_ADDRSTRLEN + 4)
/* How much of a bad line a message repeats. */
#define MAXIMUM_QUOTED 60

struct reader {
	const char *path;
	size_t line;
	struct hostset *set;
	struct error *reterr;
};

static int fail_line(const struct reader *reader, const char *what, const char *text)
{
	char quoted[MAXIMUM_QUOTED + 1];
	size_t length = 0;

	for (; length < MAXIMUM_QUOTED && text[length] != '\0'; length++) {
		unsigned char byte = (unsigned char)text[length];

		quoted[length] = byte < 0x20 || byte >= 0x7f ? '?' : text[length];
	}
	quoted[length] = '\0';
	return error_set(reader->reterr, -EINVAL, "%.300s:%zu: %s: '%s%s'", reader->path,
			 reader->line, what, quoted, text[length] != '\0' ? "..." : "");
}

/* One to three digits of at most `maximum`; nothing follows. Returns false for others. */
static bool read_bits(const char *text, unsigned int maximum, uint8_t *ret_bits)
{
	unsigned int bits = 0;
	size_t length = strlen(text);

	if (length == 0 || length > 3)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		bits = bits * 10 + (unsigned int)(*text - '0');
	}
	*ret_bits = (uint8_t)bits;
	return bits <= maximum;
}

static bool has_bits_behind(const struct hostset_entry *entry)
{
	size_t words = entry->is_ipv6 ? 4 : 1;

	for (size_t word = 0; word < words; word++) {
		uint32_t before = (uint32_t)word * 32;
		uint32_t bits = entry->bits > before ? entry->bits - before : 0;
		uint32_t mask = bits == 0 ? 0 : UINT32_MAX << (bits < 32 ? 32 - bits : 0);

		if (ntohl(entry->address_be[word]) & ~mask)
			return true;
	}
	return false;
}

/* entry = address [ "/" bits ] */
static int read_entry(const struct reader *reader, const char *text,
		      struct hostset_entry *ret_entry)
{
	struct hostset_entry entry = { .is_ipv6 = strchr(text, ':') != NULL };
	unsigned int maximum = entry.is_ipv6 ? 128 : 32;
	char address[MAXIMUM_ENTRY_BYTES + 1];
	size_t length = strlen(text);
	char *slash;

	if (length > MAXIMUM_ENTRY_BYTES)
		return fail_line(reader, "neither an address nor a prefix", text);
	memcpy(address, text, length + 1);
	slash = strchr(address, '/');
	if (slash)
		*slash = '\0';
	entry.bits = (uint8_t)maximum;
	if (inet_pton(entry.is_ipv6 ? AF_INET6 : AF_INET, address, entry.address_be) != 1)
		return fail_line(reader, "neither an address nor a prefix", text);
	if (slash && !read_bits(slash + 1, maximum, &entry.bits))
		return fail_line(reader, "the length of the prefix is wrong", text);
	if (entry.bits < maximum && !reader->set->takes_prefixes)
		return fail_line(reader, "a prefix, for which there is 'net in'", text);
	if (has_bits_behind(&entry))
		return fail_line(reader, "non-network bits set", text);
	*ret_entry = entry;
	return 0;
}

/* line = [ blanks ] [ entry ] [ blanks ] [ "#" comment ] */
static int take_line(const struct reader *reader, char *line, size_t length)
{
	struct hostset_entry entry;
	char *end = memchr(line, '#', length);
	int error;

	if (!end)
		end = line + length;
	while (end > line && strchr(" \t\r\n", end[-1]) && end[-1] != '\0')
		end--;
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	if (line == end)
		return 0;
	*end = '\0';
	if (strlen(line) != (size_t)(end - line))
		return fail_line(reader, "a byte 0 in the line", line);
	error = read_entry(reader, line, &entry);
	if (error)
		return error;
	error = hostset_add(reader->set, &entry);
	if (error == -E2BIG)
		return error_set(reader->reterr, error, "%.300s:%zu: more than %u entries",
				 reader->path, reader->line, HOSTSET_MAXIMUM_ENTRIES);
	return error ? error_set(reader->reterr, error, "out of memory") : 0;
}

static int read_lines(struct reader *reader, FILE *file)
{
	_cleanup_free_ char *line = NULL;
	size_t capacity = 0;
	ssize_t length;
	int error = 0;

	while (!error && (length = getline(&line, &capacity, file)) >= 0) {
		reader->line++;
		error = take_line(reader, line, (size_t)length);
	}
	if (!error && ferror(file))
		return error_set(reader->reterr, -EIO, "cannot read '%.300s': %s", reader->path,
				 strerror(errno));
	return error;
}

static struct hostset_file file_state(const struct stat *status)
{
	return (struct hostset_file){
		.device = status->st_dev,
		.inode = status->st_ino,
		.bytes = status->st_size,
		.modified = status->st_mtim,
		.changed = status->st_ctim,
	};
}

int hostset_stat_file(const char *path, struct hostset_file *ret_file)
{
	struct stat status;

	if (stat(path, &status))
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	*ret_file = file_state(&status);
	return 0;
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool hostset_file_is_same(const struct hostset_file *a, const struct hostset_file *b)
{
	return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes &&
	       is_same_time(&a->modified, &b->modified) && is_same_time(&a->changed, &b->changed);
}

/* A pipe would be waited for, with the capture under way, and can be read only once. */
static int open_regular(const struct reader *reader, FILE **ret_file)
{
	_cleanup_close_ int fd = open(reader->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0 || fstat(fd, &status))
		return error_set(reader->reterr, -errno, "cannot read '%.300s': %s", reader->path,
				 strerror(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(reader->reterr, -EINVAL,
				 "cannot read '%.300s': it is not a regular file", reader->path);
	reader->set->file = file_state(&status);
	*ret_file = fdopen(fd, "re");
	if (!*ret_file)
		return error_set(reader->reterr, -ENOMEM, "out of memory");
	fd = -1;
	return 0;
}

static void cleanup_set(struct hostset **set)
{
	hostset_free(*set);
}

int hostset_read_file(const char *path, bool takes_prefixes, struct hostset **ret_set,
		      struct error *reterr)
{
	CLEANUP(cleanup_set) struct hostset *set = NULL;
	_cleanup_fclose_ FILE *file = NULL;
	struct reader reader = { .path = path, .reterr = reterr };
	int error = hostset_new(&set);

	if (error)
		return error_set(reterr, error, "out of memory");
	reader.set = set;
	set->takes_prefixes = takes_prefixes;
	error = open_regular(&reader, &file);
	if (!error)
		error = read_lines(&reader, file);
	if (error)
		return error;
	set->path = strdup(path);
	error = set->path ? hostset_finish(set) : -ENOMEM;
	if (error)
		return error_set(reterr, error, "out of memory");
	*ret_set = TAKE(set);
	return 0;
}

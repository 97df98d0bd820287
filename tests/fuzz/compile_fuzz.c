/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libFuzzer's target: an input is an expression, up to a newline or a NUL, and behind it a
 * packet. The expression is compiled and printed; its instructions judge the packet.
 * No name leaves this machine and no file of it is read: getaddrinfo() and open() are wrapped
 * (see the Makefile).
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../user/filter/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __real_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		       struct addrinfo **ret_list);
int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		       struct addrinfo **ret_list);

int __wrap_open64(const char *path, int flags, ...);

/* Every file holds a host set, but those whose names begin with n, which do not exist. */
int __wrap_open64(const char *path, int flags, ...)
{
	static const char set[] = "10.9.0.1\n10.9.1.0/24 # a network\nfd00:9::1\nfd00:9:1::/48\n";
	int fd = memfd_create("set", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);

	if (path[0] == 'n' || fd < 0 || pwrite(fd, set, sizeof(set) - 1, 0) < 0) {
		close(fd);
		errno = ENOENT;
		return -1;
	}
	return fd;
}

/* Names with some first letters have an address; all others are not known. */
int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		       struct addrinfo **ret_list)
{
	struct addrinfo numeric = hints ? *hints : (struct addrinfo){ 0 };

	numeric.ai_flags |= AI_NUMERICHOST;
	if (name && name[0] == 'h')
		name = "192.0.2.1";
	else if (name && name[0] == 'i')
		name = "2001:db8::1";
	return __real_getaddrinfo(name, service, &numeric, ret_list);
}

static void judge(const struct filter *filter, const uint8_t *bytes, size_t size)
{
	struct offline_packet packet;

	offline_read(bytes_make(bytes, size), (uint32_t)size, &packet);
	filter_run(filter, &packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct filter_error error = { 0 };
	struct filter *filter = NULL;
	size_t length = 0;
	char *expression;

	while (length < size && data[length] != '\n' && data[length] != '\0')
		length++;
	expression = strndup((const char *)data, length);
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!expression || !nowhere)
		abort();
	if (filter_compile(expression, &filter, &error) == 0) {
		filter_print_tree(filter, nowhere);
		filter_print_instructions(filter, nowhere);
		if (length < size)
			judge(filter, data + length + 1, size - length - 1);
	} else {
		filter_print_error(expression, &error, nowhere);
	}
	filter_free(filter);
	free(expression);
	return 0;
}

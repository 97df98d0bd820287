/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libFuzzer's target: an input is an expression, up to a newline or a NUL, and behind it a
 * packet. The expression is compiled and printed; its instructions judge the packet.
 * No name leaves this machine: getaddrinfo() is wrapped (see the Makefile).
 */
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/filter/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __real_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		       struct addrinfo **ret_list);
int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		       struct addrinfo **ret_list);

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

/* SPDX-License-Identifier: GPL-2.0-only */
/* See metrics_page.h. */
#include "metrics_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct metrics_page *metrics_page_new(void)
{
	void *page = mmap(NULL, sizeof(struct metrics_page), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? NULL : page;
}

void metrics_page_free(struct metrics_page *page)
{
	if (page)
		munmap(page, sizeof(*page));
}

int metrics_page_put(struct metrics_text *slot, const char *text, size_t length)
{
	if (length > sizeof(slot->text))
		return -EFBIG;
	if (__atomic_load_n(&slot->bytes, __ATOMIC_ACQUIRE))
		return -EAGAIN;
	memcpy(slot->text, text, length);
	__atomic_store_n(&slot->bytes, (uint32_t)length, __ATOMIC_RELEASE);
	return 0;
}

int metrics_page_take(struct metrics_text *slot, char **ret_text, size_t *ret_length)
{
	uint32_t length = __atomic_load_n(&slot->bytes, __ATOMIC_ACQUIRE);
	char *text;

	if (!length)
		return -EAGAIN;
	if (length > sizeof(slot->text))
		return -EPROTO;
	text = malloc(length);
	if (!text)
		return -ENOMEM;
	memcpy(text, slot->text, length);
	__atomic_store_n(&slot->bytes, 0, __ATOMIC_RELEASE);
	*ret_text = text;
	*ret_length = length;
	return 0;
}

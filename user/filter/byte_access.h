/* SPDX-License-Identifier: GPL-2.0-only */
/* The words before the bracket of `tcp[13]`: of which packets, and from where bytes count. */
#pragma once

#include "ast.h"

struct byte_access {
	const char *name;
	enum ast_base base;
	uint16_t ethertype;  /* 0: any */
	uint8_t ip_protocol; /* 0: any; else only of packets with its header, no later fragments */
};

/* The word that the length bytes at text are, or NULL. */
const struct byte_access *byte_access_find(const char *text, size_t length);

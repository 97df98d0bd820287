/* SPDX-License-Identifier: GPL-2.0-only */
/* What users name: layers and fields. What there is not is an error that names what is near. */
#pragma once

#include "../user/base/error.h"
#include "dissect/dissector.h"

/* Several protocols may have a field of the same name. */
#define NAMES_FIELDS 4

/* What is left is NULL. -EINVAL with *reterr filled in. */
int names_find_field(const char *name, const struct field_info *ret_fields[NAMES_FIELDS],
		     struct error *reterr);

int names_find_layer(const char *name, const struct dissector **ret_dissector,
		     struct error *reterr);

/* The nearest name so far: begin with { .typed = ... }, show it all that there are. */
struct names_guess {
	const char *typed;
	const char *nearest; /* NULL: none is near */
	unsigned int slips;
};

void names_consider(struct names_guess *guess, const char *name);

/* "no column 'nubmer': did you mean 'number'?"; without a guess what comes behind a space is added. */
int names_complain(const struct names_guess *guess, const char *kind, const char *advice,
		   struct error *reterr);

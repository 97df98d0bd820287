/* SPDX-License-Identifier: GPL-2.0-only */
/* Formats the message of an error; see error.h. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

int error_set(struct error *reterr, int code, const char *format, ...)
{
	va_list arguments;

	if (!reterr)
		return code;
	va_start(arguments, format);
	vsnprintf(reterr->message, sizeof(reterr->message), format, arguments);
	va_end(arguments);
	return code;
}

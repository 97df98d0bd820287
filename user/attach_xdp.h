/* SPDX-License-Identifier: GPL-2.0-only */
/* An XDP link on an interface, and what is to be said where the kernel makes none. */
#pragma once

#include "base/error.h"
#include "hook.h"
#include "interfaces.h"

/*
 * Attaches a program by a link, which vanishes with its last descriptor. The slot for XDP
 * programs is one per interface: who is in it stays. Returns the link's descriptor, or a
 * negative errno with *reterr filled in, and nothing has changed.
 */
int attach_xdp(const struct interface *interface, enum hook hook, int program_fd,
	       struct error *reterr);

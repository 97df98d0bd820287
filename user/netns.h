/* SPDX-License-Identifier: GPL-2.0-only */
/* Goes into another network namespace, with this process alone and nothing else of it. */
#pragma once

#include "base/error.h"

/*
 * Enters a namespace of ip-netns(8), by its name or, with a '/' in it, by its path (such as
 * /proc/PID/ns/net). From here on interfaces, and names of hosts, are those that are found there;
 * files and /sys stay. 0 or a negative errno with *reterr filled in.
 */
int netns_enter(const char *name, struct error *reterr);

/* SPDX-License-Identifier: GPL-2.0-only */
/* --promiscuous: a device takes in frames for other stations as well, for a time. */
#pragma once

#include "base/error.h"
#include "interfaces.h"

/*
 * Puts the interface into promiscuous mode until the descriptor is closed, also by the death
 * of its process; others who want the mode are not disturbed. A descriptor, or a negative
 * errno with a message: -EPERM without CAP_NET_RAW, -ENODEV where the interface is gone.
 */
int promiscuous_open(const struct interface *interface, struct error *reterr);

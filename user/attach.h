/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puts the programs on an interface and takes them off: by tcx or XDP links, which vanish
 * with the process, else as filters of a clsact qdisc, which do not.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"
#include "hook.h"
#include "interfaces.h"

enum attach_kind {
	ATTACH_KIND_TCX,
	ATTACH_KIND_CLSACT,
	ATTACH_KIND_XDP_NATIVE,
	ATTACH_KIND_XDP_GENERIC,
	ATTACH_KIND_COUNT,
};

struct attachment;

/* Whether this kernel has tcx (Linux 6.6). */
bool attach_has_tcx(unsigned int ifindex);

/*
 * Attaches a program for each direction whose descriptor is not -1: with tc before all
 * others that are there, with XDP if nobody is there (ingress only). The descriptors stay
 * the caller's, open as long as the programs are attached. With clsact, filters
 * that dead captures left on the interface go first. prefers_clsact: also where there is tcx,
 * unless others' programs are there, which would run first. Returns 0 or a negative errno with
 * *reterr filled in; then nothing is attached.
 */
int attach_open(const struct interface *interface, enum hook hook, bool prefers_clsact,
		const int program_fds[DIRECTION_COUNT], struct attachment **ret_attachment,
		struct error *reterr);

/*
 * Puts other programs in the place of those that are attached, in the same directions: each
 * packet is seen by one of the two, whole. The old ones may still run until a grace period
 * is over. Returns 0 or a negative errno with *reterr filled in; then the old ones stay.
 */
int attach_replace(struct attachment *attachment, const int program_fds[DIRECTION_COUNT],
		   struct error *reterr);

/* Detaches; programs may still run until a grace period is over. NULL is allowed. */
void attach_close(struct attachment *attachment);

enum attach_kind attach_get_kind(const struct attachment *attachment);

/* "tcx", "clsact", "xdp (native)" or "xdp (generic)". */
const char *attach_kind_name(enum attach_kind kind);

/*
 * Removes what dead captures left on all interfaces of this network namespace, and says
 * what. Returns 0 or a negative errno with *reterr filled in.
 */
int attach_clean_up(FILE *out, struct error *reterr);

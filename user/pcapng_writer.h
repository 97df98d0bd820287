/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng, as the IETF's draft-ietf-opsawg-pcapng has it: one section, a description of each
 * interface before its first packet, enhanced packets, and statistics of each interface that
 * was described.
 */
#pragma once

#include "encoder.h"

/* 0 or a negative errno. */
int pcapng_writer_new(const struct capture_file_options *options, struct encoder **ret_encoder);

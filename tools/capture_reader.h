/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets of a capture file, whatever its format: pcap (draft-ietf-opsawg-pcap) in both byte orders,
 * of micro- and nanoseconds, and pcapng (draft-ietf-opsawg-pcapng).
 */
#pragma once

#include "../user/base/error.h"
#include "packet.h"

struct capture_reader;

/*
 * Opens a file, "-" for stdin. Reads nothing but the first bytes. 0 or a negative errno with
 * *reterr filled in.
 */
int capture_reader_open(const char *name, struct capture_reader **ret_reader, struct error *reterr);
void capture_reader_close(struct capture_reader *reader);

/*
 * The next packet; its bytes are valid until the next call. Its number and file are left to the
 * caller. Returns 0; -ENODATA at the end of the file; or a negative errno with *reterr filled in,
 * which names the offset: what came before was all right.
 */
int capture_reader_next(struct capture_reader *reader, struct packet *ret_packet,
			struct error *reterr);

/* SPDX-License-Identifier: GPL-2.0-only */
/* The classic format, pcap-savefile(5), as libpcap writes it. */
#pragma once

#include "encoder.h"

/* 0 or a negative errno. */
int pcap_writer_new(const struct capture_file_options *options, struct encoder **ret_encoder);

/* SPDX-License-Identifier: GPL-2.0-only */
/* LINKTYPE_LINUX_SLL2: the header that a cooked packet gets in the place of its own. */
#pragma once

#include <stdint.h>

#include "capture_file.h"

#define SLL2_HEADER_BYTES 20

/* hardware_type: ARPHRD_ETHER, ... of <linux/if_arp.h>. */
void sll2_write_header(const struct capture_file_packet *packet, uint16_t hardware_type,
		       uint8_t ret_header[SLL2_HEADER_BYTES]);

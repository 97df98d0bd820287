/* SPDX-License-Identifier: GPL-2.0-only */
/* What a list says of a packet, whatever the form. */
#pragma once

#include "dissect/dissection.h"
#include "line.h"

void packet_add_source(const struct dissection *dissection, struct line *line);
void packet_add_destination(const struct dissection *dissection, struct line *line);

/* Of the layer that the packet is about. */
void packet_add_protocol(const struct dissection *dissection, struct line *line);
void packet_add_info(const struct dissection *dissection, struct line *line);

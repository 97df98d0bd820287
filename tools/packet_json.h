/* SPDX-License-Identifier: GPL-2.0-only */
/* A packet with its layers and fields as one object of JSON, see pktview(1). */
#pragma once

#include "dissect/dissection.h"
#include "line.h"

void packet_add_json(const struct dissection *dissection, struct line *line);

/* How this and other objects of a packet begin: {"number":1,"time":..., up to the comment. */
void packet_add_json_head(const struct packet *packet, struct line *line);

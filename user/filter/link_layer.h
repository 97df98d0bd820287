/* SPDX-License-Identifier: GPL-2.0-only */
/* What Ethernet carries: `ether proto`, LLC (IEEE 802.2), and the protocols of OSI in it. */
#pragma once

#include "meaning.h"

/* `ether proto NUMBER`: an EtherType, or up to 1500 what LLC carries. 0 or -ENOMEM. */
int link_layer_resolve_proto(struct resolver *resolver, uint32_t number,
			     struct ast_node *primitive);

/* The number of a name of `ether proto`, such as aarp; or -1. */
int64_t link_layer_find_proto(const char *name);

/* `iso proto NUMBER` and `isis proto NUMBER`. 0 or -ENOMEM. */
int link_layer_resolve_iso(struct resolver *resolver, uint32_t number, struct ast_node *primitive);
int link_layer_resolve_isis(struct resolver *resolver, uint32_t number, struct ast_node *primitive);

/* The number of a name of `iso proto`: clnp, esis, isis; or -1. */
int64_t link_layer_find_iso(const char *name);

#define ETHERTYPE_ATALK 0x809b

/* A frame of AppleTalk, with its EtherType before the header or behind LLC. 0 or -ENOMEM. */
int link_layer_match_atalk(struct resolver *resolver, struct ast_node **ret_tree);

/* A protocol word of LLC or IS-IS, such as `stp` or `l1`. 0 or -ENOMEM. */
int link_layer_resolve_word(struct resolver *resolver, struct ast_node *primitive);

/* AST_LLC, with its id as the type of frame. 0; -EINVAL with *reterr filled in; -ENOMEM. */
int link_layer_resolve_llc(struct resolver *resolver, struct ast_node *primitive);

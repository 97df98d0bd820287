/* SPDX-License-Identifier: GPL-2.0-only */
/* Who understands what: the tables by which a layer says what it carries. */
#pragma once

#include "dissector.h"

/* NULL where nobody does: it is shown as payload. */
const struct dissector *registry_find_link_type(uint32_t link_type);
const struct dissector *registry_find_ethertype(uint16_t ethertype);
/* Of SNAP with Cisco's organization code. */
const struct dissector *registry_find_cisco_snap(uint16_t type);
const struct dissector *registry_find_ip_protocol(uint8_t ip_protocol);

/* By the lower port, else by the other one, as Wireshark does. */
const struct dissector *registry_find_tcp_ports(uint16_t source, uint16_t destination);
const struct dissector *registry_find_udp_ports(uint16_t source, uint16_t destination);

/* By what the payload looks like, where the ports do not say it. */
const struct dissector *registry_guess_tcp(struct bytes payload);
const struct dissector *registry_guess_udp(struct bytes payload);

/* For what users name. */
const struct dissector *registry_find_dissector(const char *name);
const struct field_info *registry_find_field(const char *name);

/* All that there are, from 0 on. Behind the last: NULL, and false. */
const struct dissector *registry_dissector(size_t index);
bool registry_fields(size_t index, struct field_table *ret_table);

/* What the numbers are called. */
extern const struct value_name registry_ethertypes[];
extern const struct value_name registry_ip_protocols[];
extern const struct value_name registry_dscps[]; /* of IPv4 and IPv6: RFC 2474 */
extern const struct value_name registry_ecns[];  /* RFC 3168 */

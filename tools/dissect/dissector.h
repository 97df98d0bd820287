/* SPDX-License-Identifier: GPL-2.0-only */
/* What pktview knows of a protocol: one file each, with one struct dissector in it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dissection.h"
#include "field.h"

struct line;

struct dissector {
	const char *name;  /* "tcp": of its layer, of its fields, and for --layer */
	const char *label; /* "TCP": in the list */
	const char *title; /* "Transmission Control Protocol" */
	/*
	 * What the detail has behind the title, with the values of fields (what they mean, where that
	 * has a name): ", Src: {ip.src}, Dst: {ip.dst}". A field that the layer does not have is left
	 * out with the words before it. NULL: nothing.
	 */
	const char *summary;
	const struct field_info *fields;
	size_t field_count;
	/*
	 * Adds the fields of its header, takes it off the bytes, and says by dissection_next() whose
	 * the rest is. Returns 0, or -ENODATA where the bytes end too early or say what cannot be:
	 * what was added until then stays. -EPROTO where the bytes are another protocol's: then
	 * they are payload, and what was added is gone.
	 */
	int (*dissect)(struct dissection *dissection, struct bytes *bytes);
	/* Writes what the list says of a packet whose last layer is this one; NULL: its title. */
	void (*describe)(const struct dissection *dissection, const struct layer *layer,
			 struct line *line);
	/*
	 * Of link layers: adds what stands in the frame behind the packet that it carries. NULL: this
	 * is not shown.
	 */
	void (*add_trailer)(struct dissection *dissection, struct bytes trailer);
};

#define DISSECTOR_FIELDS(table) .fields = (table), .field_count = sizeof(table) / sizeof((table)[0])

extern const struct dissector dissector_payload; /* bytes that nobody here understands */
extern const struct dissector dissector_ethernet;
extern const struct dissector dissector_null;
extern const struct dissector dissector_raw;
extern const struct dissector dissector_sll;
extern const struct dissector dissector_sll2;
extern const struct dissector dissector_vlan;
extern const struct dissector dissector_ieee8021ad;
extern const struct dissector dissector_llc;
extern const struct dissector dissector_stp;
extern const struct dissector dissector_lldp;
extern const struct dissector dissector_mpls;
extern const struct dissector dissector_pwethcw;
extern const struct dissector dissector_pppoed;
extern const struct dissector dissector_pppoes;
extern const struct dissector dissector_ppp;
extern const struct dissector dissector_lcp;
extern const struct dissector dissector_ipcp;
extern const struct dissector dissector_ipv6cp;
extern const struct dissector dissector_arp;
extern const struct dissector dissector_ipv4;
extern const struct dissector dissector_ipv6;
extern const struct dissector dissector_ipv6_hop_options;
extern const struct dissector dissector_ipv6_destination_options;
extern const struct dissector dissector_ipv6_routing;
extern const struct dissector dissector_ipv6_fragment;
extern const struct dissector dissector_icmp;
extern const struct dissector dissector_icmpv6;
extern const struct dissector dissector_igmp;
extern const struct dissector dissector_gre;
extern const struct dissector dissector_erspan;
extern const struct dissector dissector_erspan_1;
extern const struct dissector dissector_vxlan;
extern const struct dissector dissector_geneve;
extern const struct dissector dissector_ah;
extern const struct dissector dissector_esp;
extern const struct dissector dissector_sctp;
extern const struct dissector dissector_ospf;
extern const struct dissector dissector_vrrp;
extern const struct dissector dissector_pim;
extern const struct dissector dissector_eigrp;
extern const struct dissector dissector_mobility;
extern const struct dissector dissector_eapol;
extern const struct dissector dissector_cdp;
extern const struct dissector dissector_wol;
extern const struct dissector dissector_tcp;
extern const struct dissector dissector_udp;

/* Applications; of which port is in ports.c. */
extern const struct dissector dissector_dns;
extern const struct dissector dissector_mdns;
extern const struct dissector dissector_llmnr;
extern const struct dissector dissector_tls;
extern const struct dissector dissector_http;
extern const struct dissector dissector_ssdp;
extern const struct dissector dissector_text;
extern const struct dissector dissector_form;
extern const struct dissector dissector_json;
extern const struct dissector dissector_xml;
extern const struct dissector dissector_png;
extern const struct dissector dissector_gif;
extern const struct dissector dissector_jpeg;
extern const struct dissector dissector_multipart;
extern const struct dissector dissector_media;
extern const struct dissector dissector_smtp;
extern const struct dissector dissector_ftp;
extern const struct dissector dissector_ftp_data;
extern const struct dissector dissector_imap;
extern const struct dissector dissector_pop3;
extern const struct dissector dissector_ntp;
extern const struct dissector dissector_dhcp;
extern const struct dissector dissector_ssh;
extern const struct dissector dissector_quic;
extern const struct dissector dissector_syslog;
extern const struct dissector dissector_telnet;
extern const struct dissector dissector_tftp;
extern const struct dissector dissector_irc;
extern const struct dissector dissector_snmp;
extern const struct dissector dissector_nbns;
extern const struct dissector dissector_sip;

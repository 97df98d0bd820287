/* SPDX-License-Identifier: GPL-2.0-only */
/* See registry.h. To add a protocol is to add its lines here. */
#include "registry.h"

#include <string.h>

#include "dhcp.h"
#include "dns.h"
#include "http.h"
#include "icmp_extensions.h"
#include "icmpv6_listeners.h"
#include "icmpv6_options.h"
#include "ipv4_options.h"
#include "ipv6_options.h"
#include "sctp.h"
#include "tcp_notes.h"
#include "tcp_options.h"
#include "tls.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct dissector *const dissectors[] = {
	/* Links, networks, transports. */
	&dissector_ethernet,
	&dissector_null,
	&dissector_raw,
	&dissector_sll,
	&dissector_vlan,
	&dissector_ieee8021ad,
	&dissector_llc,
	&dissector_stp,
	&dissector_lldp,
	&dissector_mpls,
	&dissector_pwethcw,
	&dissector_pppoed,
	&dissector_pppoes,
	&dissector_ppp,
	&dissector_lcp,
	&dissector_ipcp,
	&dissector_ipv6cp,
	&dissector_arp,
	&dissector_ipv4,
	&dissector_ipv6,
	&dissector_ipv6_hop_options,
	&dissector_ipv6_destination_options,
	&dissector_ipv6_routing,
	&dissector_ipv6_fragment,
	&dissector_icmp,
	&dissector_icmpv6,
	&dissector_igmp,
	&dissector_gre,
	&dissector_erspan,
	&dissector_vxlan,
	&dissector_geneve,
	&dissector_ah,
	&dissector_sctp,
	&dissector_esp,
	&dissector_tcp,
	&dissector_udp,
	&dissector_payload,
	/* Named, and no more. */
	&dissector_ospf,
	&dissector_vrrp,
	&dissector_pim,
	&dissector_eigrp,
	&dissector_mobility,
	&dissector_eapol,
	&dissector_cdp,
	&dissector_wol,
	/* Applications. */
	&dissector_dns,
	&dissector_mdns,
	&dissector_llmnr,
	&dissector_tls,
	&dissector_http,
	&dissector_ssdp,
	&dissector_text,
	&dissector_form,
	&dissector_json,
	&dissector_xml,
	&dissector_png,
	&dissector_gif,
	&dissector_jpeg,
	&dissector_multipart,
	&dissector_media,
	&dissector_smtp,
	&dissector_ftp,
	&dissector_ftp_data,
	&dissector_imap,
	&dissector_pop3,
	&dissector_ntp,
	&dissector_dhcp,
	&dissector_ssh,
	&dissector_quic,
	&dissector_syslog,
	&dissector_telnet,
	&dissector_tftp,
	&dissector_irc,
	&dissector_snmp,
	&dissector_nbns,
	&dissector_sip,
};

/* Of fields that are in no dissector's own. */
static const struct field_table *const more_tables[] = {
	&tcp_options_table,  &tcp_notes_table,    &icmp_extensions_table, &icmpv6_listeners_table,
	&ipv4_options_table, &sctp_chunk_table,   &ipv6_options_table,    &icmpv6_options_table,
	&dns_record_table,   &dns_options_table,  &tls_handshake_table,   &tls_extensions_table,
	&http_header_table,  &dhcp_options_table,
};

/* https://www.iana.org/assignments/ieee-802-numbers */
const struct value_name registry_ethertypes[] = {
	{ 0x0800, "IPv4" },
	{ 0x0806, "ARP" },
	{ 0x0842, "Wake on LAN" },
	{ 0x6558, "Transparent Ethernet bridging" },
	{ 0x8035, "RARP" },
	{ 0x809b, "AppleTalk LLAP bridging" },
	{ 0x80f3, "AARP" },
	{ 0x8100, "802.1Q Virtual LAN" },
	{ 0x8137, "Netware IPX/SPX" },
	{ 0x86dd, "IPv6" },
	{ 0x8808, "MAC Control" },
	{ 0x8809, "Slow Protocols" },
	{ 0x8847, "MPLS label switched packet" },
	{ 0x8848, "MPLS multicast label switched packet" },
	{ 0x8863, "PPPoE Discovery" },
	{ 0x8864, "PPPoE Session" },
	{ 0x888e, "802.1X Authentication" },
	{ 0x8892, "PROFINET" },
	{ 0x88a2, "ATA over Ethernet" },
	{ 0x88a4, "EtherCAT frame" },
	{ 0x88a8, "802.1ad Provider Bridge (Q-in-Q)" },
	{ 0x88cc, "802.1 Link Layer Discovery Protocol (LLDP)" },
	{ 0x88e5, "802.1AE (MACsec)" },
	{ 0x88e7, "802.1ah Provider Backbone Bridge (mac-in-mac)" },
	{ 0x88f7, "PTPv2 over Ethernet (IEEE1588)" },
	{ 0x8902, "IEEE 802.1ag Connectivity Fault Management (CFM) protocol" },
	{ 0x8906, "Fibre Channel over Ethernet" },
	{ 0x8915, "RDMA over Converged Ethernet" },
	{ 0x8926, "VN-Tag" },
	{ 0x893f, "802.1br Bridge Port Extension E-Tag" },
	{ 0x894f, "Network Service Header" },
	{ 0x9000, "Loopback" },
	{ 0x9100, "QinQ: old non-standard 802.1ad" },
	{ 0, NULL },
};

/* https://www.iana.org/assignments/protocol-numbers */
const struct value_name registry_ip_protocols[] = {
	{ 0, "IPv6 Hop-by-Hop Option" },
	{ 1, "ICMP" },
	{ 2, "IGMP" },
	{ 4, "IPIP" },
	{ 6, "TCP" },
	{ 8, "EGP" },
	{ 9, "IGRP" },
	{ 17, "UDP" },
	{ 33, "Datagram Congestion Control Protocol" },
	{ 41, "IPv6" },
	{ 43, "Routing Header for IPv6" },
	{ 44, "Fragment Header for IPv6" },
	{ 46, "Reservation Protocol" },
	{ 47, "Generic Routing Encapsulation" },
	{ 50, "Encap Security Payload" },
	{ 51, "Authentication Header" },
	{ 58, "ICMPv6" },
	{ 59, "No Next Header for IPv6" },
	{ 60, "Destination Options for IPv6" },
	{ 88, "EIGRP" },
	{ 89, "OSPF IGP" },
	{ 94, "IP in IP" },
	{ 97, "Ether in IP" },
	{ 103, "PIM" },
	{ 108, "IPComp" },
	{ 112, "VRRP" },
	{ 113, "PGM" },
	{ 115, "Layer 2 Tunneling" },
	{ 132, "SCTP" },
	{ 135, "Mobile IPv6" },
	{ 136, "UDPLite" },
	{ 137, "MPLS in IP" },
	{ 139, "HIP" },
	{ 140, "Shim6 header" },
	{ 0, NULL },
};

/* https://www.iana.org/assignments/dscp-registry */
const struct value_name registry_dscps[] = {
	{ 0, "Default" },
	{ 1, "Lower Effort" },
	{ 8, "Class Selector 1" },
	{ 10, "Assured Forwarding 11" },
	{ 12, "Assured Forwarding 12" },
	{ 14, "Assured Forwarding 13" },
	{ 16, "Class Selector 2" },
	{ 18, "Assured Forwarding 21" },
	{ 20, "Assured Forwarding 22" },
	{ 22, "Assured Forwarding 23" },
	{ 24, "Class Selector 3" },
	{ 26, "Assured Forwarding 31" },
	{ 28, "Assured Forwarding 32" },
	{ 30, "Assured Forwarding 33" },
	{ 32, "Class Selector 4" },
	{ 34, "Assured Forwarding 41" },
	{ 36, "Assured Forwarding 42" },
	{ 38, "Assured Forwarding 43" },
	{ 40, "Class Selector 5" },
	{ 44, "Voice Admit" },
	{ 46, "Expedited Forwarding" },
	{ 48, "Class Selector 6" },
	{ 56, "Class Selector 7" },
	{ 0, NULL },
};

const struct value_name registry_ecns[] = {
	{ 0, "Not ECN-Capable Transport" },
	{ 1, "ECN-Capable Transport codepoint '01'" },
	{ 2, "ECN-Capable Transport codepoint '10'" },
	{ 3, "Congestion Experienced" },
	{ 0, NULL },
};

/* https://www.tcpdump.org/linktypes.html */
const struct dissector *registry_find_link_type(uint32_t link_type)
{
	switch (link_type) {
	case 1:
		return &dissector_ethernet;
	case 0:
	case 108:
		return &dissector_null;
	case 9:
	case 50:
		return &dissector_ppp;
	case 12:
	case 14:
	case 101:
		return &dissector_raw;
	case 228:
		return &dissector_ipv4;
	case 229:
		return &dissector_ipv6;
	case 113:
		return &dissector_sll;
	case 276:
		return &dissector_sll2;
	default:
		return &dissector_payload;
	}
}

const struct dissector *registry_find_ethertype(uint16_t ethertype)
{
	switch (ethertype) {
	case 0x0800:
		return &dissector_ipv4;
	case 0x86dd:
		return &dissector_ipv6;
	case 0x0842:
		return &dissector_wol;
	case 0x888e:
		return &dissector_eapol;
	case 0x0806:
	case 0x8035:
		return &dissector_arp;
	case 0x8100:
	case 0x9100:
		return &dissector_vlan;
	case 0x88a8:
		return &dissector_ieee8021ad;
	case 0x8847:
	case 0x8848:
		return &dissector_mpls;
	case 0x8863:
		return &dissector_pppoed;
	case 0x8864:
		return &dissector_pppoes;
	case 0x88cc:
		return &dissector_lldp;
	case 0x880b:
		return &dissector_ppp;
	case 0x6558:
		return &dissector_ethernet;
	default:
		return NULL;
	}
}

const struct dissector *registry_find_cisco_snap(uint16_t type)
{
	switch (type) {
	case 0x010b:
		return &dissector_stp;
	case 0x2000:
		return &dissector_cdp;
	default:
		return NULL;
	}
}

const struct dissector *registry_find_ip_protocol(uint8_t ip_protocol)
{
	switch (ip_protocol) {
	case 0:
		return &dissector_ipv6_hop_options;
	case 1:
		return &dissector_icmp;
	case 2:
		return &dissector_igmp;
	case 4:
		return &dissector_ipv4;
	case 6:
		return &dissector_tcp;
	case 17:
		return &dissector_udp;
	case 41:
		return &dissector_ipv6;
	case 43:
		return &dissector_ipv6_routing;
	case 44:
		return &dissector_ipv6_fragment;
	case 47:
		return &dissector_gre;
	case 50:
		return &dissector_esp;
	case 51:
		return &dissector_ah;
	case 58:
		return &dissector_icmpv6;
	case 60:
		return &dissector_ipv6_destination_options;
	case 88:
		return &dissector_eigrp;
	case 89:
		return &dissector_ospf;
	case 103:
		return &dissector_pim;
	case 112:
		return &dissector_vrrp;
	case 132:
		return &dissector_sctp;
	case 135:
		return &dissector_mobility;
	case 137:
		return &dissector_mpls;
	default:
		return NULL;
	}
}

const struct dissector *registry_find_dissector(const char *name)
{
	for (size_t i = 0; i < LENGTH(dissectors); i++)
		if (strcmp(dissectors[i]->name, name) == 0)
			return dissectors[i];
	return NULL;
}

const struct dissector *registry_dissector(size_t index)
{
	return index < LENGTH(dissectors) ? dissectors[index] : NULL;
}

bool registry_fields(size_t index, struct field_table *ret_table)
{
	const size_t dissector_count = LENGTH(dissectors);

	if (index >= dissector_count + LENGTH(more_tables))
		return false;
	*ret_table = index < dissector_count ?
			     (struct field_table){ dissectors[index]->fields,
						   dissectors[index]->field_count } :
			     *more_tables[index - dissector_count];
	return true;
}

const struct field_info *registry_find_field(const char *name)
{
	struct field_table table;

	for (size_t i = 0; registry_fields(i, &table); i++)
		for (size_t j = 0; j < table.count; j++)
			if (strcmp(table.fields[j].name, name) == 0)
				return &table.fields[j];
	return NULL;
}

const char *field_value_name(const struct field_info *info, uint64_t value)
{
	for (const struct value_name *name = info->values; name && name->text; name++)
		if (name->value == value)
			return name->text;
	return NULL;
}

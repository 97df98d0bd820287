/* SPDX-License-Identifier: GPL-2.0-only */
/* Who understands which port: https://www.iana.org/assignments/service-names-port-numbers */
#include "registry.h"

#include "http.h"
#include "quic.h"
#include "text_lines.h"
#include "tls.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum application {
	NOBODY,
	GENEVE,
	VXLAN,
	MPLS,
	DNS,
	MDNS,
	LLMNR,
	TLS,
	HTTP,
	SSDP,
	SMTP,
	FTP,
	FTP_DATA,
	IMAP,
	POP3,
	NTP,
	DHCP,
	SSH,
	SYSLOG,
	TELNET,
	TFTP,
	IRC,
	SNMP,
	NBNS,
	SIP,
};

static const struct dissector *const applications[] = {
	[NOBODY] = NULL,
	[GENEVE] = &dissector_geneve,
	[VXLAN] = &dissector_vxlan,
	[MPLS] = &dissector_mpls,
	[DNS] = &dissector_dns,
	[MDNS] = &dissector_mdns,
	[LLMNR] = &dissector_llmnr,
	[TLS] = &dissector_tls,
	[HTTP] = &dissector_http,
	[SSDP] = &dissector_ssdp,
	[SMTP] = &dissector_smtp,
	[FTP] = &dissector_ftp,
	[FTP_DATA] = &dissector_ftp_data,
	[IMAP] = &dissector_imap,
	[POP3] = &dissector_pop3,
	[NTP] = &dissector_ntp,
	[DHCP] = &dissector_dhcp,
	[SSH] = &dissector_ssh,
	[SYSLOG] = &dissector_syslog,
	[TELNET] = &dissector_telnet,
	[TFTP] = &dissector_tftp,
	[IRC] = &dissector_irc,
	[SNMP] = &dissector_snmp,
	[NBNS] = &dissector_nbns,
	[SIP] = &dissector_sip,
};

/* A byte for each port up to the last that is known: looked up for each packet. */
static const uint8_t tcp_ports[] = {
	[20] = FTP_DATA, [21] = FTP,    [22] = SSH,    [23] = TELNET, [25] = SMTP,
	[53] = DNS,      [80] = HTTP,   [110] = POP3,  [123] = NTP,   [143] = IMAP,
	[443] = TLS,     [465] = TLS,   [587] = SMTP,  [636] = TLS,   [853] = TLS,
	[989] = TLS,     [990] = TLS,   [992] = TLS,   [993] = TLS,   [994] = TLS,
	[995] = TLS,     [1900] = HTTP, [2710] = HTTP, [2869] = HTTP, [3128] = HTTP,
	[3132] = HTTP,   [5060] = SIP,  [5061] = TLS,  [5353] = MDNS, [5355] = LLMNR,
	[5985] = HTTP,   [6667] = IRC,  [8080] = HTTP, [8088] = HTTP, [11371] = HTTP,
};

static const uint8_t udp_ports[] = {
	[53] = DNS,     [67] = DHCP,    [68] = DHCP,    [69] = TFTP,
	[123] = NTP,    [137] = NBNS,   [161] = SNMP,   [162] = SNMP,
	[514] = SYSLOG, [1900] = SSDP,  [4789] = VXLAN, /* RFC 7348, section 5 */
	[5060] = SIP,   [5353] = MDNS,  [5355] = LLMNR, [6081] = GENEVE,
	[6635] = MPLS,  [8472] = VXLAN, /* of Linux, before that */
};

static const struct dissector *find(const uint8_t *ports, size_t count, uint16_t source,
				    uint16_t destination)
{
	uint16_t low = source < destination ? source : destination;
	uint16_t high = source < destination ? destination : source;

	if (low < count && ports[low])
		return applications[ports[low]];
	return high < count ? applications[ports[high]] : NULL;
}

const struct dissector *registry_find_tcp_ports(uint16_t source, uint16_t destination)
{
	return find(tcp_ports, LENGTH(tcp_ports), source, destination);
}

const struct dissector *registry_find_udp_ports(uint16_t source, uint16_t destination)
{
	return find(udp_ports, LENGTH(udp_ports), source, destination);
}

const struct dissector *registry_guess_tcp(struct bytes payload)
{
	if (tls_is_record(payload))
		return &dissector_tls;
	if (http_is_message(payload))
		return &dissector_http;
	if (text_begins(payload, "SSH-2.0-") || text_begins(payload, "SSH-1.99-"))
		return &dissector_ssh;
	return NULL;
}

const struct dissector *registry_guess_udp(struct bytes payload)
{
	return quic_is_long_header(payload) ? &dissector_quic : NULL;
}

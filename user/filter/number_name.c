/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of the names of pcap-filter(7) for numbers; for the lexer they are numbers. */
#include "number_name.h"

#include <string.h>

static const struct number_name names[] = {
	/* RFC 9293, section 3.1 */
	{ "tcpflags", 13, "tcp" },
	{ "tcp-fin", 0x01, NULL },
	{ "tcp-syn", 0x02, NULL },
	{ "tcp-rst", 0x04, NULL },
	{ "tcp-push", 0x08, NULL },
	{ "tcp-ack", 0x10, NULL },
	{ "tcp-urg", 0x20, NULL },
	{ "tcp-ece", 0x40, NULL },
	{ "tcp-cwr", 0x80, NULL },
	/* RFC 792; IANA, ICMP Type Numbers */
	{ "icmptype", 0, "icmp" },
	{ "icmpcode", 1, "icmp" },
	{ "icmp-echoreply", 0, NULL },
	{ "icmp-unreach", 3, NULL },
	{ "icmp-sourcequench", 4, NULL },
	{ "icmp-redirect", 5, NULL },
	{ "icmp-echo", 8, NULL },
	{ "icmp-routeradvert", 9, NULL },
	{ "icmp-routersolicit", 10, NULL },
	{ "icmp-timxceed", 11, NULL },
	{ "icmp-paramprob", 12, NULL },
	{ "icmp-tstamp", 13, NULL },
	{ "icmp-tstampreply", 14, NULL },
	{ "icmp-ireq", 15, NULL },
	{ "icmp-ireqreply", 16, NULL },
	{ "icmp-maskreq", 17, NULL },
	{ "icmp-maskreply", 18, NULL },
	/* RFC 4443, section 2.1; IANA, ICMPv6 "type" Numbers */
	{ "icmp6type", 0, "icmp6" },
	{ "icmp6code", 1, "icmp6" },
	{ "icmp6-destinationunreach", 1, NULL },
	{ "icmp6-packettoobig", 2, NULL },
	{ "icmp6-timeexceeded", 3, NULL },
	{ "icmp6-parameterproblem", 4, NULL },
	{ "icmp6-echo", 128, NULL },
	{ "icmp6-echoreply", 129, NULL },
	{ "icmp6-multicastlistenerquery", 130, NULL },
	{ "icmp6-multicastlistenerreportv1", 131, NULL },
	{ "icmp6-multicastlistenerdone", 132, NULL },
	{ "icmp6-routersolicit", 133, NULL },
	{ "icmp6-routeradvert", 134, NULL },
	{ "icmp6-neighborsolicit", 135, NULL },
	{ "icmp6-neighboradvert", 136, NULL },
	{ "icmp6-redirect", 137, NULL },
	{ "icmp6-routerrenum", 138, NULL },
	{ "icmp6-nodeinformationquery", 139, NULL },
	{ "icmp6-nodeinformationresponse", 140, NULL },
	{ "icmp6-ineighbordiscoverysolicit", 141, NULL },
	{ "icmp6-ineighbordiscoveryadvert", 142, NULL },
	{ "icmp6-multicastlistenerreportv2", 143, NULL },
	{ "icmp6-homeagentdiscoveryrequest", 144, NULL },
	{ "icmp6-homeagentdiscoveryreply", 145, NULL },
	{ "icmp6-mobileprefixsolicit", 146, NULL },
	{ "icmp6-mobileprefixadvert", 147, NULL },
	{ "icmp6-certpathsolicit", 148, NULL },
	{ "icmp6-certpathadvert", 149, NULL },
	{ "icmp6-multicastrouteradvert", 151, NULL },
	{ "icmp6-multicastroutersolicit", 152, NULL },
	{ "icmp6-multicastrouterterm", 153, NULL },
};

const struct number_name *number_name_find(const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i].name) == length && memcmp(names[i].name, text, length) == 0)
			return &names[i];
	}
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Which link type is written of which devices, and why not another. */
#include "../../user/link_types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define ETHERNET 1
#define LOOPBACK 772
#define TUN 0xfffe
#define PPP 512
#define GRE 778
#define CAN 280

static const struct {
	const char *sentence;
	unsigned short hardware_types[3]; /* up to the first 0 */
	bool is_any;
	enum link_type asked;
	enum link_type chosen; /* LINK_TYPE_DEFAULT: refused, with these words in the error */
	const char *words;
} cases[] = {
	{ "Ethernet is written as Ethernet", { ETHERNET }, false, -1, LINK_TYPE_ETHERNET, NULL },
	{ "loopback is written as Ethernet", { LOOPBACK }, false, -1, LINK_TYPE_ETHERNET, NULL },
	{ "a tun device is written as IP", { TUN }, false, -1, LINK_TYPE_RAW, NULL },
	{ "a raw IP modem is written as IP", { 519 }, false, -1, LINK_TYPE_RAW, NULL },
	{ "PPP is written as IP", { PPP }, false, -1, LINK_TYPE_RAW, NULL },
	{ "IPIP is written as IP", { 768 }, false, -1, LINK_TYPE_RAW, NULL },
	{ "an IPv6 tunnel is written as IP", { 769 }, false, -1, LINK_TYPE_RAW, NULL },
	{ "sit is written as IP", { 776 }, false, -1, LINK_TYPE_RAW, NULL },
	{ "'-y EN10MB' fits Ethernet",
	  { ETHERNET },
	  false,
	  LINK_TYPE_ETHERNET,
	  LINK_TYPE_ETHERNET,
	  NULL },
	{ "'-y LINUX_SLL2' fits Ethernet",
	  { ETHERNET },
	  false,
	  LINK_TYPE_LINUX_SLL2,
	  LINK_TYPE_LINUX_SLL2,
	  NULL },
	{ "'-y RAW' does not fit Ethernet",
	  { ETHERNET },
	  false,
	  LINK_TYPE_RAW,
	  -1,
	  "'dev0' has no link type RAW: '-y' takes EN10MB or LINUX_SLL2 there" },
	{ "'-y RAW' fits a tun device", { TUN }, false, LINK_TYPE_RAW, LINK_TYPE_RAW, NULL },
	{ "'-y LINUX_SLL2' fits a tun device",
	  { TUN },
	  false,
	  LINK_TYPE_LINUX_SLL2,
	  LINK_TYPE_LINUX_SLL2,
	  NULL },
	{ "'-y EN10MB' does not fit a tun device",
	  { TUN },
	  false,
	  LINK_TYPE_ETHERNET,
	  -1,
	  "'dev0' has no link type EN10MB: '-y' takes RAW or LINUX_SLL2 there" },
	{ "two interfaces are cooked",
	  { ETHERNET, ETHERNET },
	  false,
	  -1,
	  LINK_TYPE_LINUX_SLL2,
	  NULL },
	{ "interfaces of two kinds are cooked",
	  { ETHERNET, TUN, LOOPBACK },
	  false,
	  LINK_TYPE_LINUX_SLL2,
	  LINK_TYPE_LINUX_SLL2,
	  NULL },
	{ "'-y EN10MB' does not fit two interfaces",
	  { ETHERNET, ETHERNET },
	  false,
	  LINK_TYPE_ETHERNET,
	  -1,
	  "'-y EN10MB' does not go together with more than one interface" },
	{ "'any' is cooked", {}, true, -1, LINK_TYPE_LINUX_SLL2, NULL },
	{ "'any' is cooked, whatever there is",
	  { GRE },
	  true,
	  LINK_TYPE_LINUX_SLL2,
	  LINK_TYPE_LINUX_SLL2,
	  NULL },
	{ "'-y RAW' does not fit 'any'",
	  { TUN },
	  true,
	  LINK_TYPE_RAW,
	  -1,
	  "'-y RAW' does not go together with '-i any'" },
	{ "a GRE tunnel is refused", { GRE }, false, -1, -1, "'dev0': it is a GRE tunnel" },
	{ "an IPv6 GRE tunnel is refused", { 823 }, false, -1, -1, "it is a GRE tunnel" },
	{ "a GRE tunnel is refused also cooked",
	  { ETHERNET, GRE },
	  false,
	  LINK_TYPE_LINUX_SLL2,
	  -1,
	  "'dev1': it is a GRE tunnel" },
	{ "a monitor of Wi-Fi is refused", { 803 }, false, -1, -1, "monitor mode" },
	{ "IEEE 802.15.4 is refused", { 804 }, false, -1, -1, "IEEE 802.15.4" },
	{ "a CAN bus is refused", { CAN }, false, -1, -1, "a CAN bus" },
	{ "a netlink monitor is refused", { 824 }, false, -1, -1, "netlink" },
	{ "what is not known is refused by its number", { 999 }, false, -1, -1, "type 999" },
};

static void check_choices(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct interface interfaces[3] = {};
		enum link_type chosen = LINK_TYPE_DEFAULT;
		struct error why = {};
		size_t count = 0;
		int error;

		while (count < 3 && cases[i].hardware_types[count]) {
			interfaces[count].hardware_type = cases[i].hardware_types[count];
			snprintf(interfaces[count].name, sizeof(interfaces[count].name), "dev%zu",
				 count);
			count++;
		}
		error = link_types_choose(interfaces, count, cases[i].is_any, cases[i].asked,
					  &chosen, &why);
		check(chosen == cases[i].chosen && !error == !cases[i].words &&
			      (!cases[i].words || strstr(why.message, cases[i].words)),
		      "%s", cases[i].sentence);
		check_note("%d, link type %d: %s", error, chosen, why.message);
	}
}

static bool prints(const struct interface *interface, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool is_equal;

	link_types_print(interface, out);
	fclose(out);
	is_equal = strcmp(text, expected) == 0;
	free(text);
	return is_equal;
}

static void check_lists(void)
{
	struct interface interface = { .name = "dev0", .hardware_type = ETHERNET };

	check(prints(&interface, "Data link types for dev0 (use option -y to set):\n"
				 "  EN10MB (Ethernet)\n"
				 "  LINUX_SLL2 (Linux cooked v2)\n"),
	      "the list for Ethernet is as tcpdump words it");
	interface.hardware_type = TUN;
	check(prints(&interface, "Data link types for dev0 (use option -y to set):\n"
				 "  RAW (Raw IP)\n"
				 "  LINUX_SLL2 (Linux cooked v2)\n"),
	      "the list for a tun device is as tcpdump words it");
	check(prints(NULL, "Data link types for any (use option -y to set):\n"
			   "  LINUX_SLL2 (Linux cooked v2)\n"),
	      "the list for 'any' is as tcpdump words it, without the older cooked one");
}

int main(void)
{
	check_choices();
	check_lists();
	return check_finish();
}

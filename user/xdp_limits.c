/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks a filter against what is in the frames, and words the costs; see xdp_limits.h. */
#include "xdp_limits.h"

#include <errno.h>

#include "vlan_offloads.h"

int xdp_limits_check_filter(const struct interface *interface, const struct filter *filter,
			    struct error *reterr)
{
	const char *offloads[VLAN_OFFLOAD_COUNT];
	size_t count = filter_uses_vlan(filter) ? vlan_offloads_find(interface, offloads) : 0;

	if (count == 0)
		return 0;
	return error_set(reterr, -EINVAL,
			 "the filter has 'vlan', or ether[..] where tags are, and would not see "
			 "all tags: '%s' takes VLAN tags out of "
			 "the frames before XDP; 'ethtool -K %s %s off%s%s%s' leaves them there, "
			 "and '--hook tc' sees them in any case",
			 interface->name, interface->name, offloads[0], count > 1 ? " " : "",
			 count > 1 ? offloads[1] : "", count > 1 ? " off" : "");
}

void xdp_limits_print_costs(const struct interface *interface, enum hook hook, FILE *out)
{
	const char *offloads[VLAN_OFFLOAD_COUNT];
	size_t count = vlan_offloads_find(interface, offloads);

	if (hook == HOOK_XDP_GENERIC)
		fputs("pktsieve: generic XDP costs: the kernel copies or linearises each packet "
		      "that comes in and does without GRO meanwhile; LRO and GRO of the card it "
		      "switches off for good (see 'ethtool -k')\n",
		      out);
	else
		fputs("pktsieve: native XDP costs: attaching and detaching can reset the card's "
		      "queues for a moment, and offloads such as LRO may be off meanwhile\n",
		      out);
	if (count > 0)
		fprintf(out,
			"pktsieve: '%s' takes VLAN tags out of the frames (%s%s%s): XDP does not "
			"see them, and the file does not have them\n",
			interface->name, offloads[0], count > 1 ? ", " : "",
			count > 1 ? offloads[1] : "");
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks by SIOCETHTOOL: names of features, then which are on; see vlan_offloads.h. */
#include "vlan_offloads.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define BITS_PER_BLOCK 32

/* A feature as the kernel calls it, and the word by which ethtool(8) switches it. */
static const struct {
	const char *feature;
	const char *word;
} offloads[VLAN_OFFLOAD_COUNT] = {
	{ "rx-vlan-hw-parse", "rxvlan" },
	{ "rx-vlan-stag-hw-parse", "rx-vlan-stag-hw-parse" },
};

static bool ask(int fd, const struct interface *interface, void *command)
{
	struct ifreq request = { .ifr_data = command };

	memcpy(request.ifr_name, interface->name, sizeof(request.ifr_name));
	return !ioctl(fd, SIOCETHTOOL, &request);
}

/* How many features this kernel knows. */
static uint32_t count_features(int fd, const struct interface *interface)
{
	struct {
		struct ethtool_sset_info set;
		uint32_t length;
	} command = {
		.set = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ull << ETH_SS_FEATURES },
	};

	return ask(fd, interface, &command) && command.set.sset_mask ? command.length : 0;
}

static bool is_on(const struct ethtool_gfeatures *features, uint32_t number)
{
	return features->features[number / BITS_PER_BLOCK].active >> number % BITS_PER_BLOCK & 1;
}

size_t vlan_offloads_find(const struct interface *interface,
			  const char *ret_names[VLAN_OFFLOAD_COUNT])
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint32_t count = fd < 0 ? 0 : count_features(fd, interface);
	uint32_t blocks = (count + BITS_PER_BLOCK - 1) / BITS_PER_BLOCK;
	_cleanup_free_ struct ethtool_gstrings *names =
		calloc(1, sizeof(*names) + (size_t)count * ETH_GSTRING_LEN);
	_cleanup_free_ struct ethtool_gfeatures *features =
		calloc(1, sizeof(*features) + blocks * sizeof(features->features[0]));
	size_t found = 0;

	if (!count || !names || !features)
		return 0;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = count;
	features->cmd = ETHTOOL_GFEATURES;
	features->size = blocks;
	if (!ask(fd, interface, names) || !ask(fd, interface, features))
		return 0;
	for (size_t i = 0; i < VLAN_OFFLOAD_COUNT; i++)
		for (uint32_t number = 0; number < count; number++)
			if (is_on(features, number) &&
			    !strncmp((char *)names->data + (size_t)number * ETH_GSTRING_LEN,
				     offloads[i].feature, ETH_GSTRING_LEN))
				ret_names[found++] = offloads[i].word;
	return found;
}

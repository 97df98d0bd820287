/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks the kernel for interfaces, their state and their link type; see interfaces.h. */
#include "interfaces.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "link_types.h"

static void cleanup_names(struct if_nameindex **names)
{
	if (*names)
		if_freenameindex(*names);
}

/* Reads flags and hardware type; false where the interface has gone meanwhile. */
static bool query(int fd, const char *name, struct interface *ret_interface)
{
	struct ifreq request = {};

	*ret_interface = (struct interface){};
	strncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
	memcpy(ret_interface->name, request.ifr_name, sizeof(ret_interface->name));
	if (ioctl(fd, SIOCGIFINDEX, &request))
		return false;
	ret_interface->ifindex = (unsigned int)request.ifr_ifindex;
	if (ioctl(fd, SIOCGIFFLAGS, &request))
		return false;
	ret_interface->flags = (unsigned short)request.ifr_flags;
	if (ioctl(fd, SIOCGIFHWADDR, &request))
		return false;
	ret_interface->hardware_type = request.ifr_hwaddr.sa_family;
	return true;
}

static int open_socket(struct error *reterr)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return error_set(reterr, -errno, "cannot ask for interfaces: %s", strerror(errno));
	return fd;
}

/* " eth0, lo": the names, cut to what fits. */
static void list_names(char *ret_text, size_t size)
{
	CLEANUP(cleanup_names) struct if_nameindex *names = if_nameindex();
	size_t used = 0;

	*ret_text = '\0';
	for (struct if_nameindex *name = names; name && name->if_name && used < size; name++)
		used += (size_t)snprintf(ret_text + used, size - used, "%s%s", used ? ", " : "",
					 name->if_name);
}

int interfaces_find(const char *name, struct interface *ret_interface, struct error *reterr)
{
	_cleanup_close_ int fd = open_socket(reterr);
	char number_name[IF_NAMESIZE], names[512];
	struct interface interface;
	uint64_t number;

	if (fd < 0)
		return fd;
	if (strlen(name) < IF_NAMESIZE && query(fd, name, &interface)) {
		*ret_interface = interface;
		return 0;
	}
	if (!text_parse_number(name, INT32_MAX, &number) &&
	    if_indextoname((unsigned int)number, number_name) &&
	    query(fd, number_name, &interface)) {
		*ret_interface = interface;
		return 0;
	}
	list_names(names, sizeof(names));
	return error_set(reterr, -ENODEV, "there is no interface '%s'; there are: %s", name, names);
}

/* /proc/net/route: name, destination, gateway, flags, ...; the default's is 00000000. */
static bool read_default_route(char name[IF_NAMESIZE])
{
	_cleanup_fclose_ FILE *file = fopen("/proc/net/route", "re");
	unsigned int destination;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%15s %x", name, &destination) == 2 && !destination)
			return true;
	return false;
}

/* /proc/net/ipv6_route: destination, its prefix length, ..., flags, name. */
static bool read_default_route6(char name[IF_NAMESIZE])
{
	_cleanup_fclose_ FILE *file = fopen("/proc/net/ipv6_route", "re");
	char destination[33];
	unsigned int prefix_bits;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%32s %x %*s %*s %*s %*s %*s %*s %*s %15s", destination,
			   &prefix_bits, name) == 3 &&
		    !prefix_bits && strspn(destination, "0") == 32 && strcmp(name, "lo") != 0)
			return true;
	return false;
}

int interfaces_find_default(struct interface *ret_interface, struct error *reterr)
{
	CLEANUP(cleanup_names) struct if_nameindex *names = NULL;
	_cleanup_close_ int fd = open_socket(reterr);
	char name[IF_NAMESIZE];
	struct interface interface;

	if (fd < 0)
		return fd;
	if ((read_default_route(name) || read_default_route6(name)) &&
	    query(fd, name, ret_interface))
		return 0;
	names = if_nameindex();
	for (struct if_nameindex *entry = names; entry && entry->if_name; entry++) {
		if (!query(fd, entry->if_name, &interface) || !(interface.flags & IFF_UP) ||
		    interface_is_loopback(&interface))
			continue;
		*ret_interface = interface;
		return 0;
	}
	return error_set(reterr, -ENODEV,
			 "no interface is up but loopback; name one with '-i' (see 'pktsieve -D')");
}

bool interface_is_ethernet(const struct interface *interface)
{
	return interface->hardware_type == ARPHRD_ETHER ||
	       interface->hardware_type == ARPHRD_LOOPBACK;
}

bool interface_is_loopback(const struct interface *interface)
{
	return interface->flags & IFF_LOOPBACK;
}

uint32_t interface_ipv4_mask_be(const struct interface *interface)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in mask;
	struct ifreq request = {};

	memcpy(request.ifr_name, interface->name, sizeof(request.ifr_name));
	if (fd < 0 || ioctl(fd, SIOCGIFNETMASK, &request))
		return 0;
	memcpy(&mask, &request.ifr_netmask, sizeof(mask));
	return mask.sin_addr.s_addr;
}

int interfaces_list(struct interface **ret_list, size_t *ret_count)
{
	CLEANUP(cleanup_names) struct if_nameindex *names = if_nameindex();
	_cleanup_close_ int fd = open_socket(NULL);
	struct interface *list;
	size_t count = 0;

	if (!names || fd < 0)
		return -errno;
	for (struct if_nameindex *name = names; name->if_name; name++)
		count++;
	list = calloc(count + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	count = 0;
	for (struct if_nameindex *name = names; name->if_name; name++)
		count += query(fd, name->if_name, &list[count]);
	*ret_list = list;
	*ret_count = count;
	return 0;
}

static const char *describe(const struct interface *interface)
{
	enum link_type own = link_type_of(interface);

	return own == LINK_TYPE_DEFAULT ? "not supported: see -L" : link_type_description(own);
}

int interfaces_print(FILE *out)
{
	_cleanup_free_ struct interface *list = NULL;
	size_t count;
	int error = interfaces_list(&list, &count);

	if (error)
		return error;
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%u.%s [%s%s%s, %s]\n", list[i].ifindex, list[i].name,
			list[i].flags & IFF_UP ? "Up" : "Down",
			list[i].flags & IFF_RUNNING ? ", Running" : "",
			interface_is_loopback(&list[i]) ? ", Loopback" : "", describe(&list[i]));
	return 0;
}

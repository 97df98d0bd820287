/* SPDX-License-Identifier: GPL-2.0-only */
/* The XDP link, and whose program is in the way; see attach_xdp.h. */
#include "attach_xdp.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

/* An XDP program on an interface, and the word of ip-link(8) for how it is attached. */
struct occupant {
	uint32_t id;
	char name[BPF_OBJ_NAME_LEN];
	const char *mode;
	const char *ip_word;
};

static void read_name(struct occupant *occupant)
{
	_cleanup_close_ int fd = bpf_prog_get_fd_by_id(occupant->id);
	struct bpf_prog_info program = {};
	uint32_t bytes = sizeof(program);

	if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &program, &bytes))
		memcpy(occupant->name, program.name, sizeof(occupant->name));
}

/* Only the end of the link, or of the process that has it, takes such a program off. */
static bool is_held_by_link(uint32_t program_id)
{
	uint32_t id = 0;

	while (!bpf_link_get_next_id(id, &id)) {
		_cleanup_close_ int fd = bpf_link_get_fd_by_id(id);
		struct bpf_link_info link = {};
		uint32_t bytes = sizeof(link);

		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &link, &bytes) &&
		    link.type == BPF_LINK_TYPE_XDP && link.prog_id == program_id)
			return true;
	}
	return false;
}

/* Whether there is a program in the slot; the first that is found. */
static bool find_occupant(const struct interface *interface, struct occupant *ret_occupant)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, slots);

	if (bpf_xdp_query((int)interface->ifindex, 0, &slots))
		return false;
	*ret_occupant = (struct occupant){
		.id = slots.drv_prog_id,
		.mode = "native",
		.ip_word = "xdpdrv",
	};
	if (!slots.drv_prog_id && slots.skb_prog_id)
		*ret_occupant = (struct occupant){
			.id = slots.skb_prog_id,
			.mode = "generic",
			.ip_word = "xdpgeneric",
		};
	else if (!slots.drv_prog_id)
		*ret_occupant = (struct occupant){
			.id = slots.hw_prog_id,
			.mode = "offloaded",
			.ip_word = "xdpoffload",
		};
	if (!ret_occupant->id)
		return false;
	read_name(ret_occupant);
	return true;
}

static int explain_taken(const struct interface *interface, int code, struct error *reterr)
{
	struct occupant occupant;
	char remedy[128];

	if (!find_occupant(interface, &occupant))
		return error_set(reterr, code,
				 "%s: its slot for XDP programs is taken, or that of an interface "
				 "above or below it (see 'ip link'); '--hook tc' needs no slot",
				 strerror(-code));
	if (is_held_by_link(occupant.id))
		snprintf(remedy, sizeof(remedy), "end whoever holds its link ('bpftool link')");
	else
		snprintf(remedy, sizeof(remedy), "detach it ('ip link set dev %s %s off')",
			 interface->name, occupant.ip_word);
	return error_set(reterr, code,
			 "its slot for XDP programs is taken by '%s' (id %u, %s), which is left "
			 "alone: %s, or use '--hook tc', which needs no slot",
			 occupant.name, occupant.id, occupant.mode, remedy);
}

static int explain(const struct interface *interface, enum hook hook, int code,
		   struct error *reterr)
{
	if (code == -EBUSY || code == -EEXIST)
		return explain_taken(interface, code, reterr);
	if (code == -EPERM || code == -ENODEV)
		return error_set(reterr, code, "%s", strerror(-code));
	if (hook == HOOK_XDP_GENERIC)
		return error_set(reterr, code,
				 "the kernel refuses generic XDP there: %s; use '--hook tc'",
				 strerror(-code));
	if (code == -EOPNOTSUPP)
		return error_set(reterr, code,
				 "its driver has no native XDP, or not as it is set up: use "
				 "'--hook tc', or '--xdp-mode generic', for which the kernel "
				 "copies or linearises each packet first");
	return error_set(reterr, code,
			 "its driver refuses native XDP: %s; the MTU may be too large for it, or "
			 "LRO or the number of queues in the way (the kernel's log may say "
			 "more): use '--hook tc', or '--xdp-mode generic', for which the kernel "
			 "copies or linearises each packet first",
			 strerror(-code));
}

int attach_xdp(const struct interface *interface, enum hook hook, int program_fd,
	       struct error *reterr)
{
	LIBBPF_OPTS(bpf_link_create_opts, options,
		    .flags = hook == HOOK_XDP_GENERIC ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE);
	int fd = bpf_link_create(program_fd, (int)interface->ifindex, BPF_XDP, &options);

	return fd < 0 ? explain(interface, hook, -errno, reterr) : fd;
}

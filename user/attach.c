/* SPDX-License-Identifier: GPL-2.0-only */
/* tcx links, clsact filters and (attach_xdp.c) XDP links; see attach.h. */
#include "attach.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach_xdp.h"
#include "base/cleanup.h"
#include "ownership.h"
#include "tc_filters.h"

/* <linux/bpf.h> of Linux 6.6; Debian 12's is older. */
#define ATTACH_TCX_INGRESS ((enum bpf_attach_type)46)
#define ATTACH_TCX_EGRESS ((enum bpf_attach_type)47)
#define LINK_BEFORE (1u << 3) /* BPF_F_BEFORE; before no one in particular: first */

/* A filter of ours: this in the upper half of its handle, the slot in the lower. */
#define HANDLE_MARK 0x50530000u
#define HANDLE_SLOT_MASK 0xffffu
#define NAME_PREFIX "pktsieve_"
/* A priority has filters of one kind; the first that takes ours is taken. */
#define LAST_PRIORITY 8

struct attachment {
	unsigned int ifindex;
	enum attach_kind kind;
	int program_fds[DIRECTION_COUNT]; /* the caller's */
	int link_fds[DIRECTION_COUNT];
	/* clsact only */
	int ownership_fd;
	unsigned int slot;
	uint16_t priorities[DIRECTION_COUNT]; /* 0: not attached */
};

static enum bpf_attach_type tcx_type(enum direction direction)
{
	return direction == DIRECTION_INGRESS ? ATTACH_TCX_INGRESS : ATTACH_TCX_EGRESS;
}

static struct bpf_tc_hook tc_hook(unsigned int ifindex, enum direction direction)
{
	return (struct bpf_tc_hook){
		.sz = sizeof(struct bpf_tc_hook),
		.ifindex = (int)ifindex,
		.attach_point = direction == DIRECTION_INGRESS ? BPF_TC_INGRESS : BPF_TC_EGRESS,
	};
}

bool attach_has_tcx(unsigned int ifindex)
{
	unsigned int count = 0;

	/* An attach type that the kernel does not know is EINVAL. */
	return !bpf_prog_query((int)ifindex, ATTACH_TCX_INGRESS, 0, NULL, NULL, &count);
}

/* In one direction at least; the order of tcx and clsact is fixed. */
static bool has_tcx_programs(unsigned int ifindex)
{
	unsigned int ingress = 0, egress = 0;

	bpf_prog_query((int)ifindex, ATTACH_TCX_INGRESS, 0, NULL, NULL, &ingress);
	bpf_prog_query((int)ifindex, ATTACH_TCX_EGRESS, 0, NULL, NULL, &egress);
	return ingress || egress;
}

static int attach_tcx(struct attachment *attachment, enum direction direction, int program_fd)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = LINK_BEFORE);
	int fd = bpf_link_create(program_fd, (int)attachment->ifindex, tcx_type(direction),
				 &options);

	if (fd < 0)
		return -errno;
	attachment->link_fds[direction] = fd;
	return 0;
}

static bool is_ours(const struct tc_filter *filter)
{
	return strcmp(filter->kind, "bpf") == 0 &&
	       strncmp(filter->name, NAME_PREFIX, strlen(NAME_PREFIX)) == 0 &&
	       (filter->handle & ~HANDLE_SLOT_MASK) == HANDLE_MARK &&
	       (filter->handle & HANDLE_SLOT_MASK) < OWNERSHIP_SLOTS;
}

static int remove_filter(unsigned int ifindex, enum direction direction,
			 const struct tc_filter *filter)
{
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = filter->handle, .priority = filter->priority);
	struct bpf_tc_hook hook = tc_hook(ifindex, direction);

	return bpf_tc_detach(&hook, &options);
}

/*
 * Removes the filters whose owners are dead, in one direction. The slot is locked while its
 * filter goes, so that no new capture can take it meanwhile.
 */
static int remove_dead(unsigned int ifindex, enum direction direction, int ownership_fd,
		       unsigned int *removed)
{
	_cleanup_free_ struct tc_filter *filters = NULL;
	unsigned int slot;
	size_t count;
	int error;

	error = tc_filters_list(ifindex, direction, &filters, &count);
	for (size_t i = 0; !error && i < count; i++) {
		if (!is_ours(&filters[i]))
			continue;
		slot = filters[i].handle & HANDLE_SLOT_MASK;
		if (ownership_lock_slot(ownership_fd, slot))
			continue;
		error = remove_filter(ifindex, direction, &filters[i]);
		ownership_unlock_slot(ownership_fd, slot);
		*removed += error ? 0 : 1;
	}
	return error;
}

static int remove_all_dead(unsigned int ifindex, int ownership_fd, unsigned int *removed)
{
	int error = remove_dead(ifindex, DIRECTION_INGRESS, ownership_fd, removed);

	return error ? error : remove_dead(ifindex, DIRECTION_EGRESS, ownership_fd, removed);
}

static int make_qdisc(const struct attachment *attachment)
{
	struct bpf_tc_hook hook = tc_hook(attachment->ifindex, DIRECTION_INGRESS);
	int error;

	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	error = bpf_tc_hook_create(&hook);
	if (!error)
		ownership_set_made_qdisc(attachment->ownership_fd, true);
	return error == -EEXIST ? 0 : error;
}

static int attach_clsact(struct attachment *attachment, enum direction direction, int program_fd)
{
	struct bpf_tc_hook hook = tc_hook(attachment->ifindex, direction);
	int error = -EINVAL;

	for (uint16_t priority = 1; error && priority <= LAST_PRIORITY; priority++) {
		LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program_fd, .priority = priority,
			    .handle = HANDLE_MARK | attachment->slot);

		error = bpf_tc_attach(&hook, &options);
		if (!error)
			attachment->priorities[direction] = priority;
		else if (error != -EINVAL && error != -EEXIST)
			break;
	}
	return error;
}

static int prepare_clsact(struct attachment *attachment, struct error *reterr)
{
	unsigned int removed = 0;
	int error;

	attachment->ownership_fd = ownership_open(attachment->ifindex, true, reterr);
	if (attachment->ownership_fd < 0)
		return attachment->ownership_fd;
	error = remove_all_dead(attachment->ifindex, attachment->ownership_fd, &removed);
	if (!error)
		error = make_qdisc(attachment);
	if (error)
		return error_set(reterr, error, "cannot prepare its clsact qdisc: %s",
				 strerror(-error));
	return ownership_claim_slot(attachment->ownership_fd, &attachment->slot, reterr);
}

static int attach_tc(struct attachment *attachment, bool prefers_clsact,
		     const int program_fds[DIRECTION_COUNT], struct error *reterr)
{
	unsigned int ifindex = attachment->ifindex;
	bool is_clsact = !attach_has_tcx(ifindex) || (prefers_clsact && !has_tcx_programs(ifindex));
	int error = 0;

	attachment->kind = is_clsact ? ATTACH_KIND_CLSACT : ATTACH_KIND_TCX;
	if (is_clsact)
		error = prepare_clsact(attachment, reterr);
	if (error)
		return error;
	for (enum direction direction = 0; direction < DIRECTION_COUNT && !error; direction++) {
		if (program_fds[direction] < 0)
			continue;
		error = is_clsact ? attach_clsact(attachment, direction, program_fds[direction]) :
				    attach_tcx(attachment, direction, program_fds[direction]);
	}
	return error ? error_set(reterr, error, "%s", strerror(-error)) : 0;
}

static int attach_to_hook(struct attachment *attachment, const struct interface *interface,
			  enum hook hook, bool prefers_clsact,
			  const int program_fds[DIRECTION_COUNT], struct error *reterr)
{
	int fd;

	if (!hook_is_xdp(hook))
		return attach_tc(attachment, prefers_clsact, program_fds, reterr);
	attachment->kind =
		hook == HOOK_XDP_GENERIC ? ATTACH_KIND_XDP_GENERIC : ATTACH_KIND_XDP_NATIVE;
	fd = attach_xdp(interface, hook, program_fds[DIRECTION_INGRESS], reterr);
	if (fd < 0)
		return fd;
	attachment->link_fds[DIRECTION_INGRESS] = fd;
	return 0;
}

int attach_open(const struct interface *interface, enum hook hook, bool prefers_clsact,
		const int program_fds[DIRECTION_COUNT], struct attachment **ret_attachment,
		struct error *reterr)
{
	struct attachment *attachment = calloc(1, sizeof(*attachment));
	struct error why;
	int error;

	if (!attachment)
		return error_set(reterr, -ENOMEM, "out of memory");
	*attachment = (struct attachment){
		.ifindex = interface->ifindex,
		.program_fds = { program_fds[DIRECTION_INGRESS], program_fds[DIRECTION_EGRESS] },
		.link_fds = { -1, -1 },
		.ownership_fd = -1,
	};
	error = attach_to_hook(attachment, interface, hook, prefers_clsact, program_fds, &why);
	if (error) {
		attach_close(attachment);
		return error_set(reterr, error, "cannot attach to '%s': %s%s", interface->name,
				 why.message,
				 error == -EPERM ? " (attaching needs CAP_NET_ADMIN)" : "");
	}
	*ret_attachment = attachment;
	return 0;
}

static int replace_clsact(struct attachment *attachment, enum direction direction, int program_fd)
{
	struct bpf_tc_hook hook = tc_hook(attachment->ifindex, direction);
	LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program_fd, .flags = BPF_TC_F_REPLACE,
		    .priority = attachment->priorities[direction],
		    .handle = HANDLE_MARK | attachment->slot);

	return bpf_tc_attach(&hook, &options);
}

static int replace_program(struct attachment *attachment, enum direction direction, int program_fd)
{
	if (attachment->kind == ATTACH_KIND_CLSACT)
		return replace_clsact(attachment, direction, program_fd);
	return bpf_link_update(attachment->link_fds[direction], program_fd, NULL) ? -errno : 0;
}

int attach_replace(struct attachment *attachment, const int program_fds[DIRECTION_COUNT],
		   struct error *reterr)
{
	enum direction direction, done;
	int error = 0;

	for (direction = 0; direction < DIRECTION_COUNT; direction++) {
		if (attachment->program_fds[direction] < 0)
			continue;
		error = replace_program(attachment, direction, program_fds[direction]);
		if (error)
			break;
	}
	for (done = 0; done < direction; done++) {
		if (attachment->program_fds[done] < 0)
			continue;
		if (error)
			replace_program(attachment, done, attachment->program_fds[done]);
		else
			attachment->program_fds[done] = program_fds[done];
	}
	return error ? error_set(reterr, error, "cannot replace the program at the hook: %s",
				 strerror(-error)) :
		       0;
}

static void detach_clsact(struct attachment *attachment, enum direction direction)
{
	struct tc_filter filter = {
		.handle = HANDLE_MARK | attachment->slot,
		.priority = attachment->priorities[direction],
	};

	if (filter.priority)
		remove_filter(attachment->ifindex, direction, &filter);
}

static void detach_link(int *link_fd)
{
	if (*link_fd < 0)
		return;
	bpf_link_detach(*link_fd);
	close(*link_fd);
}

void attach_close(struct attachment *attachment)
{
	if (!attachment)
		return;
	for (enum direction direction = 0; direction < DIRECTION_COUNT; direction++) {
		detach_link(&attachment->link_fds[direction]);
		detach_clsact(attachment, direction);
	}
	/* The slot is free for others only now. */
	if (attachment->ownership_fd >= 0)
		close(attachment->ownership_fd);
	free(attachment);
}

enum attach_kind attach_get_kind(const struct attachment *attachment)
{
	return attachment->kind;
}

const char *attach_kind_name(enum attach_kind kind)
{
	static const char *const names[] = {
		[ATTACH_KIND_TCX] = "tcx",
		[ATTACH_KIND_CLSACT] = "clsact",
		[ATTACH_KIND_XDP_NATIVE] = "xdp (native)",
		[ATTACH_KIND_XDP_GENERIC] = "xdp (generic)",
	};

	return names[kind];
}

/* Removes a clsact qdisc that pktsieve made and nobody uses. */
static bool remove_qdisc(unsigned int ifindex, int ownership_fd)
{
	struct bpf_tc_hook hook = tc_hook(ifindex, DIRECTION_INGRESS);
	struct tc_filter *filters;
	size_t count, total = 0;

	if (!ownership_has_made_qdisc(ownership_fd))
		return false;
	for (enum direction direction = 0; direction < DIRECTION_COUNT; direction++) {
		if (tc_filters_list(ifindex, direction, &filters, &count))
			return false;
		free(filters);
		total += count;
	}
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	if (total || bpf_tc_hook_destroy(&hook))
		return false;
	ownership_set_made_qdisc(ownership_fd, false);
	return true;
}

static int clean_up_interface(unsigned int ifindex, const char *name, FILE *out,
			      struct error *reterr)
{
	_cleanup_close_ int ownership_fd = ownership_open(ifindex, false, reterr);
	unsigned int removed = 0;
	int error;

	if (ownership_fd < 0)
		return ownership_fd == -ENOENT ? 0 : ownership_fd;
	error = remove_all_dead(ifindex, ownership_fd, &removed);
	if (error)
		return error_set(reterr, error, "cannot clean up '%s': %s", name, strerror(-error));
	if (removed)
		fprintf(out, "%s: removed %u filter%s of dead captures\n", name, removed,
			removed == 1 ? "" : "s");
	if (remove_qdisc(ifindex, ownership_fd))
		fprintf(out, "%s: removed the empty clsact qdisc that pktsieve had made\n", name);
	return 0;
}

int attach_clean_up(FILE *out, struct error *reterr)
{
	struct if_nameindex *names = if_nameindex();
	int error = 0;

	if (!names)
		return error_set(reterr, -errno, "cannot list interfaces: %s", strerror(errno));
	for (struct if_nameindex *name = names; name->if_name && !error; name++)
		error = clean_up_interface(name->if_index, name->if_name, out, reterr);
	if_freenameindex(names);
	return error;
}

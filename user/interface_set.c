/* SPDX-License-Identifier: GPL-2.0-only */
/* Members by their number in the interface table, requests by name; see interface_set.h. */
#include "interface_set_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "link_types.h"
#include "promiscuous.h"
#include "xdp_limits.h"

/*
 * Attaching by tcx and detaching waits for a grace period each, with the lock of all network
 * configuration held (18 ms measured at 250 Hz); clsact takes less than 0.1 ms.
 */
#define MAXIMUM_TCX_INTERFACES 16

static enum link_layer link_layer_of(const struct interface *interface)
{
	return interface_is_ethernet(interface) ? LINK_LAYER_ETHERNET : LINK_LAYER_IP;
}

/* The member that an interface is or becomes; NULL: no memory, or too many interfaces. */
static struct member *get_member(struct interface_set *set, const struct interface *interface)
{
	struct member *grown;
	size_t count;

	if (interface_table_add(set->table, interface))
		return NULL;
	count = interface_table_count(set->table);
	if (count > set->member_count) {
		grown = realloc(set->members, count * sizeof(*grown));
		if (!grown)
			return NULL;
		memset(grown + set->member_count, 0, (count - set->member_count) * sizeof(*grown));
		set->members = grown;
		set->member_count = count;
	}
	return &set->members[interface_table_find(set->table, interface->ifindex)];
}

struct member *interface_set_find(const struct interface_set *set, unsigned int ifindex)
{
	size_t number = interface_table_find(set->table, ifindex);

	return number < set->member_count ? &set->members[number] : NULL;
}

struct member *interface_set_enter(struct interface_set *set, const struct interface *interface,
				   struct request *request)
{
	struct member *member = get_member(set, interface);

	if (!member)
		return NULL;
	if (member->state == MEMBER_UNKNOWN)
		member->promiscuous_fd = -1;
	member->interface = *interface;
	member->state = MEMBER_PRESENT;
	member->is_named |= request != NULL;
	if (request) {
		request->member = (size_t)(member - set->members);
		/* It may have been named by its number, which its successor will not have. */
		request->name = interface_table_get(set->table, request->member)->name;
	}
	return member;
}

struct request *interface_set_find_request(struct interface_set *set, const char *name)
{
	for (size_t i = 0; i < set->request_count; i++)
		if (set->requests[i].member == NO_MEMBER &&
		    strcmp(set->requests[i].name, name) == 0)
			return &set->requests[i];
	return NULL;
}

static int find_named(struct interface_set *set, const char *name, struct error *reterr)
{
	struct request *request = &set->requests[set->request_count];
	struct interface interface;
	int error;

	*request = (struct request){ .name = name, .member = NO_MEMBER };
	set->request_count++;
	error = interfaces_find(name, &interface, reterr);
	if (error == -ENODEV && set->options->wait_for_interfaces)
		return 0;
	if (!error)
		error = link_types_check(&interface, reterr);
	/* It is taken to work; the list that follows says what is different. */
	interface.flags |= WORKING_FLAGS;
	if (!error && !interface_set_enter(set, &interface, request))
		error = error_set(reterr, -ENOMEM, "out of memory");
	return error;
}

static int find_default(struct interface_set *set, struct error *reterr)
{
	int error = interfaces_find_default(&set->default_interface, reterr);

	return error ? error : find_named(set, set->default_interface.name, reterr);
}

/* Those that are up now; what cannot be captured is said, once the screen is free. */
static int find_all(struct interface_set *set, struct error *reterr)
{
	_cleanup_free_ struct interface *list = NULL;
	struct error why;
	size_t count;
	int error = interfaces_list(&list, &count);

	if (error)
		return error_set(reterr, error, "cannot list the interfaces: %s", strerror(-error));
	for (size_t i = 0; i < count; i++) {
		if (!interface_is_up(&list[i]))
			continue;
		list[i].flags |= INTERFACE_LOWER_UP;
		if (link_types_check(&list[i], &why))
			notices_say(set->notices, "%s; it is left out of 'any'", why.message);
		else if (!interface_set_enter(set, &list[i], NULL))
			return error_set(reterr, -ENOMEM, "out of memory");
	}
	return 0;
}

static int find_interfaces(struct interface_set *set, struct error *reterr)
{
	const struct options *options = set->options;
	int error = 0;

	if (options->interface_count == 0)
		return find_default(set, reterr);
	for (size_t i = 0; i < options->interface_count && !error; i++) {
		if (strcmp(options->interfaces[i], "any") == 0)
			set->is_any = true;
		else
			error = find_named(set, options->interfaces[i], reterr);
	}
	if (error || !set->is_any)
		return error;
	if (hook_is_xdp(options->hook))
		return error_set(
			reterr, -EINVAL,
			"'--hook xdp' goes on interfaces that are named, not on 'any': it can "
			"cost each of them something (name them, or leave '--hook' out)");
	return find_all(set, reterr);
}

int interface_set_open(const struct options *options, struct interface_table *table,
		       struct notices *notices, struct interface_set **ret_set,
		       struct error *reterr)
{
	struct interface_set *set = calloc(1, sizeof(*set));
	int error;

	if (!set)
		return error_set(reterr, -ENOMEM, "out of memory");
	*set = (struct interface_set){
		.options = options,
		.table = table,
		.notices = notices,
	};
	/* Watched first, so that nothing is missed between the two. */
	error = link_watch_open(&set->watch);
	if (error)
		error_set(reterr, error, "cannot watch the interfaces: %s", strerror(-error));
	else
		error = find_interfaces(set, reterr);
	if (error) {
		interface_set_free(set);
		return error;
	}
	*ret_set = set;
	return 0;
}

void interface_set_free(struct interface_set *set)
{
	if (!set)
		return;
	interface_set_detach(set);
	link_watch_close(&set->watch);
	free(set->members);
	free(set);
}

int interface_set_fd(const struct interface_set *set)
{
	return set->watch.fd;
}

bool interface_set_is_waiting(const struct interface_set *set)
{
	return !set->is_any && set->request_count == 1 && set->requests[0].member == NO_MEMBER;
}

int interface_set_choose_link_type(struct interface_set *set, enum link_type *ret_link_type,
				   struct error *reterr)
{
	_cleanup_free_ struct interface *list = calloc(set->member_count + 1, sizeof(*list));
	/* More than one are named, but not more than one is there. */
	bool is_mixed = set->request_count > 1 && set->member_count < 2;
	int error;

	if (!list)
		return error_set(reterr, -ENOMEM, "out of memory");
	for (size_t i = 0; i < set->member_count; i++)
		list[i] = set->members[i].interface;
	error = link_types_choose(list, set->member_count, set->is_any || is_mixed,
				  set->options->link_type, &set->link_type, reterr);
	*ret_link_type = set->link_type;
	return error;
}

bool interface_set_needs(const struct interface_set *set, enum link_layer link_layer)
{
	if (hook_is_xdp(set->options->hook))
		return link_layer == LINK_LAYER_ETHERNET;
	if (set->is_any || set->options->wait_for_interfaces)
		return true;
	for (size_t i = 0; i < set->member_count; i++)
		if (link_layer_of(&set->members[i].interface) == link_layer)
			return true;
	return false;
}

bool interface_set_needs_heartbeat(const struct interface_set *set)
{
	if (hook_is_xdp(set->options->hook))
		return false;
	return set->is_any || set->request_count > MAXIMUM_TCX_INTERFACES ||
	       !attach_has_tcx(set->member_count ? set->members[0].interface.ifindex : 1);
}

int interface_set_check_xdp(const struct interface_set *set, const struct filter *filter,
			    struct error *reterr)
{
	const struct interface *interface;
	int error = 0;

	for (size_t i = 0; i < set->member_count && !error; i++) {
		interface = &set->members[i].interface;
		if (interface_is_ethernet(interface))
			error = xdp_limits_check_filter(interface, filter, reterr);
		else
			error = error_set(
				reterr, -EINVAL,
				"'--hook xdp' needs an Ethernet interface, and '%s' is none "
				"(leave '--hook' out)",
				interface->name);
	}
	return error;
}

/*
 * Loopback's packets are seen when they come in; going out, they would be seen twice. Alone, it
 * shows them whatever the direction; beside others they are none that go out, as in tcpdump. XDP
 * has no hook on the way out.
 */
static bool wants_direction(const struct interface_set *set, const struct interface *interface,
			    enum direction direction)
{
	const bool is_alone = !set->is_any && set->request_count == 1;

	if (hook_is_xdp(set->options->hook) || (is_alone && interface_is_loopback(interface)))
		return direction == DIRECTION_INGRESS;
	if (interface_is_loopback(interface) && direction == DIRECTION_EGRESS)
		return false;
	return set->options->directions[direction];
}

bool interface_set_wants(const struct interface_set *set, enum direction direction)
{
	for (size_t i = 0; i < set->member_count; i++)
		if (wants_direction(set, &set->members[i].interface, direction))
			return true;
	return false;
}

bool interface_set_is_loopback(const struct interface_set *set)
{
	for (size_t i = 0; i < set->member_count; i++)
		if (!interface_is_loopback(&set->members[i].interface))
			return false;
	return true;
}

/* Where interfaces come and go, as those of containers do, each would hold up the next. */
static bool prefers_clsact(const struct interface_set *set, const struct member *member)
{
	return set->tcx_count >= MAXIMUM_TCX_INTERFACES || (set->is_attached && !member->is_named);
}

static void end_promiscuous(struct member *member)
{
	cleanup_close(&member->promiscuous_fd);
	member->promiscuous_fd = -1;
}

int interface_set_attach_member(struct interface_set *set, struct member *member,
				struct error *reterr)
{
	const struct interface *interface = &member->interface;
	enum link_layer link_layer = link_layer_of(interface);
	int program_fds[DIRECTION_COUNT];
	int error;

	for (enum direction direction = 0; direction < DIRECTION_COUNT; direction++)
		program_fds[direction] =
			wants_direction(set, interface, direction) ?
				loader_program_fd(set->loader, link_layer, direction) :
				-1;
	if (hook_is_xdp(set->options->hook) && set->options->verbose)
		xdp_limits_print_costs(interface, set->options->hook, stderr);
	if (set->options->is_promiscuous && member->is_named) {
		member->promiscuous_fd = promiscuous_open(interface, reterr);
		if (member->promiscuous_fd < 0)
			return member->promiscuous_fd;
	}
	/* Without a counter of its own its losses are only in the sum. */
	(void)loader_begin_losses(set->loader, interface->ifindex);
	error = attach_open(interface, set->options->hook, prefers_clsact(set, member), program_fds,
			    &member->attachment, reterr);
	if (error) {
		end_promiscuous(member);
		return error;
	}
	if (attach_get_kind(member->attachment) == ATTACH_KIND_TCX)
		set->tcx_count++;
	return 0;
}

void interface_set_detach_member(struct interface_set *set, struct member *member)
{
	if (!member->attachment)
		return;
	if (attach_get_kind(member->attachment) == ATTACH_KIND_TCX)
		set->tcx_count--;
	attach_close(TAKE(member->attachment));
	end_promiscuous(member);
}

int interface_set_attach(struct interface_set *set, const struct loader *loader,
			 struct error *reterr)
{
	struct member *member;
	int error;

	set->loader = loader;
	for (size_t i = 0; i < set->member_count; i++) {
		member = &set->members[i];
		if (member->state != MEMBER_PRESENT)
			continue;
		error = interface_set_attach_member(set, member, reterr);
		if (!error)
			continue;
		/* One of `any` may have gone meanwhile, or be taken by others. */
		if (member->is_named || error == -EPERM) {
			interface_set_detach(set);
			return error;
		}
		if (error != -ENODEV)
			notices_say(set->notices, "%s; it is left out of 'any'", reterr->message);
	}
	set->is_attached = true;
	return 0;
}

/* Puts programs in the place of others on the first so many members. */
static int replace_first(struct interface_set *set, size_t count, bool is_back, size_t *ret_done,
			 struct error *reterr)
{
	int program_fds[DIRECTION_COUNT];
	int error = 0;
	size_t i;

	for (i = 0; i < count && !error; i++) {
		struct member *member = &set->members[i];
		enum link_layer link_layer = link_layer_of(&member->interface);

		if (!member->attachment)
			continue;
		for (enum direction direction = 0; direction < DIRECTION_COUNT; direction++)
			program_fds[direction] =
				is_back ? loader_program_fd(set->loader, link_layer, direction) :
					  loader_replacement_fd(set->loader, link_layer, direction);
		error = attach_replace(member->attachment, program_fds, reterr);
	}
	*ret_done = error ? i - 1 : i;
	return error;
}

int interface_set_replace(struct interface_set *set, struct error *reterr)
{
	struct error ignored;
	size_t done;
	int error = replace_first(set, set->member_count, false, &done, reterr);

	if (error)
		replace_first(set, done, true, &done, &ignored);
	return error;
}

void interface_set_detach(struct interface_set *set)
{
	for (size_t i = 0; i < set->member_count; i++)
		interface_set_detach_member(set, &set->members[i]);
}

void interface_set_read_losses(struct interface_set *set)
{
	for (size_t i = 0; i < set->member_count; i++) {
		struct interface_entry *entry = interface_table_at(set->table, i);

		entry->dropped = loader_losses(set->loader, entry->ifindex);
	}
}

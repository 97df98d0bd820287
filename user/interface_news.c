/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of the interfaces while they are captured; see interface_set.h. */
#include <stdarg.h>
#include <string.h>

#include "interface_set_parts.h"
#include "link_types.h"

static const char *condition_words(const struct interface *now, const struct interface *before)
{
	bool was_up = before->flags & IFF_UP, has_carrier = now->flags & INTERFACE_LOWER_UP;

	if (!(now->flags & IFF_UP))
		return "is down; the capture goes on";
	if (!was_up)
		return has_carrier ? "is up again" : "is up again, without a carrier";
	return has_carrier ? "has a carrier again" : "has no carrier; the capture goes on";
}

/* Of `any` each comes and goes as it likes; who asks for more words gets them. */
static bool is_worth_telling(const struct interface_set *set, const struct member *member)
{
	return member->is_named || set->options->verbose;
}

static void follow(struct interface_set *set, struct member *member, const struct interface *now)
{
	struct interface before = member->interface;

	member->interface = *now;
	if (!is_worth_telling(set, member))
		return;
	if (strcmp(before.name, now->name) != 0)
		notices_say(set->notices, "'%s' is now called '%s'", before.name, now->name);
	if (!(now->flags & IFF_UP) && !(before.flags & IFF_UP))
		return;
	if ((before.flags ^ now->flags) & WORKING_FLAGS)
		notices_say(set->notices, "'%s' %s", now->name, condition_words(now, &before));
}

/* Whether the file and the programs are made for such an interface. */
static int check(const struct interface_set *set, const struct interface *interface,
		 struct error *reterr)
{
	enum link_type link_type;
	int error = link_types_check(interface, reterr);

	if (error)
		return error;
	if (set->link_type == LINK_TYPE_LINUX_SLL2 || !set->loader)
		return 0;
	return link_types_choose(interface, 1, false, set->link_type, &link_type, reterr);
}

static void tell_full(struct interface_set *set)
{
	if (!set->is_full_told)
		notices_say(set->notices,
			    "there have been %u interfaces: those that come now are not captured",
			    INTERFACE_TABLE_ENTRIES);
	set->is_full_told = true;
}

static void begin(struct interface_set *set, const struct interface *interface,
		  struct request *request)
{
	struct member *member;
	struct error why;
	int error;

	if (check(set, interface, &why)) {
		if (request || set->options->verbose)
			notices_say(set->notices, "%s", why.message);
		return;
	}
	member = interface_set_enter(set, interface, request);
	if (!member) {
		tell_full(set);
		return;
	}
	member->is_listed = true;
	if (!set->loader)
		return;
	error = interface_set_attach_member(set, member, &why);
	if (error) {
		member->state = MEMBER_UNKNOWN;
		if (request)
			request->member = NO_MEMBER;
		/* Gone before it could be captured: there is nothing to be done about that. */
		if (error != -ENODEV)
			notices_say(set->notices, "%s", why.message);
	} else if (is_worth_telling(set, member)) {
		notices_say(set->notices, "'%s' is there%s: it is captured", interface->name,
			    interface_is_up(interface) ? "" : ", and down");
	}
}

static void take_present(struct interface_set *set, const struct interface *now)
{
	struct member *member = interface_set_find(set, now->ifindex);
	struct request *request;

	if (member && member->state == MEMBER_PRESENT) {
		member->is_listed = true;
		follow(set, member, now);
		return;
	}
	request = interface_set_find_request(set, now->name);
	if (request || (set->is_any && interface_is_up(now)))
		begin(set, now, request);
}

static void take_removed(struct interface_set *set, struct member *member)
{
	if (!member || member->state != MEMBER_PRESENT)
		return;
	interface_set_detach_member(set, member);
	member->state = MEMBER_REMOVED;
	for (size_t i = 0; i < set->request_count; i++)
		if (set->requests[i].member == (size_t)(member - set->members))
			set->requests[i].member = NO_MEMBER;
	if (member->is_named)
		notices_say(set->notices,
			    "'%s' was removed; the capture goes on, and takes it when it is back",
			    member->interface.name);
	else if (set->options->verbose)
		notices_say(set->notices, "'%s' was removed", member->interface.name);
}

static void begin_list(struct interface_set *set)
{
	for (size_t i = 0; i < set->member_count; i++)
		set->members[i].is_listed = false;
}

static void end_list(struct interface_set *set)
{
	for (size_t i = 0; i < set->member_count; i++)
		if (!set->members[i].is_listed)
			take_removed(set, &set->members[i]);
}

void interface_set_take_news(struct interface_set *set)
{
	struct link_change change;

	while (link_watch_read(&set->watch, &change)) {
		switch (change.kind) {
		case LINK_PRESENT:
			take_present(set, &change.interface);
			break;
		case LINK_REMOVED:
			take_removed(set, interface_set_find(set, change.interface.ifindex));
			break;
		case LINK_LIST_BEGINS:
			begin_list(set);
			break;
		case LINK_LIST_COMPLETE:
			end_list(set);
			break;
		}
	}
}

bool interface_set_is_down(const struct interface_set *set)
{
	for (size_t i = 0; i < set->member_count; i++)
		if (set->members[i].state == MEMBER_PRESENT &&
		    (set->members[i].interface.flags & WORKING_FLAGS) == WORKING_FLAGS)
			return false;
	return true;
}

/* Adds to a text that may be full. */
__attribute__((format(printf, 4, 5))) static void add(char *text, size_t size, size_t *used,
						      const char *format, ...)
{
	va_list arguments;
	int length;

	if (*used >= size)
		return;
	va_start(arguments, format);
	length = vsnprintf(text + *used, size - *used, format, arguments);
	va_end(arguments);
	*used += length > 0 ? (size_t)length : 0;
}

void interface_set_describe(const struct interface_set *set, char *ret_text, size_t size)
{
	size_t used = 0;

	snprintf(ret_text, size, "any");
	for (size_t i = 0; i < set->request_count && !set->is_any; i++) {
		const struct request *request = &set->requests[i];

		add(ret_text, size, &used, "%s%s", i ? ", " : "",
		    request->member == NO_MEMBER ? request->name :
						   set->members[request->member].interface.name);
	}
}

void interface_set_describe_attachments(const struct interface_set *set, char *ret_text,
					size_t size)
{
	size_t counts[ATTACH_KIND_COUNT] = { 0 }, used = 0, all = 0;

	for (size_t i = 0; i < set->member_count; i++) {
		if (!set->members[i].attachment)
			continue;
		counts[attach_get_kind(set->members[i].attachment)]++;
		all++;
	}
	snprintf(ret_text, size, "nothing");
	for (enum attach_kind kind = 0; kind < ATTACH_KIND_COUNT; kind++) {
		if (!counts[kind])
			continue;
		add(ret_text, size, &used, "%s%s", used ? ", " : "", attach_kind_name(kind));
		if (all > 1)
			add(ret_text, size, &used, " (%zu interface%s)", counts[kind],
			    counts[kind] == 1 ? "" : "s");
	}
}

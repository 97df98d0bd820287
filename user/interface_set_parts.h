/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What interface_set.c, which begins and ends, and interface_news.c, which follows what happens
 * meanwhile, share.
 */
#pragma once

#include "attach.h"
#include "interface_set.h"
#include "link_watch.h"

#define NO_MEMBER SIZE_MAX

enum member_state {
	MEMBER_UNKNOWN, /* not there, or of no concern */
	MEMBER_PRESENT,
	MEMBER_REMOVED,
};

struct member {
	enum member_state state;
	struct interface interface;    /* as last heard of */
	struct attachment *attachment; /* NULL: none */
	int promiscuous_fd;            /* -1: none */
	bool is_named;                 /* by the user, not a part of `any` alone */
	bool is_listed;                /* told of since the last list began */
};

/* What the user named. */
struct request {
	const char *name;
	size_t member; /* number; NO_MEMBER: not there */
};

struct interface_set {
	const struct options *options;
	struct interface_table *table;
	struct notices *notices;
	const struct loader *loader; /* NULL: not attached yet */
	enum link_type link_type;    /* of the file */
	struct link_watch watch;
	bool is_any;
	bool is_attached; /* those that were there at the start */
	bool is_full_told; /* that there are too many interfaces */
	struct interface default_interface;
	struct request requests[OPTIONS_MAXIMUM_INTERFACES];
	size_t request_count;
	struct member *members; /* as many as the table has entries */
	size_t member_count;
	size_t tcx_count;
};

/* What an interface that works has. */
#define WORKING_FLAGS (IFF_UP | INTERFACE_LOWER_UP)

static inline bool interface_is_up(const struct interface *interface)
{
	return interface->flags & IFF_UP;
}

/* The member that has this ifindex, whatever its state; NULL: none. */
struct member *interface_set_find(const struct interface_set *set, unsigned int ifindex);

/* The name that an interface answers, which no other does yet; NULL: there is none. */
struct request *interface_set_find_request(struct interface_set *set, const char *name);

/* Makes an interface a member, for a request or (NULL) as one of `any`; NULL: no room. */
struct member *interface_set_enter(struct interface_set *set, const struct interface *interface,
				   struct request *request);

/* 0 or a negative errno with *reterr filled in. */
int interface_set_attach_member(struct interface_set *set, struct member *member,
				struct error *reterr);
void interface_set_detach_member(struct interface_set *set, struct member *member);

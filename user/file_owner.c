/* SPDX-License-Identifier: GPL-2.0-only */
/* The user database is asked once, before the capture; see file_owner.h. */
#include "file_owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"

/* The user behind sudo; false where there is none. */
static bool invoking_user(struct file_owner *owner)
{
	const char *user_text = getenv("SUDO_UID"), *group_text = getenv("SUDO_GID");
	uint64_t user, group;

	if (!user_text || !group_text || text_parse_number(user_text, UINT32_MAX - 1, &user) ||
	    text_parse_number(group_text, UINT32_MAX - 1, &group))
		return false;
	owner->user = (uid_t)user;
	owner->group = (gid_t)group;
	return true;
}

/* Of more groups than there is room for, the first ones count. */
static void read_groups(struct file_owner *owner, const struct passwd *entry)
{
	int count = FILE_OWNER_MAXIMUM_GROUPS;

	if (!entry)
		return;
	if (getgrouplist(entry->pw_name, owner->group, owner->groups, &count) < 0)
		count = FILE_OWNER_MAXIMUM_GROUPS;
	owner->group_count = (size_t)count;
}

int file_owner_find(const char *name, struct file_owner *ret_owner, struct error *reterr)
{
	const struct passwd *entry = name ? getpwnam(name) : NULL;
	struct file_owner owner = {};

	if (name && !entry)
		return error_set(reterr, -ENOENT, "'-Z %s': there is no such user", name);
	*ret_owner = owner;
	if (geteuid() != 0)
		return 0;
	if (entry) {
		owner.user = entry->pw_uid;
		owner.group = entry->pw_gid;
	} else if (invoking_user(&owner)) {
		entry = getpwuid(owner.user);
	} else {
		return 0;
	}
	owner.is_another = owner.user != 0;
	read_groups(&owner, entry);
	*ret_owner = owner;
	return 0;
}

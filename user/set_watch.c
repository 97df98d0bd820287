/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks at the files of host sets by stat(2); see set_watch.h. */
#include "set_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A file that is moved away, and another one into its place, is gone for a moment. */
#define LOOKS_BEFORE_MISSING 2

int set_watch_open(struct set_watch *watch, const struct hostset *const *sets, size_t set_count)
{
	*watch = (struct set_watch){ .files = calloc(set_count + 1, sizeof(*watch->files)) };
	if (!watch->files)
		return -ENOMEM;
	for (size_t i = 0; i < set_count; i++) {
		struct set_watch_file *file = &watch->files[watch->count];

		if (!sets[i]->path)
			continue;
		file->path = strdup(sets[i]->path);
		if (!file->path) {
			set_watch_close(watch);
			return -ENOMEM;
		}
		file->known = sets[i]->file;
		watch->count++;
	}
	return 0;
}

void set_watch_close(struct set_watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		free(watch->files[i].path);
	free(watch->files);
	*watch = (struct set_watch){ 0 };
}

static bool was_replaced(const struct set_watch_file *file, const struct hostset_file *now)
{
	return file->known.inode != now->inode || file->known.device != now->device;
}

/* SET_WATCH_READY: changed and settled; *ret_is_changing: changed, settled or not. */
static enum set_watch_result look_at(struct set_watch_file *file, bool *ret_is_changing)
{
	bool was_changing = file->is_changing;
	struct hostset_file now, before = file->seen;

	*ret_is_changing = file->is_changing = false;
	if (hostset_stat_file(file->path, &now)) {
		file->looks_missed++;
		return file->looks_missed == LOOKS_BEFORE_MISSING ? SET_WATCH_MISSING :
								    SET_WATCH_NOTHING;
	}
	file->looks_missed = 0;
	if (hostset_file_is_same(&now, &file->known))
		return SET_WATCH_NOTHING;
	*ret_is_changing = file->is_changing = true;
	file->seen = now;
	if (was_replaced(file, &now) || (was_changing && hostset_file_is_same(&now, &before)))
		return SET_WATCH_READY;
	return SET_WATCH_NOTHING;
}

static void accept_all(struct set_watch *watch)
{
	for (size_t i = 0; i < watch->count; i++) {
		struct set_watch_file *file = &watch->files[i];

		if (file->is_changing)
			file->known = file->seen;
		file->is_changing = false;
	}
}

/* All sets are read again together, so none of them may be half written. */
enum set_watch_result set_watch_look(struct set_watch *watch, const char **ret_path)
{
	size_t ready = 0, changing = 0;
	const char *missing = NULL;

	for (size_t i = 0; i < watch->count; i++) {
		bool is_changing;
		enum set_watch_result result = look_at(&watch->files[i], &is_changing);

		ready += result == SET_WATCH_READY;
		changing += is_changing;
		if (result == SET_WATCH_MISSING)
			missing = watch->files[i].path;
	}
	if (missing) {
		*ret_path = missing;
		return SET_WATCH_MISSING;
	}
	if (ready == 0 || ready < changing)
		return SET_WATCH_NOTHING;
	accept_all(watch);
	return SET_WATCH_READY;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads changed host sets again and replaces the programs; see reload.h. */
#include "reload.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "clock.h"
#include "set_maps.h"
#include "set_watch.h"

#define KIB 1024u
#define MIB (1024u * 1024)

struct reload {
	char *expression;
	struct filter_options options;
	struct loader *loader;
	struct notices *notices;
	bool is_verbose;
	struct interface_set *interfaces;
	struct set_watch watch;
	struct filter *filter; /* of the programs, if it is not the first one */
	pthread_t thread;
	bool is_running;
	uint64_t started_ns;
	/* The thread's until is_done. */
	bool is_done;
	int error;
	struct error why;
	struct filter *fresh;
};

static int watch_filter(struct set_watch *watch, const struct filter *filter)
{
	size_t count;
	const struct hostset *const *sets = filter_sets(filter, &count);

	return set_watch_open(watch, sets, count);
}

/* The thread: everything that takes time. */
static void *prepare(void *context)
{
	struct reload *reload = context;
	struct filter_error wrong = { 0 };

	reload->error =
		filter_compile_for(reload->expression, &reload->options, &reload->fresh, &wrong);
	if (reload->error)
		error_set(&reload->why, reload->error, "%s",
			  reload->error == -ENOMEM ? "out of memory" : wrong.message);
	else
		reload->error =
			loader_begin_replacement(reload->loader, reload->fresh, &reload->why);
	__atomic_store_n(&reload->is_done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void begin(struct reload *reload)
{
	int error;

	reload->is_done = false;
	reload->fresh = NULL;
	reload->started_ns = clock_monotonic_ns();
	error = pthread_create(&reload->thread, NULL, prepare, reload);
	reload->is_running = !error;
	if (error)
		notices_say(reload->notices, "cannot read the sets again: %s", strerror(error));
}

/* From here on the states in which the files were read are those that are known. */
static void take_over(struct reload *reload)
{
	struct set_watch watch;

	filter_free(reload->filter);
	reload->filter = TAKE(reload->fresh);
	if (watch_filter(&watch, reload->filter))
		return;
	set_watch_close(&reload->watch);
	reload->watch = watch;
}

static int put_in_place(struct reload *reload)
{
	reload->error = interface_set_replace(reload->interfaces, &reload->why);
	loader_end_replacement(reload->loader, !reload->error);
	return reload->error;
}

static void end(struct reload *reload)
{
	pthread_join(reload->thread, NULL);
	reload->is_running = false;
	if (!reload->error)
		put_in_place(reload);
	if (reload->error) {
		/* Empty unless libbpf or the verifier had something to say. */
		if (!reload->notices->are_held)
			loader_print_log(stderr);
		notices_say(reload->notices, "%s; the sets stay as they were", reload->why.message);
		filter_free(TAKE(reload->fresh));
		return;
	}
	take_over(reload);
	if (!reload->is_verbose)
		return;
	notices_say(reload->notices, "the sets were read again, in %.2f s",
		    (double)(clock_monotonic_ns() - reload->started_ns) / 1e9);
	reload_describe_sets(reload->filter, reload->loader, reload->notices);
}

void reload_look(struct reload *reload)
{
	const char *path;

	if (reload->is_running) {
		if (__atomic_load_n(&reload->is_done, __ATOMIC_ACQUIRE))
			end(reload);
		return;
	}
	switch (set_watch_look(&reload->watch, &path)) {
	case SET_WATCH_READY:
		begin(reload);
		break;
	case SET_WATCH_MISSING:
		notices_say(reload->notices, "'%s' is not there any more; the set stays as it was",
			    path);
		break;
	case SET_WATCH_NOTHING:
		break;
	}
}

int reload_open(const char *expression, const struct filter *filter, struct loader *loader,
		struct interface_set *interfaces, struct notices *notices, bool is_verbose,
		struct reload **ret_reload)
{
	struct reload *reload = calloc(1, sizeof(*reload));

	if (!reload)
		return -ENOMEM;
	*reload = (struct reload){
		.expression = strdup(expression),
		.options = filter_get_options(filter),
		.loader = loader,
		.interfaces = interfaces,
		.notices = notices,
		.is_verbose = is_verbose,
	};
	if (!reload->expression || watch_filter(&reload->watch, filter)) {
		free(reload->expression);
		free(reload);
		return -ENOMEM;
	}
	*ret_reload = reload;
	return 0;
}

bool reload_close(struct reload *reload)
{
	if (!reload)
		return true;
	if (reload->is_running && !__atomic_load_n(&reload->is_done, __ATOMIC_ACQUIRE)) {
		pthread_detach(reload->thread);
		return false;
	}
	if (reload->is_running) {
		pthread_join(reload->thread, NULL);
		loader_end_replacement(reload->loader, false);
		filter_free(reload->fresh);
	}
	filter_free(reload->filter);
	set_watch_close(&reload->watch);
	free(reload->expression);
	free(reload);
	return true;
}

static void describe_set(const struct hostset *set, uint64_t bytes, struct notices *notices)
{
	size_t addresses = hostset_address_count(set), prefixes = hostset_prefix_count(set);
	char left_out[80] = "", memory[32];

	if (addresses + prefixes == 0) {
		notices_say(notices, "set %s: empty, it matches nothing", set->path);
		return;
	}
	if (set->left_out)
		snprintf(left_out, sizeof(left_out), " (%zu more are repeated or inside others)",
			 set->left_out);
	if (bytes < 10 * MIB)
		snprintf(memory, sizeof(memory), "%" PRIu64 " KiB", (bytes + KIB - 1) / KIB);
	else
		snprintf(memory, sizeof(memory), "%" PRIu64 " MiB", (bytes + MIB / 2) / MIB);
	notices_say(notices, "set %s: %zu address%s, %zu prefix%s%s, %s",
		    set->path ? set->path : "of the expression", addresses,
		    addresses == 1 ? "" : "es", prefixes, prefixes == 1 ? "" : "es", left_out,
		    memory);
}

void reload_describe_sets(const struct filter *filter, const struct loader *loader,
			  struct notices *notices)
{
	size_t count;
	const struct hostset *const *sets = filter_sets(filter, &count);

	for (size_t i = 0; i < count; i++)
		describe_set(sets[i], set_maps_memory_bytes(loader_set_maps(loader), i), notices);
}

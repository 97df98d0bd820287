/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keeper's sequence of files, and that a writer which is not itself any more gets nothing out
 * of it but files that are due.
 */
#include "../../user/rotation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../user/writer.h"
#include "check.h"

static char folder[] = "/tmp/rotation_test.XXXXXX";
static char path[PATH_MAX];
static struct options options;
static struct shared_status shared;
static struct notices notices;
static struct rotation rotation;

static int open_rotation(const char *name, struct rotation_options wanted)
{
	struct error why = {};
	int error;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	options = (struct options){
		.output = strcmp(name, "-") == 0 ? "-" : path,
		.rotation = wanted,
	};
	notices = (struct notices){ .are_held = true };
	memset(&shared, 0, sizeof(shared));
	rotation = (struct rotation){
		.options = &options,
		.notices = &notices,
		.shared = &shared,
		.directory_fd = -1,
		.fd = -1,
	};
	error = rotation_open(&rotation, &why);
	check_note("%s", why.message);
	return error;
}

/* As a writer would, so that the file is one. */
static void write_something(void)
{
	if (write(rotation.fd, "something", 9) != 9)
		check(false, "something is written");
}

static bool is_there(const char *name)
{
	return !faccessat(rotation.directory_fd, name, F_OK, 0);
}

static bool is_open(const char *name)
{
	struct stat named, opened;

	return rotation.fd >= 0 && !fstat(rotation.fd, &opened) &&
	       !fstatat(rotation.directory_fd, name, &named, 0) && named.st_ino == opened.st_ino &&
	       !named.st_size;
}

static void test_sequence(void)
{
	check(!open_rotation("s", (struct rotation_options){ .maximum_bytes = 1,
							     .ring = 2,
							     .has_part_suffix = true }),
	      "the first file is opened");
	check(is_open("s.part") && strcmp(shared.output.name, path) == 0,
	      "it has a suffix, and the writer knows its name without it");
	shared.flushed_bytes = 9;
	write_something();
	check(!rotation_next(&rotation, 0) && is_open("s1.part") && is_there("s") &&
		      !is_there("s.part") && !shared.flushed_bytes,
	      "the second follows, and nothing of it is there yet");
	write_something();
	check(!rotation_next(&rotation, 0) && is_open("s2.part") && is_there("s1") &&
		      !is_there("s"),
	      "with the third the first goes");
	rotation_finish(&rotation);
	check(!is_there("s2.part") && !is_there("s2") && is_there("s1"),
	      "a last file without a header does not stay");
	rotation_close(&rotation);
}

static void test_out_of_turn(void)
{
	int64_t now_s = time(NULL);

	check(!open_rotation("o", (struct rotation_options){}), "one file");
	check(rotation_next(&rotation, 0) == -EPROTO && rotation_next(&rotation, now_s) == -EPROTO,
	      "where one file is wanted there is no other");
	rotation_close(&rotation);
	check(!open_rotation("size", (struct rotation_options){ .maximum_bytes = 1 }) &&
		      rotation_next(&rotation, now_s) == -EPROTO,
	      "no file of the clock without -G");
	rotation_close(&rotation);
	check(!open_rotation("%s", (struct rotation_options){ .interval_s = 1 }) &&
		      rotation_next(&rotation, 0) == -EPROTO,
	      "no file of a size without -C");
	check(!rotation_next(&rotation, now_s + 1000) && rotation.place.begin_s < now_s + 1000 &&
		      !rotation_next(&rotation, UINT32_MAX) &&
		      rotation.place.begin_s < now_s + 1000,
	      "no file of a time to come, but one of now");
	rotation_close(&rotation);
	check(!open_rotation("-", (struct rotation_options){}) &&
		      rotation_next(&rotation, 0) == -EPROTO && rotation.fd >= 0,
	      "none behind stdout");
	rotation_wait_for_room(&rotation, -ENOSPC);
	check(!rotation.is_waiting && rotation.fd >= 0, "and stdout is not waited for");
	rotation_finish(&rotation);
	rotation_close(&rotation);
}

int main(void)
{
	char command[64];

	if (!mkdtemp(folder)) {
		perror(folder);
		return 1;
	}
	test_sequence();
	test_out_of_turn();
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) || check_finish();
}

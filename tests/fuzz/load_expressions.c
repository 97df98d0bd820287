/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads what the fuzzer compiled: of the expressions in the files of a folder, each up to a
 * newline or a NUL, some that pktsieve takes, evenly spread, with tc and with XDP.
 *
 *   load_expressions FOLDER COUNT
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "../kernel/kernel_capture.h"
#include "../unit/check.h"

#define EXPRESSION_BYTES 4096

static bool is_taken(const char *expression)
{
	struct filter_error error = { 0 };
	struct filter *filter = NULL;
	bool is_taken = filter_compile(expression, &filter, &error) == 0;

	filter_free(filter);
	return is_taken;
}

static char *read_expression(const char *folder, const char *name)
{
	char path[512], text[EXPRESSION_BYTES] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "r");
	if (!file)
		return NULL;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return text[0] && is_taken(text) ? strdup(text) : NULL;
}

static bool loads(const char *expression)
{
	static const enum hook hooks[] = { HOOK_TC, HOOK_XDP_GENERIC };
	int error = 0;

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]) && !error; i++) {
		struct kernel_capture_options options = { .hook = hooks[i],
							  .expression = expression };
		struct kernel_capture capture;

		error = kernel_capture_open(&options, &capture);
		kernel_capture_close(&capture);
	}
	return error == 0;
}

int main(int argc, char **argv)
{
	size_t count = 0, taken = 0, wanted = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	size_t loaded = 0, tried = 0;
	struct dirent **list;
	char **expressions;
	int files = argc == 3 ? scandir(argv[1], &list, NULL, NULL) : -1;

	if (files < 0 || wanted == 0) {
		fprintf(stderr, "usage: load_expressions FOLDER COUNT\n");
		return 2;
	}
	expressions = calloc((size_t)files, sizeof(*expressions));
	for (int i = 0; i < files && expressions; i++) {
		expressions[taken] = read_expression(argv[1], list[i]->d_name);
		taken += expressions[taken] != NULL;
		free(list[i]);
	}
	/* scandir() has them in the order of their hashes: any n-th is as good as another. */
	for (size_t i = 0; i < taken; i++) {
		if (count++ % (taken / wanted + 1) == 0) {
			tried++;
			loaded += loads(expressions[i]);
		}
		free(expressions[i]);
	}
	free(expressions);
	free(list);
	check(tried > 0 && loaded == tried, "the kernel loads what the fuzzer compiled");
	printf("# %zu of %zu expressions, in %d files; %zu are loaded\n", tried, taken, files,
	       loaded);
	return check_finish();
}

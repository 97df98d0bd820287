/* SPDX-License-Identifier: GPL-2.0-only */
/* See metrics_output.h. */
#include "metrics_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"

static void tell(struct metrics_output *output, int error)
{
	if (output->has_failed)
		return;
	output->has_failed = true;
	notices_say(output->notices, "'--metrics-file' is not written: %s%s", strerror(-error),
		    error == -EFBIG ? " (use a smaller '--top')" : "");
}

void metrics_output_show(struct metrics_output *output, const struct report_figures *figures,
			 bool is_final)
{
	struct metrics_text *slot;
	char *text = NULL;
	size_t length = 0;
	FILE *whole;
	int error = -ENOMEM;

	if (!output->page)
		return;
	slot = is_final ? &output->page->last : &output->page->live;
	whole = open_memstream(&text, &length);
	if (whole) {
		metrics_print(&output->metrics, figures, !is_final, whole);
		error = fclose(whole) ? -ENOMEM : metrics_page_put(slot, text, length);
	}
	if (!error)
		channel_send(output->channel_fd, CHANNEL_METRICS, is_final, -1);
	else if (error != -EAGAIN)
		tell(output, error);
	free(text);
}

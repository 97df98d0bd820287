/* SPDX-License-Identifier: GPL-2.0-only */
/* libFuzzer's target: an input is a capture file, of any format, compressed or not. */
#include <stdlib.h>
#include <string.h>

#include "../../tools/capture_reader.h"
#include "view_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that a packet says is there: the sanitizers see whether it is. */
static uint32_t touch(const struct packet *packet)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < packet->bytes.length; i++)
		sum += packet->bytes.data[i];
	for (size_t i = 0; i < packet->comment.length; i++)
		sum += packet->comment.data[i];
	return packet->interface_name ? sum + (uint32_t)strlen(packet->interface_name) : sum;
}

/* An error has words, which say where. */
static void check_error(int error, const struct error *words)
{
	if (error != -ENODATA && !strstr(words->message, "'/proc/self/fd/"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile uint32_t sum;
	struct capture_reader *reader = NULL;
	struct packet packet = { 0 };
	struct error words = { 0 };
	int error = capture_reader_open(file_in_memory(data, size), &reader, &words);

	while (!error) {
		error = capture_reader_next(reader, &packet, &words);
		if (!error)
			sum += touch(&packet);
	}
	check_error(error, &words);
	capture_reader_close(reader);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* One tcpdump process for each expression, for all frames together. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pcap/pcap.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reference_walk.h"
#include "test_run.h"

/* libpcap loops for ever on some packets, deaf to SIGTERM. */
#define PATIENCE_SECONDS "60"
#define STATUS_KILLED 137 /* of timeout(1): 128 + SIGKILL */
#define STATUS_NOT_THERE 127

extern char **environ;

int frames_add(struct frames *frames, const uint8_t *bytes, uint32_t length, uint32_t wire_bytes)
{
	struct frame *frame;

	if (frames->count == frames->capacity) {
		size_t capacity = frames->capacity ? 2 * frames->capacity : 1024;
		struct frame *list = realloc(frames->list, capacity * sizeof(*list));

		if (!list)
			return -ENOMEM;
		frames->list = list;
		frames->capacity = capacity;
	}
	frame = &frames->list[frames->count];
	frame->bytes = malloc(length + 1);
	if (!frame->bytes)
		return -ENOMEM;
	memcpy(frame->bytes, bytes, length);
	frame->length = length;
	frame->wire_bytes = wire_bytes;
	reference_walk(bytes, length, &frame->summary);
	frames->count++;
	return 0;
}

/* Opens a capture file, through gzip where that made it. */
static pcap_t *open_capture(const char *path, char *message)
{
	size_t length = strlen(path);
	char command[PATH_MAX + 32];
	FILE *gzip;

	if (length < 3 || strcmp(path + length - 3, ".gz") != 0)
		return pcap_open_offline(path, message);
	snprintf(command, sizeof(command), "gzip -dc -- '%s'", path);
	gzip = popen(command, "r");
	return gzip ? pcap_fopen_offline(gzip, message) : NULL;
}

int frames_read(struct frames *frames, const char *path)
{
	char message[PCAP_ERRBUF_SIZE] = "";
	struct pcap_pkthdr *header;
	const u_char *bytes;
	pcap_t *reader = open_capture(path, message);
	int error = 0;

	if (!reader) {
		printf("# %s: %s\n", path, message);
		return 0;
	}
	while (!error && pcap_datalink(reader) == DLT_EN10MB &&
	       pcap_next_ex(reader, &header, &bytes) == 1)
		if (header->caplen <= PACKET_MAXIMUM_BYTES)
			error = frames_add(frames, bytes, header->caplen, header->len);
	/* fclose(), which this calls, waits for gzip. */
	pcap_close(reader);
	return error;
}

void frames_free(struct frames *frames)
{
	for (size_t i = 0; i < frames->count; i++)
		free(frames->list[i].bytes);
	free(frames->list);
	*frames = (struct frames){ 0 };
}

static int write_frames(const struct frames *frames, pcap_t *format, FILE *file)
{
	pcap_dumper_t *dumper = pcap_dump_fopen(format, file);

	if (!dumper)
		return -EIO;
	for (size_t i = 0; i < frames->count; i++) {
		const struct frame *frame = &frames->list[i];
		struct pcap_pkthdr header = { .ts.tv_sec = (time_t)i,
					      .caplen = frame->length,
					      .len = frame->wire_bytes };

		pcap_dump((u_char *)dumper, &header, frame->bytes);
	}
	if (pcap_dump_flush(dumper) || ferror(file)) {
		pcap_dump_close(dumper);
		return -EIO;
	}
	pcap_dump_close(dumper);
	return 0;
}

int oracle_open(const struct frames *frames, struct oracle *ret_oracle)
{
	pcap_t *format = pcap_open_dead(DLT_EN10MB, MAXIMUM_SNAPSHOT_BYTES);
	FILE *file;
	int error, fd;

	*ret_oracle =
		(struct oracle){ .path = "/tmp/pktsieve-oracle.XXXXXX", .count = frames->count };
	fd = mkstemp(ret_oracle->path);
	file = fd >= 0 ? fdopen(fd, "w") : NULL;
	error = format && file ? write_frames(frames, format, file) : -errno;
	if (format)
		pcap_close(format);
	if (error) {
		oracle_close(ret_oracle);
		ret_oracle->path[0] = '\0';
	}
	return error;
}

void oracle_close(struct oracle *oracle)
{
	if (oracle->path[0])
		unlink(oracle->path);
	oracle->path[0] = '\0';
}

/* Starts tcpdump with its output into a pipe, whose other end is returned. */
static int start_tcpdump(const struct oracle *oracle, const char *expression, pid_t *ret_child)
{
	char *const arguments[] = { "timeout",
				    "-s",
				    "KILL",
				    PATIENCE_SECONDS,
				    "tcpdump",
				    "-Z",
				    "root",
				    "-r",
				    (char *)oracle->path,
				    "-w",
				    "-",
				    "--",
				    (char *)expression,
				    NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(ret_child, arguments[0], &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (!error)
		return ends[0];
	close(ends[0]);
	return -error;
}

/* Reads what tcpdump wrote; nothing at all where it refused the expression. */
static int read_matches(FILE *output, size_t count, bool *ret_matches)
{
	char message[PCAP_ERRBUF_SIZE];
	pcap_t *reader = pcap_fopen_offline(output, message);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int state;

	if (!reader) {
		fclose(output);
		return -EINVAL;
	}
	while ((state = pcap_next_ex(reader, &header, &bytes)) == 1)
		if ((size_t)header->ts.tv_sec < count)
			ret_matches[header->ts.tv_sec] = true;
	pcap_close(reader);
	return state == PCAP_ERROR_BREAK ? 0 : -EIO;
}

int oracle_ask(const struct oracle *oracle, const char *expression, bool *ret_matches)
{
	int error, fd, status;
	FILE *output;
	pid_t child;

	fd = start_tcpdump(oracle, expression, &child);
	if (fd < 0)
		return fd;
	memset(ret_matches, 0, oracle->count * sizeof(*ret_matches));
	output = fdopen(fd, "r");
	error = output ? read_matches(output, oracle->count, ret_matches) : -errno;
	if (!output)
		close(fd);
	if (waitpid(child, &status, 0) != child)
		return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOT_THERE)
		return -ENOENT;
	if (WIFSIGNALED(status) || WEXITSTATUS(status) == STATUS_KILLED)
		return -ETIME;
	if (WEXITSTATUS(status) != 0)
		return -EINVAL;
	return error;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* One tcpdump process for each expression, for all frames together. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reference_walk.h"
#include "test_run.h"

extern char **environ;

int frames_add(struct frames *frames, const uint8_t *bytes, uint32_t length)
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
	frame->bytes = malloc(length);
	if (!frame->bytes)
		return -ENOMEM;
	memcpy(frame->bytes, bytes, length);
	frame->length = length;
	reference_walk(bytes, length, &frame->summary);
	frames->count++;
	return 0;
}

int frames_read(struct frames *frames, const char *path, size_t limit)
{
	char message[PCAP_ERRBUF_SIZE];
	pcap_t *reader = pcap_open_offline(path, message);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int error = 0;

	if (!reader) {
		printf("# %s\n", message);
		return 0;
	}
	while (!error && limit > 0 && pcap_datalink(reader) == DLT_EN10MB &&
	       pcap_next_ex(reader, &header, &bytes) == 1) {
		if (header->caplen < TEST_RUN_MINIMUM_BYTES ||
		    header->caplen > TEST_RUN_MAXIMUM_BYTES)
			continue;
		error = frames_add(frames, bytes, header->caplen);
		limit--;
	}
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

static void append(struct packet *packet, const uint8_t *bytes, uint32_t count)
{
	memcpy(packet->bytes + packet->length, bytes, count);
	packet->length += count;
}

/* The frame as if its network header followed Ethernet's and the transport header that. */
static void unwrap(const struct frame *frame, struct packet *ret_packet)
{
	const struct packet_summary *summary = &frame->summary;
	const uint8_t type[] = { (uint8_t)(summary->ethertype >> 8), (uint8_t)summary->ethertype };
	uint32_t from = summary->network_offset;

	append(ret_packet, frame->bytes, 12);
	/* An IEEE 802.3 length stays what it was. */
	append(ret_packet, summary->fields & SUMMARY_LLC ? frame->bytes + from - 2 : type, 2);
	if (reference_has_ipv6_extension(frame->bytes, summary) &&
	    summary->fields & SUMMARY_TRANSPORT && summary->transport_offset <= frame->length) {
		append(ret_packet, frame->bytes + from, 40);
		ret_packet->bytes[14 + 6] = summary->ip_protocol;
		from = summary->transport_offset;
	}
	append(ret_packet, frame->bytes + from, frame->length - from);
}

static void view_frame(const struct frame *frame, enum oracle_view view, struct packet *ret_packet)
{
	ret_packet->length = 0;
	if (view == ORACLE_AS_THEY_ARE)
		append(ret_packet, frame->bytes, frame->length);
	else
		unwrap(frame, ret_packet);
}

static int write_frames(const struct frames *frames, enum oracle_view view, pcap_t *format,
			FILE *file)
{
	pcap_dumper_t *dumper = pcap_dump_fopen(format, file);
	static struct packet packet;

	if (!dumper)
		return -EIO;
	for (size_t i = 0; i < frames->count; i++) {
		struct pcap_pkthdr header = { .ts.tv_sec = (time_t)i };

		view_frame(&frames->list[i], view, &packet);
		header.caplen = packet.length;
		header.len = packet.length;
		pcap_dump((u_char *)dumper, &header, packet.bytes);
	}
	if (pcap_dump_flush(dumper) || ferror(file)) {
		pcap_dump_close(dumper);
		return -EIO;
	}
	pcap_dump_close(dumper);
	return 0;
}

int oracle_open(const struct frames *frames, enum oracle_view view, struct oracle *ret_oracle)
{
	pcap_t *format = pcap_open_dead(DLT_EN10MB, MAXIMUM_SNAPSHOT_BYTES);
	FILE *file;
	int error, fd;

	*ret_oracle =
		(struct oracle){ .path = "/tmp/pktsieve-oracle.XXXXXX", .count = frames->count };
	fd = mkstemp(ret_oracle->path);
	file = fd >= 0 ? fdopen(fd, "w") : NULL;
	error = format && file ? write_frames(frames, view, format, file) : -errno;
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
	char *const arguments[] = {
		"tcpdump",          "-Z", "root", "-r", (char *)oracle->path, "-w", "-", "--",
		(char *)expression, NULL
	};
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
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -ENOENT;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return -EINVAL;
	return error;
}

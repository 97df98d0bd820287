/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The channel between keeper and writer: what is sent arrives, what is no message is refused,
 * and whatever a peer does, no descriptor of it stays open unnoticed.
 */
#include "../../user/channel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define UNTOUCHED 0x55555555
#define MAXIMUM_PASSED 8

static int count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	if (!folder) {
		perror("/proc/self/fd");
		exit(1);
	}
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void open_channel(int fds[2])
{
	int error = channel_open(fds);

	if (error) {
		fprintf(stderr, "no channel: %s\n", strerror(-error));
		exit(1);
	}
}

static void close_both(const int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

static void open_pipe(int fds[2])
{
	if (pipe2(fds, O_CLOEXEC)) {
		perror("pipe");
		exit(1);
	}
}

static const struct {
	const char *name;
	enum channel_message_type type;
	uint32_t value;
} messages[] = {
	{ "the first type", 0, 0 },
	{ "CHANNEL_STOP", CHANNEL_STOP, 0 },
	{ "CHANNEL_FINISHED", CHANNEL_FINISHED, ENOSPC },
	{ "the last type", CHANNEL_MESSAGE_COUNT - 1, UINT32_MAX },
};

static void test_messages(void)
{
	for (size_t i = 0; i < LENGTH(messages); i++) {
		for (int from = 0; from < 2; from++) {
			struct channel_message message = {};
			int fds[2], passed = UNTOUCHED, error;

			open_channel(fds);
			error = channel_send(fds[from], messages[i].type, messages[i].value, -1);
			if (!error)
				error = channel_receive(fds[!from], &message, &passed);
			check(!error && message.type == messages[i].type &&
				      message.value == messages[i].value && passed == -1,
			      "%s with value %u arrives from end %d, without a descriptor",
			      messages[i].name, messages[i].value, from);
			check_note("error %d, type %u, value %u, descriptor %d", error,
				   message.type, message.value, passed);
			close_both(fds);
		}
	}
}

static void test_order(void)
{
	struct channel_message message = {};
	int fds[2], passed, received = 0;

	open_channel(fds);
	for (uint32_t i = 0; i < 10; i++)
		channel_send(fds[0], CHANNEL_FINISHED, i, -1);
	for (uint32_t i = 0; i < 10; i++)
		received += !channel_receive(fds[1], &message, &passed) && message.value == i;
	check(received == 10, "ten messages arrive one by one, in their order");
	check_note("%d did", received);
	close_both(fds);
}

/* Nobody reads: offers end, and there is room for what has to be sent. */
static void test_offers(void)
{
	struct channel_message message = {};
	int fds[2], passed, offered = 0, received = 0;

	open_channel(fds);
	while (offered < 1000 && !channel_offer(fds[0], CHANNEL_PRINT))
		offered++;
	check(offered > 0 && offered < 1000, "offers that nobody reads are left out by and by");
	check_note("%d were taken", offered);
	check(channel_offer(fds[0], CHANNEL_PRINT) == -EAGAIN, "what is left out is EAGAIN");
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	check(!channel_send(fds[0], CHANNEL_STOP, 0, -1) &&
		      !channel_send(fds[0], CHANNEL_QUIT, 0, -1),
	      "behind offers that nobody reads there is room for other messages");
	for (; received < offered; received++)
		if (channel_receive(fds[1], &message, &passed) || message.type != CHANNEL_PRINT)
			break;
	check(received == offered, "offers that were taken arrive");
	check(!channel_receive(fds[1], &message, &passed) && message.type == CHANNEL_STOP &&
		      !channel_receive(fds[1], &message, &passed) && message.type == CHANNEL_QUIT,
	      "other messages arrive behind them");
	check(!channel_offer(fds[0], CHANNEL_PRINT), "what was read makes room for offers");
	close_both(fds);
}

static void test_descriptor(void)
{
	struct channel_message message = {};
	char text[4] = "";
	int fds[2], ends[2], passed = -1, error;

	open_channel(fds);
	open_pipe(ends);
	error = channel_send(fds[0], CHANNEL_OUTPUT, 7, ends[1]);
	if (!error)
		error = channel_receive(fds[1], &message, &passed);
	check(!error && message.type == CHANNEL_OUTPUT && message.value == 7 && passed >= 0,
	      "a message with a descriptor arrives");
	check(passed != ends[1] && passed >= 0, "the descriptor that arrives is a new one");
	check(fcntl(passed, F_GETFD) == FD_CLOEXEC, "a descriptor that arrives is closed by exec");
	close(ends[1]);
	check(write(passed, "abc", 3) == 3 && read(ends[0], text, 3) == 3 && !strcmp(text, "abc"),
	      "what is written to the descriptor that arrived comes out of the pipe");
	close(passed);
	check(read(ends[0], text, 1) == 0, "the pipe ends with the descriptor that arrived");
	close(ends[0]);
	close_both(fds);
}

static void test_mixed(void)
{
	struct channel_message message = {};
	int before = count_descriptors(), fds[2], first = -1, second = -1, third = -1;

	open_channel(fds);
	channel_send(fds[0], CHANNEL_OUTPUT, 1, fds[0]);
	channel_send(fds[0], CHANNEL_STOP, 2, -1);
	channel_send(fds[0], CHANNEL_OUTPUT, 3, fds[1]);
	check(!channel_receive(fds[1], &message, &first) && message.value == 1 && first >= 0 &&
		      !channel_receive(fds[1], &message, &second) && message.value == 2 &&
		      second == -1 && !channel_receive(fds[1], &message, &third) &&
		      message.value == 3 && third >= 0,
	      "a descriptor stays with its message");
	close(first);
	close(third);
	close_both(fds);
	check(count_descriptors() == before, "messages with descriptors leave none open");
}

static void test_open(void)
{
	int before = count_descriptors(), fds[2];

	open_channel(fds);
	check(fcntl(fds[0], F_GETFD) == FD_CLOEXEC && fcntl(fds[1], F_GETFD) == FD_CLOEXEC,
	      "both ends of a channel are closed by exec");
	close_both(fds);
	check(count_descriptors() == before, "a channel is two descriptors");
}

static void test_bad_descriptors(void)
{
	struct channel_message message = { .type = UNTOUCHED, .value = UNTOUCHED };
	int fds[2], passed = UNTOUCHED;

	open_channel(fds);
	check(channel_send(fds[0], CHANNEL_OUTPUT, 0, 1000000) == -EBADF,
	      "a descriptor that is not open cannot be sent");
	channel_send(fds[0], CHANNEL_STOP, 5, -1);
	check(!channel_receive(fds[1], &message, &passed) && message.value == 5,
	      "a message that could not be sent does not arrive");
	close_both(fds);
	check(channel_send(-1, CHANNEL_STOP, 0, -1) == -EBADF, "no end to send by is EBADF");
	check(channel_receive(-1, &message, &passed) == -EBADF, "no end to receive by is EBADF");
}

static void test_dead_peer(void)
{
	struct channel_message message = { .type = UNTOUCHED, .value = UNTOUCHED };
	int fds[2], passed = UNTOUCHED;

	open_channel(fds);
	close(fds[1]);
	check(channel_receive(fds[0], &message, &passed) == -EPIPE,
	      "receiving from the dead is EPIPE");
	check(channel_receive(fds[0], &message, &passed) == -EPIPE, "and stays EPIPE");
	check(channel_send(fds[0], CHANNEL_STOP, 0, -1) == -EPIPE,
	      "sending to the dead is EPIPE, and no signal");
	check(message.type == UNTOUCHED && passed == UNTOUCHED,
	      "a dead peer leaves the results as they were");
	close(fds[0]);
}

static void test_last_words(void)
{
	struct channel_message message = {};
	int fds[2], passed;

	open_channel(fds);
	channel_send(fds[1], CHANNEL_FINISHED, 28, -1);
	close(fds[1]);
	check(!channel_receive(fds[0], &message, &passed) && message.value == 28,
	      "the last message of a dead peer arrives");
	check(channel_receive(fds[0], &message, &passed) == -EPIPE, "behind it is EPIPE");
	close(fds[0]);
	open_channel(fds);
	channel_send(fds[0], CHANNEL_STOP, 0, -1);
	close(fds[1]);
	check(channel_receive(fds[0], &message, &passed) == -EPIPE,
	      "a peer that died with a message unread is EPIPE");
	close(fds[0]);
}

/* Sends length bytes and `count` copies of a descriptor, as no channel_send() would. */
static void send_raw(int fd, const void *bytes, size_t length, int passed, size_t count)
{
	struct iovec part = { .iov_base = (void *)bytes, .iov_len = length };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(MAXIMUM_PASSED * sizeof(int))];
	} control = {};

	if (count) {
		packet.msg_control = control.room;
		packet.msg_controllen = CMSG_SPACE(count * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
		for (size_t i = 0; i < count; i++)
			memcpy(CMSG_DATA(&control.header) + i * sizeof(int), &passed, sizeof(int));
	}
	if (sendmsg(fd, &packet, MSG_NOSIGNAL) != (ssize_t)length) {
		perror("sendmsg");
		exit(1);
	}
}

/* The message's type is the first 4 of the bytes, in host byte order. */
static const struct {
	const char *name;
	uint32_t type;
	size_t length;
	size_t descriptors;
} garbage[] = {
	{ "one byte", CHANNEL_STOP, 1, 0 },
	{ "half a message", CHANNEL_STOP, 4, 0 },
	{ "a message that lacks a byte", CHANNEL_STOP, 7, 0 },
	{ "a message and a byte", CHANNEL_STOP, 9, 0 },
	{ "a message twice as long", CHANNEL_STOP, 16, 0 },
	{ "4096 bytes", CHANNEL_STOP, 4096, 0 },
	{ "a type that is one too high", CHANNEL_MESSAGE_COUNT, 8, 0 },
	{ "the highest type", UINT32_MAX, 8, 0 },
	{ "one byte with a descriptor", CHANNEL_STOP, 1, 1 },
	{ "a message that lacks a byte, with a descriptor", CHANNEL_OUTPUT, 7, 1 },
	{ "a message and a byte with a descriptor", CHANNEL_OUTPUT, 9, 1 },
	{ "an unknown type with a descriptor", CHANNEL_MESSAGE_COUNT, 8, 1 },
	{ "a message with two descriptors", CHANNEL_OUTPUT, 8, 2 },
	{ "a message with three descriptors", CHANNEL_OUTPUT, 8, 3 },
	{ "a message with eight descriptors", CHANNEL_OUTPUT, 8, MAXIMUM_PASSED },
	{ "one byte with two descriptors", CHANNEL_OUTPUT, 1, 2 },
	{ "an unknown type with three descriptors", CHANNEL_MESSAGE_COUNT, 8, 3 },
};

static void check_garbage(size_t i, const char bytes[4096])
{
	struct channel_message message = { .type = UNTOUCHED, .value = UNTOUCHED };
	int fds[2], passed = UNTOUCHED, before, left, error;

	open_channel(fds);
	before = count_descriptors();
	send_raw(fds[0], bytes, garbage[i].length, fds[1], garbage[i].descriptors);
	error = channel_receive(fds[1], &message, &passed);
	left = count_descriptors() - before;
	check(error == -EPROTO, "%s is no message", garbage[i].name);
	check_note("result %d, type %u, descriptor %d", error, message.type, passed);
	check(error ? passed == UNTOUCHED && message.type == UNTOUCHED : passed == -1,
	      "%s leaves the results as they were", garbage[i].name);
	check(left == 0, "%s leaves no descriptor open", garbage[i].name);
	check_note("it leaves %d", left);
	channel_send(fds[0], CHANNEL_STOP, 3, -1);
	check(!channel_receive(fds[1], &message, &passed) && message.value == 3,
	      "the message behind %s arrives", garbage[i].name);
	close_both(fds);
}

static void test_garbage(void)
{
	char bytes[4096] = {};

	for (size_t i = 0; i < LENGTH(garbage); i++) {
		memcpy(bytes, &garbage[i].type, sizeof(garbage[i].type));
		check_garbage(i, bytes);
	}
}

/* An empty message looks like the end of the channel: either answer is right. */
static void test_empty(size_t descriptors)
{
	struct channel_message message;
	int fds[2], passed, before, left, error;

	open_channel(fds);
	before = count_descriptors();
	send_raw(fds[0], "", 0, fds[1], descriptors);
	error = channel_receive(fds[1], &message, &passed);
	left = count_descriptors() - before;
	check(error == -EPIPE || error == -EPROTO,
	      "nothing at all with %zu descriptors is no message", descriptors);
	check(left == 0, "nothing at all with %zu descriptors leaves no descriptor open",
	      descriptors);
	check_note("it leaves %d", left);
	close_both(fds);
}

/* The writer's part: writes to the pipe it is sent, answers, and waits for the end. */
static void run_child(int fd)
{
	struct channel_message message;
	int passed = -1;

	if (channel_receive(fd, &message, &passed) || passed < 0 ||
	    write(passed, &message.value, sizeof(message.value)) != sizeof(message.value))
		_exit(2);
	if (channel_send(fd, CHANNEL_READY, message.value + 1, -1))
		_exit(3);
	if (channel_receive(fd, &message, &passed) || message.type != CHANNEL_STOP)
		_exit(4);
	if (channel_send(fd, CHANNEL_FINISHED, 0, -1))
		_exit(5);
	_exit(channel_receive(fd, &message, &passed) == -EPIPE ? 0 : 6);
}

static void test_fork(void)
{
	struct channel_message message = {};
	int fds[2], ends[2], passed, status = -1;
	uint32_t value = 0;
	pid_t child;

	open_channel(fds);
	open_pipe(ends);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		close_both(ends);
		run_child(fds[1]);
	}
	close(fds[1]);
	check(!channel_send(fds[0], CHANNEL_OUTPUT, 41, ends[1]),
	      "another process is sent a descriptor");
	close(ends[1]);
	check(!channel_receive(fds[0], &message, &passed) && message.type == CHANNEL_READY &&
		      message.value == 42,
	      "another process answers");
	check(read(ends[0], &value, sizeof(value)) == sizeof(value) && value == 41,
	      "another process can write to the descriptor it was sent");
	check(!channel_send(fds[0], CHANNEL_STOP, 0, -1) &&
		      !channel_receive(fds[0], &message, &passed) &&
		      message.type == CHANNEL_FINISHED,
	      "another process answers a second message");
	close(fds[0]);
	close(ends[0]);
	check(waitpid(child, &status, 0) == child && WIFEXITED(status) && !WEXITSTATUS(status),
	      "another process sees the end of the channel as EPIPE");
	check_note("status 0x%x", (unsigned int)status);
}

/* Killed while it waits: what the keeper sees when the writer crashes. */
static void test_killed(void)
{
	struct channel_message message;
	int fds[2], passed;
	pid_t child;

	open_channel(fds);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		channel_send(fds[1], CHANNEL_READY, 0, -1);
		for (;;)
			pause();
	}
	close(fds[1]);
	check(!channel_receive(fds[0], &message, &passed) && message.type == CHANNEL_READY,
	      "a process that is alive is heard");
	kill(child, SIGKILL);
	check(channel_receive(fds[0], &message, &passed) == -EPIPE,
	      "a process that is killed is EPIPE");
	close(fds[0]);
	waitpid(child, NULL, 0);
}

int main(void)
{
	test_open();
	test_messages();
	test_order();
	test_offers();
	test_descriptor();
	test_mixed();
	test_bad_descriptors();
	test_dead_peer();
	test_last_words();
	test_garbage();
	test_empty(0);
	test_empty(1);
	test_fork();
	test_killed();
	return check_finish();
}

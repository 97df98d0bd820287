/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of the packets that passed the filter are copied: a sample, so many of each host, so many
 * a second, or none for now. What is left out is counted, and the counters of protocols and of the
 * busiest are those of all.
 */
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/check.h"
#include "ipv4_frame.h"
#include "kernel_capture.h"

#define SECOND_NS 1000000000ull

static void make_frame(struct packet *packet)
{
	const struct layer transport = { .kind = LAYER_UDP, .source = 40000, .destination = 9 };

	ipv4_frame_make(&transport, packet);
}

static int open_limited(const struct copy_limits *limits, const char *expression,
			struct kernel_capture *ret_capture)
{
	const struct kernel_capture_options options = {
		.expression = expression,
		.limits = *limits,
	};

	return kernel_capture_open(&options, ret_capture);
}

static int run_frames(const struct kernel_capture *capture, enum direction direction,
		      const struct packet *packet, unsigned int count)
{
	int error = 0;

	for (unsigned int i = 0; i < count && !error; i++)
		error = kernel_capture_run(capture, direction, packet, packet->length, NULL);
	return error;
}

static struct frame_counters frames_of(const struct kernel_capture *capture,
				       enum direction direction)
{
	struct cpu_counters sum;

	kernel_capture_sum(capture, &sum);
	return sum.frames[direction];
}

static bool adds_up(const struct frame_counters *frames)
{
	return frames->seen ==
	       frames->filtered_out + frames->sampled_out + frames->over_limit + frames->matched;
}

static void test_sample(uint32_t every, unsigned int count, uint64_t least, uint64_t most)
{
	const struct copy_limits limits = { .sample_every = every };
	struct frame_counters frames;
	struct kernel_capture capture;
	struct cpu_counters sum;
	struct packet packet;
	int error = open_limited(&limits, "udp", &capture);

	make_frame(&packet);
	if (!error)
		error = run_frames(&capture, DIRECTION_INGRESS, &packet, count);
	if (!error) {
		kernel_capture_sum(&capture, &sum);
		frames = sum.frames[DIRECTION_INGRESS];
	}
	/* Five standard deviations of the binomial distribution. */
	check(!error && frames.matched >= least && frames.matched <= most && adds_up(&frames) &&
		      frames.sampled_out == count - frames.matched,
	      "of a sample of 1/%u the right share is copied, the rest is counted as sampled out",
	      every);
	check_note("%llu of %u", error ? 0ull : frames.matched, count);
	check(!error && sum.matched[DIRECTION_INGRESS].protocols[PROTOCOL_UDP].packets == count,
	      "1/%u: the counters of the protocols are those of all", every);
	kernel_capture_close(&capture);
}

static void test_hosts(void)
{
	const struct copy_limits limits = { .packets_per_host = 5 };
	struct kernel_capture capture;
	struct frame_counters in, out;
	struct packet packet;
	int error = open_limited(&limits, "", &capture);

	make_frame(&packet);
	/* Hosts 0 to 9 send 0 to 9 packets, and get as many; the local one is in all of them. */
	for (unsigned int host = 0; host < 10 && !error; host++) {
		ipv4_frame_set_address(&packet, IPV4_SOURCE_OFFSET, 0xc0000200 + host);
		error = run_frames(&capture, DIRECTION_INGRESS, &packet, host);
	}
	if (!check(!error, "a limit per host can be set"))
		goto out;
	in = frames_of(&capture, DIRECTION_INGRESS);
	check(in.matched == 0 + 1 + 2 + 3 + 4 + 6 * 5 - 5 && adds_up(&in) &&
		      in.over_limit == 45 - in.matched,
	      "each host that sends has as many packets as it may, not one more");
	check_note("%llu, %llu over", in.matched, in.over_limit);
	ipv4_frame_set_address(&packet, IPV4_SOURCE_OFFSET, 0x0a000002);
	ipv4_frame_set_address(&packet, IPV4_DESTINATION_OFFSET, 0xc0000202);
	error = run_frames(&capture, DIRECTION_EGRESS, &packet, 10);
	ipv4_frame_set_address(&packet, IPV4_DESTINATION_OFFSET, 0xc0000300);
	error |= run_frames(&capture, DIRECTION_EGRESS, &packet, 10);
	out = frames_of(&capture, DIRECTION_EGRESS);
	check(!error && out.matched == 3 + 5 && out.over_limit == 12,
	      "what is sent counts for the host that it is for, together with what it sent");
	check_note("%llu, %llu over", out.matched, out.over_limit);
out:
	kernel_capture_close(&capture);
}

static void test_no_host(void)
{
	const struct copy_limits limits = { .packets_per_host = 1 };
	struct layers layers = { 0 };
	struct kernel_capture capture;
	struct frame_counters frames;
	struct packet packet;
	int error = open_limited(&limits, "", &capture);

	layers_add(&layers, (struct layer){ .kind = LAYER_ETHERNET });
	layers_add(&layers, (struct layer){ .kind = LAYER_ARP, .source = 1, .destination = 2 });
	packet_build(&packet, &layers);
	if (!error)
		error = run_frames(&capture, DIRECTION_INGRESS, &packet, 20);
	frames = frames_of(&capture, DIRECTION_INGRESS);
	check(!error && frames.matched == 20, "what is no IP packet has no limit per host");
	kernel_capture_close(&capture);
}

/* A process of its own on one CPU; the exit status says whether all frames were run. */
static void send_from_cpu(const struct kernel_capture *capture, unsigned int cpu)
{
	struct packet packet;
	int error = 0;

	make_frame(&packet);
	kernel_capture_stay_on_cpu(cpu);
	for (unsigned int host = 0; host < 500 && !error; host++) {
		ipv4_frame_set_address(&packet, IPV4_SOURCE_OFFSET, 0xc0000200 + host);
		error = run_frames(capture, DIRECTION_INGRESS, &packet, 6);
	}
	_exit(error ? 1 : 0);
}

/* Two CPUs at once, on the same hosts. */
static void test_hosts_on_cpus(void)
{
	const struct copy_limits limits = { .packets_per_host = 7 };
	int statuses[2] = { 1, 1 };
	struct kernel_capture capture;
	struct frame_counters frames;
	pid_t senders[2];

	if (!check(!open_limited(&limits, "", &capture), "limits hold on several CPUs"))
		goto out;
	for (unsigned int cpu = 0; cpu < 2; cpu++) {
		senders[cpu] = fork();
		if (senders[cpu] == 0)
			send_from_cpu(&capture, cpu);
	}
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		waitpid(senders[cpu], &statuses[cpu], 0);
	frames = frames_of(&capture, DIRECTION_INGRESS);
	check(statuses[0] == 0 && statuses[1] == 0 && frames.matched == 500 * 7 &&
		      adds_up(&frames) && frames.seen == 6000,
	      "a host whose packets come on two CPUs gets what it may, not more and not less");
	check_note("%llu of 3500", frames.matched);
out:
	kernel_capture_close(&capture);
}

/* Busy hosts among so many others that most of these are forgotten. */
static void test_many_hosts(void)
{
	const unsigned int rounds = test_run_is_slow() ? 1000 : 10000, busy_hosts = 5, others = 15;
	const struct copy_limits limits = { .packets_per_host = 3 };
	unsigned int other = 0;
	struct kernel_capture capture;
	struct frame_counters frames;
	struct packet packet;
	int error = open_limited(&limits, "", &capture);

	make_frame(&packet);
	for (unsigned int i = 0; i < rounds * (busy_hosts + others) && !error; i++) {
		bool is_busy = i % (busy_hosts + others) < busy_hosts;

		ipv4_frame_set_address(&packet, IPV4_SOURCE_OFFSET,
				       is_busy ? 0xc0000200 + i % (busy_hosts + others) :
						 0x0b000000 + other++);
		error = run_frames(&capture, DIRECTION_INGRESS, &packet, 1);
	}
	if (!error)
		frames = frames_of(&capture, DIRECTION_INGRESS);
	check(!error && adds_up(&frames) &&
		      frames.matched == rounds * others + busy_hosts * limits.packets_per_host,
	      "who keeps coming is not forgotten, however many others come once");
	check_note("%llu are copied", error ? 0ull : frames.matched);
	kernel_capture_close(&capture);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* Frames without a pause, until so many are copied or it has taken far too long. */
static void test_rate(uint64_t rate, uint64_t wanted)
{
	const struct copy_limits limits = { .packets_per_second = rate };
	struct frame_counters frames = { 0 };
	struct kernel_capture capture;
	uint64_t start_ns, taken_ns;
	struct packet packet;
	int error = open_limited(&limits, "", &capture);

	make_frame(&packet);
	start_ns = now_ns();
	while (!error && frames.matched < wanted && now_ns() - start_ns < 60 * SECOND_NS) {
		error = run_frames(&capture, DIRECTION_INGRESS, &packet, 10);
		frames = frames_of(&capture, DIRECTION_INGRESS);
	}
	taken_ns = now_ns() - start_ns;
	check(!error && frames.matched >= wanted && adds_up(&frames), "%llu/s: packets are copied",
	      (unsigned long long)rate);
	/* A hundredth of a second at once, and one. */
	check(frames.matched <= rate * taken_ns / SECOND_NS + rate / 100 + 2,
	      "%llu/s: no more are copied than the rate and a hundredth of a second allow",
	      (unsigned long long)rate);
	check_note("%llu of %llu in %llu us", frames.matched, frames.seen,
		   (unsigned long long)taken_ns / 1000);
	check(rate > 10000 || frames.over_limit > 0,
	      "%llu/s: the rest is counted as over the limit", (unsigned long long)rate);
	kernel_capture_close(&capture);
}

static void test_pause(void)
{
	const struct kernel_capture_options options = {
		.expression = "",
		.copy_packets = true,
		.can_pause = true,
	};
	struct kernel_capture capture;
	struct frame_counters frames;
	struct packet packet;
	int error = kernel_capture_open(&options, &capture);

	make_frame(&packet);
	if (!check(!error, "programs that can pause can be loaded"))
		goto out;
	capture.control->is_paused = 1;
	error = run_frames(&capture, DIRECTION_INGRESS, &packet, 10);
	frames = frames_of(&capture, DIRECTION_INGRESS);
	check(!error && frames.counted_only == 10 && frames.submitted == 0,
	      "while they pause, packets are counted, none is copied");
	capture.control->is_paused = 0;
	error = run_frames(&capture, DIRECTION_INGRESS, &packet, 10);
	frames = frames_of(&capture, DIRECTION_INGRESS);
	check(!error && frames.counted_only == 10 && frames.submitted == 10,
	      "after that, they are copied");
out:
	kernel_capture_close(&capture);
}

int main(void)
{
	test_sample(10, 20000, 1788, 2212);
	test_sample(2, 20000, 9646, 10354);
	test_sample(1, 1000, 1000, 1000);
	test_hosts();
	test_no_host();
	test_hosts_on_cpus();
	test_many_hosts();
	test_rate(1000, 50);
	test_rate(20000, 500);
	test_rate(3, 2);
	test_pause();
	return check_finish();
}

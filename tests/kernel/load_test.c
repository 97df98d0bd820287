/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's verifier takes the programs with filters of every kind and size, up to the
 * largest that the compiler makes, and with every configuration.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "kernel_capture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EXPRESSION_BYTES (1u << 18)

/*
 * The loader asks libbpf whether the kernel has the TAI clock. This stands in libbpf's place,
 * so that the other clock is tried on kernels that have both.
 */
static bool hide_tai;
static bool was_asked;

int libbpf_probe_bpf_helper(enum bpf_prog_type type, enum bpf_func_id helper, const void *options)
{
	int (*probe)(enum bpf_prog_type, enum bpf_func_id, const void *) =
		(int (*)(enum bpf_prog_type, enum bpf_func_id, const void *))dlsym(
			RTLD_NEXT, "libbpf_probe_bpf_helper");

	was_asked |= helper == BPF_FUNC_ktime_get_tai_ns;
	if (!probe || (hide_tai && helper == BPF_FUNC_ktime_get_tai_ns))
		return 0;
	return probe(type, helper, options);
}

/* What is under test. */
static enum hook hook;

/* The term with a number, of an expression that is a chain of them. */
struct shape {
	const char *name;
	void (*print_term)(FILE *out, unsigned int number);
	const char *joint;
};

static void print_ipv4_host(FILE *out, unsigned int number)
{
	fprintf(out, "host 10.%u.%u.%u", number % 200, number / 200, number % 7);
}

static void print_ipv6_host(FILE *out, unsigned int number)
{
	fprintf(out, "src host fd00:%x::%x", number + 1, number * 7 + 1);
}

static void print_network(FILE *out, unsigned int number)
{
	fprintf(out, "net 172.%u.%u.0/%u", number % 200, number / 200 * 4, 22);
}

static void print_port(FILE *out, unsigned int number)
{
	fprintf(out, "tcp dst port %u", number % 65535 + 1);
}

static void print_tag(FILE *out, unsigned int number)
{
	fprintf(out, "vlan %u", number % 4096);
}

static void print_mixture(FILE *out, unsigned int number)
{
	static const char *const protocols[] = { "tcp", "udp", "sctp", "arp", "ip6", "icmp" };

	fprintf(out, "not (%s or src 10.0.%u.%u and not (port %u or net fd00:%x::/32))",
		protocols[number % COUNT(protocols)], number / 200, number % 200, number + 1,
		number);
}

static void print_load(FILE *out, unsigned int number)
{
	static const char *const protocols[] = { "tcp", "ip", "udp", "ether", "icmp6", "arp" };

	fprintf(out, "%s[%u:%u] & 0x%x %s %u", protocols[number % COUNT(protocols)], number % 60,
		1u << number % 3, 0xffff >> number % 9, number % 2 ? "=" : ">", number % 300);
}

/* Needs words of the stack, jumps where a divisor is 0, and shifts. */
static void print_calculation(FILE *out, unsigned int number)
{
	fprintf(out,
		"not (ip[%u:2] - len / (tcp[%u] + 1) << (ip[%u] ^ tcp[ip[0] & 0xf:4]) > "
		"(ether[len - %u] | tcp[2:2]) %% (ip[8] * -ip6[%u:4]))",
		number % 40, number % 20, number % 9, number + 1, number % 30);
}

/* Of one value, which the first term compares. */
static void print_operand(FILE *out, unsigned int number)
{
	if (number == 0)
		fputs("5 < ", out);
	fprintf(out, "ip[%u:4] * (tcp[%u] - (len >> udp[%u]))", number % 50, number % 30,
		number % 8);
}

/* A mixture that begins with a negation can be matched by all or by none; both are fine. */
static const struct shape shapes[] = {
	{ "IPv4 hosts", print_ipv4_host, " or " },
	{ "IPv6 hosts", print_ipv6_host, " or " },
	{ "networks", print_network, " or " },
	{ "ports", print_port, " or " },
	{ "VLAN tags", print_tag, " or " },
	{ "excluded IPv4 hosts", print_ipv4_host, " and not " },
	{ "loads", print_load, " or " },
	{ "excluded loads", print_load, " and not " },
	{ "calculations", print_calculation, " and " },
	{ "alternative calculations", print_calculation, " or " },
	{ "one value", print_operand, " ^ " },
	{ "a mixture of terms", print_mixture, " and " },
	{ "a mixture of alternatives", print_mixture, " or " },
};

/* Writes the expression with so many terms into memory of EXPRESSION_BYTES. */
static void make_expression(const struct shape *shape, unsigned int terms, char *ret_text)
{
	FILE *out = fmemopen(ret_text, EXPRESSION_BYTES, "w");

	if (!out)
		abort();
	for (unsigned int i = 0; i < terms; i++) {
		if (i > 0)
			fputs(shape->joint, out);
		shape->print_term(out, i);
	}
	fputc('\0', out);
	fclose(out);
}

static size_t compiled_size(const char *expression)
{
	struct filter *filter = NULL;
	struct filter_error error;
	size_t count = 0;

	if (!filter_compile(expression, &filter, &error))
		filter_instructions(filter, &count);
	filter_free(filter);
	return count;
}

/* The largest number of terms that the compiler takes. */
static unsigned int largest(const struct shape *shape, char *text)
{
	unsigned int taken = 1, refused = 4096;

	while (refused - taken > 1) {
		unsigned int middle = taken + (refused - taken) / 2;

		make_expression(shape, middle, text);
		if (compiled_size(text) > 0)
			taken = middle;
		else
			refused = middle;
	}
	return taken;
}

/* What can be configured, as the bits and the rest of a number. */
#define CONFIGURATIONS 48

static struct kernel_capture_options configure(unsigned int number, const char *expression)
{
	static const uint32_t snapshots[] = { 1, 96, 262144 };

	hide_tai = number & 1;
	return (struct kernel_capture_options){
		.hook = hook,
		.expression = expression,
		.copy_packets = number & 2,
		.check_heartbeat = number & 4,
		.snapshot_bytes = snapshots[number / 8 % COUNT(snapshots)],
		.is_cooked = number >= 24,
		.snap_headers = number % 5 == 0,
		.snap_extra_bytes = number,
		.link_layer =
			number % 7 == 0 && !hook_is_xdp(hook) ? LINK_LAYER_IP : LINK_LAYER_ETHERNET,
		.can_pause = number % 4 == 2,
		.count_tops = number % 3 != 1,
		.top_prefixes = { number % 33, 3 * number % 129 },
		.limits = {
			.sample_every = number % 2 ? 100 : 0,
			.packets_per_host = number % 9 < 5 ? 10 : 0,
			.packets_per_second = number % 5 < 3 ? 1000 : 0,
		},
	};
}

/* What the kernel knows of the program; all 0 if it does not say. */
static struct bpf_prog_info program_info(const struct kernel_capture *capture)
{
	struct bpf_prog_info program = { 0 };
	__u32 bytes = sizeof(program);

	bpf_obj_get_info_by_fd(
		loader_program_fd(capture->loader, capture->link_layer, DIRECTION_INGRESS),
		&program, &bytes);
	return program;
}

static bool can_load(unsigned int configuration, const char *expression)
{
	struct kernel_capture_options options = configure(configuration, expression);
	struct kernel_capture capture;
	bool is_loaded = !kernel_capture_open(&options, &capture);

	if (is_loaded && hide_tai && loader_clock(capture.loader) != CAPTURE_CLOCK_MONOTONIC)
		is_loaded = false;
	if (!is_loaded)
		printf("# %s clock, copy %d, heartbeat %d, snapshot %u, cooked %d, headers %d, IP "
		       "%d, pause %d, tops %d, limits %u %u %d\n",
		       hide_tai ? "monotonic" : "best", options.copy_packets,
		       options.check_heartbeat, options.snapshot_bytes, options.is_cooked,
		       options.snap_headers, options.link_layer == LINK_LAYER_IP, options.can_pause,
		       options.count_tops, options.limits.sample_every,
		       options.limits.packets_per_host, options.limits.packets_per_second > 0);
	else
		/* Steps: 0 before Linux 5.16. */
		printf("# verified in %u steps\n", program_info(&capture).verified_insns);
	kernel_capture_close(&capture);
	return is_loaded;
}

/* libbpf goes on without it, in silence, and then no function is verified by itself. */
static void test_types(void)
{
	const struct kernel_capture_options options = { .hook = hook, .expression = "" };
	struct kernel_capture capture;
	bool is_loaded = !kernel_capture_open(&options, &capture);
	struct bpf_prog_info program = { 0 };

	if (is_loaded)
		program = program_info(&capture);
	check(program.btf_id > 0 && program.nr_func_info > 1,
	      "%s: the kernel takes the types and the functions that the programs are made of",
	      test_run_hook_name(hook));
	kernel_capture_close(&capture);
}

static void test_configurations(char *text)
{
	unsigned int stride = test_run_is_slow() ? 9 : 1, loaded = 0, tried = 0;

	make_expression(&shapes[COUNT(shapes) - 2], 4, text);
	for (unsigned int i = 0; i < CONFIGURATIONS; i += stride, tried++)
		loaded += can_load(i, text);
	check(loaded == tried && was_asked,
	      "%s: the verifier takes both clocks, snapshot lengths, with and without copy, "
	      "heartbeat, cooking, cutting behind the headers and Ethernet",
	      test_run_hook_name(hook));
	check_note("%u of %u", loaded, tried);
}

/* Sizes between 1 and the largest, each with another configuration. */
static void test_shape(const struct shape *shape, unsigned int number, char *text)
{
	unsigned int last = largest(shape, text);
	const unsigned int sizes[] = { last, last - 1, last / 2 + 1, 10, 2, 1 };
	unsigned int count = test_run_is_slow() ? 1 : COUNT(sizes), loaded = 0;

	for (unsigned int i = 0; i < count; i++) {
		make_expression(shape, sizes[i], text);
		/* All of a clock, copy and heartbeat in the largest, over the shapes. */
		loaded += can_load((number * 5 + i * 7 + 2) % CONFIGURATIONS, text);
	}
	make_expression(shape, last, text);
	check(loaded == count, "%s: the verifier takes filters of %s up to the largest, %u terms",
	      test_run_hook_name(hook), shape->name, last);
	printf("# %zu instructions\n", compiled_size(text));
}

static void test_hook(char *text)
{
	test_types();
	test_configurations(text);
	/* Loading takes seconds in a virtual machine. */
	for (unsigned int i = 0; i < COUNT(shapes); i += test_run_is_slow() ? 2 : 1)
		test_shape(&shapes[i], i, text);
	check(can_load(2, ""), "%s: the verifier takes the empty filter", test_run_hook_name(hook));
}

int main(void)
{
	char *text = malloc(EXPRESSION_BYTES);

	if (!text)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (hook = HOOK_TC; hook <= HOOK_XDP_NATIVE; hook++) {
		was_asked = false;
		test_hook(text);
	}
	free(text);
	return check_finish();
}

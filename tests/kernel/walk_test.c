/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The header walk in the kernel and the reference find the same in crafted frames, cut off
 * at every length and padded, and the frames come out as they went in.
 */
#include <stdint.h>

#include "../unit/check.h"
#include "packet.h"
#include "test_run.h"
#include "walk_probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define STACK_LAYERS 6
/* Beyond this, frames are not cut at every length, only near their end. */
#define CLOSELY_CUT_BYTES 260

struct run {
	struct walk_probe *probe;
	enum hook hook;
	struct walk_tally tally;
	unsigned int stacks; /* met so far */
	unsigned int stride; /* each so manyth stack is run */
	uint64_t random;
};

static const struct layer transports[][STACK_LAYERS] = {
	{ { LAYER_TCP, .source = 40000, .destination = 443, .bits = 0x18, .words = 3 } },
	{ { LAYER_UDP, .source = 53, .destination = 5353 } },
	{ { LAYER_SCTP, .source = 7777, .destination = 2905 } },
	{ { LAYER_PROTOCOL, .type = 1 }, { LAYER_PAYLOAD, .words = 20 } },
	{ { LAYER_PROTOCOL, .type = 58 }, { LAYER_PAYLOAD, .words = 20 } },
	{ { LAYER_PROTOCOL, .type = 47 }, { LAYER_PAYLOAD, .words = 20 } },
	{ { LAYER_PROTOCOL, .type = 50 }, { LAYER_PAYLOAD, .words = 20 } },
	{ { LAYER_EXTENSION, .type = 51, .words = 2 }, { LAYER_TCP, .source = 80 } },
	{ { LAYER_PROTOCOL, .type = 59 } },
	{ { LAYER_PROTOCOL, .type = 253 }, { LAYER_PAYLOAD, .words = 20 } },
};

#define IPV4                                                                \
	{                                                                   \
		LAYER_IPV4, .source = 0x0a090001, .destination = 0x0a090002 \
	}
#define IPV6                                              \
	{                                                 \
		LAYER_IPV6, .source = 1, .destination = 2 \
	}

static const struct layer networks[][STACK_LAYERS] = {
	{ IPV4, { LAYER_TCP, .source = 1234, .destination = 80, .bits = 2 } },
	{ IPV6, { LAYER_UDP, .source = 1234, .destination = 53 } },
	{ { LAYER_IPV4, .words = 2 }, { LAYER_SCTP, .source = 5, .destination = 6 } },
	{ { LAYER_IPV4, .bits = 0x00b9 },
	  { LAYER_PROTOCOL, .type = 17 },
	  { LAYER_PAYLOAD, .words = 9 } },
	{ IPV6, { LAYER_EXTENSION, .type = 60 }, { LAYER_TCP, .source = 8, .destination = 9 } },
	{ IPV6, { LAYER_FRAGMENT, .bits = 0x0171 }, { LAYER_UDP, .source = 3 } },
	{ { LAYER_ARP, .source = 0x0a090001, .destination = 0x0a090002 } },
	{ { LAYER_ETHERTYPE, .type = 0x88cc }, { LAYER_PAYLOAD, .words = 30 } },
	{ { LAYER_LLC, .type = 46 }, { LAYER_PAYLOAD, .words = 43 } },
	{ { LAYER_PAYLOAD, .words = 5 } },
};

/* splitmix64: the same numbers on every machine */
static uint32_t random_below(struct run *run, uint32_t limit)
{
	uint64_t value = run->random += 0x9e3779b97f4a7c15;

	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
	value = (value ^ value >> 27) * 0x94d049bb133111eb;
	return (uint32_t)((value ^ value >> 31) % limit);
}

static struct layers ethernet(void)
{
	return (struct layers){ .count = 1, .list = { { LAYER_ETHERNET } } };
}

/* Runs the stack cut at every length, whole, and padded. */
static void try_stack(struct run *run, const struct layers *layers)
{
	static const uint32_t padded[] = {
		60, 64, 65, 128, 511, 1514, 2049, TEST_RUN_MAXIMUM_BYTES
	};
	struct packet packet;
	uint32_t whole;

	if (run->stacks++ % run->stride)
		return;
	packet_build(&packet, layers);
	whole = packet.length;
	for (uint32_t length = 14; length <= whole && length <= TEST_RUN_MAXIMUM_BYTES; length++)
		if (length < CLOSELY_CUT_BYTES || length + 40 > whole)
			walk_probe_compare(run->probe, run->hook, &packet, length, &run->tally);
	packet_pad(&packet, TEST_RUN_MAXIMUM_BYTES);
	for (size_t i = 0; i < COUNT(padded); i++)
		if (padded[i] > whole)
			walk_probe_compare(run->probe, run->hook, &packet, padded[i], &run->tally);
}

/* Runs the stack with each of the lists above it. */
static void try_each(struct run *run, const struct layers *layers,
		     const struct layer (*lists)[STACK_LAYERS], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct layers all = *layers;

		layers_add_list(&all, lists[i], STACK_LAYERS);
		try_stack(run, &all);
	}
}

static void add_tags(struct layers *layers, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		layers_add(layers, (struct layer){ LAYER_VLAN, .bits = 0xe001 + i * 0x123 });
}

/* Every sequence of three TPIDs: `code` in base 3. */
static void test_tags(struct run *run)
{
	static const uint32_t tpids[] = { 0x8100, 0x88a8, 0x9100 };
	unsigned int sequences = 1;

	for (unsigned int count = 0; count <= 5; count++, sequences *= 3) {
		for (unsigned int code = 0; code < sequences; code++) {
			struct layers layers = ethernet();
			unsigned int rest = code;

			for (unsigned int i = 0; i < count; i++, rest /= 3)
				layers_add(&layers,
					   (struct layer){ LAYER_VLAN, .type = tpids[rest % 3],
							   .bits = 0x6fff - i * 0x111 });
			try_each(run, &layers, networks, COUNT(networks));
		}
	}
}

static void test_pppoe(struct run *run)
{
	static const uint32_t protocols[] = { 0, 0x0281, 0x8021, 0x0021, 0x0057, 0x2100 };

	for (unsigned int tags = 0; tags <= 5; tags++) {
		struct layers layers = ethernet();

		add_tags(&layers, tags);
		for (size_t i = 0; i < COUNT(protocols); i++) {
			struct layers session = layers;

			layers_add(&session, (struct layer){ LAYER_PPPOE, .type = protocols[i] });
			try_each(run, &session, networks, COUNT(networks));
		}
		layers_add(&layers, (struct layer){ LAYER_ETHERTYPE, .type = 0x8863 });
		layers_add(&layers, (struct layer){ LAYER_PAYLOAD, .words = 24 });
		try_stack(run, &layers);
	}
}

static void test_labels(struct run *run)
{
	static const unsigned int tags[] = { 0, 1, 4, 5 };

	for (unsigned int i = 0; i < 2 * COUNT(tags); i++) {
		for (unsigned int count = 0; count <= 9; count++) {
			struct layers layers = ethernet();

			add_tags(&layers, tags[i / 2]);
			for (unsigned int label = 1; label <= count; label++)
				layers_add(&layers,
					   (struct layer){ LAYER_MPLS, .type = 0x8847 + i % 2,
							   .bits = label == count });
			if (count == 0)
				layers_add(&layers,
					   (struct layer){ LAYER_ETHERTYPE, .type = 0x8847 });
			try_each(run, &layers, networks, COUNT(networks));
		}
	}
}

static void test_llc(struct run *run)
{
	static const uint32_t lengths[] = { 0, 1, 46, 1499, 1500, 1501, 1535, 1536, 0x05ff };

	for (unsigned int tags = 0; tags <= 5; tags++) {
		for (size_t i = 0; i < COUNT(lengths); i++) {
			struct layers layers = ethernet();

			add_tags(&layers, tags);
			layers_add(&layers, (struct layer){ LAYER_LLC, .type = lengths[i] });
			layers_add(&layers, (struct layer){ LAYER_PAYLOAD, .words = 40 });
			try_stack(run, &layers);
		}
	}
}

static void test_arp(struct run *run)
{
	for (unsigned int tags = 0; tags <= 5; tags++) {
		for (unsigned int reverse = 0; reverse < 2; reverse++) {
			struct layers layers = ethernet();

			add_tags(&layers, tags);
			layers_add(&layers,
				   (struct layer){ LAYER_ARP, .type = reverse ? 0x8035 : 0x0806,
						   .source = 0xc0a80102,
						   .destination = 0xc0a801fe });
			try_stack(run, &layers);
		}
	}
}

/* Header lengths of 0 to 15 words: also those that are too small. */
static void test_ipv4_options(struct run *run)
{
	for (uint32_t words = 0; words <= 15; words++) {
		struct layers layers = ethernet();

		layers_add(&layers,
			   (struct layer){ LAYER_IPV4, .source = 0x01020304,
					   .destination = 0x05060708, .words = words - 5 });
		try_each(run, &layers, transports, COUNT(transports));
	}
}

static void test_ipv4_fragments(struct run *run)
{
	static const uint32_t bits[] = { 0x2000, 0x4000, 0x8000, 0xe000, 0x0001, 0x2001,
					 0x1fff, 0x3fff, 0x00ff, 0x1000, 0x5000, 0x0100 };

	for (size_t i = 0; i < 2 * COUNT(bits); i++) {
		struct layers layers = ethernet();

		layers_add(&layers, (struct layer){ LAYER_IPV4, .source = 1, .destination = 2,
						    .bits = bits[i / 2], .words = i % 2 * 3 });
		try_each(run, &layers, transports, COUNT(transports));
	}
}

static const uint32_t extensions[] = { 0, 43, 60, 135, 139, 140, 44 };

static void add_extension(struct layers *layers, uint32_t type, uint32_t words)
{
	/* A fragment header in the middle of a chain is atomic. */
	layers_add(layers, (struct layer){ type == 44 ? LAYER_FRAGMENT : LAYER_EXTENSION, type,
					   .words = words });
}

static void test_ipv6_extensions(struct run *run)
{
	static const uint32_t words[] = { 0, 1, 5 };

	for (size_t i = 0; i < COUNT(extensions) * COUNT(words); i++) {
		for (unsigned int count = 0; count <= 9; count++) {
			struct layers layers = ethernet();

			layers_add(&layers, (struct layer)IPV6);
			for (unsigned int j = 0; j < count; j++)
				add_extension(&layers, extensions[i / COUNT(words)],
					      words[i % COUNT(words)]);
			try_each(run, &layers, transports, COUNT(transports));
		}
	}
}

/* Chains of any kinds, with lengths up to the largest. */
static void test_ipv6_chains(struct run *run)
{
	for (unsigned int i = 0; i < 400; i++) {
		struct layers layers = ethernet();
		unsigned int count = random_below(run, 10);
		unsigned int long_one = random_below(run, 20);

		add_tags(&layers, random_below(run, 3));
		layers_add(&layers, (struct layer)IPV6);
		for (unsigned int j = 0; j < count; j++)
			add_extension(&layers, extensions[random_below(run, COUNT(extensions))],
				      j == long_one ? 255 : random_below(run, 4));
		layers_add_list(&layers, transports[i % COUNT(transports)], STACK_LAYERS);
		try_stack(run, &layers);
	}
}

static void test_ipv6_fragments(struct run *run)
{
	static const uint32_t bits[] = {
		0, 1, 2, 4, 6, 8, 9, 0x10, 0x00f8, 0x0100, 0xfff8, 0xffff
	};
	static const struct layer around[][STACK_LAYERS] = {
		{ { LAYER_ETHERNET } },
		{ { LAYER_EXTENSION, .type = 60, .words = 1 } },
		{ { LAYER_EXTENSION, .type = 135 }, { LAYER_EXTENSION, .type = 43 } },
		{ { LAYER_FRAGMENT, .bits = 1 } },
	};

	for (size_t i = 0; i < COUNT(bits); i++) {
		for (size_t j = 0; j < COUNT(around) * COUNT(around); j++) {
			struct layers layers = ethernet();

			layers_add(&layers, (struct layer)IPV6);
			layers_add_list(&layers, around[j / COUNT(around)], STACK_LAYERS);
			layers_add(&layers, (struct layer){ LAYER_FRAGMENT, .bits = bits[i] });
			layers_add_list(&layers, around[j % COUNT(around)], STACK_LAYERS);
			try_each(run, &layers, transports, COUNT(transports));
		}
	}
}

/* Every protocol number, over IPv4, IPv6 and IPv6 with an extension header. */
static void test_protocols(struct run *run)
{
	for (uint32_t i = 0; i < 3 * 256; i++) {
		struct layers layers = ethernet();

		layers_add(&layers, i < 256 ? (struct layer)IPV4 : (struct layer)IPV6);
		if (i >= 2 * 256)
			add_extension(&layers, 60, 0);
		layers_add(&layers, (struct layer){ LAYER_PROTOCOL, .type = i % 256 });
		layers_add(&layers, (struct layer){ LAYER_PAYLOAD, .words = 24 });
		try_stack(run, &layers);
	}
}

/* Every combination of flags, over IPv4 and IPv6, with and without options. */
static void test_tcp(struct run *run)
{
	for (uint32_t i = 0; i < 2 * 256; i++) {
		struct layers layers = ethernet();

		layers_add(&layers, i < 256 ? (struct layer)IPV4 : (struct layer)IPV6);
		layers_add(&layers, (struct layer){ LAYER_TCP, .source = i * 251, .bits = i % 256,
						    .destination = 65535 - i, .words = i % 11 });
		try_stack(run, &layers);
	}
}

/* Stacks of all kinds in which some bytes are wrong. */
static void test_damage(struct run *run)
{
	static struct packet packet;

	for (unsigned int i = 0; i < 60000 / run->stride; i++) {
		struct layers layers = ethernet();
		uint32_t whole;

		add_tags(&layers, random_below(run, 4) ? 0 : random_below(run, 6));
		if (random_below(run, 8) == 0)
			layers_add(&layers, (struct layer){ LAYER_MPLS, .bits = 1 });
		layers_add_list(&layers, networks[random_below(run, COUNT(networks))],
				STACK_LAYERS);
		packet_build(&packet, &layers);
		whole = packet.length;
		packet_pad(&packet, 400);
		for (unsigned int wrong = 1 + random_below(run, 4); wrong > 0; wrong--)
			packet.bytes[12 + random_below(run, whole - 12)] =
				(uint8_t)random_below(run, 256);
		walk_probe_compare(run->probe, run->hook, &packet, 54 + random_below(run, 340),
				   &run->tally);
	}
}

/*
 * Frames of several pieces, in which the first, of some 3500 bytes, ends in or before the
 * headers: two extension headers of IPv6 move them there.
 */
static void test_pieces(struct run *run)
{
	static struct packet packet;

	for (uint32_t words = 100; words < 250; words++)
		for (uint32_t tags = 0; tags < 2; tags++) {
			struct layers layers = ethernet();

			add_tags(&layers, tags);
			layers_add(&layers, (struct layer)IPV6);
			add_extension(&layers, 60, 255);
			add_extension(&layers, 60, words);
			layers_add(&layers, (struct layer){ LAYER_TCP, .source = 443,
							    .destination = words, .bits = 0x12 });
			packet_build(&packet, &layers);
			packet_pad(&packet, 9000);
			walk_probe_compare(run->probe, run->hook, &packet, 9000, &run->tally);
			walk_probe_compare(run->probe, run->hook, &packet, 4300, &run->tally);
		}
}

static const struct {
	const char *sentence;
	void (*run)(struct run *run);
} families[] = {
	{ "0 to 5 VLAN tags of any kind are walked as the reference does", test_tags },
	{ "PPPoE sessions behind 0 to 5 tags are walked as the reference does", test_pppoe },
	{ "0 to 9 MPLS labels behind tags are walked as the reference does", test_labels },
	{ "IEEE 802.3 lengths are told from EtherTypes as the reference does", test_llc },
	{ "ARP and RARP behind 0 to 5 tags are walked as the reference does", test_arp },
	{ "IPv4 headers of 0 to 15 words are walked as the reference does", test_ipv4_options },
	{ "IPv4 fragments are walked as the reference does", test_ipv4_fragments },
	{ "0 to 9 IPv6 extension headers are walked as the reference does", test_ipv6_extensions },
	{ "mixed IPv6 extension headers are walked as the reference does", test_ipv6_chains },
	{ "IPv6 fragments are walked as the reference does", test_ipv6_fragments },
	{ "all 256 IP protocols are walked as the reference does", test_protocols },
	{ "TCP with any flags and options is walked as the reference does", test_tcp },
	{ "damaged headers are walked as the reference does", test_damage },
};

static void test_family(struct walk_probe *probe, enum hook hook, const char *sentence,
			void (*family)(struct run *run))
{
	struct run run = { .probe = probe, .hook = hook, .stride = 1 };

	if (test_run_is_slow())
		run.stride = hook == HOOK_TC || family == test_pieces ? 3 : 9;
	family(&run);
	check(run.tally.wrong == 0 && run.tally.runs > 0, "%s: %s", test_run_hook_name(hook),
	      sentence);
	printf("# %u runs, %u refused by the kernel as too short\n", run.tally.runs,
	       run.tally.refused);
}

int main(void)
{
	static const char pieces[] = "headers behind the first piece are walked as the reference "
				     "does";
	struct walk_probe *probe;

	if (!check(walk_probe_load(&probe) == 0, "the header walk can be loaded by itself"))
		return check_finish();
	for (enum hook hook = HOOK_TC; hook <= HOOK_XDP_NATIVE; hook++)
		for (size_t i = 0; i < COUNT(families); i++)
			test_family(probe, hook, families[i].sentence, families[i].run);
	if (test_run_has_pieces())
		test_family(probe, HOOK_XDP_NATIVE, pieces, test_pieces);
	else
		check_skip(pieces, "frames have one piece before Linux 5.18");
	return check_finish();
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes the layers one after the other; a table says how. */
#include "packet.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Where the layer before says what follows it. */
enum next_field {
	NEXT_NONE,
	NEXT_ETHERTYPE,
	NEXT_PPP,
	NEXT_IP_PROTOCOL,
};

struct builder {
	struct packet *packet;
	enum next_field next;
	uint32_t next_at;
};

static void put(struct builder *builder, uint32_t value, unsigned int bytes)
{
	struct packet *packet = builder->packet;

	assert(packet->length + bytes <= PACKET_MAXIMUM_BYTES);
	for (unsigned int i = bytes; i > 0; i--)
		packet->bytes[packet->length++] = (uint8_t)(value >> (8 * (i - 1)));
}

/* Bytes that say where they are, so that a copy from a wrong place is seen. */
static void put_filling(struct builder *builder, uint32_t bytes)
{
	while (bytes-- > 0)
		put(builder, builder->packet->length * 7 + (builder->packet->length >> 8) + 1, 1);
}

static void name_next(struct builder *builder, enum next_field field, uint32_t value)
{
	uint8_t *at = builder->packet->bytes + builder->next_at;

	if (builder->next != field)
		return;
	if (field == NEXT_IP_PROTOCOL) {
		at[0] = (uint8_t)value;
		return;
	}
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* The field that names the following layer begins `back` bytes before the present end. */
static void expect_next(struct builder *builder, enum next_field field, uint32_t back)
{
	builder->next = field;
	builder->next_at = builder->packet->length - back;
}

static void put_ethernet(struct builder *builder, const struct layer *layer)
{
	put(builder, 0x02000000, 4);
	put(builder, layer->destination + 2, 2);
	put(builder, 0x02000000, 4);
	put(builder, layer->source + 1, 2);
	put(builder, 0x88b5, 2); /* IEEE 802, local experimental, until a layer says more */
	expect_next(builder, NEXT_ETHERTYPE, 2);
}

static void put_vlan(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_ETHERTYPE, layer->type ? layer->type : 0x8100);
	put(builder, layer->bits, 2);
	put(builder, 0x88b5, 2);
	expect_next(builder, NEXT_ETHERTYPE, 2);
}

static void put_pppoe(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_ETHERTYPE, 0x8864);
	put(builder, 0x11000042, 4);
	put(builder, 100, 2);
	put(builder, layer->type ? layer->type : 0xc021, 2);
	expect_next(builder, NEXT_PPP, 2);
}

static void put_mpls(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_ETHERTYPE, layer->type ? layer->type : 0x8847);
	put(builder, 0x12345e40 | (layer->bits ? 0x100 : 0), 4);
	builder->next = NEXT_NONE;
}

static void put_llc(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_ETHERTYPE, layer->type);
	put(builder, 0x424203, 3);
	builder->next = NEXT_NONE;
}

static void put_ethertype(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_ETHERTYPE, layer->type);
	builder->next = NEXT_NONE;
}

/* RFC 826 */
static void put_arp(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_ETHERTYPE, layer->type ? layer->type : 0x0806);
	put(builder, 0x00010800, 4);
	put(builder, 0x06040001, 4);
	put(builder, 0x02000000, 4);
	put(builder, 0x0001, 2);
	put(builder, layer->source, 4);
	put(builder, 0x02000000, 4);
	put(builder, 0x0002, 2);
	put(builder, layer->destination, 4);
	builder->next = NEXT_NONE;
}

/* RFC 791; the total length is not true, nobody reads it */
static void put_ipv4(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_ETHERTYPE, 0x0800);
	name_next(builder, NEXT_PPP, 0x0021);
	put(builder, 0x45 + layer->words, 1);
	put(builder, 0x00, 1);
	put(builder, 200, 2);
	put(builder, 0x1234, 2);
	put(builder, layer->bits, 2);
	put(builder, 64, 1);
	put(builder, 253, 1); /* RFC 3692: experimental */
	put(builder, 0xbeef, 2);
	put(builder, layer->source, 4);
	put(builder, layer->destination, 4);
	expect_next(builder, NEXT_IP_PROTOCOL, 11);
	/* Less than 5 words in all is wrong, and may be met. */
	if ((int32_t)layer->words > 0)
		put_filling(builder, 4 * layer->words);
}

static void put_ipv6_address(struct builder *builder, uint32_t last)
{
	put(builder, 0xfd000009, 4);
	put(builder, 0, 4);
	put(builder, 0, 4);
	put(builder, last, 4);
}

/* RFC 8200, section 3 */
static void put_ipv6(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_ETHERTYPE, 0x86dd);
	name_next(builder, NEXT_PPP, 0x0057);
	put(builder, 0x60000000, 4);
	put(builder, 200, 2);
	put(builder, 253, 1);
	put(builder, 64, 1);
	put_ipv6_address(builder, layer->source);
	put_ipv6_address(builder, layer->destination);
	expect_next(builder, NEXT_IP_PROTOCOL, 34);
}

static void put_extension(struct builder *builder, const struct layer *layer)
{
	uint32_t start = builder->packet->length;

	name_next(builder, NEXT_IP_PROTOCOL, layer->type);
	put(builder, 253, 1);
	put(builder, layer->words, 1);
	put_filling(builder, 6 + 8 * layer->words);
	expect_next(builder, NEXT_IP_PROTOCOL, builder->packet->length - start);
}

/* RFC 8200, section 4.5 */
static void put_fragment(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_IP_PROTOCOL, 44);
	put(builder, 253, 1);
	put(builder, 0, 1);
	put(builder, layer->bits, 2);
	put(builder, 0x12345678, 4);
	expect_next(builder, NEXT_IP_PROTOCOL, 8);
}

/* RFC 9293, section 3.1 */
static void put_tcp(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_IP_PROTOCOL, 6);
	put(builder, layer->source, 2);
	put(builder, layer->destination, 2);
	put(builder, 0x01020304, 4);
	put(builder, 0x05060708, 4);
	put(builder, (5 + layer->words) << 4, 1);
	put(builder, layer->bits, 1);
	put(builder, 1000, 2);
	put(builder, 0xbeef0000, 4);
	put_filling(builder, 4 * layer->words);
	builder->next = NEXT_NONE;
}

static void put_udp(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_IP_PROTOCOL, 17);
	put(builder, layer->source, 2);
	put(builder, layer->destination, 2);
	put(builder, 0x0064beef, 4);
	builder->next = NEXT_NONE;
}

/* RFC 9260, section 3.1 */
static void put_sctp(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_IP_PROTOCOL, 132);
	put(builder, layer->source, 2);
	put(builder, layer->destination, 2);
	put(builder, 0x11223344, 4);
	put(builder, 0xdeadbeef, 4);
	builder->next = NEXT_NONE;
}

static void put_protocol(struct builder *builder, const struct layer *layer)
{
	name_next(builder, NEXT_IP_PROTOCOL, layer->type);
	builder->next = NEXT_NONE;
}

static void put_payload(struct builder *builder, const struct layer *layer)
{
	put_filling(builder, layer->words);
}

static void (*const writers[LAYER_KIND_COUNT])(struct builder *, const struct layer *) = {
	[LAYER_ETHERNET] = put_ethernet, [LAYER_VLAN] = put_vlan,
	[LAYER_PPPOE] = put_pppoe,       [LAYER_MPLS] = put_mpls,
	[LAYER_LLC] = put_llc,           [LAYER_ETHERTYPE] = put_ethertype,
	[LAYER_ARP] = put_arp,           [LAYER_IPV4] = put_ipv4,
	[LAYER_IPV6] = put_ipv6,         [LAYER_EXTENSION] = put_extension,
	[LAYER_FRAGMENT] = put_fragment, [LAYER_TCP] = put_tcp,
	[LAYER_UDP] = put_udp,           [LAYER_SCTP] = put_sctp,
	[LAYER_PROTOCOL] = put_protocol, [LAYER_PAYLOAD] = put_payload,
};

void layers_add(struct layers *layers, struct layer layer)
{
	assert(layers->count < PACKET_MAXIMUM_LAYERS);
	layers->list[layers->count++] = layer;
}

void layers_add_list(struct layers *layers, const struct layer *list, size_t count)
{
	for (size_t i = 0; i < count && list[i].kind != LAYER_ETHERNET; i++)
		layers_add(layers, list[i]);
}

void packet_build(struct packet *packet, const struct layers *layers)
{
	struct builder builder = { .packet = packet };

	packet->length = 0;
	for (size_t i = 0; i < layers->count; i++)
		writers[layers->list[i].kind](&builder, &layers->list[i]);
}

void packet_pad(struct packet *packet, uint32_t length)
{
	struct builder builder = { .packet = packet };

	if (length > packet->length)
		put_filling(&builder, length - packet->length);
}

void packet_print(const struct packet *packet, uint32_t length)
{
	uint32_t shown = length < 160 ? length : 160;

	for (uint32_t i = 0; i < shown; i++)
		printf("%s%02x%s", i % 32 == 0 ? "# " : "", packet->bytes[i],
		       i % 32 == 31 || i + 1 == shown ? "\n" :
		       i % 4 == 3                     ? " " :
							"");
}

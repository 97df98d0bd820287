/* SPDX-License-Identifier: GPL-2.0-only */
/* Kinds of frames in turn, hosts and ports from the frame's number. */
#include "traffic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct layer kinds[][4] = {
	{ { .kind = LAYER_IPV4 }, { .kind = LAYER_TCP, .bits = 0x10, .words = 3 } },
	{ { .kind = LAYER_IPV4 }, { .kind = LAYER_UDP } },
	{ { .kind = LAYER_IPV6 }, { .kind = LAYER_TCP, .bits = 0x12 } },
	{ { .kind = LAYER_IPV6 }, { .kind = LAYER_UDP } },
	{ { .kind = LAYER_IPV4, .words = 3 }, { .kind = LAYER_TCP, .bits = 0x02 } },
	{ { .kind = LAYER_IPV4 }, { .kind = LAYER_SCTP } },
	{ { .kind = LAYER_IPV4 }, { .kind = LAYER_PROTOCOL, .type = 1 } },
	{ { .kind = LAYER_IPV6 }, { .kind = LAYER_PROTOCOL, .type = 58 } },
	{ { .kind = LAYER_ARP } },
	{ { .kind = LAYER_IPV4, .bits = 0x2000 }, { .kind = LAYER_UDP } },
	{ { .kind = LAYER_IPV4, .bits = 0x20b9 }, { .kind = LAYER_UDP } },
	{ { .kind = LAYER_IPV4, .bits = 0x00b9, .words = 1 }, { .kind = LAYER_TCP } },
	{ { .kind = LAYER_IPV4, .bits = 0x4000 }, { .kind = LAYER_TCP, .bits = 0x15 } },
	{ { .kind = LAYER_IPV6 }, { .kind = LAYER_SCTP } },
	{ { .kind = LAYER_IPV4 }, { .kind = LAYER_PROTOCOL, .type = 47 } },
	{ { .kind = LAYER_IPV6 }, { .kind = LAYER_PROTOCOL, .type = 89 } },
	{ { .kind = LAYER_ARP, .type = 0x8035 } },
	{ { .kind = LAYER_ETHERTYPE, .type = 0x88cc } },
	{ { .kind = LAYER_LLC, .type = 60 } },
	{ { .kind = LAYER_IPV4, .words = 10 }, { .kind = LAYER_UDP } },
};

static const uint16_t ports[] = { 53, 80, 443, 5201, 7777, 40000, 65535, 0, 123 };

void traffic_layers(unsigned int number, struct layers *ret_layers)
{
	unsigned int turn = number / COUNT(kinds);
	const struct layer *kind = kinds[number % COUNT(kinds)];
	uint32_t source = 1 + turn % 4, destination = 1 + (turn / 4 + turn) % 4;

	*ret_layers = (struct layers){ 0 };
	layers_add(ret_layers, (struct layer){ .kind = LAYER_ETHERNET,
					       .source = source,
					       .destination = destination });
	layers_add_list(ret_layers, kind, COUNT(kinds[0]));
	for (size_t i = 1; i < ret_layers->count; i++) {
		struct layer *layer = &ret_layers->list[i];

		switch (layer->kind) {
		case LAYER_IPV4:
		case LAYER_ARP:
			layer->source = 0x0a090000 + source;
			layer->destination = 0x0a090000 + destination;
			break;
		case LAYER_IPV6:
			layer->source = source;
			layer->destination = destination;
			break;
		default:
			layer->source = ports[number % 7 * turn % COUNT(ports)];
			layer->destination = ports[(number % 3 + turn) % COUNT(ports)];
		}
	}
	layers_add(ret_layers, (struct layer){ .kind = LAYER_PAYLOAD, .words = 30 + number % 90 });
}

void traffic_packet(unsigned int number, struct packet *ret_packet)
{
	struct layers layers;

	traffic_layers(number, &layers);
	packet_build(ret_packet, &layers);
}

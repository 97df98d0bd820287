/* SPDX-License-Identifier: GPL-2.0-only */
/* See streams.h. */
#include "streams.h"

#include <stdlib.h>

#include "flow.h"
#include "fragments.h"
#include "tcp_conversation.h"

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17

/* Fragments have one part in so many of the memory. */
#define FRAGMENTS_SHARE 8

struct streams {
	struct fragments *fragments;
	uint64_t memory_bytes;
	uint64_t used_bytes;
	struct flow_table flows;
	uint32_t tcp_count;
	uint32_t udp_count;
	uint32_t other_count;
	struct streams_lost lost;
};

/* The one allocation that each conversation costs. */
struct tcp_flow {
	struct flow flow;
	struct tcp_conversation tcp;
};

static size_t flow_bytes(uint8_t ip_protocol)
{
	return ip_protocol == PROTOCOL_TCP ? sizeof(struct tcp_flow) : sizeof(struct flow);
}

struct streams *streams_new(uint64_t memory_bytes)
{
	struct streams *streams = calloc(1, sizeof(*streams));

	if (!streams)
		return NULL;
	streams->fragments = fragments_new(memory_bytes / FRAGMENTS_SHARE);
	if (!streams->fragments || flow_table_init(&streams->flows)) {
		fragments_free(streams->fragments);
		free(streams);
		return NULL;
	}
	streams->memory_bytes = memory_bytes - memory_bytes / FRAGMENTS_SHARE;
	return streams;
}

/* One that is not in the table any more. Returns how many bytes of it waited for more. */
static uint32_t free_flow(struct streams *streams, struct flow *flow)
{
	struct tcp_conversation *tcp = flow->conversation.tcp;
	uint32_t waiting = 0;

	for (int side = 0; tcp && side < 2; side++)
		waiting += segments_free(streams, &tcp->segments[side]);
	streams->used_bytes -= flow_bytes(flow->key.ip_protocol);
	free(flow);
	return waiting;
}

static uint32_t remove_flow(struct streams *streams, struct flow *flow)
{
	flow_table_remove(&streams->flows, flow);
	return free_flow(streams, flow);
}

void streams_free(struct streams *streams)
{
	struct flow *flow, *older;

	if (!streams)
		return;
	flow_table_free(&streams->flows);
	for (flow = streams->flows.newest; flow; flow = older) {
		older = flow->older;
		(void)free_flow(streams, flow);
	}
	fragments_free(streams->fragments);
	free(streams);
}

struct streams_lost streams_get_lost(const struct streams *streams)
{
	struct streams_lost lost = streams->lost;

	lost.fragments += fragments_get_lost(streams->fragments);
	return lost;
}

struct fragments *streams_get_fragments(struct streams *streams)
{
	return streams->fragments;
}

void streams_lose(struct streams *streams, struct streams_lost lost)
{
	streams->lost.conversations += lost.conversations;
	streams->lost.segment_bytes += lost.segment_bytes;
	streams->lost.fragments += lost.fragments;
}

bool streams_reserve(struct streams *streams, size_t bytes)
{
	/* Those of the present packet are the newest. */
	uint64_t packet = streams->flows.newest ? streams->flows.newest->last_packet : 0;

	if (bytes > streams->memory_bytes)
		return false;
	while (streams->used_bytes > streams->memory_bytes - bytes) {
		if (!streams->flows.oldest || streams->flows.oldest->last_packet == packet)
			return false;
		if (streams->flows.oldest == streams->flows.newest)
			return false;
		if (streams->flows.oldest->conversation.is_kept) {
			flow_table_renew(&streams->flows, streams->flows.oldest);
			continue;
		}
		streams->lost.segment_bytes += remove_flow(streams, streams->flows.oldest);
		streams->lost.conversations++;
	}
	streams->used_bytes += bytes;
	return true;
}

void streams_return(struct streams *streams, size_t bytes)
{
	streams->used_bytes -= bytes;
}

static struct flow *add_flow(struct streams *streams, const struct flow_key *key)
{
	size_t bytes = flow_bytes(key->ip_protocol), growth;
	struct flow *flow;

	if (!streams_reserve(streams, bytes))
		return NULL;
	growth = flow_table_growth(&streams->flows);
	flow = calloc(1, bytes);
	if (flow)
		flow->key = *key;
	if (!flow || (growth && !streams_reserve(streams, growth)) ||
	    flow_table_add(&streams->flows, flow)) {
		streams_return(streams, bytes);
		free(flow);
		return NULL;
	}
	if (key->ip_protocol == PROTOCOL_TCP) {
		flow->conversation.tcp = &((struct tcp_flow *)flow)->tcp;
		tcp_analysis_begin(&flow->conversation.tcp->analysis);
	}
	flow->conversation.number = key->ip_protocol == PROTOCOL_TCP ? streams->tcp_count++ :
				    key->ip_protocol == PROTOCOL_UDP ? streams->udp_count++ :
								       streams->other_count++;
	return flow;
}

static void set_conversation(struct dissection *dissection, struct flow *flow, unsigned int source)
{
	flow->last_packet = dissection->packet->number;
	dissection->conversation = &flow->conversation;
	dissection->side = source != flow->first_end;
}

void streams_find_conversation(struct dissection *dissection, uint8_t ip_protocol)
{
	struct streams *streams = dissection->streams;
	struct flow_key key;
	unsigned int source;
	struct flow *flow;

	dissection->conversation = NULL;
	if (!streams)
		return;
	source = flow_key_make(&dissection->flow, ip_protocol, &key);
	flow = flow_table_find(&streams->flows, &key);
	if (!flow) {
		flow = add_flow(streams, &key);
		if (!flow)
			streams->lost.conversations++;
		if (!flow)
			return;
		flow->first_end = (uint8_t)source;
	}
	set_conversation(dissection, flow, source);
}

void streams_begin_conversation(struct dissection *dissection, uint8_t ip_protocol)
{
	struct streams *streams = dissection->streams;
	struct flow_key key;
	struct flow *flow;

	if (!streams)
		return;
	flow_key_make(&dissection->flow, ip_protocol, &key);
	flow = flow_table_find(&streams->flows, &key);
	/* What waits for its end was never sent whole: nothing of it is given up. */
	if (flow)
		(void)remove_flow(streams, flow);
	streams_find_conversation(dissection, ip_protocol);
}

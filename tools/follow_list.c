/* SPDX-License-Identifier: GPL-2.0-only */
/* See follow_list.h. */
#include "follow_list.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "field_text.h"
#include "stream/streams.h"
#include "time_text.h"

#define FLAG_FIN 0x01
#define FLAG_SYN 0x02
#define FLAG_RST 0x04
#define FLAG_ACK 0x10

#define SENT_AGAIN                                                \
	(TCP_NOTE_RETRANSMISSION | TCP_NOTE_FAST_RETRANSMISSION | \
	 TCP_NOTE_SPURIOUS_RETRANSMISSION | TCP_NOTE_KEEP_ALIVE)

/* Of a conversation; the client is 0. */
struct row {
	uint8_t addresses[2][16];
	uint16_t ports[2];
	uint8_t address_kind;
	uint8_t client; /* its side */
	bool is_used, has_syn, has_answer, has_reset;
	bool has_end[2];
	uint64_t packets;
	uint64_t bytes[2]; /* that it sent; what was sent again counts once */
	uint64_t first_ns, last_ns;
};

/* Of a protocol, by the numbers of their conversations. */
struct rows {
	const char *protocol;
	struct row *rows;
	size_t count, capacity;
};

struct follow_list {
	struct rows tcp, udp;
	uint64_t memory_bytes;
	uint64_t left_out; /* conversations: numbers above the last row's */
};

struct follow_list *follow_list_new(uint64_t memory_bytes)
{
	struct follow_list *list = calloc(1, sizeof(*list));

	if (!list)
		return NULL;
	list->memory_bytes = memory_bytes;
	list->tcp.protocol = "tcp";
	list->udp.protocol = "udp";
	return list;
}

void follow_list_free(struct follow_list *list)
{
	if (!list)
		return;
	free(list->tcp.rows);
	free(list->udp.rows);
	free(list);
}

unsigned int follow_client_side(const struct dissection *dissection)
{
	bool is_answer = dissection->conversation->tcp &&
			 (dissection->transport.numbers.flags & (FLAG_SYN | FLAG_ACK)) ==
				 (FLAG_SYN | FLAG_ACK);

	return is_answer ? !dissection->side : dissection->side;
}

/* NULL: there is no memory for more. */
static struct row *row_of(struct follow_list *list, struct rows *rows, uint32_t number)
{
	size_t used = (list->tcp.capacity + list->udp.capacity) * sizeof(struct row);
	size_t capacity = rows->capacity ? rows->capacity * 2 : 64;
	struct row *more;

	while (number >= capacity)
		capacity *= 2;
	if (number >= rows->capacity) {
		if (used + (capacity - rows->capacity) * sizeof(struct row) > list->memory_bytes)
			return NULL;
		more = realloc(rows->rows, capacity * sizeof(struct row));
		if (!more)
			return NULL;
		memset(more + rows->capacity, 0, (capacity - rows->capacity) * sizeof(struct row));
		rows->rows = more;
		rows->capacity = capacity;
	}
	if (number >= rows->count)
		rows->count = number + 1;
	return &rows->rows[number];
}

static void copy_address(uint8_t ret_copy[16], const struct address *address)
{
	size_t bytes = address->kind == ADDRESS_IPV4 ? 4 :
		       address->kind == ADDRESS_IPV6 ? 16 :
		       address->kind == ADDRESS_MAC  ? 6 :
						       0;

	if (bytes)
		memcpy(ret_copy, address->bytes, bytes);
}

static void begin_row(struct row *row, const struct dissection *dissection)
{
	const struct dissection_flow *flow = &dissection->flow;
	unsigned int source;

	row->client = (uint8_t)follow_client_side(dissection);
	source = dissection->side != row->client;
	row->address_kind = (uint8_t)flow->source.kind;
	copy_address(row->addresses[source], &flow->source);
	copy_address(row->addresses[!source], &flow->destination);
	row->ports[source] = flow->source_port;
	row->ports[!source] = flow->destination_port;
	row->first_ns = dissection->packet->time_ns;
	row->is_used = true;
}

int follow_list_add(struct follow_list *list, const struct dissection *dissection)
{
	const struct conversation *conversation = dissection->conversation;
	const struct dissection_transport *transport = &dissection->transport;
	uint16_t flags = conversation && conversation->tcp ? transport->numbers.flags : 0;
	struct row *row;
	unsigned int from;

	if (!conversation || !transport->payload.data)
		return 0;
	row = row_of(list, conversation->tcp ? &list->tcp : &list->udp, conversation->number);
	if (!row) {
		if (list->left_out <= conversation->number)
			list->left_out = conversation->number + 1;
		return 0;
	}
	if (!row->is_used)
		begin_row(row, dissection);
	from = dissection->side != row->client;
	row->packets++;
	if (!(dissection->tcp.notes & SENT_AGAIN))
		row->bytes[from] += transport->length;
	row->last_ns = dissection->packet->time_ns;
	row->has_syn |= (flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN;
	row->has_answer |= from == 1;
	row->has_reset |= !!(flags & FLAG_RST);
	row->has_end[from] |= !!(flags & FLAG_FIN);
	return 0;
}

static const char *state_of(const struct row *row)
{
	if (row->has_reset)
		return "reset";
	if (row->has_end[0] && row->has_end[1])
		return "closed";
	if (row->has_end[0] || row->has_end[1])
		return "half closed";
	return row->has_syn && !row->has_answer ? "unanswered" : "open";
}

static void add_address(const struct row *row, unsigned int end, struct line *line)
{
	const struct address address = {
		.kind = (enum address_kind)row->address_kind,
		.bytes = row->addresses[end],
	};

	address_add(&address, line);
}

static void add_end(const struct row *row, unsigned int end, struct line *line)
{
	bool is_ipv6 = row->address_kind == ADDRESS_IPV6;

	line_add(line, is_ipv6 ? "[" : "");
	add_address(row, end, line);
	line_add(line, is_ipv6 ? "]:" : ":");
	line_add_number(line, row->ports[end]);
}

static void add_duration(const struct row *row, struct line *line)
{
	uint64_t ns = row->last_ns > row->first_ns ? row->last_ns - row->first_ns : 0;

	line_print(line, "%" PRIu64 ".%06" PRIu64, ns / 1000000000, ns % 1000000000 / 1000);
}

/* "tcp 0    10.0.0.1:40000 → 10.0.0.2:80  12 packets  340 → 1200 ← bytes  0.123456 s  closed" */
static void add_text(const struct rows *rows, const struct row *row, struct line *line)
{
	line_print(line, "%s %zu", rows->protocol, (size_t)(row - rows->rows));
	line_pad(line, 10);
	add_end(row, 0, line);
	line_add(line, " → ");
	add_end(row, 1, line);
	line_pad(line, 58);
	line_print(line, "%" PRIu64 " packets", row->packets);
	line_pad(line, 74);
	line_print(line, "%" PRIu64 " → %" PRIu64 " ← bytes", row->bytes[0], row->bytes[1]);
	line_pad(line, 104);
	add_duration(row, line);
	line_add(line, " s");
	if (strcmp(rows->protocol, "tcp") == 0) {
		line_pad(line, 118);
		line_add(line, state_of(row));
	}
}

static void add_json(const struct rows *rows, const struct row *row, struct line *line)
{
	line_print(line, "{\"stream\":%zu,\"protocol\":\"%s\",\"client\":\"",
		   (size_t)(row - rows->rows), rows->protocol);
	add_address(row, 0, line);
	line_print(line, "\",\"client_port\":%u,\"server\":\"", row->ports[0]);
	add_address(row, 1, line);
	line_print(line,
		   "\",\"server_port\":%u,\"packets\":%" PRIu64 ",\"client_bytes\":%" PRIu64
		   ",\"server_bytes\":%" PRIu64 ",\"time\":",
		   row->ports[1], row->packets, row->bytes[0], row->bytes[1]);
	time_text_add_epoch(row->first_ns, line);
	line_add(line, ",\"duration\":");
	add_duration(row, line);
	if (strcmp(rows->protocol, "tcp") == 0)
		line_print(line, ",\"state\":\"%s\"", state_of(row));
	line_add_character(line, '}');
}

static int write_rows(const struct rows *rows, bool is_json, struct line *line, FILE *out)
{
	int error = 0;

	for (size_t i = 0; i < rows->count && !error; i++) {
		if (!rows->rows[i].is_used)
			continue;
		if (is_json)
			add_json(rows, &rows->rows[i], line);
		else
			add_text(rows, &rows->rows[i], line);
		error = line_write(line, out);
	}
	return error;
}

int follow_list_write(const struct follow_list *list, bool is_json, FILE *out,
		      uint64_t *ret_left_out)
{
	struct line line = { 0 };
	int error = write_rows(&list->tcp, is_json, &line, out);

	if (!error)
		error = write_rows(&list->udp, is_json, &line, out);
	if (!error && fflush(out))
		error = -errno;
	line_free(&line);
	*ret_left_out = list->left_out > list->tcp.count ? list->left_out - list->tcp.count : 0;
	return error;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* See played_packets.h. */
#include "played_packets.h"

#include <stdbool.h>

#define CAPTURE_BYTES (1u << 20)
#define ETHERNET_HEADER_BYTES 14
#define LONGEST_FRAME_BYTES 512

enum {
	IN_CONVERSATION = 0x03,
	FROM_SECOND = 0x04,
	IS_UDP = 0x10,
	IS_FRAME = 0x18,
	IS_FRAGMENT = 0x20,
	IS_IPV6 = 0x40,
	IS_CUT = 0x80,
};

struct frame {
	uint8_t data[LONGEST_FRAME_BYTES];
	size_t length;
};

static void add(struct frame *frame, uint64_t number, unsigned int bytes)
{
	while (bytes-- > 0 && frame->length < sizeof(frame->data))
		frame->data[frame->length++] = (uint8_t)(number >> 8 * bytes);
}

static uint8_t take(struct bytes *instructions)
{
	uint8_t value = 0;

	(void)bytes_read_u8(instructions, &value);
	return value;
}

static void add_ports(struct frame *frame, uint8_t instruction, uint8_t choice)
{
	static const uint16_t tcp[] = { 80, 25, 143, 110, 21, 443, 53, 22 };
	static const uint16_t udp[] = { 53, 5353, 67, 123, 443, 4789, 6081, 7 };
	unsigned int conversation = instruction & IN_CONVERSATION;
	uint16_t client = (uint16_t)(40000 + conversation);
	uint16_t server = (instruction & IS_UDP ? udp : tcp)[(choice + conversation) % 8];

	add(frame, instruction & FROM_SECOND ? server : client, 2);
	add(frame, instruction & FROM_SECOND ? client : server, 2);
}

/* RFC 9293, RFC 768. Sequence numbers of the second pass 0. */
static void add_transport(struct frame *frame, struct bytes *instructions, uint8_t instruction,
			  uint8_t choice, size_t length)
{
	bool is_second = instruction & FROM_SECOND;
	uint8_t high, low;

	add_ports(frame, instruction, choice);
	if (instruction & IS_UDP) {
		add(frame, length + 8, 2);
		add(frame, 0, 2);
		return;
	}
	high = take(instructions);
	low = take(instructions);
	add(frame, (is_second ? 0xffffff00u : 1000u) + (high << 8 | low), 4);
	add(frame, is_second ? 1001 : 0xffffff01u, 4);
	add(frame, 0x5000u | take(instructions), 2);
	add(frame, 0x0200, 2);
	add(frame, 0, 4);
}

/* RFC 8200, section 4.5; RFC 791: "more fragments", and an offset in units of 8 bytes. */
static void add_network(struct frame *frame, uint8_t instruction, uint8_t fragment, size_t length)
{
	uint8_t protocol = instruction & IS_UDP ? 17 : 6;
	unsigned int last = instruction & FROM_SECOND ? 2 : 1;

	if (instruction & IS_IPV6) {
		bool has_header = instruction & IS_FRAGMENT;

		add(frame, 0x60000000, 4);
		add(frame, length + (has_header ? 8 : 0), 2);
		add(frame, has_header ? 44 : protocol, 1);
		add(frame, 64, 1);
		add(frame, 0xfd00, 8);
		add(frame, last, 8);
		add(frame, 0xfd00, 8);
		add(frame, 3 - last, 8);
		if (has_header)
			add(frame,
			    (uint64_t)protocol << 56 | (uint64_t)(fragment & 0x7f) << 35 |
				    (uint64_t)(fragment >> 7) << 32 |
				    (instruction & IN_CONVERSATION),
			    8);
		return;
	}
	add(frame, 0x4500, 2);
	add(frame, length + 20, 2);
	add(frame, instruction & IN_CONVERSATION, 2);
	add(frame, instruction & IS_FRAGMENT ? (fragment & 0x80) << 6 | (fragment & 0x7f) : 0, 2);
	add(frame, 0x4000 | protocol, 2);
	add(frame, 0, 2);
	add(frame, 0x0a000000 + last, 4);
	add(frame, 0x0a000003 - last, 4);
}

/* A frame as it is: its length, then its bytes. Else what add_transport() takes, and then these. */
static void play_packet(struct bytes *instructions, uint8_t choice, struct frame *ret_frame)
{
	uint8_t instruction = take(instructions), fragment = 0, length;
	struct frame transport = { .length = 0 };
	struct bytes payload = { 0 };

	ret_frame->length = 0;
	if (instruction & IS_FRAGMENT)
		fragment = take(instructions);
	length = take(instructions);
	if ((instruction & IS_FRAME) != IS_FRAME && !(fragment & 0x7f))
		add_transport(&transport, instructions, instruction, choice, length);
	if (length > instructions->length)
		length = (uint8_t)instructions->length;
	(void)bytes_take(instructions, length, &payload);
	if ((instruction & IS_FRAME) != IS_FRAME) {
		add(ret_frame, 0x020000000002, 6);
		add(ret_frame, 0x020000000001, 6);
		add(ret_frame, instruction & IS_IPV6 ? 0x86dd : 0x0800, 2);
		add_network(ret_frame, instruction, fragment, transport.length + length);
	}
	for (size_t i = 0; i < transport.length; i++)
		add(ret_frame, transport.data[i], 1);
	for (size_t i = 0; i < length; i++)
		add(ret_frame, payload.data[i], 1);
	if (instruction & IS_CUT)
		ret_frame->length /= 2;
}

struct bytes played_packets(struct bytes instructions, uint8_t ports)
{
	static uint8_t capture[CAPTURE_BYTES];
	static const uint32_t header[] = { 0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1 };
	size_t length = sizeof(header);
	struct frame frame;

	memcpy(capture, header, sizeof(header));
	for (uint32_t number = 1; instructions.length > 0; number++) {
		bool is_cut = instructions.data[0] & IS_CUT;
		uint32_t record[4] = { number / 100, number % 100 * 10000 };

		play_packet(&instructions, ports, &frame);
		if (length + sizeof(record) + frame.length > sizeof(capture))
			break;
		record[2] = (uint32_t)frame.length;
		record[3] = (uint32_t)frame.length * (is_cut ? 2 : 1);
		memcpy(capture + length, record, sizeof(record));
		memcpy(capture + length + sizeof(record), frame.data, frame.length);
		length += sizeof(record) + frame.length;
	}
	return bytes_make(capture, length);
}

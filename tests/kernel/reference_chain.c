/* SPDX-License-Identifier: GPL-2.0-only */
/* A plain walk from header to header, in a copy of the frame's bytes that nothing else reads. */
#include "reference_chain.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUTHENTICATION 51

static bool is_extension(unsigned int number)
{
	static const unsigned int numbers[] = { 0, 43, 44, 60, 135, 139, 140 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i] == number)
			return true;
	return false;
}

/* A number, or a name with or without a backslash. */
static bool read_protocol(const char *text, unsigned int *ret_protocol)
{
	const struct protoent *found;
	char *end;

	*ret_protocol = (unsigned int)strtoul(text, &end, 0);
	if (end != text && *end == '\0')
		return true;
	found = getprotobyname(*text == '\\' ? text + 1 : text);
	if (found)
		*ret_protocol = (unsigned int)found->p_proto;
	return found;
}

bool chain_question_read(const char *primitive, struct chain_question *ret_question)
{
	char version[16] = "", word[16] = "", name[32] = "";
	bool has_version = sscanf(primitive, "%15s %15s %31s", version, word, name) == 3;

	if (!has_version && sscanf(primitive, "%15s %31s", word, name) != 2)
		return false;
	if (has_version && strcmp(version, "ip") != 0 && strcmp(version, "ip6") != 0)
		return false;
	if (strcmp(word, "proto") != 0 && strcmp(word, "protochain") != 0)
		return false;
	*ret_question = (struct chain_question){
		.is_ipv4 = !has_version || strcmp(version, "ip") == 0,
		.is_ipv6 = !has_version || strcmp(version, "ip6") == 0,
		.is_proto = strcmp(word, "proto") == 0,
	};
	return read_protocol(name, &ret_question->protocol) &&
	       (!ret_question->is_proto ||
		(ret_question->is_ipv6 && is_extension(ret_question->protocol)));
}

static bool has_bytes(const struct frame *frame, uint32_t offset, uint32_t count)
{
	return offset + count <= frame->length;
}

/* From the header at *offset to the next; false where nothing tells what that is. */
static bool next_header(const struct frame *frame, bool is_ipv6, uint32_t *offset,
			unsigned int *number)
{
	const uint8_t *bytes = frame->bytes + *offset;
	unsigned int at = *number;

	if ((at != AUTHENTICATION && !(is_ipv6 && is_extension(at))) ||
	    !has_bytes(frame, *offset, 4))
		return false;
	*number = bytes[0];
	*offset += at == 44             ? 8 :
		   at == AUTHENTICATION ? 4u * (bytes[1] + 2u) :
					  8u * (bytes[1] + 1u);
	return true;
}

/* Nothing can be told of what is behind a later fragment's header. */
static bool ends_chain(const struct frame *frame, uint32_t offset, unsigned int number)
{
	const uint8_t *bytes = frame->bytes + offset;

	return number == 44 && has_bytes(frame, offset, 4) && (bytes[2] << 8 | bytes[3]) >= 8;
}

static bool chain_has(const struct frame *frame, bool is_ipv6, unsigned int protocol)
{
	uint32_t offset = frame->summary.network_offset;
	const uint8_t *header = frame->bytes + offset;
	unsigned int number;

	if (!has_bytes(frame, offset, is_ipv6 ? 7 : 10))
		return false;
	number = header[is_ipv6 ? 6 : 9];
	offset += is_ipv6 ? 40 : 4u * (header[0] & 15u);
	for (int headers = 0; headers <= MAXIMUM_CHAIN_HEADERS; headers++) {
		bool is_last = is_ipv6 ? ends_chain(frame, offset, number) :
					 ((header[6] & 31) | header[7]) != 0;

		if (number == protocol)
			return true;
		/* Of a later fragment of IPv4 only the header itself is known. */
		if ((is_last && !is_ipv6) || !next_header(frame, is_ipv6, &offset, &number))
			return false;
		if (is_last)
			return number == protocol;
	}
	return false;
}

bool chain_question_answer(const struct chain_question *question, const struct frame *frame)
{
	const struct packet_summary *summary = &frame->summary;

	if (!(summary->fields & SUMMARY_ETHERTYPE))
		return false;
	if (question->is_ipv6 && summary->ethertype == 0x86dd)
		return chain_has(frame, true, question->protocol);
	if (!question->is_ipv4 || summary->ethertype != 0x0800)
		return false;
	return question->is_proto ? summary->fields & SUMMARY_PROTOCOL &&
					    summary->ip_protocol == question->protocol :
				    chain_has(frame, false, question->protocol);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* SCTP: RFC 9260, section 3.1; its chunks are in sctp_chunk.c. */
#include "sctp.h"

#include "../line.h"
#include "../stream/streams.h"
#include "dissector.h"

enum {
	SOURCE_PORT,
	DESTINATION_PORT,
	VERIFICATION_TAG,
	CHECKSUM,
};

#define PROTOCOL_SCTP 132

static const struct field_info fields[] = {
	[SOURCE_PORT] = { "sctp.srcport", "Source port", FIELD_NUMBER, 2 },
	[DESTINATION_PORT] = { "sctp.dstport", "Destination port", FIELD_NUMBER, 2 },
	[VERIFICATION_TAG] = { "sctp.verification_tag", "Verification tag", FIELD_HEX, 4 },
	[CHECKSUM] = { "sctp.checksum", "Checksum", FIELD_HEX, 4 },
};

/* Only for the numbers: nobody follows an association. */
static struct conversation *find_association(struct dissection *dissection)
{
	struct conversation *conversation;

	if (dissection->quote)
		return NULL;
	streams_find_conversation(dissection, PROTOCOL_SCTP);
	conversation = dissection->conversation;
	dissection->conversation = NULL;
	return conversation;
}

static int dissect_sctp(struct dissection *dissection, struct bytes *bytes)
{
	struct conversation *conversation;
	uint64_t numbers[4];

	if (dissection_add_fields(dissection, bytes, &fields[SOURCE_PORT], 4, numbers))
		return -ENODATA;
	dissection_set_ports(dissection, (uint16_t)numbers[0], (uint16_t)numbers[1]);
	conversation = find_association(dissection);
	while (bytes->length > 0)
		if (sctp_chunk_dissect(dissection, bytes, conversation))
			return -ENODATA;
	return 0;
}

const struct dissector dissector_sctp = {
	.name = "sctp",
	.label = "SCTP",
	.title = "Stream Control Transmission Protocol",
	.summary = ", Src Port: {sctp.srcport}, Dst Port: {sctp.dstport}",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_sctp,
	.describe = sctp_chunks_describe,
};

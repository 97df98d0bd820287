/* SPDX-License-Identifier: GPL-2.0-only */
/* Extensions of TLS: RFC 8446, section 4.2, and those that it names there. See tls.h. */
#include "tls.h"

enum {
	EXTENSION,
	TYPE,
	LENGTH,
	DATA,
	NAME_LIST_LENGTH,
	NAME_TYPE,
	NAME_LENGTH,
	NAME,
	GROUPS_LENGTH,
	GROUPS,
	GROUP,
	POINT_FORMATS_LENGTH,
	POINT_FORMATS,
	POINT_FORMAT,
	SIGNATURES_LENGTH,
	SIGNATURES,
	SIGNATURE,
	SIGNATURE_HASH,
	SIGNATURE_KEY,
	PROTOCOLS_LENGTH,
	PROTOCOLS,
	PROTOCOL_LENGTH,
	PROTOCOL,
	VERSIONS_LENGTH,
	VERSION,
	MODES_LENGTH,
	MODE,
	SHARES_LENGTH,
	SHARE,
	SHARE_GROUP,
	SHARE_KEY_LENGTH,
	SHARE_KEY,
	SELECTED_GROUP,
	STATUS_TYPE,
	STATUS_RESPONDERS,
	STATUS_EXTENSIONS,
	RENEGOTIATION_LENGTH,
	RENEGOTIATION,
	PADDING,
	NONE,
};

enum type {
	TYPE_SERVER_NAME = 0,
	TYPE_STATUS_REQUEST = 5,
	TYPE_GROUPS = 10,
	TYPE_POINT_FORMATS = 11,
	TYPE_SIGNATURES = 13,
	TYPE_ALPN = 16,
	TYPE_PADDING = 21,
	TYPE_DRAFT_KEY_SHARE = 40,
	TYPE_VERSIONS = 43,
	TYPE_MODES = 45,
	TYPE_KEY_SHARE = 51,
	TYPE_RENEGOTIATION = 65281,
};

static const struct value_name name_type_names[] = {
	{ 0, "host_name" },
	{ 0, NULL },
};

static const struct value_name point_format_names[] = {
	{ 0, "uncompressed" },
	{ 1, "ansiX962_compressed_prime" },
	{ 2, "ansiX962_compressed_char2" },
	{ 0, NULL },
};

static const struct value_name mode_names[] = {
	{ 0, "PSK-only key establishment (psk_ke)" },
	{ 1, "PSK with (EC)DHE key establishment (psk_dhe_ke)" },
	{ 0, NULL },
};

static const struct value_name status_names[] = {
	{ 1, "OCSP" },
	{ 2, "OCSP Multi" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[EXTENSION] = { "tls.handshake.extension", "Extension", FIELD_GROUP },
	[TYPE] = { "tls.handshake.extension.type", "Type", FIELD_NUMBER, 2,
		   .values = tls_extension_names },
	[LENGTH] = { "tls.handshake.extension.len", "Length", FIELD_NUMBER, 2 },
	[DATA] = { "tls.handshake.extension.data", "Data", FIELD_BYTES },
	[NAME_LIST_LENGTH] = { "tls.handshake.extensions_server_name_list_len",
			       "Server Name list length", FIELD_NUMBER, 2 },
	[NAME_TYPE] = { "tls.handshake.extensions_server_name_type", "Server Name Type",
			FIELD_NUMBER, 1, .values = name_type_names },
	[NAME_LENGTH] = { "tls.handshake.extensions_server_name_len", "Server Name length",
			  FIELD_NUMBER, 2 },
	[NAME] = { "tls.handshake.extensions_server_name", "Server Name", FIELD_TEXT },
	[GROUPS_LENGTH] = { "tls.handshake.extensions_supported_groups_length",
			    "Supported Groups List Length", FIELD_NUMBER, 2 },
	[GROUPS] = { "tls.handshake.extensions_supported_groups", "Supported Groups List",
		     FIELD_GROUP },
	[GROUP] = { "tls.handshake.extensions_supported_group", "Supported Group", FIELD_HEX, 2,
		    .values = tls_group_names },
	[POINT_FORMATS_LENGTH] = { "tls.handshake.extensions_ec_point_formats_length",
				   "EC point formats Length", FIELD_NUMBER, 1 },
	[POINT_FORMATS] = { "tls.handshake.extensions_ec_point_formats",
			    "Elliptic curves point formats", FIELD_GROUP },
	[POINT_FORMAT] = { "tls.handshake.extensions_ec_point_format", "EC point format",
			   FIELD_NUMBER, 1, .values = point_format_names },
	[SIGNATURES_LENGTH] = { "tls.handshake.sig_hash_alg_len",
				"Signature Hash Algorithms Length", FIELD_NUMBER, 2 },
	[SIGNATURES] = { "tls.handshake.sig_hash_algs", "Signature Hash Algorithms", FIELD_GROUP },
	[SIGNATURE] = { "tls.handshake.sig_hash_alg", "Signature Algorithm", FIELD_HEX, 2,
			.values = tls_signature_names },
	[SIGNATURE_HASH] = { "tls.handshake.sig_hash_hash", "Signature Hash Algorithm Hash",
			     FIELD_NUMBER, 2, .mask = 0xff00 },
	[SIGNATURE_KEY] = { "tls.handshake.sig_hash_sig", "Signature Hash Algorithm Signature",
			    FIELD_NUMBER, 2, .mask = 0x00ff },
	[PROTOCOLS_LENGTH] = { "tls.handshake.extensions_alpn_len", "ALPN Extension Length",
			       FIELD_NUMBER, 2 },
	[PROTOCOLS] = { "tls.handshake.extensions_alpn_list", "ALPN Protocol", FIELD_GROUP },
	[PROTOCOL_LENGTH] = { "tls.handshake.extensions_alpn_str_len", "ALPN string length",
			      FIELD_NUMBER, 1 },
	[PROTOCOL] = { "tls.handshake.extensions_alpn_str", "ALPN Next Protocol", FIELD_TEXT },
	[VERSIONS_LENGTH] = { "tls.handshake.extensions.supported_versions_len",
			      "Supported Versions length", FIELD_NUMBER, 1 },
	[VERSION] = { "tls.handshake.extensions.supported_version", "Supported Version", FIELD_HEX,
		      2, .values = tls_version_names },
	[MODES_LENGTH] = { "tls.extension.psk_ke_modes_length", "PSK Key Exchange Modes Length",
			   FIELD_NUMBER, 1 },
	[MODE] = { "tls.extension.psk_ke_mode", "PSK Key Exchange Mode", FIELD_NUMBER, 1,
		   .values = mode_names },
	[SHARES_LENGTH] = { "tls.handshake.extensions_key_share_client_length",
			    "Client Key Share Length", FIELD_NUMBER, 2 },
	[SHARE] = { "tls.handshake.extensions_key_share", "Key Share Entry", FIELD_GROUP },
	[SHARE_GROUP] = { "tls.handshake.extensions_key_share_group", "Group", FIELD_NUMBER, 2,
			  .values = tls_group_names },
	[SHARE_KEY_LENGTH] = { "tls.handshake.extensions_key_share_key_exchange_length",
			       "Key Exchange Length", FIELD_NUMBER, 2 },
	[SHARE_KEY] = { "tls.handshake.extensions_key_share_key_exchange", "Key Exchange",
			FIELD_BYTES },
	[SELECTED_GROUP] = { "tls.handshake.extensions_key_share_selected_group", "Selected Group",
			     FIELD_NUMBER, 2, .values = tls_group_names },
	[STATUS_TYPE] = { "tls.handshake.extensions_status_request_type", "Certificate Status Type",
			  FIELD_NUMBER, 1, .values = status_names },
	[STATUS_RESPONDERS] = { "tls.handshake.extensions_status_request_responder_ids_len",
				"Responder ID list Length", FIELD_NUMBER, 2 },
	[STATUS_EXTENSIONS] = { "tls.handshake.extensions_status_request_exts_len",
				"Request Extensions Length", FIELD_NUMBER, 2 },
	[RENEGOTIATION_LENGTH] = { "tls.handshake.extensions_reneg_info_len",
				   "Renegotiation info extension length", FIELD_NUMBER, 1 },
	[RENEGOTIATION] = { "tls.handshake.extensions_reneg_info", "Renegotiation info",
			    FIELD_BYTES },
	[PADDING] = { "tls.handshake.extensions_padding_data", "Padding Data", FIELD_BYTES },
};

static int add_rest(struct dissection *dissection, struct bytes *data, unsigned int which)
{
	return data->length ?
		       dissection_add_bytes(dissection, data, data->length, &fields[which], NULL) :
		       0;
}

/* A length, and items of the same kind up to it, in a group of their own unless that is NONE. */
static int dissect_list(struct dissection *dissection, struct bytes *data, unsigned int length,
			unsigned int group, unsigned int item)
{
	unsigned int entered = 0;
	uint64_t list_bytes;
	struct bytes list;
	int error = 0;

	if (dissection_add_number(dissection, data, &fields[length], &list_bytes) ||
	    bytes_take(data, list_bytes, &list))
		return -ENODATA;
	if (group != NONE)
		entered = dissection_enter(dissection, &list, &fields[group]);
	while (!error && list.length) {
		uint64_t number;

		error = dissection_add_number(dissection, &list, &fields[item], &number);
		if (!error && item == SIGNATURE)
			dissection_add_bits(dissection, &fields[SIGNATURE_HASH], 2, number);
	}
	if (group != NONE)
		dissection_leave(dissection, entered, list.data);
	return error;
}

/* RFC 6066, section 3. A server's answer is empty. */
static int dissect_server_name(struct dissection *dissection, struct bytes *data)
{
	uint64_t length;

	if (!data->length)
		return 0;
	if (dissection_add_number(dissection, data, &fields[NAME_LIST_LENGTH], NULL))
		return -ENODATA;
	while (data->length)
		if (dissection_add_number(dissection, data, &fields[NAME_TYPE], NULL) ||
		    dissection_add_number(dissection, data, &fields[NAME_LENGTH], &length) ||
		    dissection_add_bytes(dissection, data, length, &fields[NAME], NULL))
			return -ENODATA;
	return 0;
}

/* RFC 7301, section 3.1. */
static int dissect_protocols(struct dissection *dissection, struct bytes *data)
{
	unsigned int group;
	uint64_t length;
	int error = 0;

	if (dissection_add_number(dissection, data, &fields[PROTOCOLS_LENGTH], NULL))
		return -ENODATA;
	group = dissection_enter(dissection, data, &fields[PROTOCOLS]);
	while (!error && data->length) {
		error = dissection_add_number(dissection, data, &fields[PROTOCOL_LENGTH], &length);
		if (!error)
			error = dissection_add_bytes(dissection, data, length, &fields[PROTOCOL],
						     NULL);
	}
	dissection_leave(dissection, group, data->data);
	return error;
}

/* RFC 8446, section 4.2.8: of a client several; of a server one, or only the group it wants. */
static int dissect_shares(struct dissection *dissection, struct bytes *data, bool is_client)
{
	int error = 0;

	if (is_client && dissection_add_number(dissection, data, &fields[SHARES_LENGTH], NULL))
		return -ENODATA;
	if (!is_client && data->length == fields[SELECTED_GROUP].bytes)
		return dissection_add_number(dissection, data, &fields[SELECTED_GROUP], NULL);
	while (!error && data->length) {
		unsigned int group = dissection_enter(dissection, data, &fields[SHARE]);
		uint64_t numbers[2];

		error = dissection_add_fields(dissection, data, &fields[SHARE_GROUP], 2, numbers);
		if (!error)
			error = dissection_add_bytes(dissection, data, numbers[1],
						     &fields[SHARE_KEY], NULL);
		dissection_leave(dissection, group, data->data);
	}
	return error;
}

static int dissect_versions(struct dissection *dissection, struct bytes *data, bool is_client,
			    uint16_t *ret_version)
{
	uint64_t version;

	if (is_client)
		return dissect_list(dissection, data, VERSIONS_LENGTH, NONE, VERSION);
	if (dissection_add_number(dissection, data, &fields[VERSION], &version))
		return -ENODATA;
	*ret_version = (uint16_t)version;
	return 0;
}

static int dissect_status_request(struct dissection *dissection, struct bytes *data)
{
	uint64_t length;

	if (!data->length)
		return 0;
	if (dissection_add_number(dissection, data, &fields[STATUS_TYPE], NULL) ||
	    dissection_add_number(dissection, data, &fields[STATUS_RESPONDERS], &length) ||
	    bytes_skip(data, length))
		return -ENODATA;
	return dissection_add_number(dissection, data, &fields[STATUS_EXTENSIONS], NULL);
}

static int dissect_data(struct dissection *dissection, uint64_t type, struct bytes *data,
			bool is_client, uint16_t *ret_version)
{
	switch (type) {
	case TYPE_SERVER_NAME:
		return dissect_server_name(dissection, data);
	case TYPE_STATUS_REQUEST:
		return dissect_status_request(dissection, data);
	case TYPE_GROUPS:
		return dissect_list(dissection, data, GROUPS_LENGTH, GROUPS, GROUP);
	case TYPE_POINT_FORMATS:
		return dissect_list(dissection, data, POINT_FORMATS_LENGTH, POINT_FORMATS,
				    POINT_FORMAT);
	case TYPE_SIGNATURES:
		return dissect_list(dissection, data, SIGNATURES_LENGTH, SIGNATURES, SIGNATURE);
	case TYPE_ALPN:
		return dissect_protocols(dissection, data);
	case TYPE_PADDING:
		return add_rest(dissection, data, PADDING);
	case TYPE_VERSIONS:
		return dissect_versions(dissection, data, is_client, ret_version);
	case TYPE_MODES:
		return dissect_list(dissection, data, MODES_LENGTH, NONE, MODE);
	case TYPE_DRAFT_KEY_SHARE:
	case TYPE_KEY_SHARE:
		return dissect_shares(dissection, data, is_client);
	case TYPE_RENEGOTIATION:
		if (dissection_add_number(dissection, data, &fields[RENEGOTIATION_LENGTH], NULL))
			return -ENODATA;
		return add_rest(dissection, data, RENEGOTIATION);
	default:
		return add_rest(dissection, data, DATA);
	}
}

int tls_extensions_dissect(struct dissection *dissection, struct bytes *bytes, bool is_client,
			   uint16_t *ret_version)
{
	int error = 0;

	while (!error && bytes->length) {
		unsigned int group = dissection_enter(dissection, bytes, &fields[EXTENSION]);
		uint64_t numbers[2];
		struct bytes data;

		error = dissection_add_fields(dissection, bytes, &fields[TYPE], 2, numbers);
		if (!error)
			error = bytes_take(bytes, numbers[1], &data);
		if (!error)
			error = dissect_data(dissection, numbers[0], &data, is_client, ret_version);
		dissection_leave(dissection, group, bytes->data);
	}
	return error;
}

const struct field_table tls_extensions_table = FIELD_TABLE(fields);

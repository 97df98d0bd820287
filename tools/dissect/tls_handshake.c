/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of the handshake of TLS: RFC 8446, section 4, and RFC 5246, section 7.4. See tls.h. */
#include "tls.h"

enum {
	MESSAGE,
	TYPE,
	LENGTH,
	VERSION,
	RANDOM,
	SESSION_LENGTH,
	SESSION,
	CIPHERS_LENGTH,
	CIPHERS,
	CIPHER,
	COMPRESSIONS_LENGTH,
	COMPRESSIONS,
	COMPRESSION,
	EXTENSIONS_LENGTH,
	CERTIFICATES_LENGTH,
	CERTIFICATES,
	CERTIFICATE_LENGTH,
	CERTIFICATE,
	TICKET_LIFETIME,
	TICKET_LENGTH,
	TICKET,
	FRAGMENT,
};

enum type {
	TYPE_CLIENT_HELLO = 1,
	TYPE_SERVER_HELLO = 2,
	TYPE_TICKET = 4,
	TYPE_CERTIFICATE = 11,
};

#define RANDOM_BYTES 32

/* https://www.iana.org/assignments/tls-parameters */
static const struct value_name type_names[] = {
	{ 0, "Hello Request" },
	{ TYPE_CLIENT_HELLO, "Client Hello" },
	{ TYPE_SERVER_HELLO, "Server Hello" },
	{ 3, "Hello Verify Request" },
	{ TYPE_TICKET, "New Session Ticket" },
	{ 5, "End of Early Data" },
	{ 6, "Hello Retry Request" },
	{ 8, "Encrypted Extensions" },
	{ TYPE_CERTIFICATE, "Certificate" },
	{ 12, "Server Key Exchange" },
	{ 13, "Certificate Request" },
	{ 14, "Server Hello Done" },
	{ 15, "Certificate Verify" },
	{ 16, "Client Key Exchange" },
	{ 20, "Finished" },
	{ 21, "Certificate URL" },
	{ 22, "Certificate Status" },
	{ 23, "Supplemental Data" },
	{ 24, "Key Update" },
	{ 25, "Compressed Certificate" },
	{ 0, NULL },
};

static const struct value_name compression_names[] = {
	{ 0, "null" },
	{ 1, "DEFLATE" },
	{ 64, "LZS" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[MESSAGE] = { "tls.handshake", "Handshake Protocol", FIELD_GROUP },
	[TYPE] = { "tls.handshake.type", "Handshake Type", FIELD_NUMBER, 1, .values = type_names },
	[LENGTH] = { "tls.handshake.length", "Length", FIELD_NUMBER, 3 },
	[VERSION] = { "tls.handshake.version", "Version", FIELD_HEX, 2,
		      .values = tls_version_names },
	[RANDOM] = { "tls.handshake.random", "Random", FIELD_BYTES },
	[SESSION_LENGTH] = { "tls.handshake.session_id_length", "Session ID Length", FIELD_NUMBER,
			     1 },
	[SESSION] = { "tls.handshake.session_id", "Session ID", FIELD_BYTES },
	[CIPHERS_LENGTH] = { "tls.handshake.cipher_suites_length", "Cipher Suites Length",
			     FIELD_NUMBER, 2 },
	[CIPHERS] = { "tls.handshake.ciphersuites", "Cipher Suites", FIELD_GROUP },
	[CIPHER] = { "tls.handshake.ciphersuite", "Cipher Suite", FIELD_HEX, 2,
		     .values = tls_cipher_names },
	[COMPRESSIONS_LENGTH] = { "tls.handshake.comp_methods_length", "Compression Methods Length",
				  FIELD_NUMBER, 1 },
	[COMPRESSIONS] = { "tls.handshake.comp_methods", "Compression Methods", FIELD_GROUP },
	[COMPRESSION] = { "tls.handshake.comp_method", "Compression Method", FIELD_NUMBER, 1,
			  .values = compression_names },
	[EXTENSIONS_LENGTH] = { "tls.handshake.extensions_length", "Extensions Length",
				FIELD_NUMBER, 2 },
	[CERTIFICATES_LENGTH] = { "tls.handshake.certificates_length", "Certificates Length",
				  FIELD_NUMBER, 3 },
	[CERTIFICATES] = { "tls.handshake.certificates", "Certificates", FIELD_GROUP },
	[CERTIFICATE_LENGTH] = { "tls.handshake.certificate_length", "Certificate Length",
				 FIELD_NUMBER, 3 },
	[CERTIFICATE] = { "tls.handshake.certificate", "Certificate", FIELD_BYTES },
	[TICKET_LIFETIME] = { "tls.handshake.session_ticket_lifetime_hint",
			      "Session Ticket Lifetime Hint", FIELD_NUMBER, 4, .unit = "seconds" },
	[TICKET_LENGTH] = { "tls.handshake.session_ticket_length", "Session Ticket Length",
			    FIELD_NUMBER, 2 },
	[TICKET] = { "tls.handshake.session_ticket", "Session Ticket", FIELD_BYTES },
	[FRAGMENT] = { "tls.handshake.fragment", "Handshake Fragment", FIELD_BYTES },
};

/* A length, and numbers up to it. */
static int dissect_list(struct dissection *dissection, struct bytes *bytes, unsigned int length,
			unsigned int group, unsigned int item)
{
	unsigned int entered;
	uint64_t list_bytes;
	struct bytes list;
	int error = 0;

	if (dissection_add_number(dissection, bytes, &fields[length], &list_bytes) ||
	    bytes_take(bytes, list_bytes, &list))
		return -ENODATA;
	entered = dissection_enter(dissection, &list, &fields[group]);
	while (!error && list.length)
		error = dissection_add_number(dissection, &list, &fields[item], NULL);
	dissection_leave(dissection, entered, list.data);
	return error;
}

static int dissect_session(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t length;

	if (dissection_add_number(dissection, bytes, &fields[SESSION_LENGTH], &length))
		return -ENODATA;
	return length ? dissection_add_bytes(dissection, bytes, length, &fields[SESSION], NULL) : 0;
}

static int dissect_extensions(struct dissection *dissection, struct bytes *bytes, bool is_client,
			      uint16_t *ret_version)
{
	struct bytes extensions;
	uint64_t length;

	if (!bytes->length)
		return 0;
	if (dissection_add_number(dissection, bytes, &fields[EXTENSIONS_LENGTH], &length) ||
	    bytes_take(bytes, length, &extensions))
		return -ENODATA;
	return tls_extensions_dissect(dissection, &extensions, is_client, ret_version);
}

static int dissect_client_hello(struct dissection *dissection, struct bytes *bytes)
{
	uint16_t version;

	if (dissection_add_number(dissection, bytes, &fields[VERSION], NULL) ||
	    dissection_add_bytes(dissection, bytes, RANDOM_BYTES, &fields[RANDOM], NULL) ||
	    dissect_session(dissection, bytes) ||
	    dissect_list(dissection, bytes, CIPHERS_LENGTH, CIPHERS, CIPHER) ||
	    dissect_list(dissection, bytes, COMPRESSIONS_LENGTH, COMPRESSIONS, COMPRESSION))
		return -ENODATA;
	return dissect_extensions(dissection, bytes, true, &version);
}

/* Drafts of TLS 1.3 before 22 have neither a session nor a compression method. */
static int dissect_server_hello(struct dissection *dissection, struct bytes *bytes,
				uint16_t *ret_version)
{
	uint64_t version;
	bool is_draft;

	if (dissection_add_number(dissection, bytes, &fields[VERSION], &version) ||
	    dissection_add_bytes(dissection, bytes, RANDOM_BYTES, &fields[RANDOM], NULL))
		return -ENODATA;
	*ret_version = (uint16_t)version;
	is_draft = version >> 8 == 0x7f;
	if ((!is_draft && dissect_session(dissection, bytes)) ||
	    dissection_add_number(dissection, bytes, &fields[CIPHER], NULL) ||
	    (!is_draft && dissection_add_number(dissection, bytes, &fields[COMPRESSION], NULL)))
		return -ENODATA;
	return dissect_extensions(dissection, bytes, false, ret_version);
}

static int dissect_certificates(struct dissection *dissection, struct bytes *bytes)
{
	unsigned int group;
	uint64_t length;
	int error = 0;

	if (dissection_add_number(dissection, bytes, &fields[CERTIFICATES_LENGTH], &length))
		return -ENODATA;
	group = dissection_enter(dissection, bytes, &fields[CERTIFICATES]);
	while (!error && bytes->length) {
		error = dissection_add_number(dissection, bytes, &fields[CERTIFICATE_LENGTH],
					      &length);
		if (!error)
			error = dissection_add_bytes(dissection, bytes, length,
						     &fields[CERTIFICATE], NULL);
	}
	dissection_leave(dissection, group, bytes->data);
	return error;
}

/* RFC 5077, section 3.3. */
static int dissect_ticket(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[2];

	if (dissection_add_fields(dissection, bytes, &fields[TICKET_LIFETIME], 2, numbers))
		return -ENODATA;
	return dissection_add_bytes(dissection, bytes, numbers[1], &fields[TICKET], NULL);
}

static int dissect_body(struct dissection *dissection, uint64_t type, struct bytes *body,
			uint16_t *ret_version)
{
	switch (type) {
	case TYPE_CLIENT_HELLO:
		return dissect_client_hello(dissection, body);
	case TYPE_SERVER_HELLO:
		return dissect_server_hello(dissection, body, ret_version);
	case TYPE_TICKET:
		return dissect_ticket(dissection, body);
	case TYPE_CERTIFICATE:
		return dissect_certificates(dissection, body);
	default:
		return 0;
	}
}

int tls_handshake_dissect(struct dissection *dissection, struct bytes *bytes, uint16_t *ret_version)
{
	int error = 0;

	while (!error && bytes->length) {
		unsigned int group = dissection_enter(dissection, bytes, &fields[MESSAGE]);
		uint64_t numbers[2];
		struct bytes body;

		error = dissection_add_fields(dissection, bytes, &fields[TYPE], 2, numbers);
		if (!error && bytes_take(bytes, numbers[1], &body)) {
			/* It goes on in the next record. */
			error = dissection_add_bytes(dissection, bytes, bytes->length,
						     &fields[FRAGMENT], NULL);
			numbers[0] = 0;
		}
		if (!error)
			error = dissect_body(dissection, numbers[0], &body, ret_version);
		dissection_leave(dissection, group, bytes->data);
	}
	return error;
}

const char *tls_handshake_name(const struct field *field)
{
	return field->info == &fields[TYPE] ? field_value_name(&fields[TYPE], field->number) : NULL;
}

const struct field_table tls_handshake_table = FIELD_TABLE(fields);

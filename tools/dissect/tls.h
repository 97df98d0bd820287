/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of TLS: tls.c has the records, the other files what is in them. */
#pragma once

#include "dissector.h"

/*
 * Adds the messages of a handshake record, all of which it takes off. Of a Server Hello,
 * *ret_version is the version that was agreed on; else it is left alone. -ENODATA.
 */
int tls_handshake_dissect(struct dissection *dissection, struct bytes *bytes,
			  uint16_t *ret_version);
/* The name of the message that a field stands for, NULL: it stands for none. */
const char *tls_handshake_name(const struct field *field);

/* Adds the extensions of a hello or of other messages. -ENODATA. */
int tls_extensions_dissect(struct dissection *dissection, struct bytes *bytes, bool is_client,
			   uint16_t *ret_version);

/* Whether a record may begin here. */
bool tls_is_record(struct bytes bytes);

extern const struct value_name tls_version_names[];
extern const struct value_name tls_cipher_names[];
extern const struct value_name tls_group_names[];
extern const struct value_name tls_extension_names[];
extern const struct value_name tls_signature_names[];
extern const struct value_name tls_alert_names[];

extern const struct field_table tls_handshake_table;
extern const struct field_table tls_extensions_table;

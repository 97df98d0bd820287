/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the records of DNS say. A record is described by the fields that its data consists of:
 * numbers by their bytes, names, addresses, text that is as long as the number before it says, and
 * bytes: all the rest.
 */
#include "dns.h"

#include "../field_text.h"
#include "../line.h"

enum {
	ADDRESS,
	ADDRESS_6,
	NAME_SERVER,
	CANONICAL_NAME,
	DELEGATION_NAME,
	POINTER_NAME,
	SOA_SERVER,
	SOA_MAILBOX,
	SOA_SERIAL,
	SOA_REFRESH,
	SOA_RETRY,
	SOA_EXPIRE,
	SOA_MINIMUM,
	HOST_CPU_LENGTH,
	HOST_CPU,
	HOST_OS_LENGTH,
	HOST_OS,
	MX_PREFERENCE,
	MX_EXCHANGE,
	TEXT_LENGTH,
	TEXT,
	POLICY_LENGTH,
	POLICY,
	SRV_PRIORITY,
	SRV_WEIGHT,
	SRV_PORT,
	SRV_TARGET,
	NAPTR_ORDER,
	NAPTR_PREFERENCE,
	NAPTR_FLAGS_LENGTH,
	NAPTR_FLAGS,
	NAPTR_SERVICE_LENGTH,
	NAPTR_SERVICE,
	NAPTR_REGEX_LENGTH,
	NAPTR_REGEX,
	NAPTR_REPLACEMENT,
	DS_KEY,
	DS_ALGORITHM,
	DS_DIGEST_TYPE,
	DS_DIGEST,
	SSHFP_ALGORITHM,
	SSHFP_TYPE,
	SSHFP_FINGERPRINT,
	RRSIG_TYPE,
	RRSIG_ALGORITHM,
	RRSIG_LABELS,
	RRSIG_TTL,
	RRSIG_EXPIRATION,
	RRSIG_INCEPTION,
	RRSIG_KEY,
	RRSIG_SIGNER,
	RRSIG_SIGNATURE,
	NSEC_NEXT,
	NSEC_TYPES,
	DNSKEY_FLAGS,
	DNSKEY_PROTOCOL,
	DNSKEY_ALGORITHM,
	DNSKEY_KEY,
	NSEC3_ALGORITHM,
	NSEC3_FLAGS,
	NSEC3_ITERATIONS,
	NSEC3_SALT_LENGTH,
	NSEC3_SALT,
	NSEC3_HASH_LENGTH,
	NSEC3_HASH,
	NSEC3_TYPES,
	TLSA_USAGE,
	TLSA_SELECTOR,
	TLSA_MATCHING,
	TLSA_DATA,
	CAA_FLAGS,
	CAA_TAG_LENGTH,
	CAA_TAG,
	CAA_VALUE,
	OTHER,
};

/* https://www.iana.org/assignments/dns-sec-alg-numbers */
static const struct value_name algorithm_names[] = {
	{ 1, "RSA/MD5" },
	{ 2, "Diffie-Hellman" },
	{ 3, "DSA" },
	{ 5, "RSA/SHA1" },
	{ 6, "DSA + NSEC3/SHA1" },
	{ 7, "RSA/SHA1 + NSEC3/SHA1" },
	{ 8, "RSA/SHA-256" },
	{ 10, "RSA/SHA-512" },
	{ 12, "GOST R 34.10-2001" },
	{ 13, "ECDSA Curve P-256 with SHA-256" },
	{ 14, "ECDSA Curve P-386 with SHA-386" },
	{ 15, "Ed25519" },
	{ 16, "Ed448" },
	{ 0, NULL },
};

static const struct value_name digest_names[] = {
	{ 1, "SHA-1" }, { 2, "SHA-256" }, { 3, "GOST R 34.11-94" }, { 4, "SHA-384" }, { 0, NULL },
};

static const struct value_name ssh_algorithm_names[] = {
	{ 1, "RSA" }, { 2, "DSA" }, { 3, "ECDSA" }, { 4, "Ed25519" }, { 0, NULL },
};

static const struct value_name ssh_digest_names[] = {
	{ 1, "SHA1" },
	{ 2, "SHA256" },
	{ 0, NULL },
};

static const struct value_name usage_names[] = {
	{ 0, "CA constraint (PKIX-TA)" },
	{ 1, "Service certificate constraint (PKIX-EE)" },
	{ 2, "Trust anchor assertion (DANE-TA)" },
	{ 3, "Domain-issued certificate (DANE-EE)" },
	{ 0, NULL },
};

static const struct value_name selector_names[] = {
	{ 0, "Full certificate (Cert)" },
	{ 1, "SubjectPublicKeyInfo (SPKI)" },
	{ 0, NULL },
};

static const struct value_name matching_names[] = {
	{ 0, "No Hash Used (Full)" },
	{ 1, "256 bit hash by SHA2 (SHA2-256)" },
	{ 2, "512 bit hash by SHA2 (SHA2-512)" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[ADDRESS] = { "dns.a", "Address", FIELD_IPV4, 4 },
	[ADDRESS_6] = { "dns.aaaa", "AAAA Address", FIELD_IPV6, 16 },
	[NAME_SERVER] = { "dns.ns", "Name Server", FIELD_NAME },
	[CANONICAL_NAME] = { "dns.cname", "CNAME", FIELD_NAME },
	[DELEGATION_NAME] = { "dns.dname", "Dname", FIELD_NAME },
	[POINTER_NAME] = { "dns.ptr.domain_name", "Domain Name", FIELD_NAME },
	[SOA_SERVER] = { "dns.soa.mname", "Primary name server", FIELD_NAME },
	[SOA_MAILBOX] = { "dns.soa.rname", "Responsible authority's mailbox", FIELD_NAME },
	[SOA_SERIAL] = { "dns.soa.serial_number", "Serial Number", FIELD_NUMBER, 4 },
	[SOA_REFRESH] = { "dns.soa.refresh_interval", "Refresh Interval", FIELD_NUMBER, 4 },
	[SOA_RETRY] = { "dns.soa.retry_interval", "Retry Interval", FIELD_NUMBER, 4 },
	[SOA_EXPIRE] = { "dns.soa.expire_limit", "Expire limit", FIELD_NUMBER, 4 },
	[SOA_MINIMUM] = { "dns.soa.minimum_ttl", "Minimum TTL", FIELD_NUMBER, 4 },
	[HOST_CPU_LENGTH] = { "dns.hinfo.cpu_length", "CPU Length", FIELD_NUMBER, 1 },
	[HOST_CPU] = { "dns.hinfo.cpu", "CPU", FIELD_TEXT },
	[HOST_OS_LENGTH] = { "dns.hinfo.os_length", "OS Length", FIELD_NUMBER, 1 },
	[HOST_OS] = { "dns.hinfo.os", "OS", FIELD_TEXT },
	[MX_PREFERENCE] = { "dns.mx.preference", "Preference", FIELD_NUMBER, 2 },
	[MX_EXCHANGE] = { "dns.mx.mail_exchange", "Mail Exchange", FIELD_NAME },
	[TEXT_LENGTH] = { "dns.txt.length", "TXT Length", FIELD_NUMBER, 1 },
	[TEXT] = { "dns.txt", "TXT", FIELD_TEXT },
	[POLICY_LENGTH] = { "dns.spf.length", "SPF Length", FIELD_NUMBER, 1 },
	[POLICY] = { "dns.spf", "SPF", FIELD_TEXT },
	[SRV_PRIORITY] = { "dns.srv.priority", "Priority", FIELD_NUMBER, 2 },
	[SRV_WEIGHT] = { "dns.srv.weight", "Weight", FIELD_NUMBER, 2 },
	[SRV_PORT] = { "dns.srv.port", "Port", FIELD_NUMBER, 2 },
	[SRV_TARGET] = { "dns.srv.target", "Target", FIELD_NAME },
	[NAPTR_ORDER] = { "dns.naptr.order", "Order", FIELD_NUMBER, 2 },
	[NAPTR_PREFERENCE] = { "dns.naptr.preference", "Preference", FIELD_NUMBER, 2 },
	[NAPTR_FLAGS_LENGTH] = { "dns.naptr.flags_length", "Flags Length", FIELD_NUMBER, 1 },
	[NAPTR_FLAGS] = { "dns.naptr.flags", "Flags", FIELD_TEXT },
	[NAPTR_SERVICE_LENGTH] = { "dns.naptr.service_length", "Service Length", FIELD_NUMBER, 1 },
	[NAPTR_SERVICE] = { "dns.naptr.service", "Service", FIELD_TEXT },
	[NAPTR_REGEX_LENGTH] = { "dns.naptr.regex_length", "Regex Length", FIELD_NUMBER, 1 },
	[NAPTR_REGEX] = { "dns.naptr.regex", "Regex", FIELD_TEXT },
	[NAPTR_REPLACEMENT] = { "dns.naptr.replacement", "Replacement", FIELD_NAME },
	[DS_KEY] = { "dns.ds.key_id", "Key id", FIELD_HEX, 2 },
	[DS_ALGORITHM] = { "dns.ds.algorithm", "Algorithm", FIELD_NUMBER, 1,
			   .values = algorithm_names },
	[DS_DIGEST_TYPE] = { "dns.ds.digest_type", "Digest Type", FIELD_NUMBER, 1,
			     .values = digest_names },
	[DS_DIGEST] = { "dns.ds.digest", "Digest", FIELD_BYTES },
	[SSHFP_ALGORITHM] = { "dns.sshfp.algorithm", "Algorithm", FIELD_NUMBER, 1,
			      .values = ssh_algorithm_names },
	[SSHFP_TYPE] = { "dns.sshfp.fingerprint.type", "Fingerprint type", FIELD_NUMBER, 1,
			 .values = ssh_digest_names },
	[SSHFP_FINGERPRINT] = { "dns.sshfp.fingerprint", "Fingerprint", FIELD_BYTES },
	[RRSIG_TYPE] = { "dns.rrsig.type_covered", "Type Covered", FIELD_NUMBER, 2,
			 .values = dns_type_names },
	[RRSIG_ALGORITHM] = { "dns.rrsig.algorithm", "Algorithm", FIELD_NUMBER, 1,
			      .values = algorithm_names },
	[RRSIG_LABELS] = { "dns.rrsig.labels", "Labels", FIELD_NUMBER, 1 },
	[RRSIG_TTL] = { "dns.rrsig.original_ttl", "Original TTL", FIELD_NUMBER, 4 },
	[RRSIG_EXPIRATION] = { "dns.rrsig.signature_expiration", "Signature Expiration", FIELD_UNIX,
			       4 },
	[RRSIG_INCEPTION] = { "dns.rrsig.signature_inception", "Signature Inception", FIELD_UNIX,
			      4 },
	[RRSIG_KEY] = { "dns.rrsig.key_tag", "Key Tag", FIELD_NUMBER, 2 },
	[RRSIG_SIGNER] = { "dns.rrsig.signers_name", "Signer's name", FIELD_NAME },
	[RRSIG_SIGNATURE] = { "dns.rrsig.signature", "Signature", FIELD_BYTES },
	[NSEC_NEXT] = { "dns.nsec.next_domain_name", "Next Domain Name", FIELD_NAME },
	[NSEC_TYPES] = { "dns.resp.type", "RR type in bit map", FIELD_NUMBER, 0,
			 .values = dns_type_names },
	[DNSKEY_FLAGS] = { "dns.dnskey.flags", "Flags", FIELD_HEX, 2 },
	[DNSKEY_PROTOCOL] = { "dns.dnskey.protocol", "Protocol", FIELD_NUMBER, 1 },
	[DNSKEY_ALGORITHM] = { "dns.dnskey.algorithm", "Algorithm", FIELD_NUMBER, 1,
			       .values = algorithm_names },
	[DNSKEY_KEY] = { "dns.dnskey.public_key", "Public Key", FIELD_BYTES },
	[NSEC3_ALGORITHM] = { "dns.nsec3.algo", "Hash algorithm", FIELD_NUMBER, 1 },
	[NSEC3_FLAGS] = { "dns.nsec3.flags", "NSEC3 flags", FIELD_NUMBER, 1 },
	[NSEC3_ITERATIONS] = { "dns.nsec3.iterations", "NSEC3 iterations", FIELD_NUMBER, 2 },
	[NSEC3_SALT_LENGTH] = { "dns.nsec3.salt_length", "Salt length", FIELD_NUMBER, 1 },
	[NSEC3_SALT] = { "dns.nsec3.salt_value", "Salt value", FIELD_BYTES },
	[NSEC3_HASH_LENGTH] = { "dns.nsec3.hash_length", "Hash length", FIELD_NUMBER, 1 },
	[NSEC3_HASH] = { "dns.nsec3.hash_value", "Next hashed owner", FIELD_BYTES },
	[NSEC3_TYPES] = { "dns.resp.type", "RR type in bit map", FIELD_NUMBER, 0,
			  .values = dns_type_names },
	[TLSA_USAGE] = { "dns.tlsa.certificate_usage", "Certificate Usage", FIELD_NUMBER, 1,
			 .values = usage_names },
	[TLSA_SELECTOR] = { "dns.tlsa.selector", "Selector", FIELD_NUMBER, 1,
			    .values = selector_names },
	[TLSA_MATCHING] = { "dns.tlsa.matching_type", "Matching Type", FIELD_NUMBER, 1,
			    .values = matching_names },
	[TLSA_DATA] = { "dns.tlsa.certificate_association_data", "Certificate Association Data",
			FIELD_BYTES },
	[CAA_FLAGS] = { "dns.caa.flags", "CAA Flags", FIELD_HEX, 1 },
	[CAA_TAG_LENGTH] = { "dns.caa.tag_length", "Tag length", FIELD_NUMBER, 1 },
	[CAA_TAG] = { "dns.caa.tag", "Tag", FIELD_TEXT },
	[CAA_VALUE] = { "dns.caa.value", "Value", FIELD_TEXT },
	[OTHER] = { "dns.data", "Data", FIELD_BYTES },
};

/* The data of a type: its fields from the first to the last; all again while there is data. */
struct record {
	uint16_t type;
	uint8_t first, last;
	bool is_repeated;
};

/* In the order of their numbers. */
static const struct record records[] = {
	{ 1, ADDRESS, ADDRESS, false },         /* A: RFC 1035, section 3.4.1 */
	{ 2, NAME_SERVER, NAME_SERVER, false }, /* NS: section 3.3.11 */
	{ 5, CANONICAL_NAME, CANONICAL_NAME, false },
	{ 6, SOA_SERVER, SOA_MINIMUM, false },
	{ 12, POINTER_NAME, POINTER_NAME, false },
	{ 13, HOST_CPU_LENGTH, HOST_OS, false },
	{ 15, MX_PREFERENCE, MX_EXCHANGE, false },
	{ 16, TEXT_LENGTH, TEXT, true },
	{ 28, ADDRESS_6, ADDRESS_6, false },               /* AAAA: RFC 3596 */
	{ 33, SRV_PRIORITY, SRV_TARGET, false },           /* SRV: RFC 2782 */
	{ 35, NAPTR_ORDER, NAPTR_REPLACEMENT, false },     /* RFC 3403 */
	{ 39, DELEGATION_NAME, DELEGATION_NAME, false },   /* RFC 6672 */
	{ 43, DS_KEY, DS_DIGEST, false },                  /* RFC 4034, section 5 */
	{ 44, SSHFP_ALGORITHM, SSHFP_FINGERPRINT, false }, /* RFC 4255 */
	{ 46, RRSIG_TYPE, RRSIG_SIGNATURE, false },        /* RFC 4034, section 3 */
	{ 47, NSEC_NEXT, NSEC_TYPES, false },
	{ 48, DNSKEY_FLAGS, DNSKEY_KEY, false },
	{ 50, NSEC3_ALGORITHM, NSEC3_TYPES, false }, /* RFC 5155 */
	{ 51, NSEC3_ALGORITHM, NSEC3_SALT, false },
	{ 52, TLSA_USAGE, TLSA_DATA, false }, /* RFC 6698 */
	{ 99, POLICY_LENGTH, POLICY, true },
	{ 257, CAA_FLAGS, CAA_VALUE, false }, /* RFC 8659 */
};

static const struct record *find_record(uint16_t type)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		if (records[i].type == type)
			return &records[i];
	return NULL;
}

/* Whether the number before the field is its length. */
static bool is_counted(unsigned int which)
{
	switch (which) {
	case HOST_CPU:
	case HOST_OS:
	case TEXT:
	case POLICY:
	case NAPTR_FLAGS:
	case NAPTR_SERVICE:
	case NAPTR_REGEX:
	case NSEC3_SALT:
	case NSEC3_HASH:
	case CAA_TAG:
		return true;
	default:
		return false;
	}
}

/* RFC 4034, section 4.1.2: windows of 256 types, each with as many bytes as it needs. */
static int add_types(struct dissection *dissection, struct bytes *data,
		     const struct field_info *info)
{
	while (data->length) {
		struct bytes bits;
		uint8_t window, length;

		if (bytes_read_u8(data, &window) || bytes_read_u8(data, &length) || length > 32 ||
		    bytes_take(data, length, &bits))
			return -ENODATA;
		for (unsigned int i = 0; i < 8u * length; i++)
			if (bits.data[i / 8] & 0x80 >> i % 8)
				dissection_add_value(dissection, bytes_make(bits.data + i / 8, 1),
						     info, window * 256u + i);
	}
	return 0;
}

static int add_field(struct dissection *dissection, struct bytes message, struct bytes *data,
		     unsigned int which, uint64_t *number)
{
	const struct field_info *info = &fields[which];

	if (which == NSEC_TYPES || which == NSEC3_TYPES)
		return add_types(dissection, data, info);
	switch (info->type) {
	case FIELD_NAME:
		return dns_add_name(dissection, message, data, info);
	case FIELD_TEXT:
	case FIELD_BYTES:
		return dissection_add_bytes(dissection, data,
					    is_counted(which) ? *number : data->length, info, NULL);
	case FIELD_IPV4:
	case FIELD_IPV6:
		return dissection_add_bytes(dissection, data, info->bytes, info, NULL);
	default:
		return dissection_add_number(dissection, data, info, number);
	}
}

int dns_record_dissect(struct dissection *dissection, struct bytes message, uint16_t type,
		       struct bytes *data)
{
	const struct record *record = find_record(type);
	uint64_t number = 0;

	if (!record)
		return data->length ? dissection_add_bytes(dissection, data, data->length,
							   &fields[OTHER], NULL) :
				      0;
	do {
		for (unsigned int i = record->first; i <= record->last; i++)
			if (add_field(dissection, message, data, i, &number))
				return -ENODATA;
	} while (record->is_repeated && data->length);
	return 0;
}

void dns_record_describe(const struct field *field, struct line *line)
{
	if (field->info < fields || field->info >= fields + sizeof(fields) / sizeof(fields[0]))
		return;
	switch (field->info - fields) {
	case ADDRESS:
	case ADDRESS_6:
	case NAME_SERVER:
	case CANONICAL_NAME:
	case DELEGATION_NAME:
	case POINTER_NAME:
	case SOA_SERVER:
	case MX_PREFERENCE:
	case MX_EXCHANGE:
	case SRV_PRIORITY:
	case SRV_WEIGHT:
	case SRV_PORT:
	case SRV_TARGET:
	case NSEC_NEXT:
	case NAPTR_ORDER:
	case NAPTR_PREFERENCE:
	case NAPTR_FLAGS:
		line_add_character(line, ' ');
		field_add_value(field, line);
		break;
	}
}

const struct field_table dns_record_table = FIELD_TABLE(fields);

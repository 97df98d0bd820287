/* SPDX-License-Identifier: GPL-2.0-only */
/* What DNS has in the form of numbered parts: options of EDNS, and parameters of SVCB and HTTPS. */
#include "dns.h"

enum {
	OPTION,
	OPTION_CODE,
	OPTION_LENGTH,
	OPTION_DATA,
	SUBNET_FAMILY,
	SUBNET_SOURCE,
	SUBNET_SCOPE,
	SUBNET_ADDRESS,
	COOKIE_CLIENT,
	COOKIE_SERVER,
	KEEPALIVE,
	PADDING,
	ERROR_CODE,
	ERROR_TEXT,
	PRIORITY,
	TARGET,
	PARAMETER,
	PARAMETER_KEY,
	PARAMETER_LENGTH,
	PARAMETER_VALUE,
	ALPN_LENGTH,
	ALPN,
	PORT,
	HINT_4,
	HINT_6,
};

/* https://www.iana.org/assignments/dns-parameters */
enum option_code {
	CODE_CLIENT_SUBNET = 8, /* RFC 7871 */
	CODE_COOKIE = 10,       /* RFC 7873 */
	CODE_KEEPALIVE = 11,    /* RFC 7828 */
	CODE_PADDING = 12,      /* RFC 7830 */
	CODE_ERROR = 15,        /* RFC 8914 */
};

#define CLIENT_COOKIE_BYTES 8

static const struct value_name code_names[] = {
	{ 3, "NSID - Name Server Identifier" },
	{ 5, "DAU - DNSSEC Algorithm Understood (RFC6975)" },
	{ 6, "DHU - DS Hash Understood (RFC6975)" },
	{ 7, "N3U - NSEC3 Hash Understood (RFC6975)" },
	{ CODE_CLIENT_SUBNET, "CSUBNET - Client subnet" },
	{ 9, "EDNS EXPIRE (RFC7314)" },
	{ CODE_COOKIE, "COOKIE" },
	{ CODE_KEEPALIVE, "EDNS TCP Keepalive" },
	{ CODE_PADDING, "PADDING" },
	{ 13, "CHAIN" },
	{ CODE_ERROR, "Extended DNS Error" },
	{ 0, NULL },
};

static const struct value_name family_names[] = {
	{ 1, "IPv4" },
	{ 2, "IPv6" },
	{ 0, NULL },
};

enum parameter_key {
	KEY_ALPN = 1,
	KEY_PORT = 3,
	KEY_HINT_4 = 4,
	KEY_HINT_6 = 6,
};

static const struct value_name key_names[] = {
	{ 0, "mandatory" },         { KEY_ALPN, "alpn" },
	{ 2, "no-default-alpn" },   { KEY_PORT, "port" },
	{ KEY_HINT_4, "ipv4hint" }, { 5, "echconfig" },
	{ KEY_HINT_6, "ipv6hint" }, { 0, NULL },
};

static const struct field_info fields[] = {
	[OPTION] = { "dns.opt", "Option", FIELD_GROUP },
	[OPTION_CODE] = { "dns.opt.code", "Option Code", FIELD_NUMBER, 2, .values = code_names },
	[OPTION_LENGTH] = { "dns.opt.len", "Option Length", FIELD_NUMBER, 2 },
	[OPTION_DATA] = { "dns.opt.data", "Option Data", FIELD_BYTES },
	[SUBNET_FAMILY] = { "dns.opt.client.family", "Family", FIELD_NUMBER, 2,
			    .values = family_names },
	[SUBNET_SOURCE] = { "dns.opt.client.netmask", "Source Netmask", FIELD_NUMBER, 1 },
	[SUBNET_SCOPE] = { "dns.opt.client.scope", "Scope Netmask", FIELD_NUMBER, 1 },
	[SUBNET_ADDRESS] = { "dns.opt.client.addr", "Client Subnet", FIELD_BYTES },
	[COOKIE_CLIENT] = { "dns.opt.cookie.client", "Client Cookie", FIELD_BYTES },
	[COOKIE_SERVER] = { "dns.opt.cookie.server", "Server Cookie", FIELD_BYTES },
	[KEEPALIVE] = { "dns.opt.edns_tcp_keepalive.timeout", "Timeout", FIELD_NUMBER, 2 },
	[PADDING] = { "dns.opt.padding", "Padding", FIELD_BYTES },
	[ERROR_CODE] = { "dns.opt.ext_error.info_code", "Info Code", FIELD_NUMBER, 2 },
	[ERROR_TEXT] = { "dns.opt.ext_error.extra_text", "Extra Text", FIELD_TEXT },
	[PRIORITY] = { "dns.svcb.svcpriority", "SvcPriority", FIELD_NUMBER, 2 },
	[TARGET] = { "dns.svcb.targetname", "TargetName", FIELD_NAME },
	[PARAMETER] = { "dns.svcb.svcparam", "SvcParam", FIELD_GROUP },
	[PARAMETER_KEY] = { "dns.svcb.svcparam.key", "SvcParamKey", FIELD_NUMBER, 2,
			    .values = key_names },
	[PARAMETER_LENGTH] = { "dns.svcb.svcparam.value.length", "SvcParamValue length",
			       FIELD_NUMBER, 2 },
	[PARAMETER_VALUE] = { "dns.svcb.svcparam.value", "SvcParamValue", FIELD_BYTES },
	[ALPN_LENGTH] = { "dns.svcb.svcparam.alpn.length", "ALPN length", FIELD_NUMBER, 1 },
	[ALPN] = { "dns.svcb.svcparam.alpn", "ALPN", FIELD_TEXT },
	[PORT] = { "dns.svcb.svcparam.port", "Port", FIELD_NUMBER, 2 },
	[HINT_4] = { "dns.svcb.svcparam.ipv4hint.ip", "IP", FIELD_IPV4, 4 },
	[HINT_6] = { "dns.svcb.svcparam.ipv6hint.ip", "IP", FIELD_IPV6, 16 },
};

static int add_rest(struct dissection *dissection, struct bytes *data, unsigned int which)
{
	return data->length ?
		       dissection_add_bytes(dissection, data, data->length, &fields[which], NULL) :
		       0;
}

static int dissect_option_value(struct dissection *dissection, uint64_t code, struct bytes *data)
{
	switch (code) {
	case CODE_CLIENT_SUBNET:
		if (dissection_add_fields(dissection, data, &fields[SUBNET_FAMILY], 3, NULL))
			return -ENODATA;
		return add_rest(dissection, data, SUBNET_ADDRESS);
	case CODE_COOKIE:
		if (dissection_add_bytes(dissection, data, CLIENT_COOKIE_BYTES,
					 &fields[COOKIE_CLIENT], NULL))
			return -ENODATA;
		return add_rest(dissection, data, COOKIE_SERVER);
	case CODE_KEEPALIVE:
		return data->length ?
			       dissection_add_number(dissection, data, &fields[KEEPALIVE], NULL) :
			       0;
	case CODE_PADDING:
		return add_rest(dissection, data, PADDING);
	case CODE_ERROR:
		if (dissection_add_number(dissection, data, &fields[ERROR_CODE], NULL))
			return -ENODATA;
		return add_rest(dissection, data, ERROR_TEXT);
	default:
		return 0;
	}
}

int dns_options_dissect(struct dissection *dissection, struct bytes *data)
{
	while (data->length) {
		unsigned int group = dissection_enter(dissection, data, &fields[OPTION]);
		uint64_t numbers[2];
		struct bytes value;
		int error;

		error = dissection_add_fields(dissection, data, &fields[OPTION_CODE], 2, numbers);
		if (!error)
			error = bytes_take(data, numbers[1], &value);
		if (!error) {
			struct bytes whole = value;

			(void)add_rest(dissection, &whole, OPTION_DATA);
			error = dissect_option_value(dissection, numbers[0], &value);
		}
		dissection_leave(dissection, group, data->data);
		if (error)
			return -ENODATA;
	}
	return 0;
}

static int dissect_protocols(struct dissection *dissection, struct bytes *value)
{
	while (value->length) {
		uint64_t length;

		if (dissection_add_number(dissection, value, &fields[ALPN_LENGTH], &length) ||
		    dissection_add_bytes(dissection, value, length, &fields[ALPN], NULL))
			return -ENODATA;
	}
	return 0;
}

static int dissect_parameter_value(struct dissection *dissection, uint64_t key, struct bytes *value)
{
	int error = 0;

	switch (key) {
	case KEY_ALPN:
		return dissect_protocols(dissection, value);
	case KEY_PORT:
		return dissection_add_number(dissection, value, &fields[PORT], NULL);
	case KEY_HINT_4:
		while (!error && value->length)
			error = dissection_add_bytes(dissection, value, 4, &fields[HINT_4], NULL);
		return error;
	case KEY_HINT_6:
		while (!error && value->length)
			error = dissection_add_bytes(dissection, value, 16, &fields[HINT_6], NULL);
		return error;
	default:
		return add_rest(dissection, value, PARAMETER_VALUE);
	}
}

int dns_service_dissect(struct dissection *dissection, struct bytes message, struct bytes *data)
{
	if (dissection_add_number(dissection, data, &fields[PRIORITY], NULL) ||
	    dns_add_name(dissection, message, data, &fields[TARGET]))
		return -ENODATA;
	while (data->length) {
		unsigned int group = dissection_enter(dissection, data, &fields[PARAMETER]);
		uint64_t numbers[2];
		struct bytes value;
		int error;

		error = dissection_add_fields(dissection, data, &fields[PARAMETER_KEY], 2, numbers);
		if (!error)
			error = bytes_take(data, numbers[1], &value);
		if (!error)
			error = dissect_parameter_value(dissection, numbers[0], &value);
		dissection_leave(dissection, group, data->data);
		if (error)
			return -ENODATA;
	}
	return 0;
}

const struct field_table dns_options_table = FIELD_TABLE(fields);

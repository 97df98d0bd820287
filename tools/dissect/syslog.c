/* SPDX-License-Identifier: GPL-2.0-only */
/* Syslog: RFC 3164 and RFC 5424; the priority, and the message as it is. */
#include "../line.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	FACILITY,
	LEVEL,
	MESSAGE,
};

static const struct value_name facility_names[] = {
	{ 0, "KERN - kernel messages" },
	{ 1, "USER - random user-level messages" },
	{ 2, "MAIL - mail system" },
	{ 3, "DAEMON - system daemons" },
	{ 4, "AUTH - security/authorization messages" },
	{ 5, "SYSLOG - messages generated internally by syslogd" },
	{ 6, "LPR - line printer subsystem" },
	{ 7, "NEWS - network news subsystem" },
	{ 8, "UUCP - UUCP subsystem" },
	{ 9, "CRON - clock daemon (BSD, Linux)" },
	{ 10, "AUTHPRIV - security/authorization messages (private)" },
	{ 11, "FTP - ftp daemon" },
	{ 12, "NTP - ntp subsystem" },
	{ 13, "LOGAUDIT - log audit" },
	{ 14, "LOGALERT - log alert" },
	{ 15, "CRON - clock daemon (Solaris)" },
	{ 16, "LOCAL0 - reserved for local use" },
	{ 17, "LOCAL1 - reserved for local use" },
	{ 18, "LOCAL2 - reserved for local use" },
	{ 19, "LOCAL3 - reserved for local use" },
	{ 20, "LOCAL4 - reserved for local use" },
	{ 21, "LOCAL5 - reserved for local use" },
	{ 22, "LOCAL6 - reserved for local use" },
	{ 23, "LOCAL7 - reserved for local use" },
	{ 0, NULL },
};

static const struct value_name level_names[] = {
	{ 0, "EMERG - system is unusable" },
	{ 1, "ALERT - action must be taken immediately" },
	{ 2, "CRIT - critical conditions" },
	{ 3, "ERR - error conditions" },
	{ 4, "WARNING - warning conditions" },
	{ 5, "NOTICE - normal but significant condition" },
	{ 6, "INFO - informational" },
	{ 7, "DEBUG - debug-level messages" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[FACILITY] = { "syslog.facility", "Facility", FIELD_NUMBER, .values = facility_names },
	[LEVEL] = { "syslog.level", "Level", FIELD_NUMBER, .values = level_names },
	[MESSAGE] = { "syslog.msg", "Message", FIELD_TEXT },
};

/* "<13>": facility times eight, and level. Without it the message is all. */
static int dissect_syslog(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes place = *bytes, digits = *bytes;
	const uint8_t *end;
	uint64_t priority;

	if (bytes->length && bytes->data[0] == '<' && !bytes_skip(&digits, 1) &&
	    text_read_decimal(digits, &priority) && priority < 1024) {
		end = memchr(bytes->data, '>', bytes->length < 6 ? bytes->length : 6);
		place.length = end ? (size_t)(end - bytes->data) + 1 : 0;
		if (end && !bytes_skip(bytes, place.length)) {
			dissection_add_value(dissection, place, &fields[FACILITY], priority / 8);
			dissection_add_value(dissection, place, &fields[LEVEL], priority % 8);
		}
	}
	return dissection_add_bytes(dissection, bytes, bytes->length, &fields[MESSAGE], NULL);
}

/* "KERN" of "KERN - kernel messages" */
static void describe_name(const struct field *field, struct line *line)
{
	const char *name = field_value_name(field->info, field->number);

	for (; name && *name && *name != ' '; name++)
		line_add_character(line, *name);
}

/* "USER.NOTICE: Sep 12 19:16:12 host logger: message" */
static void describe_syslog(const struct dissection *dissection, const struct layer *layer,
			    struct line *line)
{
	const struct field *facility = dissection_find(dissection, layer, &fields[FACILITY]);
	const struct field *level = dissection_find(dissection, layer, &fields[LEVEL]);
	const struct field *message = dissection_find(dissection, layer, &fields[MESSAGE]);

	if (facility && level) {
		describe_name(facility, line);
		line_add_character(line, '.');
		describe_name(level, line);
		line_add(line, ": ");
	}
	if (message)
		line_add_text(line, message->data, message->length);
}

const struct dissector dissector_syslog = {
	.name = "syslog",
	.label = "Syslog",
	.title = "Syslog Message",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_syslog,
	.describe = describe_syslog,
};

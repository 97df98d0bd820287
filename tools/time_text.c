/* SPDX-License-Identifier: GPL-2.0-only */
/* See time_text.h. */
#include "time_text.h"

#include <string.h>
#include <time.h>

#define SECOND_NS 1000000000ull

static void add_fraction(struct line *line, uint64_t ns, unsigned int digits)
{
	line_add_character(line, '.');
	line_add_digits(line, digits == 9 ? ns : ns / 1000, digits);
}

/* Aligned, the seconds are three characters wide at least. */
static void add_span(struct line *line, int64_t ns, unsigned int digits, bool is_aligned)
{
	uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
	uint64_t seconds = size / SECOND_NS;

	for (uint64_t least = 100; is_aligned && least > 1 && seconds < least; least /= 10)
		line_add_character(line, ' ');
	if (ns < 0)
		line_add_character(line, '-');
	line_add_number(line, seconds);
	add_fraction(line, size % SECOND_NS, digits);
}

static void add_absolute(struct time_text *time, uint64_t time_ns, struct line *line)
{
	const time_t second = (time_t)(time_ns / SECOND_NS);
	struct tm local;

	if (!time->text[0] || (uint64_t)second != time->second) {
		if (!localtime_r(&second, &local) ||
		    !strftime(time->text, sizeof(time->text), "%Y-%m-%d %H:%M:%S", &local))
			time->text[0] = '\0';
		time->second = (uint64_t)second;
	}
	line_add(line, time->text);
}

static unsigned int digits_of(const struct packet *packet)
{
	return packet->has_nanoseconds ? 9 : 6;
}

void time_text_add(struct time_text *time, const struct packet *packet, struct line *line)
{
	uint64_t before_ns = time->has_before ? time->before_ns : packet->time_ns;
	unsigned int digits = digits_of(packet);

	time->before_ns = packet->time_ns;
	time->has_before = true;
	switch (time->form) {
	case TIME_RELATIVE:
		add_span(line, (int64_t)(packet->time_ns - packet->start_ns), digits,
			 time->is_aligned);
		break;
	case TIME_DELTA:
		add_span(line, (int64_t)(packet->time_ns - before_ns), digits, time->is_aligned);
		break;
	case TIME_ABSOLUTE:
		add_absolute(time, packet->time_ns, line);
		add_fraction(line, packet->time_ns % SECOND_NS, digits);
		break;
	case TIME_EPOCH:
		line_add_number(line, packet->time_ns / SECOND_NS);
		add_fraction(line, packet->time_ns % SECOND_NS, digits);
		break;
	}
}

void time_text_add_epoch(uint64_t time_ns, struct line *line)
{
	line_add_number(line, time_ns / SECOND_NS);
	add_fraction(line, time_ns % SECOND_NS, 9);
}

static void add_moment(const struct tm *moment, uint64_t time_ns, struct line *line)
{
	char text[64];

	if (strftime(text, sizeof(text), "%b %e, %Y %H:%M:%S", moment))
		line_add(line, text);
	add_fraction(line, time_ns % SECOND_NS, 9);
	line_add_character(line, ' ');
	/* What TZ says is not ours. */
	line_add_text(line, (const uint8_t *)moment->tm_zone, strlen(moment->tm_zone));
}

void time_text_add_local(uint64_t time_ns, struct line *line)
{
	const time_t second = (time_t)(time_ns / SECOND_NS);
	struct tm moment;

	if (localtime_r(&second, &moment))
		add_moment(&moment, time_ns, line);
}

void time_text_add_utc(uint64_t time_ns, struct line *line)
{
	const time_t second = (time_t)(time_ns / SECOND_NS);
	struct tm moment;

	if (gmtime_r(&second, &moment)) {
		moment.tm_zone = "UTC";
		add_moment(&moment, time_ns, line);
	}
}

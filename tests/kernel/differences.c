/* SPDX-License-Identifier: GPL-2.0-only */
/* Four columns a line, with tabs between; the file says what may stand in them. */
#include "differences.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference_walk.h"
#include "views.h"

#define LINE_BYTES 1024
#define WORD_BYTES 64

static const char *const kind_names[] = {
	[DIFFERENCE_PARTS] = "parts",
	[DIFFERENCE_UNKNOWN] = "unknown",
	[DIFFERENCE_REFUSED] = "refused",
	[DIFFERENCE_ACCEPTED] = "accepted",
};

/* The n-th stands for bit n of enum frame_feature. */
static const char *const feature_names[] = {
	"tagged", "labels", "session",    "extension", "later-fragment", "ipv6", "beyond", "loops",
	"unset",  "ah",     "incomplete", "llc",       "version",
};

static int find_name(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

static int read_features(char *text, unsigned int *ret_features)
{
	char *rest = NULL;

	*ret_features = 0;
	if (strcmp(text, "any") == 0)
		return 0;
	for (char *name = strtok_r(text, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
		int i = find_name(feature_names, sizeof(feature_names) / sizeof(char *), name);

		if (i < 0)
			return -EINVAL;
		*ret_features |= 1u << i;
	}
	return 0;
}

static int read_line(char *line, bool is_random, struct difference *ret)
{
	char *text = strdup(line), *columns[4] = { 0 }, *rest = line;
	int kind;

	for (int i = 0; i < 4; i++)
		columns[i] = strsep(&rest, "\t");
	kind = columns[3] ? find_name(kind_names, sizeof(kind_names) / sizeof(char *), columns[0]) :
			    -1;
	*ret = (struct difference){ .kind = (enum difference_kind)kind,
				    .text = text,
				    .is_random = is_random };
	if (!text)
		return -ENOMEM;
	if (kind < 0)
		return -EINVAL;
	ret->expressions = strdup(columns[2]);
	if (kind == DIFFERENCE_REFUSED)
		ret->word = strdup(columns[1]);
	if (!ret->expressions || (kind == DIFFERENCE_REFUSED && !ret->word))
		return -ENOMEM;
	return kind == DIFFERENCE_PARTS || kind == DIFFERENCE_UNKNOWN ?
		       read_features(columns[1], &ret->frames) :
		       0;
}

int differences_read(const char *path, struct differences *ret_differences)
{
	FILE *file = fopen(path, "r");
	bool is_random = false;
	char line[LINE_BYTES];
	int error = file ? 0 : -errno;

	*ret_differences = (struct differences){ 0 };
	while (!error && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		if (strcmp(line, "[random]") == 0) {
			is_random = true;
			continue;
		}
		error = ret_differences->count == DIFFERENCES_MAXIMUM ? -E2BIG : 0;
		if (!error)
			error = read_line(line, is_random,
					  &ret_differences->list[ret_differences->count++]);
		if (error)
			printf("# %s: not understood: %s\n", path, line);
	}
	if (file)
		fclose(file);
	return error;
}

void differences_free(struct differences *differences)
{
	for (size_t i = 0; i < differences->count; i++) {
		free(differences->list[i].expressions);
		free(differences->list[i].word);
		free(differences->list[i].text);
	}
	*differences = (struct differences){ 0 };
}

/* One of the '|'-separated words is there, as a word, an index or a piece of text. */
static bool has_some(const char *expression, char kind, const char *words)
{
	char word[WORD_BYTES];

	for (; *words; words += strcspn(words, "|"), words += *words == '|') {
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(words, "|"), words);
		if (kind == 'w' ? views_has_word(expression, word) :
		    kind == 'i' ? views_has_index(expression, word) :
				  strstr(expression, word) != NULL)
			return true;
	}
	return false;
}

/* condition = [ "!" ] ( "assumed" | ( "word:" | "index:" | "text:" ) words ) */
static bool holds(const char *expression, const char *condition)
{
	bool wanted = *condition != '!';
	const char *words = strchr(condition, ':');

	condition += !wanted;
	if (strcmp(condition, "assumed") == 0)
		return views_has_assumed(expression) == wanted;
	return words && has_some(expression, *condition, words + 1) == wanted;
}

static bool fits(const struct difference *difference, const char *expression)
{
	char conditions[LINE_BYTES], *rest = NULL;

	if (strcmp(difference->expressions, "any") == 0)
		return true;
	if (difference->expressions[0] == '=')
		return strcmp(difference->expressions + 1, expression) == 0;
	snprintf(conditions, sizeof(conditions), "%s", difference->expressions);
	for (char *condition = strtok_r(conditions, " ", &rest); condition;
	     condition = strtok_r(NULL, " ", &rest))
		if (!holds(expression, condition))
			return false;
	return true;
}

void differences_fit(const struct differences *differences, const char *expression,
		     bool ret_fits[static DIFFERENCES_MAXIMUM])
{
	for (size_t i = 0; i < differences->count; i++)
		ret_fits[i] = fits(&differences->list[i], expression);
}

/* Whether version and header length are not what the EtherType promises. */
static bool has_odd_version(const struct frame *frame)
{
	const struct packet_summary *summary = &frame->summary;
	uint8_t first;

	if (!(summary->fields & SUMMARY_ETHERTYPE) || summary->network_offset >= frame->length)
		return false;
	first = frame->bytes[summary->network_offset];
	if (summary->ethertype == 0x0800)
		return first / 16 != 4 || first % 16 < 5;
	return summary->ethertype == 0x86dd && first / 16 != 6;
}

unsigned int differences_frame_features(const struct frame *frame)
{
	const struct packet_summary *summary = &frame->summary;
	unsigned int features = 0;

	features |= summary->vlan_count > 0 ? FRAME_TAGGED : 0;
	features |= summary->mpls_count > 0 ? FRAME_LABELS : 0;
	features |= summary->fields & SUMMARY_PPPOE ? FRAME_SESSION : 0;
	features |= reference_has_ipv6_extension(frame->bytes, summary) ? FRAME_EXTENSION : 0;
	features |= summary->fields & SUMMARY_LATER_FRAGMENT ? FRAME_LATER_FRAGMENT : 0;
	features |= summary->ethertype == 0x86dd ? FRAME_IPV6 : 0;
	features |= summary->fields & SUMMARY_PROTOCOL && summary->ip_protocol == 51 ?
			    FRAME_AUTHENTICATION :
			    0;
	features |= summary->fields & SUMMARY_INCOMPLETE ? FRAME_INCOMPLETE : 0;
	features |= summary->fields & SUMMARY_LLC ? FRAME_LLC : 0;
	features |= has_odd_version(frame) ? FRAME_VERSION : 0;
	return features;
}

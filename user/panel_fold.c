/* SPDX-License-Identifier: GPL-2.0-only */
/* Starts with the trunk, and shows more as long as it fits; see panel_fold.h. */
#include "panel_fold.h"

static bool is_trunk(enum protocol protocol)
{
	return counters_protocol_parent(protocol) == protocol;
}

/* Whether its packets are among those of a row that is there anyway. */
static bool is_counted_elsewhere(const struct panel_fold *fold, enum protocol protocol)
{
	switch (protocol) {
	case PROTOCOL_IPV4:
	case PROTOCOL_IPV6:
		return fold->is_shown[PROTOCOL_IP];
	case PROTOCOL_IP:
	case PROTOCOL_VLAN:
	case PROTOCOL_MPLS:
	case PROTOCOL_PPPOE:
	case PROTOCOL_FRAGMENT:
	case PROTOCOL_TCP_SYN:
	case PROTOCOL_TCP_SYN_ACK:
	case PROTOCOL_TCP_FIN:
	case PROTOCOL_TCP_RST:
		return true;
	default:
		return false;
	}
}

bool panel_fold_has_row(const struct panel_fold *fold, enum protocol parent)
{
	if (!fold->shown_children[parent] || !fold->folded_children[parent])
		return false;
	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++)
		if (fold->is_there[i] && !fold->is_shown[i] &&
		    counters_protocol_parent(i) == parent && !is_counted_elsewhere(fold, i))
			return true;
	return false;
}

unsigned int panel_fold_rows(const struct panel_fold *fold)
{
	unsigned int rows = 0;

	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++)
		rows += fold->is_shown[i] + panel_fold_has_row(fold, i);
	return rows;
}

static void set_shown(struct panel_fold *fold, enum protocol protocol, bool is_shown)
{
	enum protocol parent = counters_protocol_parent(protocol);

	fold->is_shown[protocol] = is_shown;
	if (parent == protocol)
		return;
	fold->shown_children[parent] += is_shown ? 1 : -1u;
	fold->folded_children[parent] += is_shown ? -1u : 1;
}

static void start(const struct panel *panel, struct panel_fold *ret_fold)
{
	const struct traffic_counter *now = panel->now->kernel.seen.protocols;

	*ret_fold = (struct panel_fold){ 0 };
	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++) {
		uint64_t before = panel->history ? history_packets_before(panel->history, i) : 0;

		ret_fold->recent[i] = now[i].packets > before ? now[i].packets - before : 0;
		ret_fold->is_there[i] = now[i].packets > 0;
		if (ret_fold->is_there[i] && !is_trunk(i))
			ret_fold->folded_children[counters_protocol_parent(i)]++;
		ret_fold->is_shown[i] = is_trunk(i);
	}
}

/* How much its row says: whether packets are IPv4 or IPv6 is worth one where both come. */
static uint64_t weight(const struct panel_fold *fold, enum protocol protocol)
{
	uint64_t ipv4 = fold->recent[PROTOCOL_IPV4], ipv6 = fold->recent[PROTOCOL_IPV6];

	if (protocol == PROTOCOL_IPV4 || protocol == PROTOCOL_IPV6)
		return ipv4 < ipv6 ? ipv4 : ipv6;
	return fold->recent[protocol];
}

/* The next to show: the heaviest whose parent has a row; PROTOCOL_COUNT: none. */
static enum protocol find_heaviest(const struct panel_fold *fold, const bool *is_refused)
{
	enum protocol heaviest = PROTOCOL_COUNT;

	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++) {
		if (!fold->recent[i] || fold->is_shown[i] || is_refused[i] ||
		    !fold->is_shown[counters_protocol_parent(i)])
			continue;
		if (heaviest == PROTOCOL_COUNT || weight(fold, i) > weight(fold, heaviest))
			heaviest = i;
	}
	return heaviest;
}

/* Its own row takes no more room than one that stands for it alone. */
static void show_single(struct panel_fold *fold)
{
	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++) {
		enum protocol parent = counters_protocol_parent(i);

		if (fold->is_there[i] && !fold->is_shown[i] && fold->folded_children[parent] == 1 &&
		    panel_fold_has_row(fold, parent))
			set_shown(fold, i, true);
	}
}

void panel_fold_choose(const struct panel *panel, unsigned int room, struct panel_fold *ret_fold)
{
	bool is_refused[PROTOCOL_COUNT] = { false };
	enum protocol next;

	start(panel, ret_fold);
	while (next = find_heaviest(ret_fold, is_refused), next != PROTOCOL_COUNT) {
		set_shown(ret_fold, next, true);
		if (panel_fold_rows(ret_fold) <= room)
			continue;
		set_shown(ret_fold, next, false);
		is_refused[next] = true;
	}
	show_single(ret_fold);
}

static void add(struct traffic_counter *sum, const struct traffic_counter *more)
{
	sum->packets += more->packets;
	sum->bytes += more->bytes;
}

/* The nearest of those above it that has a row. */
static enum protocol find_shown(const struct panel_fold *fold, enum protocol protocol)
{
	do
		protocol = counters_protocol_parent(protocol);
	while (!fold->is_shown[protocol] && !is_trunk(protocol));
	return protocol;
}

void panel_fold_sum(const struct panel *panel, const struct panel_fold *fold, enum protocol parent,
		    struct panel_folded *ret_folded)
{
	*ret_folded = (struct panel_folded){ 0 };
	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++) {
		if (!fold->is_there[i] || fold->is_shown[i] || find_shown(fold, i) != parent)
			continue;
		ret_folded->count++;
		if (counters_protocol_parent(i) != parent || is_counted_elsewhere(fold, i))
			continue;
		add(&ret_folded->before, &panel->before->kernel.seen.protocols[i]);
		add(&ret_folded->now, &panel->now->kernel.seen.protocols[i]);
		add(&ret_folded->matched_before, &panel->before->kernel.matched.protocols[i]);
		add(&ret_folded->matched, &panel->now->kernel.matched.protocols[i]);
	}
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What it costs to read a large capture: pktview against tcpdump and tshark, in turns, on a capture
# made for this (view_traffic.c), in seconds and memory. Nothing is asserted.
#   BENCH_MIB (1024): its size; BENCH_ROUNDS (5); TMPDIR: where it is written.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin TZ=UTC
rounds=${BENCH_ROUNDS:-5} mib=${BENCH_MIB:-1024}
work=$(mktemp -d "${TMPDIR:-/tmp}/pktview-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

free_mib=$(($(stat -f -c '%a * %S' "$work") / 1048576))
if [ "$free_mib" -lt $((mib + 256)) ]; then
	echo "bench-view: '$work' has $free_mib MiB free of the $((mib + 256)) that are needed (see TMPDIR)" >&2
	exit 1
fi
build/tests/bench/view_traffic "$mib" >"$work/capture" || exit 1

# figures NAME COLUMN: median [least..largest]
figures() {
	cut -d ' ' -f "$2" "$work/$1" | sort -n |
		awk '{ v[NR] = $1 } END { printf "%.2f [%.2f..%.2f]", v[int((NR + 1) / 2)], v[1], v[NR] }'
}
ratio() {	# NAME NAME: how many times as long the first takes, round by round
	paste -d ' ' "$work/$1" "$work/$2" | awk '{ print $1 / $4 }' | sort -n |
		awk '{ v[NR] = $1 } END { printf "%.2f [%.2f..%.2f]", v[int((NR + 1) / 2)], v[1], v[NR] }'
}
memory() { awk '$3 > most { most = $3 } END { printf "%.1f MiB", most / 1024 }' "$work/$1"; }

# name | program
programs='
list|build/pktview list
tcpdump|tcpdump -n -r
tshark|tshark -n -r
list-little|build/pktview list --memory 1M
hierarchy|build/pktview hierarchy
phs|tshark -n -q -z io,phs -r
'
for ((round = 0; round < rounds; round++)); do
	while IFS='|' read -r name program; do
		[ -n "$name" ] || continue
		# The file stands behind the view, or behind -r.
		words=($program)
		case $program in
		*pktview*) words=("${words[@]:0:2}" "$work/capture" "${words[@]:2}") ;;
		*) words+=("$work/capture") ;;
		esac
		build/tests/bench/cost "$work/$name" "${words[@]}" || exit 1
	done <<<"$programs"
done

echo "$mib MiB, $(capinfos -TmrcM "$work/capture" | cut -d , -f 2) packets; $rounds rounds in turns; median [least..largest]"
printf '%-22s %-26s %s\n' program seconds 'memory at most'
while IFS='|' read -r name program; do
	[ -z "$name" ] || printf '%-22s %-26s %s\n' "$name" "$(figures "$name" 1)" "$(memory "$name")"
done <<<"$programs"
echo
printf '%-52s %s\n' 'tcpdump -n -r takes, times pktview list' "$(ratio tcpdump list)" \
	'tshark -n -r takes, times pktview list' "$(ratio tshark list)" \
	'tshark io,phs takes, times pktview hierarchy' "$(ratio phs hierarchy)"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a packet that does not match costs the datapath, and how long it takes from the start of
# the program until it is attached: pktsieve and tcpdump in turns, with the same filters, on the
# same interface. Each figure is a flood with the capture minus the mean of those right before
# and after it without. Nothing is asserted.
. "$(dirname "$0")/../e2e/lib.sh"
make_network || exit 1
rounds=${BENCH_ROUNDS:-5} frames=${BENCH_FRAMES:-1000000}
for ((i = 0; i < 1000; i++)); do hosts[i]=10.$((i / 250)).7.$((i % 250)); done
# `ip host`: libpcap takes minutes for 1,000 that ARP could name too.
any_of() { local list="${hosts[*]:0:$1}"; echo "ip host ${list// / or }"; }
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "10.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256 }' >"$work/million"

names=('no filter (all match)' 'host A' 'host A, tcp port 443' '10 hosts' '1,000 hosts' '10^6 hosts in a file'
	'bytes of TCP')
filters=('' 'host 10.0.7.1' 'host 10.0.7.1 and tcp port 443' "$(any_of 10)" "$(any_of 1000)"
	"host in $work/million" 'tcp[tcpflags] & tcp-syn != 0 and tcp[2:2] = 443')

mkfifo "$work/ask" "$work/answer"
exec {ask}<>"$work/ask" {answer}<>"$work/answer"
taskset -c 0 build/tests/bench/flood $server_ns eth0 <"$work/ask" >"$work/answer" &
children+=($!)
flood() { echo "$frames" >&"$ask"; read -rt 60 flood_ns <&"$answer"; }

# attach PROGRAM...: starts it, and leaves in $attach_ms how long it took; as $pid.
attach() {
	local start=${EPOCHREALTIME/[.,]/} line events
	rm -f "$work/events"
	mkfifo "$work/events"
	exec {events}<>"$work/events"
	"$tools/within" $server_ns "$@" >/dev/null 2>&"$events" </dev/null &
	pid=$! children+=($!)
	attach_ms=
	while read -rt "${BENCH_PATIENCE:-20}" line <&"$events"; do
		[[ $line != *'listening on'* ]] || { attach_ms=$(((${EPOCHREALTIME/[.,]/} - start) / 100)); break; }
		kill -0 $pid 2>/dev/null || break
	done
	exec {events}>&-
	[ -n "$attach_ms" ]
}
detach() { kill "$1" $pid 2>/dev/null; wait $pid 2>/dev/null; forget $pid; }

# measure FILE PROGRAM...: appends "NS MS" of one round, or "- -" where it does not start.
measure() {
	local file=$1 before; shift
	flood && before=$flood_ns
	if attach "$@"; then
		flood
		local with=$flood_ns
		detach -TERM
		flood
		awk -v b="$before" -v w="$with" -v a="$flood_ns" -v t="$attach_ms" \
			'BEGIN { printf "%.1f %.1f\n", w - (a + b) / 2, t / 10 }' >>"$file"
	else
		detach -KILL
		echo '- -' >>"$file"
	fi
}

# spread FILE COLUMN: median [least..largest]
spread() {
	awk -v c="$2" '$c != "-" { print $c }' "$1" | sort -n |
		awk '{ v[NR] = $1 } END { if (NR == 0) print "-"; else printf "%.0f [%.0f..%.0f]\n", v[int((NR + 1) / 2)], v[1], v[NR] }'
}
ratio() {
	paste "$1" "$2" | awk '$1 != "-" && $3 != "-" && $3 > 0 { print $1 / $3 }' | sort -n |
		awk '{ v[NR] = $1 } END { if (NR == 0) print "-"; else printf "%.2f [%.2f..%.2f]\n", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

flood || { echo 'filter.sh: this kernel has no live frames'; exit 1; }
echo "$rounds rounds of $frames frames of 64 bytes; median [least..largest]"
printf '%-24s %-20s %-20s %-20s %-18s %s\n' filter 'pktsieve, ns' 'tcpdump, ns' ratio 'pktsieve, ms' 'tcpdump, ms'
for i in "${!names[@]}"; do
	ours=$work/ours.$i theirs=$work/theirs.$i
	for ((round = 0; round < rounds; round++)); do
		# What failed once is not tried again.
		if grep -qs '^-' "$ours"; then echo '- -' >>"$ours"
		else measure "$ours" "$pktsieve" -i eth0 --stats none ${filters[i]:+"${filters[i]}"}; fi
		if grep -qs '^-' "$theirs" || [[ ${filters[i]} == *' in '* ]]; then echo '- -' >>"$theirs"
		else measure "$theirs" tcpdump -Z root -n -i eth0 -w /dev/null ${filters[i]:+"${filters[i]}"}; fi
	done
	printf '%-24s %-20s %-20s %-20s %-18s %s\n' "${names[i]}" "$(spread "$ours" 1)" "$(spread "$theirs" 1)" \
		"$(ratio "$ours" "$theirs")" "$(spread "$ours" 2)" "$(spread "$theirs" 2)"
done

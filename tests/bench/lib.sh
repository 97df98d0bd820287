# SPDX-License-Identifier: GPL-2.0-only
# For benchmarks: floods of the server's eth0 (flood.c), and what a capture adds to the cost of a
# frame. Each figure is a flood with the capture minus the mean of those right before and after
# it without.
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"
make_network || exit 1
rounds=${BENCH_ROUNDS:-5} frames=${BENCH_FRAMES:-1000000}

# start_flood [SOURCES]: what floods from now on.
start_flood() {
	local pipe
	[ -z "${flood_pid:-}" ] || { kill "$flood_pid"; wait "$flood_pid" 2>/dev/null; forget "$flood_pid"; }
	for pipe in "${ask:-}" "${answer:-}"; do [ -z "$pipe" ] || exec {pipe}>&-; done
	rm -f "$work/ask" "$work/answer"
	mkfifo "$work/ask" "$work/answer"
	exec {ask}<>"$work/ask" {answer}<>"$work/answer"
	taskset -c 0 build/tests/bench/flood $server_ns eth0 "$@" <"$work/ask" >"$work/answer" &
	flood_pid=$! children+=($!)
	flood || { echo "${0##*/}: this kernel has no live frames"; exit 1; }
}
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

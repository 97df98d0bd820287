#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an idle capture costs, and how long a lone packet takes to its file or pipe: tcpdump and
# pktsieve in turns, on the same interface. Nothing is asserted.
. "$(dirname "$0")/../e2e/lib.sh"
make_network || exit 1
seconds=${BENCH_SECONDS:-10} rounds=${BENCH_ROUNDS:-3} packets=${BENCH_PACKETS:-40}

# cost PID...: time on a CPU, in ns, and how often the processes went to sleep.
cost() {
	local pid ns=0 sleeps=0 value
	for pid; do
		read -r value _ <"/proc/$pid/schedstat"
		ns=$((ns + value))
		value=$(awk '$1 == "voluntary_ctxt_switches:" { print $2 }' "/proc/$pid/status")
		sleeps=$((sleeps + value))
	done
	echo "$ns $sleeps"
}
# idle NAME PID...
idle() {
	local name=$1 before after; shift
	before=($(cost "$@"))
	read -rt "$seconds" <>"$work/.never" || :
	after=($(cost "$@"))
	awk -v name="$name" -v ns=$((after[0] - before[0])) -v n=$((after[1] - before[1])) -v s="$seconds" 'BEGIN {
		printf "%-10s %8.4f %% of one CPU, %7.1f wake-ups a second\n", name, ns / s / 1e7, n / s }'
}

echo "idle for $seconds s:"
for ((round = 0; round < rounds; round++)); do
	start_tcpdump theirs -i eth0
	idle tcpdump "$theirs_pid"
	finish theirs TERM
	start_capture ours -i eth0 -w "$work/ours.pcap"
	idle pktsieve "$ours_pid" "$(writer_of "$ours_pid")"
	finish ours TERM
done

lone() {	# NAME PATH
	printf '%-26s %s\n' "$1" "$(build/tests/bench/lone_packet $client_ns $host_a $server 7 "$packets" "$2")"
}
echo "a lone packet, of $packets, from before it is sent to its bytes: least, median, largest ms:"
for ((round = 0; round < rounds; round++)); do
	start theirs tcpdump -Z root -n -U -w "$work/theirs.pcap" -i eth0 -Q in
	wait_until listening_or_ended "$work/theirs.err" "$theirs_pid"
	lone 'tcpdump -U' "$work/theirs.pcap"
	finish theirs TERM
	start_capture ours -i eth0 -U -w "$work/ours.pcap"
	lone 'pktsieve -U' "$work/ours.pcap"
	finish ours TERM
	mkfifo "$work/pipe"
	exec {pipe}<>"$work/pipe"
	"$tools/within" $server_ns "$pktsieve" -i eth0 -w - >"$work/pipe" 2>"$work/piped.err" </dev/null &
	piped_pid=$! children+=($!)
	wait_until listening_or_ended "$work/piped.err" "$piped_pid"
	lone 'pktsieve -w - (a pipe)' "$work/pipe"
	finish piped TERM
	exec {pipe}>&-
	rm "$work/pipe"
done

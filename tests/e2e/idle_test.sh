#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A capture to which nothing comes sleeps, and a lone packet wakes it.
. "$(dirname "$0")/lib.sh"
make_network || exit 1

# How often a process has gone to sleep so far.
sleeps() { awk '$1 == "voluntary_ctxt_switches:" { print $2 }' "/proc/$1/status"; }
for file in '' "-w $work/ours.pcap"; do
	start_capture ours -i eth0 $file 'udp port 7'
	writer=$(writer_of "$ours_pid")
	read -rt 1 <>"$work/.never" || :
	before="$(sleeps "$writer") $(sleeps "$ours_pid")"
	read -rt 4 <>"$work/.never" || :
	after="$(sleeps "$writer") $(sleeps "$ours_pid")"
	read -r writer_before keeper_before <<<"$before"
	read -r writer_after keeper_after <<<"$after"
	# Once a second each, for clock and heartbeat; a look at the rings every 10 ms would be 400.
	check "idle${file:+ with a file}: the writer sleeps" [ $((writer_after - writer_before)) -le 20 ] ||
		diagnose "$((writer_after - writer_before)) times in 4 s"
	check "idle${file:+ with a file}: the keeper sleeps" [ $((keeper_after - keeper_before)) -le 20 ] ||
		diagnose "$((keeper_after - keeper_before)) times in 4 s"
	finish ours TERM
done

# Whether the writer has asked in the map "control" to be woken, and hears each ring.
asks_to_be_woken() {
	local info id
	for info in "/proc/$1/fdinfo"/*; do
		id=$(awk '$1 == "value_size:" { size = $2 } $1 == "map_id:" && size == 128 { print $2 }' "$info")
		[ -n "$id" ] || continue
		bpftool map dump id "$id" | grep -q '"writer_sleeps": 1' && return
	done
	return 1
}
# EPOLLET, EPOLLIN and what is always there (proc(5)); the clock has the same, and a number.
rings_heard() { awk '$1 == "tfd:" && $4 == "80000019" && $6 == "0" { rings++ } END { print rings + 0 }' "/proc/$1/fdinfo"/*; }

in_the_file() { [ "$("$tools/captures" count "$work/ours.pcap" 2>/dev/null)" = "$1" ]; }
start_capture ours -i eth0 -U -w "$work/ours.pcap" 'udp port 7'
check 'an idle writer has asked to be woken' wait_until asks_to_be_woken "$ours_pid"
check_equal 'the writer hears the ring of each CPU' "$(nproc --all)" "$(rings_heard "$(writer_of "$ours_pid")")"
for count in 1 2 3; do
	read -rt 0.3 <>"$work/.never" || :
	traffic <<<"udp $host_a $server 7 1 100"
	check "lone packet $count comes into the file" wait_until in_the_file $count
done
finish ours TERM
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The interface goes down, comes up, gets another name, is removed or moved away under a
# capture: what is said, and that all that was captured is in the file.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
datagrams="udp $host_a $server 7 25 64-800"

# says SENTENCE TEXT: the capture says so on stderr, sooner or later.
says() { check "$1" wait_until grep -qxF "pktsieve: $2" "$work/ours.err" || diagnose "$(<"$work/ours.err")"; }
link() { ip -n $server_ns link set "$@"; }
in_file() { tcpdump -Z root -nr "$work/ours.pcap" "$@" 2>/dev/null | wc -l; }
written_are_in_file() {
	local written
	written=$(term written "$work/ours.err")
	[ "$written" -gt 0 ] && [ "$written" = "$(in_file)" ]
}
adds_up() { contains "$work/ours.err" 'accounting (frames):' && ! contains "$work/ours.err" 'not accounted for'; }
# check_end SENTENCE STATUS: of a capture that has ended.
check_end() {
	check_equal "$1: the exit status is $2" "$2" "$status"
	check "$1: what was written is in the file, which is valid" written_are_in_file ||
		diagnose "$(in_file)" "$(<"$work/ours.err")"
	check "$1: every frame is accounted for" adds_up || diagnose "$(<"$work/ours.err")"
}
# Until the interface at the other end can be sent to, after it was down.
is_reachable() { traffic <<<"udp $host_a $server 9 1 10"; } 2>/dev/null
replace_neighbours() {
	ip -n $server_ns neigh replace $host_a lladdr 02:00:00:00:0:01 dev "$1" nud permanent
	ip -n $client_ns neigh replace $server lladdr 02:00:00:00:0:64 dev eth0 nud permanent
}

start_capture ours -i eth0 -w "$work/ours.pcap" udp port 7 || exit 1
traffic <<<"$datagrams"
link eth0 down
says 'a capture says that its interface is down' "'eth0' is down; the capture goes on"
link eth0 up
says 'a capture says that its interface is up again' "'eth0' is up again"
replace_neighbours eth0
check 'the interface can be reached again' wait_until is_reachable
traffic <<<"$datagrams"
link eth0 down
link eth0 name wan0
says 'a capture says what its interface is now called' "'eth0' is now called 'wan0'"
link wan0 up
says 'a capture uses the new name' "'wan0' is up again"
replace_neighbours wan0
wait_until is_reachable
traffic <<<"$datagrams"
ip -n $client_ns link set eth0 down
says 'a capture says that the carrier is lost' "'wan0' has no carrier; the capture goes on"
ip -n $client_ns link set eth0 up
says 'a capture says that the carrier is back' "'wan0' has a carrier again"
replace_neighbours wan0
wait_until is_reachable
traffic <<<"$datagrams"
finish ours TERM
check_end 'after down, up, another name and no carrier' 0
check_equal 'no packet is missing after down, up, another name and no carrier' 100 "$(in_file)"

link wan0 down
link wan0 name eth0
start_capture ours -i eth0 -w "$work/ours.pcap" udp port 7
says 'a capture on an interface that is down says so' "'eth0' is down; the capture goes on"
link eth0 up
says 'a capture on an interface that was down says that it is up' "'eth0' is up again"
replace_neighbours eth0
wait_until is_reachable
traffic <<<"$datagrams"
finish ours TERM
check_end 'on an interface that was down' 0
check_equal 'packets are captured on an interface that was down' 25 "$(in_file)"

# More changes than the keeper's socket holds, while it cannot read them.
lost_messages() {
	"$tools/within" $server_ns awk -v pid="$ours_pid" '$2 == 0 && $9 > 0 { found = 1 } END { exit !found }' \
		/proc/net/netlink
}
# misses_messages COMMAND...: which is among what the keeper misses.
misses_messages() {
	start_capture ours -i eth0 -w "$work/ours.pcap" udp port 7
	kill -STOP "$ours_pid"
	for ((i = 0; i < 1000; i++)); do echo "link set eth0 mtu $((1400 + i % 2))"; done | ip -n $server_ns -batch -
	link eth0 mtu 1500
	check 'a stopped keeper misses messages of the kernel' lost_messages
	"$@"
	kill -CONT "$ours_pid"
}
misses_messages link eth0 down
says 'a keeper that has missed messages asks what has become of the interface' \
	"'eth0' is down; the capture goes on"
link eth0 up
says 'a keeper that has missed messages hears the next ones' "'eth0' is up again"
replace_neighbours eth0
wait_until is_reachable
traffic <<<"$datagrams"
finish ours TERM
check_end 'after missed messages' 0
misses_messages ip -n $server_ns link del eth0
says 'a keeper that has missed messages hears of a removal' \
	"'eth0' was removed; the capture goes on, and takes it when it is back"
finish ours TERM
make_pairs

if ip -n $server_ns link add name bridge0 type bridge 2>/dev/null; then
	start_capture ours -i eth0 -w "$work/ours.pcap" udp port 7
	link eth0 master bridge0
	link eth0 nomaster
	replace_neighbours eth0
	wait_until is_reachable
	traffic <<<"$datagrams"
	finish ours TERM
	check_end 'an interface that is no longer a port of a bridge is not gone' 0
	check_equal 'no packet is missing after a bridge' 25 "$(in_file)"
	ip -n $server_ns link del bridge0
else
	skip 'an interface that is no longer a port of a bridge is not gone' 'this kernel has no bridge'
fi

# goes_away SENTENCE COMMAND...: under traffic; then another one of that name comes.
goes_away() {
	local sentence=$1 writer script="udp $host_a $server 7 5 64-800"; shift
	rm -f "$work/ours.pcap"
	start_capture ours -i eth0 -w "$work/ours.pcap" udp port 7 || { check "$sentence: it starts" false; return; }
	writer=$(writer_of "$ours_pid")
	traffic <<<"$datagrams"
	"$tools/traffic" $server_ns $client_ns 3600 <<<"$script" 2>/dev/null &
	children+=($!)
	"$@"
	wait $!
	forget $!
	# On Linux 5.10 an interface has its new name before it moves.
	check "$sentence: it is said" wait_until grep -qxE \
		"pktsieve: '(eth|away)0' was removed; the capture goes on, and takes it when it is back" \
		"$work/ours.err" || diagnose "$(<"$work/ours.err")"
	[ "$1" != move_away ] || check_moved "$sentence"
	ip -n $client_ns link del eth0 2>/dev/null
	make_pairs
	says "$sentence: it is said that it is back" "'eth0' is there, and down: it is captured"
	wait_until is_reachable
	traffic <<<"udp $host_a $server 7 25 1000-1100"
	finish ours TERM
	check_end "$sentence" 0
	check "$sentence: the packets before it are in the file" [ "$(in_file 'less 900')" -ge 25 ]
	check_equal "$sentence: so are those of its successor" 25 "$(in_file 'greater 1000')"
	check "$sentence: no process stays" ended "$writer"
}
move_away() { link eth0 netns $client_ns name away0; }
programs_on_moved() { "$tools/within" $client_ns "$tools/counter" --programs away0; }
check_moved() {
	if has_tcx; then check_equal "$1: nothing stays on it" '' "$(programs_on_moved)"; fi
}
goes_away 'an interface that moves to another namespace' move_away
goes_away 'an interface that is removed' ip -n $server_ns link del eth0
echo done

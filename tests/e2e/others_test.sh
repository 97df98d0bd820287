#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Other programs at the hooks stay where they are, and go on working.
. "$(dirname "$0")/lib.sh"
make_network || exit 1

placed() {
	"$tools/within" $server_ns "$tools/counter" --programs eth0 | grep -v pktsieve
	printf 'filter show dev eth0 %s\n' ingress egress | tc -n $server_ns -batch - | grep -v pktsieve |
		grep -o 'handle 0x[0-9a-f]* count_.* id [0-9]* name'
}
# Sends 20 packets each way; each counter of the arguments must count them.
count_all() {
	local name before_in before_out
	declare -A in out
	for name; do
		read_counter "$name"
		in[$name]=$frames_in out[$name]=$frames_out
	done
	traffic <<-END
	udp $host_a $server 7 20 100
	udp-down $host_a $server 7 20 100
	END
	for name; do
		read_counter "$name"
		[ $((frames_in - in[$name])) = 20 ] && [ $((frames_out - out[$name])) = 20 ] || {
			diagnose "$name: $((frames_in - in[$name])) in, $((frames_out - out[$name])) out"
			return 1
		}
	done
}

start_counter before eth0
start_counter classic eth0 clsact
before=$(placed)
check 'two programs of others are there first' [ "$(wc -l <<<"$before")" = 4 ] || diagnose "$before"
start_capture ours -i eth0 -w "$work/ours.pcap" udp
check_equal 'the programs of others stay while pktsieve starts' "$before" "$(placed)"
check 'the programs of others see the same packets beside pktsieve' count_all before classic
start_counter meanwhile eth0
check 'a program that comes later sees the same packets' count_all before classic meanwhile
start_counter ahead eth0 first
check 'a program that comes later, ahead of pktsieve, too' count_all before classic meanwhile ahead
finish ours TERM
check_equal 'pktsieve sees the packets beside them' "0 $(is_xdp && echo 60 || echo 120)" \
	"$status $("$tools/captures" count "$work/ours.pcap")"
check 'after pktsieve the programs of others go on' count_all before classic meanwhile ahead
stop_counter ahead
stop_counter meanwhile
check_equal 'after pktsieve the programs of others are where they were' "$before" "$(placed)"
"$tools/within" $server_ns "$pktsieve" --cleanup >"$work/removed" 2>&1
check_equal 'pktsieve --cleanup leaves the programs of others' "$before" "$(placed)"
check 'after pktsieve --cleanup they go on' count_all before classic

# Whoever decides about a packet, and since when, pktsieve stands before it and leaves it the word.
start_counter firewall eth0 drop
start_capture ours -i eth0 -w "$work/ours.pcap" udp
traffic <<<"udp $host_a $server 7 50 100"
finish ours TERM
check_equal 'pktsieve sees what a program of others drops' "0 50" \
	"$status $("$tools/captures" count "$work/ours.pcap")"
read_counter firewall
check_equal 'a program of others goes on dropping beside pktsieve' 50 "$frames_in"
echo done

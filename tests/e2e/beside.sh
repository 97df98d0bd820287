#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# For the tests that run pktsieve and tcpdump side by side on the same interface: both see the
# same traffic, neither may lose a packet, and the files are compared record by record, times
# apart. Nothing is repeated.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The kernel's reports on multicast groups come at times of their own, to one of two perhaps.
no_noise='not icmp6 and not dst host ff02::16'

# start_both OPTIONS [FILTER]: with the same options and the same filter, in $namespace.
start_both() {
	options=$1
	start theirs tcpdump -Z root -n -U -B 65536 -w "$work/theirs.pcap" $1 "${2:-$no_noise}"
	wait_until listening_or_ended "$work/theirs.err" "$theirs_pid"
	contains "$work/theirs.err" 'listening on' || { diagnose "$(<"$work/theirs.err")"; return 1; }
	start_capture ours $ours_only -w "$work/ours.pcap" $1 "${2:-$no_noise}"
}
ours_only=''	# options that tcpdump does not have

# Broadcasts of EtherType 88b5, which is for experiments, from the addresses "Finish" (comes in)
# and "Finout" (goes out): what was sent before is in the file with them. The interfaces are those
# at the other end and at this one.
far_device=eth0 near_device=eth0
mark() {
	local near=${namespace:-$server_ns} far=$client_ns
	[ "$near" = $server_ns ] || far=$server_ns
	"$tools/traffic" $near $far <<<"frame $far_device 1 ffffffffffff46696e69736888b500*45"
	"$tools/traffic" $far $near <<<"frame $near_device 1 ffffffffffff46696e6f757488b500*45"
}
has_marks() {
	{ [[ $options == *'-Q out'* ]] || grep -q Finish "$1"; } &&
		{ [[ $options == *'-Q in'* ]] || grep -q Finout "$1"; }
}

# finish_both SENTENCE: when tcpdump has written what mark() sends.
finish_both() {
	mark
	wait_until has_marks "$work/theirs.pcap" || diagnose 'tcpdump does not write the end'
	finish theirs TERM
	finish ours TERM
	check "$1: tcpdump has lost nothing" contains "$work/theirs.err" $'\n0 packets dropped by kernel' ||
		diagnose "$(<"$work/theirs.err")"
	check_equal "$1: pktsieve has lost nothing" '0 0 packets dropped by kernel' \
		"$status $(grep ' dropped by kernel' "$work/ours.err")" || diagnose "$(<"$work/ours.err")"
}

# compare SENTENCE equal|streams OPTIONS LEAST-PACKETS SCRIPT [FILTER]: SCRIPT is for traffic, or
# a function that sends. With "equal" the link type, each packet's bytes and its wire length are
# the same; with "streams" what TCP carried.
compare() {
	local sentence=$1 comparison=$2 least=$4 count
	rm -f "$work/ours.pcap" "$work/theirs.pcap"
	start_both "$3" "${6:-}" || { check "$sentence: both start" false; return; }
	if [ "$(type -t "$5")" = function ]; then "$5"; else traffic <<<"$5"; fi ||
		diagnose 'the traffic failed'
	finish_both "$sentence"
	check "$sentence" "$tools/captures" "$comparison" "$work/ours.pcap" "$work/theirs.pcap" >"$work/said"
	grep -v '^[0-9]* streams' "$work/said"
	count=$("$tools/captures" count "$work/ours.pcap")
	check "$sentence: that is what was sent" [ "$count" -ge "$least" ] || diagnose "$count packets"
}

# unless_short COMMAND...: left out where the tests are to be short.
unless_short() { [ -n "${SHORT:-}" ] || "$@"; }

# longest_wire FILE, longest_captured FILE: in bytes.
longest_wire() { "$tools/captures" sum "$1" | cut -d ' ' -f 3; }
longest_captured() { "$tools/captures" sum "$1" | cut -d ' ' -f 4; }

# offloads on|off|...: of both ends of eth0, as ethtool(8) calls them: NAME=STATE...
offloads() {
	local namespace one arguments=()
	for one; do arguments+=("${one%=*}" "${one#*=}"); done
	for namespace in $server_ns $client_ns; do
		"$tools/within" "$namespace" ethtool -K eth0 "${arguments[@]}" >"$work/ethtool" 2>&1 ||
			{ diagnose "$(<"$work/ethtool")"; return 1; }
	done
}

# add_tun NAME NETWORK [NETWORK6]: a device without a link layer at both ends, with the addresses
# NETWORK.100 and NETWORK.1 (NETWORK6::100 and NETWORK6::1).
add_tun() {
	start tun_pair "$PWD/$tools/tun_pair" $server_ns $client_ns "$1"
	wait_until contains_or_ended "$work/tun_pair.out" ready "$tun_pair_pid"
	contains "$work/tun_pair.out" ready || { diagnose "$(<"$work/tun_pair.err")"; return 1; }
	add_tun_end $server_ns "$1" "$2.100" "$2.1" "${3:+$3::100}" &&
		add_tun_end $client_ns "$1" "$2.1" "$2.100" "${3:+$3::1}"
}
contains_or_ended() { contains "$1" "$2" || ended "$3"; }
add_tun_end() {	# NAMESPACE NAME ADDRESS PEER [ADDRESS6]
	ip -n "$1" -batch - <<-END
	link set $2 addrgenmode none
	link set $2 up
	address add $3 peer $4 dev $2
	${5:+address add $5/64 dev $2 nodad}
	END
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Packets that are really lost before the hook: by a tunnel that wants sequence numbers, and in
# the backlog of a CPU.
. "$(dirname "$0")/lib.sh"
make_network || exit 1

gretap() {	# NAMESPACE LOCAL REMOTE ADDRESS MAC-END OPTION...
	local namespace=$1 near=$2 far=$3 address=$4 mac=$5 far_mac=$6; shift 6
	ip -n "$namespace" link add gre1 address 02:00:00:00:8:$mac type gretap local "$near" remote "$far" key 8 "$@" &&
		ip -n "$namespace" link set gre1 addrgenmode none &&
		ip -n "$namespace" link set gre1 up &&
		ip -n "$namespace" address add "$address/24" dev gre1 &&
		ip -n "$namespace" neigh replace 10.8.0.$far_mac lladdr 02:00:00:00:8:$far_mac dev gre1 nud permanent
}
send() {	# COUNT
	"$tools/within" $client_ns bash -c "for ((i = 0; i < $1; i++)); do echo x >/dev/udp/10.8.0.64/9; done"
}
if gretap $server_ns $server $host_a 10.8.0.64 64 01 iseq 2>/dev/null; then
	gretap $client_ns $host_a $server 10.8.0.1 01 64
	send 5
	start_capture ours -i gre1 --stats lines --interval 100ms -w "$work/ours.pcap"
	send 20
	check 'a line of statistics says that packets are lost before the hook' \
		wait_until contains "$work/ours.err" '  before the hook +20'
	send 3
	finish ours TERM
	check 'packets that the interface drops are counted' contains "$work/ours.err" \
		$'\n23 packets dropped by interface\n' || diagnose "$(<"$work/ours.err")"
	check 'they have a place below the accounting' contains "$work/ours.err" \
		$'\nbefore the hook (not in the figures above):\n  dropped by interface           23'
	check_equal 'they are not seen at the hook' 0 "$(term seen "$work/ours.err")"
else
	skip 'packets that the interface drops are counted' 'this kernel has no gretap'
fi

backlog=/proc/sys/net/core/netdev_max_backlog
dropped() {
	local sum=0 processed dropped rest
	while read -r processed dropped rest; do sum=$((sum + 16#$dropped)); done </proc/net/softnet_stat
	echo $sum
}
if [ -n "${IN_VM:-}" ]; then
	before=$(dropped) size=$(<$backlog)
	start_capture ours -i eth0 -w "$work/ours.pcap"
	# The segments of an aggregate come in one go, faster than the backlog is emptied.
	"$tools/within" $client_ns ethtool -K eth0 tso off || diagnose 'no ethtool'
	echo 0 >$backlog
	for round in 1 2 3 4 5; do
		traffic <<<"bulk $host_a $server 5001 100000" || diagnose 'the traffic failed'
		[ "$(dropped)" = "$before" ] || break
	done
	echo "$size" >$backlog
	finish ours TERM
	check 'the backlog has dropped packets' [ "$(dropped)" -gt "$before" ]
	check 'packets that the backlog drops are counted' grep -qE \
		"^  dropped by softnet +$(($(dropped) - before))  \(on all interfaces of this machine\)" "$work/ours.err" ||
		diagnose "$(($(dropped) - before)) were dropped" "$(<"$work/ours.err")"
	check 'no interface is blamed for them' eval '! contains "$work/ours.err" "dropped by interface"'
else
	skip 'packets that the backlog drops are counted' 'only in a virtual machine'
fi
echo done

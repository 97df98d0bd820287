#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pktsieve and tcpdump beside it on devices that stand upon another one: VLANs, QinQ, VXLAN, a
# bridge, macvlan; on the device itself and on the one below, where the packets are wrapped.
. "$(dirname "$0")/beside.sh"
make_network 2 || exit 1

# add_pair NAME NETWORK SERVER-ARGUMENTS CLIENT-ARGUMENTS: a device at both ends, with the
# addresses NETWORK.100 and NETWORK.1, and neighbours that know each other.
add_pair() {
	local name=$1 network=$2
	add_end $server_ns "$name" "$network.100" 02:00:00:00:a0:64 "$network.1" 02:00:00:00:a0:01 "$3" &&
		add_end $client_ns "$name" "$network.1" 02:00:00:00:a0:01 "$network.100" 02:00:00:00:a0:64 "$4"
}
add_end() {	# NAMESPACE NAME ADDRESS MAC NEIGHBOUR MAC ARGUMENTS
	ip -n "$1" link add name "$2" address "$4" ${7/type/ type} 2>"$work/ip.err" || return
	ip -n "$1" -batch - <<-END
	link set $2 addrgenmode none
	link set $2 up
	address add $3/24 dev $2
	neigh replace $5 lladdr $6 dev $2 nud permanent
	END
}

# compare_on NAME NETWORK BELOW: the device, and what is below it, in both directions.
compare_on() {
	local name=$1 below=$3 near=$2.100 far=$2.1
	local mix="talk $far $near 25
udp $far $near 53 60 1-1300
udp-down $far $near 53 60 1-1300
ping $far $near 2
udp $far $near 7 2 20000"
	local bulk="bulk $far $near 5001 500000
bulk-down $far $near 5001 500000"
	near_device=$name far_device=${4:-$name}
	compare "$name, in" equal "-i $name -Q in" 80 "$mix
$bulk"
	unless_short compare "$name, both ways" equal "-i $name" 150 "$mix" "not tcp and $no_noise"
	unless_short compare "$name, streams" streams "-i $name" 50 "$bulk"
	near_device=$below far_device=$below
	compare "$name seen on $below, in" equal "-i $below -Q in" 80 "$mix
$bulk"
	unless_short compare "$name seen on $below, out" equal "-i $below -Q out" 60 "udp-down $far $near 53 60 1-1300"
}

# Whose kernel has none says so with one line for each kind.
try() {	# KIND NAME NETWORK BELOW SERVER-ARGUMENTS CLIENT-ARGUMENTS
	if add_pair "$2" "$3" "$5" "$6"; then
		compare_on "$2" "$3" "$4"
		ip -n $server_ns link delete "$2"
		ip -n $client_ns link delete "$2"
	else
		skip "$1" "this kernel has none ($(head -n 1 "$work/ip.err"))"
	fi
}
try 'a VLAN device' vlan7 10.8.7 eth0 'link eth0 type vlan id 7' 'link eth0 type vlan id 7'
try 'a device of 802.1ad' outer 10.8.8 eth0 'link eth0 type vlan protocol 802.1ad id 100' \
	'link eth0 type vlan protocol 802.1ad id 100'
if add_pair outer 10.8.8 'link eth0 type vlan protocol 802.1ad id 100' 'link eth0 type vlan protocol 802.1ad id 100'; then
	try 'a VLAN device upon one of 802.1ad' inner 10.8.10 eth0 'link outer type vlan id 7' 'link outer type vlan id 7'
	ip -n $server_ns link delete outer
	ip -n $client_ns link delete outer
else
	skip 'a VLAN device upon one of 802.1ad' "this kernel has none ($(head -n 1 "$work/ip.err"))"
fi
try 'a VXLAN device' vx42 10.8.42 eth0 'type vxlan id 42 local 10.9.0.100 remote 10.9.0.1 dstport 4789' \
	'type vxlan id 42 local 10.9.0.1 remote 10.9.0.100 dstport 4789'
try 'a macvlan device' mac0 10.8.9 eth0 'link eth0 type macvlan mode bridge' 'link eth0 type macvlan mode bridge'

# A bridge at the server's end, with eth1 as its port: what comes in is seen at both.
move_to_bridge() {
	ip -n $server_ns -batch - <<-END
	address flush dev eth1
	link set eth1 master br0
	address add 10.9.1.100/24 dev br0
	neigh replace 10.9.1.1 lladdr 02:00:00:00:1:01 dev br0 nud permanent
	END
}
if ip -n $server_ns link add name br0 address 02:00:00:00:1:64 type bridge 2>"$work/ip.err"; then
	ip -n $server_ns link set br0 addrgenmode none
	ip -n $server_ns link set br0 up
	check 'eth1 is a port of the bridge' move_to_bridge
	compare_on br0 10.9.1 eth1 eth1
else
	skip 'a bridge' "this kernel has none ($(head -n 1 "$work/ip.err"))"
fi
echo done

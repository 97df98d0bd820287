#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pktsieve and tcpdump beside it on one Ethernet interface, with traffic of many kinds. On the
# way in both see the same packets. On the way out pktsieve stands before the kernel cuts
# aggregates of TCP segments and tcpdump behind that, so there the streams are the same.
. "$(dirname "$0")/beside.sh"
make_network 1 9000 && add_ipv6 || exit 1

frame_of() { echo "frame eth0 ${3:-3} $(tagged_frame "$1" "$2")"; }
mix="
talk $host_a $server 25
udp $host_a $server 53 100 1-1400
udp $host_b6 $server6 53 100 1-1400
udp-down $host_a $server 53 100 1-1400
udp-down $host_a6 $server6 53 100 1-1400
udp $host_a $server 5000 3 20000
udp $host_a6 $server6 5000 3 20000
ping $host_a $server 3
frame eth0 2 020000000064020000000001080600010800060400010200000000010a090001000000000000*18
frame eth0 2 ffffffffffff02000000000188cc0207040002*40
frame eth0 2 0180c200000002000000000100264242030000*38
"
compare 'packets of many kinds' equal '-i eth0 -Q in' 230 "$mix"
compare 'datagrams out' equal '-i eth0 -Q out' 200 "$mix" 'udp or arp or ether proto 0x88b5'
unless_short compare 'packets of many kinds, both ways' equal '-i eth0' 430 "$mix" "not tcp and $no_noise"
unless_short compare 'packets of many kinds, cut' equal '-i eth0 -Q in -s 60' 230 "$mix"

# Jumbo frames: one datagram each.
jumbo="udp $host_a $server 7 60 8900-8972
udp $host_a6 $server6 7 60 8900-8952
ping $host_a $server 2 8972"
compare 'jumbo frames' equal '-i eth0' 124 "$jumbo"
check_equal 'jumbo frames are as long as the link allows' 9014 "$(longest_wire "$work/ours.pcap")"

# Tags are in the bytes on the way out, and beside them on the way in.
vlan=81000007 stag=88a80064 tags="
$(frame_of $vlan 30)
$(frame_of $vlan 8000)
$(frame_of 8100e00f 100)
$(frame_of 81000000 100)
$(frame_of $stag$vlan 30)
$(frame_of $stag$vlan 4000)
$(frame_of $stag 100)
$(frame_of $vlan$vlan 100)
$(frame_of $stag$vlan$vlan 100)"
# The server's interface has the tags in the metadata, the client's sends them in the bytes.
compare 'VLAN tags and QinQ' equal '-i eth0 -Q in' 27 "$tags"
unless_short compare 'VLAN tags and QinQ, cut behind the outer tag' equal '-i eth0 -Q in -s 18' 27 "$tags"
namespace=$client_ns
compare 'VLAN tags and QinQ on the way out' equal '-i eth0 -Q out' 27 "$tags"
namespace=$server_ns

# TCP in bulk. With offloads the way in has aggregates, without them single segments; with GRO
# segments become aggregates again behind the wire, before both of them.
bulk="bulk $host_a $server 5001 4000000
bulk $host_a6 $server6 5001 4000000"
bulk_down="bulk-down $host_a $server 5001 4000000
bulk-down $host_a6 $server6 5001 4000000"
cases="
TCP with TSO and GSO|tso=on gso=on gro=off|10000|65600
TCP with GSO alone|tso=off gso=on gro=off|100|9014
TCP without TSO and GSO|tso=off gso=off gro=off|100|9014
TCP without TSO, with GRO|tso=off gso=off gro=on|100|65600
"
while IFS='|' read -r sentence settings least most; do
	[ -n "$sentence" ] || continue
	[ -z "${SHORT:-}" ] || [[ $settings = *tso=on* || $settings = *gro=on* ]] || continue
	check "$sentence: the offloads are set" offloads $settings || continue
	compare "$sentence, in" equal '-i eth0 -Q in' 100 "$bulk" 'tcp port 5001 or ether proto 0x88b5'
	longest=$(longest_wire "$work/ours.pcap")
	check "$sentence, in: frames are of the size that is meant" [ "$longest" -gt "$least" -a "$longest" -le "$most" ] ||
		diagnose "longest: $longest"
	compare "$sentence, out" streams '-i eth0 -Q out' 100 "$bulk_down" 'tcp port 5001 or ether proto 0x88b5'
	unless_short compare "$sentence, both ways" streams '-i eth0' 200 "$bulk_down
$bulk" 'tcp port 5001 or ether proto 0x88b5'
done <<<"$cases"
echo done

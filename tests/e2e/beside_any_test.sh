#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pktsieve and tcpdump beside it on other than one Ethernet interface: loopback, tun, several,
# any over three; link types RAW and LINUX_SLL2.
. "$(dirname "$0")/beside.sh"
make_network 3 && add_ipv6 || exit 1
ip -n $server_ns link set lo up
check 'there is a tun device' add_tun tun0 10.7.0 fd07 || { echo done; exit; }

over_eth="talk $host_a $server 25
udp $host_a $server 53 60 1-1400
udp-down $host_a6 $server6 53 60 1-1400
udp 10.9.1.1 10.9.1.100 7 60 1-1400
udp-down 10.9.1.1 10.9.1.100 7 3 8000
ping 10.9.2.1 10.9.2.100 3"
over_tun="talk 10.7.0.1 10.7.0.100 25
udp 10.7.0.1 10.7.0.100 53 60 1-1400
udp-down fd07::1 fd07::100 53 60 1-1400
udp 10.7.0.1 10.7.0.100 7 2 8000
ping 10.7.0.1 10.7.0.100 3
bulk 10.7.0.1 10.7.0.100 5001 300000"
over_lo="talk 127.0.0.1 127.0.0.1 25
udp 127.0.0.1 127.0.0.1 53 60 1-1400
udp ::1 ::1 53 60 1-1400
ping 127.0.0.1 127.0.0.1 3
bulk 127.0.0.1 127.0.0.1 5001 300000"
play_lo() { "$tools/traffic" $server_ns $server_ns <<<"$over_lo"; }
play_all() { traffic <<<"$over_eth" && traffic <<<"$over_tun" && play_lo; }

# What comes last: on loopback in one direction; on tun in a datagram.
mark_eth=$(declare -f mark has_marks)
mark_on_lo() {
	mark() { "$tools/traffic" $server_ns $server_ns <<<'frame lo 1 00000000000046696e69736888b500*45'; }
	has_marks() { grep -q Finish "$1"; }
}
mark_on_tun() {
	local head=450000220001000040110000 ports=00090009000e0000
	eval "$mark_eth"
	eval "mark() {
		traffic <<<'frame tun0 1 ${head}0a0700010a070064${ports}46696e697368'
		'$tools/traffic' $client_ns $server_ns <<<'frame tun0 1 ${head}0a0700640a070001${ports}46696e6f7574'
	}"
}
mark_on_lo
compare 'loopback' equal '-i lo' 150 play_lo
unless_short compare 'loopback, in' equal '-i lo -Q in' 150 play_lo
unless_short compare 'loopback, cut' equal '-i lo -s 60' 150 play_lo

mark_on_tun
# On the way out pktsieve stands before checksums are filled in for a device that cannot do that.
compare 'tun' equal '-i tun0' 130 "$over_tun" 'not tcp'
unless_short compare 'tun, streams' streams '-i tun0' 50 "$over_tun" 'tcp or udp port 9'
unless_short compare 'tun, in' equal '-i tun0 -Q in' 100 "$over_tun"
compare 'tun, out, cut' equal '-i tun0 -Q out -s 60' 60 "$over_tun" 'not tcp'
compare 'tun with a filter' equal '-i tun0' 100 "$over_tun" 'udp or ip6'
check_equal 'tun has the link type RAW' 12 "$("$tools/captures" link-type "$work/ours.pcap")"

eval "$mark_eth"
not_tcp="not tcp and $no_noise"
compare 'any over eth0, eth1, eth2, tun0 and lo, in' equal '-i any -Q in' 500 play_all
compare 'any, out' equal '-i any -Q out' 100 play_all "$not_tcp"
unless_short compare 'any, both ways' equal '-i any' 400 play_all "$not_tcp"
compare 'any, streams' streams '-i any' 100 play_all "tcp or ether proto 0x88b5"
unless_short compare 'any, cut' equal '-i any -s 80' 400 play_all "$not_tcp"
compare 'any with a filter' equal '-i any' 100 play_all '(host 10.9.1.1 and udp) or ip6 host fd07::1 or ether proto 0x88b5'
check_equal 'any has the link type LINUX_SLL2' 276 "$("$tools/captures" link-type "$work/ours.pcap")"

# libpcap (1.10.3) leaves out a tag that the kernel keeps beside the packet, so its packet is 4
# bytes shorter; here it stands behind the protocol 8100 or 88a8, as on the wire. That is the one
# difference.
start_both '-i any' && traffic <<<"frame eth0 5 $(tagged_frame 81000007 40)
frame eth0 5 $(tagged_frame 88a8006481000007 40)"
finish_both 'any with VLAN tags'
read -r their_packets their_bytes _ < <("$tools/captures" sum "$work/theirs.pcap")
read -r our_packets our_bytes _ < <("$tools/captures" sum "$work/ours.pcap")
check_equal 'any with VLAN tags: the packets are the same, with 4 bytes of a tag in each' \
	"$their_packets $((their_bytes + 10 * 4))" "$our_packets $our_bytes"
tcpdump -Z root -nn -e -t -r "$work/ours.pcap" >"$work/read" 2>"$work/read.err"
check_equal 'any with VLAN tags: tcpdump finds the tags in our file' '5 5' \
	"$(grep -c 'ethertype 802.1Q .*: vlan 7, .*10.9.0.1.7 > 10.9.0.100.7: UDP' "$work/read") \
$(grep -c 'ethertype 802.1Q-QinQ ' "$work/read")" || diagnose "$(<"$work/read")"
echo done

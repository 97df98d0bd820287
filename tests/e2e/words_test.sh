#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Words of a filter that depend on the interface: its mask, its number, which way packets go.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
# Under the mask of eth0, which has 24 bits, but not under one that is not known, this is an
# address for all.
all_ones=10.8.7.255
ip -n $server_ns address add $all_ones/32 dev lo
ip -n $client_ns route add $all_ones via "$server"

# matches COUNT FILTER: of ten packets to the server, and five to the address of all ones.
matches() {
	rm -f "$work/ours.pcap"
	start_capture ours -i eth0 -w "$work/ours.pcap" "$2" || { check "'$2' can be captured" false; return; }
	traffic <<<"udp $host_a $server 9 10 60
udp $host_a $all_ones 9 5 60"
	finish ours TERM
	check_equal "'$2' matches what it says" "$1" "$("$tools/captures" count "$work/ours.pcap")"
}

# A name of /etc/ethers, of which this process and its children see another one.
mkdir "$work/etc"
cp -a /etc/. "$work/etc" 2>/dev/null
printf '00:01:02:0a:0b:0c test-station # one\n' >"$work/etc/ethers"
tree=$(unshare -m sh -c "mount --bind '$work/etc' /etc && exec '$pktsieve' -d 'ether src test-station'")
check 'a name of /etc/ethers is its address' grep -q '00:01:02:0a:0b:0c' <<<"$tree" || diagnose "$tree"
client_mac=$(ip -n $client_ns -br link show eth0 | awk '{ print $3 }')
matches 15 'udp port 9 and inbound'
matches 15 'udp port 9 and ifname eth0'
matches 0 'udp port 9 and ifname lo'
matches 15 "udp port 9 and ether src $client_mac"
matches 0 "udp port 9 and ether dst $client_mac"
matches 5 'udp port 9 and ip broadcast'
if ! is_xdp; then
	matches 0 'udp port 9 and outbound'
	matches 15 'udp portrange 8-10 and not outbound'
fi
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Packets that are long, in many pieces, aggregates of several, or have their VLAN tag beside
# them: the file holds them as tcpdump saw them.
. "$(dirname "$0")/lib.sh"
make_network 1 65535 || exit 1
if [ "$hook" = native ] && ! start_capture probe -i eth0 udp >/dev/null; then
	check 'where frames have one piece, native XDP refuses so large an MTU' \
		contains "$work/probe.err" 'MTU'
	echo done
	exit
fi
[ "$hook" != native ] || finish probe TERM

# compare SENTENCE PKTSIEVE-OPTIONS TCPDUMP-OPTIONS OUR-FILTER THEIR-FILTER LEAST-LONGEST TRAFFIC
compare() {
	local sentence=$1 options=$2 tcpdump_options=$3 filter=$4 their_filter=$5 least=$6
	start_tcpdump all -i eth0 -Q in $tcpdump_options
	start_capture ours -i eth0 -Q in -w "$work/ours.pcap" $options "$filter" || { check "$sentence" false; return; }
	traffic <<<"$7" || diagnose 'the traffic failed'
	finish_tcpdump all
	finish ours TERM
	tcpdump -Z root -r "$work/all.pcap" -w "$work/theirs.pcap" "$their_filter" 2>/dev/null
	check "$sentence" "$tools/captures" equal "$work/ours.pcap" "$work/theirs.pcap" || diagnose "$(<"$work/ours.err")"
	longest=$("$tools/captures" sum "$work/ours.pcap" | cut -d ' ' -f 3)
	check "$sentence: they are as long as meant" [ "${longest:-0}" -ge "$least" ] || diagnose "longest: $longest"
	rm -f "$work/ours.pcap"
}

compare 'datagrams of up to 64 KB' '' '' udp udp 65050 "udp $host_a $server 7 60 65000-65460"
compare 'datagrams of up to 64 KB, cut' '-s 3000' '-s 3000' udp udp 65050 "udp $host_a $server 7 60 65000-65460"
compare 'datagrams in fragments' '' '' "host $host_a" "host $host_a" 65000 "udp $host_a $server 7 5 65506-65507"
compare 'aggregates of TCP segments' '' '' "tcp port 5001" "tcp port 5001" 20000 \
	"bulk $host_a $server 5001 3000000"
compare 'aggregates of TCP segments, cut' '-s 200' '-s 200' "tcp port 5001" "tcp port 5001" 20000 \
	"bulk $host_a $server 5001 3000000"

short_and_long="
udp $host_a $server 7 100 1-100
udp $host_a $server 7 100 1301-1400"
if is_xdp; then	# it sees no metadata, so the tag is to be among the bytes
	"$tools/within" $client_ns ethtool -K eth0 txvlan off
	"$tools/within" $server_ns ethtool -K eth0 rxvlan off rx-vlan-stag-hw-parse off
	namespace=$client_ns start_counter tagger eth0 push-vlan || check 'a VLAN tag can be put on' false
	compare 'VLAN tags in the frame' '' '' "vlan 42 and host $host_a and udp" "vlan 42 and host $host_a and udp" \
		1400 "$short_and_long"
	compare 'VLAN tags in the frame, not asked for' '' '' "host $host_a and udp" "vlan and host $host_a and udp" \
		1400 "$short_and_long"
	stop_counter tagger
	echo done
	exit
fi
# The tag is put on at the other end of the wire, and comes in the metadata.
namespace=$client_ns start_counter tagger eth0 push-vlan || check 'a VLAN tag can be put on' false
compare 'VLAN tags in the metadata' '' '' "host $host_a and udp" "vlan 42 and host $host_a and udp" 1400 \
	"$short_and_long"
compare 'bytes of the frame, with the VLAN tag of the metadata in its place' '' '' \
	'ether[12:2] == 0x8100 and ether[14:2] & 0xfff = 42 and ether[11:4] & 0xffffff != 0 and ether[16:2] = 0x800 and udp' \
	'ether[12:2] == 0x8100 and ether[16:2] = 0x800 and vlan and udp' 1400 "$short_and_long"
compare 'VLAN tags in the metadata, cut' '-s 64' '-s 64' "src host $host_a and udp port 7" \
	"vlan 42 and src host $host_a and udp port 7" 1400 "$short_and_long"
compare 'VLAN tags in the metadata, cut within the tag' '-s 15' '-s 15' '' '' 1400 \
	"$short_and_long"
compare 'VLAN tags in the metadata of datagrams of up to 64 KB' '' '' "host $host_a" "vlan and host $host_a" \
	65000 "udp $host_a $server 7 60 65000-65460"
stop_counter tagger

# Here, so that the kernel's own reports are not in what is compared without a filter.
add_ipv6
compare 'aggregates of TCP segments, IPv6' '' '' "host $host_a6" "host $host_a6" 20000 \
	"bulk $host_a6 $server6 5001 3000000"

# On the way out, put on by a program ahead of pktsieve.
namespace=$client_ns
start_tcpdump all -i eth0 -Q out
start_capture ours -i eth0 -Q out -w "$work/ours.pcap" "host $host_a"
start_counter tagger eth0 push-vlan first
traffic <<<"$short_and_long"
finish_tcpdump all
finish ours TERM
stop_counter tagger
tcpdump -Z root -r "$work/all.pcap" -w "$work/theirs.pcap" "vlan 42 and host $host_a" 2>/dev/null
check 'VLAN tags in the metadata on the way out' "$tools/captures" equal "$work/ours.pcap" "$work/theirs.pcap"
echo done

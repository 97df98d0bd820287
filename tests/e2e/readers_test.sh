#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tshark, capinfos, tcpdump and Scapy read every kind of file that pktsieve writes, without a
# warning; what tshark finds in them is what was said, and what pktsieve counted.
. "$(dirname "$0")/beside.sh"
make_network && add_ipv6 || exit 1
python=/usr/bin/python3		# the one that has Debian's Scapy
readings() { $python tests/e2e/readings.py "$@"; }

# A few packets of each kind.
few="
talk $host_a $server 25
udp $host_a $server 53 10 100-1400
udp-down $host_a6 $server6 123 10 100-1400
ping $host_a $server 2"

# The dialogue, from the client's side.
start_dialogue() {
	rm -f "$work/listener.out"
	start listener $python tests/e2e/dialogue.py server $server 25 "$work/server.log"
	wait_until contains "$work/listener.out" ready
	namespace=$client_ns start speaker $python tests/e2e/dialogue.py client $server 25 "$work/client.log"
	finish speaker
	check_equal "$1: the mail is delivered" 0 "$status" || diagnose "$(<"$work/speaker.err")"
	finish listener
}

# complaints FILE: prints what is more than the lines that a reader prints for every file, tcpdump
# the last for its own cooked ones.
complaints() {
	grep -v -e '^reading from file ' -e '^Running as user ' -e '^Warning: interface names might be incorrect$' "$1"
}
# reads COUNT PROGRAM...: status 0, nothing on stderr, COUNT lines.
reads() {
	local count=$1 status=0; shift
	"$@" >"$work/read.out" 2>"$work/read.err" || status=$?
	[ $status = 0 ] && ! complaints "$work/read.err" && [ "$(wc -l <"$work/read.out")" = "$count" ] || {
		diagnose "status $status, $(wc -l <"$work/read.out") lines of $count" "$(<"$work/read.err")"
		return 1
	}
}
capinfos_counts() {
	[ "$(capinfos -Tmrc "$1" 2>"$work/read.err" | cut -d , -f 2)" = "$2" ] && ! complaints "$work/read.err"
}

# read_by_all SENTENCE FILE COUNT: all but Scapy, whose start takes a while; tcpdump does not read
# compressed files itself.
read_by_all() {
	local file=$2 count=$3
	check "tshark reads $1" reads "$count" tshark -n -r "$file"
	check "capinfos reads $1" capinfos_counts "$file" "$count" || diagnose "$(<"$work/read.err")"
	if [[ $file == *.gz ]]; then
		check "gzip reads $1 without a word" gzip -t "$file"
		gzip -dc "$file" >"$work/plain"
		file=$work/plain
	fi
	check "tcpdump reads $1" reads "$count" tcpdump -n -t -r "$file"
}

# sentence | interface | file | options
kinds="
a file in microseconds|eth0|micro.pcap|
a file in nanoseconds|eth0|nano.pcap|--nano
packets cut to 60 bytes|eth0|short.pcap|-s 60
packets cut behind their headers|eth0|headers.pcap|--snap headers
packets cut 8 bytes behind their headers|eth0|headers8.pcap|--snap headers+8
a file in pcapng|eth0|micro.pcapng|
a file in pcapng, in nanoseconds, cut|eth0|short.pcapng|--nano -s 60
a file in pcapng, by its option|eth0|odd.name|--format pcapng
a compressed file|eth0|micro.pcap.gz|
a compressed file, flushed packet by packet|eth0|flushed.pcap.gz|-U
a compressed file in pcapng|eth0|micro.pcapng.gz|
cooked packets of one interface|eth0|cooked.pcap|-y LINUX_SLL2
cooked packets of any|any|any.pcap|
cooked packets of any, cut|any|any-short.pcap|-s 80
cooked packets of any in nanoseconds|any|any-nano.pcap|--nano
cooked packets of any in pcapng|any|any.pcapng|
cooked packets of any, compressed|any|any.pcap.gz|
cooked packets of two interfaces in pcapng|eth0 -i lo|two.pcapng|
packets without a link layer|tun0|raw.pcap|
packets without a link layer in pcapng|tun0|raw.pcapng|
packets without a link layer, cut behind their headers|tun0|raw-headers.pcap|--snap headers
"
few_on_tun="talk 10.7.0.1 10.7.0.100 25
udp 10.7.0.1 10.7.0.100 53 10 100-1400
ping 10.7.0.1 10.7.0.100 2"
add_tun tun0 10.7.0 || check 'there is a tun device' false
number=0 pairs=()
while IFS='|' read -r sentence interface file options; do
	[ -n "$sentence" ] || continue
	number=$((number + 1))
	start_capture kind$number -i $interface $options -w "$work/$file" 'not icmp6 and not dst host ff02::16' ||
		check "$sentence: pktsieve starts" false
done <<<"$kinds"
traffic <<<"$few"
traffic <<<"$few_on_tun"
for ((i = 1; i <= number; i++)); do
	finish kind$i TERM
	check_equal "capture $i ends well" 0 "$status" || diagnose "$(<"$work/kind$i.err")"
done
number=0
while IFS='|' read -r sentence _ file _; do
	[ -n "$sentence" ] || continue
	number=$((number + 1))
	count=$(sed -n 's/ packets captured$//p' "$work/kind$number.err")
	check "$sentence: there is traffic" [ "${count:-0}" -ge 30 ]
	read_by_all "$sentence" "$work/$file" "$count"
	pairs+=("$count" "$work/$file")
done <<<"$kinds"
check 'Scapy reads all of them' readings scapy "${pairs[@]}"
check_equal 'tshark shows the names of the interfaces in pcapng' 'eth0 tun0' \
	"$(tshark -r "$work/any.pcapng" -T fields -e frame.interface_name 2>"$work/read.err" | sort -u | tr '\n' ' ' | sed 's/ $//')"
check_equal 'tshark shows in pcapng how many packets each interface has' \
	"$(tshark -r "$work/any.pcapng" -q -z io,stat,0,'frame.interface_name=="eth0"' 2>"$work/read.err" | awk '/<>/ { print $6 }')" \
	"$(tshark -r "$work/micro.pcap" 2>"$work/read.err" | wc -l)"

# What was said, from aggregates and from single segments.
for segments in aggregates segments; do
	[ $segments = aggregates ] || "$tools/within" $client_ns ethtool -K eth0 tso off gso off >"$work/ethtool" 2>&1
	start_capture said -i eth0 -w "$work/said.pcap" 'tcp port 25' || exit 1
	start_capture cooked -i any -w "$work/cooked.pcapng" 'tcp port 25' || exit 1
	start_capture packed -i eth0 -w "$work/packed.pcap.gz" 'tcp port 25' || exit 1
	start_dialogue "a dialogue in $segments"
	for name in said cooked packed; do finish $name TERM; done
	for file in said.pcap cooked.pcapng packed.pcap.gz; do
		check "tshark follows the dialogue in $segments to the last byte, in $file" \
			readings follow "$work/$file" "$work/client.log" "$work/server.log"
	done
	case $segments in
	aggregates) check 'pktsieve counts the packets in aggregates, tshark the aggregates' \
		readings agree "$work/said.pcap" "$work/said.err" aggregates ;;
	segments) check 'tshark and pktsieve count the same segments' \
		readings agree "$work/said.pcap" "$work/said.err" ;;
	esac
done

# Every protocol of the mix, tags too.
start_capture mixed -i eth0 -w "$work/mixed.pcap" 'not icmp6 and not dst host ff02::16' || exit 1
traffic <<<"$few
udp $host_a $server 53 200 1-1400
udp $host_b6 $server6 5353 200 1-1400
frame eth0 7 0200000000640200000000018100000708004500001c000100004011000"0"0a0900010a0900640007000700080000*18
frame eth0 3 020000000064020000000001080600010800060400010200000000010a090001000000000000*18"
finish mixed TERM
check 'tshark and pktsieve count the same frames and bytes, by protocol' \
	readings agree "$work/mixed.pcap" "$work/mixed.err"
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tshark, capinfos, tcpdump and Scapy read every kind of file that pktsieve writes, without a
# warning; what tshark finds in them is what was said, and what pktsieve counted.
. "$(dirname "$0")/lib.sh"
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

# tolerated TEXT...: without the lines that a reader prints for every file.
tolerated() { grep -v -e '^reading from file ' -e '^Running as user ' "$1"; }
# reads FILE COUNT PROGRAM...: status 0, nothing on stderr, COUNT lines.
reads() {
	local file=$1 count=$2 status=0; shift 2
	"$@" >"$work/read.out" 2>"$work/read.err" || status=$?
	[ $status = 0 ] && ! tolerated "$work/read.err" && [ "$(wc -l <"$work/read.out")" = "$count" ] || {
		diagnose "status $status, $(wc -l <"$work/read.out") lines of $count" "$(<"$work/read.err")"
		return 1
	}
}
capinfos_counts() { [ "$(capinfos -Mrc "$1" 2>"$work/read.err" | awk -F : 'NF { print $NF + 0 }' | tail -n 1)" = "$2" ] &&
	! tolerated "$work/read.err"; }

# read_by_all SENTENCE FILE [plain]: all but Scapy, whose start takes a while; with "plain" tcpdump
# reads what gzip gives it.
files=()
read_by_all() {
	local file=$2
	check "tshark reads $1" reads "$file" "$count" tshark -n -r "$file"
	check "capinfos reads $1" capinfos_counts "$file" "$count" || diagnose "$(<"$work/read.err")"
	if [ "${3:-}" = plain ]; then
		gzip -dc "$file" >"$work/plain.pcap"
		check "gzip reads $1 without a word" gzip -t "$file"
		file=$work/plain.pcap
	fi
	check "tcpdump reads $1" reads "$file" "$count" tcpdump -n -t -r "$file"
	files+=("$2")
}

# sentence | file | options
kinds="
a file in microseconds|micro.pcap|
a file in nanoseconds|nano.pcap|--nano
packets cut to 60 bytes|short.pcap|-s 60
"
number=0
while IFS='|' read -r sentence file options; do
	[ -n "$sentence" ] || continue
	number=$((number + 1))
	start_capture kind$number -i eth0 $options -w "$work/$file" 'not icmp6 and not dst host ff02::16' ||
		check "$sentence: pktsieve starts" false
done <<<"$kinds"
traffic <<<"$few"
for ((i = 1; i <= number; i++)); do
	finish kind$i TERM
	check_equal "capture $i ends well" 0 "$status" || diagnose "$(<"$work/kind$i.err")"
done
count=$("$tools/captures" count "$work/micro.pcap")
check 'there is traffic to read' [ "$count" -ge 40 ]
while IFS='|' read -r sentence file options; do
	[ -z "$sentence" ] || read_by_all "$sentence" "$work/$file" $([[ $file != *.gz ]] || echo plain)
done <<<"$kinds"
check 'Scapy reads all of them' readings scapy "$count" "${files[@]}"

# What was said, from aggregates and from single segments.
for segments in aggregates segments; do
	[ $segments = aggregates ] || "$tools/within" $client_ns ethtool -K eth0 tso off gso off >"$work/ethtool" 2>&1
	start_capture said -i eth0 -w "$work/said.pcap" 'tcp port 25' || exit 1
	start_dialogue "a dialogue in $segments"
	finish said TERM
	check "tshark follows the dialogue in $segments to the last byte" \
		readings follow "$work/said.pcap" "$work/client.log" "$work/server.log"
	frames=$("$tools/captures" count "$work/said.pcap")
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

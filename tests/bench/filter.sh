#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a packet that does not match costs the datapath, and how long it takes from the start of
# the program until it is attached: pktsieve and tcpdump in turns, with the same filters, on the
# same interface. Each figure is a flood with the capture minus the mean of those right before
# and after it without. Nothing is asserted.
. "$(dirname "$0")/lib.sh"
for ((i = 0; i < 1000; i++)); do hosts[i]=10.$((i / 250)).7.$((i % 250)); done
# `ip host`: libpcap takes minutes for 1,000 that ARP could name too.
any_of() { local list="${hosts[*]:0:$1}"; echo "ip host ${list// / or }"; }
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "10.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256 }' >"$work/million"

names=('no filter (all match)' 'host A' 'host A, tcp port 443' '10 hosts' '1,000 hosts' '10^6 hosts in a file'
	'bytes of TCP')
filters=('' 'host 10.0.7.1' 'host 10.0.7.1 and tcp port 443' "$(any_of 10)" "$(any_of 1000)"
	"host in $work/million" 'tcp[tcpflags] & tcp-syn != 0 and tcp[2:2] = 443')

ratio() {
	paste "$1" "$2" | awk '$1 != "-" && $3 != "-" && $3 > 0 { print $1 / $3 }' | sort -n |
		awk '{ v[NR] = $1 } END { if (NR == 0) print "-"; else printf "%.2f [%.2f..%.2f]\n", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

start_flood
echo "$rounds rounds of $frames frames of 64 bytes; median [least..largest]"
printf '%-24s %-20s %-20s %-20s %-18s %s\n' filter 'pktsieve, ns' 'tcpdump, ns' ratio 'pktsieve, ms' 'tcpdump, ms'
for i in "${!names[@]}"; do
	ours=$work/ours.$i theirs=$work/theirs.$i
	for ((round = 0; round < rounds; round++)); do
		# What failed once is not tried again.
		if grep -qs '^-' "$ours"; then echo '- -' >>"$ours"
		else measure "$ours" "$pktsieve" -i eth0 --stats none ${filters[i]:+"${filters[i]}"}; fi
		if grep -qs '^-' "$theirs" || [[ ${filters[i]} == *' in '* ]]; then echo '- -' >>"$theirs"
		else measure "$theirs" tcpdump -Z root -n -i eth0 -w /dev/null ${filters[i]:+"${filters[i]}"}; fi
	done
	printf '%-24s %-20s %-20s %-20s %-18s %s\n' "${names[i]}" "$(spread "$ours" 1)" "$(spread "$theirs" 1)" \
		"$(ratio "$ours" "$theirs")" "$(spread "$ours" 2)" "$(spread "$theirs" 2)"
done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --top: the hosts, networks and services that the summary lists are those that tcpdump saw beside
# it, to the packet and byte; and under a flood of a million sources the busy ones are still
# listed, the totals exact, and the memory what it was.
. "$(dirname "$0")/lib.sh"
make_network && add_ipv6 || exit 1
# Hosts of other networks: what they send needs no way back.
for address in 10.77.1.1/32 10.77.1.2/32 10.77.2.1/32 fd77:0:0:1::1/128 fd77:0:0:1::2/128 fd77:0:0:2::1/128; do
	ip -n $client_ns address add "$address" dev eth0 $([[ $address != *:* ]] || echo nodad) || exit 1
done
ip -n $server_ns route add 10.77.0.0/16 dev eth0
ip -n $server_ns route add fd77::/16 dev eth0

# Datagrams go from a port to the same one; the services that are connected to have lower ports
# than the other side, so what is expected needs no table of ports.
mix="
udp $host_a $server 53 40 10-60
udp $host_b $server 53 30 700-730
udp-down $host_a $server 53 20 100
udp $host_a6 $server6 123 25 20-40
udp-down $host_b6 $server6 123 7 1000-1006
udp 10.77.1.1 $server 5000 11 100
udp 10.77.1.2 $server 5000 12 100
udp 10.77.2.1 $server 5001 13 100
udp fd77:0:0:1::1 $server6 5001 14 100
udp fd77:0:0:1::2 $server6 5002 15 100
udp fd77:0:0:2::1 $server6 5002 16 100
talk $host_a $server 25
talk $host_b $server 25
talk $host_a6 $server6 8025
"

# listed TABLE FILE: "NAME PACKETS BYTES" of each row that the summary has, as printed.
listed() {
	awk -v title="busiest $1:" 'index($0, title) == 1 { inside = 1; next } inside && !NF { exit }
		inside && $1 !~ /^\(/ { print $1, $2, $3 }' "$2"
}
# count_file FILE: "sources NAME PACKETS BYTES" and so on, of what tcpdump wrote.
count_file() {
	tcpdump -Z root -nn -e -q -r "$1" 2>/dev/null | awk '
	function host(text) { sub(/:$/, "", text); sub(/\.[0-9]+$/, "", text); return text }
	function port(text) { sub(/:$/, "", text); sub(/.*\./, "", text); return text + 0 }
	{
		match($0, /length [0-9]+: /)
		split(substr($0, RSTART, RLENGTH), size, /[ :]+/)
		split(substr($0, RSTART + RLENGTH), part, " ")
		low = port(part[1]) < port(part[3]) ? port(part[1]) : port(part[3])
		add("sources", host(part[1]), size[2])
		add("destinations", host(part[3]), size[2])
		add("services", (tolower(part[4]) ~ /^udp/ ? "udp/" : "tcp/") low, size[2])
	}
	function add(table, name, bytes) { packets[table " " name]++; sum[table " " name] += bytes }
	END { for (name in packets) print name, packets[name], sum[name] }'
}
# expected TABLE: of the last traffic, in the order of packets, then by name.
expected() { awk -v table="$1" '$1 == table { print $2, $3, $4 }' "$work/counted"; }

# run_mix OPTION...: the mix beside tcpdump, which is counted to $work/counted.
run_mix() {
	start_tcpdump all -s 128 -i eth0 'tcp or udp or ether[12:2] = 0x88b5'
	start_capture ours -i eth0 "$@" 'tcp or udp' || return
	traffic <<<"$mix" || diagnose 'the traffic failed'
	finish_tcpdump all
	finish ours TERM
	tcpdump -Z root -r "$work/all.pcap" -w "$work/mix.pcap" 'tcp or udp' 2>/dev/null
	count_file "$work/mix.pcap" >"$work/counted"
}
same_lines() { diff <(sort <<<"$1") <(sort <<<"$2") >&2; }
in_order() { [ "$1" = "$(sort -s -k 2,2nr <<<"$1")" ]; }

run_mix --top 100
for table in sources destinations services; do
	rows=$(listed $table "$work/ours.err")
	check "each of the $table has its packets and bytes, and nobody else is there" \
		same_lines "$rows" "$(expected $table)" || diagnose "$(<"$work/ours.err")"
	check "the $table with the most packets come first" in_order "$rows"
done
check 'hosts of IPv4 and IPv6 were among them' [ "$(listed sources "$work/ours.err" | grep -c :)" -ge 5 ]

# Of each list the first two by packets and the first two by bytes.
run_mix --top 2
for table in sources services; do
	rows=$(listed $table "$work/ours.err" | grep -v '^others')
	wanted=$({ expected $table | sort -k 2,2nr | head -n 2; expected $table | sort -k 3,3nr | head -n 2; } | sort -u)
	check "--top 2: the two busiest $table by packets, and those by bytes" same_lines "$rows" "$wanted" ||
		diagnose "$(<"$work/ours.err")"
	others=$({ expected $table; echo "$rows" | sed 's/ / -/2; s/ \([0-9]*\) -\([0-9]*\)$/ -\1 -\2/'; } |
		awk '{ packets += $2; bytes += $3 } END { print "others", packets, bytes }')
	check_equal "--top 2: the others of the $table are the rest" "$others" \
		"$(listed $table "$work/ours.err" | grep '^others')"
done

# networks TABLE: of the expected hosts, as networks of /24 and /64 (fdxx:0:0:N::/64).
networks() {
	expected "$1" | awk '{
		network = $1
		if (network ~ /:/) { if (sub(/::[0-9a-f]+$/, "::/64", network) != 1) network = network "?" }
		else sub(/[0-9]+$/, "0/24", network)
		packets[network] += $2; bytes[network] += $3
	} END { for (network in packets) print network, packets[network], bytes[network] }'
}
run_mix --top 100 --top-prefix 24/64
for table in sources destinations; do
	check "--top-prefix 24/64: the $table are networks" \
		same_lines "$(listed $table "$work/ours.err")" "$(networks $table)" || diagnose "$(<"$work/ours.err")"
done
check '--top-prefix 24/64: services are what they are' \
	same_lines "$(listed services "$work/ours.err")" "$(expected services)"

run_mix
check 'without --top the summary has no such tables' [ -z "$(listed sources "$work/ours.err")" ]

# The flood. What a frame costs is not asserted, so a machine that is emulated gets fewer.
random=$([ -z "${IN_VM:-}" ] && echo 1000000 || echo 80000)
# Of keeper and writer in KiB: what they have in memory, and the tables in the kernel.
memory() {
	local writer
	writer=$(writer_of "$ours_pid")
	awk '/^VmRSS:/ { print $2 }' "/proc/$ours_pid/status" "/proc/$writer/status" | paste -sd ' '
	[ -n "$writer" ]
}
tables() {	# the largest map of the keeper
	awk '$1 == "memlock:" { print int($2 / 1024) }' /proc/"$ours_pid"/fdinfo/* 2>/dev/null | sort -n | tail -n 1
}
# khugepaged PAGES MILLISECONDS: in a virtual machine, at how many small pages it looks, to make large
# ones of them, and how long it rests then.
khugepaged() {
	local folder=/sys/kernel/mm/transparent_hugepage
	[ -n "${IN_VM:-}" ] && [ -d $folder ] || return 0
	echo always >$folder/enabled
	echo "$1" >$folder/khugepaged/pages_to_scan
	echo "$2" | tee $folder/khugepaged/{scan,alloc}_sleep_millisecs >/dev/null
}
# What the writer has in memory is what it has looked at: behind the flood, that is two lines later.
has_lines() { [ "$(wc -l <"$work/ours.err")" -ge "$1" ]; }
flood() {	# SEED: appends to $work/sent
	"$tools/many_sources" $client_ns eth0 "$random" "$1" >>"$work/sent" || diagnose 'the flood failed'
	wait_until has_lines $(($(wc -l <"$work/ours.err") + 2)) || diagnose 'no lines of statistics come'
}

dropped_by_wire() { ip -n $client_ns -s link show eth0 | awk '/TX:/ { getline; print $4; exit }'; }
dropped_before=$(dropped_by_wire)
: >"$work/sent"
start_capture ours -i eth0 --top 30 --stats lines udp
before=$(memory) tables_before=$(tables)
flood 1
between=$(memory)
# No large pages are made where only few of the small ones were written to.
khugepaged 65536 10
flood 2
after=$(memory) tables_after=$(tables)
khugepaged 4096 10000 # as the kernel begins with
finish ours TERM
frames=$(awk '$1 == "all" { frames += $2 } END { print frames }' "$work/sent")
# A wire whose other end has no time drops frames, which its counters say.
dropped=$(($(dropped_by_wire) - dropped_before))
check_equal 'a flood: all that came was seen' $((frames - dropped)) "$(term matched "$work/ours.err")"
totals=$(awk '$1 == "UDP" { print $4, $5; exit }' "$work/ours.err")
check 'a flood: nearly all came' [ $((dropped * 200)) -le "$frames" ]
[ "$dropped" != 0 ] || check_equal 'a flood: the bytes are those that were sent' \
	"$(awk '$1 == "all" { bytes += $3 } END { print bytes }' "$work/sent")" "${totals#* }"
for table in sources destinations services; do
	check_equal "a flood: listed and others of the $table are all packets and bytes" "$totals" \
		"$(listed $table "$work/ours.err" | awk '{ packets += $2; bytes += $3 } END { print packets, bytes }')"
done
listed sources "$work/ours.err" >"$work/listed"
awk 'NR == FNR { if ($1 != "all") sent[$1] += $2; next } $1 in sent { found[$1] = $2 }
	END { for (host in sent) {
		error = host in found ? 100 * (sent[host] - found[host]) / sent[host] : 100
		if (error < 0) high++
		if (error > worst) worst = error
		hosts++
	} printf "%d %.4f %d\n", hosts, worst, high }' "$work/sent" "$work/listed" >"$work/verdict"
read -r hosts worst high <"$work/verdict"
check 'a flood: each source of one percent is listed, at most one percent too low' \
	awk -v worst="$worst" -v hosts="$hosts" 'BEGIN { exit !(hosts == 20 && worst <= 1) }' || diagnose "$(<"$work/ours.err")"
check_equal 'a flood: no figure is too high' 0 "$high"
check 'a flood: it says how many sources were forgotten' grep -q 'were forgotten, with' "$work/ours.err"
check_equal 'a flood: the tables in the kernel are as large as before' "$tables_before" "$tables_after"
echo "# $frames frames, $random random sources twice: the worst of $hosts busy ones is $worst % too low;" \
	"resident KiB (keeper, writer) $before, then $between, then $after; tables in the kernel $tables_after KiB"
# The writer's own copy of the tables, and the tables themselves, are the most that can be touched.
check 'a flood: the processes have touched no more than the tables and a copy of them' \
	awk -v before="$before" -v after="$after" -v tables="$tables_after" 'BEGIN {
		split(before, b); split(after, a); exit !(a[1] - b[1] + a[2] - b[2] <= 2 * tables + 1024) }'
check 'a flood: the second one takes no more memory than the first' \
	awk -v before="$between" -v after="$after" 'BEGIN {
		split(before, b); split(after, a); exit !(a[1] + a[2] <= b[1] + b[2] + 1024) }'
echo done

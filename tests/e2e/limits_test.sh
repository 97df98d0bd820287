#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --sample, --per-host, --max-rate: the file has what they promise, the rest is accounted for, and
# the counters are those of all packets. What is expected comes from tcpdump beside it.
. "$(dirname "$0")/lib.sh"
make_network && add_ipv6 || exit 1
filter='udp or ether proto 0x88b5'
file=$work/ours.pcap

# run_limited TRAFFIC OPTION...: the traffic beside tcpdump, whose file is $work/all.pcap.
run_limited() {
	local script=$1; shift
	rm -f "$file"
	# So short that it has room for all of a burst.
	start_tcpdump all -s 128 -i eth0 $(! is_xdp || echo -Q in) "$filter"
	start_capture ours -i eth0 $(! is_xdp || echo -Q in) -w "$file" "$@" "$filter" || return
	traffic <<<"$script" || diagnose 'the traffic failed'
	finish_tcpdump all
	finish ours TERM
}
read_terms() {
	seen=$(term seen "$work/ours.err") filtered=$(term 'filtered out' "$work/ours.err")
	sampled=$(term 'sampled out' "$work/ours.err") over=$(term 'over limit' "$work/ours.err")
	matched=$(term matched "$work/ours.err") written=$(term written "$work/ours.err")
	lost=$(($(term 'lost: ring full' "$work/ours.err") + $(term 'lost: not copied' "$work/ours.err") + $(term 'lost: write error' "$work/ours.err")))
	discarded=$(term 'discarded at stop' "$work/ours.err")
}
# check_identity SENTENCE: of the capture that has ended.
check_identity() {
	read_terms
	check_equal "$1: what was seen was filtered out, sampled out, over the limit, or matched" \
		"$seen" $((filtered + sampled + over + matched)) || diagnose "$(<"$work/ours.err")"
	check_equal "$1: what matched was written, lost, or discarded at the stop" \
		"$matched" $((written + lost + discarded)) || diagnose "$(<"$work/ours.err")"
	check_equal "$1: what was written is in the file" "$written" "$("$tools/captures" count "$file")"
}
count_in() { tcpdump -Z root -nn -r "$1" "$2" 2>/dev/null | wc -l; }
# The packets under a name in the table of protocols, seen and matched.
protocol() { awk -v name="$1" '$1 == name { print $2, $4; exit }' "$work/ours.err"; }
all_counted() {	# SENTENCE: the counters beside tcpdump's file
	check_equal "$1: the counters are those of all packets" \
		"$(count_in "$work/all.pcap" udp) $(count_in "$work/all.pcap" udp)" "$(protocol UDP)"
}

# One host floods, the others say something now and then.
flood=$([ -z "${IN_VM:-}" ] && echo 20000 || echo 4000)
mix="
udp $host_b $server 7 10 100
udp $host_a $server 7 $flood 20-30
udp $host_b $server 7 20 100
udp $host_a6 $server6 7 $((flood / 2)) 20-30
udp $host_b6 $server6 7 30 50
udp-down $host_b $server 7 15 60
udp-down $host_c $server 7 80 60
udp-down $host_b6 $server6 7 90 60
udp $host_c $server 7 12 60
"

# What may be written of a host: no more than the limit, and that.
check_host() {	# SENTENCE LIMIT HOST
	local direction expression found=0 wanted=0
	for expression in "src host $3" "dst host $3"; do
		wanted=$((wanted + $(count_in "$work/all.pcap" "$expression")))
		found=$((found + $(count_in "$file" "$expression")))
	done
	[ $wanted -le "$2" ] || wanted=$2
	check_equal "$1: $3 has what it may have in the file, $wanted packets" $wanted $found
}
per_host() {	# SENTENCE
	local host
	run_limited "$mix" --per-host 100 || { check "$1: it starts" false; return; }
	check_identity "$1"
	all_counted "$1"
	check "$1: much is over the limit" [ "$over" -gt $((flood - 100)) ]
	for host in $host_a $host_b $host_c $host_a6 $host_b6; do check_host "$1" 100 $host; done
}
per_host '--per-host'
quiet=$(count_in "$file" "host $host_b")
check_equal '--per-host: a quiet host is there as a whole, beside the flood, both ways' 45 "$quiet"
check_equal '--per-host: what is not IP has no limit' "$(count_in "$work/all.pcap" 'not ip and not ip6')" \
	"$(count_in "$file" 'not ip and not ip6')"
for hook in native generic; do
	hook_options=(--hook xdp --xdp-mode $hook)
	per_host "--per-host, $hook XDP"
done
hook=tc hook_options=()

# The probability that a right sample is outside of five standard deviations is one in a million.
run_limited "$mix" --sample 1/10
check_identity '--sample 1/10'
all_counted '--sample 1/10'
check_equal '--sample 1/10: nothing is over a limit' 0 "$over"
check '--sample 1/10: a tenth is written, give or take what chance may do' \
	awk -v all=$((sampled + matched)) -v found="$matched" 'BEGIN {
		mean = all / 10; spread = 5 * sqrt(all * 0.09); exit !(found > mean - spread && found < mean + spread) }'
echo "# --sample 1/10: $matched of $((sampled + matched))"

# expected_rate FILE RATE: of the packets with these times, how many the algorithm lets through.
expected_rate() {
	tcpdump -Z root -nn -tt -r "$1" "$filter" 2>/dev/null | awk -v rate="$2" '
		NR == 1 { start = $1 }
		{ now = $1 - start; if (next_at > now + 0.01) { next }
		  if (next_at < now) next_at = now
		  next_at += 1 / rate; passed++ } END { print passed }'
}
# The most packets of a file that are within a second of each other.
most_in_a_second() {
	tcpdump -Z root -nn -tt -r "$1" 2>/dev/null | awk '{ time[NR] = $1; while (time[NR] - time[first + 1] > 1) first++
		if (NR - first > most) most = NR - first } END { print most + 0 }'
}
max_rate() {	# SENTENCE
	run_limited "udp $host_a $server 7 6000 40 2000
		pause 300
		udp $host_b $server 7 4000 40" --max-rate 300/s || { check "$1: it starts" false; return; }
	check_identity "$1"
	all_counted "$1"
	local wanted most
	wanted=$(expected_rate "$work/all.pcap" 300) most=$(most_in_a_second "$file")
	check "$1: as many are written as an even rate lets through" \
		awk -v wanted="$wanted" -v found="$written" 'BEGIN { exit !(found > 0.9 * wanted - 5 && found < 1.1 * wanted + 5) }'
	# Two packets may be a little nearer in the file than the limit saw them.
	check "$1: in no second there are more" [ "$most" -le 306 ]
	check "$1: the rest is over the limit" [ "$over" -gt 3000 ]
	echo "# $1: $written written, $wanted expected, at most $most in a second, $over over the limit"
}
max_rate '--max-rate 300/s'
hook=native hook_options=(--hook xdp --xdp-mode native)
max_rate '--max-rate 300/s, native XDP'
hook=tc hook_options=()

# All at once, and the tables of the busiest, which are of all packets.
run_limited "$mix" --sample 1/2 --per-host 60 --max-rate 100k/s --top 5
check_identity 'all three'
all_counted 'all three'
check 'all three: some are sampled out, some over the limit' test "$sampled" -gt 0 -a "$over" -gt 0
check 'all three: no host has more than it may' [ "$(count_in "$file" "host $host_a")" -le 60 ]
check_equal 'all three: --top counts what was not written, too' "$(count_in "$work/all.pcap" "src host $host_a")" \
	"$(awk -v host=$host_a '/^busiest sources/ { inside = 1 } inside && $1 == host { print $2; exit }' "$work/ours.err")"

# A number of packets that ends it is of those written.
rm -f "$file"
start_capture ours -i eth0 -w "$file" -c 150 --per-host 50 --sample 1/2 udp
traffic <<<"$mix" || diagnose 'the traffic failed'
finish ours
check_equal '-c: it ends by itself' 0 "$status"
check_identity '-c'
check_equal '-c: so many are written as were asked for, whatever the limits leave out' 150 "$written"
check '-c: no host has more than it may' [ "$(count_in "$file" "host $host_a")" -le 50 ]

start nofile "$pktsieve" -i eth0 --per-host 5 udp
finish nofile
check 'a limit for what is written is an error where nothing is' [ "$status" = 1 ]
echo done

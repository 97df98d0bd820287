#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --when and --for: packets are written while a rate is reached, and for a time after; before
# and behind that they are counted only, in the kernel.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
file=$work/ours.pcap

said() { contains "$work/ours.err" "$1"; }
in_file() { "$tools/captures" count "$file"; }
own_term() { term "$1" "$work/ours.err"; }
# Ethernet, IPv4, TCP (RFC 9293, section 3.1) with SYN: nobody answers, the checksums are wrong.
syn=020000000064020000000001080045000028000100004006''00000a0900010a090064303900500000000000000000''5002ffff00000000
syns() { traffic <<<"frame eth0 $1 $syn"; }
# What is there when a file ends is in the accounting, and the other way round.
check_end() {
	check_equal "$1: the exit status is 0" 0 "$status"
	check "$1: every frame is accounted for" eval 'said "accounting (frames):" && ! said "not accounted for"'
	check_equal "$1: what matched was written, or not wanted" "$(own_term matched)" \
		$(($(own_term written) + $(own_term 'while not wanted') + $(own_term 'lost: ring full')))
	check_equal "$1: what was written is in the file" "$(own_term written)" "$(in_file)" ||
		diagnose "$(<"$work/ours.err")"
}
# Packets come, and at some time this is said.
until_said() {
	local end=$((SECONDS + patience_s))
	until said "$2"; do
		[ $SECONDS -lt $end ] || return 1
		syns "$1"
		read -rt 0.05 <>"$work/.never" || :
	done
}

# Wrong conditions, before anything is attached or made.
for wrong in "tcp.sny > 5|unknown name 'tcp.sny'; did you mean 'tcp.syn'?" "nosuch > 5| pps bps ethernet arp" \
	"pps > 5 and|the condition ends where it should go on" "pps > many|unexpected 'many'"; do
	rm -f "$file"
	start ours "$pktsieve" -i eth0 -w "$file" --when "${wrong%|*}"
	finish ours
	check_equal "'${wrong%|*}' ends with status 1" 1 "$status"
	check "'${wrong%|*}': what is wrong is said" said "${wrong#*|}" || diagnose "$(<"$work/ours.err")"
	check "'${wrong%|*}': its place is marked" grep -q '^ *^\^*$' "$work/ours.err"
	check "'${wrong%|*}': no file is made" [ ! -e "$file" ]
done

# The flood fires; what came before it and what comes behind it is only counted.
rm -f "$file"
start_capture ours -i eth0 -w "$file" --when 'tcp.syn > 500/s or pps > 1M' --for 4s
check 'the file is there before the condition holds' [ -s "$file" ]
syns 300
traffic <<<"udp $host_a $server 7 2000 64"
read -rt 1.5 <>"$work/.never" || :
check 'what is below the limit does not begin anything' eval '! said "are written"'
kill -USR1 "$ours_pid"
wait_until said 'packets captured'
check 'nothing is written before' said 'pktsieve: 0 packets captured, 2300 packets received by filter'
check 'a flood begins the writing' until_said 2000 'holds (tcp.syn '
check 'the notice has the rate that made it' grep -qE \
	"^pktsieve: 'tcp.syn > 500/s or pps > 1M' holds \(tcp.syn [0-9.]+[kM]?/s\): packets are written$" "$work/ours.err"
syns 1000
traffic <<<"udp $host_a $server 7 50 64"
check 'it ends behind the flood' wait_until said ': writing ends behind '
check 'the end has the rates of that moment' grep -qE \
	"^pktsieve: 4 s without 'tcp.syn > 500/s or pps > 1M' \(tcp.syn [0-9]+/s, pps [0-9]+/s\): writing ends behind [0-9]+ packets$" "$work/ours.err"
traffic <<<"udp $host_a $server 9 500 64"
finish ours TERM
check_end 'a flood'
check 'of the flood packets are written' [ "$(own_term written)" -ge 1050 ]
check 'what came before and behind is counted only' [ "$(own_term 'while not wanted')" -ge 2800 ]
check_equal 'nothing from behind the end is in the file' 0 \
	"$(tcpdump -Z root -nr "$file" udp port 9 2>/dev/null | wc -l)"
check_equal 'all that came while it held is in the file' 50 \
	"$(tcpdump -Z root -nr "$file" udp port 7 2>/dev/null | wc -l)"

# Of what passed the filter, or of everything.
rm -f "$file"
start_capture ours -i eth0 -w "$file" --when 'tcp > 10 or seen.udp > 500' --for 30s udp port 7
until_said 1000 nothing & children+=($!)
read -rt 1.5 <>"$work/.never" || :
check 'what the filter leaves out does not count' eval '! said "are written"'
forget $!; kill $!; wait $! 2>/dev/null
start_stream 2000
check "but with 'seen.' it does" wait_until said 'holds (seen.udp '
stop_stream
finish ours TERM
check_end 'seen'

# Bits are eight times the bytes, on the wire.
rm -f "$file"
start_capture ours -i eth0 -w "$file" --when 'udp.bits > 100k and (udp.bytes > 10k/s or arp < 0)'
start_stream 1000
check 'bits and bytes are rates, too' wait_until said 'holds (udp.bits '
stop_stream
finish ours TERM
check_end 'bits and bytes'
rates=$(sed -n 's/.* holds (udp.bits \(.*\)\/s, udp.bytes \(.*\)\/s): .*/\1 \2/p' "$work/ours.err")
check 'bits are eight times the bytes' awk '
	function number(text) { return text * (text ~ /M/ ? 1e6 : text ~ /k/ ? 1e3 : 1) }
	{ found = number($1) > 7.8 * number($2) && number($1) < 8.2 * number($2) }
	END { exit !found }' <<<"$rates" || diagnose "$(<"$work/ours.err")"

# It begins more than once; SIGUSR2 is as good as the condition.
rm -f "$file"
start_capture ours -i eth0 -w "$file" --when 'tcp.syn > 500/s' --for 100ms -U
has_ended() { [ "$(grep -c ': writing ends behind' "$work/ours.err")" = "$1" ]; }
check 'a flood begins the writing a first time' until_said 1000 'holds (tcp.syn '
check 'it ends a first time' wait_until has_ended 1
written=$(in_file)
kill -USR2 "$ours_pid"
check 'SIGUSR2 begins it, too' wait_until said 'pktsieve: SIGUSR2: packets are written'
check 'what SIGUSR2 began ends after the same time' wait_until has_ended 2
begun_again() { syns 1000; [ "$(grep -c 'holds (tcp.syn ' "$work/ours.err")" = 2 ]; }
check 'a flood begins it again' wait_until begun_again
syns 10
wait_until has_ended 3
finish ours TERM
check_end 'twice'
check 'the second flood is behind the first in the same file' [ "$(in_file)" -gt "$written" ]

# What came before is there, too, and first (more of that in recorder_test.sh).
rm -f "$file"
start_capture ours -i eth0 -w "$file" --when 'tcp.syn > 500/s' --before 60s
traffic <<<"udp $host_a $server 7 200 64"
check 'with --before a flood begins the writing' until_said 2000 'packets are written, first '
finish ours TERM
check_end '--before'
check_equal '--before: what came first is first' 200 \
	"$(tcpdump -Z root -c 200 -nr "$file" 2>/dev/null | grep -c UDP)"
check_equal '--before: the file is in the order of time' 0 "$("$tools/captures" order "$file")"

# -c counts what is written.
rm -f "$file"
start_capture ours -i eth0 -w "$file" --when 'tcp.syn > 500/s' -c 100
until_said 2000 'holds (tcp.syn '
syns 1000
finish ours
check_equal '-c ends the capture' 0 "$status"
check_equal '-c counts what is written' 100 "$(in_file)"
echo done

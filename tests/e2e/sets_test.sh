#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Host sets from files: what is in them matches; when a file changes, the filter follows it under
# traffic, and no packet is lost or judged by half of each; a bad file changes nothing.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
add_ipv6 || exit 1

set_file=$work/set.txt
# Notices of a certain kind that pktsieve has given so far.
count_notices() { grep -c -- "$1" "$work/ours.err"; }
has_notices() { [ "$(count_notices "$1")" -ge "$2" ]; }
again='read again'
# replace LINE...: another file takes the place of the set, in one step.
replace() {
	printf '%s\n' "$@" >"$set_file.new"
	mv "$set_file.new" "$set_file"
}
# change WORD LINE...: replaces the file and waits for the N+1st notice that has the word.
change() {
	local word=$1 before; shift
	before=$(count_notices "$word")
	replace "$@"
	wait_until has_notices "$word" $((before + 1))
}
send() { traffic <<<"udp $1 $server 9 $2 60"; }
send6() { traffic <<<"udp $1 $server6 9 $2 60"; }
# Ends the capture "ours"; what it wrote is in $written, what it has seen in $seen.
finish_ours() {
	local terms filtered matched lost
	finish ours TERM
	seen=$(term seen "$work/ours.err") filtered=$(term 'filtered out' "$work/ours.err")
	matched=$(term matched "$work/ours.err") written=$(term written "$work/ours.err")
	lost=$(($(term 'lost: ring full' "$work/ours.err") + $(term 'lost: not copied' "$work/ours.err") +
		$(term 'lost: write error' "$work/ours.err") + $(term 'discarded at stop' "$work/ours.err")))
	check_equal "$1: what was seen matched, or did not" "$seen" $((filtered + matched))
	check_equal "$1: what matched was written" "$matched" $((written + lost))
	check_equal "$1: what was written is in the file" "$written" \
		"$("$tools/captures" count "$work/ours.pcap")"
	check_equal "$1: it ends well" 0 "$status"
}
capture() { rm -f "$work/ours.pcap"; start_capture ours -v -i eth0 -Q in -w "$work/ours.pcap" "$@"; }

# What is in the file, from the start.
replace "# addresses" "$host_a" "$host_a6" "fd09::7" "10.9.0.200 # nobody"
capture src host in "$set_file"
check 'the set is described' contains "$work/ours.err" "set $set_file: 4 addresses, 0 prefixes, "
send "$host_a" 10
send "$host_b" 10
send6 "$host_a6" 10
send6 "$host_b6" 10
finish_ours 'a set of addresses'
check_equal 'a set of addresses: those in it are captured, no others' 20 "$written"

replace 10.9.0.0/31 fd09::/127
capture udp and net in "'$set_file'"
send "$host_a" 10
send "$host_b" 10
send6 "$host_a6" 10
send6 "$host_b6" 10
finish_ours 'a set of prefixes'
check_equal 'a set of prefixes: those in it are captured, no others' 20 "$written"

# In and out again, by another file and by the same one. Those of no set of their time are odd.
replace "$host_a"
capture src host in "$set_file"
send "$host_a" 10
check 'a file that is replaced is read again' change "$again" "$host_b"
send "$host_a" 101
send "$host_b" 20
before=$(count_notices "$again")
printf '%s\n%s\n' "$host_b" "$host_c" >"$set_file"
check 'a file that is written to is read again' wait_until has_notices "$again" $((before + 1))
send "$host_a" 101
send "$host_c" 40
# A bad file, which is said once, and then a good one.
check 'a bad file is reported with its line' change "$set_file:2: neither an address" "$host_a" nonsense
send "$host_a" 101
send "$host_b" 80
mv "$set_file" "$set_file.away"
check 'a file that is gone is reported' wait_until has_notices 'not there any more' 1
send "$host_c" 160
check 'a file that is back is read again' change "$again" "$host_a"
send "$host_a" 320
send "$host_b" 101
check_equal 'a bad file is reported once' 1 "$(count_notices 'neither an address')"
check_equal 'a missing file is reported once' 1 "$(count_notices 'not there any more')"
finish_ours 'a set that changes'
check_equal 'a set that changes: each packet is judged by the set of its time' 630 "$written"

# Both directions change; XDP sees only what comes in.
if ! is_xdp; then
	replace "$host_a"
	rm -f "$work/ours.pcap"
	start_capture ours -v -i eth0 -w "$work/ours.pcap" host in "$set_file"
	change "$again" "$host_b"
	send "$host_a" 10
	send "$host_b" 20
	traffic <<<"udp-down $host_a $server 9 40 60"
	traffic <<<"udp-down $host_b $server 9 80 60"
	finish_ours 'both directions'
	check_equal 'a set that changes holds for what comes in and what goes out' 100 "$written"
fi

# What belongs to a set that is no longer in force is let go.
replace "$host_a" 10.9.0.200/31
count_descriptors() { ls "/proc/$ours_pid/fd" | wc -l; }
capture net in "$set_file"
before=$(count_descriptors)
for round in 1 2 3; do
	change "$again" "$host_a" "10.9.0.$((round * 2))/31" || check 'a set is read again and again' false
done
check_equal 'after reloads there are as many descriptors as before' "$before" "$(count_descriptors)"
finish_ours 'a set that is read again and again'

# Reloads while packets come: one sender is in every set, the other in none.
start_counter other eth0 || exit 1
replace "$host_a"
capture src host in "$set_file" or src net in "$set_file"
read_counter other
before=$frames_in
packets=$([ -z "${IN_VM:-}" ] && echo 6000 || echo 2000)
traffic <<<"udp $host_a $server 9 $packets 60 600" & children+=($!); sender_a=$!
traffic <<<"udp $host_b $server 10 $packets 60 600" & children+=($!); sender_b=$!
reloads=0
while ! ended $sender_a; do
	change "$again" "$host_a" "10.9.0.$((reloads + 10))" 192.0.2.0/32 && reloads=$((reloads + 1))
done
wait $sender_a; forget $sender_a
wait_until ended $sender_b
wait $sender_b; forget $sender_b
read_counter other
check "the set was read again while packets came" [ $reloads -ge 1 ] || diagnose "$reloads times"
finish_ours 'reloads under traffic'
check_equal 'reloads under traffic: all packets of the one sender are captured, none of the other' \
	"$packets" "$written"
check_equal 'reloads under traffic: every packet was seen' $((frames_in - before)) "$seen"
stop_counter other

# A large set: no speed is asserted.
scale=$([ -z "${IN_VM:-}" ] && echo 1 || echo 50)
awk -v scale=$scale 'function octet() { return int(rand() * 256) }
	BEGIN {
		srand(1)
		for (i = 0; i < 1000000 / scale; i++) print 11 + int(rand() * 200) "." octet() "." octet() "." octet()
		for (i = 0; i < 100000 / scale; i++) print 11 + int(rand() * 200) "." octet() "." octet() ".0/" 24 + int(rand() * 7)
		for (i = 0; i < 100000 / scale; i++) printf "2001:db8:%x:%x::%x\n", octet(), octet() * 256, octet()
	}' >"$set_file"
echo "$host_a" >>"$set_file"
started=$EPOCHREALTIME
capture net in "$set_file"
attached=$EPOCHREALTIME
diagnose "$(wc -l <"$set_file") entries, from start to attached in $(((${attached/./} - ${started/./}) / 1000)) ms:" \
	"$(grep "set $set_file" "$work/ours.err")"
send "$host_a" 50
send "$host_b" 20
echo "$host_b" >>"$set_file"
check 'a large set is read again' wait_until has_notices "$again" 1
diagnose "$(grep "$again" "$work/ours.err")"
send "$host_b" 30
finish_ours 'a large set'
check_equal 'a large set: those in it are captured, no others' 80 "$written"

# Without -v only what is wrong is said.
replace "$host_a"
rm -f "$work/ours.pcap"
start_capture ours -i eth0 -U -w "$work/ours.pcap" src host in "$set_file"
change 'neither an address' bad
replace "$host_b"
b_is_captured() { send "$host_b" 1; contains_packets "$work/ours.pcap"; }
check 'a good file after a bad one is read' wait_until b_is_captured
finish ours TERM
check_equal 'without -v a set that was read again is no news' 0 "$(count_notices "$again")"
replace "$host_a" '' 10.9.0.0/24
start ours "$pktsieve" "${hook_options[@]}" -i eth0 host in "$set_file"
finish ours
check_equal 'a bad file at the start is an error' 1 "$status"
check 'a bad file at the start is named with its line' contains "$work/ours.err" \
	"$set_file:3: a prefix, for which there is 'net in': '10.9.0.0/24'"
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Interfaces that are removed and come back while they are captured, alone, beside others and
# under any; down and up; many at once. What they carried meanwhile is in the file, once.
. "$(dirname "$0")/lib.sh"
make_network 2 || exit 1

says() { check "$1" wait_until grep -qxF "pktsieve: $2" "$work/ours.err" || diagnose "$(<"$work/ours.err")"; }
count_lines() { grep -cxF "pktsieve: $1" "$work/ours.err"; }
has_said() { [ "$(count_lines "$2")" -ge "$1" ]; }
in_file() { "$tools/captures" count "$work/ours.pcap"; }
adds_up() { contains "$work/ours.err" 'accounting (frames):' && ! contains "$work/ours.err" 'not accounted for'; }
check_end() {	# SENTENCE
	finish ours TERM
	check_equal "$1: the exit status is 0" 0 "$status"
	check "$1: every frame is accounted for" adds_up || diagnose "$(<"$work/ours.err")"
	check_equal "$1: what was written is in the file" "$(term written "$work/ours.err")" "$(in_file)"
}

# As make_network() makes it.
remove_eth0() { ip -n $server_ns link delete eth0; }
make_eth0() {
	ip link add eth0 address 02:00:00:00:00:64 netns $server_ns type veth \
		peer name eth0 address 02:00:00:00:00:01 netns $client_ns || return
	set_up $server_ns $server $host_a 02:00:00:00:00:01
	set_up $client_ns $host_a $server 02:00:00:00:00:64
}
set_up() {	# NAMESPACE ADDRESS NEIGHBOUR MAC
	ip -n "$1" -batch - <<-END
	link set eth0 addrgenmode none
	link set eth0 up
	address add $2/24 dev eth0
	neigh replace $3 lladdr $4 dev eth0 nud permanent
	END
}
is_reachable() { traffic <<<"udp $host_a $server 9 1 10"; } 2>/dev/null
send() { wait_until is_reachable; traffic <<<"udp $host_a $server 7 $1 64-800"; }
goes='was removed; the capture goes on, and takes it when it is back'

# removed_and_back SENTENCE INTERFACES...
removed_and_back() {
	local sentence=$1 round; shift
	start_capture ours "$@" -v -w "$work/ours.pcap" 'udp port 7' || { check "$sentence: it starts" false; return; }
	send 50
	for round in 1 2; do
		remove_eth0
		check "$sentence: that it is gone is said" wait_until has_said $round "'eth0' ${gone:-$goes}" ||
			diagnose "$(<"$work/ours.err")"
		make_eth0
		check "$sentence: that it is back is said" wait_until grep -qE "'eth0' is (there|up again)" "$work/ours.err" ||
			diagnose "$(<"$work/ours.err")"
		check "$sentence: it is captured again" wait_until back $round || diagnose "$(<"$work/ours.err")"
		send 50
	done
	check_end "$sentence"
	check_equal "$sentence: packets from before, between and behind are there" 150 "$(in_file)"
	rm -f "$work/ours.pcap"
}
back() { [ "$(grep -cE "'eth0' is there(, and down)?: it is captured" "$work/ours.err")" -ge "$1" ]; }
removed_and_back 'an interface alone' -i eth0
removed_and_back 'an interface beside another' -i eth0 -i eth1
gone='was removed' removed_and_back 'an interface of any' -i any

# As fast as it goes: what is said of each may differ, the end does not.
for interface in eth0 any; do
	start_capture ours -i $interface -w "$work/ours.pcap" 'udp port 7'
	for ((round = 0; round < 15; round++)); do remove_eth0; make_eth0; done
	# One packet after the other, until one is in the file.
	captured() { wait_until is_reachable; traffic <<<"udp $host_a $server 7 1 64"; kill -USR2 "$ours_pid"; [ "$(in_file)" -gt 0 ]; }
	check "-i $interface, removed and made again 15 times: it is captured" wait_until captured ||
		diagnose "$(<"$work/ours.err")"
	send 50
	check_end "-i $interface, removed and made again 15 times"
	check "-i $interface, removed and made again 15 times: no packet is missing or twice" [ "$(in_file)" -ge 51 ]
	check_equal "-i $interface, removed and made again 15 times: nothing could not be done" 0 \
		"$(grep -c cannot "$work/ours.err")" || diagnose "$(<"$work/ours.err")"
	rm -f "$work/ours.pcap"
done

# Gone before they can be captured: nothing to say.
start_capture ours -i any -w "$work/ours.pcap" 'udp port 7'
for ((i = 0; i < 30; i++)); do
	printf 'link add short%d type veth peer name peer%d\nlink set short%d up\nlink set peer%d up\nlink delete short%d\n' $i $i $i $i $i
done | ip -n $server_ns -batch -
send 50
check_end 'any, with interfaces that are soon gone'
check_equal 'any, with interfaces that are soon gone: the others are captured' 50 "$(in_file)"
check_equal 'any, with interfaces that are soon gone: that is no error' 0 "$(grep -c cannot "$work/ours.err")" ||
	diagnose "$(<"$work/ours.err")"
rm -f "$work/ours.pcap"

# Down and up, under any.
start_capture ours -i any -w "$work/ours.pcap" 'udp port 7'
send 50
for ((round = 0; round < 3; round++)); do
	ip -n $server_ns link set eth0 down
	ip -n $server_ns link set eth0 up
	ip -n $server_ns neigh replace $host_a lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n $client_ns neigh replace $server lladdr 02:00:00:00:00:64 dev eth0 nud permanent
	send 50
done
check_end 'an interface of any, down and up'
check_equal 'an interface of any, down and up: no packet is missing' 200 "$(in_file)"

# Many: pairs of which both ends are here.
pairs=100
[ -z "${SHORT:-}" ] || pairs=25
namespace=pktsieve-${PKTSIEVE_TEST:-$$}-many
ip netns add "$namespace"
trap 'ip netns delete $namespace; clean_up' EXIT
{
	for ((i = 0; i < pairs; i++)); do echo "link add a$i type veth peer name b$i"; done
	for ((i = 0; i < pairs; i++)); do printf 'link set %s addrgenmode none\n' a$i b$i; done
	for ((i = 0; i < pairs; i++)); do printf 'link set %s up\n' a$i b$i; done
} | ip -n "$namespace" -batch -
frames() { for ((i = 0; i < pairs; i++)); do echo "frame a$i 2 ffffffffffff02000000000188b5*46"; done; }
send_many() { "$tools/traffic" "$namespace" "$namespace" < <(frames); }
start_capture ours -i any -v -B 4096 -w "$work/ours.pcap" 'ether proto 0x88b5' || exit 1
check "any of $((2 * pairs)) interfaces: all are captured" \
	[ "$(grep -oE '[0-9]+ interfaces?\)' "$work/ours.err" | awk '{ sum += $1 } END { print sum }')" = $((2 * pairs)) ] ||
	diagnose "$(<"$work/ours.err")"
send_many
ip -n "$namespace" link add late type veth peer name later
ip -n "$namespace" link set late up
ip -n "$namespace" link set later up
check "any of $((2 * pairs)) interfaces: one that comes is captured" \
	wait_until grep -q "'later\?' is there: it is captured" "$work/ours.err"
ip -n "$namespace" link delete a0
check "any of $((2 * pairs)) interfaces: one that goes is noticed" wait_until grep -qF "'b0' was removed" "$work/ours.err"
check_end "any of $((2 * pairs)) interfaces"
check_equal "any of $((2 * pairs)) interfaces: each has what it sent or received" $((2 * pairs)) \
	"$(tcpdump -Z root -nn -e -r "$work/ours.pcap" 2>"$work/read.err" | grep -oE '(Out|B|In) +ifindex [0-9]+' | sort | uniq -c | grep -c '^ *2 ')"
programs() { for ((i = 1; i < pairs; i++)); do "$tools/within" "$namespace" "$tools/counter" --programs a$i; done; }
check_equal "any of $((2 * pairs)) interfaces: nothing stays on them" '' "$(programs)"
echo done

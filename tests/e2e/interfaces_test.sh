#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which interfaces are captured: several, any, those that come later, those that are waited for,
# more than tcx is used for; devices without a link layer; those of another network namespace.
. "$(dirname "$0")/lib.sh"
make_network 3 || exit 1

# fields FILE FILTER FIELD...: of the packets that match a display filter.
fields() {
	local file=$1 filter=$2 field list=(); shift 2
	for field; do list+=(-e "$field"); done
	tshark -r "$work/$file" -Y "$filter" -T fields "${list[@]}" 2>/dev/null
}
count_on() { fields "$1" "sll.ifindex == $2 && ${3:-udp}" frame.number | wc -l; }
index_of() { ip -n $server_ns -o link show dev "$1" | cut -d: -f1; }
says() { check "$1" wait_until grep -qxF "pktsieve: $2" "$work/ours.err" || diagnose "$(<"$work/ours.err")"; }
adds_up() { contains "$work/ours.err" 'accounting (frames):' && ! contains "$work/ours.err" 'not accounted for'; }
# finish_well SENTENCE: with status 0, and every frame accounted for.
finish_well() {
	finish ours TERM
	check "$1: it ends with status 0, and every frame is accounted for" eval '[ $status = 0 ] && adds_up' ||
		diagnose "$(<"$work/ours.err")"
}
# Nothing of ours is on an interface of the server's.
nothing_stays() {
	local name
	for name in $(ip -n $server_ns -o link show | awk -F'[ :@]+' '{ print $2 }'); do
		[ -z "$("$tools/within" $server_ns "$tools/counter" --programs "$name")" ] || return
	done
}

# refused SENTENCE TEXT ARGUMENT...: status 1, the text on stderr, and no file.
refused() {
	local sentence=$1 text=$2; shift 2
	"$tools/within" "${namespace:-$server_ns}" "$pktsieve" "$@" -w "$work/none.pcap" 2>"$work/none.err" </dev/null
	check "$sentence" [ $? = 1 -a ! -e "$work/none.pcap" ] &&
		check "$sentence: it is said why" contains "$work/none.err" "$text" || diagnose "$(<"$work/none.err")"
}

### several

start_capture ours -i eth0 -i eth1 -w "$work/ours.pcap" udp || exit 1
check 'several interfaces are cooked' contains "$work/ours.err" \
	'listening on eth0, eth1, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 262144 bytes'
traffic <<-END
	udp $host_a $server 7 20 64-800
	udp 10.9.1.1 10.9.1.100 7 30 64-800
	udp 10.9.2.1 10.9.2.100 7 40 64-800
	udp-down $host_a $server 7 10 64-800
END
finish_well 'several interfaces'
check_equal 'of several interfaces each has its packets, by its number' '30 30 0' \
	"$(count_on ours.pcap "$(index_of eth0)") $(count_on ours.pcap "$(index_of eth1)") $(count_on ours.pcap "$(index_of eth2)")"
check_equal 'a cooked packet says what the interface, the sender and the direction are' \
	$'1\t0x0800\t02:00:00:00:00:01\t0\n1\t0x0800\t02:00:00:00:00:64\t4' \
	"$(fields ours.pcap 'sll.ifindex == '"$(index_of eth0)" sll.hatype sll.etype sll.src.eth sll.pkttype | sort -u)"

start_capture ours -i eth0 -y LINUX_SLL2 -c 3 -w "$work/ours.pcap" udp
traffic <<<"udp $host_a $server 7 5 64-800"
finish ours
check_equal 'one interface can be cooked, too' 3 "$(count_on ours.pcap "$(index_of eth0)")"
refused 'a link type that the interface has not is refused' "'eth0' has no link type RAW: '-y' takes EN10MB or LINUX_SLL2 there" -i eth0 -y RAW

### any

lo_traffic() { "$tools/within" $server_ns ping -q -c 4 -i 0.1 127.0.0.1 >"$work/ping.out"; }
ip -n $server_ns link set lo up
ip -n $server_ns link set eth2 down
start_capture ours -i any -v -w "$work/ours.pcap" udp or icmp || exit 1
lo_traffic
ip -n $server_ns link set eth2 up
says 'an interface that comes up belongs to any' "'eth2' is there: it is captured"
check 'what comes later gets clsact' wait_until eval \
	'[[ "$(tc -n $server_ns filter show dev eth2 ingress)" == *pktsieve_in* ]]'
ip link add eth3 netns $server_ns type veth peer name eth3 netns $client_ns
ip -n $client_ns link set eth3 up
ip -n $server_ns link set eth3 up
says 'so does one that is new' "'eth3' is there: it is captured"
eth3=$(index_of eth3)
for end in $server_ns:10.9.3.100:10.9.3.1 $client_ns:10.9.3.1:10.9.3.100; do
	IFS=: read -r ns near far <<<"$end"
	ip -n "$ns" address add "$near/24" dev eth3
done
ping_eth3() { "$tools/within" $client_ns ping -q -c 1 -W 1 10.9.3.100 >"$work/ping3.out"; }
wait_until ping_eth3
ip -n $server_ns neigh replace 10.9.2.1 lladdr 02:00:00:00:2:01 dev eth2 nud permanent
reaches_eth2() { traffic <<<"udp 10.9.2.1 10.9.2.100 9 1 10"; } 2>/dev/null
wait_until reaches_eth2
traffic <<-END
	udp $host_a $server 7 20 64-800
	udp 10.9.2.1 10.9.2.100 7 40 64-800
END
ip -n $server_ns link del eth3
says 'an interface of any that is removed is said with -v' "'eth3' was removed"
finish_well 'any'
check_equal 'loopback has each packet once under any, as it comes in' '8 0' \
	"$(count_on ours.pcap 1 'icmp && sll.pkttype == 0') $(count_on ours.pcap 1 'icmp && sll.pkttype == 4')"
check_equal 'interfaces that were there and those that came later have theirs' '20 40' \
	"$(count_on ours.pcap "$(index_of eth0)" 'udp.port == 7') $(count_on ours.pcap "$(index_of eth2)" 'udp.port == 7')"
check 'a new interface that is gone again has left its packets' [ "$(count_on ours.pcap "$eth3" icmp)" -ge 2 ]
check 'nothing is left on any interface' nothing_stays
refused 'XDP on any is refused' "'--hook xdp' goes on interfaces that are named" --hook xdp -i any

### more than tcx is used for

make_many() {
	local i
	for ((i = 0; i < 10; i++)); do
		echo "link add many$i netns $server_ns type veth peer name peer$i netns $server_ns"
	done | ip -batch -
	for ((i = 0; i < 10; i++)); do printf 'link set %s up\n' "many$i" "peer$i"; done | ip -n $server_ns -batch -
}
make_many
start_capture ours -i any -v -w "$work/ours.pcap" udp port 7 or icmp
has_tcx && has_tcx_here=1 || has_tcx_here=0
if [ $has_tcx_here = 1 ]; then
	check 'behind the first 16 interfaces clsact is used' contains "$work/ours.err" \
		'attached by tcx (16 interfaces), clsact (8 interfaces), ingress egress'
else
	check 'clsact is used on all of them' contains "$work/ours.err" 'attached by clsact (24 interfaces), ingress egress'
fi
traffic <<<"udp $host_a $server 7 20 64-800"
ip -n $server_ns address add 10.9.77.2/24 dev peer9
ip -n $server_ns neigh replace 10.9.77.1 lladdr 02:00:00:00:77:01 dev peer9 nud permanent
"$tools/within" $server_ns ping -q -c 2 -i 0.1 -W 0.1 10.9.77.1 >"$work/ping.out"
finish_well 'many interfaces'
check 'the last of many interfaces has its packets' [ "$(count_on ours.pcap "$(index_of many9)" 'icmp && sll.pkttype == 3')" = 2 ]
check 'nothing is left on many interfaces' nothing_stays
start_capture ours -i any udp port 7
kill -KILL "$(writer_of "$ours_pid")" "$ours_pid"
finish ours
"$tools/within" $server_ns "$pktsieve" --cleanup >"$work/cleanup.out" 2>&1
check_equal 'what a killed capture of many interfaces leaves is removed' $((has_tcx_here ? 8 : 24)) \
	"$(grep -c 'removed 2 filters of dead captures' "$work/cleanup.out")"
check 'nothing is left of it' nothing_stays
for ((i = 0; i < 10; i++)); do echo "link del many$i"; done | ip -n $server_ns -batch -

### waiting

refused 'an interface that is not there is an error' "there is no interface 'eth7'; there are: lo, eth0" -i eth7
rm -f "$work/ours.pcap"
start ours "$pktsieve" -i eth7 --wait -w "$work/ours.pcap" udp
says 'one that is not there yet is waited for' "waiting for 'eth7'"
check 'no file is made meanwhile' [ ! -e "$work/ours.pcap" ]
ip link add eth7 address 02:00:00:00:07:64 netns $server_ns type veth peer name eth7 address 02:00:00:00:07:01 netns $client_ns
wait_until contains "$work/ours.err" 'listening on eth7, link-type EN10MB (Ethernet)'
for end in $server_ns:10.9.7.100:10.9.7.1:01 $client_ns:10.9.7.1:10.9.7.100:64; do
	IFS=: read -r ns near far mac <<<"$end"
	ip -n "$ns" link set eth7 up
	ip -n "$ns" address add "$near/24" dev eth7
	ip -n "$ns" neigh replace "$far" lladdr "02:00:00:00:07:$mac" dev eth7 nud permanent
done
reaches_eth7() { traffic <<<"udp 10.9.7.1 10.9.7.100 9 1 10"; } 2>/dev/null
wait_until reaches_eth7
traffic <<<"udp 10.9.7.1 10.9.7.100 7 25 64-800"
finish_well 'one that was waited for'
check_equal 'one that was waited for is captured' 25 "$(fields ours.pcap 'udp.port == 7' frame.number | wc -l)"
start_capture ours -i eth0 -i eth8 --wait -w "$work/ours.pcap" udp
ip -n $server_ns link set eth7 down
ip -n $server_ns link set eth7 name eth8
says 'beside others one is waited for during the capture' "'eth8' is there, and down: it is captured"
finish_well 'one that is waited for beside others'
start ours "$pktsieve" -i eth9 --wait -w "$work/ours.pcap" udp
says 'one that never comes is waited for' "waiting for 'eth9'"
finish ours TERM
check_equal 'a signal ends the waiting' 143 "$status"
ip -n $server_ns link del eth8

### devices without a link layer

mkfifo "$work/tun.in"
exec {tun_in}<>"$work/tun.in"
"$tools/within" $server_ns python3 tests/e2e/tun.py tun0 10.9.20.100/24 <"$work/tun.in" >"$work/tun.out" 2>"$work/tun.err" &
children+=($!)
tun_pid=$!
wait_until contains "$work/tun.out" ready || diagnose "$(<"$work/tun.err")"
start_capture ours -i tun0 -w "$work/ours.pcap" icmp and not ether broadcast
check 'a tun device has the link type RAW' contains "$work/ours.err" 'listening on tun0, link-type RAW (Raw IP)'
start_tcpdump theirs -i tun0 icmp
echo 10.9.20.1 10.9.20.100 >&"$tun_in"
wait_until grep -q '^45' "$work/tun.out"
wait_until [ "$(stat -c %s "$work/theirs.pcap")" -ge 200 ]
finish theirs TERM
finish_well 'a tun device'
check_equal 'what comes in and goes out by a tun device is what tcpdump sees' \
	"$(tcpdump -Z root -ttnxr "$work/theirs.pcap" 2>/dev/null | sed 's/^[0-9.]* //')" \
	"$(tcpdump -Z root -ttnxr "$work/ours.pcap" 2>/dev/null | sed 's/^[0-9.]* //')"
check_equal 'that is a question and its answer' 2 "$(tcpdump -Z root -nr "$work/ours.pcap" icmp 2>/dev/null | wc -l)"
check_equal 'the file has the link type RAW' 'Raw IP' "$(capinfos -E "$work/ours.pcap" | sed -n 's/^File encapsulation: *//p')"
start_capture ours -i any -w "$work/ours.pcap" icmp
echo 10.9.20.1 10.9.20.100 >&"$tun_in"
both_are_there() { kill -USR2 "$ours_pid"; [ "$(tcpdump -Z root -nr "$work/ours.pcap" 2>/dev/null | wc -l)" = 2 ]; }
wait_until both_are_there
finish_well 'a tun device under any'
check_equal 'under any a device without a link layer has no addresses' $'65534\t0x0800\t0\t0\n65534\t0x0800\t0\t4' \
	"$(fields ours.pcap "sll.ifindex == $(index_of tun0)" sll.hatype sll.etype sll.halen sll.pkttype)"
refused 'XDP on a device without a link layer is refused' "needs an Ethernet interface, and 'tun0' is none" --hook xdp -i tun0
exec {tun_in}>&-
kill "$tun_pid"
wait "$tun_pid" 2>/dev/null
forget "$tun_pid"

### another network namespace

namespace=$client_ns
start_capture ours --netns $server_ns -i eth0 -w "$work/ours.pcap" udp
traffic <<<"udp $host_a $server 7 25 64-800"
finish_well 'a namespace by its name'
check_equal 'a network namespace can be named' 25 "$(fields ours.pcap 'udp && eth.dst == 02:00:00:00:00:64' frame.number | wc -l)"
start_capture ours --netns /run/netns/$server_ns -i eth0 -c 5 -w "$work/ours.pcap" udp
traffic <<<"udp $host_a $server 7 25 64-800"
finish ours
check_equal 'or given by its path' 5 "$(fields ours.pcap 'udp && eth.dst == 02:00:00:00:00:64' frame.number | wc -l)"
refused 'one that is not there is an error' "there is no network namespace 'not-there'" --netns not-there -i eth0
refused 'so is a file that is none' 'is not a network namespace' --netns "$work/ours.pcap" -i eth0
namespace=

### what a host sends to a group that it listens to

start_capture ours -i eth0 -w "$work/ours.pcap"
"$tools/within" $server_ns python3 - <<-'END'
	import socket, struct
	receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	receiver.bind(("", 9999))
	receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("239.1.2.3") + socket.inet_aton("10.9.0.100"))
	sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.9.0.100"))
	sender.sendto(b"once", ("239.1.2.3", 9999))
	receiver.settimeout(10)
	receiver.recv(10)
END
check_equal 'the host itself has heard it' 0 $?
finish_well 'a group of its own'
check_equal 'such a packet is captured once, as it was sent' $'02:00:00:00:00:64\t239.1.2.3' \
	"$(fields ours.pcap 'udp' eth.src ip.dst)"
check_equal 'its copy for the host itself is not' '' \
	"$(fields ours.pcap '!(eth.src == 02:00:00:00:00:64)' frame.protocols)"

### cut behind the headers

start_capture ours -i eth0 --snap headers+6 -w "$work/ours.pcap" tcp or udp
traffic <<-END
	talk $host_a $server 25
	udp $host_a $server 7 5 64-800
END
finish_well 'cut behind the headers'
check_equal 'each packet is cut 6 bytes behind its last header' '' \
	"$(fields ours.pcap 'tcp || udp' frame.cap_len frame.len tcp.hdr_len |
		awk '{ end = 34 + ($3 ? $3 : 8) + 6; if ($1 != (end < $2 ? end : $2)) print }')"
check 'packets of both kinds were cut' [ "$(fields ours.pcap 'frame.cap_len < frame.len && tcp' frame.number | wc -l)" -gt 0 -a \
	"$(fields ours.pcap 'frame.cap_len < frame.len && udp' frame.number | wc -l)" = 5 ]
for form in 'EN10MB 14' 'LINUX_SLL2 20'; do
	read -r link_type header_bytes <<<"$form"
	start_capture ours -i eth0 -y "$link_type" --snap headers+2 -w "$work/ours.pcap"
	traffic <<<"frame eth0 5 $(tagged_frame 81000007 40)
frame eth0 5 $(tagged_frame 88a8006481000007 40)"
	finish_well "tagged and cut, as $link_type"
	check_equal "with a tag that is beside the bytes, too, as $link_type" \
		"5 $((header_bytes + 4 + 28 + 2))
5 $((header_bytes + 8 + 28 + 2))" \
		"$(fields ours.pcap 'vlan.id == 7' frame.cap_len | sort -n | uniq -c | awk '{ print $1, $2 }')"
done
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make demo: a busy server in network namespaces of its own; pktsieve keeps the packets of one
# of its clients, and pktview says what is in the file; then it is attacked, and pktsieve counts who
# sends most. Nothing stays behind but the file.
cd "$(dirname "$0")/../.." || exit 1
if [ "$EUID" != 0 ]; then
	echo "make demo makes network namespaces and loads a program into the kernel: run it as root." >&2
	exit 1
fi
. tests/e2e/lib.sh
file=build/demo.pcap
rm -f "$file"

heading() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
[ -t 1 ] || heading() { printf '\n== %s\n' "$1"; }
fail() { echo "demo: $1" >&2; exit 1; }
# begin ARGUMENT...: pktsieve beside the server; what it says is seen, and in $work/pktsieve.err.
begin() {
	local command=("$pktsieve" -i eth0 --stats lines --interval 1s "$@")
	echo "\$ ${command[*]}"
	: >"$work/pktsieve.err"
	"$tools/within" $server_ns "${command[@]}" </dev/null 2> >(tee "$work/pktsieve.err" >&2) &
	pktsieve_pid=$!
	children+=($pktsieve_pid)
	wait_until listening_or_ended "$work/pktsieve.err" $pktsieve_pid
	! ended $pktsieve_pid || fail 'pktsieve did not start'
}
# end [SIGNAL]: its accounting is there.
end() {
	finish pktsieve "$@"
	[ "$status" = 0 ] || fail "pktsieve ended with status $status"
	wait_until contains "$work/pktsieve.err" accounting
}
# tshark as an ordinary user would run it, without its warnings on root.
shark() { tshark -r "$file" "$@" 2>/dev/null; }

heading 'A server and three clients, in network namespaces that go away afterwards'
make_network && add_ipv6 || fail 'the network cannot be made'
echo "server $server and $server6; clients A $host_a and $host_a6, B $host_b, C $host_c"
echo 'All talk to the server at once: mail, datagrams, pings, bulk transfers.'

heading 'pktsieve keeps what is from or to A; the rest never leaves the kernel'
begin -w "$file" host $host_a or host $host_a6
traffic 4 <<-END || fail 'the traffic failed'
	talk $host_a $server 25
	udp $host_b $server 40000 300 40-400 2000
	udp $host_a $server 40000 30 40-400 1000
	ping $host_a $server 2
	ping $host_c $server 2
	talk $host_a6 $server6 25
	udp $host_c $server 123 200 48 2000
	udp-down $host_b $server 123 200 48 2000
	ping $host_a6 $server6 2
	bulk $host_b $server 8080 2000000
	bulk-down $host_c $server 8080 1000000
	bulk $host_a $server 8080 20000
	udp-down $host_a $server 40000 30 40-400 1000
	pause 100
	END
end TERM

heading "What capinfos says of $file"
capinfos -t -c -d -u -l "$file" || fail 'capinfos does not read the file'

heading 'The protocols in it (pktview hierarchy)'
build/pktview hierarchy "$file" | sed -n '/^ *[a-z].* frames:/p' || fail 'pktview does not read the file'

heading 'The first packets (pktview list)'
build/pktview list "$file" | head -n 8

heading "A's mail, as it was spoken (pktview follow)"
build/pktview follow "$file" tcp 0 | tr -d '\r'

heading 'Is any other host in the file? tshark says'
others=$(shark -Y "!(ip.addr == $host_a) && !(ipv6.addr == $host_a6)" | wc -l)
all=$(shark | wc -l)
[ "$all" -gt 0 ] || fail 'the file has no packet'
[ "$others" = 0 ] || fail "$others of $all packets are not from or to A"
echo "No: all $all packets are from or to A."

heading 'An attack: datagrams from 20,000 addresses. Who sends most?'
begin --top 3 --duration 4s
"$tools/many_sources" $client_ns eth0 20000 >"$work/flood" || fail 'the flood failed'
end
sent=$(awk '$1 == "all" { print $2 }' "$work/flood")
echo "That flood was $sent frames, of which 20 hosts sent one percent each: these are the ones that count."

echo "The file stays: $file (try 'build/pktview detail $file' or 'wireshark $file')"

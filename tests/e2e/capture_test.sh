#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The file that pktsieve writes holds what tcpdump captures of the same traffic.
. "$(dirname "$0")/lib.sh"
make_network || exit 1

mix="
talk $host_a $server 25
udp $host_a $server 53 200 1-1400
udp $host_b $server 123 200 1-1400
udp-down $host_a $server 53 100 1-1400
udp $host_a $server 5000 2 4000
ping $host_a $server 2
ping $host_b $server 2 3000
bulk $host_a $server 5001 200000
bulk-down $host_a $server 5001 200000
bulk $host_b $server 5001 200000
frame eth0 2 020000000064020000000001080600010800060400010200000000010a090001000000000000*18
"

mix6="
talk $host_a6 $server6 25
udp $host_a6 $server6 53 100 1-1400
udp-down $host_a6 $server6 53 100 1-1400
ping $host_a6 $server6 2
bulk $host_a6 $server6 5001 100000
"

# Reads cases, a line each:
# sentence | direction | options of pktsieve | options of tcpdump | comparison | filter
compare() {
	local sentence direction options tcpdump_options comparison filter
	while IFS='|' read -r sentence direction options tcpdump_options comparison filter; do
		! is_xdp || [ "$direction" = in ] || continue
		start_tcpdump all -i eth0 -Q "$direction" $tcpdump_options
		start_capture ours -i eth0 -w "$work/ours.pcap" $options "$filter" || { check "$sentence" false; continue; }
		traffic <<<"$mix" || diagnose 'the traffic failed'
		finish_tcpdump all
		finish ours TERM
		tcpdump -Z root -r "$work/all.pcap" -w "$work/theirs.pcap" "$filter" 2>/dev/null
		check "$sentence" "$tools/captures" "$comparison" "$work/ours.pcap" "$work/theirs.pcap" >"$work/said" ||
			diagnose "$(<"$work/ours.err")"
		grep -v '^[0-9]* streams' "$work/said"
		rm -f "$work/ours.pcap"
	done
}

# Before IPv6, with which the kernel sends reports of its own between the one's start and the
# other's.
compare <<END
without a filter the file holds every packet|in|-Q in||equal|
END
add_ipv6 || exit 1
mix+=$mix6
compare <<END
on ingress the file holds the packets of a host|in|-Q in||equal|host $host_a
on ingress the file holds the packets of an IPv6 host|in|-Q in||equal|host $host_a6
with -s 64 the file holds 64 bytes of each packet|in|-Q in -s 64|-s 64|equal|host $host_a
with -s 0 the file holds whole packets|in|-Q in -s 0||equal|host $host_a
the letters that scripts give to tcpdump work|in|-n -p -s0 -Q in||equal|host $host_a
a filter with ports and words says the same as in tcpdump|in|-Q in||equal|(udp src port 53 or tcp) and not host $host_b
with --nano the file holds the same packets|in|-Q in --nano||equal|udp
on egress the file holds the same datagrams|out|-Q out||equal|host $host_a and (udp or icmp)
on egress the file holds the same streams|out|-Q out||streams|host $host_a or host $host_a6
without -Q the file holds both directions|inout|||streams|host $host_a
with -Q inout the file holds both directions|inout|-Q inout||equal|udp
END

for precision in $(is_xdp || echo micro=d4c3b2a1 nano=4d3cb2a1); do
	start_capture magic -i eth0 --${precision%=*} -w "$work/magic.pcap" && finish magic TERM
	check_equal "with --${precision%=*} the file says that precision" "${precision#*=}" \
		"$(od -An -tx1 -N4 "$work/magic.pcap" | tr -d ' ')"
	rm -f "$work/magic.pcap"
done

# To a pipe, into tcpdump.
start_tcpdump all -i eth0 -Q in
"$tools/within" $server_ns "$pktsieve" "${hook_options[@]}" -i eth0 -Q in -w - "udp and host $host_a" \
	2>"$work/piped.err" </dev/null > >(exec tcpdump -Z root -r - -w "$work/piped.pcap" 2>/dev/null) &
piped_pid=$! children+=($!)
wait_until listening_or_ended "$work/piped.err" "$piped_pid"
traffic <<<"$mix"
finish_tcpdump all
finish piped TERM
tcpdump -Z root -r "$work/all.pcap" -w "$work/theirs.pcap" "udp and host $host_a" 2>/dev/null
same_through_pipe() { "$tools/captures" equal "$work/piped.pcap" "$work/theirs.pcap" >/dev/null; }
check 'with -w - the packets go to a pipe' wait_until same_through_pipe

# What loopback sends comes in again. It has no driver that could have native XDP.
if [ "$hook" != native ]; then
	ip -n $server_ns link set lo up
	start_capture loop -i lo -w "$work/loop.pcap" 'udp port 7'
	"$tools/traffic" $server_ns $server_ns <<<'udp 127.0.0.1 127.0.0.1 7 100 100'
	finish loop TERM
	check_equal 'on loopback the file holds each packet once' '0 100' \
		"$status $("$tools/captures" count "$work/loop.pcap")"
fi

# All that was seen before the signal is in the file, though the writer has not yet read it.
for signal in TERM $(is_xdp || echo INT HUP); do
	start_capture drained -i eth0 -w "$work/drained.pcap" 'udp port 7'
	writer=$(writer_of "$drained_pid")
	kill -STOP "$writer"
	traffic <<<"udp $host_a $server 7 8000 100"
	kill -$signal "$drained_pid"
	# The writer is to find the end and the packets together, with no look at the rings between.
	read -rt 1 <>"$work/.never" || :
	kill -CONT "$writer"
	finish drained
	check_equal "after $signal the file holds what was in the rings" '0 8000' \
		"$status $("$tools/captures" count "$work/drained.pcap")"
	check "after $signal tcpdump's three lines are printed" \
		contains "$work/drained.err" $'8000 packets captured\n8000 packets received by filter\n0 packets dropped by kernel'
	rm -f "$work/drained.pcap"
done

# What the writer has asked of the kernel tells whether packets went into the file one by one.
written_calls() { awk '$1 == "syscw:" { print $2 }' "/proc/$1/io"; }
in_the_file() { [ "$("$tools/captures" count "$1" 2>/dev/null)" = "$2" ]; }
for flush in '' -U; do
	start_capture flushed -i eth0 $flush -w "$work/flushed.pcap" 'udp port 7'
	traffic <<<"udp $host_a $server 7 100 100"
	wait_until in_the_file "$work/flushed.pcap" 100
	calls=$(written_calls "$(writer_of "$flushed_pid")")
	finish flushed TERM
	case $flush in
	-U) check 'with -U each packet is written by itself' [ "$calls" -ge 100 ] ;;
	*) check 'without -U packets are written together' [ "$calls" -lt 50 ] ;;
	esac || diagnose "$calls calls of write(2)"
	rm -f "$work/flushed.pcap"
done

# With a thread beside the writer, on every kernel.
start_capture packed -i eth0 -w "$work/packed.pcap.gz" 'udp port 7'
traffic <<<"udp $host_a $server 7 3000 1-1400"
finish packed TERM
gzip -dc "$work/packed.pcap.gz" >"$work/expanded.pcap"
check_equal 'a compressed file holds every packet' '0 3000' "$status $("$tools/captures" count "$work/expanded.pcap")"

count=30000
[ -z "${SHORT:-}" ] || count=3000
start_capture limited -i eth0 -c $count -w "$work/limited.pcap" 'udp port 7'
traffic <<<"udp $host_a $server 7 $((count + count / 3)) 60"
finish limited
check_equal "with -c $count it ends by itself, with exactly as many packets" "0 $count" \
	"$status $("$tools/captures" count "$work/limited.pcap")"

if ! is_xdp; then
	start_capture idle -i eth0 --duration 3s -w "$work/idle.pcap" 'udp port 7'
	finish idle
	check_equal 'with --duration 3s and no traffic it ends by itself, with an empty file' '0 0' \
		"$status $("$tools/captures" count "$work/idle.pcap")"
fi

# Programs without a heartbeat go quiet after 5 s, where they are filters of clsact.
start_capture long -i eth0 -w "$work/long.pcap" 'udp port 7'
read -rt 6.5 <>"$work/.never" || :
traffic <<<"udp $host_a $server 7 100 100"
finish long TERM
check_equal 'a capture goes on for longer than a heartbeat lasts' '0 100' \
	"$status $("$tools/captures" count "$work/long.pcap")"
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# kill -9 of the keeper, of the writer and of both, under traffic: nothing stays behind.
. "$(dirname "$0")/lib.sh"
captures=10	# at once, each on its interface; three kinds of death make 30
[ -z "${SHORT:-}" ] || captures=3
make_network $captures || exit 1
interfaces=() script=
for ((i = 0; i < captures; i++)); do
	interfaces+=("eth$i")
	script+="udp 10.9.$i.1 10.9.$i.100 7 5 64-800"$'\n'
	script+="udp-down 10.9.$i.1 10.9.$i.100 7 5 64-800"$'\n'
done
script+='pause 20'
{ is_xdp || has_tcx; } && links=1 || links=

# Programs of pktsieve on any interface.
attached() {
	if is_xdp; then
		ip -n $server_ns link show | grep prog/xdp
	elif [ -n "$links" ]; then
		"$tools/within" $server_ns "$tools/counter" --programs "${interfaces[@]}"
	else
		local interface
		for interface in "${interfaces[@]}"; do
			echo "filter show dev $interface ingress"
			echo "filter show dev $interface egress"
		done | tc -n $server_ns -batch - | grep -o 'pktsieve[^ ]*'
	fi
}
nothing_attached() { [ -z "$(attached)" ]; }
seen() { "$tools/counter" --seen; }
is_quiet() {
	local before
	before=$(seen)
	read -rt 0.3 <>"$work/.never" || :	# the traffic goes on meanwhile
	[ "$before" = "$(seen)" ]
}
all_ended() {
	local pid
	for pid; do ended "$pid" || return; done
}
# Packets are in each file, and nothing but whole packets. Only where the writer dies in the
# middle of a write, and the keeper with it, nobody is left to cut off what is not whole.
are_valid() {
	local i
	for ((i = 0; i < captures; i++)); do
		"$tools/captures" count "$work/$1$i.pcap" >"$work/count" || [ "$1" = both ] || {
			diagnose "capture $i: $(<"$work/count")"
			return 1
		}
		[ "$(tail -n 1 "$work/count")" -gt 0 ] || { diagnose "capture $i is empty"; return 1; }
	done
}
have_packets() {
	local i
	for ((i = 0; i < captures; i++)); do contains_packets "$work/$1$i.pcap" || return; done
}
is_stopped() {
	local state
	read -r _ _ state _ <"/proc/$1/stat"
	[ "$state" = T ]
}

"$tools/traffic" $server_ns $client_ns 3600 <<<"$script" &
traffic_pid=$!
children+=($traffic_pid)
for kind in keeper writer both; do
	pids=() victims=() i=0
	for interface in "${interfaces[@]}"; do
		# Every other one flushes packet by packet.
		flush=-U
		[ $((i % 2)) = 0 ] || flush=
		start_capture $kind$i -i "$interface" -B 1 $flush -w "$work/$kind$i.pcap" udp ||
			check "$kind: capture $i starts" false
		keeper=$kind${i}_pid keeper=${!keeper}
		writer=$(writer_of "$keeper")
		pids+=("$keeper" "$writer")
		case $kind in
		keeper) victims+=("$keeper") ;;
		writer) victims+=("$writer") ;;
		both) victims+=("$keeper" "$writer") ;;
		esac
		i=$((i + 1))
	done
	check "before the death of $kind packets arrive" wait_until have_packets $kind
	check "before the death of $kind programs are attached" [ -n "$(attached)" ]
	# The writer tells the keeper after a flush what is in the file; the last has just begun.
	read -rt 0.5 <>"$work/.never" || :
	kill -KILL "${victims[@]}"
	check "after the death of $kind no process stays" wait_until all_ended "${pids[@]}"
	check "after the death of $kind the file is valid" are_valid $kind
	case $kind in
	keeper) says='the keeper process has died' ;;
	writer) says='the writer process has died (Killed)' ;;
	esac
	[ $kind = both ] || check "after the death of $kind the other says so" contains "$work/${kind}0.err" "$says"
	if [ -n "$links" ] || [ $kind = writer ]; then
		check "after the death of $kind nothing is attached" nothing_attached ||
			diagnose "$(attached)"
	else
		# The limit is 6 s; an emulated machine gets more.
		check "after the death of $kind the filters go quiet" wait_until is_quiet
		check "after the death of $kind the traffic goes on" kill -0 $traffic_pid
		if [ $kind = keeper ]; then
			"$tools/within" $server_ns "$pktsieve" --cleanup >"$work/removed" 2>&1
			check 'pktsieve --cleanup says what it removed' contains "$work/removed" "eth$((captures - 1))"
			check 'pktsieve --cleanup removes what the dead left' nothing_attached || diagnose "$(attached)"
		else
			for interface in "${interfaces[@]}"; do
				start_capture again -i "$interface" -w /dev/null udp && finish again TERM
			done
			check 'the next start removes what the dead left' nothing_attached || diagnose "$(attached)"
		fi
	fi
done

# A write that death has cut short, made by hand: the writer has noted what it flushed before.
start_capture cut -i eth0 -U -w "$work/cut.pcap" udp
writer=$(writer_of "$cut_pid")
check 'before a death within a write packets arrive' wait_until contains_packets "$work/cut.pcap"
kill -STOP "$writer"
wait_until is_stopped "$writer"
printf 'half a packet' >>"$work/cut.pcap"
kill -KILL "$writer"
finish cut
is_whole() { "$tools/captures" count "$1" >"$work/count"; }
check 'what a write left that death cut short is cut off' is_whole "$work/cut.pcap" ||
	diagnose "$(<"$work/count")" "$(<"$work/cut.err")"
check_equal 'a capture whose writer died ends with 2' 2 "$status"

"$tools/within" $server_ns "$pktsieve" --cleanup >"$work/removed" 2>&1
check_equal 'pktsieve --cleanup is content with nothing to remove' 0 $?
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# When a capture has ended, every frame that the hook saw is accounted for.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
start_counter other eth0 || exit 1

flood="udp $host_a $server 53 8000 1400"

# run_case SENTENCE TRAFFIC "stop"|"" OPTIONS-AND-FILTER...: with "stop" the writer stands still
# during the traffic.
run_case() {
	local sentence=$1 script=$2 stop=$3 before counted; shift 3
	rm -f "$work/ours.pcap"
	start_capture ours -i eth0 "$@" || { check "$sentence: it starts" false; return; }
	read_counter other
	before=($frames_in $frames_out)
	[ -z "$stop" ] || kill -STOP "$(writer_of "$ours_pid")"
	traffic <<<"$script" || diagnose 'the traffic failed'
	read_counter other
	[ -z "$stop" ] || kill -CONT "$(writer_of "$ours_pid")"
	finish ours TERM
	counted=$((frames_in - before[0]))
	[[ " $* " == *' -Q in '* ]] || is_xdp || counted=$((counted + frames_out - before[1]))
	check_terms "$sentence"
	check_equal "$sentence: it has seen what another program at the hook counted" $counted $seen
	if [ -n "$stop" ]; then
		check "$sentence: packets were lost for want of room in the ring" [ $ring -gt 0 ]
		check "$sentence: the summary says how many" contains "$work/ours.err" "$((ring + copy)) packets dropped by kernel"
	else
		check "$sentence: there was something to see" [ $seen -gt 0 ]
	fi
}

# check_terms SENTENCE: reads the terms of the capture "ours" that has ended, and adds them up.
check_terms() {
	local sentence=$1 in_file=0 filtered sampled over matched counted_only written write discarded
	seen=$(term seen "$work/ours.err") filtered=$(term 'filtered out' "$work/ours.err")
	sampled=$(term 'sampled out' "$work/ours.err") over=$(term 'over the limit' "$work/ours.err")
	matched=$(term matched "$work/ours.err") counted_only=$(term 'counted only' "$work/ours.err")
	written=$(term written "$work/ours.err") ring=$(term 'lost: ring full' "$work/ours.err")
	copy=$(term 'lost: not copied' "$work/ours.err") write=$(term 'lost: write error' "$work/ours.err")
	discarded=$(term 'discarded at stop' "$work/ours.err")
	check_equal "$sentence: what was seen matched, or did not" $seen $((filtered + sampled + over + matched))
	check_equal "$sentence: what matched was written, or has a reason" $matched \
		$((counted_only + written + ring + copy + write + discarded)) || diagnose "$(<"$work/ours.err")"
	[ ! -e "$work/ours.pcap" ] || in_file=$("$tools/captures" count "$work/ours.pcap")
	check_equal "$sentence: what was written is in the file" $written "$in_file"
}

file="-w $work/ours.pcap"
run_case 'a mix that matches in part' "$mix" '' $file host $host_a
run_case 'a mix that matches as a whole' "$mix" '' $file
run_case 'a mix in one direction' "$mix" '' $file -Q in host $host_a
run_case 'a mix of which nothing matches' "$mix" '' $file host $host_c
run_case 'a mix that is only counted' "$mix" '' host $host_a
run_case 'a burst' "$flood" '' $file udp
run_case 'a burst through the smallest ring' "$flood" '' $file -B 1 udp
run_case 'a burst while the writer stands still' "$flood" stop $file -B 1 udp
run_case 'a burst both ways while the writer stands still' \
	"$flood"$'\n'"udp-down $host_b $server 9 4000 1000" stop $file -B 1 host $host_a

# The end comes while packets do.
"$tools/traffic" $server_ns $client_ns 3600 <<<"udp $host_a $server 7 1000 100" &
children+=($!)
for round in 1 2 3 4 5; do
	rm -f "$work/ours.pcap"
	start_capture ours -i eth0 $file udp
	wait_until [ -s "$work/ours.pcap" ]
	read -rt 0.2 <>"$work/.never" || :
	finish ours TERM
	check_terms "an end under traffic, $round"
done
stop_counter other
echo done

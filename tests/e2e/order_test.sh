#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The file is in the order of time, whichever CPU and direction a packet came from.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
each=250000	# packets of a CPU and direction: 10^6 in all
[ -z "${SHORT:-}" ] || each=5000
cpus=($(seq 0 $(($(nproc) - 1)) | tail -n 2))

# play_all COUNT: on each of two CPUs so many packets in, and as many out.
play_all() {
	local cpu i script='' pids=()
	for ((i = 0; i < $1 / 1000; i++)); do
		script+="udp $host_a $server 7 1000 60"$'\n'"udp-down $host_b $server 7 1000 60"$'\n'
	done
	for cpu in "${cpus[@]}"; do
		taskset -c "$cpu" "$tools/traffic" $server_ns $client_ns <<<"${script//server 7/server 70$cpu}" &
		pids+=($!)
	done
	wait "${pids[@]}"
}

# check_order SENTENCE: what is out of order in the file is what the summary calls late.
check_order() {
	late=$(term 'of these late' "$work/ours.err")
	check_equal "$1: what is out of order in the file is counted as late" "$late" \
		"$("$tools/captures" order "$work/ours.pcap")"
}

start_capture ours -i eth0 --nano -s 64 -w "$work/ours.pcap" udp || exit 1
play_all $each
finish ours TERM
check_equal 'two CPUs, both directions: every packet was seen' $((2 * each * ${#cpus[@]})) "$(term matched "$work/ours.err")"
check_order 'two CPUs, both directions'
check_equal 'two CPUs, both directions: none is out of order' 0 "$late"

# The writer stands still for 3 s, the rings are full by then, and packets go on coming.
start_counter other eth0
start_capture ours -i eth0 --nano -B 1 -w "$work/ours.pcap" udp
read_counter other
before=$((frames_in + frames_out))
pids=()
for cpu in "${cpus[@]}"; do
	taskset -c "$cpu" "$tools/traffic" $server_ns $client_ns 5 <<-END &
	udp $host_a $server 70$cpu 500 60-900 10000
	udp-down $host_b $server 70$cpu 500 60-900 10000
	END
	pids+=($!)
	children+=($!)
done
wait_until contains_packets "$work/ours.pcap"
writer=$(writer_of "$ours_pid")
kill -STOP "$writer"
read -rt 3 <>"$work/.never" || :
kill -CONT "$writer"
wait "${pids[@]}"
for pid in "${pids[@]}"; do forget "$pid"; done
read_counter other
finish ours TERM
matched=$(term matched "$work/ours.err") written=$(term written "$work/ours.err")
lost=$(term 'lost: ring full' "$work/ours.err")
check_equal 'a writer that stood still: what was seen is what another program counted' \
	$((frames_in + frames_out - before)) "$(term seen "$work/ours.err")"
check 'a writer that stood still: packets were lost' [ "$lost" -gt 0 ]
check_equal 'a writer that stood still: what is not lost is in the file' $((matched - lost)) \
	"$("$tools/captures" count "$work/ours.pcap")"
check_equal 'a writer that stood still: what is not lost was written' $((matched - lost)) "$written"
check_order 'a writer that stood still'
check_equal 'a writer that stood still: none is out of order' 0 "$late"
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --metrics-file: what is in it, and that a reader always finds a whole one.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
mkdir "$work/metrics"
file=$work/metrics/pktsieve.prom
others() { find "$work/metrics" -mindepth 1 ! -name pktsieve.prom; }
is_running() { grep -qx "pktsieve_running{interface=\"eth0\"} $1" "$file"; }
mode_and_owner() { stat -c '%a %u' "$1"; }
value() { sed -n "s/^pktsieve_$1 //p" "$file"; }
has_more_than() { [ "$(value "$1" | cut -d . -f 1)" -gt "$2" ]; }
count_lines() { grep -c -- "$2" "$1"; }

# Alone, without a form of --stats.
start_capture ours -i eth0 --metrics-file "$file" --interval 20ms
check 'the file is there while the capture runs' wait_until is_running 1
traffic <<<"udp $host_a $server 53 300 100"
wait_until eval '[ "$(value "packets_total{interface=\"eth0\",direction=\"in\",protocol=\"udp.dns\",verdict=\"matched\"}")" = 300 ]'
check_equal 'it is written without a panel or lines' 0 $?
check_equal 'everybody may read it' '644 0' "$(mode_and_owner "$file")"
finish ours TERM
check 'in the end it says that the capture does not run any more' is_running 0

# Against the objects of JSON, and a reader who never rests.
run_case() {	# SENTENCE OPTIONS-AND-FILTER...
	local sentence=$1 watch; shift
	rm -f "$file" "$work/stats"
	start_capture ours -i eth0 --metrics-file "$file" --stats json --stats-file "$work/stats" --interval 20ms "$@" ||
		return
	wait_until [ -e "$file" ]
	python3 tests/e2e/metrics.py watch "$file" >"$work/watch" 2>"$work/enough" &
	watch=$! children+=($!)
	start_stream 1000
	for _ in 1 2 3; do traffic <<<"$mix"; done
	wait_until contains "$work/enough" enough
	stop_stream
	finish ours TERM
	wait_until ended "$watch"
	wait "$watch"
	check_equal "$sentence: whoever reads it finds a whole file, and no counter becomes less" enough \
		"$(cat "$work/watch" "$work/enough" | sort -u)"
	check_equal "$sentence: in the end it says what the last object says" '' \
		"$(python3 tests/e2e/metrics.py same "$file" "$work/stats" 2>&1)"
	check_equal "$sentence: nothing is left beside it" '' "$(others)"
}
run_case 'only counted' --top 1000
run_case 'written in part' -w "$work/ours.pcap" --top 1 host $host_a
run_case 'sampled' -w "$work/ours.pcap" --sample 1/3
run_case 'with a small ring' -w "$work/ours.pcap" -B 1 udp

# The end, in whatever way.
start_capture ours -i eth0 --metrics-file "$file" --interval 20ms
wait_until is_running 1
kill -KILL "$(writer_of "$ours_pid")"
finish ours
check 'behind a writer that was killed the keeper says that the capture does not run' is_running 0
check_equal 'and leaves nothing beside the file' '' "$(others)"
start_capture ours -i eth0 --metrics-file "$file" --interval 20ms
wait_until is_running 1
finish ours KILL
check 'behind a keeper that was killed the file stays, and is whole' [ "$(tail -n 1 "$file")" = '# EOF' ]

# What a killed one left, or another put there.
echo 'not ours' >"$work/victim"
ln -s "$work/victim" "$work/metrics/.pktsieve.prom.new"
ln -sf "$work/victim" "$file"
start_capture ours -i eth0 --metrics-file "$file" --interval 20ms
wait_until is_running 1
finish ours TERM
check_equal 'no symbolic link is followed' 'not ours' "$(<"$work/victim")"
check_equal 'neither stays' "regular file" "$(stat -c %F "$file")$(others)"
chmod 711 "$work"
rm "$file"
SUDO_UID=1234 SUDO_GID=1234 start_capture ours -i eth0 --metrics-file "$file" --interval 20ms
finish ours TERM
check_equal 'the file belongs to the user behind sudo' '644 1234' "$(mode_and_owner "$file")"

# What goes wrong.
refused() {	# SENTENCE FILE WORDS
	start failing "$pktsieve" -i eth0 --metrics-file "$2"
	finish failing
	check "$1" contains "$work/failing.err" "$3" || diagnose "$(<"$work/failing.err")"
	check_equal "$1: exit status" 1 "$status"
}
refused 'a directory that is not there is refused' "$work/none/m.prom" 'No such file or directory'
refused 'a name that is too long is refused' "$work/$(printf '%0251d' 0)" 'the name is too long'

rm -rf "${work:?}/metrics"/*
mount -t tmpfs -o size=256k none "$work/metrics"
start_capture ours -i eth0 -w "$work/ours.pcap" --metrics-file "$file" --interval 20ms
wait_until is_running 1
head -c 300k /dev/zero >"$work/metrics/fill" 2>/dev/null
check 'a full disk is told' wait_until contains "$work/ours.err" "cannot write '$file': No space left on device"
check 'the old figures stay, whole' [ "$(tail -n 1 "$file")" = '# EOF' ]
traffic <<<"udp $host_a $server 53 300 100"
rm "$work/metrics/fill"
check 'that there is room again is told' wait_until contains "$work/ours.err" "'$file' is written again"
mount -o remount,ro "$work/metrics"
check 'another error is told' wait_until contains "$work/ours.err" "cannot write '$file': Read-only file system"
mount -o remount,rw "$work/metrics"
wait_until eval '[ "$(count_lines "$work/ours.err" "is written again")" = 2 ]'
finish ours TERM
check_equal 'each is told once' '1 1 2' "$(count_lines "$work/ours.err" 'No space left') $(
	count_lines "$work/ours.err" 'Read-only') $(count_lines "$work/ours.err" 'is written again')"
check 'the capture went on meanwhile' [ "$(term written "$work/ours.err")" -ge 300 ]
check_equal 'and ends well' 0 "$status"
check_equal 'the end is in the file' '1' "$(count_lines "$file" 'running{interface="eth0"} 0')"
check_equal 'there is nothing else' '' "$(others)"
echo done

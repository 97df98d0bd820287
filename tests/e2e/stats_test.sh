#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Figures while a capture runs: lines and objects of JSON, on standard error or in a file.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
json() { python3 tests/e2e/stats_json.py "$@" 2>&1; }
get() { json get "$work/stats" "$1"; }
has_lines() { [ "$(grep -c '^{' "$1" 2>/dev/null)" -ge "$2" ]; }
mode_and_owner() { stat -c '%a %u' "$1"; }

# run_case SENTENCE OPTIONS-AND-FILTER...: a capture with objects in $work/stats, before, during
# and behind traffic.
run_case() {
	local sentence=$1; shift
	rm -f "$work/stats"
	start_capture ours -i eth0 --stats json --stats-file "$work/stats" --interval 100ms "$@" || return
	wait_until has_lines "$work/stats" 1
	traffic <<<"$mix"
	wait_until has_lines "$work/stats" $(($(grep -c . "$work/stats") + 2))
	traffic <<<"$mix"
	finish ours TERM
	check_equal "$sentence: objects are one a line, deltas add up to totals, the terms to the whole" '' \
		"$(json lines "$work/stats" 4)"
	check_equal "$sentence: the last object is what the summary says" '' "$(json summary "$work/stats" "$work/ours.err")" ||
		diagnose "$(<"$work/ours.err")"
	check "$sentence: there was something to see" [ "$(get 'last["frames"]["seen"]')" -gt 1000 ]
	check "$sentence: no object is on standard error" eval '! grep -q "^{" "$work/ours.err"'
}
run_case 'only counted'
run_case 'written in part' -w "$work/ours.pcap" --top 3 host $host_a
run_case 'sampled' -w "$work/ours.pcap" --sample 1/4 --top 1
run_case 'waiting in vain' -w "$work/ours.pcap" --when 'pps > 1G' --before 1M
check_equal 'what is kept in memory is there, and the condition' "pps > 1G False True" \
	"$(get 'lines[-2]["trigger"]["condition"], lines[-2]["trigger"]["on"], lines[-2]["trigger"]["memory"]["packets"] > 0' |
		tr -d "(,)'")"
check 'and in the end as expired' [ "$(get 'last["frames"]["expired"]')" -gt 1000 ]
run_case 'limited' -w "$work/ours.pcap" --per-host 10
check_equal 'the file is named in the objects' "$work/ours.pcap" "$(get 'last["output"]')"
check_equal 'so is the interface' eth0 "$(get 'last["interface"]')"
run_case 'names that have to be escaped' -w "$work/a\"b"$'\n\xff'"\\c.pcap" $'udp\n\tor tcp'
check_equal 'their quotes, newlines and wrong bytes arrive' "$work/a\"b"$'\n\xef\xbf\xbd'"\\c.pcap" "$(get 'last["output"]')"
check_equal 'an expression arrives as it was given' $'udp\n\tor tcp' "$(get 'last["filter"]')"
check_equal 'the file is private' '600 0' "$(mode_and_owner "$work/stats")"

# Behind what is there, as whom the files of packets belong to.
echo 'this stays' >"$work/stats"
start_capture ours -i eth0 --stats json --stats-file "$work/stats" --interval 100ms
wait_until has_lines "$work/stats" 2
finish ours TERM
check_equal 'what is in the file already stays' 'this stays' "$(head -n 1 "$work/stats")"
check_equal 'objects are behind it' '' "$(json lines "$work/stats" 2)"
chmod 711 "$work"
mkdir "$work/mine"
SUDO_UID=1234 SUDO_GID=1234 start_capture ours -i eth0 --stats lines --stats-file "$work/mine/stats" --interval 100ms
finish ours TERM
check_equal 'a new file belongs to the user behind sudo' '600 1234' "$(mode_and_owner "$work/mine/stats")"

# On standard error.
start_capture ours -i eth0 --stats json --interval 100ms
traffic <<<"$mix"
wait_until has_lines "$work/ours.err" 3
finish ours TERM
check_equal 'without a file objects are on standard error' '' "$(json lines "$work/ours.err" 4)"
check_equal 'and end with what the summary says' '' "$(json summary "$work/ours.err" "$work/ours.err")"

# Behind a keeper that was killed nobody knows whether the programs have ended.
rm -f "$work/stats"
start_capture ours -i eth0 --stats json --stats-file "$work/stats" --interval 100ms
wait_until has_lines "$work/stats" 2
finish ours KILL
check 'without a keeper there is a last object, too' wait_until grep -q '"final":true' "$work/stats"
check_equal 'which does not say that all frames are accounted for' None "$(get 'last["frames"]["unaccounted"]')"

# Lines.
rows() { grep -cE '^20[0-9-]+T' "$work/stats"; }
has_rows() { [ "$(rows)" -ge "$1" ]; }
rm -f "$work/stats"
start_capture ours -i eth0 -w "$work/ours.pcap" --stats lines --stats-file "$work/stats" --interval 50ms
wait_until has_rows 5
traffic <<<"$mix"
wait_until has_rows 25
finish ours TERM
head='time                    seen/s   bit/s match/s   bit/s     SYN/s SYN-ACK/s      written       lost  ring'
check_equal 'the head stands first, and again after 20 rows' "1 22" \
	"$(grep -nFx "$head" "$work/stats" | cut -d : -f 1 | head -n 2 | xargs)"
check_equal 'rows are aligned below it' '' "$(grep -vFx "$head" "$work/stats" | awk 'length != '${#head}' || NF != 10')"
check_equal 'the last row is about what has been written' "$(term written "$work/ours.err")" \
	"$(tail -n 1 "$work/stats" | awk '{ print $8 }')"
check 'a row has the rate of SYN' [ "$(awk '/^20/ && $6 > 0 && $7 > 0' "$work/stats" | wc -l)" -gt 0 ]

# What goes wrong.
refused() {	# SENTENCE FILE WORDS
	start failing "$pktsieve" -i eth0 --stats json --stats-file "$2"
	finish failing
	check "$1" contains "$work/failing.err" "$3" || diagnose "$(<"$work/failing.err")"
	check_equal "$1: exit status" 1 "$status"
}
ln -s stats "$work/link"
mkfifo "$work/pipe"
refused 'a symbolic link is refused' "$work/link" 'symbolic links are not followed'
refused 'a pipe without a reader is refused' "$work/pipe" 'nobody reads this pipe'
refused 'a directory that is not there is refused' "$work/none/stats" 'No such file or directory'

exec {reader}<>"$work/pipe"
start_capture ours -i eth0 --stats json --stats-file "$work/pipe" --interval 10ms
wait_until contains "$work/ours.err" "cannot write '$work/pipe': its reader is too slow"
traffic <<<"udp $host_a $server 53 300 100"
finish ours TERM
check_equal 'a reader that does not read is told once, and holds up nothing' '0 1 1' \
	"$status $(grep -c 'reader is too slow' "$work/ours.err") $([ "$(term seen "$work/ours.err")" -ge 300 ] && echo 1)"
exec {reader}<&-

mkdir "$work/small"
mount -t tmpfs -o size=64k none "$work/small"
head -c 70k /dev/zero >"$work/small/fill" 2>/dev/null
start_capture ours -i eth0 --stats json --stats-file "$work/small/stats" --interval 20ms -w "$work/ours.pcap"
wait_until contains "$work/ours.err" "cannot write '$work/small/stats': No space left on device"
rm "$work/small/fill"
wait_until has_lines "$work/small/stats" 3
finish ours TERM
check_equal 'a full disk is told once, and figures go on when there is room' '0 1' \
	"$status $(grep -c 'No space left' "$work/ours.err")"
check 'the last object is in the file then' grep -q '"final":true' "$work/small/stats"
echo done

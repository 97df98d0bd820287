#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --before: what led to it is in the file, first and in the order of time, whatever ends the
# capture and wherever the file goes; memory is bounded, and every packet accounted for.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
file=$work/ours.pcap
failure_after_s=30
[ -z "${SHORT:-}" ] || failure_after_s=14

said() { contains "$work/ours.err" "$1"; }
own_term() { term "$1" "$work/ours.err"; }
pause() { read -rt "$1" <>"$work/.never" || :; }
# A reset (RFC 9293, section 3.1) that nobody answers, since its checksums are wrong; where
# datagrams have their number it has 4294967295.
reset=020000000064020000000001080045000028000100004006''00000a0900010a09006400503039000000''00ffffffff5004ffff00000000
# The numbers of the datagrams in files: first, last, how many, and how many are out of their turn.
numbers() {
	local name
	for name; do "$tools/captures" numbers "$name" || return; done |
		awk '$1 == 4294967295 { next }
			!count++ { first = $1; last = $1 - 1 }
			$1 != last + 1 { wrong++ } { last = $1 }
			END { print first + 0, last + 0, count + 0, wrong + 0 }'
}
read_numbers() { read -r first last count wrong < <(numbers "$@"); }
begin() {	# OPTION...
	rm -f "$file"
	start_capture ours -i eth0 -Q in -w "$file" "$@" || { check 'a capture starts' false; exit 1; }
	writer=$(writer_of "$ours_pid")
}
# So many packets came to the hook, and with that into the memory.
received() {
	kill -USR1 "$ours_pid"
	pause 0.1
	sed -n 's/.*captured, \([0-9]*\) packets\? received by filter.*/\1/p' "$work/ours.err" | tail -n 1
}
has_received() { [ "$(received)" -ge "$1" ]; }
fire() { kill -USR2 "$ours_pid"; check "$1: SIGUSR2 is answered" wait_until said 'pktsieve: SIGUSR2: packets are written'; }
# check_end SENTENCE [STATUS]
check_end() {
	check_equal "$1: the exit status is ${2:-0}" "${2:-0}" "$status" || diagnose "$(<"$work/ours.err")"
	check "$1: every frame is accounted for" eval 'said "accounting (frames):" && ! said "not accounted for"'
	check_equal "$1: what matched was written, expired or was lost" "$(own_term matched)" \
		$(($(own_term written) + $(own_term 'expired in memory') + $(own_term 'lost: ring full') +
		$(own_term 'lost: write error') + $(own_term 'discarded at stop'))) || diagnose "$(<"$work/ours.err")"
}
check_file() {	# SENTENCE FILE...
	local sentence=$1 in_files=0 name; shift
	for name; do in_files=$((in_files + $("$tools/captures" count "$name"))); done
	check_equal "$sentence: what was written is in the file" "$(own_term written)" "$in_files"
	read_numbers "$@"
	[ "$(own_term 'lost: ring full')" != 0 ] && diagnose "$sentence: $(own_term 'lost: ring full') lost in the rings" ||
		check_equal "$sentence: no packet is missing between the first and the last, in their order" \
			"$((last - first + 1)) 0" "$count $wrong"
}

# A failure is staged after 30 s of traffic: connections are reset.
begin --when 'tcp.rst > 200/s' --before 10s --for 2s
check 'the file is there before anything happens' [ -s "$file" ]
start_stream 1000
pause $failure_after_s
check 'nothing is written before' eval '! contains_packets "$file"'
# Over 2 s, so that it takes a part of a second until the rate is reached.
traffic <<<"$(for ((i = 0; i < 10; i++)); do echo "frame eth0 100 $reset"; echo 'pause 180'; done)"
check 'a failure begins the writing' wait_until said "'tcp.rst > 200/s' holds (tcp.rst "
check 'the notice says what is kept' grep -qE 'holds \(tcp.rst [0-9.]+k?/s\): packets are written, first [0-9]+ of the [0-9.]+ s before$' "$work/ours.err"
check 'the writing ends' wait_until said ': writing ends behind '
stop_stream
finish ours TERM
check_end 'a failure'
check_file 'a failure' "$file"
seconds() { tcpdump -Z root -tt -c 1 -nr "$file" "$@" 2>/dev/null | cut -d ' ' -f 1; }
begun_s=$(seconds) failed_s=$(seconds 'tcp[tcpflags] & tcp-rst != 0')
check 'the file begins at least 10 s before the failure' \
	awk "BEGIN { exit !($failed_s - $begun_s >= 10) }" || diagnose "begins at $begun_s, failure at $failed_s"
check 'the file does not begin with the capture' [ "$first" -gt 0 ]
check_equal 'the file is in the order of time' 0 "$("$tools/captures" order "$file")"
check_equal 'the failure is in the file' 1000 "$(tcpdump -Z root -nr "$file" 'tcp[tcpflags] & tcp-rst != 0' 2>/dev/null | wc -l)"
check 'what was not wanted has expired' [ "$(own_term 'expired in memory')" -gt 0 ]
check_equal 'what expired is what is not in the file' "$(own_term 'expired in memory')" \
	$(($(own_term matched) - $("$tools/captures" count "$file")))

# SIGUSR2 alone, twice; what comes between is not wanted.
begin --before 60s --for 300ms -U
traffic <<<"udp $host_a $server 7 500 100"
fire 'SIGUSR2'
check 'SIGUSR2: the memory is written' wait_until eval '[ "$("$tools/captures" count "$file")" = 500 ]'
check 'SIGUSR2: the writing ends' wait_until said 'pktsieve: 0.3 s since SIGUSR2: writing ends behind 500 packets'
traffic <<<"udp $host_b $server 7 300 100"
wait_until has_received 800
check_equal 'SIGUSR2: what comes behind the end is not written' 500 "$("$tools/captures" count "$file")"
kill -USR2 "$ours_pid"
check 'SIGUSR2: it comes with the next one' wait_until eval '[ "$("$tools/captures" count "$file")" = 800 ]'
wait_until eval '[ "$(grep -c "writing ends" "$work/ours.err")" = 2 ]'
traffic <<<"udp $host_c $server 7 50 100"
wait_until has_received 850
finish ours INT
check_end 'SIGUSR2'
check_equal 'SIGUSR2: what is in memory at the end has expired' 50 "$(own_term 'expired in memory')"
check_equal 'SIGUSR2: the file is in the order of time' 0 "$("$tools/captures" order "$file")"

# Memory is bounded. Of 8 MiB at most 4 are kept.
rss_kib() { awk '/^RssAnon/ { print $2 }' "/proc/$writer/status"; }
begin -v --before 60s --before 4M
before_kib=$(rss_kib)
check 'the bound is said at the start' said 'at most 4 MiB of memory'
traffic <<<"udp $host_a $server 7 8000 1000 8000"
wait_until has_received 8000
used_kib=$(($(rss_kib) - before_kib))
check 'no more memory is used than was allowed' [ "$used_kib" -le $((4096 + 512)) ] || diagnose "$used_kib KiB"
fire 'a bound'
check 'that the memory was too small is said, with what helps' \
	wait_until grep -qE "^pktsieve: 4 MiB of memory had room for [0-9.]+ s, not for the 60 s of '--before' \(more: '--before 60s --before [0-9]+M'\)$" "$work/ours.err"
finish ours TERM
check_end 'a bound'
check_file 'a bound' "$file"
check_equal 'a bound: the youngest are kept' 7999 "$last"
check 'a bound: the memory was used' [ "$count" -ge 2500 ] || diagnose "$count packets"

# More than there is.
rm -f "$file"
start ours "$pktsieve" "${hook_options[@]}" -i eth0 -w "$file" --before 60s --before 1000000G
finish ours
check_equal 'more memory than there is: the exit status is 1' 1 "$status"
check 'more memory than there is is an error that says what to do' \
	eval 'said "no memory of 1024000000 MiB for" && said "(ask for less, such as" && [ ! -e "$file" ]'

# At a low rate a small part of the memory is used, and used again.
begin --before 200ms
before_kib=$(rss_kib)
traffic <<<"udp $host_a $server 7 24000 1000 12000"
wait_until has_received 24000
used_kib=$(($(rss_kib) - before_kib))
check 'memory that is not needed is not touched' [ "$used_kib" -lt 20480 ] || diagnose "$used_kib KiB"
finish ours TERM
check_end 'never asked for'
check_equal 'never asked for: nothing is written' 0 "$(own_term written)"

# While the memory goes to a slow output the rings, which are small, are emptied. A flush waits for
# pieces that are on their way, for which an emulated machine needs many times as long.
slow_file=$work/slow.pcap.gz
slow_rate=$([ -z "${IN_VM:-}" ] && echo 4000 || echo 500)
ring_kib=$(($(nproc) * 2048))
start ours env LD_PRELOAD="$PWD/$tools/slow_deflate.so" "$pktsieve" "${hook_options[@]}" -i eth0 -Q in -B "$ring_kib" \
	--before 64M --for 500ms -w "$slow_file"
wait_until listening_or_ended "$work/ours.err" "$ours_pid"
start_stream "$slow_rate"
wait_until has_received $((4 * slow_rate))
fire 'a slow output'
wait_until said ': writing ends behind '
pause 1
stop_stream
finish ours TERM
check_end 'a slow output'
gzip -dc "$slow_file" >"$file"
check_file 'a slow output' "$file"
check_equal 'a slow output: nothing is lost in the rings' 0 "$(own_term 'lost: ring full')"
check 'a slow output: the memory was written' [ "$count" -ge $((4 * slow_rate)) ]
rm "$slow_file"

# Asked twice to end, it gives up what memory owes.
start ours env LD_PRELOAD="$PWD/$tools/slow_deflate.so" "$pktsieve" "${hook_options[@]}" -i eth0 -Q in \
	--before 64M -w "$slow_file"
wait_until listening_or_ended "$work/ours.err" "$ours_pid"
traffic <<<"udp $host_a $server 7 30000 1400 15000"
wait_until has_received 30000
fire 'asked twice'
ends() { ended "$ours_pid" || { kill -INT "$ours_pid"; pause 0.3; ended "$ours_pid"; }; }
wait_until ends
finish ours
check_end 'asked twice'
gzip -dc "$slow_file" >"$file"
check_file 'asked twice' "$file"
check_equal 'asked twice: all that was owed is written or given up' 30000 \
	$(($(own_term written) + $(own_term 'discarded at stop')))

# At the end of the capture what is owed is still written.
begin --before 64M
traffic <<<"udp $host_a $server 7 20000 1400 20000"
wait_until has_received 20000
stop_writer() { kill -STOP "$writer"; }
stop_writer
kill -USR2 "$ours_pid"
pause 0.2
kill -TERM "$ours_pid"
pause 0.2
kill -CONT "$writer"
finish ours
check_end 'the end behind SIGUSR2'
check_file 'the end behind SIGUSR2' "$file"
check_equal 'the end behind SIGUSR2: all that was in memory is written' 20000 "$count"

# Other outputs.
mkdir "$work/files"
rm -f "$file"
start_capture ours -i eth0 -Q in -C 1 -w "$work/files/x" --before 60s --for 1s
start_stream 2000
wait_until has_received 6000
fire '-C'
wait_until said ': writing ends behind '
stop_stream
finish ours TERM
check_end '-C'
check_file '-C' "$work/files/x" $(ls -v "$work"/files/x?*)
check '-C: there are several files' [ "$(ls "$work/files" | wc -l)" -ge 6 ]
rm "$work"/files/*
start_capture ours -i eth0 -Q in -G 1 -w "$work/files/%s" --before 60s --for 2s
start_stream 2000
wait_until has_received 6000
fire '-G'
wait_until said ': writing ends behind '
stop_stream
finish ours TERM
check_end '-G'
check_file '-G' "$work"/files/*
rm "$work"/files/*

begin --before 60s -c 300
traffic <<<"udp $host_a $server 7 200 100"
wait_until has_received 200
fire '-c'
traffic <<<"udp $host_a $server 9 200 100"
finish ours
check_end '-c'
check_equal '-c counts what is written, from memory and behind it' 300 "$("$tools/captures" count "$file")"

begin --before 60s --format pcapng
start_stream 1000
wait_until has_received 1000
fire 'pcapng'
wait_until contains_packets "$file"
stop_stream
finish ours TERM
check_end 'pcapng'
check_file 'pcapng' "$file"

start ours "$pktsieve" "${hook_options[@]}" -i eth0 -Q in -w - --before 60s
wait_until listening_or_ended "$work/ours.err" "$ours_pid"
start_stream 1000
wait_until has_received 1000
fire 'a pipe'
stop_stream
finish ours TERM
check_end 'a pipe'
check_file 'a pipe' "$work/ours.out"

# A disk that is too small for the memory.
mkdir "$work/small"
mount -t tmpfs -o size=4m small "$work/small"
start_capture ours -i eth0 -Q in --min-free 0 -w "$work/small/x" --before 64M
traffic <<<"udp $host_a $server 7 10000 1000 10000"
wait_until has_received 10000
fire 'a full disk'
wait_until said 'No space left on device'
finish ours TERM
check_end 'a full disk' 2
check_equal 'a full disk: the file is valid and holds what is said to be written' \
	"$(own_term written)" "$("$tools/captures" count "$work/small/x")"
check 'a full disk costs packets' [ "$(own_term 'lost: write error')" -gt 0 ]
umount "$work/small"

# kill -9: of the writer, whose memory is gone; of the keeper; while the memory is written.
begin --before 60s
traffic <<<"udp $host_a $server 7 1000 100"
wait_until has_received 1000
kill -KILL "$writer"
finish ours
check_equal 'a writer that is killed costs status 2' 2 "$status"
check_equal 'a writer that is killed leaves a valid file' 0 "$("$tools/captures" count "$file")"
begin --before 60s
traffic <<<"udp $host_a $server 7 1000 100"
wait_until has_received 1000
kill -KILL "$ours_pid"
check 'a keeper that is killed takes the writer along' wait_until ended "$writer"
finish ours
check_equal 'a keeper that is killed leaves a valid file' 0 "$("$tools/captures" count "$file")"
check_equal 'a keeper that is killed: what is in memory has expired' 1000 "$(own_term 'expired in memory')"
for victim in writer ours_pid; do
	begin --before 64M
	traffic <<<"udp $host_a $server 7 30000 1400 15000"
	wait_until has_received 30000
	kill -USR2 "$ours_pid"
	wait_until contains_packets "$file"
	kill -KILL "${!victim}"
	wait_until ended "$writer"
	finish ours
	check "a kill while the memory is written ($victim) leaves a valid file with packets" \
		eval '"$tools/captures" count "$file" >"$work/count" && [ "$(<"$work/count")" -gt 0 ]'
	read_numbers "$file"
	check_equal "a kill while the memory is written ($victim): no packet is missing up to there" "$count 0" "$((last - first + 1)) $wrong"
done

# Of all interfaces, with the header that says where each packet was.
rm -f "$file"
start_tcpdump theirs -i any -Q in udp port 7
start_capture ours -i any -Q in -w "$file" --before 60s udp port 7
traffic <<<"udp $host_a $server 7 100 64"
wait_until has_received 100
fire 'any'
finish ours TERM
check_end 'any'
wait_until eval '[ "$("$tools/captures" count "$work/theirs.pcap" 2>/dev/null)" = 100 ]'
finish theirs TERM
check 'any: from memory comes what tcpdump wrote' "$tools/captures" equal "$file" "$work/theirs.pcap"

# The interface goes away and comes again.
begin --before 60s --for 200ms
traffic <<<"udp $host_a $server 7 100 100"
wait_until has_received 100
ip -n $server_ns link delete eth0
check 'an interface that goes away is told' wait_until said "'eth0'"
fire 'without the interface'
wait_until said ': writing ends behind '
finish ours TERM
check_end 'without the interface'
check_equal 'without the interface: the memory is written' 100 "$("$tools/captures" count "$file")"
echo done

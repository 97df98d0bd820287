#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What signals do to a capture, to its keeper, its writer and both.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
file=$work/ours.pcap
datagrams="udp $host_a $server 7 25 64-800"
flood="udp $host_a $server 7 8000 1400"
has_tcx && tcx=1 || tcx=

said() { contains "$work/ours.err" "$1"; }
in_file() { "$tools/captures" count "$file"; }
holds() { [ "$(in_file 2>/dev/null)" = "$1" ]; }
own_term() { term "$1" "$work/ours.err"; }
is_stopped() {
	local state
	read -r _ _ state _ <"/proc/$1/stat"
	[ "$state" = T ]
}
stop() { kill -STOP "$1" && wait_until is_stopped "$1"; }
# No signal waits to be taken by the process.
has_taken_signals() { grep -q '^ShdPnd:[[:space:]]*0*$' "/proc/$1/status"; }
is_detached() {
	local programs
	if [ -n "$tcx" ]; then
		programs=$("$tools/within" $server_ns "$tools/counter" --programs eth0)
	else
		programs=$({ tc -n $server_ns filter show dev eth0 ingress; tc -n $server_ns filter show dev eth0 egress; } |
			grep -o 'pktsieve[^ ]*')
	fi
	[ -z "$programs" ]
}
pause() { read -rt "$1" <>"$work/.never" || :; }
# begin OPTION...: a capture into $file; its writer is $writer.
begin() {
	rm -f "$file"
	start_capture ours -i eth0 -w "$file" "$@" udp port 7 || { check 'a capture starts' false; exit 1; }
	writer=$(writer_of "$ours_pid")
}
# check_end SENTENCE STATUS: the capture has ended so, with a summary in which all is right.
check_end() {
	check_equal "$1: the exit status is $2" "$2" "$status"
	check "$1: every frame is accounted for" eval 'said "accounting (frames):" && ! said "not accounted for"'
	check_equal "$1: what was written is in the file" "$(own_term written)" "$(in_file)" ||
		diagnose "$(<"$work/ours.err")"
}
# An impatient user: what comes at once is one request, so it is said again and again.
ends_by() { ended "$ours_pid" || { kill "-$1" "$ours_pid"; pause 0.4; ended "$ours_pid"; }; }

# Asked twice: the writer answers, and gives up what is in the rings.
for signal in INT TERM; do
	begin -B 1
	traffic <<<"$datagrams"
	wait_until holds 25
	stop "$writer"
	traffic <<<"$flood"
	kill -$signal "$ours_pid"
	wait_until is_detached
	pause 0.4
	kill -$signal "$ours_pid"
	wait_until has_taken_signals "$ours_pid"
	pause 0.5
	kill -CONT "$writer"
	finish ours
	check_end "SIG$signal twice" 0
	given_up=$(own_term 'discarded at stop')
	check "SIG$signal twice gives up what is in the rings" [ "$given_up" -gt 0 ]
	check "SIG$signal twice says how much was given up" \
		said "pktsieve: ending at once: $given_up packets in the rings are given up"
done

begin
traffic <<<"$datagrams"
wait_until holds 25
stop "$writer"
traffic <<<"$datagrams"
check 'a writer that does not answer cannot keep the capture from ending' wait_until ends_by INT
finish ours
check_equal 'a writer that does not answer costs status 2' 2 "$status"
check 'a writer that does not answer is said to be killed' \
	said 'the writer process has died (killed, it did not answer): of 50 packets that matched, 25 are in the file'
check 'a writer that does not answer leaves a valid file' holds 25
check 'a writer that does not answer is gone' ended "$writer"

# A pipe that nobody reads: the writer waits in a write.
mkfifo "$work/pipe"
exec {reader}<>"$work/pipe"
start ours bash -c 'exec "$@" >"$0"' "$work/pipe" "$pktsieve" -i eth0 -U -w - udp port 7
wait_until said 'listening on'
traffic <<<"$flood"
check 'a pipe that nobody reads cannot keep the capture from ending' wait_until ends_by TERM
finish ours
check_equal 'a pipe that nobody reads costs status 2' 2 "$status"
exec {reader}<&-

# timeout(1) sends its signal twice at once.
begin
stop "$writer"
traffic <<<"$datagrams"
stop "$ours_pid"
kill -TERM "$ours_pid"
kill -INT "$ours_pid"
kill -CONT "$ours_pid"
wait_until is_detached
pause 0.3	# for what the keeper says after that
kill -CONT "$writer"
finish ours
check_end 'two signals at once' 0
check_equal 'two signals at once are one: all is written' 25 "$(in_file)"

begin
stop "$writer"
traffic <<<"$datagrams"
kill -HUP "$ours_pid"
wait_until is_detached
pause 0.4
kill -HUP "$ours_pid"
wait_until has_taken_signals "$ours_pid"
pause 0.5
kill -CONT "$writer"
finish ours
check_end 'SIGHUP twice' 0
check_equal 'SIGHUP twice does not hurry: all is written' 25 "$(in_file)"

# SIGUSR1, and what nohup(1) leaves.
for ignored in '' HUP; do
	rm -f "$file"
	start ours bash -c "trap '' $ignored; exec \"\$@\"" - "$pktsieve" -i eth0 -U -w "$file" udp port 7
	wait_until said 'listening on'
	traffic <<<"$datagrams"
	wait_until holds 25
	if [ -n "$ignored" ]; then
		kill -HUP "$ours_pid"
		pause 0.3
		kill -USR1 "$ours_pid"
		check 'a capture under nohup goes on after SIGHUP' wait_until said '25 packets captured, '
		finish ours TERM
	else
		kill -USR1 "$ours_pid"
		check 'SIGUSR1 prints the line of tcpdump' wait_until grep -qxF \
			'pktsieve: 25 packets captured, 25 packets received by filter, 0 packets dropped by kernel' \
			"$work/ours.err"
		kill -WINCH "$ours_pid"
		finish ours HUP
	fi
	check_end "a capture that ignores '$ignored'" 0
	check_equal "a capture that ignores '$ignored' has all packets" 25 "$(in_file)"
done

# By itself the writer flushes a second after the last time, so that three flushes take two: as
# soon as any three come closer together, they were not the clock's.
begin
flushed=()
are_asked_for() {
	local count=${#flushed[@]}
	[ $count -ge 3 ] && [ $((flushed[count - 1] - flushed[count - 3])) -lt 1500000 ]
}
for ((i = 1; i <= 60; i++)); do
	traffic <<<"udp $host_a $server 7 1 100"
	kill -USR2 "$ours_pid"
	wait_until holds $i || break
	flushed+=("${EPOCHREALTIME/[.,]/}")
	are_asked_for && break
done
check 'SIGUSR2 flushes the file' are_asked_for || diagnose "after microseconds: ${flushed[*]}"
finish ours INT
check_end 'after SIGUSR2' 0

# More questions than the channel holds: the keeper must not wait for the writer.
begin
stop "$writer"
for ((i = 0; i < 1500; i++)); do kill -USR1 "$ours_pid"; kill -USR2 "$ours_pid"; done
traffic <<<"$datagrams"
kill -TERM "$ours_pid"
check 'a keeper whose writer does not read still takes signals' wait_until is_detached
kill -CONT "$writer"
finish ours
check_end 'after many questions' 0
check_equal 'after many questions all is written' 25 "$(in_file)"

begin
stop "$ours_pid"
traffic <<<"$datagrams"
check 'the writer goes on while the keeper is stopped' wait_until holds 25
kill -USR1 "$ours_pid"
kill -CONT "$ours_pid"
check 'a keeper that goes on takes the signals that came' wait_until said '25 packets captured, '
if [ -z "$tcx" ]; then
	# Without a heartbeat the filters go quiet; with it they see again.
	seen() { "$tools/counter" --seen; }
	is_quiet() {
		local before
		before=$(seen)
		traffic <<<"udp $host_a $server 7 1 100"
		[ "$before" = "$(seen)" ]
	}
	is_awake() { ! is_quiet; }
	stop "$ours_pid"
	check 'filters whose keeper is stopped go quiet' wait_until is_quiet
	kill -CONT "$ours_pid"
	check 'filters whose keeper goes on see again' wait_until is_awake
fi
traffic <<<"$datagrams"
stop "$ours_pid"
kill -TERM "$ours_pid"
kill -CONT "$ours_pid"
finish ours
check_end 'a keeper that was stopped' 0
check 'a keeper that was stopped has the packets of both times' [ "$(in_file)" -ge 50 ]

begin -B 1
stop "$writer"
traffic <<<"$flood"
kill -CONT "$writer"
traffic <<<"$datagrams"
finish ours INT
check_end 'a writer that was stopped' 0
check 'a writer that was stopped has lost packets' [ "$(own_term 'lost: ring full')" -gt 0 ]
check_equal 'a writer that was stopped counts what it lost' 8025 \
	$(($(own_term written) + $(own_term 'lost: ring full')))

# Ctrl-Z and fg; in a process group of its own, as a shell gives it.
set -m
begin
set +m
kill -TSTP "$ours_pid" "$writer"
check 'SIGTSTP stops the keeper' wait_until is_stopped "$ours_pid"
check 'SIGTSTP stops the writer' wait_until is_stopped "$writer"
traffic <<<"$datagrams"
kill -CONT "$ours_pid" "$writer"
traffic <<<"$datagrams"
finish ours INT
check_end 'after SIGTSTP and SIGCONT' 0
check_equal 'after SIGTSTP and SIGCONT no packet is missing' 50 "$(in_file)"

# The terminal goes away: by SIGHUP the capture ends, under nohup it goes on.
for ignored in '' HUP; do
	rm -f "$file" "$work/ours.out"
	start ours "$tools/on_terminal" bash -c "trap '' $ignored; exec \"\$@\"" - \
		"$pktsieve" -i eth0 -U -w "$file" udp port 7
	wait_until contains "$work/ours.out" 'listening on'
	read -r keeper <"$work/ours.out"
	writer=$(writer_of "$keeper")
	traffic <<<"$datagrams"
	wait_until holds 25
	kill -USR1 "$ours_pid"
	if [ -n "$ignored" ]; then
		pause 0.3
		check 'a capture under nohup goes on without its terminal' eval '! ended "$keeper"'
		ip -n $server_ns link set eth0 down
		ip -n $server_ns link set eth0 up
		kill -USR1 "$keeper"
		pause 0.3
		kill -TERM "$keeper"
	fi
	finish ours
	check_equal "a terminal that goes away, '$ignored' ignored: the exit status is that of any capture" 0 "$status"
	check "a terminal that goes away, '$ignored' ignored: the file has all packets" holds 25
	check "a terminal that goes away, '$ignored' ignored: no process stays" ended "$writer"
done
ip -n $server_ns neigh replace $host_a lladdr 02:00:00:00:0:01 dev eth0 nud permanent

# What cannot be said is not said.
for stderr in /dev/full "$work/nobody"; do
	rm -f "$file" "$work/nobody"
	mkfifo "$work/nobody"
	exec {reader}<>"$work/nobody"
	start ours bash -c 'fd=$1; shift; exec "$@" 2>"$0" {fd}<&-' "$stderr" $reader "$pktsieve" -i eth0 -U -w "$file" udp port 7
	wait_until eval '! is_detached'
	exec {reader}<&-
	ip -n $server_ns link set eth0 mtu 1400
	traffic <<<"$datagrams"
	wait_until holds 25
	kill -USR1 "$ours_pid"
	finish ours INT
	check_equal "without a stderr (${stderr##*/}) the exit status is that of any capture" 0 "$status"
	check "without a stderr (${stderr##*/}) the file has all packets" holds 25
done
echo done

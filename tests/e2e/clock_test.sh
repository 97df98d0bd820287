#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The timestamps are those of the wall clock: between the moments before a datagram was sent and
# after it had come; also when the clock is set while packets come. The clock of the machine that
# runs the tests is never set: that is done in virtual machines.
. "$(dirname "$0")/lib.sh"
make_network || exit 1

said() { contains "$work/ours.err" "$1"; }
in_file() { "$tools/captures" count "$work/ours.pcap" 2>/dev/null; }
holds() { [ "$(in_file)" = "$1" ]; }
# send FIRST COUNT: adds them to the list.
send() { "$tools/stamps" send $server_ns $client_ns $server 7 "$1" "$2" >>"$work/list"; }
begin() {
	rm -f "$work/ours.pcap" "$work/list"
	start_capture ours -v -i eth0 -Q in -U -w "$work/ours.pcap" "$@" udp port 7 || exit 1
}
is_exact() { said 'from CLOCK_TAI'; }	# elsewhere the clock is measured, to 1 us
tolerance_ns() { is_exact && echo 0 || echo 1000; }
# check_times SENTENCE [MORE-NS]
check_times() {
	check "$1" "$tools/stamps" compare "$work/ours.pcap" "$work/list" $(($(tolerance_ns) + ${2:-0})) ||
		diagnose "$(<"$work/ours.err")"
}

begin --nano
send 0 500
finish ours TERM
check_times 'in nanoseconds, a timestamp lies between sending and receiving'
check 'a clock that nobody set is not talked about' eval '! said clock\ steps && ! said "was set"'
begin
send 0 500
finish ours TERM
check_times 'in microseconds, it is cut, not rounded up' 1000

if [ -z "${IN_VM:-}" ]; then
	skip 'a wall clock that is set is followed' 'only in a virtual machine'
	echo done
	exit
fi

# said_step DIRECTION SECONDS: within a second more or less, which the emulated machine takes.
said_step() { grep -qE "^pktsieve: the wall clock was set $1 by $2\.[0-9]{3} s; the timestamps follow it$" "$work/ours.err"; }
check_step() {
	check "a clock that is set $1 is said, with the distance" wait_until said_step "$1" "$2" ||
		diagnose "$(<"$work/ours.err")"
}

begin --nano
send 0 200
"$tools/stamps" set 3600
! is_exact || send 200 200	# it need not be known
check_step forward '(3600|3599)'
send 400 200
"$tools/stamps" set -7200
! is_exact || send 600 200
check_step back '(7200|7199)'
send 800 200
"$tools/stamps" set 3600
check 'the clock can be put right again' wait_until eval "[ \$(grep -c 'was set' '$work/ours.err') = 3 ]"
send 1000 200
finish ours TERM
check_equal 'a capture goes on when the clock is set' 0 "$status"
check_times 'around each step, the timestamps are those of the wall clock'
check 'the steps are counted' grep -qxE '  clock steps +3' "$work/ours.err" || diagnose "$(<"$work/ours.err")"
check_equal 'every datagram is in the file' "$(wc -l <"$work/list")" "$(in_file)"
check 'every frame is accounted for' eval '! said "not accounted for"'

# As some time after the start of a machine, when its NTP daemon knows it. UTC does not change.
begin --nano
send 0 100
check 'the kernel can be told how far TAI is ahead' "$tools/stamps" tai 37
send 100 100
writer=$(writer_of "$ours_pid")
kill -STOP "$writer"
send 200 100
"$tools/stamps" tai 100
send 300 100
kill -CONT "$writer"
send 400 100
finish ours TERM
"$tools/stamps" tai 0
check_times 'when TAI becomes another one, the timestamps stay those of the wall clock'
check 'that is no step of the wall clock' eval '! said "clock steps"' || diagnose "$(<"$work/ours.err")"
check_equal 'every datagram is in the file when TAI becomes another one' "$(wc -l <"$work/list")" "$(in_file)"

# More than the writer takes out of the rings at a time, from before the clock was set back.
begin --nano
writer=$(writer_of "$ours_pid")
kill -STOP "$writer"
send 0 6000
"$tools/stamps" set -3600
send 6000 100
kill -CONT "$writer"
is_exact || sed -i '6001,$d' "$work/list"
check 'what was in the rings when the clock was set back is written at once' wait_until holds 6100 ||
	diagnose "$(in_file)"
check_step back '(3600|3599)'
"$tools/stamps" set 3600
send 7000 100
check 'so is what comes after it' wait_until holds 6200
finish ours TERM
sed -i '/^7/d' "$work/list"
check_times 'packets that were in the rings keep the time at which they came'
check 'nothing is lost by it' eval '! said Loss'
echo done

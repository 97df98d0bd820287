#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pktview has given up what it does not need before it reads the first byte: its process says so, and
# whatever runs in it can open no other file, no socket, and no program. It reads files, pipes
# and compressed files all the same, as root and as anybody.
. "$(dirname "$0")/lib.sh"
pktview=build/pktview
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
# A checkout in a private home cannot be entered by others.
cp $pktview build/tests/e2e/confined.so tests/fuzz/corpus-read/{micro,gzip} "$work"
chmod -R a+rX "$work"
mkdir -m 777 "$work/open"
capture=$work/micro
"$work/pktview" list "$capture" >"$work/expected" || check 'there is something to list' false

# The program that waits for its input has said what it may do.
status_of() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }
is_confined() { [ "$(status_of "$1" NoNewPrivs)" = 1 ] && [ "$(status_of "$1" Seccomp)" = 2 ]; }
mkfifo -m 666 "$work/fifo"
for who in root nobody; do
	prefix=()
	[ $who = root ] || prefix=("${nobody[@]}")
	exec {keep}<>"$work/fifo"
	"${prefix[@]}" "$work/pktview" list - <"$work/fifo" >"$work/$who.out" 2>"$work/$who.err" {keep}>&- &
	reader=$! children+=($!)
	check "pktview of $who is confined before it reads a byte of stdin" wait_until is_confined $reader ||
		diagnose "$(cat "/proc/$reader/status")"
	cat "$capture" >&"$keep"
	exec {keep}>&-
	check "pktview of $who ends when stdin does" wait_until ended $reader
	wait $reader
	check "pktview of $who reads all of stdin within" cmp "$work/expected" "$work/$who.out"
done

# What is tried in its process: EPERM (1) by seccomp, EACCES (13) by Landlock.
expected_files='read-another-file 13
read-a-device 13
read-a-folder 13
write-the-capture 13
create-a-file 13'
expected_calls='change-a-mode 1
remove-a-file 1
open-a-socket 1
open-a-local-socket 1
become-root 1
fork 1
look-into-another 1
signal-another 1
landlock 1
run-a-program 1'
trying=(env CAPTURE="$capture" CREATED="$work/open/created" LD_PRELOAD="$work/confined.so")
"${trying[@]}" head -c 1 "$capture" >"$work/tried.out" 2>"$work/outside"
check_equal 'in another program most of it can be done' 12 "$(grep -vc -e ' [1-9]' -e ^landlock "$work/outside")" ||
	diagnose "$(<"$work/outside")"
contains "$work/outside" 'landlock 0' || skip 'other files cannot be opened' 'this kernel has no Landlock'
for who in root nobody; do
	prefix=()
	[ $who = root ] || prefix=("${nobody[@]}")
	"${prefix[@]}" "${trying[@]}" "$work/pktview" list "$capture" >"$work/tried.out" 2>"$work/tried"
	! contains "$work/outside" 'landlock 0' ||
		check_equal "within pktview of $who no file can be opened but the capture, and it for reading alone" \
			"$expected_files" "$(head -n 5 "$work/tried")"
	check_equal "within pktview of $who nothing else can be done" "$expected_calls" "$(tail -n +6 "$work/tried")" ||
		diagnose "$(<"$work/tried")"
	check "pktview of $who shows the capture all the same" cmp "$work/expected" "$work/tried.out"
done

while read -r view option; do
	for who in root nobody; do
		prefix=()
		[ $who = root ] || prefix=("${nobody[@]}")
		"${prefix[@]}" "$work/pktview" "$view" "$work/gzip" $option >"$work/gzip.out" 2>"$work/gzip.err"
		check_equal "pktview $view of $who reads a compressed file without a word of failure" '0 ' "$? $(<"$work/gzip.err")"
	done
done <<<$'list\ndetail\nhex\nhierarchy\nfollow --list'
cp "$capture" "$work/secret"
chmod 600 "$work/secret"
check_equal "a file that may not be read is named" "pktview: cannot open '$work/secret': Permission denied" \
	"$("${nobody[@]}" "$work/pktview" list "$work/secret" 2>&1)"
echo done

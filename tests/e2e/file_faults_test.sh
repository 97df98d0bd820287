#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What can happen to files that follow one another: the disk is full and has room again, it takes
# no more files, the folder goes away, the command for complete files is missing, fails or hangs.
# The rest of the files is valid, and every packet is in one of them or counted as lost.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
python=/usr/bin/python3
mib=1048576

say_why() { diagnose "status $status" "$(<"$work/$1.err")" "$(cat "$work/numbers")"; }
file_count() { find "$1" -name 'x.pcap*' | wc -l; }
has_files() { [ "$(file_count "$1")" -ge "$2" ]; }
# check_files NAME FOLDER SENTENCE STATUS: of a capture that has ended; fills count and lost.
check_files() {
	local err=$work/$1.err
	$python tests/e2e/datagram_numbers.py "$2" >"$work/numbers" 2>&1
	read -r _ files count distinct lowest highest order _ <"$work/numbers"
	lost=$(($(term 'lost: write error' "$err") + $(term 'discarded at stop' "$err")))
	check_equal "$3: the exit status is $4" "$4" "$status" || say_why "$1"
	check_equal "$3: every packet has its place in the accounting" "$(term matched "$err")" \
		$(($(term written "$err") + lost + $(term 'lost: ring full' "$err"))) || say_why "$1"
	check_equal "$3: the files are valid and hold what is said to be written, none twice, in order" \
		"$(term written "$err") $count rising" "$count $distinct $order" || say_why "$1"
}

# A disk with room for about six files of a million bytes, which others fill for a time.
mkdir "$work/small"
mount -t tmpfs -o size=8m small "$work/small"
start_capture freed -i eth0 --min-free 0 -C 1 -w "$work/small/x.pcap" 'udp port 7' || exit 1
head -c $((5 * mib)) /dev/zero >"$work/small/ballast"
start_stream 4000
check 'a disk that is full between files is told' \
	wait_until grep -q "cannot write '.*': No space left on device" "$work/freed.err"
before=$(file_count "$work/small")
rm "$work/small/ballast"
check 'when there is room, files follow one another again' wait_until has_files "$work/small" $((before + 2)) ||
	say_why freed
finish freed TERM
stop_stream
check_files freed "$work/small" 'a disk that was full while files follow one another' \
	$([ "$(term 'lost: write error' "$work/freed.err")" = 0 ] && echo 0 || echo 2)
check_equal 'a disk that was full while files follow one another: what is missing was lost' \
	"$lost" $((highest + 1 - count)) || say_why freed
rm "$work/small"/x*

# No room for another name.
mount -o remount,nr_inodes=4 "$work/small"	# the folder and three files
start_capture names -i eth0 --min-free 0 -C 1 -w "$work/small/x.pcap" 'udp port 7' || exit 1
start_stream 4000
check 'a disk that takes no more files is told' \
	wait_until grep -q "x.pcap[0-9]*'.*: No space left on device" "$work/names.err"
rm "$work/small/x.pcap"
check 'a file that is removed does not take room for long' wait_until contains "$work/names.err" 'is begun now'
check 'when there is room for a name, files follow one another again' \
	wait_until has_files "$work/small" 3 || say_why names
finish names TERM
stop_stream
read -r _ _ _ _ _ _ order _ < <($python tests/e2e/datagram_numbers.py "$work/small")
check_equal 'a disk that took no more files: the rest is in order' rising "$order"
check_equal 'a disk that took no more files: every packet has its place in the accounting' \
	"$(term matched "$work/names.err")" $(($(term written "$work/names.err") + \
		$(term 'lost: write error' "$work/names.err") + $(term 'lost: ring full' "$work/names.err") + \
		$(term 'discarded at stop' "$work/names.err")))
umount "$work/small"

# The folder goes away: the file that is open still takes packets, the next one cannot be opened.
mkdir "$work/gone" "$work/kept"
start_capture gone -i eth0 -C 1 -w "$work/gone/x.pcap" 'udp port 7' || exit 1
start_stream 4000
check 'files follow one another in a folder that will go' wait_until has_files "$work/gone" 2
ln "$work/gone"/x.pcap* "$work/kept/"
rm -r "$work/gone"
finish gone
stop_stream
$python tests/e2e/datagram_numbers.py "$work/kept" >"$work/numbers"
read -r _ _ count distinct _ _ order _ <"$work/numbers"
check_equal 'what was written before the folder went away is valid, none twice, in order' "$count rising" "$distinct $order"
check_equal 'without its folder a capture ends by itself, with status 2' 2 "$status" || say_why gone
check 'the folder that went away is told' grep -q "$work/gone/x.pcap[0-9]*'.*: No such file or directory" "$work/gone.err" ||
	say_why gone
check_equal 'without its folder every packet has its place in the accounting' "$(term matched "$work/gone.err")" \
	$(($(term written "$work/gone.err") + $(term 'lost: write error' "$work/gone.err") + \
		$(term 'lost: ring full' "$work/gone.err") + $(term 'discarded at stop' "$work/gone.err"))) || say_why gone
# One file only: as tcpdump, it goes on into what nobody can find any more.
mkdir "$work/gone"
start_capture single -i eth0 -c 100 -w "$work/gone/x.pcap" 'udp port 7' || exit 1
rm -r "$work/gone"
traffic <<<"udp $host_a $server 7 150 100"
finish single
check_equal 'a capture into one file goes on without the folder' '0 100' "$status $(term written "$work/single.err")"

# The command of -z: sentence | command | status | text
printf '#!/bin/bash\nexit 3\n' >"$work/failing"
printf '#!/bin/bash\nkill -ABRT $$\n' >"$work/dying"
printf 'no program\n' >"$work/no-program"
printf '#!/bin/bash\nexec sleep 600\n' >"$work/hanging"
chmod +x "$work/failing" "$work/dying" "$work/hanging"
cases="
a command that is not there|$work/nowhere|No such file or directory
a command that cannot be executed|$work/no-program|Permission denied
a command that fails|$work/failing|failed with exit status 3
a command that dies|$work/dying|ended by a signal: Aborted
"
while IFS='|' read -r sentence command text; do
	[ -n "$sentence" ] || continue
	rm -rf "$work/z"
	mkdir "$work/z"
	start z "$pktsieve" -i eth0 -C 1 -z "$command" -w "$work/z/x.pcap" 'udp port 7'
	wait_until listening_or_ended "$work/z.err" "$z_pid"
	traffic <<<"udp $host_a $server 7 2500 1000"
	finish z TERM
	check_files z "$work/z" "$sentence" 0
	check_equal "$sentence is told for each file" "$files 3" \
		"$(grep -c "'-z': .*'$command $work/z/x.pcap[0-9]*'.*$text" "$work/z.err") $files" || say_why z
done <<<"$cases"

# Requests within half a second are one.
ends_when_asked() { kill -INT "$1" 2>/dev/null; ended "$1"; }
# One that hangs is waited for at the end, for a time, or until the user asks again.
rm -rf "$work/z"
mkdir "$work/z"
start_capture hung -i eth0 -C 1 -z "$work/hanging" -w "$work/z/x.pcap" 'udp port 7' || exit 1
traffic <<<"udp $host_a $server 7 2500 1000"
kill -INT "$hung_pid"
check 'at the end a command that hangs is waited for' wait_until grep -q 'packets captured' "$work/hung.err"
check 'asked again, pktsieve waits no longer' wait_until ends_when_asked "$hung_pid"
finish hung
check_files hung "$work/z" 'a command that hangs' 0
mapfile -t left < <(sed -n "s/.*'-z': '.*' still runs, as process \([0-9]*\); .*/\1/p" "$work/hung.err")
check_equal 'a command that hangs is left to itself, and which process it is, for each file' 3 ${#left[@]} || say_why hung
all_run() { local pid; for pid; do ! ended "$pid" || return; done; }
check 'what is left to itself runs on' all_run "${left[@]}"
[ ${#left[@]} = 0 ] || kill "${left[@]}"
echo done

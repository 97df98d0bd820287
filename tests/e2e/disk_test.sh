#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Outputs that take no more: disks that are full, for a time or to the end, space that is to
# stay free, limits, devices, pipes without a reader. And the page cache, which is not to be
# filled either.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
mkdir "$work/small" "$work/large"
mount -t tmpfs -o size=2m small "$work/small"
mount -t tmpfs -o size=64m large "$work/large"
mib=1048576
flood="udp $host_a $server 7 3000 1400"

fill() { head -c $(($2 * mib)) /dev/zero >"$1"; }	# FILE MIB
free_bytes() { stat -f -c '%a %S' "$1" | { read -r blocks bytes; echo $((blocks * bytes)); }; }
bytes_of() { stat -c %s "$1"; }
has_grown() { [ "$(bytes_of "$1")" -gt "$2" ]; }
count_lines() { grep -c -- "$2" "$1"; }
# The columns of --stats lines: rows begin with the time, "lost" is the ninth.
loses() { awk '/^20[0-9-]+T/ && $9 > 0 { found = 1 } END { exit !found }' "$1"; }
is_valid() { "$tools/captures" count "$1" >"$work/count"; }
# The number of packets that a message tells: FILE, TEXT before it, TEXT behind it.
told() { sed -n "s/.*$2\([0-9]\+\) packets\? $3.*/\1/p" "$1" | tail -n 1; }
say_why() { diagnose "$(grep -vE '^(time|20[0-9-]+T)' "$work/$1.err")"; }	# without the lines of statistics

# check_end NAME FILE SENTENCE STATUS: a capture that has ended; leaves its terms in variables.
check_end() {
	local err=$work/$1.err
	matched=$(term matched "$err") written=$(term written "$err") lost=$(term 'lost: write error' "$err")
	discarded=$(term 'discarded at stop' "$err") ring=$(term 'lost: ring full' "$err")
	check_equal "$3: the exit status is $4" "$4" "$status" || say_why "$1"
	check_equal "$3: every packet has its place in the accounting" \
		"$matched" $((written + lost + discarded + ring)) || say_why "$1"
	[ -z "$2" ] || check_equal "$3: the file is valid and holds what is said to be written" \
		"$written" "$("$tools/captures" count "$2")"
}

# A disk that is full for a time.
file=$work/large/x.pcap
fill "$work/large/ballast" 60
start_capture freed -i eth0 --min-free 0 --stats lines --interval 200ms -w "$file" 'udp port 7'
start_stream
check 'a full disk is told' wait_until contains "$work/freed.err" "cannot write '$file': No space left on device"
check 'a full disk costs packets' wait_until loses "$work/freed.err"
check 'while the disk is full the file is valid' wait_until is_valid "$file"
full_bytes=$(bytes_of "$file")
check 'a full disk is used to its last page but one' [ "$full_bytes" -gt $((4 * mib - 8192)) ] ||
	diagnose "$full_bytes bytes"
rm "$work/large/ballast"
check 'room on the disk is told' wait_until contains "$work/freed.err" "'$file' is written again"
check 'when there is room, the file grows again' wait_until has_grown "$file" $((full_bytes + mib))
finish freed TERM
stop_stream
check_end freed "$file" 'a disk that was full for a time' 2
check 'a disk that was full for a time: the packets are in order, none twice' \
	"$tools/captures" rising "$file" >"$work/rising"
read -r hole last <"$work/rising"
check 'a disk that was full for a time: packets from before and from after are there' \
	[ "$hole" -gt 1000 -a "$last" -gt "$hole" ]
check_equal 'a disk that was full for a time: what is missing between them was lost' \
	$((last + 1 - written)) "$lost"
check_equal 'a disk that was full for a time: that is told once' \
	'1 1' "$(count_lines "$work/freed.err" 'cannot write') $(count_lines "$work/freed.err" 'is written again')"
check_equal 'a disk that was full for a time: the end of the pause says what it cost' \
	"$lost" "$(told "$work/freed.err" 'is written again: ' 'are lost')"
check_equal 'a disk that was full for a time: the summary says what it cost' \
	"$lost" "$(told "$work/freed.err" 'is not complete: ' 'are lost for want of room')"
rm "$file"

# A disk that stays full.
file=$work/small/x.pcap
start_capture full -i eth0 --min-free 0 -w "$file" 'udp port 7'
traffic <<<"$flood"
finish full TERM
check_end full "$file" 'a disk that stays full' 2
check 'a disk that stays full is named' contains "$work/full.err" "cannot write '$file': No space left on device"
check 'a disk that stays full costs packets' [ "$lost" -gt 0 ]
check_equal 'a disk that stays full: the summary says what it cost' \
	"$lost" "$(told "$work/full.err" 'is not complete: ' 'are lost for want of room')"
check 'a disk that stays full is used to its last page but one' [ "$(bytes_of "$file")" -gt $((2 * mib - 8192)) ] ||
	diagnose "$(bytes_of "$file") bytes"

# The same with a limit that is never reached, flushed packet by packet.
start_capture full -i eth0 --min-free 0 -U -c 3000 -w "$file" 'udp port 7'
traffic <<<"$flood"
finish full TERM
check_end full "$file" 'a disk that stays full, packet by packet' 2
check_equal 'a disk that stays full, packet by packet: nothing counts as behind the limit' 0 "$discarded"
rm "$file"

# Space that is to stay free.
file=$work/large/x.pcap
fill "$work/large/ballast" 40
start_capture kept -i eth0 --min-free 16M --stats lines --interval 200ms -w "$file" 'udp port 7'
start_stream
check 'space that is to stay free ends the writing' \
	wait_until contains "$work/kept.err" '16 MiB are to stay free' || say_why kept
check 'space that is to stay free costs packets' wait_until loses "$work/kept.err"
check 'space that is to stay free is left' [ "$(free_bytes "$work/large")" -ge $((16 * mib)) ] ||
	diagnose "$(free_bytes "$work/large") bytes"
check 'space that is to stay free: all other is used' [ "$(free_bytes "$work/large")" -lt $((18 * mib)) ] ||
	diagnose "$(free_bytes "$work/large") bytes"
rm "$work/large/ballast"
check 'when more is free, the file is written again' wait_until contains "$work/kept.err" "'$file' is written again"
finish kept TERM
stop_stream
check_end kept "$file" 'space that was to stay free' 2
check 'space that was to stay free: the packets are in order, none twice' \
	"$tools/captures" rising "$file" >"$work/rising"
read -r hole last <"$work/rising"
check_equal 'space that was to stay free: what is missing was lost' $((last + 1 - written)) "$lost"

# What the buffer holds survives a pause.
start_capture short -i eth0 --min-free 16M -w "$file" 'udp port 7'
fill "$work/large/ballast" 50
traffic <<<"udp $host_a $server 7 100 1000"
check 'others who fill the disk end the writing' wait_until contains "$work/short.err" 'are to stay free'
rm "$work/large/ballast"
check 'a pause that the buffer survives costs nothing' \
	wait_until contains "$work/short.err" "'$file' is written again: 0 packets are lost"
finish short TERM
check_end short "$file" 'a pause that the buffer survives' 0
check_equal 'a pause that the buffer survives: every packet is in the file' 100 "$written"

start_capture rest -i eth0 --min-free 16M -w "$file" 'udp port 7'
fill "$work/large/ballast" 50
traffic <<<"udp $host_a $server 7 100 1000"
finish rest TERM
check_end rest "$file" 'an end in a pause' 2
check_equal 'an end in a pause loses what waits in the buffer' 100 "$lost"

# Too little space at the start. The ballast leaves less than 14 MiB.
printf old >"$work/large/old.pcap"	# a page
cases="
too little space refuses|1|--min-free 16M|new|13 MiB free;16 MiB are to stay free;--min-free
too little space by percentage refuses|1|--min-free 50%|new|32 MiB are to stay free
too little space by default refuses|1||new|16 MiB are to stay free
too little space leaves the old file alone|1|--min-free 16M|old|14 MiB free
enough space starts|0|--min-free 10M|new|listening
enough space by percentage starts|0|--min-free 20%|new|listening
no limit starts|0|--min-free 0|old|listening
"
rm "$file"
while IFS='|' read -r sentence expected option name texts; do
	[ -n "$sentence" ] || continue
	start failing "$pktsieve" -i eth0 $option --duration 100ms -w "$work/large/$name.pcap"
	finish failing
	check_equal "$sentence" "$expected" "$status" || diagnose "$(<"$work/failing.err")"
	IFS=';' read -ra wanted <<<"$texts"
	for text in "${wanted[@]}"; do
		check "$sentence, and says: $text" contains "$work/failing.err" "$text" || diagnose "$(<"$work/failing.err")"
	done
	case $name$expected in
	new1) check "$sentence, and leaves no file" [ ! -e "$work/large/new.pcap" ] ;;
	old1) check_equal "$sentence, to the last byte" old "$(<"$work/large/old.pcap")" ;;
	esac
	rm -f "$work/large/new.pcap"
done <<<"$cases"
"$tools/within" $server_ns "$pktsieve" -i eth0 --min-free 16M -w - >"$work/large/out.pcap" 2>"$work/failing.err"
check_equal 'too little space for stdout refuses' 1 $?
check 'too little space for stdout is told' contains "$work/failing.err" "cannot write 'stdout': its file system"
mv "$work/large/ballast" "$work/large/old.pcap"
start_capture over -i eth0 --min-free 16M -w "$work/large/old.pcap" && finish over TERM
check_equal 'what the old file takes up counts as free' 0 "$status" || diagnose "$(<"$work/over.err")"
start_capture tiny -i eth0 -w "$work/small/x.pcap" && finish tiny TERM
check_equal 'the default leaves room on a small file system' 0 "$status" || diagnose "$(<"$work/tiny.err")"

# Errors that do not pass end the capture by themselves: sentence | text | command before.
printf '#!/bin/bash\nulimit -f 1000\nexec "$@"\n' >"$work/limited"
chmod +x "$work/limited"
start large "$work/limited" "$pktsieve" -i eth0 -w "$work/large.pcap" 'udp port 7'
wait_until listening_or_ended "$work/large.err" "$large_pid"
traffic <<<"$flood"
finish large
check_end large "$work/large.pcap" 'a file that may not grow' 2
check 'a file that may not grow is named' contains "$work/large.err" "cannot write '$work/large.pcap': File too large"
check_equal 'a file that may not grow: the message says what it cost' \
	"$lost" "$(told "$work/large.err" 'File too large; ' 'are lost, the file is valid')"
check 'a file that may not grow is used to its last packet' \
	[ "$(bytes_of "$work/large.pcap")" -gt $((1000 * 1024 - 1500)) ]

"$tools/within" $server_ns "$pktsieve" -i eth0 -w - 'udp port 7' >/dev/full 2>"$work/device.err" </dev/null &
device_pid=$! children+=($!)
finish device
check_equal 'a full device ends the capture with status 2' 2 "$status" || diagnose "$(<"$work/device.err")"
check 'a full device is named' contains "$work/device.err" "cannot write 'stdout': No space left on device"

# A pipe whose reader goes away: with the next packet, or before there is any.
"$tools/within" $server_ns "$pktsieve" -i eth0 -w - 'udp port 7' 2>"$work/pipe.err" </dev/null > >(read -rN 24) &
pipe_pid=$! children+=($!)
wait_until listening_or_ended "$work/pipe.err" "$pipe_pid"
start_stream 20
finish pipe
stop_stream
check_end pipe '' 'a pipe whose reader goes away' 2
mkfifo "$work/quiet"
"$tools/within" $server_ns "$pktsieve" -i eth0 -w - 'udp port 7' 2>"$work/quiet.err" </dev/null >"$work/quiet" &
quiet_pid=$! children+=($!)
{ wait_until listening_or_ended "$work/quiet.err" "$quiet_pid"; } <"$work/quiet"
finish quiet
check_end quiet '' 'a pipe whose reader goes away without traffic' 2
check 'a pipe whose reader goes away without traffic is named' contains "$work/quiet.err" "Broken pipe"
check 'a pipe whose reader goes away is named' contains "$work/pipe.err" "cannot write 'stdout': Broken pipe"

# A reader of a pipe need not wait for a full buffer, nor for the second.
written_calls() { awk '$1 == "syscw:" { print $2 }' "/proc/$1/io"; }
has_bytes() { [ "$(bytes_of "$1")" -ge "$2" ]; }
"$tools/within" $server_ns "$pktsieve" -i eth0 -w - 'udp port 7' 2>"$work/slow.err" </dev/null > >(exec cat >"$work/slow.pcap") &
slow_pid=$! children+=($!)
wait_until listening_or_ended "$work/slow.err" "$slow_pid"
traffic <<<"udp $host_a $server 7 40 100 20"
check 'packets come out of a pipe' wait_until has_bytes "$work/slow.pcap" $((24 + 40 * (16 + 142)))
calls=$(written_calls "$(writer_of "$slow_pid")")
finish slow TERM
check 'packets come out of a pipe one by one, without -U' [ "$calls" -gt 15 ] || diagnose "$calls calls of write(2)"

# What only close(2) tells, as on NFS.
start unsure env LD_PRELOAD="$tools/failing_close.so" "$pktsieve" -i eth0 -w "$work/unsure.pcap" 'udp port 7'
wait_until listening_or_ended "$work/unsure.err" "$unsure_pid"
traffic <<<"udp $host_a $server 7 100 100"
finish unsure TERM
check_end unsure "$work/unsure.pcap" 'an error of close(2)' 2
check 'an error of close(2) is told' contains "$work/unsure.err" "cannot close '$work/unsure.pcap': Input/output error"

# A disk that is full before the file has its header.
fill "$work/small/ballast" 3 2>"$work/fill.err"
start failing "$pktsieve" -i eth0 --min-free 0 -w "$work/small/y.pcap"
finish failing
check_equal 'a disk that is full at the start ends the capture with status 2' 2 "$status"
check 'a disk that is full at the start is named' \
	contains "$work/failing.err" "cannot write '$work/small/y.pcap': No space left on device"

# The page cache: what is written goes to the disk and out of memory.
is_in_memory() { [[ $(stat -f -c %T "$1") = @(tmpfs|ramfs|rootfs) ]]; }
folder=$work
! is_in_memory "$folder" || folder=$(mktemp -d build/cached.XXXXXX)
trap '[ "$folder" = "$work" ] || rm -rf "$folder"; clean_up' EXIT
if is_in_memory "$folder"; then
	skip 'a long file leaves the page cache' 'all file systems here are in memory themselves'
else
	file=$folder/long.pcap
	start_capture long -i eth0 -B 262144 --min-free 0 -w "$file" 'tcp port 5001'
	# However slow the disk is: only what is on it can leave the memory.
	for part in 1 2 3 4 5 6 7 8; do
		traffic <<<"bulk $host_a $server 5001 25000000"
		sync "$file"
	done
	finish long TERM
	cached=$("$tools/captures" cached "$file") bytes=$(bytes_of "$file")
	check 'a long file is long' [ "$bytes" -gt 150000000 ] || diagnose "$bytes bytes"
	check 'a long file leaves the page cache' [ "$cached" -lt $((bytes / 2)) ] ||
		diagnose "$cached of $bytes bytes"

	# Short files have nothing far behind their end; they leave it some seconds later.
	start_capture short -i eth0 -B 262144 --min-free 0 -C 8 -w "$folder/short" 'tcp port 5001'
	traffic <<<"bulk $host_a $server 5001 60000000"
	sync "$folder"/short*
	cached_in_short() { for file in "$folder"/short*; do "$tools/captures" cached "$file"; done | awk '{ sum += $1 } END { print sum + 0 }'; }
	short_is_dropped() { [ "$(cached_in_short)" -lt 20000000 ]; }
	check 'short files leave the page cache, too' wait_until short_is_dropped ||
		diagnose "$(cached_in_short) bytes"
	finish short TERM
fi
echo done

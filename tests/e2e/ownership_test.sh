#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whose the files are, where they may be, and what becomes of a capture whose next file cannot be
# opened.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
only="udp port 7 and src host $host_a"
say_why() { diagnose "$(grep -v '^ ' "$work/$1.err")"; }
list() { (cd "$1" && ls | sort -V | tr '\n' ' ' | sed 's/ $//'); }
owners() { (cd "$1" && stat -c '%a %u %g' *) | sort | uniq -c | sed 's/^ *//'; }
user_of() { awk '$1 == "Uid:" || $1 == "Gid:" { print $2, $3, $4, $5 }' "/proc/$1/status" | tr '\n' ' '; }
packets_in() {
	local file count sum=0
	for file in "$1"/*; do
		count=$("$tools/captures" count "$file") || { echo "$file is not valid: $count"; return; }
		sum=$((sum + count))
	done
	echo "$sum"
}
stream() { traffic <<<"udp $host_a $server 7 $1 1000"; }	# 97 of them are one file of -C 100k
is_gone() { [ ! -e "$1" ]; }
# check_terms NAME SENTENCE: what matched is written or lost, to the last packet.
check_terms() {
	local err=$work/$1.err
	matched=$(term matched "$err") written=$(term written "$err") lost=$(term 'lost: write error' "$err")
	check_equal "$2: every packet is accounted for" "$matched" "$((written + lost))" || say_why "$1"
}

# A directory that only root may enter, for all of a run.
mkdir -m 0700 "$work/private"
chmod 0755 "$work"
export SUDO_UID=12345 SUDO_GID=12346
start_capture ours -i eth0 -Q in -C 100k --part -w "$work/private/x" "$only"
stream 400
# A copy of the complete ones stays open for some seconds, in the writer alone.
files_of() { readlink "/proc/$1/fd"/* | grep "^$work/private/"; }
has_only_the_last_file() { [ "$(files_of "$ours_pid")" = "$work/private/x4.part" ]; }
check 'the keeper has only the file open that is written' wait_until has_only_the_last_file ||
	diagnose "$(files_of "$ours_pid")"
finish ours TERM
check_equal 'a directory that only root may enter takes every file' '0 x x1 x2 x3 x4 400' \
	"$status $(list "$work/private") $(packets_in "$work/private")" || say_why ours
check_equal 'each file is private, and of the user behind sudo' '5 600 12345 12346' "$(owners "$work/private")"

# -Z: sentence | user | writer | owner
cases="
-Z with a user|daemon|$(id -u daemon) $(id -g daemon)|$(id -u daemon) $(id -g daemon)
-Z root|root|65534 65534|0 0
"
while IFS='|' read -r sentence user writer owner; do
	[ -n "$sentence" ] || continue
	mkdir -m 0700 "$work/of-$user"
	start_capture ours -i eth0 -Q in -C 100k -Z "$user" -w "$work/of-$user/x" "$only"
	read -r uid gid <<<"$writer"
	check_equal "$sentence: who the writer is" "$uid $uid $uid $uid $gid $gid $gid $gid " "$(user_of "$(writer_of "$ours_pid")")"
	stream 200
	finish ours TERM
	check_equal "$sentence: whose the files are" "3 600 $owner" "$(owners "$work/of-$user")"
	check_equal "$sentence: every packet is in them" '0 200' "$status $(packets_in "$work/of-$user")"
done <<<"$cases"
start wrong "$pktsieve" -i eth0 -Z no-such-user -w "$work/wrong"
finish wrong
check_equal '-Z with an unknown user is an error' 1 "$status"
check '-Z with an unknown user: it is named' contains "$work/wrong.err" "'-Z no-such-user'"
check '-Z with an unknown user: no file is made' is_gone "$work/wrong"

# Symbolic links: in place of the first file, the second, and of the name behind --part.
mkdir "$work/links"
echo precious >"$work/precious"
for options in '' --part; do
	ln -sf "$work/precious" "$work/links/x"
	start wrong "$pktsieve" -i eth0 $options -w "$work/links/x"
	finish wrong
	check_equal "a symbolic link is refused${options:+ with $options}" 1 "$status"
	check "a symbolic link is named${options:+ with $options}" contains "$work/wrong.err" "'$work/links/x'"
done
rm "$work/links/x"
ln -s "$work/precious" "$work/links/x1"
start_capture link -i eth0 -Q in -C 100k -w "$work/links/x" "$only"
stream 150
finish link
check_equal 'a symbolic link in place of the second file ends the capture with status 2' 2 "$status"
check 'a symbolic link in place of the second file is named' contains "$work/link.err" "cannot open '$work/links/x1'"
check_terms link 'a symbolic link in place of the second file'
check_equal 'the file before it is valid' "$written" "$("$tools/captures" count "$work/links/x")"
check 'what was lost by it is told' contains "$work/link.err" "no file for $lost packet"
check_equal 'what a symbolic link leads to is left alone' precious "$(<"$work/precious")"

# Devices are written to, and stay where they are: copies of /dev/null.
mkdir "$work/devices"
mknod -m 0666 "$work/devices/null" c 1 3
is_device() { [ -c "$1" ]; }
for options in '-C 1k -W 1' '-G 1 --ring 1' '-C 1k --ring 2'; do
	start_capture device -i eth0 -Q in $options -w "$work/devices/null" "$only"
	stream 10
	read -rt 1.5 <>"$work/.never" || :
	finish device TERM
	check "$options: a device stays" is_device "$work/devices/null" || say_why device
	check_equal "$options: a device takes packets" '0 10' "$status $(term written "$work/device.err")"
done
start wrong "$pktsieve" -i eth0 --part -w "$work/devices/null"
finish wrong
check_equal '--part does not replace a device' 1 "$status"
check '--part: the device is named' contains "$work/wrong.err" "cannot write '$work/devices/null': it is no file"
start wrong "$pktsieve" -i eth0 -G 1 -w "$work/%F/x"
finish wrong
check_equal 'a time in the name of a directory is an error' 1 "$status"
check 'a time in the name of a directory: what may have one is said' \
	contains "$work/wrong.err" 'only the last component is expanded by strftime(3)'

# A file that is there is overwritten, which -v tells.
mkdir "$work/old"
for name in x x1; do echo old >"$work/old/$name"; done
start_capture old -v -i eth0 -Q in -C 100k -w "$work/old/x" "$only"
stream 250
finish old TERM
check_equal 'files that are there are overwritten' '0 250' "$status $(packets_in "$work/old")"
check_equal '-v tells which' 'x x1 ' \
	"$(sed -n "s|.*'$work/old/\(.*\)' was there: it is overwritten|\1|p" "$work/old.err" | tr '\n' ' ')"

# The directory goes away.
mkdir "$work/gone"
start_capture gone -i eth0 -Q in -C 100k -w "$work/gone/x" "$only"
stream 50
rm -r "$work/gone"
stream 100
finish gone
check_equal 'a directory that was removed ends the capture with status 2' 2 "$status" || say_why gone
check 'a directory that was removed is told' \
	contains "$work/gone.err" "cannot open '$work/gone/x1' for writing: No such file or directory (its directory has been removed)"
check_terms gone 'a directory that was removed'
check 'a directory that was removed: what was lost is told' contains "$work/gone.err" "no file for $lost packet"
mkdir "$work/moving"
start_capture moved -i eth0 -Q in -C 100k -w "$work/moving/x" "$only"
stream 50
mv "$work/moving" "$work/moved"
stream 100
finish moved TERM
check_equal 'a directory that was renamed is followed' '0 x x1 150' \
	"$status $(list "$work/moved") $(packets_in "$work/moved")" || say_why moved

# A name that a file cannot get.
mkdir "$work/name"
start_capture name -i eth0 -Q in -C 100k --part -w "$work/name/x" "$only"
mkdir "$work/name/x"
stream 150
finish name TERM
check_equal '--part: a name that is taken by a directory is an error, and the capture goes on' '2 x x.part x1' \
	"$status $(list "$work/name")" || say_why name
check '--part: the name is told' contains "$work/name.err" "cannot rename '$work/name/x.part' to '$work/name/x': Is a directory"
check_equal '--part: the file stays' 97 "$("$tools/captures" count "$work/name/x.part")"

# A file system without room for another file: for a time, and to the end.
mkdir "$work/inodes"
mount -t tmpfs -o size=16m,nr_inodes=4 inodes "$work/inodes"
inode_waits() { contains "$work/inodes.err" "cannot open '$work/inodes/x2' for writing: No space left on device; packets wait"; }
: >"$work/inodes/ballast"
start_capture inodes -i eth0 -Q in --min-free 0 -C 100k -w "$work/inodes/x" "$only"
stream 300
check 'no room for the next file is told' wait_until inode_waits || say_why inodes
rm "$work/inodes/ballast"
has_begun() { contains "$work/inodes.err" "'$work/inodes/x2' is begun now"; }
check 'the file is begun when there is room' wait_until has_begun
# The fourth does not find room before the end.
finish inodes TERM
check_terms inodes 'no room for another file'
check_equal 'no room to the end ends it with status 2' '2 291' "$status $written"
check_equal 'the files before are valid' 291 "$(packets_in "$work/inodes")"
check 'packets without a file are told' contains "$work/inodes.err" "no file for 9 packets: lost"
rm "$work/inodes"/*
: >"$work/inodes/ballast"
start_capture inodes -i eth0 -Q in --min-free 0 -C 100k -w "$work/inodes/x" "$only"
stream 250
wait_until inode_waits
rm "$work/inodes/ballast"
finish inodes TERM
check_equal 'room that comes at the end is enough: nothing is lost' '0 250' "$status $(packets_in "$work/inodes")" || say_why inodes
rm "$work/inodes"/*
: >"$work/inodes/ballast"
start_capture rings -i eth0 -Q in -B 1 --min-free 0 -C 100k -w "$work/inodes/x" "$only"
traffic <<<"udp $host_a $server 7 8000 1000 4000"
rings_wait() { contains "$work/rings.err" "cannot open '$work/inodes/x2'"; }
wait_until rings_wait
mount -o remount,nr_inodes=1000 "$work/inodes"
rings_go_on() { contains "$work/rings.err" "'$work/inodes/x2' is begun now: "; }
check 'the file is begun when there is room again' wait_until rings_go_on
finish rings TERM
rm "$work/inodes/ballast"
lost=$(term 'lost: ring full' "$work/rings.err")
told=$(sed -n "s|.*x2' is begun now: \([0-9]*\) packets are lost|\1|p" "$work/rings.err")
check 'what the rings lose meanwhile is told' [ "${told:-0}" -gt 0 -a "${told:-0}" -le "$lost" ] || say_why rings
check_equal 'it is a loss by the disk, with status 2' 2 "$status"
check_equal 'all else is in the files' "$(term written "$work/rings.err")" "$(packets_in "$work/inodes")"
rm "$work/inodes"/*

# A file system that has no room for the header of the next file: it takes one file, in full pages.
umount "$work/inodes"
mount -t tmpfs -o size=104k inodes "$work/inodes"
start_capture header -i eth0 -Q in --min-free 0 -C 100k -w "$work/inodes/x" "$only"
stream 150
header_waits() { contains "$work/header.err" "cannot write '$work/inodes/x1': No space left on device; packets wait"; }
check 'no room for the header of the next file is told' wait_until header_waits || say_why header
check 'no file without a header stays' wait_until is_gone "$work/inodes/x1"
mount -o remount,size=1m "$work/inodes"
begun() { contains "$work/header.err" "'$work/inodes/x1' is begun now"; }
check 'the header is written when there is room' wait_until begun
finish header TERM
check_equal 'no room for the header of the next file: nothing is lost' '0 150' \
	"$status $(packets_in "$work/inodes")" || say_why header
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command of -z: once for each complete file, as their owner, without a shell, and what
# becomes of it is told.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
only="udp port 7 and src host $host_a"
chmod 0755 "$work"	# the owners of the files are others
mkdir -m 0777 "$work/out"
say_why() { diagnose "$(grep -v '^ ' "$work/$1.err")"; }
list() { (cd "$1" && ls | sort -V | tr '\n' ' ' | sed 's/ $//'); }
# make_command NAME: a program of the lines on stdin.
make_command() { { echo '#!/bin/bash'; cat; } >"$work/$1"; chmod 0755 "$work/$1"; }
lines() { wc -l <"$1" 2>/dev/null || echo 0; }
has_lines() { [ -e "$1" ] && [ "$(lines "$1")" -ge "$2" ]; }

# What a command sees: file, arguments, whether the file is complete, who it is, its surroundings.
make_command note <<'END'
readlink /proc/$$/fd/* >>"${0%/*}/out/descriptors"	# bash's own is the script
size=$(stat -c %s "$1")
{
	echo "$# $1 $size"
	echo "$1 $(id -u) $(id -g) $(id -G)" >>"${0%/*}/out/who"
	rights=$(grep -E '^(Cap(Eff|Prm|Inh|Amb)|Sig(Blk|Ign)):' /proc/self/status | tr -d '\n\t')
	echo "$rights" >>"${0%/*}/out/rights"	# in one piece: several commands run at once
	nice >>"${0%/*}/out/priority"
	ps -o sid= -p $$ >>"${0%/*}/out/session"
} >>"${0%/*}/out/files"
END
mkdir -m 0777 "$work/each"
SUDO_UID=12345 SUDO_GID=12346 start_capture each -i eth0 -Q in -C 100k -z "$work/note" --part -w "$work/each/x y;\$z" "$only"
traffic <<<"udp $host_a $server 7 250 1000"
check 'the command runs while the capture goes on' wait_until has_lines "$work/out/files" 2
check_equal 'it does not run with the file that is written' 2 "$(lines "$work/out/files")"
finish each TERM
check_equal 'the command runs once for each file, the last included, behind its renaming, without a shell' \
	"1 $work/each/x y;\$z $(stat -c %s "$work/each/x y;\$z")
1 $work/each/x y;\$z1 $(stat -c %s "$work/each/x y;\$z1")
1 $work/each/x y;\$z2 $(stat -c %s "$work/each/x y;\$z2")" "$(sort "$work/out/files")" || say_why each
check_equal 'a command that does its work changes nothing else' 0 "$status"
check_equal 'it runs as the owner of the files, in no other group' '12345 12346 12346' \
	"$(awk '{ print $(NF - 2), $(NF - 1), $NF }' "$work/out/who" | sort -u)"
check_equal 'it has no capability, no signal blocked or ignored' \
	'SigBlk:0000000000000000SigIgn:0000000000000000CapInh:0000000000000000CapPrm:0000000000000000CapEff:0000000000000000CapAmb:0000000000000000' \
	"$(sort -u "$work/out/rights")"
check_equal 'it has stdin from nowhere, stdout and stderr, nothing else' \
	"$(printf '%s\n' /dev/null "$work/each.err" "$work/each.out" "$work/note")" "$(sort -u "$work/out/descriptors")"
check_equal 'it has no descriptor twice' 12 "$(lines "$work/out/descriptors")"
check_equal 'it has the lowest priority' 19 "$(sort -u "$work/out/priority")"
check 'it is out of the reach of a Ctrl-C' [ "$(sort -u "$work/out/session" | grep -cx " *$(ps -o sid= -p $$ | tr -d ' ')")" = 0 ]

# The groups of a user are those of the user database.
rm "$work/out"/*
mkdir -m 0777 "$work/named"
start_capture named -i eth0 -Z nobody -z "$work/note" -w "$work/named/x" "$only"
finish named TERM
check_equal 'with -Z it runs as that user, with the groups of that user' \
	"$work/named/x $(id -u nobody) $(id -g nobody) $(id -G nobody)" "$(<"$work/out/who")" || say_why named
check_equal 'a capture of one file runs it, too' 1 "$(lines "$work/out/files")"

# Commands that fail: sentence | command | text.
make_command failing <<<'exit 3'
make_command dying <<<'kill -KILL $$'
printf 'no program\n' >"$work/text"
cases="
a command that is not there|no-such-command|cannot run 'no-such-command FILE': No such file or directory
a command that is no program|$work/text|cannot run '$work/text FILE': Permission denied
a command that fails|$work/failing|'$work/failing FILE' failed with exit status 3
a command that dies|$work/dying|'$work/dying FILE' was ended by a signal: Killed
"
while IFS='|' read -r sentence command text; do
	[ -n "$sentence" ] || continue
	mkdir "$work/bad"
	start_capture bad -i eth0 -Q in -C 100k -z "$command" -w "$work/bad/x" "$only"
	traffic <<<"udp $host_a $server 7 120 1000"
	finish bad TERM
	for file in x x1; do
		check "$sentence is told, with $file" contains "$work/bad.err" "${text/FILE/$work/bad/$file}" || say_why bad
	done
	check_equal "$sentence changes nothing of the capture" '0 120' "$status $(term written "$work/bad.err")"
	rm -r "$work/bad"
done <<<"$cases"

# Commands that hang do not pile up, and are left behind at a second INT.
make_command hanging <<END
echo \$\$ >>"$work/out/hanging"
exec sleep 1000
END
rm -f "$work/out"/*
mkdir "$work/hangs"
start_capture hangs -i eth0 -Q in -C 10k -z "$work/hanging" --ring 8 -w "$work/hangs/x" "$only"
traffic <<<"udp $host_a $server 7 200 1000"
is_at_last_file() { [ -e "$work/hangs/x19" ]; }
wait_until has_lines "$work/out/hanging" 4
check 'a command that hangs holds nothing up' wait_until is_at_last_file
check_equal 'four commands run at once, no more' 4 "$(lines "$work/out/hanging")"
check_equal 'the ring goes on meanwhile' 8 "$(ls "$work/hangs" | wc -l)"
check 'a file that has to go before its turn is told' \
	contains "$work/hangs.err" "'$work/hanging $work/hangs/x4' was not run: the file had to make room"
kill -INT "$hangs_pid"
has_ended() { grep -q '^accounting' "$work/hangs.err"; }
check 'the capture ends while commands hang' wait_until has_ended
check 'pktsieve waits for them' kill -0 "$hangs_pid"
read -rt 0.5 <>"$work/.never" || :
finish hangs INT
check_equal 'a second INT ends the waiting, with the status of the capture' '0 200' \
	"$status $(term written "$work/hangs.err")" || say_why hangs
i=0
for pid in $(<"$work/out/hanging"); do
	check "process $((++i)) that is left behind is named" contains "$work/hangs.err" "still runs, as process $pid;"
	check "process $i that is left behind runs on" kill -KILL "$pid"
done
check 'files for which no command was begun are named' \
	contains "$work/hangs.err" "'$work/hanging $work/hangs/x19' was not run: others did not end before"

# One that hangs alone is waited for, not for ever.
rm -f "$work/out"/*
start_capture alone -i eth0 -z "$work/hanging" -w "$work/alone" "$only"
begin=$SECONDS
finish alone TERM
check 'a command that hangs at the end is waited for, and then left behind' \
	contains "$work/alone.err" "still runs, as process $(<"$work/out/hanging");" || say_why alone
check 'it is given some seconds' [ $((SECONDS - begin)) -ge 9 ]
check_equal 'leaving it behind is no error' 0 "$status"
kill -KILL "$(<"$work/out/hanging")"

# A writer that was killed: its file is cut, and complete as it will ever be.
rm -f "$work/out"/*
mkdir "$work/killed"
start_capture killed -i eth0 -Q in -U -C 100k --part -z "$work/note" -w "$work/killed/x" "$only"
traffic <<<"udp $host_a $server 7 150 1000"
wait_until [ -e "$work/killed/x1.part" ]
wait_until has_lines "$work/out/files" 1
kill -KILL "$(writer_of "$killed_pid")"
finish killed
check_equal 'a killed writer: status 2, and its file gets its name' '2 x x1' "$status $(list "$work/killed")"
check_equal 'a killed writer: the command runs with its file' 2 "$(lines "$work/out/files")"
check 'a killed writer: its file is valid' "$tools/captures" count "$work/killed/x1"

# A keeper that was killed: the writer still completes the file, but cannot name it.
rm -f "$work/out"/*
mkdir "$work/orphan"
start_capture orphan -i eth0 -Q in -C 100k --part -z "$work/note" -w "$work/orphan/x" "$only"
traffic <<<"udp $host_a $server 7 150 1000"
wait_until has_lines "$work/out/files" 1
writer=$(writer_of "$orphan_pid")
kill -KILL "$orphan_pid"
check 'a killed keeper: the writer ends' wait_until ended "$writer"
finish orphan
check_equal 'a killed keeper: all packets are in valid files' '97 53' \
	"$("$tools/captures" count "$work/orphan/x") $("$tools/captures" count "$work/orphan/x1.part")"
check_equal 'a killed keeper: no command is run with the last file' 1 "$(lines "$work/out/files")"

# As an operator uses it.
mkdir "$work/gzip"
start_capture gzip -i eth0 -Q in -C 100k -z gzip -w "$work/gzip/x" "$only"
traffic <<<"udp $host_a $server 7 250 1000"
finish gzip TERM
check_equal '-z gzip compresses each file' '0 x.gz x1.gz x2.gz' "$status $(list "$work/gzip")"
echo done

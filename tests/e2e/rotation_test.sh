#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# One file after the other: the same names and sizes as tcpdump's, the borders of the clock with
# and without traffic, rings, .part, and no packet lost or twice.
. "$(dirname "$0")/lib.sh"
export TZ=UTC0
make_network || exit 1
only="udp port 7 and src host $host_a"

# Packets in all files of a folder that are valid to their end.
packets_in() {
	local file count sum=0
	for file in "$1"/*; do
		[ -e "$file" ] || continue
		count=$("$tools/captures" count "$file") || { echo "$file is not valid: $count"; return; }
		sum=$((sum + count))
	done
	echo "$sum"
}
has_packets() { [ "$(packets_in "$1")" = "$2" ]; }
list() { (cd "$1" && ls); }
sizes() { (cd "$1" && stat -c '%n %s' *); }
has_files() { [ "$(list "$1" | wc -l)" -ge "$2" ]; }
# Each datagram has a number, so one that is there twice or not at all shows.
wrong_numbers() {
	for file in "$1"/*; do "$tools/captures" numbers "$file"; done | sort -n | awk '
		NR > 1 && $1 != last + 1 { print $1 " behind " last }
		{ last = $1 }' | head -n 3
}
# Packets that are not in the file of their time: the names are seconds, the interval is SECONDS.
wrong_times() {	# FOLDER SECONDS
	for file in "$1"/*; do
		"$tools/captures" numbers "$file" | awk -v begin="${file##*/}" -v seconds="$2" '
			$2 < begin || $2 >= begin + seconds { print $2 " in " begin }' | head -n 1
	done
}
say_why() { diagnose "$(grep -v '^ ' "$work/$1.err")"; }

# Beside tcpdump, on the same packets: sentence | options | name | files at the end.
cases="
-C alone|-C 1|f|
-C with a width of one|-C 1 -W 3|f|
-C with a width of two|-C 1 -W 11|f|
-C -W 1|-C 1 -W 1|f|
-G alone|-G 1000|f-%Y|
-G and -C|-G 1000 -C 1|f-%Y|
-G, -C and -W|-G 1000 -C 2 -W 4|f-%Y|
-C and a name of a type|-C 1|f.pcap|
"
number=0 names=()
while IFS='|' read -r sentence options name _; do
	[ -n "$sentence" ] || continue
	number=$((number + 1))
	mkdir "$work/theirs$number" "$work/ours$number"
	start theirs$number tcpdump -Z root -n -U --immediate-mode -B 65536 -i eth0 -Q in $options \
		-w "$work/theirs$number/$name" "$only"
	pid=theirs${number}_pid
	wait_until listening_or_ended "$work/theirs$number.err" "${!pid}"
	start_capture ours$number -i eth0 -Q in $options -w "$work/ours$number/$name" "$only"
done <<<"$cases"
traffic <<<"udp $host_a $server 7 4000 1200-1400 2000"
# A rate that no ring of tcpdump's minds; it says so itself if one did.
i=0
while IFS='|' read -r sentence options name _; do
	[ -n "$sentence" ] || continue
	i=$((i + 1))
	finish ours$i TERM
	written=$(term written "$work/ours$i.err")
	check_equal "$sentence: pktsieve wrote all packets" '0 4000' "$status $written" || say_why ours$i
	finish theirs$i TERM
	check "$sentence: so did tcpdump" contains "$work/theirs$i.err" '4000 packets captured'
	check_equal "$sentence: the names and sizes are tcpdump's" "$(sizes "$work/theirs$i")" "$(sizes "$work/ours$i")"
	for file in "$work/theirs$i"/*; do
		"$tools/captures" equal "$file" "$work/ours$i/${file##*/}" >"$work/differences" && continue
		diagnose "${file##*/}: $(<"$work/differences")"
		break
	done
	check "$sentence: each file has the packets of tcpdump's" [ ! -s "$work/differences" ]
done <<<"$cases"
check_equal '-C: nothing is lost or twice' '4000' "$(packets_in "$work/ours1")"
check_equal '-C: each packet is in one file' '' "$(wrong_numbers "$work/ours1")"

# The number of files, and the words at its end, are tcpdump's with -G -W.
for option in '' '-C 100'; do
	mkdir "$work/limited${option:+C}"
	start_capture limited -i eth0 -Q in -G 1 -W 2 $option -w "$work/limited${option:+C}/x-%s" "$only"
	if [ -z "$option" ]; then
		finish limited
		check_equal '-G -W 2 ends by itself, without traffic, with status 0' 0 "$status" || say_why limited
		check '-G -W 2 says so in the words of tcpdump' \
			contains "$work/limited.err" $'\nMaximum file limit reached: 2\n0 packets captured\n'
		check_equal '-G -W 2 leaves two files' 2 "$(list "$work/limited" | wc -l)"
	else
		check '-G -C -W 2 goes on' wait_until has_files "$work/limitedC" 2
		read -rt 2 <>"$work/.never" || :
		check '-G -C -W 2 is a ring of two in all' [ "$(list "$work/limitedC" | wc -l)" -le 2 ]
		check '-G -C -W 2 does not end' kill -0 "$limited_pid"
		finish limited TERM
		check_equal '-G -C -W 2 leaves two files' '0 2' "$status $(list "$work/limitedC" | wc -l)"
	fi
done

# Files of the clock, empty ones too; packets are where their own time says.
mkdir "$work/clock"
start_capture clock -i eth0 -Q in -G 2 -w "$work/clock/%s" "$only"
check 'the clock begins files without traffic' wait_until has_files "$work/clock" 3
traffic <<<"udp $host_a $server 7 3000 100 1000"
finish clock TERM
check_equal 'the clock: nothing is lost or twice' '0 3000 3000' \
	"$status $(term written "$work/clock.err") $(packets_in "$work/clock")" || say_why clock
check_equal 'the clock: each packet is in one file' '' "$(wrong_numbers "$work/clock")"
check_equal 'files begin in the rhythm of -G' '' \
	"$(list "$work/clock" | awk 'NR == 1 { first = $1 } ($1 - first) % 2')"
check_equal 'each packet is in the file of its time' '' \
	"$(wrong_times "$work/clock" 2)"

# --align, in a zone that is off by an odd number of seconds.
mkdir "$work/aligned"
TZ=XST-0:00:01 start_capture aligned -i eth0 -Q in -G 2 --align -w "$work/aligned/%s" "$only"
check '--align: files begin' wait_until has_files "$work/aligned" 4
finish aligned TERM
check_equal '--align: all but the first begin at multiples in local time' '' \
	"$(list "$work/aligned" | awk 'NR > 1 && ($1 + 1) % 2')"

# Packets that are in the rings when the clock ends a file: the writer does not run meanwhile.
mkdir "$work/late"
start_capture late -i eth0 -Q in -G 2 -w "$work/late/%s" "$only"
writer=$(writer_of "$late_pid")
kill -STOP "$writer"
traffic <<<"udp $host_a $server 7 5000 100 1000"
kill -CONT "$writer"
finish late TERM
check_equal 'a writer that was stopped: nothing is lost or twice' '0 5000 5000' \
	"$status $(term written "$work/late.err") $(packets_in "$work/late")" || say_why late
check_equal 'a writer that was stopped: each packet is in the file of its time' '' \
	"$(wrong_times "$work/late" 2)"

# --ring: what is not of this capture stays.
mkdir "$work/ring"
echo mine >"$work/ring/0-mine"
start_capture ring -i eth0 -Q in -C 100k --ring 3 -U -w "$work/ring/x" "$only"
traffic <<<"udp $host_a $server 7 2000 1000 2000"
finish ring TERM
check_equal '--ring 3: three files stay, with the highest numbers' '0 0-mine x18 x19 x20' \
	"$status $(list "$work/ring" | sort -V | tr '\n' ' ' | sed 's/ $//')"
check_equal '--ring 3: the rest is counted as written all the same' 2000 "$(term written "$work/ring.err")"
mkdir "$work/ring2"
start_capture ring -i eth0 -Q in -G 1 --ring 2 -w "$work/ring2/%s" "$only"
wait_until has_files "$work/ring2" 2
first=$(list "$work/ring2" | head -n 1)
is_gone() { [ ! -e "$1" ]; }
check '--ring with -G removes files by the clock' wait_until is_gone "$work/ring2/$first"
check '--ring with -G keeps no more' [ "$(list "$work/ring2" | wc -l)" -le 2 ]
finish ring TERM
# Written over and over, and not removed at its turn.
mkdir "$work/ring3"
start_capture ring -i eth0 -Q in -G 1 --ring 2 -w "$work/ring3/x" "$only"
check 'a name without a time is warned of' contains "$work/ring.err" "each file overwrites the one before"
read -rt 4 <>"$work/.never" || :
traffic <<<"udp $host_a $server 7 1 100"
finish ring TERM
check_equal '--ring: a file that is written over is not removed' '0 x' "$status $(list "$work/ring3")"

# --part, -U, -c, --nano, each over many files.
mkdir "$work/part"
start_capture part -i eth0 -Q in -C 100k --part -U -w "$work/part/x" "$only"
traffic <<<"udp $host_a $server 7 250 1000"
check '--part: the file that is written has the suffix' wait_until [ -e "$work/part/x2.part" ]
check_equal '--part: the complete ones have not' 'x x1 x2.part' "$(list "$work/part" | tr '\n' ' ' | sed 's/ $//')"
finish part TERM
check_equal '--part: at the end none has' '0 x x1 x2' "$status $(list "$work/part" | tr '\n' ' ' | sed 's/ $//')"
check_equal '--part: nothing is lost' 250 "$(packets_in "$work/part")"
mkdir "$work/limit"
start_capture limit -i eth0 -Q in -C 100k -c 500 -w "$work/limit/x" "$only"
traffic <<<"udp $host_a $server 7 1000 1000"
finish limit
check_equal '-c counts over all files' '0 500' "$status $(packets_in "$work/limit")"
check_equal '-c: the file behind the limit is not begun' 'x x1 x2 x3 x4 x5' "$(list "$work/limit" | sort -V | tr '\n' ' ' | sed 's/ $//')"

# Other formats: each file is one of its own, and its name says what it is.
is_larger() { [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt "$2" ]; }
for name in x.pcapng x.pcap.gz x.pcapng.gz; do
	folder=$work/of-$name
	mkdir "$folder"
	[[ $name = *.gz ]] && size=1k || size=100k	# what is compressed counts
	start_capture format -i eth0 -Q in -C $size -w "$folder/$name" "$only"
	first=$name second=${name}1
	traffic <<<"udp $host_a $server 7 150 1000"
	check "-C with $name: a file has what was flushed" wait_until is_larger "$folder/$first" 1024
	traffic <<<"udp $host_a $server 7 300 1000"
	finish format TERM
	[[ $name != *.gz ]] || second=${name/./1.}
	check "-C with $name: the files are $first, $second and so on" [ -e "$folder/$first" -a -e "$folder/$second" ] ||
		diagnose "$(list "$folder")"
	for file in "$folder"/*.gz; do
		[ ! -e "$file" ] || gzip -dc <"$file" >"$file.plain" && rm -f "$file"
	done
	check_equal "-C with $name: nothing is lost, every file is valid" '0 450' "$status $(packets_in "$folder")"
done

# stdout is no file.
for option in '-C 1' '-G 1' '--ring 2' --part '-z true'; do
	start wrong "$pktsieve" -i eth0 $option -w -
	finish wrong
	check_equal "$option and -w - are refused" 1 "$status"
	check "$option and -w -: the option is named" contains "$work/wrong.err" "'${option%% *}'"
done
echo done

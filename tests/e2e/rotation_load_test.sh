#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Rotation while 10,000 packets come a second, each with its number: how many files there are,
# how they are called, how large they are, and that no packet is in two of them or in none.
# Where tcpdump has the same options it runs beside.
. "$(dirname "$0")/beside.sh"
make_network || exit 1
rate=10000 packets=30000
python=/usr/bin/python3
filter='udp port 7 or ether proto 0x88b5'
options='-Q in'

# start_ours NAME FILE OPTION..., start_theirs NAME FILE OPTION...: in a folder of that name.
start_ours() {
	local name=$1 file=$2; shift 2
	mkdir "$work/$name"
	start_capture "$name" -i eth0 -Q in -w "$work/$name/$file" "$@" "$filter" && ours+=("$name") ||
		check "$name: pktsieve starts" false
}
start_theirs() {
	local name=$1 file=$2 pid=$1_pid; shift 2
	mkdir "$work/$name"
	start "$name" tcpdump -Z root -n -U -B 65536 -i eth0 -Q in -w "$work/$name/$file" "$@" "$filter"
	wait_until listening_or_ended "$work/$name.err" "${!pid}"
	theirs+=("$name")
}
ours=() theirs=()

# One CPU, so that the numbers rise in the files. Ends all, and leaves what datagram_numbers.py says.
play_stream() {
	local name status_of=()
	taskset -c 0 "$tools/traffic" $server_ns $client_ns <<<"udp $host_a $server 7 $packets 200 $rate"
	mark
	for name in "${theirs[@]}"; do
		wait_until has_ended "$name" || diagnose "$name does not write the end"
		finish "$name" TERM
		echo "$status" >"$work/$name.status"
	done
	for name in "${ours[@]}"; do
		case $name in
		gw | gring | cgw) finish "$name" ;;	# these end by themselves
		*) finish "$name" TERM ;;
		esac
		echo "$status" >"$work/$name.status"
	done
	$python tests/e2e/datagram_numbers.py "${ours[@]/#/$work/}" "${theirs[@]/#/$work/}" >"$work/numbers" ||
		check 'all files are valid' false
	ours=() theirs=()
}
has_ended() { local pid=$1_pid; grep -qr Finish "$work/$1" || ended "${!pid}"; }

# look NAME: what is said of a folder, into variables; sizes is NAME=BYTES...
look() {
	read -r _ files count distinct lowest highest order sizes < <(grep "^$1 " "$work/numbers")
	captured=$(sed -n 's/ packets captured$//p' "$work/$1.err")
	lost=$(sed -n 's/ packets dropped by kernel$//p' "$work/$1.err")
	status=$(<"$work/$1.status")
}
names() { tr ' ' '\n' <<<"$sizes" | cut -d = -f 1; }
say_figures() { diagnose "$(grep "^$1 " "$work/numbers")" "$(<"$work/$1.err")"; }

# complete NAME SENTENCE: everything that was sent is in the files, once.
complete() {
	look "$1"
	check_equal "$2: the exit status is 0, nothing is lost" '0 0' "$status $lost" || say_figures "$1"
	check_equal "$2: the sum over the files is what is said to be captured" "$captured" "$count" || say_figures "$1"
	check_equal "$2: every packet is there, none twice, in order" "$packets 0 $((packets - 1)) rising $((packets + 1))" \
		"$distinct $lowest $highest $order $count" || say_figures "$1"
}
# the_newest NAME SENTENCE: a ring; its files hold what came last, without a hole.
the_newest() {
	look "$1"
	check_equal "$2: the exit status is 0, nothing is lost" '0 0' "$status $lost" || say_figures "$1"
	check_equal "$2: the files hold the last packets, none twice, in order" \
		"$((packets - 1)) $((highest - lowest + 1)) rising" "$highest $distinct $order" || say_figures "$1"
	check "$2: older packets are gone" [ "$lowest" -gt 0 ] || say_figures "$1"
}
same_files() {	# OURS THEIRS SENTENCE
	look "$2"
	local expected=$sizes
	look "$1"
	check_equal "$3: names and sizes are tcpdump's" "$expected" "$sizes"
}
all_match() { ! names | grep -vxE "$1"; }	# what does not match is printed

# By size.
cat >"$work/finished" <<'END'
#!/bin/bash
echo "${1##*/}=$(stat -c %s "$1")" >>"${1%/*}/../z.log"
END
chmod +x "$work/finished"
start_theirs c_theirs x.pcap -C 1
start_theirs cw_theirs x.pcap -C 1 -W 3
start_ours c x.pcap -C 1
start_ours cw x.pcap -C 1 -W 3
start_ours cz x.pcap -C 1 -z "$work/finished"
start_ours cring x.pcap -C 1 --ring 3
start_ours cng x.pcapng -C 1
start_ours cgz x.pcap.gz -C 100k
play_stream
complete c 'files by size'
check 'files by size: they are several' [ "$files" -ge 7 ]
same_files c c_theirs 'files by size'
# Size is looked at before each packet, so the last one goes beyond it.
too_small() { tr ' ' '\n' <<<"$sizes" | head -n -1 | awk -F = '$2 <= 1000000 || $2 > 1000000 + 16 + 242'; }
look c
check_equal 'files by size: each but the last is larger than the limit, by one packet at most' '' "$(too_small)"
the_newest cw 'a ring by size'
same_files cw cw_theirs 'a ring by size'
check_equal 'a ring by size has three files' 3 "$files"
complete cz 'files by size with a command'
check_equal 'the command runs once for every file, when it is complete, the last included' \
	"$(tr ' ' '\n' <<<"$sizes" | sort)" "$(sort "$work/z.log")"
the_newest cring 'a ring by size that is not written over'
check_equal 'a ring by size that is not written over has three files' 3 "$files"
complete cng 'files in pcapng by size'
check 'files in pcapng by size: they are several' [ "$files" -ge 7 ]
complete cgz 'compressed files by size'
check 'compressed files by size: they are several' [ "$files" -ge 2 ] || say_figures cgz

# By the clock.
start_theirs g_theirs x-%H%M%S.pcap -G 1
start_theirs cg_theirs x-%H%M%S.pcap -C 1 -G 2
start_theirs cgw_theirs x-%H%M%S.pcap -C 1 -G 2 -W 3
start_theirs gw_theirs x-%H%M%S.pcap -G 1 -W 2
start_ours g x-%H%M%S.pcap -G 1
start_ours cg x-%H%M%S.pcap -C 1 -G 2
# Rings by the clock forget what was long ago, so these end at the last packet.
start_ours gring x-%H%M%S.pcap -G 1 --ring 2 -c $packets
start_ours cgw x-%H%M%S.pcap -C 1 -G 2 -W 3 -c $packets
start_ours gw x-%H%M%S.pcap -G 2 -W 2	# the last: its time is short
play_stream
complete g 'files by the clock'
check 'files by the clock: one for each second, called by the time' eval '[ $files -ge 3 ] && all_match "x-[0-9]{6}\.pcap"' ||
	say_figures g
complete cg 'files by clock and size'
check 'files by clock and size: called by time and number' \
	eval '[ $files -ge 7 ] && all_match "x-[0-9]{6}\.pcap[0-9]*"' || say_figures cg
forms() { look "$1"; names | sed 's/-[0-9]*\./-TIME./' | sort -u; }
check_equal 'files by the clock have names of the form of tcpdump'\''s' "$(forms g_theirs)" "$(forms g)"
# Which number is the highest depends on where in the first interval the packets begin.
check_equal 'files by clock and size have names of the form of tcpdump'\''s' \
	"$(forms cg_theirs | head -n 3)" "$(forms cg | head -n 3)"
look gw
check_equal 'with -G -W it ends by itself, with so many files' '0 2' "$status $files" || say_figures gw
check_equal 'with -G -W the sum over the files is what is said to be captured' "$captured" "$count"
check_equal 'with -G -W no packet is missing up to the end, none twice' "$((highest + 1)) 0 rising" "$distinct $lowest $order"
check_equal 'with -G -W it says so as tcpdump does' "$(grep -c '^Maximum file limit reached: 2$' "$work/gw_theirs.err")" \
	"$(grep -c '^Maximum file limit reached: 2$' "$work/gw.err")"
check_equal 'with -G -W it ends with the status of tcpdump' "$(<"$work/gw_theirs.status")" "$(<"$work/gw.status")"
the_newest gring 'a ring by the clock'
check_equal 'a ring by the clock has two files' 2 "$files"
the_newest cgw 'a ring by clock and size'
check_equal 'a ring by clock and size has three files in all' 3 "$files"
# tcpdump keeps them all.
named_as_theirs() { ! comm -13 <(forms cgw_theirs) <(forms cgw) | grep .; }
check 'a ring by clock and size has names of the form of tcpdump'\''s' named_as_theirs ||
	diagnose "$(forms cgw)" "tcpdump: $(forms cgw_theirs)"
echo done

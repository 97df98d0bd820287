#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tcpdump's command lines with the name changed: both run beside each other on the same packets,
# and write the same file and the same words. What pktsieve has not, it says.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
datagrams="
udp $host_a $server 7 12 64-800
udp $host_b $server 7 9 64-800
udp $host_a $server 9 4 64-800"
echo "udp port 7 and src host $host_a" >"$work/filter"

said() { contains "$work/ours.err" "$1"; }
# The words on stderr that both have: the line at the start, the three at the end. (With -v
# tcpdump also counts, each second, on a line that it writes over.)
words() {
	sed -n -e 's/.*\r//' -e 's/^tcpdump: listening/pktsieve: listening/' -e '/^pktsieve: listening/p' \
		-e '/^[0-9]* packets* \(captured\|received by filter\|dropped by \(kernel\|interface\)\)$/p' "$work/$1.err"
}
is_over() { [ "$("$tools/captures" count "$work/$1.pcap" 2>/dev/null)" = "$2" ]; }
# compare PACKETS LINE: a command line as it is typed, FILE in it stands for the file.
compare() {
	local packets=$1 line=$2 arguments ours theirs
	rm -f "$work"/{ours,theirs}.pcap
	eval "arguments=(${line//FILE/'"$work"'/theirs.pcap})"
	start theirs tcpdump -U --immediate-mode -Z root "${arguments[@]}"
	wait_until listening_or_ended "$work/theirs.err" "$theirs_pid"
	eval "arguments=(${line//FILE/'"$work"'/ours.pcap})"
	start_capture ours -U "${arguments[@]}" || { check "pktsieve $line" false; return; }
	traffic <<<"$datagrams" || diagnose 'the traffic failed'
	[ ! -s "$work/theirs.out" ] || { mv "$work/theirs.out" "$work/theirs.pcap"; mv "$work/ours.out" "$work/ours.pcap"; }
	wait_until is_over theirs "$packets" && wait_until is_over ours "$packets"
	finish theirs TERM
	theirs=$status
	finish ours TERM
	ours=$status
	check "pktsieve $line: the file is tcpdump's" "$tools/captures" equal "$work/ours.pcap" "$work/theirs.pcap" ||
		diagnose "$(<"$work/ours.err")" "$(<"$work/theirs.err")"
	check_equal "pktsieve $line: the $packets packets were captured" "$packets" "$("$tools/captures" count "$work/ours.pcap")"
	# How many more come before -c ends it is a matter of luck.
	[[ $line != *' -c'* ]] || sed -i '/received by filter/d' "$work"/{ours,theirs}.err
	check_equal "pktsieve $line: the words are tcpdump's" "$(words theirs)" "$(words ours)"
	check_equal "pktsieve $line: the exit status is tcpdump's" "$theirs" "$ours"
}

while read -r packets line; do
	[ -z "$packets" ] || compare "$packets" "$line"
done <<'END'
16 -i eth0 -nnvvXSs0 -e -w FILE host 10.9.0.1 and udp
16 -i eth0 -p -s0 -w FILE udp and host 10.9.0.1
21 -nni eth0 -w FILE udp port 7 -v
21 -i eth0 -tttt -XX -l -w FILE udp dst port 7
25 -Kpni eth0 --immediate-mode -B 4096 -w FILE 'udp and (port 7 or port 9)'
25 --interface=eth0 --snapshot-length=96 --packet-buffered --no-promiscuous-mode -w FILE udp
25 --inter eth0 --snap 64 --dir=in --number --relinq=root -w FILE udp
25 -i eth0 -Z root -OAfNqu# -w FILE udp
25 -i eth0 -j host --time-stamp-precision=nano -w FILE -Q in udp
25 -i eth0 -y EN10MB --nano -w FILE udp
12 -i eth0 -w FILE -F "$work/filter"
5 -i eth0 -c 5 -w FILE udp port 7 and src host 10.9.0.1
9 -i eth0 -T rpc -E 0x1@192.0.2.1 -M secret -w FILE src 10.9.0.2 and udp
1 -i eth0 -c1 -Uw FILE udp
END

# To stdout, as for another program.
start theirs tcpdump -U --immediate-mode -Z root -i eth0 -w - udp
wait_until listening_or_ended "$work/theirs.err" "$theirs_pid"
start_capture ours -U -i eth0 -w - udp
traffic <<<"$datagrams"
out_has() { [ "$("$tools/captures" count "$work/$1.out" 2>/dev/null)" = 25 ]; }
wait_until out_has theirs && wait_until out_has ours
# SIGUSR1 while they run, and with other numbers of packets, of which one may be 1.
usr1_line() { grep -c 'packets* captured, ' "$work/$1.err"; }
has_usr1_lines() { [ "$(usr1_line ours)" = "$1" ] && [ "$(usr1_line theirs)" = "$1" ]; }
usr1() { kill -USR1 "$theirs_pid" "$ours_pid"; wait_until has_usr1_lines "$1"; }
usr1_lines() { sed -n -e 's/^tcpdump:/pktsieve:/' -e '/packets* captured, /p' "$work/$1.err"; }
usr1 1
check_equal 'what is said at SIGUSR1 is what tcpdump says' "$(usr1_lines theirs)" "$(usr1_lines ours)"
check 'it is the line with 25 packets' contains "$work/ours.err" \
	'pktsieve: 25 packets captured, 25 packets received by filter, 0 packets dropped by kernel'
finish theirs INT
finish ours INT
check '-w -: what is written to stdout is what tcpdump writes' "$tools/captures" equal "$work/ours.out" "$work/theirs.out"
check_equal '-w -: the words are tcpdump'\''s' "$(words theirs)" "$(words ours)"

start theirs tcpdump -U --immediate-mode -Z root -i eth0 -w "$work/theirs.pcap" udp
wait_until listening_or_ended "$work/theirs.err" "$theirs_pid"
start_capture ours -U -i eth0 -w "$work/ours.pcap" udp
usr1 1
traffic <<<"udp $host_a $server 7 1 64"
wait_until is_over theirs 1 && wait_until is_over ours 1
usr1 2
check_equal 'at SIGUSR1, none and one are worded as by tcpdump' "$(usr1_lines theirs)" "$(usr1_lines ours)"
finish theirs INT
finish ours INT
check_equal 'one packet at the end is worded as by tcpdump' "$(words theirs)" "$(words ours)"
check 'one packet is singular' said $'\n1 packet captured\n1 packet received by filter\n0 packets dropped by kernel\n'

### lists

ip -n $server_ns link set lo up
in_server() { "$tools/within" $server_ns "$@" 2>&1 </dev/null; }
for interface in eth0 lo any; do
	check_equal "-J -i $interface lists what tcpdump lists" \
		"$(in_server tcpdump -J -i $interface)" "$(in_server "$pktsieve" -J -i $interface)"
	check_equal "-L -i $interface begins as tcpdump's list" \
		"$(in_server tcpdump -L -i $interface | head -n 1)" "$(in_server "$pktsieve" -L -i $interface | head -n 1)"
done
check 'the link types of an Ethernet interface are tcpdump'\''s, and LINUX_SLL2' \
	eval '[ "$(in_server "$pktsieve" -L -i eth0)" = "$(in_server tcpdump -L -i eth0 | head -n 2; echo "  LINUX_SLL2 (Linux cooked v2)")" ]'
check 'those of any are tcpdump'\''s but LINUX_SLL' \
	eval '[ "$(in_server "$pktsieve" -L -i any)" = "$(in_server tcpdump -L -i any | grep -v "SLL ")" ]'
in_server "$pktsieve" -L -i none >"$work/ours.err"
check_equal 'link types of what is not there are an error' 1 $?
check 'it names what there is' said "there is no interface 'none'; there are: lo"

### every letter of tcpdump's

# Each is known, takes a value where tcpdump's does, and is either taken or refused with a reason.
known() {
	local text
	text=$("$pktsieve" "$@" -h 2>&1 >/dev/null)
	[[ $text != *'there is no option'* && $text != *'needs a value'* && $text != *'more than one option'* ]] ||
		{ diagnose "$text"; return 1; }
}
usage=$(tcpdump --help 2>&1)
letters=$(sed -n 's/^Usage: tcpdump \[-\([^]]*\)\].*/\1/p' <<<"$usage")
check 'tcpdump tells its letters' [ ${#letters} -gt 20 ]
for ((i = 0; i < ${#letters}; i++)); do
	check "-${letters:i:1} of tcpdump is known" known "-${letters:i:1}"
done
for option in $(grep -o '\[ -[A-Za-z] ' <<<"$usage" | grep -o '[A-Za-z]'); do
	check "-$option of tcpdump is known, with a value" known "-$option" 1
done
names=(absolute-tcp-sequence-numbers buffer-size=9 count direction=in dont-verify-checksums immediate-mode
	interface=lo linktype=EN10MB list-data-link-types list-interfaces list-time-stamp-types micro monitor-mode nano
	no-optimize no-promiscuous-mode number packet-buffered print relinquish-privileges=root snapshot-length=9
	time-stamp-precision=nano time-stamp-type=host version)
for name in "${names[@]}"; do
	check "--$name of tcpdump is known" known "--$name"
done

# What tcpdump takes for a name, however short, means the same here.
differences() {
	local name length form theirs ours
	for name in "${names[@]}"; do
		name=${name%%=*}
		for ((length = 1; length <= ${#name}; length++)); do
			form=--${name:0:length}
			theirs=$(tcpdump "$form" -h 2>&1) ours=$("$pktsieve" "$form" -h 2>&1)
			case $theirs in
			*'is ambiguous'*) [[ $ours == *'is short for more than one option'* ]] || echo "$form: $ours" ;;
			# With -h as its value, or refused, or the help.
			*) [[ $ours != *'more than one option'* && $ours != *'no option'* ]] || echo "$form: $ours" ;;
			esac
		done
	done
}
check_equal 'names that are shortened are taken where tcpdump takes them, and nowhere else' '' "$(differences)"

# refused SENTENCE TEXT ARGUMENT...: status 1, the text, and no file.
refused() {
	local sentence=$1 text=$2; shift 2
	in_server "$pktsieve" -w "$work/none.pcap" "$@" >"$work/ours.err"
	check "$sentence" [ $? = 1 -a ! -e "$work/none.pcap" ] && check "$sentence: it is said why" said "$text" ||
		diagnose "$(<"$work/ours.err")"
}
refused 'a file is not read' "'tcpdump -r FILE'" -r "$work/ours.pcap"
refused 'files of a list are not read' "'-V' tells the version and takes no file" -V "$work/filter"
refused 'packets are not printed' "'--print': pktsieve prints no packets" --print
refused 'there is no monitor mode' "'-I': pktsieve cannot put a Wi-Fi interface into monitor mode" -I -i eth0
refused 'there are no timestamps of the card' "cannot be seen at the TC and XDP hooks (leave '-j' out)" -j adapter -i eth0
refused 'the older cooked link type is not written' 'use LINUX_SLL2' -y LINUX_SLL -i any
refused 'Ethernet is not written as IP' "'-y' takes EN10MB or LINUX_SLL2 there" -y RAW -i eth0
refused 'any is not written as Ethernet' "'-y EN10MB' does not go together with '-i any'" -y EN10MB -i any
refused 'there is no code of classic BPF' "'-dd' and '-ddd' print the code of classic BPF" -ddd udp
refused 'a ring of files needs what begins the next one' "it needs '-C SIZE' or '-G SECONDS'" -W 3 -i eth0

start_capture ours -nXi eth0 udp
finish ours INT
check 'without -w, letters for printing point to a viewer' said \
	"pktsieve: '-n' is about packets that are printed; without '-w' they are only counted (write them with '-w FILE' for a viewer such as pktview, or 'tcpdump -r FILE')"
check_equal 'and packets are counted' 0 "$status"

### promiscuous mode, which the kernel takes back

# (tcpdump and pktsieve do not see each other's.)
promiscuity() { ip -n $server_ns -d -o link show dev eth0 | grep -o 'promiscuity [0-9]*'; }
is_promiscuous() { [ "$(promiscuity)" = "promiscuity $1" ]; }
start_capture ours -i eth0 -w "$work/ours.pcap" udp
check 'an interface is not promiscuous unless that is asked for' is_promiscuous 0
finish ours TERM
start_capture ours -i eth0 --promiscuous -w "$work/ours.pcap" udp
check 'an interface is promiscuous while that is asked for' is_promiscuous 1
finish ours TERM
check 'behind the end it is not any more' is_promiscuous 0
start_capture ours -i eth0 --promiscuous -w "$work/ours.pcap" udp
check 'it is promiscuous again' is_promiscuous 1
writer=$(writer_of "$ours_pid")
finish ours KILL 2>/dev/null
wait_until ended "$writer"
check 'behind kill -9 it is not any more' wait_until is_promiscuous 0
start_capture ours -i any --promiscuous -w "$work/ours.pcap" udp
check 'with any it is not' is_promiscuous 0
finish ours TERM
check 'that is said' said "'--promiscuous' has no effect with '-i any'"
start_capture ours -i any -i eth0 --promiscuous -w "$work/ours.pcap" udp
check 'with any and a name, the named one is' is_promiscuous 1
finish ours TERM
check 'and nothing is said about it' eval '! said "has no effect"'
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What pktview prints: its views, their options, and what it says of files that it cannot read.
. "$(dirname "$0")/lib.sh"
pktview=build/pktview
tests/e2e/view_captures.py "$work" || exit 1
few=$work/few.pcap ends=$work/ends.pcap
shows() { "$pktview" "$@" 2>&1; }
tshark_rows() { tshark -q -z io,phs -r "$1" 2>/dev/null | grep frames:; }
rows() { shows hierarchy "$1" | sed -En 's/^(.{40} frames:[0-9]+ bytes:[0-9]+) .*/\1/p'; }

# on_terminal ARGUMENT...: of $columns, else 60, columns
on_terminal() { COLUMNS=60 script -qec "stty cols ${columns:-60}; TERM=xterm $pktview $*" /dev/null | tr -d '\r'; }

export TZ=UTC
# options
check_equal 'a view that there is not is an error that names a near one' \
	"pktview: no view 'lits': did you mean 'list'?" "$(shows lits "$few")"
check_equal 'a file without a view is an error that says how' \
	"pktview: '$few' is a file: put before it what to show, such as 'pktview list $few'" "$(shows "$few")"
check_equal 'an option of another view is an error that names its own' \
	"pktview: '--time' is not for 'hex', but for: list" "$(shows hex "$few" --time epoch)"
check_equal 'a value that an option does not take is an error that says what it takes' \
	"pktview: 'soon' is no value for '--time': it takes 'relative', 'delta', 'absolute' or 'epoch'" \
	"$(shows list "$few" --time soon)"
check_equal 'a file that is not there is an error' "pktview: cannot open '$work/none': No such file or directory" "$(shows list "$work/none")"
check_equal 'so is a folder' "pktview: cannot open '$work': Is a directory" "$(shows list "$work")"
check_equal 'a second file that is not there is told from a wrong expression' \
	"pktview: there is no file 'none.pcap', either" "$(shows list "$few" none.pcap tcp | tail -1)"
mkdir "$work/tcp"
check_equal 'a folder of the name of a word is no file' 3 "$(cd "$work" && "$OLDPWD/$pktview" list few.pcap tcp | wc -l)"
check_equal 'a wrong expression has a caret under it' '  tcp prot 80|      ^^^^' "$(shows list "$few" tcp prot 80 | sed -n 2,3p | paste -sd '|')"
check_equal 'a packet that is not there is an error' 'pktview: there is no packet 9, but 4' "$(shows detail "$few" -n 9)"
check_equal 'an empty file is an error' 'pktview: '"'stdin'"' is empty' "$(shows list - </dev/null)"
check_equal 'what is wrong ends with status 1' '1 1 1 1' \
	"$(for of in "list $work/none" "lits $few" "list $few prot" "detail $few -n 9"; do "$pktview" $of 2>"$work/err"; echo $?; done | paste -sd ' ')"
check_equal 'the columns of --help are aligned' '' "$("$pktview" --help | grep '^  ' | grep -vE '^  .{22} [^ ]')"
check_equal 'several files are merged by time' '1 2 3 4 5 6 7 8 1,2,1,2,1,2,1,2' \
	"$(shows list "$few" "$work/nano.pcap" --fields number,file | awk '{ printf "%s ", $1; files = files (NR > 1 ? "," : "") $2 } END { print files }')"

# list
fields() { shows list "$few" --fields "$@"; }
check_equal 'list has number, time, addresses, protocol, length and info in columns' \
	'    3   0.500000 10.0.0.1 → 10.0.0.2 TCP   66' \
	"$(shows list "$few" 'tcp[tcpflags] == tcp-ack' | sed -E 's/(TCP +[0-9]+) .*/\1/; s/ +→/ →/; s/ +TCP/ TCP/')"
check_equal 'columns become as wide as the addresses' 1 \
	"$(shows list "$few" "$few" | tail -2 | sed -E 's/ (TCP|UDP).*//' | awk '{ print length }' | sort -u | wc -l)"
check_equal 'times are relative to the first packet of the file' 0.500000 "$(fields time -n 3)"
check_equal '--time delta is the time since the packet before that is shown' '0.000000 0.750000' \
	"$(fields time --time delta 'tcp[tcpflags] == tcp-syn or ip6' | paste -sd ' ')"
check_equal '--time epoch has the seconds since 1970' 1700000000.123456 "$(fields time --time epoch -n 1)"
check_equal '--time absolute has date and time' '2023-11-14 22:13:20.123456' "$(fields time --time absolute -n 1)"
check_equal '--time absolute is local time, within the confinement, too' '2023-11-15 07:13:20.123456' \
	"$(TZ=Asia/Tokyo fields time --time absolute -n 1)"
check_equal 'a capture of nanoseconds has nine digits' '0.250000001 1700000000.373456001' \
	"$(for form in relative epoch; do shows list "$work/nano.pcap" --fields time --time $form -n 2; done | paste -sd ' ')"
times='1700000001.123456000 1700000002.500000000 1700000003.123456007'
check_equal 'interfaces of pcapng have clocks of their own, in either byte order' "$times $times" \
	"$(shows list "$work/clocks.pcapng" --fields frame.time_epoch | paste -sd ' ')"
check_equal 'tshark reads the same times' "$times $times" \
	"$(tshark -r "$work/clocks.pcapng" -T fields -e frame.time_epoch 2>/dev/null | paste -sd ' ')"
check_equal 'a gzip file of several members is read to its end' "$(shows list "$few")" "$(shows list "$work/members.gz")"
check_equal '--fields has tabs between its columns' $'1\t10.0.0.1\t10.0.0.2\tTCP\t54' \
	"$(fields number,src,dst,protocol,length -n 1)"
check_equal '--fields takes names of fields, and has all values of each' \
	"$(tshark -r "$work/nested.pcap" -T fields -e frame.number -e ip.src -e tcp.flags -e tcp.option_kind 2>/dev/null)" \
	"$(shows list "$work/nested.pcap" --fields frame.number,ip.src,tcp.flags,tcp.option_kind)"
check_equal 'a field that has both directions has the values of both' \
	"$(tshark -r "$few" -T fields -e ip.addr -e tcp.port -e eth.addr 2>/dev/null)" "$(fields ip.addr,tcp.port,eth.addr)"
check_equal 'a column that there is not is an error that names a near one' \
	"pktview: no column 'nubmer': did you mean 'number'?" "$(fields nubmer)"
check_equal 'so is a field' "pktview: no field 'tcp.flgs': did you mean 'tcp.flags'?" "$(fields tcp.flgs)"
check_equal '--json has an object for each packet' \
	'{"number":1,"time":1700000000.123456000,"source":"10.0.0.1","destination":"10.0.0.2","protocol":"TCP","length":54,"captured":54,"info":' \
	"$(shows list "$few" --json -n 1 | sed 's/"info":.*/"info":/')"
check_equal '--json --fields has the values of fields as arrays' '{"number":3,"tcp.flags":[16],"tcp.flags.ack":[true],"udp.dstport":[]}' \
	"$(fields number,tcp.flags,tcp.flags.ack,udp.dstport --json -n 3)"
check_equal 'packets are coloured as in Wireshark, where colours are asked for' '247 247 189 195' \
	"$(shows list "$few" --color always | sed -En 's/^\x1b\[38;5;235;48;5;([0-9]+)m.*\x1b\[m$/\1/p' | paste -sd ' ')"
palette() { sed -E 's/#12272e #a0a0a0/235 247/; s/#12272e #e7e6ff/235 189/; s/#12272e #daeeff/235 195/; s/#12272e #faf0d7/235 230/
	s/#12272e #fce0ff/235 225/; s/#b7f774 #12272e/155 235/; s/#fffc9c #a40000/229 124/; s/#ecf0eb #a40000/255 124/
	s/#12272e #e4ffc7/235 194/; s/#12272e #fff3d6/235 230/; s/#babdb6 #ffffff/250 231/'; }
check_equal 'each of the usual kinds of packets has the colour that tshark gives it' \
	"$(tshark --color -T psml -r "$work/colours.pcap" 2>/dev/null | sed -nE 's/^<packet( foreground=.(#[0-9a-f]*). background=.(#[0-9a-f]*).)?>$/\2 \3/p' | palette)" \
	"$(shows list "$work/colours.pcap" --color always | sed -E 's/^\x1b\[38;5;([0-9]+);48;5;([0-9]+)m.*/\1 \2/; t; s/.*/ /')"
check_equal 'colours are for terminals' 0 "$(shows list "$few" | grep -c $'\e')"
check_equal 'no escape sequence of a packet comes through' 0 \
	"$(for view in list hierarchy detail hex; do shows $view "$few"; shows $view "$few" --json; done | grep -c $'\e')"

# detail
detail() { shows detail "$few" -n 2 "$@"; }
check_equal 'detail has the frame first' \
	'Frame 2: 54 bytes on wire (432 bits), 54 bytes captured (432 bits)|    Arrival Time: Nov 14, 2023 22:13:20.373456000 UTC' \
	"$(detail | sed -n -e 1p -e '/Arrival/p' | paste -sd '|')"
check_equal 'layers have their addresses and ports behind their titles' \
	'Internet Protocol Version 4, Src: 10.0.0.2, Dst: 10.0.0.1|Transmission Control Protocol, Src Port: 7777, Dst Port: 50000' \
	"$(detail | grep -oE '^(Int.*|Tran[^,]*,[^,]*,[^,]*)' | paste -sd '|')"
check_equal 'flags are named behind their number' '    Flags: 0x012 (SYN, ACK)' "$(detail | grep 'Flags: 0x012')"
tshark -V -r "$few" 2>/dev/null >"$work/tshark"
shows detail "$few" >"$work/ours"
check_equal 'the comment of a packet and the name of its interface are shown, escaped' \
	'    Packet comment: seen "here"\x1b|    Interface id: 0 (eth\x1b0), inbound' \
	"$(shows detail "$work/notes.pcapng" -n 3 | sed -n 2,3p | paste -sd '|')"
check_equal 'and in JSON' '"interface":0,"interface_name":"eth\u001b0","direction":"in","comment":"seen \"here\"\u001b"' \
	"$(shows detail "$work/notes.pcapng" -n 3 --json | grep -o '"interface":.*"comment":"seen[^,]*')"
check_equal 'bits stand where tshark has them' "$(grep -c '[.01] = .*et$' "$work/ours")" "$(grep ' = .*\(Set\|set\)$' "$work/ours" | grep -cxFf "$work/tshark")"
check_equal 'what was cut is told from what is malformed' \
	'[Packet size limited during capture: TCP] [Malformed Packet: UDP]' "$(shows detail "$ends" | grep '^\[' | paste -sd ' ')"
check_equal 'in the list, too' '[Packet size limited during capture] [Malformed Packet]' \
	"$(shows list "$ends" | grep -oE '\[(Packet|Malformed)[^]]*\]$' | paste -sd ' ')"
head -c 200 "$few" >"$work/cut.pcap"
check_equal 'nothing is read behind the packet of -n' 0:2 \
	"$("$pktview" detail -n 2 "$work/cut.pcap" >"$work/ours" 2>&1; echo "$?:$(grep -c '^Frame [1-4]\|^    Flags: 0x012' "$work/ours")")"
check_equal 'titles are bold on a terminal' $'\e[1mFrame 2' "$(detail --color always | head -1 | cut -c 1-11)"
check_equal '--json has the fields of each layer, those below a field in it' \
	'eth ip tcp whole tcp.flags 18 20 offset 46' "$(detail --json | python3 -c '
import json, sys
packet = json.load(sys.stdin)
names = " ".join(layer["name"] for layer in packet["layers"])
flags = next(field for field in packet["layers"][2]["fields"] if field["name"] == "tcp.flags")
set_ones = [field["name"] for field in flags["fields"] if field["value"] is True]
print(names, packet["end"], flags["name"], flags["value"], len(set_ones) * 10, "offset", flags["offset"])')"

# hex
check_equal 'hex has the rows of tshark' "$(tshark -x -r "$few" 2>/dev/null | grep '^0')" "$(shows hex "$few" | grep '^0')"
check_equal 'what belongs to a field is in brackets' \
	'0010  00 28 00 01 40 00 40 06 00 00[0a 00 00 02]0a 00   .(..@.@.........' \
	"$(shows hex "$few" -n 2 --field ip.src | grep '^0010')"
check_equal 'so is what belongs to a layer, on each row' '0000 [02 00 00 00 00 64 02 00 00 00 00 01 08 00]45 00   .....d........E.' \
	"$(shows hex "$few" -n 2 --layer eth | grep '^0000')"
check_equal 'where there are colours, it is reversed, as text, too' \
	$'0010  00 28 00 01 40 00 40 06 00 00 \e[7m0a 00 00 02\e[m 0a 00   .(..@.@...\e[7m....\e[m..' \
	"$(shows hex "$few" -n 2 --field ip.src --color always | grep '^0010')"
check_equal 'fields that stand side by side are one mark' '[{"offset":26,"length":8}]' \
	"$(shows hex "$few" -n 2 --field ip.addr --json | sed -E 's/.*"marked":(\[[^]]*\]).*/\1/')"
check_equal 'hex --json has all bytes, and what is marked of them' '54 [{"length": 2, "offset": 46}] 12' \
	"$(shows hex "$few" -n 2 --field tcp.flags --json | python3 -c '
import json, sys
packet = json.load(sys.stdin)
data = bytes.fromhex(packet["bytes"])
print(len(data), json.dumps(packet["marked"], sort_keys=True), "%x" % data[47])')"
check_equal 'a layer that there is not is an error that names a near one' \
	"pktview: no layer 'tpc': did you mean 'tcp'?" "$(shows hex "$few" --layer tpc)"
check_equal 'a wide terminal has the tree beside the bytes' \
	'0000  02 00 00 00 00 64 02 00 00 00 00 01 08 00 45 00   .....d........E.  Frame 2: 54 bytes on wire' \
	"$(columns=160 on_terminal hex "$few" -n 2 --color never | head -1 | cut -d '(' -f 1 | sed 's/ $//')"
check_equal 'and no line is longer than it is wide' yes \
	"$(columns=160 on_terminal hex "$few" --color never | wc -L | awk '{ print $1 <= 160 ? "yes" : "no" }')"

# on a terminal of 60 columns
check_equal 'a terminal has colours' 4 "$(on_terminal list "$few" | grep -c '^'$'\e''\[38;5')"
check_equal 'NO_COLOR takes them away' 0 "$(NO_COLOR=1 on_terminal list "$few" | grep -c $'\e')"
check_equal 'lines are cut at the edge of a terminal' 60 \
	"$(on_terminal list "$few" --color never | LC_ALL=C.UTF-8 wc -L)"

# Where nobody can ask for a field, those that the list does not show are left out; with colours all are there.
says_the_same_in_full() {
	local file
	for file; do
		cmp -s <("$pktview" list "$file" --color never 2>/dev/null) \
			<("$pktview" list "$file" --color always 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g') || { echo "# $file"; return 1; }
	done
}
PYTHONDONTWRITEBYTECODE=1 tests/fuzz/seeds.py files "$work/seeds"
collection=()
[ -z "${CORPUS:-}" ] || mapfile -t collection < <(find "$CORPUS/public" -type f)
check 'the list says the same with all fields and without those that it does not show' \
	says_the_same_in_full "$work"/*.pcap "$work"/seeds/* "${collection[@]}"

# live
mkfifo "$work/pipe"
"$pktview" list - <"$work/pipe" >"$work/live" &
children+=($!)
exec {live}>"$work/pipe"
head -c 94 "$few" >&$live
check 'a packet is shown when it has come, while the input waits for more' wait_until contains "$work/live" '    1   0.000000'
exec {live}>&-
wait $!

# filters
by_tcpdump() { tcpdump -n -t -r "$1" "$2" 2>/dev/null | grep -c .; }
for link in null raw ipv4 sll sll2; do
	for expression in ip ip6 arp 'udp port 7778' 'tcp[tcpflags] & tcp-syn != 0' 'src 10.0.0.1' 'not ip6' 'greater 75'; do
		check_equal "a filter on packets of link type $link: $expression" \
			"$(by_tcpdump "$work/$link.pcap" "$expression")" "$(shows list "$work/$link.pcap" "$expression" | grep -c .)"
	done
done
for link in sll sll2; do
	for expression in inbound outbound; do
		check_equal "a cooked packet says which way it went: $link, $expression" \
			"$(by_tcpdump "$work/$link.pcap" "$expression")" "$(shows list "$work/$link.pcap" "$expression" | grep -c .)"
	done
done
check_equal 'so do the flags of pcapng' '1,3 2' \
	"$(for way in inbound outbound; do shows list "$work/notes.pcapng" --fields number $way | paste -sd ,; done | paste -sd ' ')"
check_equal 'what does not say is neither inbound nor outbound' '' "$(shows list "$few" inbound or outbound)"
check_equal 'a link type that filters do not know is refused' \
	"pktview: filters do not know link type 105, which packet 1 has: leave the expression out" \
	"$(shows list "$work/wifi.pcap" ip)"

# damaged files
check_equal 'what comes before the damage is shown, then where it is; the status is 1' \
	"3 pktview: '$work/cut.pcap' is damaged at offset 180: a packet is cut off 1" \
	"$(shows list "$work/cut.pcap" >"$work/ours"; status=$?; echo "$(wc -l <"$work/ours") $(tail -1 "$work/ours") $status")"
check_equal 'each damaged file is named' 2 "$(shows list "$work/cut.pcap" "$0" | tail -1 | grep -o "'[^']*'" | wc -l)"
exec {gone}> >(exit)
wait $!
check_equal 'that nobody reads is no error' '0' "$(shows list "$few" 2>&1 >&$gone; echo $?)"
exec {gone}>&-
check_equal 'a full disk is an error' 'pktview: cannot write: No space left on device'$'\n1' \
	"$("$pktview" list "$few" 2>&1 >/dev/full; echo $?)"

# hierarchy
check_equal 'hierarchy has the rows of tshark, in its columns' "$(tshark_rows "$few")" "$(rows "$few")"
check_equal 'hierarchy has its frame, too' "$(tshark -q -z io,phs -r "$few" 2>/dev/null | grep -v frames:)" \
	"$(shows hierarchy "$few" | grep -v frames:)"
check_equal 'hierarchy says what was cut and what was malformed as tshark does' \
	"$(tshark_rows "$ends")" "$(rows "$ends")"
check_equal 'hierarchy has share and rate behind the counts' 'udp 1 25.0 % 789 bit/s' \
	"$(shows hierarchy "$few" | awk '$1 == "udp" { sub("frames:", "", $2); print $1, $2, $4, $5, $6, $7 }')"
check_equal 'hierarchy --json has an object for each row' \
	'{"name":"ip","path":["eth","ip"],"packets":3,"bytes":174,"share":0.750000,"bits_per_second":1856.0}' \
	"$(shows hierarchy "$few" --json | sed -n 2p)"
check_equal 'hierarchy names its filter and counts what passes' 'Filter: ip6 eth ipv6 udp data' \
	"$(shows hierarchy "$few" ip6 | awk '/^Filter/ { printf "%s", $0 } / frames:1 / { printf " %s", $1 }')"

# every object, and what the manual has of it
members() { python3 -c '
import json, sys
def names(value):
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, dict):
            yield name
        if isinstance(inner, (dict, list)):
            yield from names(inner)
print("\n".join({name for line in sys.stdin for name in names(json.loads(line))}))'; }
check_equal 'every member of an object is in the manual' '' \
	"$(comm -23 <({ for view in list detail hex hierarchy 'follow --list' 'follow tcp 0'; do
		for file in "$few" "$work/notes.pcapng"; do "$pktview" ${view%% *} "$file" ${view#"${view%% *}"} --json; done
	done; } | members | sort -u) \
	<(sed -n '/^\.SH JSON/,/^\.SH FILES/p' docs/pktview.1 | grep -oE '[a-z_]+' | sort -u))"
echo done

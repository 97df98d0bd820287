#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What goes wrong is told, with what to do next, and by the exit status.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
mkdir "$work/open"
chmod 0755 "$work"
chmod 0777 "$work/open"
cp "$pktsieve" "$work/open/pktsieve"	# a checkout in a private home cannot be entered
nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'

# Sentence | exit status | texts of stderr, ";" between them | prefix | arguments
cases="
an unknown interface is named|1|'nosuch0'||-i nosuch0 -w $work/x.pcap
with an unknown interface come those there are|1|eth0||-i nosuch0 -w $work/x.pcap
who is not root reads which capabilities are missing|1|CAP_BPF;CAP_NET_ADMIN|$nobody|-i eth0 -w $work/open/x.pcap
an unknown word is named|1|'frobnicate'||-i eth0 -w $work/x.pcap host $host_a and frobnicate
a word that is not supported is named|1|'gateway' is not supported||-i eth0 -w $work/x.pcap gateway snup
a filter file that is not there is named|1|$work/nowhere.filter||-i eth0 -F $work/nowhere.filter
a file that cannot be created is named|1|$work/nowhere/x.pcap||-i eth0 -w $work/nowhere/x.pcap
a folder cannot be written|1|$work/open||-i eth0 -w $work/open
an unknown option is named|1|no-such-option||-i eth0 --no-such-option
an option without its value is an error|1|w||-i eth0 -w
a snapshot length that is no number is an error|1|-s||-i eth0 -s long -w $work/x.pcap
a count that is no number is an error|1|-c||-i eth0 -c many -w $work/x.pcap
a count of 0 is an error|1|-c||-i eth0 -c 0 -w $work/x.pcap
an unknown direction is an error|1|sideways||-i eth0 -Q sideways -w $work/x.pcap
a duration without a known unit is an error|1|3parsecs||-i eth0 --duration 3parsecs -w $work/x.pcap
an unknown form of statistics is an error|1|poetry||-i eth0 --stats poetry
a ring size that is no number is an error|1|-B||-i eth0 -B big -w $work/x.pcap
"
while IFS='|' read -r sentence expected texts prefix arguments; do
	[ -n "$sentence" ] || continue
	program=$pktsieve
	[ -z "$prefix" ] || program=$work/open/pktsieve
	start failing $prefix "$program" $arguments
	finish failing
	problem=
	[ "$status" = "$expected" ] || problem="exit status $status, not $expected"
	IFS=';' read -ra wanted <<<"$texts"
	for text in "${wanted[@]}"; do contains "$work/failing.err" "$text" || problem+=" no \"$text\""; done
	check "$sentence" [ -z "$problem" ] || diagnose "$problem"$'\n'"$(<"$work/failing.err")"
done <<<"$cases"
check 'a capture that does not start leaves no file' [ ! -e "$work/x.pcap" ]

# The caret stands under the first letter of the word.
start failing "$pktsieve" -i eth0 -d "host $host_a and frobnicate"
finish failing
caret_is_right() {
	awk '/^ *\^/ { exit substr(before, index($0, "^"), 10) != "frobnicate" } { before = $0 }
		END { if (!index($0, "^")) exit 1 }' "$work/failing.err"
}
check 'a caret stands under an unknown word' caret_is_right || diagnose "$(<"$work/failing.err")"

# Sentence | exit status | text of stdout | prefix | arguments
cases="
--version is for stdout|0|pktsieve||--version
--help is for stdout|0|--duration||--help
-D lists the interfaces|0|eth0||-D
-d shows a filter without root|0|r0 = 1|$nobody|-d host $host_a and udp port 53
"
while IFS='|' read -r sentence expected text prefix arguments; do
	[ -n "$sentence" ] || continue
	program=$pktsieve
	[ -z "$prefix" ] || program=$work/open/pktsieve
	start telling $prefix "$program" $arguments
	finish telling
	check "$sentence" contains "$work/telling.out" "$text" || diagnose "$(<"$work/telling.err")"
	check_equal "$sentence, and succeeds" "$expected" "$status"
done <<<"$cases"

# Whose file it is, and that a link is not followed.
start_capture private -i eth0 -w "$work/private.pcap" && finish private TERM
check_equal 'a file is for its owner alone' 600 "$(stat -c %a "$work/private.pcap")"
ln -s private.pcap "$work/link.pcap"
start failing "$pktsieve" -i eth0 -w "$work/link.pcap"
finish failing
check_equal 'a symbolic link in the last place is not followed' 1 "$status" || diagnose "$(<"$work/failing.err")"
echo done

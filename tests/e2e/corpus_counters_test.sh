#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The counters of the captures of a collection, run through the programs and played through a veth,
# are what a count by the RFCs says (corpus_counters.py), and what tshark says but for the
# differences that counter_differences.txt lists with their reasons. CORPUS is the collection's
# folder; without it the test is skipped.
. "$(dirname "$0")/lib.sh"
if [ -z "${CORPUS:-}" ]; then
	skip 'the counters of the captures are those of tshark' 'CORPUS is not set'
	echo done
	exit
fi
judge() { tests/e2e/corpus_counters.py "$@"; }
results=$work/results
mkdir "$results"
build/tests/kernel/corpus_count_test "$results" >"$work/run.out" || diagnose "$(<"$work/run.out")"
check 'the counters of each capture are those of a count by the RFCs' judge reference "$results"

# One tree of protocols for each capture, which its frames have as the second of their time.
captures=$(tail -n 1 "$results/counters.tsv" | cut -f 1)
apart=(-n -o ip.defragment:FALSE -o ipv6.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE)
trees=()
for ((i = 1; i <= captures; i++)); do trees+=(-z "io,phs,frame.time_epoch >= $i && frame.time_epoch < $((i + 1))"); done
tshark "${apart[@]}" -r "$results/frames.pcap" -q "${trees[@]}" >"$results/phs.txt" 2>"$work/phs.err" &
fields=()
for field in frame.time_epoch frame.len frame.protocols tcp.srcport tcp.dstport tcp.flags udp.srcport udp.dstport \
	ip.flags.mf ip.frag_offset ipv6.fraghdr.more ipv6.fraghdr.offset; do fields+=(-e $field); done
tshark "${apart[@]}" -r "$results/frames.pcap" -T fields -E header=y -E occurrence=f "${fields[@]}" \
	>"$results/fields.tsv" 2>"$work/fields.err"
wait $!
check 'they are those of tshark, but for the differences that are listed' \
	judge tshark "$results" tests/e2e/counter_differences.txt

# summary FILE: "PROTOCOL PACKETS BYTES" of the table of protocols that pktsieve printed.
summary() {
	awk '/^protocols / { inside = 1; next } inside && !NF { exit }
		inside && match($0, /[^ ]/) && $1 != "seen" {
			depth = (RSTART - 3) / 2; name = tolower($1); gsub(/-/, "_", name); label[depth] = name
			if (depth > 0 && (label[depth - 1] != "ethernet" && label[depth - 1] != "ip" || name == "other"))
				name = label[depth - 1] "." name
			print name, $2, $3 }' "$1" | sort
}

# The same frames over a wire: whole, and out of one end and into the other, which takes the
# outermost tag out of a frame.
make_network 1 65535 || exit 1
start_capture into -i eth0 -Q in --stats none || exit 1
namespace=$client_ns start_capture out -i eth0 -Q out --stats none || exit 1
"$tools/within" $client_ns tcpreplay -q -i eth0 -p 10000 "$results/frames.pcap" 2>&1 |
	grep -v -e flows.c -e 'DLT type' >"$work/replay.out"
finish into TERM
finish out TERM
# What fits: the MTU and the Ethernet header.
judge sum "$results" 65549 | sort >"$work/expected.out"
judge sum "$results" 65549 received | sort >"$work/expected.into"
for side in out into; do
	summary "$work/$side.err" >"$work/$side"
	check "played through a veth, what goes $side is counted as the RFCs say, protocol by protocol" \
		diff "$work/expected.$side" "$work/$side" || diagnose "$(tail -n 20 "$work/replay.out")"
done
echo "# $captures captures, $(awk '$1 == "ethernet" { print $2 }' "$work/expected.out") frames replayed," \
	"$(wc -l <"$work/expected.out") counters; $(grep -vc '^#' tests/e2e/counter_differences.txt) differences from tshark are listed"
echo done

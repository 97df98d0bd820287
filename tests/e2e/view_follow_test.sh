#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pktview follow: what was said, in its order, each side told apart; on captures made here, beside the
# tshark of this machine, and with CORPUS beside the outputs of tshark that stand there.
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
judge() { tests/e2e/view_follow.py "$@"; }
captures=$work/captures golden=$work/golden
tests/e2e/follow_captures.py "$captures"

follow() { build/pktview follow "$captures/$1" "${@:2}" 2>"$work/error"; }
# says CAPTURE OPTIONS... with what it is to say on stdin
says() { diff - <(follow "$@") >"$work/difference" || { cat "$work/difference" >&2; return 1; }; }
# The values of these keys of each object, with tabs between.
json() {
	follow "$@" --json | python3 -c 'import json, sys
for line in sys.stdin:
    values = (json.loads(line).get(key, "-") for key in sys.argv[1:])
    print("\t".join(str(value).encode("unicode_escape").decode() for value in values))' $keys
}
is_json() { [ "$(json "${@:2}")" = "$1" ]; }
complains() { grep -q -- "$1" "$work/error"; }

said='> GET / HTTP/1.0
> 
< HTTP/1.0 200 OK
< 
< <p>hello</p>'
check 'a conversation is shown line by line, with who said it' says plain tcp 0 <<<"$said"
check 'the order of packets, copies and the wrap of numbers do not change what was said' \
	says mixed tcp 0 <<<"$said"
check 'a stream has a name by its ends, too' says plain tcp 10.0.0.1:40000,10.0.0.2:80 <<<"$said"
check 'its ends may be named the other way round' says plain tcp 10.0.0.2:80,10.0.0.1:40000 <<<"$said"
check 'what is missing is shown, where it was acknowledged and at the end' says gap tcp 0 <<'END'
> one
>![5 bytes missing in capture file]
> three
< ok
> four
>![5 bytes missing in capture file]
> six
END
check 'what was not captured of a packet is missing' says cut tcp 0 <<'END'
> whole
>![5 bytes missing in capture file]
>  more
END
check 'nothing reaches the terminal as it is' says hostile tcp 0 <<'END'
> \x1b[31mred\x07 \xffé
> 	tab\rreturn
> > \x9b0m\x00end
END
check 'who sends a SYN with an acknowledgment is not the client' says late tcp 0 <<'END'
> hello
< hi
END
check 'hexadecimal has the offsets of each side, and the server apart' says plain tcp 0 --hex <<'END'
00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 30 0d 0a  GET / HT TP/1.0..
00000010  0d 0a                                             ..
	00000000  48 54 54 50 2f 31 2e 30  20 32 30 30 20 4f 4b 0d  HTTP/1.0  200 OK.
	00000010  0a 0d 0a 3c 70 3e 68 65  6c 6c 6f 3c 2f 70 3e 0a  ...<p>he llo</p>.
END
check 'colours tell the sides apart in place of signs' says plain tcp 0 --color always <<<"$(
	printf '\033[31mGET / HTTP/1.0\033[m\n\033[31m\033[m\n'
	printf '\033[34mHTTP/1.0 200 OK\033[m\n\033[34m\033[m\n\033[34m<p>hello</p>\033[m\n')"
check 'raw is what was said' says plain tcp 0 --raw <<<"$(
	printf 'GET / HTTP/1.0\r\n\r\nHTTP/1.0 200 OK\r\n\r\n<p>hello</p>')"
refuses_terminal() { ! script -qec "build/pktview follow $captures/plain tcp 0 --raw" /dev/null >"$work/script"; }
check 'raw is not written to a terminal' refuses_terminal

follow hostile tcp 0 --raw -o "$work/side"
printf '\033[31mred\a \377\303\251\r\n\ttab\rreturn\n> \2330m\0end' >"$work/sent"
check 'the bytes of the client are written into a file' cmp "$work/side" "$work/sent"
check 'the file is for its owner' [ "$(stat -c %a "$work/side")" = 600 ]
follow plain tcp 0 --raw -o "$work/side" --side server
check 'the bytes of the server are, where it is asked for' \
	cmp "$work/side" <(printf 'HTTP/1.0 200 OK\r\n\r\n<p>hello</p>\n')
follow gap tcp 0 --raw -o "$work/side"
check 'that bytes are missing in the file is said' complains '10 bytes are missing in 2 gaps'
check 'one side alone can be shown' says plain tcp 0 --side client <<<"$(head -2 <<<"$said")"

check 'an IPv6 conversation is named with brackets' \
	says many tcp '[2001:db8::1]:40000,[2001:db8::2]:8080' <<<$'> six\n< SIX'
check 'datagrams are followed' says many udp 0 --hex <<'END'
00000000  70 69 6e 67                                       ping
	00000000  70 6f 6e 67                                       pong
00000004  70 69 6e 67 20 61 67 61  69 6e                    ping aga in
END
check 'ports that are used again are another stream' says many tcp 2 <<<'> second life'
check 'a filter narrows what is followed' says plain tcp 0 src port 80 <<<"$(tail -3 <<<"$said")"

keys='stream number from offset length text'
check 'JSON has each piece with its packet, its side and its place' is_json \
	$'0\t4\tclient\t0\t18\tGET / HTTP/1.0\\r\\n\\r\\n\n0\t5\tserver\t0\t32\tHTTP/1.0 200 OK\\r\\n\\r\\n<p>hello</p>\\n' \
	plain tcp 0
keys='from offset missing text'
check 'JSON has the gaps' is_json $'client\t0\t-\tone\\n\nclient\t4\t5\t-\nclient\t9\t-\tthree\\n\nserver\t0\t-\tok\\n\nclient\t15\t-\tfour\\n\nclient\t20\t5\t-\nclient\t25\t-\tsix\\n' gap tcp 0
keys=data
check 'what is no text is hexadecimal in JSON' is_json "$(od -An -v -tx1 "$work/sent" | tr -d ' \n')" hostile tcp 0

keys='protocol stream client client_port server server_port packets client_bytes server_bytes state'
check 'the list has all streams, and how they ended' is_json "$(printf '%s\n' \
	'tcp 0 10.0.0.1 40000 10.0.0.2 80 9 18 32 closed' \
	'tcp 1 2001:db8::1 40000 2001:db8::2 8080 6 3 3 reset' \
	'tcp 2 10.0.0.1 40000 10.0.0.2 80 4 12 0 open' \
	'tcp 3 10.0.0.3 1 10.0.0.2 2 1 0 0 unanswered' \
	'udp 0 10.0.0.1 5353 10.0.0.2 9999 3 14 4 -' | tr ' ' '\t')" many --list
has_lines() { [ "$(follow "${@:2}" | wc -l)" = "$1" ]; }
check 'the list has a line for each stream' has_lines 5 many --list

follow plain tcp 7
check 'that there is no such stream is said' complains "no packet of tcp stream '7'"
refuses() { ! follow "$@"; }
check 'and is an error' refuses plain tcp 7
check 'a stream has to be named' refuses plain
check 'what is no stream is refused' refuses plain tcp 1x
check 'an end without a port is refused' refuses plain tcp 10.0.0.1,10.0.0.2:80

for capture in plain mixed gap many late; do
	mkdir -p "$golden/$capture"
	count=$(follow "$capture" --list --json | grep -c '"tcp"')
	for ((i = 0; i < count; i++)); do
		tshark -n -r "$captures/$capture" -q -z follow,tcp,ascii,$i 2>/dev/null |
			sed '1{/^$/d}' >"$golden/$capture/follow-tcp-$i.txt"
	done
done
printf '# end: %s\ngap 0 end\n' 'tshark leaves out what is behind a gap that nobody acknowledged' >"$work/own"
check 'tshark says the same of these conversations' judge golden build/pktview "$captures" "$golden" "$work/own"
if [ -n "${CORPUS:-}" ]; then
	check 'tshark says the same of the collection, but for what is listed' judge golden build/pktview \
		"$CORPUS/public" "$CORPUS/golden-public" tests/e2e/follow_differences.txt
	check 'what was really sent is what is followed' judge truth build/pktview \
		"$CORPUS/public/synth/synth-tcp-public.pcap" "$CORPUS/public/synth/synth-tcp-public.truth.json"
else
	skip 'tshark says the same of the collection, but for what is listed' 'CORPUS is not set'
	skip 'what was really sent is what is followed' 'CORPUS is not set'
fi

# That the judge sees what is wrong.
printf '#!/bin/sh\nbuild/pktview "$@" | sed "s/hello/hullo/"\n' >"$work/bad"
chmod +x "$work/bad"
finds() { ! judge "$@" >"$work/found"; }
check 'another text would be found' finds golden "$work/bad" "$captures" "$golden" "$work/own"
: >"$work/none"
check 'a difference that is not listed would be found' finds golden build/pktview "$captures" "$golden" "$work/none"
echo done

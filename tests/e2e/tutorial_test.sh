#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The tutorial of the README is true: its commands are run, word for word, on a mail that is
# delivered here, and print what stands there. Times, ports that the kernel chose and the like may
# differ (see stable()); lines of dots stand for any lines.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
mkdir "$work/bin" "$work/here"
ln -s "$PWD/$pktsieve" "$PWD/build/pktview" "$work/bin"
PATH=$work/bin:$PATH
# Indented lines of the tutorial: "# COMMAND" of root, "$ COMMAND" of anybody, and what they print.
sed -n '/^## A mail, packet by packet/,/^## Live/s/^    //p' README.md >"$work/tutorial"

# What does not depend on the day, on what else the kernel does, or on how wide the columns are. A bare
# acknowledgement may be spared when data follow at once, so packets are not counted.
stable() {
	sed -E -e '/\[ACK\] .*Len=0/d' -e 's/^ *[0-9]+ +[0-9]+\.[0-9]{6}/N T/' -e 's/^Frame [0-9]+/Frame N/' \
		-e 's/\b[0-9]+ packets/N packets/' -e 's/[0-9]+\.[0-9]{6} s /T s /' -e 's/^( *(eth|ip|tcp) +frames:).*/\1/' -e 's/(frames:[0-9]+ bytes:[0-9]+).*/\1/' \
		-e 's/\b[3-6][0-9]{4}\b/P/g' -e 's/(TSval|TSecr|Win|WS)=[0-9]+/\1=W/g' -e 's/ +/ /g' -e 's/ $//'
}

# shows EXPECTED ACTUAL: the lines of the first file are those of the second, but where dots are.
shows() {
	local expected line at=0 any=''
	mapfile -t actual <"$2"
	while IFS= read -r expected; do
		if [ "$expected" = ... ]; then any=1; continue; fi
		while line=${actual[at++]-}; [ "$line" != "$expected" ]; do
			[ -n "$any" ] && [ $at -lt ${#actual[@]} ] && continue
			diagnose "the README has:  $expected" "printed was:     $line"
			return 1
		done
		any=
	done <"$1"
	[ -n "$any" ] || [ $at -ge ${#actual[@]} ] || { diagnose "more was printed: ${actual[at]}"; return 1; }
}

deliver() {
	traffic <<-END
	talk $host_a $server 25
	udp $host_b $server 123 20 48
	ping $host_b $server 2
	pause 300
	END
}
capture() {	# COMMAND: while the mail is delivered, then Ctrl-C
	namespace=$server_ns start sieve bash -c "cd $work/here && exec $1"
	wait_until listening_or_ended "$work/sieve.err" "$sieve_pid"
	deliver
	finish sieve INT
	cp "$work/sieve.err" "$work/printed"
}

commands=0
compare() {
	[ -n "$command" ] || return 0
	commands=$((commands + 1))
	stable <"$work/expected" >"$work/expected.stable"
	stable <"$work/printed" >"$work/printed.stable"
	check "the README has what this prints: $command" shows "$work/expected.stable" "$work/printed.stable"
}
command=
while IFS= read -r line; do
	case $line in
	'# '* | '$ '*)
		compare
		: >"$work/expected"
		command=${line#??}
		case $line in
		'# '*) capture "$command" ;;
		*) (cd "$work/here" && eval "$command") >"$work/printed" 2>&1 ;;
		esac ;;
	*) echo "$line" >>"$work/expected" ;;
	esac
done <"$work/tutorial"
compare
check 'the tutorial captures, and shows a list, a hierarchy, a conversation and a packet' [ $commands -ge 7 ]
echo done

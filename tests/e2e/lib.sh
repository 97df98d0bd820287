# SPDX-License-Identifier: GPL-2.0-only
# For the scripts of this folder: a server and its clients in two network namespaces of this
# process, programs in them, bounded waits, results. Everything goes away when the script ends.
#
# The server has one interface, eth0, with the addresses of $server; all clients sit at its
# other end, also eth0. Neighbours are known, so the wire carries what a test sends and nothing
# else.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
tools=build/tests/e2e
pktsieve=${PKTSIEVE:-build/pktsieve}
# tests/run.sh knows by the mark whose they are.
server_ns=pktsieve-${PKTSIEVE_TEST:-$$}-server client_ns=pktsieve-${PKTSIEVE_TEST:-$$}-clients
server=10.9.0.100 server6=fd09::100
host_a=10.9.0.1 host_b=10.9.0.2 host_c=10.9.0.3
host_a6=fd09::1 host_b6=fd09::2
# What captures are tried on that want some of everything, both ways: for traffic().
mix="
talk $host_a $server 25
udp $host_a $server 53 300 1-1400
udp-down $host_b $server 53 300 1-1400
ping $host_b $server 2 3000
bulk $host_a $server 5001 300000
bulk-down $host_b $server 5001 300000
"
# Where pktsieve is to look: tc, native or generic (XDP); see xdp_native_test.sh.
hook=${HOOK:-tc} hook_options=()
[ "$hook" = tc ] || hook_options=(--hook xdp --xdp-mode "$hook")
is_xdp() { [ "$hook" != tc ]; }
# Emulated machines are slow; nothing here asserts a speed.
patience_s=$([ -z "${IN_VM:-}" ] && echo 30 || echo 120)
work=$(mktemp -d "${TMPDIR:-/tmp}/pktsieve-e2e.XXXXXX")
children=()

clean_up() {
	local child
	trap '' INT TERM HUP
	for child in "${children[@]}"; do kill -KILL "$child"; done 2>/dev/null
	wait 2>/dev/null
	remove_network
	umount "$work"/* 2>/dev/null
	rm -rf "$work"
}
remove_network() {
	ip -batch - <<-END 2>/dev/null
	netns delete $server_ns
	netns delete $client_ns
	END
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# make_network [PAIRS [MTU]]: eth0 to eth(PAIRS-1); pair N of the network 10.9.N.0/24.
make_network() {
	ip netns add $server_ns && ip netns add $client_ns && make_pairs "$@"
}

# The pairs alone, in namespaces that are there.
make_pairs() {
	local pairs=${1:-1} mtu=${2:-1500} i host
	{
		for ((i = 0; i < pairs; i++)); do
			echo "link add eth$i address 02:00:00:00:$i:64 mtu $mtu netns $server_ns type veth" \
				"peer name eth$i address 02:00:00:00:$i:01 mtu $mtu netns $client_ns"
		done
	} | ip -batch - || return
	# addrgenmode in a request of its own: in a common one "up" is carried out first.
	{
		for ((i = 0; i < pairs; i++)); do
			echo "link set eth$i addrgenmode none"
			echo "link set eth$i up"
			echo "address add 10.9.$i.100/24 dev eth$i"
			for host in 1 2 3; do
				echo "neigh replace 10.9.$i.$host lladdr 02:00:00:00:$i:01 dev eth$i nud permanent"
			done
		done
	} | ip -n $server_ns -batch - || return
	{
		for ((i = 0; i < pairs; i++)); do
			echo "link set eth$i addrgenmode none"
			echo "link set eth$i up"
			for host in 1 2 3; do echo "address add 10.9.$i.$host/24 dev eth$i"; done
			echo "neigh replace 10.9.$i.100 lladdr 02:00:00:00:$i:64 dev eth$i nud permanent"
		done
	} | ip -n $client_ns -batch -
}

# With IPv6 come the kernel's own reports on multicast groups, at times of its choice.
add_ipv6() {
	ip -n $server_ns -batch - <<-END && ip -n $client_ns -batch - <<-END2
	address add $server6/64 dev eth0 nodad
	neigh replace $host_a6 lladdr 02:00:00:00:0:01 dev eth0 nud permanent
	neigh replace $host_b6 lladdr 02:00:00:00:0:01 dev eth0 nud permanent
	END
	address add $host_a6/64 dev eth0 nodad
	address add $host_b6/64 dev eth0 nodad
	neigh replace $server6 lladdr 02:00:00:00:0:64 dev eth0 nud permanent
	END2
}

# Plays the script on stdin (tests/e2e/traffic.c).
traffic() { "$tools/traffic" $server_ns $client_ns "$@"; }
# tagged_frame TAGS BYTES: a UDP datagram in hexadecimal, from client to server, behind the tags
# (EtherType and TCI of each, IEEE 802.1Q).
tagged_frame() {
	local length=$(($2 + 28))
	printf '020000000064''020000000001%s0800''4500%04x000100004011000''00a0900010a090064''00070007%04x0000%s*%d' \
		"$1" $length $(($2 + 8)) a5 $(($2 - 1))
}
# On one CPU, so that the packets come through one ring, in order: numbered datagrams, until
# stop_stream. start_stream [PER-SECOND]
start_stream() {
	taskset -c 0 "$tools/traffic" $server_ns $client_ns <<<"udp $host_a $server 7 9999999 1000 ${1:-2000}" &
	stream_pid=$! children+=($!)
}
stop_stream() {
	kill "$stream_pid"
	wait "$stream_pid" 2>/dev/null
	forget "$stream_pid"
}

# start NAME PROGRAM...: in the server's namespace, in the background; its process is $NAME_pid,
# its output and errors go to $work/NAME.out and $work/NAME.err.
start() {
	local name=$1; shift
	: >"$work/$name.err"
	"$tools/within" "${namespace:-$server_ns}" "$@" >"$work/$name.out" 2>"$work/$name.err" </dev/null &
	children+=($!)
	printf -v "${name}_pid" %s $!
}

# finish NAME [SIGNAL]: sends the signal, waits, and leaves the exit status in $status.
finish() {
	local pid=$1_pid
	pid=${!pid}
	[ -z "${2:-}" ] || kill "-$2" "$pid" 2>/dev/null
	status=0
	if ! wait_until ended "$pid"; then
		diagnose "$1 does not end"
		kill -KILL "$pid"
	fi
	wait "$pid" || status=$?
	forget "$pid"
}
forget() {	# the number may belong to another process by and by
	local i
	for i in "${!children[@]}"; do [ "${children[i]}" != "$1" ] || unset "children[i]"; done
}
ended() {	# a child that has ended stays as a zombie until it is waited for
	local state
	{ read -r _ _ state _ <"/proc/$1/stat"; } 2>/dev/null || return 0
	[ "$state" = Z ]
}

# wait_until CONDITION...: polls, gives up after $patience_s.
wait_until() {
	local end=$((SECONDS + patience_s))
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		read -rt 0.05 <>"$work/.never" || :
	done
}
mkfifo "$work/.never"

contains() { [[ -e $1 ]] && [[ "$(<"$1")" == *"$2"* ]]; }

# start_capture NAME ARGUMENT...: pktsieve, waited for until it captures.
start_capture() {
	local name=$1 pid=$1_pid; shift
	start "$name" "$pktsieve" "${hook_options[@]}" "$@"
	wait_until listening_or_ended "$work/$name.err" "${!pid}"
	contains "$work/$name.err" 'listening on' || {
		diagnose "pktsieve $* does not start:"
		diagnose "$(<"$work/$name.err")"
		return 1
	}
	[ "$hook" != native ] || switch_gro_off eth0
}
# With native XDP a veth begins to join segments behind it, so tcpdump and the counters would
# see fewer frames. It must have been asked for to be switched off.
switch_gro_off() {
	"$tools/within" "${namespace:-$server_ns}" ethtool -K "$1" gro on &&
		"$tools/within" "${namespace:-$server_ns}" ethtool -K "$1" gro off
}
listening_or_ended() { contains "$1" 'listening on' || ended "$2"; }

# More than the header of a capture file.
contains_packets() { [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt 24 ]; }

# The process that pktsieve, the keeper, has started.
writer_of() {
	local child=
	read -r child _ 2>/dev/null <"/proc/$1/task/$1/children"
	echo "$child"
}

# start_tcpdump NAME ARGUMENT...
start_tcpdump() {
	local name=$1 pid=$1_pid; shift
	start "$name" tcpdump -Z root -n -U --immediate-mode -B 65536 -w "$work/$name.pcap" "$@"
	wait_until listening_or_ended "$work/$name.err" "${!pid}"
}
# Ends tcpdump programs when they have written all that was sent so far; needs -i eth0.
finish_tcpdump() {
	local name
	traffic <<<'marker eth0'
	for name; do
		wait_until grep -q Finish "$work/$name.pcap"
		finish "$name" TERM
		contains "$work/$name.err" $'\n0 packets dropped by kernel' ||
			diagnose "tcpdump lost packets: $(<"$work/$name.err")"
	done
}

# start_counter NAME ARGUMENT...: a program of the tests' own (tests/e2e/counter.c).
start_counter() {
	local name=$1 ask answer line; shift
	rm -f "$work/$name.ask" "$work/$name.answer"
	mkfifo "$work/$name.ask" "$work/$name.answer"
	exec {ask}<>"$work/$name.ask" {answer}<>"$work/$name.answer"
	printf -v "${name}_ask" %s "$ask"
	printf -v "${name}_answer" %s "$answer"
	"$tools/within" "${namespace:-$server_ns}" "$tools/counter" "$@" \
		<"$work/$name.ask" >"$work/$name.answer" 2>"$work/$name.err" {ask}>&- {answer}>&- &
	children+=($!)
	printf -v "${name}_pid" %s $!
	wait_until answered_or_ended "$answer" $!
	read -rt 1 line <&"$answer" && [ "$line" = attached ] ||
		{ diagnose "no counter: $(<"$work/$name.err")"; return 1; }
}
answered_or_ended() { read -rt 0 <&"$1" || ended "$2"; }
# Leaves what it has counted in $frames_in, $bytes_in, $frames_out, $bytes_out.
read_counter() {
	local ask=$1_ask answer=$1_answer
	echo >&"${!ask}"
	read -rt "$patience_s" frames_in bytes_in frames_out bytes_out <&"${!answer}"
}
# Takes its programs off the interface again.
stop_counter() {
	local ask=$1_ask
	echo stop >&"${!ask}"
	finish "$1"
}

# term NAME FILE: a line of the accounting that pktsieve printed; 0 where there is none.
term() { awk -v name="$1" '
	/^accounting \(frames\):/ { inside = 1; next }
	inside && /^[^ ]/ { inside = 0 }
	inside { value = $NF; sub(/^ +/, ""); sub(/:? +[0-9]+$/, ""); if ($0 == name) found = value }
	END { print found + 0 }' "$2"; }

# check SENTENCE COMMAND...: one test.
check() {
	local sentence=$1; shift
	if "$@"; then echo "ok - $sentence"; else
		echo "not ok - $sentence"
		diagnose "failed: $*"
		return 1
	fi
}
check_equal() {	# SENTENCE EXPECTED ACTUAL
	check "$1" [ "$2" = "$3" ]
}
diagnose() { sed 's/^/# /' <<<"$*"; }
skip() { echo "skip - $1: $2"; }

# Older kernels have clsact filters instead of tcx links.
has_tcx() { "$tools/counter" --has-tcx; }

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pktsieve's packets in pktview as they come: `pktsieve -w - | pktview list -`.
. "$(dirname "$0")/lib.sh"
pktview=build/pktview
make_network || exit 1

mkfifo "$work/pipe"
"$pktview" list --fields number,src,udp.dstport - <"$work/pipe" >"$work/shown" 2>"$work/view.err" &
view=$!
children+=($view)
"$tools/within" "$server_ns" "$pktsieve" -i eth0 -w - udp >"$work/pipe" 2>"$work/sieve.err" &
sieve_pid=$! children+=($!)
wait_until contains "$work/sieve.err" 'listening on'
traffic <<<"udp $host_a $server 7 1 100"
check 'a packet is shown while the capture goes on' wait_until contains "$work/shown" $'1\t'"$host_a"$'\t7'
traffic <<<"udp $host_b $server 9 1 100"
check 'so is the next one' wait_until contains "$work/shown" $'2\t'"$host_b"$'\t9'
check 'and pktview waits for more' kill -0 $view
finish sieve INT
status=0
wait $view || status=$?
check_equal 'at the end of the capture it ends, without a word' '0 0' "$status $(stat -c %s "$work/view.err")"
forget $view
echo done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Where XDP cannot be, or would not see what is asked for: who is there stays, nothing is left
# attached, and the message says what to do.
. "$(dirname "$0")/lib.sh"
make_network || exit 1
attached() { ip -n $server_ns link show "$1" | grep -o 'prog/xdp.*'; }

# fails SENTENCE "TEXT;TEXT" ARGUMENT...: it ends with 1 and says all of the texts.
fails() {
	local sentence=$1 problem= text wanted; shift
	IFS=';' read -ra wanted <<<"$1"; shift
	start failing "$pktsieve" --duration 3s "$@"	# it should not run at all
	finish failing
	[ "$status" = 1 ] || problem="exit status $status"
	for text in "${wanted[@]}"; do contains "$work/failing.err" "$text" || problem+=" no \"$text\""; done
	check "$sentence" [ -z "$problem" ] || diagnose "$problem"$'\n'"$(<"$work/failing.err")"
}

fails '--xdp-mode alone is an error' "'--hook xdp'" -i eth0 --xdp-mode generic
fails 'only what goes out cannot be asked of XDP' "'-Q out';'--hook tc'" -i eth0 --hook xdp -Q out
chmod 0755 "$work"
cp "$pktsieve" "$work/pktsieve"	# a checkout in a private home cannot be entered
start failing setpriv --reuid=65534 --regid=65534 --clear-groups "$work/pktsieve" -i eth0 --hook xdp
finish failing
check 'who is not root reads which capabilities are missing' contains "$work/failing.err" CAP_NET_ADMIN

# Each is in the slot in its own way; both kinds of pktsieve come to it.
for kind in xdp-native xdp-generic xdp-netlink; do
	remedy="'bpftool link'"
	[ $kind != xdp-netlink ] || remedy="'ip link set dev eth0 xdpdrv off'"
	start_counter other eth0 $kind || check "$kind: a program of others can be there" false
	before=$(attached eth0)
	for mode in native generic; do
		fails "$kind: $mode XDP is refused, and who is there is named" \
			"'eth0';'count_xdp';id ;left alone;$remedy;'--hook tc'" -i eth0 --hook xdp --xdp-mode $mode -w "$work/x.pcap"
	done
	check_equal "$kind: who is there stays" "${before:-none}" "$(attached eth0)"
	read_counter other
	before=$frames_in
	start_capture ours -i eth0 --hook tc -Q in -w "$work/ours.pcap" udp
	traffic <<<"udp $host_a $server 7 50 100"
	finish ours TERM
	check_equal "$kind: with --hook tc both see the packets" '0 50' \
		"$status $("$tools/captures" count "$work/ours.pcap")"
	read_counter other
	check_equal "$kind: who is there goes on" 50 $((frames_in - before))
	stop_counter other
done

start_capture ours -i eth0 --hook xdp -w "$work/ours.pcap" udp
fails 'a second pktsieve reads that the first is there' "'pktsieve_xdp'" -i eth0 --hook xdp
traffic <<<"udp $host_a $server 7 50 100"
finish ours TERM
check_equal 'the first goes on' '0 50' "$status $("$tools/captures" count "$work/ours.pcap")"
check_equal 'afterwards nothing is attached' '' "$(attached eth0)"

# No native XDP in the driver; a driver that has it, but not for this interface.
ip -n $server_ns link set lo up
fails 'where the driver has no native XDP, what else there is is told' \
	"'lo';--xdp-mode generic;copies;--hook tc" -i lo --hook xdp
ip -n $server_ns link add eth9 numrxqueues 1 numtxqueues 1 type veth peer name peer9 numtxqueues 4
ip -n $server_ns link set eth9 up
fails 'where the driver refuses, it says why, and what else there is' \
	"'eth9';No space left;queues;--xdp-mode generic;--hook tc" -i eth9 --hook xdp
start_capture large -i eth9 --hook xdp --xdp-mode generic &&
	finish large TERM
check_equal 'what the driver refuses, generic XDP can' 0 "$status"

# Tags that are taken out of the frame: a veth says so of itself.
fails 'a filter on tags that are not in the frames is refused' \
	"'vlan';'eth0';'ethtool -K eth0 rxvlan off rx-vlan-stag-hw-parse off';'--hook tc'" -i eth0 --hook xdp -w "$work/tags.pcap" 'udp or vlan 5'
check 'a filter that is refused leaves no file and nothing attached' \
	[ -z "$(ls "$work"/tags.pcap 2>/dev/null)$(attached eth0)" ]
start_capture tags -i eth0 --hook tc 'udp or vlan 5' && finish tags TERM
check_equal 'with --hook tc the filter is taken' 0 "$status"
"$tools/within" $server_ns ethtool -K eth0 rxvlan off
fails 'a filter on tags of which only 802.1Q'"'"'s are in the frames is refused' \
	"'vlan';'ethtool -K eth0 rx-vlan-stag-hw-parse off'" -i eth0 --hook xdp vlan
"$tools/within" $server_ns ethtool -K eth0 rx-vlan-stag-hw-parse off
start_capture tags -i eth0 --hook xdp 'udp or vlan 5' && finish tags TERM
check_equal 'where tags stay in the frames the filter is taken' 0 "$status"
"$tools/within" $server_ns ethtool -K eth0 rxvlan on rx-vlan-stag-hw-parse on

# What is said at the start. Options | text, "!" before one that must not be there
while IFS='|' read -r options text; do
	start_capture said -i eth0 --hook xdp $options && finish said TERM
	if [ "${text#!}" = "$text" ]; then
		check "with --hook xdp $options it says: $text" contains "$work/said.err" "$text"
	else
		check "with --hook xdp $options it does not say: ${text#!}" \
			eval "! contains '$work/said.err' '${text#!}'"
	fi || diagnose "$(<"$work/said.err")"
done <<END
|only what comes in
-Q inout|only what comes in
-Q in|!only what comes in
-v|attached by xdp (native), ingress;
-v|can reset the card
-v|(rxvlan, rx-vlan-stag-hw-parse)
-v --xdp-mode generic|attached by xdp (generic), ingress;
-v --xdp-mode generic|copies or linearises
|!can reset the card
END
echo done

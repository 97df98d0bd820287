#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the process that reads packets may do: nearly nothing. And whose the file is.
. "$(dirname "$0")/lib.sh"
make_network || exit 1

# Field of /proc/PID/status | value | sentence
fields="Uid|65534 65534 65534 65534|the writer runs as nobody
Gid|65534 65534 65534 65534|the writer has the group nogroup alone
Groups||the writer is in no other group
CapEff|0000000000000000|the writer has no effective capability
CapPrm|0000000000000000|the writer has no permitted capability
CapBnd|0000000000000000|the writer can get no capability by running a program
NoNewPrivs|1|the writer gets no new privileges
Seccomp|2|the writer has a list of system calls"

# The file is read in one go: its lines move while it is read.
status_field() {
	local name value
	while IFS=$':' read -r name value; do
		[ "$name" != "$2" ] || { echo $value; return; }
	done <<<"$(<"/proc/$1/status")"
}

# Descriptors of a process that lead to anything but /dev/null, stderr, its socket and the file.
other_descriptors() {
	local fd target
	for fd in "/proc/$1/fd"/*; do
		target=$(readlink "$fd")
		[[ ${fd##*/} = 2 || $target = /dev/null || $target = socket:* ||
			$target = anon_inode:\[eventpoll] || $target = anon_inode:\[timerfd] || $target = "$2" ]] ||
			echo "$target"
	done
}

export SUDO_UID=12345 SUDO_GID=12346
start_capture ours -i eth0 -w "$work/ours.pcap" host $host_a || exit 1
writer=$(writer_of "$ours_pid")
while IFS='|' read -r field value sentence; do
	check_equal "$sentence" "$value" "$(status_field "$writer" "$field")"
done <<<"$fields"
check_equal 'the writer holds its socket, its epoll, its clock and the file, nothing else' '' \
	"$(other_descriptors "$writer" "$work/ours.pcap")"
traffic <<<"udp $host_a $server 7 100 100"
finish ours TERM
check_equal 'with these rights the writer writes every packet' '0 100' \
	"$status $("$tools/captures" count "$work/ours.pcap")"
check_equal 'the file is private and belongs to the user behind sudo' '600 12345 12346' \
	"$(stat -c '%a %u %g' "$work/ours.pcap")"
echo done

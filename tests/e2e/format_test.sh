#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pcapng with what it tells of interfaces, and files that are compressed while they are written:
# the same packets as in plain pcap, whole files whatever happens.
. "$(dirname "$0")/lib.sh"
make_network 2 || exit 1
mount_small() { mkdir "$work/$1" && mount -t tmpfs -o size="$2" "$1" "$work/$1"; }

count_of() { "$tools/captures" count "$1"; }
expand() { gzip -dc <"$1" >"$2" 2>"$work/gzip.err"; }
says_nothing() { [ ! -s "$1" ] || { diagnose "$(<"$1")"; return 1; }; }
# reads PROGRAM...: status 0, and not a word on stderr but tshark's about who runs it.
reads() {
	"$@" >"$work/reader.out" 2>"$work/reader.err" || { diagnose "$(<"$work/reader.err")"; return 1; }
	sed -i '/^Running as user/d' "$work/reader.err"
	says_nothing "$work/reader.err"
}
# The values of a field of tshark's in the blocks of a pcapng file.
blocks() {
	tshark -n -r "$1" -X 'read_format:MIME Files Format' -T fields -E aggregator=' ' \
		-e "pcapng.options.option.data.$2" 2>/dev/null
}
# Received and dropped in the last block, of a file that is too large for blocks(): numbers of 64 bits,
# of which the lower half is shown.
last_statistics() { tail -c 28 "$1" | od -An -v -tu4 -w28 | awk '{ print $1, $4 }'; }
capinfos_says() { capinfos "$1" 2>&1 | grep -qE -- "$2"; }

# All at once, of the same packets.
names='plain.cap named.pcapng asked.cap plain.pcap.gz named.pcapng.gz'
for file in $names; do
	name=${file//./_} options=()
	[ $file != asked.cap ] || options=(--format pcapng)
	start_capture "$name" -i eth0 -Q in "${options[@]}" -w "$work/$file" 'udp port 7 or tcp port 25'
done
traffic <<<"udp $host_a $server 7 3000 1-1400
talk $host_a $server 25"
for file in $names; do
	name=${file//./_}
	finish "$name" TERM
	check_equal "$file: the capture ends with 0" 0 "$status" || diagnose "$(<"$work/$name.err")"
done
for file in named.pcapng asked.cap; do
	check "$file holds the packets of a plain file" \
		"$tools/captures" equal "$work/$file" "$work/plain.cap"
done | grep -v '^[0-9]* packets'
for file in plain.pcap named.pcapng; do
	check "gzip finds nothing wrong with $file.gz" reads gzip -t "$work/$file.gz"
	expand "$work/$file.gz" "$work/expanded-$file"
	check "$file.gz holds the packets of a plain file" \
		"$tools/captures" equal "$work/expanded-$file" "$work/plain.cap" | grep -v '^[0-9]* packets'
done
check 'a compressed file is smaller' \
	[ "$(stat -c %s "$work/plain.pcap.gz")" -lt $(($(stat -c %s "$work/plain.cap") / 2)) ]
for file in $names; do
	check "tshark reads $file without a word" reads tshark -n -r "$work/$file"
	check "capinfos reads $file without a word" reads capinfos "$work/$file"
done
magic() { od -An -tx1 -N4 "$1" | tr -d ' '; }
check_equal 'names and --format decide' 'd4c3b2a1 0a0d0d0a 0a0d0d0a d4c3b2a1 0a0d0d0a' \
	"$(for file in plain.cap named.pcapng asked.cap expanded-plain.pcap expanded-named.pcapng; do
		magic "$work/$file"
	done | paste -sd ' ')"
start_capture forced -i eth0 --format pcap -w "$work/forced.pcapng" && finish forced TERM
check_equal '--format decides before the name' d4c3b2a1 "$(magic "$work/forced.pcapng")"

# What pcapng tells.
file=$work/named.pcapng
version=$("$pktsieve" --version | awk '{ print $NF; exit }')
check 'pcapng names pktsieve and its version' capinfos_says "$file" "^Capture application: +pktsieve $version\$"
check 'pcapng names the filter' capinfos_says "$file" 'Filter string = udp port 7 or tcp port 25$'
check 'pcapng has nanoseconds' capinfos_says "$file" 'Time precision = nanoseconds \(9\)'
check_equal 'tshark shows the name of the interface' eth0 \
	"$(tshark -n -r "$file" -T fields -e frame.interface_name 2>/dev/null | sort -u)"
for format in pcap pcapng; do
	check "editcap makes $format of it" reads editcap -F $format "$file" "$work/edited"
	check "what editcap made has the same packets: $format" \
		"$tools/captures" equal "$work/edited" "$work/plain.cap" | grep -v '^[0-9]* packets'
done
check 'mergecap merges it' reads mergecap -w "$work/merged" "$file" "$work/asked.cap"

# Two interfaces, two directions, a cooked header.
start_capture two -i eth0 -i eth1 -w "$work/two.pcapng" 'udp port 7'
traffic <<<"udp 10.9.0.1 10.9.0.100 7 20 100
udp-down 10.9.0.1 10.9.0.100 7 10 100
udp 10.9.1.1 10.9.1.100 7 3 100"
finish two TERM
check_equal 'each packet has its interface and its direction' \
	'20 eth0 0x00000001,10 eth0 0x00000002,3 eth1 0x00000001' \
	"$(tshark -n -r "$work/two.pcapng" -T fields -E separator=/s -e frame.interface_name -e frame.packet_flags_direction \
		2>/dev/null | sort | uniq -c | sed 's/^ *//' | paste -sd ,)"
check_equal 'each interface has its statistics' 'eth0 eth1|30 3|0 0' \
	"$(blocks "$work/two.pcapng" interface.name)|$(blocks "$work/two.pcapng" interface.received)|$(
		blocks "$work/two.pcapng" interface.dropped)"
check 'tshark reads packets of two interfaces without a word' reads tshark -n -r "$work/two.pcapng"
start_capture silent -i eth0 -i eth1 -w "$work/silent.pcapng" 'udp port 7'
traffic <<<'udp 10.9.0.1 10.9.0.100 7 20 100'
finish silent TERM
check_equal 'an interface without packets is described, too' 'eth0 eth1|20 0' \
	"$(blocks "$work/silent.pcapng" interface.name)|$(blocks "$work/silent.pcapng" interface.received)"

# What is kept of a packet includes its cooked header, which is never cut: as with tcpdump -i any.
for kept in 60:60 21:21 10:21; do
	start_capture cut -i eth0 -i eth1 -s ${kept%:*} -w "$work/cut.pcap" 'udp port 7'
	traffic <<<"udp $host_a $server 7 3 1000"
	finish cut TERM
	check_equal "cooked packets with -s ${kept%:*} are cut to ${kept#*:} bytes" "${kept#*:},${kept#*:} 1048" \
		"$(capinfos -Trl "$work/cut.pcap" 2>&1 | awk '{ print $NF }' | sed 's/[^0-9]//g'),$(
			tshark -n -r "$work/cut.pcap" -T fields -E separator=/s -e frame.cap_len -e frame.len 2>/dev/null | sort -u)"
done
check 'a snapshot length that is too small for that is told' \
	contains "$work/cut.err" 'WARNING: snaplen raised from 10 to 21'

# Lost in a ring: the writer stands still, so what does not fit is lost.
start_capture lossy -i eth0 -B 1 -s 1000 -c 500 -w "$work/lossx.pcapng" 'udp port 7'
writer=$(writer_of "$lossy_pid")
kill -STOP "$writer"
traffic <<<"udp $host_a $server 7 8000 1000"
kill -TERM "$lossy_pid"
read -rt 1 <>"$work/.never" || :
kill -CONT "$writer"
finish lossy
lost=$(term 'lost: ring full' "$work/lossy.err")
check 'a ring that is too small loses packets' [ "$lost" -gt 0 ]
check_equal 'what the ring lost is dropped in the statistics' "$lost $((lost + 500))" \
	"$(blocks "$work/lossx.pcapng" interface.dropped) $(blocks "$work/lossx.pcapng" interface.received)" ||
	diagnose "$(<"$work/lossy.err")"

# Lost in writing: a disk that is full for a time.
mount_small small 2m
start_capture full -i eth0 --min-free 0 -w "$work/small/x.pcapng" 'udp port 7'
traffic <<<"udp $host_a $server 7 3000 1400"
wait_until contains "$work/full.err" 'No space left on device'
mount -o remount,size=16m "$work/small"
traffic <<<"udp $host_a $server 7 10 100"
wait_until contains "$work/full.err" 'is written again'
finish full TERM
check_equal 'a pcapng file on a full disk: the exit status is 2' 2 "$status"
lost=$(term 'lost: write error' "$work/full.err") written=$(term written "$work/full.err")
check 'a full disk costs packets' [ "$lost" -gt 0 ]
check 'tshark reads a pcapng file whose disk was full' reads tshark -n -r "$work/small/x.pcapng"
check_equal 'a pcapng file whose disk was full holds what was written' "$written" \
	"$(count_of "$work/small/x.pcapng")"
check_equal 'what the full disk cost is dropped in the statistics' "$((written + lost)) $lost" \
	"$(last_statistics "$work/small/x.pcapng")"
rm "$work/small/x.pcapng"

# A compressed file on a full disk.
mount -o remount,size=1m "$work/small"
start_capture packed -i eth0 --min-free 0 -w "$work/small/x.pcap.gz" 'udp port 7'
"$tools/traffic" $server_ns $client_ns 600 <<<"udp $host_a $server 7 5000 1-1400" &
traffic_pid=$! children+=($!)
check 'a compressed file can be full' wait_until contains "$work/packed.err" 'No space left on device'
check 'what is there then is whole' reads gzip -t "$work/small/x.pcap.gz"
mount -o remount,size=64m "$work/small"
check 'a compressed file is written again' wait_until contains "$work/packed.err" 'is written again'
finish packed TERM
kill $traffic_pid; wait $traffic_pid 2>/dev/null; forget $traffic_pid
check 'a compressed file that was full is whole at the end' reads gzip -t "$work/small/x.pcap.gz"
expand "$work/small/x.pcap.gz" "$work/expanded"
check_equal 'it holds what was written' "2 $(term written "$work/packed.err")" "$status $(count_of "$work/expanded")"
check_equal 'every packet has its place in the accounting' "$(term matched "$work/packed.err")" \
	$(($(term written "$work/packed.err") + $(term 'lost: write error' "$work/packed.err") +
		$(term 'lost: ring full' "$work/packed.err") + $(term 'discarded at stop' "$work/packed.err")))
rm "$work/small/x.pcap.gz" "$work/expanded"

# Killed under traffic.
"$tools/traffic" $server_ns $client_ns 600 <<<"udp $host_a $server 7 1000 1-1400"$'\npause 20' &
traffic_pid=$! children+=($!)
has_grown() { [ "$(stat -c %s "$1")" -gt 20000 ]; }
for file in killed.pcap.gz killed.pcapng killed.pcapng.gz; do
	for victim in writer keeper; do
		start_capture killed -i eth0 -w "$work/$file" 'udp port 7'
		wait_until has_grown "$work/$file" || diagnose "$file does not grow"
		writer=$(writer_of "$killed_pid")
		[ $victim = writer ] && kill -KILL "$writer" || kill -KILL "$killed_pid"
		finish killed 2>/dev/null
		wait_until ended "$writer"
		[[ $file != *.gz ]] || check "gzip finds nothing wrong with $file whose $victim was killed" reads gzip -t "$work/$file"
		check "tshark reads $file whose $victim was killed" reads tshark -n -r "$work/$file"
		rm "$work/$file"
	done
done
kill $traffic_pid; wait $traffic_pid 2>/dev/null; forget $traffic_pid

# The thread that compresses: no rights, no work while nothing comes.
start_capture idle -i eth0 -w "$work/idle.pcap.gz" 'udp port 7'
writer=$(writer_of "$idle_pid")
for thread in "/proc/$writer/task"/*; do
	[ "${thread##*/}" != "$writer" ] || continue
	check_equal 'the thread that compresses has no rights' \
		'Uid: 65534 65534 65534 65534,CapPrm: 0000000000000000,CapEff: 0000000000000000,NoNewPrivs: 1,Seccomp: 2' \
		"$(grep -E '^(Uid|CapPrm|CapEff|NoNewPrivs|Seccomp):' "$thread/status" | tr -s '\t' ' ' | paste -sd ,)"
	sleeps() { awk '$1 == "voluntary_ctxt_switches:" { print $2 }' "$thread/status"; }
	before=$(sleeps)
	read -rt 2.5 <>"$work/.never" || :
	check_equal 'the thread that compresses sleeps while nothing comes' "$before" "$(sleeps)"
	traffic <<<"udp $host_a $server 7 1 100"
	has_woken() { [ "$(sleeps)" -gt "$before" ]; }
	check 'a packet wakes it' wait_until has_woken
done
finish idle TERM
expand "$work/idle.pcap.gz" "$work/expanded"
check_equal 'the packet is in the file' 1 "$(count_of "$work/expanded")"

# It does not keep up: the rings hold the rest, and lose what they cannot.
for kib in 65536 1; do
	start slow env LD_PRELOAD="$PWD/$tools/slow_deflate.so" "$pktsieve" "${hook_options[@]}" -i eth0 -B $kib \
		-w "$work/slow.pcap.gz" 'udp port 7'
	wait_until listening_or_ended "$work/slow.err" "$slow_pid"
	traffic <<<"udp $host_a $server 7 15000 1400"
	finish slow TERM
	written=$(term written "$work/slow.err") lost=$(term 'lost: ring full' "$work/slow.err")
	expand "$work/slow.pcap.gz" "$work/expanded"
	check_equal "slow compression, rings of $kib KiB: the file holds what was written" "0 $written" \
		"$status $(count_of "$work/expanded")" || diagnose "$(<"$work/slow.err")"
	check_equal "slow compression, rings of $kib KiB: every packet is written, or lost in a ring" 15000 $((written + lost))
	case $kib in
	1) check 'slow compression: small rings lose packets' [ "$lost" -gt 0 ] ;;
	*) check_equal 'slow compression: large rings lose none' 0 "$lost" ;;
	esac
done

# Each file of several is whole by itself.
for end in pcapng pcap.gz; do
	start_capture several -i eth0 -C 100k -w "$work/several.$end" 'udp port 7'
	traffic <<<"udp $host_a $server 7 30000 1-1400"
	finish several TERM
	sum=0 parts=("$work"/several*."$end"*)
	for file in "${parts[@]}"; do
		cp "$file" "$work/expanded"
		[ $end != pcap.gz ] || expand "$file" "$work/expanded"
		count=$(count_of "$work/expanded") || check "${file##*/} is whole" false
		sum=$((sum + count))
	done
	check "there are several files of $end" [ ${#parts[@]} -gt 3 ] || diagnose "${parts[@]}"
	check_equal "several files of $end hold every packet" "0 30000" "$status $sum"
done
file=$work/several.pcapng
check_equal 'each of several files has statistics of its own' "$(count_of "$file") 0" "$(last_statistics "$file")"
echo done

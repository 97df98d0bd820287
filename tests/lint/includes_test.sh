#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Holds the table of docs/DESIGN.md, section 7: which part may include what. Then breaks it on
# purpose in a copy, to see that each breach is found.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

# Files (a regular expression), then what they may include: libc, <folder/ or header> of the
# system, folder/ or file of the project. The first line whose files match decides.
table='
bpf/.*                  vmlinux.h <linux/types.h> <bpf/bpf_helpers.h> <bpf/bpf_core_read.h> <bpf/bpf_endian.h> <bpf/bpf_tracing.h> bpf/
user/base/.*            libc user/base/
user/filter/offline.c   libc user/base/ user/filter/ bpf/
user/filter/.*          libc user/base/ user/filter/ <linux/bpf.h> bpf/capture_abi.h
user/pcap_writer.c      libc user/ <linux/ bpf/capture_abi.h <pcap.h> <pcap/pcap.h>
user/compressor.c       libc user/ <linux/ bpf/capture_abi.h <zlib.h>
user/(loader|filter_stub|set_maps|attach|attach_xdp|ring|ring_maps|counters).c libc user/ <linux/ bpf/capture_abi.h <bpf/ build/capture.skel.h
user/.*                 libc user/ <linux/ bpf/capture_abi.h
tools/confinement.c     libc tools/ user/base/ <linux/
tools/input.c           libc tools/ user/base/ <zlib.h>
tools/.*                libc tools/ user/base/ user/filter/
tests/.*                libc tests/ tools/ user/ bpf/ vmlinux.h build/capture.skel.h <linux/ <bpf/ <pcap.h> <pcap/pcap.h> <zlib.h>
vmlinux.h               nothing
'
libc='(arpa|net|netinet|netpacket|sys)/[a-z0-9_]+|alloca|argz|assert|byteswap|ctype|dirent|dlfcn|elf|endian|envz|err|errno|error|execinfo|fcntl|features|float|fnmatch|ftw|getopt|glob|grp|ifaddrs|inttypes|libgen|limits|link|locale|malloc|math|mntent|netdb|poll|printf|pthread|pwd|regex|resolv|sched|search|semaphore|setjmp|shadow|signal|spawn|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdio_ext|stdlib|stdnoreturn|string|strings|sysexits|syslog|termios|threads|time|ucontext|unistd|utime|wait|wchar|wctype'
folders='bpf user tools tests docs build .ci .git'

# Prints "FILE:LINE: INCLUDE" for every breach in the current folder.
breaches() {
	local entry
	for entry in */ .[!.]*/; do
		[ ! -d "$entry" ] || [[ " $folders " == *" ${entry%/} "* ]] || echo "$entry: no such folder in the design"
	done
	find . \( -path ./build -o -path ./.git \) -prune -o -name '*.[ch]' -print0 | sort -z |
		xargs -0r awk -v table="$table" -v libc="$libc" '
	BEGIN { rules = split(table, rule, "\n") }
	# "a/../b" to "b"; what leaves the project keeps its "..".
	function normal(path,   old) {
		gsub(/\/\.\//, "/", path)
		do { old = path; sub(/[^\/.][^\/]*\/\.\.\//, "", path) } while (path != old)
		return path
	}
	function exists(path,   line, found) {
		if (!(path in known)) {
			known[path] = (getline line < path) >= 0
			close(path)
		}
		return known[path]
	}
	# What the compiler finds for "name": beside the file, else in the folders of -I.
	function resolve(name, file,   folder, i, path, places, place) {
		folder = file
		sub(/[^\/]*$/, "", folder)
		path = normal(folder name)
		if (exists(path)) return path
		places = split("build/ bpf/", place, " ")
		if (exists(normal(name))) return normal(name)
		for (i = 1; i <= places; i++)
			if (exists(place[i] name)) return place[i] name
		return name ~ /\.skel\.h$/ ? "build/" name : path
	}
	function starts(text, with) { return substr(text, 1, length(with)) == with }
	function allowed(file, what,   i, j, n, word) {
		for (i = 1; i <= rules; i++) {
			n = split(rule[i], word, " ")
			if (n < 2 || file !~ ("^" word[1] "$")) continue
			for (j = 2; j <= n; j++) {
				if (word[j] == what) return 1
				if (word[j] ~ /\/$/ && starts(what, word[j])) return 1
				if (word[j] == "libc" && what ~ ("^<(" libc ")\\.h>$")) return 1
			}
			return 0
		}
		return 0
	}
	/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
		file = FILENAME
		sub(/^\.\//, "", file)
		what = $0
		sub(/^[ \t]*#[ \t]*include[ \t]*/, "", what)
		if (what ~ /^</) sub(/>.*/, ">", what)
		else {
			what = substr(what, 2)
			sub(/".*/, "", what)
			what = resolve(what, file)
		}
		if (!allowed(file, what)) print file ":" FNR ": " what
	}'
}

# File, and the line that breaks the table there.
bad_lines='
bpf/broken.bpf.c         #include <stdio.h>
bpf/broken.bpf.h         #include "../user/base/error.h"
user/base/broken.c       #include "../filter/filter.h"
user/base/broken.h       #include <linux/bpf.h>
user/base/broken2.c      #include "../../bpf/capture_abi.h"
user/filter/broken.c     #include <bpf/bpf.h>
user/filter/hostset.c    #include <bpf/bpf.h>
user/filter/broken2.c    #include "../loader.h"
user/filter/broken4.c    #include "../../bpf/headers.bpf.h"
user/filter/broken3.c    #include <linux/if_ether.h>
user/broken.c            #include <pcap.h>
user/broken.h            #  include <pcap/pcap.h>
user/broken2.c           #include <bpf/libbpf.h>
user/broken3.c           #include "capture.skel.h"
user/broken4.c           #include "../tools/dissect/dissect.h"
user/broken5.c           #include "../tests/unit/test.h"
user/broken6.c           #include "../bpf/headers.bpf.h"
user/pcap_writer.c       #include <bpf/bpf.h>
user/pcapng_writer.c     #include <pcap.h>
user/capture_file.c      #include <zlib.h>
user/loader.c            #include <pcap.h>
tools/broken.c           #include "../user/loader.h"
tools/broken2.c          #include "../bpf/capture_abi.h"
tools/broken3.c          #include <bpf/bpf.h>
tools/broken4.c          #include <linux/seccomp.h>
tools/dissect/broken.c   #include <zlib.h>
tools/input.c            #include <linux/landlock.h>
tools/confinement.c      #include "../user/filter/filter.h"
extra/broken.c           #include <stdio.h>
'

if [ "${1:-}" = --list ]; then breaches; exit; fi
found=$(breaches)
if [ -z "$found" ]; then
	echo 'ok - every file includes only what the table of the design allows'
else
	echo 'not ok - every file includes only what the table of the design allows'
	sed 's/^/# /' <<<"$found"
fi

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
for part in bpf user tools tests vmlinux.h; do [ ! -e "$part" ] || cp -r "$part" "$copy"; done
while read -r file line; do
	[ -n "$file" ] || continue
	mkdir -p "$copy/${file%/*}"
	echo "$line" >>"$copy/$file"
done <<<"$bad_lines"
found=$(cd "$copy" && breaches)
while read -r file line; do
	[ -n "$file" ] || continue
	if grep -q "^$file:" <<<"$found"; then result=ok; else result='not ok'; fi
	echo "$result - the lint finds ${line#\#} in $file"
done <<<"$bad_lines"
if grep -q '^extra/: ' <<<"$found"; then result=ok; else result='not ok'; fi
echo "$result - the lint finds a folder that the design does not have"
echo done

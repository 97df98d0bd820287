#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The live panel in a real terminal (tmux): at three widths, resized, ended, killed, with a
# terminal that vanishes or takes nothing. What it shows of which figures is tests/unit/'s.
. "$(dirname "$0")/panel.sh"
make_network || exit 1
rates="udp $host_a $server 53 50 60-600 250
udp-down $host_a $server 443 20 1000
"

# The panel with all that it has at this width; the rule shows how wide it was drawn.
is_complete() {
	local text
	text=$(screen "$1")
	[[ $text == *' packets/s '* && $text == *$'\n lost '* && $text == *DNS* && $text == *QUIC* ]]
}
has_all() { [[ "$(screen "$1")" =~ DNS\ +6,000\  ]]; }
# Behind it the keys are named.
rule_is() { [[ "$(screen "$1" | sed -n 2p)" == ' ─'* ]] && [ "$(screen "$1" | sed -n 2p | LC_ALL=C.UTF-8 wc -m)" -eq "$2" ]; }
shows_no_panel() { contains "$work/$1.raw" 'status 0' && ! contains "$work/$1.raw" $'\e[?'; }
# The packets per second of a line, "in" or "out".
rate() { screen "$1" | awk -v name="$2" '$1 == name { gsub(",", ""); print $2; exit }'; }
has_rates() { [ "$(rate "$1" in)" -gt 0 ] && [ "$(rate "$1" out)" -gt 0 ]; } 2>/dev/null
is_other_screen() { [ "$(screen "$1")" != "$2" ]; }
"$tools/traffic" $server_ns $client_ns 3600 <<<"$rates" &
traffic_pid=$! children+=($!)

# The file that it shows is the one that is written, whatever begins it.
mkdir "$work/files"
start_panel files 120x24 A= -C 10k -w "$work/files/x" -z echo
check 'the panel shows the first file' wait_until is_shown files
shows_later_file() { [[ $(screen files) =~ written.*/x[1-9] ]]; }
check 'the panel shows the file that is written now' wait_until shows_later_file || diagnose "$(screen files)"
check 'what a command of -z prints is not on the panel' [ -z "$(screen files | grep "^$work")" ]
tmux send-keys -t files C-c
wait_until shows files 'status '
check 'a panel over many files ends with status 0' shows files 'status 0' || diagnose "$(whole_screen files)"

for columns in 60 80 200; do
	start_panel at$columns ${columns}x24 A= -w "$work/at$columns.pcap"
	check "on $columns columns the panel has the screen" wait_until is_shown at$columns
	check "on $columns columns rates, loss and protocols are shown" wait_until is_complete at$columns ||
		diagnose "$(screen at$columns)"
	check "on $columns columns the panel is as wide as the terminal" rule_is at$columns $columns ||
		diagnose "$(screen at$columns)"
	check "on $columns columns packets are counted in and out" wait_until has_rates at$columns ||
		diagnose "$(screen at$columns)"
	tmux send-keys -t at$columns C-c
	check "after Ctrl-C on $columns columns the status is 0" wait_until shows at$columns 'status 0' ||
		diagnose "$(screen at$columns)"
	check "after Ctrl-C on $columns columns the screen is as before" is_left at$columns
	check "after Ctrl-C on $columns columns the summary is shown" shows at$columns 'packets captured'
	check "before the panel on $columns columns came what pktsieve listens on" shows at$columns 'listening on'
	check "after Ctrl-C on $columns columns nothing of the panel stays" \
		[ -z "$(whole_screen at$columns | grep -e '─' -e 'packets/s')" ]
done

# Where each frame goes is added up as ever.
file_has_all() {
	local written
	written=$(whole_screen "$1" | sed -n 's/^ *written *\([0-9]*\)$/\1/p')
	[ -n "$written" ] && [ "$written" -gt 0 ] && [ "$("$tools/captures" count "$work/$1.pcap")" = "$written" ]
}
check 'the file has the packets of the summary' file_has_all at80

start_panel resized 80x24 A= -w "$work/resized.pcap"
wait_until is_complete resized
before=$(screen resized)
check 'the panel goes on' wait_until is_other_screen resized "$before"
for columns in 60 120 200 20 80; do
	tmux resize-window -t resized -x $columns -y 20
	check "resized to $columns columns the panel is drawn in that width" wait_until rule_is resized $columns ||
		diagnose "$(screen resized)"
done
tmux resize-window -t resized -x 1 -y 1
before=$(stat -c %s "$work/resized.pcap")
grows() { [ "$(stat -c %s "$1")" -gt "$2" ]; }
check 'on one column and one line the capture goes on' wait_until grows "$work/resized.pcap" "$before"
tmux resize-window -t resized -x 80 -y 24
check 'from one column and one line the panel comes back' wait_until is_complete resized
tmux send-keys -t resized C-z
before=$(screen resized)
check 'Ctrl-Z does not stop what has the screen' wait_until is_other_screen resized "$before"
check_equal 'the writer holds its socket, its epoll, its clock, the terminal and the file, nothing else' \
	"/dev/null $(tmux display-message -p -t resized '#{pane_tty}') $work/resized.pcap" \
	"$(echo $(readlink "/proc/$writer/fd"/* | grep -v '^socket:\|^anon_inode:\[\(eventpoll\|timerfd\)\]$' | sort -u))"

# The writer is killed: the keeper brings the screen back.
kill -KILL "$writer"
check 'after the death of the writer the status is 2' wait_until shows resized 'status 2' ||
	diagnose "$(screen resized)"
check 'after the death of the writer the screen is as before' is_left resized
check 'after the death of the writer it is said' shows resized 'the writer process has died'

# The next drawing is an hour away.
start_panel patient 80x24 A= --interval 1h
wait_until is_shown patient
tmux resize-window -t patient -x 100 -y 20
check 'resized between two drawings the panel is drawn at once' wait_until rule_is patient 100 ||
	diagnose "$(screen patient)"
tmux send-keys -t patient C-c

# What is to be said meanwhile is said when the screen is free again.
mkdir "$work/small"
mount -t tmpfs -o size=100k small "$work/small"
start_panel full 80x24 A= --min-free 0 -w "$work/small/x.pcap"
shows_loss() { screen full | grep -q 'lost .*write'; }
check 'a full disk is shown as loss in the panel' wait_until shows_loss || diagnose "$(screen full)"
check 'what there is to say about it does not disturb the panel' [ -z "$(screen full | grep 'tried again')" ]
tmux send-keys -t full C-c
check 'a full disk ends with status 2' wait_until shows full 'status 2'
check 'what there is to say about it comes after the panel' shows full "cannot write '$work/small/x.pcap'" ||
	diagnose "$(whole_screen full)"

# The keeper is killed: the writer does.
start_panel orphan 80x40 A= -w "$work/orphan.pcap"
wait_until is_complete orphan
kill -KILL "$keeper"
check 'after the death of the keeper it is said' wait_until shows orphan 'the keeper process has died'
check 'after the death of the keeper the screen is as before' is_left orphan
check 'after the death of the keeper no process stays' wait_until all_ended "$writer"

# The terminal vanishes.
start_panel gone 80x24 A= -w "$work/gone.pcap"
wait_until is_complete gone
tmux kill-session -t gone
check 'without its terminal no process stays' wait_until all_ended "$keeper" "$writer"
is_valid() { [ "$("$tools/captures" count "$1")" -gt 0 ]; }
if has_tcx; then
	check_equal 'without its terminal nothing stays attached' '' \
		"$("$tools/within" $server_ns "$tools/counter" --programs eth0)"
fi
check 'without its terminal the file is valid' is_valid "$work/gone.pcap"
# SIGHUP ignored: the terminal is gone, the capture is not.
launch="sh -c 'trap \"\" HUP; exec \"\$@\"' sh" start_panel hangup 80x24 A= -w "$work/hangup.pcap"
wait_until is_complete hangup
tmux kill-session -t hangup
before=$(stat -c %s "$work/hangup.pcap")
check 'with SIGHUP ignored the capture outlives its terminal' wait_until grows "$work/hangup.pcap" "$before"
kill -TERM "$keeper"
check 'without a terminal SIGTERM ends the capture' wait_until all_ended "$keeper" "$writer"
check 'a file that outlived the terminal is valid' is_valid "$work/hangup.pcap"

# What the environment asks for.
escape=$'\e'
start_panel plain 80x24 NO_COLOR=1
wait_until is_complete plain
check 'NO_COLOR leaves no colour' [ -z "$(tmux capture-pane -e -p -t plain | grep "$escape")" ]
start_panel colours 80x24 NO_COLOR=
wait_until is_complete colours
check 'an empty NO_COLOR is none' [ -n "$(tmux capture-pane -e -p -t colours | grep "$escape")" ]
start_panel ascii 80x24 LC_ALL=C
wait_until is_complete ascii
check 'in the locale C the panel is ASCII' [ -z "$(screen ascii | grep '[^ -~]')" ]
check 'without -w the panel says that nothing is written' shows ascii 'without -w'
for name in plain colours ascii; do
	tmux send-keys -t $name C-c
	wait_until shows $name 'status 0'
done

# Where there is no panel: sentence | setting | before the program | arguments
cases="
a terminal without a screen gets no panel|TERM=dumb||--duration 300ms
from the background there is no panel|A=|sh -mc '\"\$@\" & wait' sh|--duration 300ms
where packets go to stdout there is no panel|A=||--duration 300ms -w - | cat >/dev/null
--stats none shows no panel|A=||--stats none --duration 300ms
--stats lines shows no panel|A=||--stats lines --duration 300ms
"
number=0
while IFS='|' read -r sentence setting launch arguments; do
	[ -n "$sentence" ] || continue
	number=$((number + 1))
	start_panel none$number 80x24 "$setting" $arguments
	wait_until shows none$number 'status '
	check "$sentence" wait_until shows_no_panel none$number || diagnose "$(whole_screen none$number)"
done <<<"$cases"
launch=
start_panel asked 80x24 TERM=dumb --stats panel
wait_until shows asked 'status '
check 'a panel that is asked for and cannot be shown is an error' shows asked 'status 1'
check 'a terminal without a screen is named' shows asked "'dumb'"
start_panel over 80x24 A= --duration 300ms
check 'after --duration the status is 0' wait_until shows over 'status 0'
check 'after --duration the screen is as before' is_left over
wait_until contains "$work/over.raw" 'status 0'
check 'a panel is told from none by what the terminal gets' contains "$work/over.raw" $'\e[?1049h\e[?25l'

# No terminal: no escape sequence, whatever is asked for.
for form in '' '--stats lines' '--stats none'; do
	start_capture file -i eth0 $form --interval 100ms --duration 1s
	finish file
	check "without a terminal there is no escape sequence (${form:-default})" \
		[ -z "$(grep "$escape" "$work/file.err")" ]
	check "without a terminal the summary is printed (${form:-default})" \
		contains "$work/file.err" 'packets captured'
done
start failing "$pktsieve" -i eth0 --stats panel
finish failing
check_equal '--stats panel without a terminal is an error' 1 "$status"
check '--stats panel without a terminal names the reason and the way out' \
	[ -n "$(grep "no terminal.*--stats lines" "$work/failing.err")" ]

# A terminal that takes nothing, while a hundred drawings a second are due: the file goes on
# growing. Each round waits for the writer, so that a busy machine loses nothing either.
finish traffic TERM
start_panel stalled 200x50 A= --interval 10ms -w "$work/stalled.pcap"
wait_until is_shown stalled
holds() { [ "$("$tools/captures" count "$work/$1.pcap")" = "$2" ]; }
play_rounds() {
	local round
	for round in 600 1200 1800 2400 3000 3600 4200 4800 5400 6000; do
		traffic <<<"udp $host_a $server 53 600 1000"
		wait_until holds stalled $round || return
		read -rt 0.1 <>"$work/.never" || :	# more drawings
	done
}
kill -STOP "$tmux_pid"
check 'a terminal that takes nothing does not hold up the writer' play_rounds
kill -CONT "$tmux_pid"
check 'a terminal that takes nothing for a while gets the panel again' wait_until has_all stalled ||
	diagnose "$(screen stalled)"
# Behind three figures of packets, and three of bits with their units.
# The seventh column: now, mean and peak of packets, of bits, and packets in all. A rate may have a unit.
packets() {
	screen "$1" | awk -v name="$2" '$1 == name { gsub(" [kMGT]?b/s", ""); print $8; exit }'
}
check_equal 'what came in and what went out are told apart' '6,000 0' "$(packets stalled in) $(packets stalled out)" ||
	diagnose "$(screen stalled)"
tmux send-keys -t stalled C-c
wait_until shows stalled 'status 0'
check_equal 'a terminal that takes nothing costs no packet' 6000 "$("$tools/captures" count "$work/stalled.pcap")" ||
	diagnose "$(whole_screen stalled)"
# It ends while the terminal takes nothing: the file does not wait.
start_panel ending 80x24 A= -w "$work/ending.pcap"
wait_until is_shown ending
kill -STOP "$tmux_pid"
traffic <<<"udp $host_a $server 53 100 1000"
"$tools/traffic" $server_ns $client_ns 1 <<<"pause 100"	# drawings pile up
kill -TERM "$keeper"
check 'the file is complete before the terminal takes its last words' wait_until holds ending 100
kill -CONT "$tmux_pid"
check 'the end comes when the terminal takes its last words' wait_until all_ended "$keeper" "$writer"
check 'the end of a stalled terminal is as any other' wait_until shows ending 'status 0'
check 'after a stall the screen is as before' is_left ending
echo done

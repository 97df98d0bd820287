#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The keys of the panel in a real terminal (tmux): what each does at three sizes, what is none, and
# the modes of the terminal behind every end. How bytes become keys is tests/unit/keys_test.c's.
. "$(dirname "$0")/panel.sh"
make_network || exit 1
# A SYN from 203.0.113.7 to port 443, Ethernet to TCP; nobody answers it.
syn=020000000064''020000000001''0800''4500002800010000''40060000cb007107''0a090064
syn+=123401bb00000001''0000000050''02ffff00000000
rates="udp $host_a $server 53 20 200 250
udp-down $host_a $server 443 20 1000
frame eth0 100 $syn
"
"$tools/traffic" $server_ns $client_ns 3600 <<<"$rates" &
traffic_pid=$! children+=($!)

press() { tmux send-keys -t "$@"; }
on_screen() { [[ "$(screen "$1")" == *"$2"* ]]; }
not_on_screen() { ! on_screen "$@"; }
# The terminal has all that was sent to it, since that was echoed by what has it.
same_modes() { [ -s "$work/$1.after" ] && cmp -s "$work/$1.before" "$work/$1.after"; }
check_end() {	# NAME HOW STATUS
	check "after $2 the status is $3" wait_until shows "$1" "status $3" || diagnose "$(whole_screen "$1")"
	check "after $2 the screen is as before" is_left "$1"
	check "after $2 the modes of the terminal are as before" same_modes "$1" ||
		diagnose "$(cat "$work/$1.before" "$work/$1.after")"
}

# What is hitting me, from where, how fast: without an option and without a key.
for size in 60x15 80x24 200x50; do
	start_panel at$size $size A=
	check "on $size the panel names its keys" wait_until on_screen at$size ' h help'
	check "on $size the source is named" wait_until on_screen at$size ' 203.0.113.7 ' || diagnose "$(screen at$size)"
	check "on $size so is the service" on_screen at$size ' tcp/443 '
	check "on $size SYN without an answer are called a flood" wait_until on_screen at$size ' flood?  ' ||
		diagnose "$(screen at$size)"
	check "on $size the last minute is a line" wait_until on_screen at$size '  1 min  '

	press at$size h
	check "on $size h shows help" wait_until on_screen at$size ' stop, as Ctrl-C does'
	press at$size h
	check "on $size h once more goes back" wait_until on_screen at$size ' packets/s '
	press at$size f
	check "on $size f shows protocols alone" wait_until not_on_screen at$size ' source ' || diagnose "$(screen at$size)"
	check "on $size f shows protocols" on_screen at$size ' protocol '
	press at$size t
	check "on $size t shows hosts alone" wait_until not_on_screen at$size ' protocol ' || diagnose "$(screen at$size)"
	check "on $size t shows hosts" on_screen at$size ' source '
	for order in bits/s packets bytes packets/s; do
		press at$size s
		sorted_by() { [[ "$(screen at$size)" =~ \ source\ +([^\ ]+) ]] && [[ "$(screen at$size | grep ' source ')" == *" $1 "* ]]; }
		check "on $size s sorts by $order" wait_until sorted_by $order || diagnose "$(screen at$size)"
	done
	press at$size q
	check_end at$size "q on $size" 0
	check "after q on $size the summary is shown" shows at$size 'busiest sources:'
	check "after q on $size nothing of the panel stays" [ -z "$(whole_screen at$size | grep -e ' q stop ' -e '─')" ]
done

# A paused display, and a capture that goes on.
start_panel paused 80x24 A= -U -w "$work/paused.pcap"
wait_until on_screen paused ' protocol '
press paused p
check 'p pauses the display, and says so' wait_until on_screen paused 'display paused'
before=$(screen paused) bytes=$(stat -c %s "$work/paused.pcap")
grows() { [ "$(stat -c %s "$1")" -gt "$2" ]; }
check 'while the display is paused the capture goes on' wait_until grows "$work/paused.pcap" $((bytes + 100000))
check_equal 'while the display is paused nothing on it changes' "$before" "$(screen paused)"
tmux resize-window -t paused -x 100 -y 30
is_wide() { [ "$(screen paused | sed -n 2p | LC_ALL=C.UTF-8 wc -m)" -eq 100 ]; }
check 'a paused display follows the size of the terminal' wait_until is_wide
tmux resize-window -t paused -x 80 -y 24
is_as_before() { [ "$(screen paused)" = "$before" ]; }
check 'it shows the same figures as before' wait_until is_as_before || diagnose "$(screen paused)"
press paused p
check 'p once more goes on' wait_until not_on_screen paused 'display paused'
# What is no key: the help, at the end, tells that all of them have been read.
press paused Up Down Left Right F1 F5 F12 PPage Home M-q M-p x Q P Enter Tab Escape
"$tools/traffic" $server_ns $client_ns <<<'pause 600'	# longer than a sequence may take
press paused h
check 'arrows, function keys and other letters do nothing' wait_until on_screen paused ' stop, as Ctrl-C does'
check 'none of them pauses the display' not_on_screen paused 'display paused'
press paused C-c
check_end paused 'Ctrl-C' 0

# The modes come back whoever is killed.
start_panel orphan 80x24 A=
wait_until on_screen orphan ' protocol '
kill -KILL "$keeper"
# The shell does not wait for the writer: what it prints may be on the screen that is left then.
check 'after the death of the keeper the status is 137' wait_until contains "$work/orphan.raw" 'status 137'
has_modes() { [ "$(stty -g <"$(tmux display-message -p -t "$1" '#{pane_tty}')")" = "$(<"$work/$1.before")" ]; }
check 'after the death of the keeper the modes of the terminal are as before' wait_until has_modes orphan
check 'after the death of the keeper the screen is as before' wait_until is_left orphan
start_panel killed 80x24 A=
wait_until on_screen killed ' protocol '
kill -KILL "$writer"
check_end killed 'the death of the writer' 2
start_panel ended 80x24 A=
wait_until on_screen ended ' protocol '
kill -TERM "$keeper"
check_end ended SIGTERM 0
start_panel failed 80x24 A= -i nosuch0
check_end failed 'an error at the start' 1

# Without a keyboard: none is asked for.
start_panel nowhere 80x24 A= '</dev/null'
check 'with stdin from /dev/null there is a panel' wait_until on_screen nowhere ' protocol '
check 'with stdin from /dev/null no keys are named' not_on_screen nowhere ' h help'
press nowhere q h
check_equal 'what is typed then is not read' "$(readlink "/proc/$writer/fd/0")" /dev/null
check 'what is typed then does nothing' on_screen nowhere ' protocol '
press nowhere C-c
check_end nowhere 'Ctrl-C without a keyboard' 0
# It starts once the filter has been typed.
{ wait_until [ -s "$work/filter.before" ] && press filter udp Enter C-d; } & children+=($!)
start_panel filter 80x24 A= -F -
check 'a filter that was typed is used' wait_until on_screen filter ' eth0  udp' || diagnose "$(screen filter)"
check 'with a filter from stdin no keys are named' not_on_screen filter ' h help'
press filter C-c
check_end filter 'Ctrl-C with a filter from stdin' 0

# What is said meanwhile is on the panel.
start_panel notice 80x24 A= --when "'udp.dns > 1'" --for 1h -w "$work/notice.pcap"
check 'what is said while it runs is shown as a notice' wait_until on_screen notice ' notice  ' ||
	diagnose "$(screen notice)"
check 'whether packets are written is shown' wait_until on_screen notice ' written now: udp.dns > 1' ||
	diagnose "$(screen notice)"
press notice q
check_end notice 'q beside --when' 0

# A shell with jobs: what it gets while pktsieve is in its background is its own.
cat >"$work/rc" <<-END
	PS1='ready> '
	stty -g >'$work/jobs.before'
END
tmux new-session -d -s jobs -x 80 -y 24 env LC_ALL=C.UTF-8 bash --noprofile --rcfile "$work/rc" -i
wait_until on_screen jobs 'ready>'
press jobs "'$PWD/$tools/within' $server_ns '$PWD/$pktsieve' -i eth0 --interval 100ms -U -w '$work/jobs.pcap'" Enter
check 'from a shell with jobs there is a panel' wait_until on_screen jobs ' h help'
shell=$(tmux display-message -p -t jobs '#{pane_pid}')
keeper=$(writer_of "$shell") writer=$(writer_of "$keeper")
kill -STOP "$keeper"
# proc(5): of PID/stat the state and the group in the foreground; no name here has a space.
stat_of() { awk -v field="$2" '{ print $field }' "/proc/$1/stat"; }
has_terminal() { [ "$(stat_of "$shell" 8)" -eq "$1" ]; }
check 'a stopped pktsieve leaves the terminal to the shell' wait_until has_terminal "$shell"
press jobs bg Enter
runs() { [ "$(stat_of "$1" 3)" != T ]; }
check 'bg lets it go on' wait_until runs "$keeper"
press jobs ": qqq; echo typed >'$work/typed'" Enter
check 'in the background it reads nothing of what is typed' wait_until [ -s "$work/typed" ]
bytes=$(stat -c %s "$work/jobs.pcap")
check 'in the background the capture goes on' wait_until grows "$work/jobs.pcap" $((bytes + 50000))
press jobs fg Enter
check 'it comes to the foreground again' wait_until has_terminal "$keeper"
has_no_echo() { [[ "$(stty -a <"$(tmux display-message -p -t jobs '#{pane_tty}')")" == *' -echo '* ]]; }
check 'there the keyboard is its own again' wait_until has_no_echo
press jobs h
check 'there its keys are keys again' wait_until on_screen jobs ' stop, as Ctrl-C does' || diagnose "$(screen jobs)"
press jobs q
check 'q ends it there' wait_until all_ended "$keeper" "$writer"
press jobs "stty -g >'$work/jobs.after'" Enter
check 'the shell has its modes back' wait_until same_modes jobs || diagnose "$(cat "$work"/jobs.{before,after})"
echo done

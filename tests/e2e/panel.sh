#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# For the tests of the panel: pktsieve in terminals of a tmux of their own.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
unset TMUX TMUX_PANE NO_COLOR
export TERM=screen

# A tmux of our own: nobody's configuration, nobody's sessions.
tmux() { LC_ALL=C.UTF-8 command tmux -u -f /dev/null -S "$work/tmux" "$@" 2>/dev/null; }
tmux_pid=
stop_tmux() {
	[ -n "$tmux_pid" ] || return 0
	kill -CONT "$tmux_pid" 2>/dev/null
	tmux kill-server
	wait_until ended "$tmux_pid"
}
trap 'stop_tmux; clean_up' EXIT

# start_panel NAME COLUMNSxLINES SETTING ARGUMENT...: pktsieve in a new terminal, from a shell
# that says how it ended; SETTING is a word for env(1). Leaves its processes in $keeper, $writer,
# all that the terminal gets in $work/NAME.raw, its modes before and after in NAME.before, .after.
start_panel() {
	local name=$1 size=$2 setting=$3 shell; shift 3
	tmux new-session -d -s "$name" -x "${size%x*}" -y "${size#*x}" \
		env LC_ALL=C.UTF-8 "$setting" sh -c "
			trap : INT
			read -r _
			stty -g >'$work/$name.before'
			'$tools/within' $server_ns ${launch:-} '$pktsieve' -i eth0 --interval 100ms $*
			status=\$?
			stty -g >'$work/$name.after'
			echo \"status \$status\"
			exec cat"
	tmux pipe-pane -t "$name" "exec cat >'$work/$name.raw'"
	tmux send-keys -t "$name" Enter
	tmux_pid=$(tmux display-message -p '#{pid}')
	shell=$(tmux display-message -p -t "$name" '#{pane_pid}')
	wait_until has_started "$name" || diagnose "$(screen "$name")"
	keeper=$(writer_of "$shell")
	writer=$(writer_of "$keeper")
}
has_started() { is_shown "$1" || shows "$1" 'listening on' || shows "$1" 'status '; }

screen() { tmux capture-pane -p -t "$1"; }
# With what has scrolled away.
whole_screen() { tmux capture-pane -p -J -S - -t "$1"; }
shows() { [[ "$(whole_screen "$1")" == *"$2"* ]]; }
# The alternate screen, and no cursor; the other way round.
is_shown() { [ "$(tmux display-message -p -t "$1" '#{alternate_on} #{cursor_flag}')" = '1 0' ]; }
is_left() { [ "$(tmux display-message -p -t "$1" '#{alternate_on} #{cursor_flag}')" = '0 1' ]; }
all_ended() {
	local pid
	for pid; do ended "$pid" || return; done
}

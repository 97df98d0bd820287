/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the panel is shown: the alternate screen of a terminal, drawn over once per interval.
 * Nothing here ever waits for the terminal but the return to the normal screen.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "panel.h"

struct terminal;

/* Whether a panel can be shown on this descriptor: 0, or a negative errno with *reterr. */
int terminal_check(int fd, struct error *reterr);

/* Whether this process may write on the terminal by itself: it is not in the background. */
bool terminal_is_ours(int fd);

/* What the environment says: NO_COLOR, TERM, LC_ALL, LC_CTYPE and LANG. */
struct panel_style terminal_style(void);

/*
 * Opens the terminal of this descriptor once more, for writing without waiting. Nothing is
 * shown yet. Returns 0 or a negative errno with *reterr filled in. The descriptor has to
 * stay open until terminal_close(), which returns to the normal screen; NULL is allowed.
 */
int terminal_open(int fd, struct terminal **ret_terminal, struct error *reterr);
void terminal_close(struct terminal *terminal);

/*
 * Draws the panel in the terminal's size and style. A terminal that takes nothing keeps
 * what it shows; the next drawing is a whole one again.
 */
void terminal_draw(struct terminal *terminal, const struct panel *panel);

/* Writes on where a drawing was cut short; whether it is worth another try soon. */
bool terminal_continue(struct terminal *terminal);

/* Back to the normal screen, for a process that died while the panel was shown. */
void terminal_restore(int fd);

/*
 * Neither Ctrl-Z nor writing or reading from the background stops this process and its children:
 * with the panel on the screen there is no way back to the shell.
 */
void terminal_ignore_stops(void);

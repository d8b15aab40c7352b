"""A Screen: the page on top, the two sentences that may take its prompt line, and the window over it."""

from phone.phrases import phrase
from phone.ui.screen import STALE, Screen

_CANCEL = phrase("Cancel")


def compose(view, theme, status, loading, free, notice, window):
    """loading, notice: str, or "" or None; `free`: keys work meanwhile. window: Screen.window."""
    locked = loading and not free
    prompt = loading if locked else notice
    if not prompt:
        prompt = view.remark
        if loading and not theme.compact:
            prompt = "%s. %s" % (prompt, loading)
        if not prompt and not (theme.compact and view.title):  # a row is worth more there
            prompt = view.prompt
        if theme.compact:  # what stays may take one row only
            prompt = theme.prompt_font.fit(prompt, theme.width - 2 * theme.margin)
    count = theme.rows_beside(prompt)
    if window:
        count = max(0, count - (window[2] + window[3]) // theme.row_height)
    kind, title, rows, first, total, selected = view.show(count, status)
    if view.aged:
        title = "%s %s" % (STALE, title)
    say = theme.say
    keys = ("", "", "", say(_CANCEL)) if locked else view.bar.labels(say)
    return Screen(kind, status.mark, status.label, status.clock, title, rows, first, total, selected,
                  prompt, bool(loading), keys, view.extra, window)

"""The phone, the servers and the account, drawn in a terminal with rich."""

import textwrap
import time

from rich import box
from rich.console import Group
from rich.panel import Panel as Frame
from rich.table import Table
from rich.text import Text

# A row of the 320x240 screen holds some forty letters of the phone's font.
PHONE_COLUMNS = 46
# Below this the account goes under the phone instead of beside it, where the terminal is high enough; in 80
# columns and 24 rows the beginnings of its lines are better than none of them.
BESIDE_COLUMNS, BESIDE_LEAST = 96, 78
ACCOUNT_LEAST = 4
# The phone keeps its height when a page is short; a 320x240 screen has up to eight rows.
ROWS = 8
# As many of the keep-alives to one manager as fit beside the phone.
KEEPALIVES_SHOWN = 5
_MARKS = {"●": "green", "▲": "yellow", "✕": "red"}
_STATES = {"answering": "green", "stopped": "red"}
_OUTCOMES = {"": "", "page": "green", "answer": "yellow", "failed": "red", "cut": "red"}


def draw_screen(screen, title: str) -> Frame:
    """The phone's screen as a box of text; `screen` is None while there is none."""
    inner = PHONE_COLUMNS - 4
    lines = []
    if screen is None:
        waiting = Text("The phone is starting.", "dim", justify="center")
        lines = [Text("")] * 4 + [waiting] + [Text("")] * ROWS
    else:
        status = Text("%s %s" % (screen["mark"], screen["label"]), _MARKS.get(screen["mark"], ""))
        lines.append(_ends(status, Text(screen["clock"]), inner))
        lines.append(_line(screen["title"], inner, "bold"))
        for place, row in enumerate(screen["rows"], screen["first"]):
            chosen = place == screen["selected"]
            number = "%2d " % row["n"] if row["n"] else "   " if screen["kind"] == "menu" else ""
            aside = row.get("aside", "")
            said = _ends(Text(number + row["text"]), Text(aside), inner) if aside else number + row["text"]
            lines.append(_line(said, inner, "reverse" if chosen else "", pad=chosen))
        lines += [Text("")] * max(0, ROWS - len(screen["rows"]))
        more = screen["first"] + len(screen["rows"]) < screen["total"]
        style = "yellow" if screen["busy"] else "dim"
        wrapped = textwrap.wrap(screen["prompt"], inner - 2, max_lines=2, placeholder="…")
        first, second = (wrapped + ["", ""])[:2]
        lines.append(_ends(Text(first, style), Text("↓" if more else "", "dim"), inner))
        lines.append(Text(second, style))
        lines.append(_softkeys(screen["softkeys"], inner))
    return Frame(Group(*lines), title=Text(title), width=PHONE_COLUMNS, box=box.HEAVY)


def draw(width: int, height: int, screen, title: str, servers, account, address: str, requests=(),
         managers=(), keepalives=()):
    """Everything: what rich should show on a terminal of width x height."""
    phone = Group(draw_screen(screen, title), _keys(servers))
    world = len(servers) + 2 * len(managers)
    below = height - world - ROWS - 19
    beside = width >= (BESIDE_COLUMNS if below >= ACCOUNT_LEAST else BESIDE_LEAST)
    room = max(ACCOUNT_LEAST, height - world - 6 if beside else below)
    story = Group(Text.assemble("The page: ", (address, "bold underline")), Text(""),
                  *[_server(server) for server in servers],
                  *[line for manager in managers for line in _manager(manager, keepalives)],
                  _requests(requests), Text(""),
                  *[Text(line, "" if line is account[-1] else "dim", no_wrap=True, overflow="ellipsis")
                    for line in account[-room:]])
    if not beside:
        return Group(phone, story)
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=PHONE_COLUMNS)
    table.add_row(phone, story)
    return table


def _line(text, width, style="", pad=False) -> Text:
    line = Text(str(text), style, no_wrap=True, overflow="ellipsis")
    line.truncate(width, overflow="ellipsis", pad=pad)
    return line


def _ends(left, right, width) -> Text:
    left.truncate(max(0, width - right.cell_len - 1), overflow="ellipsis", pad=True)
    return Text.assemble(left, " ", right, no_wrap=True)


def _softkeys(labels, width) -> Text:
    room = width // len(labels) - 1
    line = Text(no_wrap=True)
    for label in labels:
        key = Text(label, "reverse" if label else "dim")
        key.truncate(room, overflow="ellipsis")
        line.append_text(key).append(" " * (room - key.cell_len + 1))
    return line


def _server(server) -> Text:
    colour = _STATES.get(server["state"], "yellow")
    return Text.assemble((" %s " % server["name"], "bold reverse " + colour), " ", (server["words"], colour),
                         ("  " + server["url"], "dim"), no_wrap=True, overflow="ellipsis")


def _manager(manager, keepalives) -> tuple:
    """A call manager and who is registered there until when; below it the last that the phone asked it."""
    colour = _STATES.get(manager["state"], "yellow")
    left = [(it["user"], round(it["until"] / 1000 - time.time())) for it in manager["registered"]]
    registered = ", ".join("%s is registered, %d s left" % it for it in left if it[1] > 0)
    first = Text.assemble((" %s " % manager["name"], "bold reverse " + colour), " manager ",
                          (manager["words"], colour), ("  " + registered, "bold"),
                          ("  " + manager["uri"], "dim"), no_wrap=True, overflow="ellipsis")
    second = Text("    ", no_wrap=True, overflow="ellipsis")
    for asked in [it for it in keepalives if it["server"] == manager["name"]][-KEEPALIVES_SHOWN:]:
        good = asked["word"].startswith("2") or asked["word"] == "401"
        second.append("%s %s  " % (asked["path"], asked["word"] or "..."),
                      "dim" if good or not asked["word"] else "red")
    return first, second


def _requests(requests) -> Text:
    """What the last key press made the phone ask, in the order of asking: A 262 ms lost · B 12 ms page."""
    last = []
    for asked in requests:
        if asked["why"] in ("key", "link"):
            last = []
        if asked["why"] != "probe":
            last.append(asked)
    line = Text(no_wrap=True, overflow="ellipsis")
    for asked in last:
        line.append(" · " if line else " ", "dim")
        line.append(asked["server"], "bold")
        words = " %d ms %s" % (asked["ms"], asked["word"]) if asked["word"] else " asking"
        line.append(words, _OUTCOMES.get(asked["word"], "dim"))
        if asked["reused"]:
            line.append(" (reused)", "dim")
    return line


def _keys(servers) -> Text:
    names = "/".join(server["name"] for server in servers)
    return Text("arrows Enter Esc 0-9 * #   F1-F4 or z x c v: softkeys\n"
                "s services  d directory  m messages\ni information  t settings\n"
                "%s (capital): freeze or start that server\nq quits" % names, "dim")

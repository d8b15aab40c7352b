"""The keys of a terminal as keys of the phone."""

import os
import select
import signal
import sys
import termios
import tty

# A lone Escape is told from the start of a sequence by the pause after it; terminals send a
# sequence in one piece, and a slow remote line needs a little more.
ESCAPE_SECONDS = 0.05
QUIT = "quit"
LETTERS = {
    "s": "services", "d": "directory", "m": "messages", "i": "information", "t": "settings",
    "z": "soft1", "x": "soft2", "c": "soft3", "v": "soft4", "q": QUIT,
    "\r": "select", "\n": "select", "\x7f": "back", "\b": "back", "*": "*", "#": "#",
}
_SEQUENCES = {
    "\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left",
    "\x1bOA": "up", "\x1bOB": "down", "\x1bOC": "right", "\x1bOD": "left",
    "\x1bOP": "soft1", "\x1bOQ": "soft2", "\x1bOR": "soft3", "\x1bOS": "soft4",
    "\x1b[11~": "soft1", "\x1b[12~": "soft2", "\x1b[13~": "soft3", "\x1b[14~": "soft4",
    "\x1b[[A": "soft1", "\x1b[[B": "soft2", "\x1b[[C": "soft3", "\x1b[[D": "soft4",
}


def names(typed: str) -> list:
    """What was typed as a list of key names; a capital letter stays itself, the rest is left out."""
    found, place = [], 0
    while place < len(typed):
        known = next((sequence for sequence in _SEQUENCES if typed.startswith(sequence, place)), None)
        if known:
            found.append(_SEQUENCES[known])
            place += len(known)
        elif typed[place] == "\x1b":
            end = place + 1
            if typed[end:end + 1] in ("[", "O"):  # a sequence that means nothing here, up to its last letter
                end += 1
                while end < len(typed) and not (typed[end].isalpha() or typed[end] == "~"):
                    end += 1
                end += 1
            else:
                found.append("back")
            place = end
        else:
            letter = typed[place]
            if letter.isascii() and (letter.isdigit() or letter.isupper()):
                found.append(letter)
            elif letter in LETTERS:
                found.append(LETTERS[letter])
            place += 1
    return found


class Keyboard:
    """The terminal on stdin without echo and without waiting for Enter; put back at the end."""

    def __enter__(self) -> "Keyboard":
        self._handle = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._handle)
        tty.setcbreak(self._handle)
        # After Ctrl-Z and fg the shell has put the terminal back to its own ways.
        self._continued = signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(self._handle))
        return self

    def __exit__(self, *_) -> None:
        signal.signal(signal.SIGCONT, self._continued)
        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._before)

    def read(self, seconds: float) -> list:
        """The names of the keys that come within `seconds`; returns at once when some came."""
        if not select.select([self._handle], [], [], seconds)[0]:
            return []
        typed = os.read(self._handle, 1024)
        if not typed:
            return [QUIT]
        if typed.endswith(b"\x1b") and select.select([self._handle], [], [], ESCAPE_SECONDS)[0]:
            typed += os.read(self._handle, 1024)
        return names(typed.decode("utf-8", "ignore"))

"""The account: the last decisions in plain words, in RAM.

Everything that the phone does to a server or to its screen for a reason is said here once. The
hands carry each line to the console and the panel link; the settings page shows the last ones.
"""

from micropython import const

from phone.events import Note

NOTES_MAX = 16  # about 1.5 KB of a board's heap
_NOTE_MAX = const(160)  # characters; what a server said may be quoted in it
_CAUSES = {
    "power": "The phone was switched on.",
    "reset": "The phone was started anew.",
    "watchdog": "The phone had stopped working and was started anew by its watchdog.",
}


class Journal:
    def __init__(self):
        self.lines = []  # (ms, text), oldest first

    def start(self, cause, mistakes, now):
        """Why the phone runs, and what is wrong with its configuration; effects."""
        out = self.say(_CAUSES.get(cause, _CAUSES["reset"]), now)
        for mistake in mistakes:
            out += self.say("Configuration: " + mistake, now)
        return out

    def say(self, text, now):
        """Remember one sentence; returns the effects that carry it out."""
        text = text[:_NOTE_MAX]
        self.lines.append((now, text))
        if len(self.lines) > NOTES_MAX:
            self.lines.pop(0)
        return [Note(text)]

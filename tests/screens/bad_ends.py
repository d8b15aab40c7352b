"""What a phone shows that ended badly: whom it asks last, and safe mode, in English and in German.

Made by the agent itself, out of what the life before has left.
"""

from phone.agent import Agent
from phone.config import check
from phone.events import Link, Wall
from phone.wire import scratch
from phone.wire.url import split

RAW = {
    "identity": {"label": "Ward 3"},
    "homes": [
        {"name": name, "pointers": {"services": "http://%s/menu.xml" % name.lower()}} for name in ("A", "B")
    ],
}
NOON = 1795176000  # 2026-11-20 12:00 UTC


def left(falls):
    """A life that ended while it read a page of A, after so many other bad ends."""
    url = scratch.fingerprint(split("http://a/menu.xml"))
    head = (scratch.READING, url, 20000, 1, 0, 0)
    return scratch.pack(head, (bytes(falls), b"", b"A", b""), b"")


def bad_ends(theme):
    """{name: Screen}"""
    out = {}
    for code, prefix in (("en", ""), ("de", "de_")):
        for name, falls in (("started_anew", 0), ("safe_mode", 2)):
            config = check(dict(RAW, language=code))[0]
            agent = Agent(config, theme, lambda count: b"\0" * count, (), "watchdog", 1, None, left(falls))
            agent.feed(Link(True, "10.0.0.9", (), None), 1000)
            agent.feed(Wall(NOON, "clock"), 1001)
            out[prefix + name] = agent.screen()
            theme.speak("en")
    return out

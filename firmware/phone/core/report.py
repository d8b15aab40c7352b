"""What the phone tells of itself over HTTP: one page for people, one for scripts, one for Prometheus, and two
as other desk phones have them (docs/status.md).

Each page is a module of its own, read from flash when it is first asked for: whoever asks for one seldom
asks for the others. It gives its media type and an iterator of short strs, made while they are read.
No page has a password, the query of a URL, a line of the journal or anything that a person did: who
may reach the port may read it.
"""

from phone.core.wall import stamp
from phone.wire.url import site


class Report:
    """`net`: core/net.py; `client`: whose `up` says whether there is a network; `counts`: requests by what
    they came to; `heap()` gives (free, used) in bytes; it may be None; `managers`: core/managers.py, or None.
    """

    def __init__(self, config, book, wall, net, client, counts, cause, mistakes, heap, managers=None):
        self.config = config
        self.book = book
        self.wall = wall
        self.net = net
        self.client = client
        self.counts = counts
        self.cause = cause
        self.mistakes = mistakes
        self._heap = heap
        self.managers = managers

    def page(self, path, now):
        """(kind, iterator of strs), or None where there is no such page."""
        if path == "/":
            from phone.core.report_people import people

            return people(self, now)
        if path == "/status.json":
            from phone.core.report_json import script

            return script(self, now)
        if path == "/metrics":
            from phone.core.report_metrics import metrics

            return metrics(self, now)
        if path in ("/DeviceInformationX", "/NetworkConfigurationX"):
            from phone.core.report_xml import elements

            return elements(self, path, now)
        return None

    def servers(self, now):
        """(pointer, site, whether it would serve the next key, whether it is watched) of each site, once."""
        serving = self.book.serving(now)
        watched = [pointer.health for pointer in self.book.watched(now)]
        seen = []
        for pointer in list(self.book.pointers):
            health = pointer.health
            if health not in seen:
                seen.append(health)
                serves = bool(serving) and serving.health is health
                yield pointer, site(pointer.url), serves, health in watched

    def heap(self):
        """(free, used) in bytes, or None."""
        return self._heap() if self._heap else None

    def time(self, now):
        """The time of day, "" while it is unknown."""
        unix = self.wall.utc(now)
        return "" if unix is None else stamp(unix)


def place(pointer):
    return placed(pointer.home)


def placed(number):
    """Of a home, by its number."""
    return "primary" if number == 0 else "backup"


def state(health):
    return ("well" if health.well else "unwell") if health.asked else "not asked yet"


def serve(picture, config, *facts):
    """The server of the pages that a Report(config, *facts) makes; picture: of the screen (core/push.py)."""
    from phone.core.push import Push

    return Push(config.push.credentials, Report(config, *facts), picture)

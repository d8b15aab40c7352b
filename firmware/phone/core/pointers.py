"""The book of pointers: which URLs enter a service, in which order they are asked.

Order of a service (docs/configuration.md): the current home's own in configured order, then
the other homes in order, then the further backups of the configuration. Resting sites come last, by
end of rest; a site that asked us to wait is left out until its time has come. Health
belongs to the site, not to the pointer: all pointers to one server share one Health.
"""

from collections import namedtuple

from micropython import const

from phone.core.health import Health
from phone.wire import url as urls

_STRANGERS_MAX = const(8)  # sites that pages link to; what is known of them is forgotten when they are more
SERVICES = ("services", "directory", "messages", "information")
CONFIG = "configuration"

# url: Url. home: number of the home that operates it, or -1. label: what the user calls the
# server. source: who told us; q: 0..1, orders pointers of one source.
Pointer = namedtuple("Pointer", ("service", "url", "home", "label", "source", "q"))


class Book:
    def __init__(self, config):
        self.home = 0  # number of the current home; the first is the primary
        self.pointers = []  # homes in order, then the further backups
        self._rest_ms = config.timers["rest_ms"]
        self._health = {}  # site -> Health
        for number, home in enumerate(config.homes):
            for service, found in home.pointers:
                self._learn(service, found, number, home.name)
        for service, found in config.backups:
            self._learn(service, found, -1, "")
        self._sites = [urls.site(pointer.url) for pointer in self.pointers]

    def health(self, url):
        """The Health of the site that `url` (a Url) is on."""
        site = urls.site(url)
        if site not in self._health:
            if len(self._health) > len(self.pointers) + _STRANGERS_MAX:
                for other in [other for other in self._health if other not in self._sites]:
                    del self._health[other]
            self._health[site] = Health(self._rest_ms)
        return self._health[site]

    def of(self, service):
        """All pointers of a service, in order, whatever their health."""
        own = [p for p in self.pointers if p.service == service and p.home == self.home]
        return own + [p for p in self.pointers if p.service == service and p.home != self.home]

    def order(self, service, now):
        """The pointers to ask now, in order: well or rested ones, then resting ones, by end of rest."""
        free = [p for p in self.of(service) if not self.health(p.url).is_asked_to_wait(now)]
        first = [p for p in free if not self.health(p.url).is_resting(now)]
        resting = [p for p in free if self.health(p.url).is_resting(now)]
        while resting:  # the one whose rest ends first: so each gets its turn (a stable sort: there is none)
            first.append(min(resting, key=lambda p: self.health(p.url).rest_until))
            resting.remove(first[-1])
        return first

    def serving(self, now):
        """The pointer that the next key would be served by, or None."""
        for service in SERVICES:
            for pointer in self.order(service, now):
                if self.health(pointer.url).well:
                    return pointer
        return None

    def at(self, service, url):
        """A pointer of the service on the site of `url`, or None."""
        site = urls.site(url)
        for pointer in self.of(service):
            if urls.site(pointer.url) == site:
                return pointer
        return None

    def may_ask(self, url, now):
        """Whether the site of `url` did not ask to be left alone."""
        return not self.health(url).is_asked_to_wait(now)

    def _learn(self, service, found, home, label):
        for text in found:
            url = urls.split(text)
            self.pointers.append(Pointer(service, url, home, label or url.host, CONFIG, 1.0))

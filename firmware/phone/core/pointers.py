"""The book of pointers: which URLs enter a service, in which order they are asked.

Order of a service (docs/configuration.md): the current home's own in configured order, then
the other homes in order, then the further backups of the configuration. Unwell sites come last, the one that
failed longest ago first; a site that asked us to wait is left out until its time has come. Health
belongs to the site, not to the pointer: all pointers to one server share one Health.
"""

from collections import namedtuple

from micropython import const

from phone.core.health import CONFIRM_MS, Health
from phone.core.jitter import Jitter
from phone.wire import url as urls

WATCHED_MAX = const(3)  # sites looked at in idle: four probes a minute reach no further
_STRANGERS_MAX = const(8)  # sites that pages link to; what is known of them is forgotten when they are more
SERVICES = ("services", "directory", "messages", "information")
CONFIG = "configuration"

# url: Url. home: number of the home that operates it, or -1. label: what the user calls the
# server. source: who told us; q: 0..1, orders pointers of one source. safe: the links of its pages are
# no commands, so they may be asked for twice.
Pointer = namedtuple("Pointer", ("service", "url", "home", "label", "source", "q", "safe"))


class Book:
    def __init__(self, config):
        self.home = 0  # number of the current home; the first is the primary
        self.pointers = []  # homes in order, then the further backups
        self._timers = config.timers
        self._jitter = Jitter(config.name)
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
            self._health[site] = Health(self._timers["rest_ms"], self._timers["probe_ms"], self._jitter)
        return self._health[site]

    def of(self, service):
        """All pointers of a service, in order, whatever their health."""
        return self._by_home([p for p in self.pointers if p.service == service])

    def order(self, service, now):
        """The pointers to ask now, in order: well ones, then unwell ones, by time of their last failure."""
        free = [p for p in self.of(service) if not self.health(p.url).is_asked_to_wait(now)]
        first = [p for p in free if self.health(p.url).well]
        unwell = [p for p in free if not self.health(p.url).well]
        while unwell:  # each gets its turn (a stable sort: there is none)
            first.append(min(unwell, key=lambda p: self.health(p.url).seen))
            unwell.remove(first[-1])
        return first

    def serving(self, now):
        """The pointer that the next key would be served by, or None."""
        for service in SERVICES:
            for pointer in self.order(service, now):
                if self.health(pointer.url).well:
                    return pointer
        return None

    def watched(self, now):
        """A pointer of each site that is worth a probe: the site in use, and the two others that the
        configuration prefers. Who is unwell stays among them, so that it is seen to come back.
        """
        serving = self.serving(now)
        out = [serving] if serving else []
        for pointer in self._by_home(self.pointers):
            if len(out) == WATCHED_MAX:
                break
            if urls.site(pointer.url) not in [urls.site(other.url) for other in out]:
                out.append(pointer)
        return out

    def at(self, service, url):
        """A pointer on the site of `url`, of the service where there is one; None: a stranger's site."""
        site = urls.site(url)
        found = [p for p in self._by_home(self.pointers) if urls.site(p.url) == site]
        own = [p for p in found if p.service == service]
        return (own or found or [None])[0]

    def instead(self, service, pointer, now):
        """The pointer in use for the service, where the site of `pointer` is unwell and another is well."""
        if self.health(pointer.url).well:
            return None
        for other in self.order(service, now):
            if self.health(other.url).well:
                return other
        return None

    def look_again(self, now):
        """The network came back: what was seen without it says little, so look at all sites soon."""
        for health in self._health.values():
            health.look_at = max(health.not_before, now + self._jitter.draw(CONFIRM_MS, 0))

    def may_ask(self, url, now):
        """Whether the site of `url` did not ask to be left alone."""
        return not self.health(url).is_asked_to_wait(now)

    def _by_home(self, pointers):
        own = [p for p in pointers if p.home == self.home]
        return own + [p for p in pointers if p.home != self.home]

    def _learn(self, service, found, home, label):
        for text, safe in found:
            url = urls.split(text)
            self.pointers.append(Pointer(service, url, home, label or url.host, CONFIG, 1.0, safe))

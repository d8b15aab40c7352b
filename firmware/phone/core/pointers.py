"""The book of pointers: which URLs enter a service, in which order they are asked.

Order of a service (docs/configuration.md): what was pushed, the newest first, then the current home's own in
configured order, then what keep-alives told, by q, then the other homes in order, then the further backups of
the configuration. A URL that comes twice counts where it comes first. Unwell sites come last, the one that
failed longest ago first; a site that asked us to wait is left out until its time has come. Health
belongs to the site, not to the pointer: all pointers to one server share one Health. A pointer whose page may
have stopped the phone comes after all others until its time has come (suspects.py).
"""

from collections import namedtuple

from micropython import const

from phone.core.health import CONFIRM_MS, Health
from phone.core.jitter import Jitter
from phone.wire import url as urls
from phone.wire.scratch import fingerprint

WATCHED_MAX = const(3)  # sites looked at in idle: four probes a minute reach no further
_STRANGERS_MAX = const(8)  # sites that pages link to; what is known of them is forgotten when they are more
SERVICES = ("services", "directory", "messages", "information")
IDLE = "idle"  # a service without a key: the page that is shown when nobody wants anything
CONFIG, KEEPALIVE, PUSH = "configuration", "keep-alive", "push"

# url: Url. home: number of the home whose site it is on, or -1. label: what the user calls the
# server. source: who told us; q: 0..1, orders pointers of one source. safe: the links of its pages are
# no commands, so they may be asked for twice. health: that of its site.
Pointer = namedtuple("Pointer", ("service", "url", "home", "label", "source", "q", "safe", "health"))


class Book:
    def __init__(self, config, safe=False):
        """safe: of safe mode, which asks nobody."""
        # Number of the current home; the first is the primary. As many as there are, or more: a learned call
        # manager, which has no pointers of its own.
        self.home = 0
        self.turned = 0  # ms at which another server came into use because the order changed, not a server
        self.pointers = []  # homes in order, then the further backups
        self.twice = []  # (service, url) of those that come more than once, since somebody told them
        self.wary = {}  # fingerprint of a pointer -> (ms until which it is asked last, how often it killed)
        self.dares = True  # whoever killed once may be asked where nobody else answers
        self._timers = config.timers
        self._jitter = Jitter(config.name)
        self._health = {}  # site -> Health, of the book's own sites
        self._strangers = {}  # the same of sites that pages link to
        if safe:
            return
        for number, home in enumerate(config.homes):
            for service, found in home.pointers:
                self._learn(service, found, number, home.name)
        for service, found in config.backups:
            self._learn(service, found, -1, "")

    def move(self, home, now):
        """`home` is the current home from now on."""
        before = self.serving(now)
        self.home = home
        self._turn(before, now)

    def teach(self, source, taught, now=0):
        """What `source` names from now on (Taught of core/learned.py, in order): its earlier ones go, and
        with them what is known of their sites, so that whoever names others each time fills nothing.
        """
        before = self.serving(now)
        told = [pointer for pointer in self.pointers if pointer.source not in (source, CONFIG)]
        self.pointers = [pointer for pointer in self.pointers if pointer.source == CONFIG]
        for one in taught:
            for service in (one.service,) if one.service else self._services():
                told.append(self._pointer(service, one.url, -1, "", source, one.q, False))
        self.pointers += told
        names = [(pointer.service, pointer.url) for pointer in self.pointers]
        self.twice = [name for name in names[-len(told) :] if names.count(name) > 1] if told else []
        used = [pointer.health for pointer in self.pointers]
        self._health = {site: health for site, health in self._health.items() if health in used}
        self._turn(before, now)

    def health(self, url):
        """The Health of the site that `url` (a Url) is on."""
        site = urls.site(url)
        found = self._health.get(site) or self._strangers.get(site)
        if not found:
            if len(self._strangers) >= _STRANGERS_MAX:  # who asked to be left alone longest is kept longest
                del self._strangers[min(self._strangers, key=lambda site: self._strangers[site].not_before)]
            found = self._strangers[site] = self._new_health()
        return found

    def hosts(self):
        return [pointer.url.host for pointer in self.pointers]

    def of(self, service):
        """All pointers of a service, in order, whatever their health."""
        return self._by_home([p for p in self.pointers if p.service == service])

    def order(self, service, now):
        """The pointers to ask now, in order: well ones, then unwell ones, by time of their last failure."""
        free = [p for p in self.of(service) if not p.health.is_asked_to_wait(now)]
        unwell = sorted([(p.health.seen, place) for place, p in enumerate(free) if not p.health.well])
        return self._wary_last([p for p in free if p.health.well] + [free[place] for _, place in unwell], now)

    def is_wary(self, pointer, now):
        """Whether its page may have stopped the phone, and its next chance has not come."""
        found = self.wary.get(fingerprint(pointer.url)) if self.wary else None
        return bool(found) and now < found[0]

    def in_use(self, service, now):
        """The pointer that the service's next key would be served by: the first well one, or None."""
        for pointer in self._wary_last(self.of(service), now):
            if pointer.health.well and not pointer.health.is_asked_to_wait(now):
                return pointer
        return None

    def serving(self, now):
        """The same of the first service that has one."""
        for service in SERVICES:
            pointer = self.in_use(service, now)
            if pointer:
                return pointer
        return None

    def watched(self, now):
        """A pointer of each site that is worth a probe: the site in use, and the two others that the
        configuration prefers; one of these may be a site that others told. Who is unwell stays among them, so
        that it is seen to come back; a site that may have stopped the phone is left alone.
        """
        wary = [p.health for p in self.pointers if self.is_wary(p, now)] if self.wary else []
        serving = self.serving(now)
        out = [serving] if serving and serving.health not in wary else []
        told = 0
        for pointer in self._by_home(self.pointers):
            if len(out) == WATCHED_MAX:
                break
            if pointer.health not in [other.health for other in out] + wary:
                told += pointer.source != CONFIG
                if told < 2 or pointer.source == CONFIG:
                    out.append(pointer)
        return out

    def at(self, service, url):
        """A pointer on the site of `url`, of the service where there is one; None: a stranger's site."""
        health = self._health.get(urls.site(url))
        found = [p for p in self._by_home(self.pointers) if p.health is health]
        own = [p for p in found if p.service == service]
        return (own or found or [None])[0]

    def instead(self, service, pointer, now):
        """The pointer in use for the service, where the site of `pointer` is unwell and another is well."""
        return None if pointer.health.well else self.in_use(service, now)

    def look_again(self, now):
        """The network came back: what was seen without it says little, so look at all sites soon."""
        for health in self._health.values():
            health.look_at = max(health.not_before, now + self._jitter.draw(CONFIRM_MS, 0))

    def may_ask(self, url, now):
        """Whether the site of `url` did not ask to be left alone."""
        return not self.health(url).is_asked_to_wait(now)

    def _turn(self, before, now):
        serving = self.serving(now)
        if serving and before and serving.health is not before.health:
            self.turned = now

    def _wary_last(self, pointers, now):
        if not self.wary:
            return pointers
        from phone.core import suspects

        return suspects.last(pointers, self, now)

    def _by_home(self, pointers):
        pushed = [p for p in pointers if p.source == PUSH]
        told = [p for p in pointers if p.source == KEEPALIVE]
        own = [p for p in pointers if p.home == self.home and p.source == CONFIG]
        rest = [p for p in pointers if p.home != self.home and p.source == CONFIG]
        if not pushed and not told:
            return own + rest
        out = pushed + own + told + rest
        for service, url in self.twice:
            same = [p for p in out if p.service == service and p.url == url]
            out = [p for p in out if p is same[0] or p not in same] if same else out
        return out

    def _services(self):
        """What a backup of everything backs up: the services that the configuration has, and "services"."""
        own = [p.service for p in self.pointers if p.source == CONFIG]
        return [service for service in SERVICES if service in own or service == "services"]

    def _learn(self, service, found, home, label):
        for text, safe in found:
            self.pointers.append(self._pointer(service, text, home, label, CONFIG, 1.0, safe))

    def _pointer(self, service, text, home, label, source, q, safe):
        url = urls.split(text)
        site = urls.site(url)
        health = self._health[site] = self._health.get(site) or self._new_health()
        if source != CONFIG:  # a person knows the server by the name that the configuration gives it
            for own in self.pointers:
                if own.health is health:
                    home, label = own.home, own.label
                    break
        return Pointer(service, url, home, label or url.host, source, q, safe, health)

    def _new_health(self):
        return Health(self._timers["rest_ms"], self._timers["probe_ms"], self._jitter)

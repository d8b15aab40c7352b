"""The doctor's half that runs under MicroPython: a phone without screen and keys looks at a configuration.

    micropython doctor_case.py --config FILE --panel - --state -         as main.py of board unix

It judges with the firmware's own modules, asks each server once, and prints what it finds, a line of JSON
each: {"about": "configuration", "ok": false, "text": "homes[0]: ..."}. ok: true, false, or null for a remark;
more fields say whom. The last line is about "end".

    names --all found, or not--> pages (three at a time) --> call managers (OPTIONS) --> losses --> bounds
"""

import asyncio
import gc
import json
import sys
from binascii import hexlify

sys.path.pop(0)  # the folder of this file; the firmware's is MICROPYPATH

import board
from phone import config as configurations, events
from phone.core import detection
from phone.core.journal import Journal, mended
from phone.core.net import SOCKETS_MAX, Net
from phone.core.outcome import CUT, FAILED, PAGE
from phone.core.pointers import SERVICES, Book
from phone.core.result import Context
from phone.core.run import KEY, Requests
from phone.core.transaction import Transaction
from phone.core.trouble import TITLES, seconds
from phone.core.wall import Wall
from phone.phrases import phrase, plain
from phone.runtime.clock import Clock
from phone.runtime.tasks import Tasks
from phone.runtime.tcp import Tcp
from phone.wire import sip
from phone.wire.url import is_literal, site

TURN_MS = 10  # how late a deadline may be noticed; what is told in ms is of a busy PC anyway
NOBODY = "nobody"


def tell(about, ok, text, **more):
    print(json.dumps(finding(about, ok, text, more)))


def finding(about, ok, text, more):
    more.update({"about": about, "ok": ok, "text": text})
    return more


class Box:
    """Nobody wants to know what was going on when this one died."""

    def begin(self, run):
        pass

    def end(self, run):
        pass


class Phone:
    """What the questions share. hands: performs effects, and feeds back what happens."""

    def __init__(self, config):
        self.config = config
        self.journal = Journal()
        self.wall = Wall()
        self.book = Book(config)
        self.net = Net(config, board.entropy, self.journal, board.tls_max, self.book.hosts())
        self.requests = Requests(config, self.book, self.net, self.wall, Box())
        self.port = None  # of the phone's SIP socket, once it is bound
        self.open = []  # questions under way
        self.gives = {}  # place in book.pointers -> whether its page came
        self.managers = {}  # number of a home -> how many addresses its manager answers at, and has

    def receive(self, event, now):
        """To whoever asked; effects."""
        if type(event) is events.Bound:
            self.port = event.port
            return []
        out = self.net.receive(event, now)
        if out is not None:
            return out
        for question in self.open:
            out = question.receive(event, now)
            if out is not None:
                return out
        return []


class Hands:
    """The runtime's sockets, without the rest of a loop."""

    def __init__(self, phone):
        self._phone = phone
        self._clock = Clock()
        self._tasks = Tasks(self._clock.now)
        self._tcp = Tcp(self._feed)
        self._udp = None

    async def ask(self, questions, most):
        """Put the questions, at most so many at a time, until each of them is done."""
        phone, left = self._phone, list(questions)
        line = list(left)  # what is found is told in this order
        while line:
            now = self._clock.now()
            self.perform(phone.net.tick(now))
            while left and len(phone.open) < most:
                question = left.pop(0)
                phone.open.append(question)
                self.perform(question.begin(now))
            for question in list(phone.open):
                self.perform(question.tick(now))
                if question.done:
                    phone.open.remove(question)
            while line and line[0].done:
                for found in line.pop(0).found:
                    print(json.dumps(found))
            await asyncio.sleep_ms(TURN_MS)

    def perform(self, effects):
        for effect in effects:
            kind = type(effect)
            if kind is events.Open:
                self._tcp.open(effect.conn, effect.address, effect.tls, board)
            elif kind is events.Write:
                self._tcp.write(effect.conn, effect.data)
            elif kind is events.Close:
                self._tcp.close(effect.conn)
            elif kind is events.SendTo:
                self._datagrams().send(effect)
            elif kind is events.Bind:
                self._feed(self._datagrams().bind(effect.port))

    def _feed(self, event):
        self.perform(self._phone.receive(event, self._clock.now()))

    def _datagrams(self):
        if self._udp is None:
            from phone.runtime.udp import Datagrams

            self._udp = Datagrams(board.pair, self._tasks, self._feed, self._tcp.breathe, gc.collect)
        return self._udp


class Question:
    """One thing that is asked of the world. found: what to tell of it, once it is done."""

    def __init__(self, phone):
        self.done = False
        self.found = []
        self._phone = phone

    def begin(self, now):
        return []

    def receive(self, event, now):
        """An event: effects, or None where it is another one's."""
        return None

    def tick(self, now):
        return []

    def _tell(self, about, ok, text, **more):
        self.found.append(finding(about, ok, text, more))


class Name(Question):
    """Which address a name has."""

    def __init__(self, phone, name, whose):
        Question.__init__(self, phone)
        self._name = name
        self._whose = whose

    def tick(self, now):
        net = self._phone.net
        address = net.lookup(self._name, now)
        if address is None:
            return net.questions(now)
        self.done = True
        if address:
            said = "%s is %s." % (self._name, address)
            self._tell("name", True, said, name=self._name, address=address)
        else:
            said = plain(phrase("%s: %s %s.", self._name, self._whose, net.why(self._name)))
            self._tell("name", False, said, name=self._name, address=None)
        return []


class Page(Question):
    """Whether a pointer gives a page: name, connection, certificate, answer, and what is in it."""

    def __init__(self, phone, places):
        Question.__init__(self, phone)
        self._places = places  # in book.pointers, of all that have this URL
        self._pointer = phone.book.pointers[places[0]]
        self._run = None

    def begin(self, now):
        pointer = self._pointer
        target = Context(pointer.service, pointer, pointer.url, True, False, False, None)
        self._run = self._phone.requests.run(target, KEY, True, now)
        return self._run.begin(now) + self._settle(now)

    def receive(self, event, now):
        if self.done or self._run.fetch.conn != event_conn(event):
            return None
        return self._run.fetch.receive(event, now) + self._settle(now)

    def tick(self, now):
        return [] if self.done else self._run.fetch.tick(now) + self._settle(now)

    def _settle(self, now):
        run, pointer = self._run, self._pointer
        outcome = run.fetch.outcome
        if not outcome or self.done:
            return []
        self.done = True
        took = now - run.fetch.begun
        fine = outcome.word == PAGE
        if outcome.word in (FAILED, CUT):
            pointer.health.bad(outcome.text, now, outcome.retry_after_ms)
        else:
            pointer.health.good(outcome.text, now)
        services = []
        for place in self._places:
            self._phone.gives[place] = fine
            title = plain(TITLES[self._phone.book.pointers[place].service])
            services += [] if title in services else [title]
        shown = site(pointer.url) + pointer.url.path.partition("?")[0]  # a query may hold a secret
        whom = "%s, %s (%s)" % (pointer.label, ", ".join(services), shown)
        said = "%s %s." % (whom, plain(outcome.text))
        if fine:
            said = "%s gives a page after %s." % (whom, plain(seconds(took)))
        self._tell("page", fine, said, server=pointer.label, url=shown, ms=took, outcome=outcome.word)
        for line in mended(outcome.record.mends) if outcome.record else ():
            self._tell("page", None, "%s: %s" % (pointer.label, plain(line)), server=pointer.label, url=shown)
        return run.end(now)


class Manager(Question):
    """Whether a call manager answers at each of its addresses, by OPTIONS: nobody's binding is touched."""

    def __init__(self, phone, number):
        Question.__init__(self, phone)
        self._number = number
        self._home = phone.config.homes[number]
        self._uri = self._home.manager
        self._targets = None  # None: its name is looked up
        self._asked = []  # (Transaction, target) that are under way
        self._good = 0

    def begin(self, now):
        return [] if self._phone.port else [events.Bind(self._phone.config.sip.port)]

    def tick(self, now):
        if self._targets is None:
            return self._look_up(now)
        out = []
        for asked in list(self._asked):
            transaction, target = asked
            out += transaction.tick(now)
            if transaction.final or transaction.timed_out:
                self._asked.remove(asked)
                self._judge(transaction, target, now)
        if not self._asked:
            self._over()
        return out

    def receive(self, event, now):
        if type(event) is not events.Datagram or not event.port:
            return None
        message = sip.read(event.data)
        for transaction, _ in self._asked:
            if message and transaction.receive(message, event.address):
                return self.tick(now)
        return None

    def _look_up(self, now):
        net = self._phone.net
        host, port, _ = sip.host_port(self._uri)
        targets = net.lookup_sip(host, port, now)
        if targets is None or self._phone.port is None:
            return net.questions(now)
        self._targets = targets or []
        if not targets:
            said = plain(phrase("%s: %s %s.", self._home.name, self._uri, net.why(host)))
            self._tell("manager", False, said, server=self._home.name, uri=self._uri)
            return []
        if not self._phone.port:
            said = "The phone's port %d and those above it are taken." % self._phone.config.sip.port
            self._tell("manager", False, said, server=self._home.name, uri=self._uri)
            return []
        if not is_literal(host):
            shown = ", ".join(["%s:%d" % target for target in targets])
            self._tell("manager", True, "%s: %s is %s." % (self._home.name, self._uri, shown),
                       server=self._home.name, uri=self._uri, targets=["%s:%d" % each for each in targets])
        out = []
        for target in targets:
            out += self._ask(target, now)
        return out

    def _ask(self, target, now):
        config, token = self._phone.config, hexlify(board.entropy(8)).decode()
        branch, here = "z9hG4bK" + token, (self._phone.net.address, self._phone.port)
        domain = config.sip.domain or target[0]
        fields = [("Via", "SIP/2.0/UDP %s:%d;branch=%s;rport" % (here + (branch,))),
                  ("From", "<sip:doctor@%s>;tag=%s" % (domain, token[:8])),
                  ("To", "<sip:%s:%d>" % target), ("Call-ID", token + "@doctor"), ("CSeq", "1 OPTIONS"),
                  ("Contact", "<sip:doctor@%s:%d>" % here), ("Accept", "application/sdp")]
        data = sip.request("OPTIONS", "sip:%s:%d" % target, fields)
        timers = config.sip.timers
        transaction = Transaction(branch, "OPTIONS", data, target, self._phone.port, timers,
                                  timers["give_up_ms"], now)
        self._asked.append((transaction, target))
        return transaction.start(now)

    def _judge(self, transaction, target, now):
        """What one address said: any final answer but 408, 5xx and 6xx is one of a manager that is well."""
        final, took = transaction.final, now - transaction.began
        whom = "%s (%s:%d)" % ((self._home.name,) + target)
        more = {"server": self._home.name, "address": "%s:%d" % target, "status": 0, "ms": took}
        if not final:
            timers = self._phone.config.sip.timers
            said = "%s does not answer within %s." % (whom, plain(seconds(timers["give_up_ms"])))
            self._tell("manager", False, said, **more)
            return
        fine = final.status < 500 and final.status != 408
        self._good += fine
        more["status"] = final.status
        said = "%s answers OPTIONS with %d %s after %s."
        self._tell("manager", fine, said % (whom, final.status, final.reason, plain(seconds(took))), **more)

    def _over(self):
        self.done = True
        self._phone.managers[self._number] = self._good, len(self._targets)


def event_conn(event):
    """The connection of an event, 0 for one that has none."""
    return event.conn if isinstance(event, (events.Opened, events.Received, events.Closed)) else 0


def configured():
    """(Config, fine): what is wrong is told."""
    try:
        text = board.configuration(configurations.BYTES_MAX + 1)
    except OSError:
        return unusable("The file cannot be read.")
    if len(text) > configurations.BYTES_MAX:
        return unusable("The file is longer than %d bytes." % configurations.BYTES_MAX)
    try:
        raw = json.loads(text)
    except ValueError:
        return unusable("The file is not valid JSON.")
    config, mistakes = configurations.check(raw)
    for said in mistakes:
        tell("configuration", False, said)
    if not mistakes:
        tell("configuration", True, "The configuration has no mistakes.")
    return config


def unusable(said):
    tell("configuration", False, said, unusable=True)
    return None


def about_network(config, link):
    if config.dns:
        names = ", ".join(["%s:%d" % server for server in config.dns])
        tell("network", None, "Name servers, as configured: %s." % names)
    elif link[2]:
        tell("network", None, "Name servers of this machine: %s." % ", ".join(link[2]))
    else:
        tell("network", None, "This machine names no name server.")
    if any(pointer.scheme == "https" for pointer in addresses(config)):
        try:
            board.trust()
        except OSError:
            said = "There is no ca.pem beside the configuration, so no https server is trusted."
            tell("network", False, said)


def addresses(config):
    from phone.wire.url import split

    for _, found in [each for home in config.homes for each in home.pointers] + list(config.backups):
        for text, _ in found:
            yield split(text)


def names(phone):
    """A question for each name that is no address."""
    seen, out = [], []
    for pointer in phone.book.pointers:
        host = pointer.url.host
        if host not in seen and not is_literal(host):
            seen.append(host)
            out.append(Name(phone, host, pointer.label))
    return out


def pages(phone):
    """A question for each URL."""
    places = {}
    for place, pointer in enumerate(phone.book.pointers):
        places.setdefault(tuple(pointer.url), []).append(place)
    return [Page(phone, places[url]) for url in sorted(places, key=lambda url: places[url][0])]


def managers(phone):
    """A question for each call manager."""
    config = phone.config
    if not config.sip:
        return []
    said = "Each is asked by OPTIONS; whether it takes the password, only a REGISTER would tell."
    tell("manager", None, said)
    if not config.sip.password:
        tell("manager", None, "sip.password is missing: none of them may ask for one.")
    return [Manager(phone, number) for number, home in enumerate(config.homes) if home.manager]


def losses(phone):
    """Who would take over, were each home lost."""
    homes, book = phone.config.homes, phone.book
    for number, home in enumerate(homes):
        lost = [pointer.health for pointer in book.pointers if pointer.home == number]
        said, fine = [], True
        manager = heir(phone, number)
        if home.manager and phone.config.sip:
            fine = manager is not None
            whom = "registered at %s" % homes[manager].name if fine else "registered nowhere"
            said.append(whom)
        book.home = manager if home.manager and manager is not None else phone.home
        takers = [(gives(phone, service, lost), plain(TITLES[service]))
                  for service in SERVICES if book.of(service)]
        fine = fine and NOBODY not in [taker for taker, _ in takers]
        book.home = phone.home
        for place, (taker, _) in enumerate(takers):
            if taker not in [before for before, _ in takers[:place]]:
                services = ", ".join([service for other, service in takers if other == taker])
                said.append("%s from %s" % (services, taker))
        if said and (lost or home.manager):
            text = "Without %s: %s." % (home.name, "; ".join(said))
            tell("loss", fine, text, lost=home.name,
                 manager=homes[manager].name if manager is not None else None,
                 services={service: taker for taker, service in takers})


def heir(phone, lost):
    """The first home with a manager that answers, beside this one; None."""
    for number in sorted(phone.managers):
        if number != lost and phone.managers[number][0]:
            return number
    return None


def gives(phone, service, lost):
    """Who gives the page of a service while the sites of `lost` are silent."""
    book = phone.book
    for pointer in book.of(service):
        if pointer.health not in lost and phone.gives.get(book.pointers.index(pointer)):
            return pointer.label
    return NOBODY


def bounds(phone):
    timers = phone.config.timers
    if phone.book.pointers:
        ms = detection.detection_ms(timers)
        said = "A server in use that stops is known within %s; who presses a key knows at once."
        tell("bound", None, said % rounded(ms), ms=ms)
    if any(pointer.url.scheme == "https" for pointer in phone.book.pointers):
        ms = detection.half_dead_ms(timers)
        tell("bound", None, "One over https that still takes connections: within %s." % rounded(ms), ms=ms)


    for number, (_, targets) in sorted(phone.managers.items()):
        if targets:
            ms = detection.registration_ms(phone.config.sip, targets)
            said = "Call manager %s, if it stops while the phone is registered there: within %s."
            tell("bound", None, said % (phone.config.homes[number].name, rounded(ms)), ms=ms)


def rounded(ms):
    """A bound is rounded up."""
    return plain(seconds((ms + 999) // 1000 * 1000 if ms <= 120000 else (ms + 59999) // 60000 * 60000))


async def main():
    config = configured()
    if config:
        link = board.link()
        about_network(config, link)
        phone = Phone(config)
        phone.net.link(link[1], link[2])
        phone.home = next((n for n, home in enumerate(config.homes) if home.manager), 0) if config.sip else 0
        phone.book.home = phone.home
        hands = Hands(phone)
        await hands.ask(names(phone), 8)
        await hands.ask(pages(phone), SOCKETS_MAX)
        await hands.ask(managers(phone), len(config.homes))
        losses(phone)
        bounds(phone)
    tell("end", True, "")


asyncio.run(main())

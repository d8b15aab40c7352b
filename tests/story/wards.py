"""A ward of a story: homes, each a call manager and the site that it operates, and a phone that registers.

ward = Ward("ABC")
ward.settle()                   # until it is registered at the first
ward["A"].freeze()              # the manager; ward.sites["A"] is its site
ward.registered_at("B", within=46000)
"""

from tests.story import sip
from tests.story.managers import Manager, configuration, together
from tests.story.world import World

OPTIONS_MS, GIVE_UP_MS, EXPIRES_MS, HOLD_MS = 30000, 7500, 120000, 120000  # as they are by default
# The issue's: a transaction given up, and one that confirms it.
WORST_MS = OPTIONS_MS + 2 * GIVE_UP_MS
SPREAD_MS = 30000
WAY_MS = 20  # a datagram is on its way for 10 ms at most
TURN_MS = 60  # ways of the network, and of the digest: two round trips
TWO_BINDINGS_MS = 32000
MINUTE, HOUR = 60000, 3600000


class Ward:
    """options: of configuration() and of world.phone()."""

    def __init__(self, names="AB", seed=1, sites=True, world=None, **options):
        self.world = world or World(seed)
        self.managers = {name: Manager(self.world, name) for name in names}
        self.sites = {name: self.world.site(name) for name in names} if sites else {}
        hands = {name: options.pop(name) for name in ("name", "agent", "link", "cause") if name in options}
        identity = options.pop("identity", "SEP%012d" % seed)
        raw = configuration(*self.managers.values(), sites=tuple(self.sites.values()), **options)
        raw["identity"]["name"] = identity  # another phone draws other times
        self.phone = self.world.phone(config=raw, **hands)
        assert not self.phone.mistakes, self.phone.mistakes

    def __getitem__(self, name):
        return self.managers[name]

    def settle(self, name=None, within=40000):
        """Until the phone is registered at its first manager; a start is spread over 30 s."""
        return self.registered_at(name or next(iter(self.managers)), within)

    def registered_at(self, name, within):
        """ms until it holds a binding there; AssertionError with its screen after `within`."""
        manager = self.managers[name]
        return self._until(lambda: manager.has(self.phone), within, "a registration at %s" % name)

    def _until(self, holds, within, what):
        """ms until holds(); the answer is with the phone then, too."""
        took = self.world.run_until(holds, within, what)
        self.world.run(WAY_MS)
        return took

    def leaves_for(self, name, within):
        """ms until a REGISTER that was not there before is taken by `name`."""
        before = len(self.taken())
        return self._until(
            lambda: any(taken[1] == name for taken in self.taken()[before:]), within, "a move to %s" % name
        )

    def taken(self, since=0):
        """(ms, name) of each REGISTER that bound the phone, in order."""
        return taken(self.phone, self.managers.values(), since)

    @property
    def moves(self):
        """(ms, name): whenever it was bound by another than before, the first included."""
        return moves(self.taken())

    @property
    def home(self):
        """Name of the manager that bound it last, "" for none."""
        return self.taken()[-1][1] if self.taken() else ""

    def bound_once(self, most=TWO_BINDINGS_MS):
        """One home: never three living managers hold a binding, and two for at most 32 s."""
        for ms, names in together(self.phone, *self.managers.values()):
            assert len(names) == 2, "%s held a binding at once" % ", ".join(sorted(names))
            assert ms <= most, "%s held bindings for %d ms" % (" and ".join(sorted(names)), ms)

    def page_of(self, name, key="services", within=10000):
        """Press a key and wait for that site's menu."""
        self.phone.press(key)
        return self.phone.wait_for("Services of " + name, within)


def taken(phone, managers, since=0):
    found = []
    for manager in managers:
        for answer in manager.answers:
            if answer.status == 200 and answer.method == "REGISTER" and answer.at >= since:
                contact = sip.value(answer.message.fields, "contact")
                lasts = sip.address(contact)[2].get("expires") or sip.value(answer.message.fields, "expires")
                if sip.place(sip.address(contact)[1])[1] == phone.host and lasts != "0":
                    found.append((answer.at, manager.name))
    return sorted(found)


def moves(taken):
    return [one for at, one in enumerate(taken) if at == 0 or taken[at - 1][1] != one[1]]


def gaps(times):
    return [later - sooner for sooner, later in zip(times, times[1:])]

"""The call managers of a story: registrars that behave as badly as is wished, and read strictly (sip.py).

Each request of a phone is checked against what came before it (a new branch each, a rising CSeq, one
Call-ID for a registrar, no REGISTER while one is open, a nonce count that rises); what is wrong is Malformed.
They keep every request with its time, so that a story reads intervals off them. They never import phone.*.

    a, b = Manager(world, "A"), Manager(world, "B")
    phone = world.phone(config=configuration(a, b))
    phone.wait_for(lambda: a.bindings)
    a.freeze()                        # silent(), kill(), restart(), refuse(503, ("Retry-After", "30")), ...
    b.pointers = ["<http://10.0.0.3/menu.xml>;purpose=backup-service"]
    push = b.notify(phone, "check-sync")
"""

from collections import namedtuple
from email.utils import formatdate

from tests.story import sip
from tests.story.sip import Malformed, need
from tests.story.sites import MENU, PEOPLE

USER, PASSWORD, REALM = "1001", "secret1001", "cm.test"
PORT = 5060
T1, T2, F_MS = 500, 4000, 32000  # ms: RFC 3261 17.1.1.1, and Timer F
GIVE_UP_MS = 7500  # of a phone whose configuration does not say
KEPT_MS = 60000  # how long a request can come again: longer than Timer F
SLACK_MS = 100  # two ways of the network, and a turn of the phone's
REASONS = {
    100: "Trying", 200: "OK", 302: "Moved Temporarily", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 423: "Interval Too Brief",
    480: "Not Registered Here", 481: "No Such Dialog", 500: "Server Internal Error",
    503: "Service Unavailable", 603: "Decline",
}  # fmt: skip

# One request as it reached a manager. again: a retransmission. whence: (host, port). expires: s, None: none.
Request = namedtuple("Request", ("at", "method", "message", "whence", "branch", "cseq", "expires", "again"))
# A binding: seconds are granted at `since`; both in ms.
Binding = namedtuple("Binding", ("user", "contact", "whence", "since", "until"))
# An answer of a manager's, or of a phone's to a push: status and time.
Answer = namedtuple("Answer", ("at", "status", "method", "message"))


def configuration(*managers, sites=(), timers=None, backups=None, sip=None, own=None):
    """A configuration whose homes are managers, each with the site at the same place of `sites` (or None).

    timers: of SIP, name -> ms. sip, own: more of that part, and of the whole."""
    homes = []
    for at in range(max(len(managers), len(sites))):
        site = sites[at] if at < len(sites) else None
        manager = managers[at] if at < len(managers) else None
        home = {"name": (site or manager).name}
        if manager:
            home["manager"] = manager.uri
        if site:
            home["pointers"] = {"services": site.url(MENU), "directory": site.url(PEOPLE)}
        homes.append(home)
    account = {"user": USER, "password": PASSWORD, "timers": timers or {}}
    account.update(sip or {})
    raw = {"identity": {"name": "SEP001122334455", "label": "Ward 3"}, "homes": homes, "sip": account}
    raw["backups"] = backups or {}
    raw.update(own or {})
    return raw


class Manager:
    """One call manager at host:port; the first in a world gets 10.0.1.1, and so on."""

    count = 0

    def __init__(self, world, name, host=None, port=PORT):
        taken = sum(1 for have, _ in world.listeners if have.startswith("10.0.1."))
        self.world, self.name, self.host, self.port = world, name, host or "10.0.1.%d" % (taken + 1), port
        self.domain = None  # what a configuration calls it, where that is a name
        self.users = {USER: PASSWORD}  # {}: nobody is challenged
        self.realm = REALM
        self.requests = []  # each that reached the machine, whether or not anybody listened there
        self.answers = []  # what was sent back: Answer
        self.wrong = []  # of responses that are for no request of ours
        self.moods = [(world.now, "well")]
        self.history = []  # (ms, user, contact, until) of each change of a binding
        self._bindings = {}  # (user, contact) -> Binding
        self._open = {}  # (whence, branch, method) -> [raw, answer or None, at], of the last minute
        self._branches = {}  # branch -> (whence, method), of all time
        self._last = {}  # (whence, Call-ID) -> what _open has of the last REGISTER
        self._call_ids = {}  # (whence, life of the phone) -> Call-ID of its REGISTERs
        self._cseqs = {}  # (whence, Call-ID) -> the last
        self._nonces = {}  # nonce -> the last nc
        self._held = []  # what waits for the thaw
        self._pushes = []  # requests of ours
        self.ways()
        world.listeners[self.host, self.port] = self.receive

    def ways(self):
        """How it behaves when it behaves; all of it may be changed at any time."""
        self.algorithms = ("MD5",)  # of its challenges, in this order
        self.qop = "auth"
        self.granted = None  # s that it grants at most
        self.min_expires = 2  # s; less is 423
        self.pointers = []  # values of Call-Info in each 2xx
        self.everywhere = False  # True: these stand in answers that are no 2xx too
        self.rspauth = "good"  # "wrong", "absent"
        self.nonce_uses = 255  # then the nonce is stale
        self.says_stale = True  # False: a used-up nonce is refused without a word
        self.options_auth = False  # OPTIONS is challenged too
        self.strict_options = False  # 480 to OPTIONS of somebody who is not registered
        self.fields = []  # more header fields of each answer: (name, value)
        self.style = "plain"  # "compact", "folded": how the header of an answer is written
        self.others = []  # Contacts of other phones of the same user, as they stand in the 200
        self.trying = False  # 100 before each answer
        self.delay_ms = 0  # it thinks
        self.loss = 0.0  # of all datagrams, both ways
        self.refusal = None  # (status, [(name, value)], methods)
        self.dates = True

    @property
    def uri(self):
        if self.domain:
            return "sip:" + self.domain
        return "sip:%s" % self.host if self.port == PORT else "sip:%s:%d" % (self.host, self.port)

    # --- switches: each mood replaces the one before -----------------------------------------------

    @property
    def mood(self):
        return self.moods[-1][1]

    def _mood(self, word):
        self.world.say("manager %s is %s" % (self.name, word))
        self.moods.append((self.world.now, word))

    def well(self):
        """Ends silent, kill and refuse; what it knew it still knows."""
        self.refusal = None
        self.thaw() if self.mood == "frozen" else self._mood("well")

    def silent(self):
        """Everything is lost on the way there."""
        self._mood("silent")

    def freeze(self):
        """As kill -STOP: the kernel still takes datagrams, and nothing is done with them until thaw()."""
        self._mood("frozen")

    def thaw(self, shuffled=False):
        """Answers all that came meanwhile, late; shuffled: in any order."""
        held, self._held = self._held, []
        self._mood("well")
        if shuffled:
            self.world.random.shuffle(held)
        for data, whence in held:
            self.world.after(0, lambda data=data, whence=whence: self._handle(data, whence))

    def kill(self):
        """The process is gone: bindings and nonces are forgotten."""
        self._mood("dead")
        self._forget()

    def restart(self):
        """Back at once, and knows nobody."""
        self._forget()
        self.refusal = None
        self._mood("well")

    def _forget(self):
        for user, contact in list(self._bindings):
            self._unbind(user, contact)
        self._nonces, self._held, self._open = {}, [], {}

    def forget(self):
        """Registrations are lost; all else goes on."""
        for user, contact in list(self._bindings):
            self._unbind(user, contact)

    def void(self):
        """The nonces that it gave out are worth nothing any more."""
        self._nonces = {}

    def refuse(self, status, *fields, methods=("REGISTER", "OPTIONS")):
        """From now on such requests are answered so; well() ends it."""
        self.world.say("manager %s answers %d" % (self.name, status))
        self.refusal = status, list(fields), methods

    # --- what a story reads ------------------------------------------------------------------------

    @property
    def bindings(self):
        """Those that hold now."""
        return [one for one in self._bindings.values() if one.until > self.world.now]

    def has(self, phone):
        return any(one.whence[0] == phone.host for one in self.bindings)

    def asked(self, method, since=0, whence=None):
        """New requests of that method (no retransmissions), in order."""
        return [
            one for one in self.requests
            if one.method == method and not one.again and one.at >= since and whence in (None, one.whence)
        ]  # fmt: skip

    def times(self, method, since=0):
        return [one.at for one in self.asked(method, since)]

    def answered(self, status, method=None):
        return [one for one in self.answers if one.status == status and method in (None, one.method)]

    # --- datagrams ---------------------------------------------------------------------------------

    def receive(self, data, whence):
        """A datagram for this machine."""
        if self.loss and self.world.random.random() < self.loss:
            return
        if data.startswith(b"SIP/2.0 "):
            if self.mood == "well":
                self._response(sip.read(data), whence)
            return
        request = self._examine(data, whence)
        self.requests.append(request)
        if self.mood == "frozen":
            self._held.append((data, whence))
        elif self.mood == "well":
            self._handle(data, whence)

    def send(self, data, whence):
        """A datagram to that phone (or that manager)."""
        if self.loss and self.world.random.random() < self.loss:
            return
        for phone in self.world.phones:
            if phone.host == whence[0]:
                if phone.sip_port is not None:
                    phone.datagram(data, (self.host, self.port), whence[1])
                return
        listener = self.world.listeners.get(tuple(whence))
        if listener:
            self.world.after(2, lambda: listener(data, (self.host, self.port)))

    def _examine(self, data, whence):
        """The Request, if it may be sent so and now."""
        message = sip.read(data)
        fields = message.fields
        need(message.status == 0, "a response that is none: %r", data)
        need(
            sip.value(fields, "max-forwards").isdigit(), "Max-Forwards %r", sip.value(fields, "max-forwards")
        )
        host, port, ways = sip.via(sip.value(fields, "via"))
        branch = ways.get("branch") or ""
        need(branch.startswith("z9hG4bK") and len(branch) > 10, "branch %r", branch)
        need((host, port) == tuple(whence), "Via says %s:%d, it came from %r", host, port, whence)
        sender = sip.address(sip.value(fields, "from"))
        to = sip.address(sip.value(fields, "to"))
        need(sender[2].get("tag"), "From without a tag: %s", sip.value(fields, "from"))
        cseq = int(sip.value(fields, "cseq").split()[0])
        expires = sip.value(fields, "expires")
        need(not expires or expires.isdigit(), "Expires %r", expires)
        key = (tuple(whence), branch, message.method)
        known = self._open.get(key)
        again = known is not None
        if not again:
            used = self._branches.setdefault(branch, key)
            need(used == key, "the branch %s again, of %r", branch, used)
            known = [bytes(data), None, self.world.now]
            if message.method in ("REGISTER", "OPTIONS"):
                need("tag" not in to[2], "To with a tag outside of a dialog")
                need(not sip.place(message.uri)[0], "%s of %s", message.method, message.uri)
                self._rises(message, whence, cseq)
            if message.method == "REGISTER":
                need(sender[1] == to[1], "a REGISTER for %s by %s", to[1], sender[1])
                self._registers(message, whence)
                self._last[tuple(whence), sip.value(fields, "call-id")] = known
            old = self.world.now - KEPT_MS
            self._open = {one: have for one, have in self._open.items() if have[2] > old}
            self._open[key] = known
        need(known[0] == bytes(data), "branch %s again, with other bytes: %r", branch, (known[0], data))
        self.world.say("%s is asked: %s %d%s" % (self.name, message.method, cseq, " again" if again else ""))
        seconds = int(expires) if expires else None
        if message.method == "REGISTER" and sip.value(fields, "contact"):
            own = sip.address(sip.value(fields, "contact"))[2].get("expires")
            seconds = int(own) if own else seconds
        return Request(self.world.now, message.method, message, whence, branch, cseq, seconds, again)

    def _rises(self, message, whence, cseq):
        call = (tuple(whence), sip.value(message.fields, "call-id"))
        need(cseq > self._cseqs.get(call, -1), "CSeq %d after %d", cseq, self._cseqs.get(call, -1))
        self._cseqs[call] = cseq

    def _registers(self, message, whence):
        """RFC 3261 10.2: one Call-ID for a registrar, and no REGISTER while one is open."""
        phone = next((one for one in self.world.phones if one.host == whence[0]), None)
        life = (tuple(whence), getattr(phone, "_born", 0))
        call = sip.value(message.fields, "call-id")
        need(self._call_ids.setdefault(life, call) == call, "another Call-ID: %s", call)
        account = getattr(getattr(phone, "config", None), "sip", None)
        least = account.timers["give_up_ms"] if account else GIVE_UP_MS
        last = self._last.get((tuple(whence), call))
        if last and last[1] is None:
            open_for = self.world.now - last[2]
            need(open_for >= least - SLACK_MS, "a REGISTER while one is open for %d ms", open_for)
        contact = sip.value(message.fields, "contact")
        if contact:
            _, host, port = sip.place(sip.address(contact)[1])
            need((host, port) == tuple(whence), "Contact %s of %r", contact, whence)

    # --- answers -----------------------------------------------------------------------------------

    def _handle(self, data, whence):
        message = sip.read(data)
        branch = sip.via(sip.value(message.fields, "via"))[2]["branch"]
        known = self._open.setdefault(
            (tuple(whence), branch, message.method), [bytes(data), None, self.world.now]
        )
        if known[1] is not None:
            return self.send(known[1], whence)  # RFC 3261 17.2.2
        if self.trying:
            self.send(self._written(message, whence, 100, []), whence)
        if self.delay_ms:
            self.world.after(
                self.delay_ms, lambda: self.mood == "well" and self._reply(message, whence, known)
            )
        else:
            self._reply(message, whence, known)
        return None

    def _reply(self, message, whence, known):
        if known[1] is not None:
            return  # to a retransmission that came while it thought
        status, fields = self._judge(message, whence)
        known[1] = self._written(message, whence, status, fields)
        self.answers.append(Answer(self.world.now, status, message.method, message))
        self.world.say("%s answers %d to %s" % (self.name, status, message.method))
        self.send(known[1], whence)

    def _judge(self, message, whence):
        """(status, fields) of the answer."""
        if self.refusal and message.method in self.refusal[2]:
            return self.refusal[0], self.refusal[1] + (self._pointers() if self.everywhere else [])
        if message.method == "REGISTER":
            refused, fields = self._authenticate(message)
            return (refused, fields) if refused else self._register(message, whence, fields)
        if message.method == "OPTIONS":
            refused, fields = self._authenticate(message) if self.options_auth else (0, [])
            if refused:
                return refused, fields
            if self.strict_options and not any(one.whence == tuple(whence) for one in self.bindings):
                return 480, []
            return 200, fields + [("Accept", "application/sdp")] + self._pointers()
        return 405, [("Allow", "REGISTER, OPTIONS")]

    def _pointers(self):
        pointers = [self.pointers] if isinstance(self.pointers, str) else self.pointers
        return [("Call-Info", one) for one in pointers]

    def _challenge(self, stale=False):
        nonce = "%016x" % self.world.random.getrandbits(64)
        self._nonces[nonce] = 0
        offers = [sip.challenge(self.realm, nonce, one, self.qop, stale) for one in self.algorithms]
        more = self._pointers() if self.everywhere else []
        return 401, [("WWW-Authenticate", one) for one in offers] + more

    def _authenticate(self, message):
        """(0, fields that prove that it knows the password), or (status, fields) of a refusal."""
        text = sip.value(message.fields, "authorization")
        if not self.users:
            return 0, []
        if not text:
            return self._challenge()
        given = sip.credentials(text)
        need(given["uri"] == message.uri, "credentials for %s in a request for %s", given["uri"], message.uri)
        need(given.get("algorithm", "MD5") in sip.HASHES, "algorithm %s", given.get("algorithm"))
        if given["nonce"] not in self._nonces or given["realm"] != self.realm:
            return self._challenge(self.says_stale and given["realm"] == self.realm)
        need(
            given.get("algorithm", "MD5") in self.algorithms, "it was not offered: %s", given.get("algorithm")
        )
        need(given.get("qop", "") == (self.qop or ""), "qop=%s", given.get("qop"))
        password = self.users.get(given["username"])
        if password is None or sip.reckon(given, password, message.method) != given["response"]:
            return self._challenge()
        count = int(given.get("nc", "0"), 16)
        if self.qop:
            need(count > self._nonces[given["nonce"]], "nc=%d again", count)
            self._nonces[given["nonce"]] = count
            if count > self.nonce_uses:
                del self._nonces[given["nonce"]]
                return self._challenge(self.says_stale)
        if self.rspauth == "absent" or not self.qop:
            return 0, []
        proof = sip.reckon(given, password if self.rspauth == "good" else "guessed", "")
        proof = 'qop=auth, rspauth="%s", cnonce="%s", nc=%s' % (proof, given["cnonce"], given["nc"])
        return 0, [("Authentication-Info", proof)]

    def _register(self, message, whence, fields):
        user = sip.place(sip.address(sip.value(message.fields, "to"))[1])[0]
        wanted = []
        for contact in sip.values(message.fields, "contact"):
            _, uri, ways = sip.address(contact)
            wanted.append((uri, int(ways.get("expires") or sip.value(message.fields, "expires") or 3600)))
        need(wanted, "a REGISTER without Contact asks, and the phone has nothing to ask")
        if any(0 < seconds < self.min_expires for _, seconds in wanted):
            return 423, [("Min-Expires", "%d" % self.min_expires)] + self._pointers()
        for uri, seconds in wanted:
            seconds = min(seconds, seconds if self.granted is None else self.granted)
            self._unbind(user, uri)
            if seconds:
                until = self.world.now + seconds * 1000
                self._bindings[user, uri] = Binding(user, uri, tuple(whence), self.world.now, until)
                self.history.append((self.world.now, user, uri, until))
        contacts = [("Contact", one) for one in self.others]
        contacts += [
            ("Contact", "<%s>;expires=%d" % (one.contact, (one.until - self.world.now) // 1000))
            for one in self.bindings
            if one.user == user
        ]
        return 200, contacts + fields + self._pointers()

    def _unbind(self, user, contact):
        if self._bindings.pop((user, contact), None):
            self.history.append((self.world.now, user, contact, 0))

    def _written(self, message, whence, status, more):
        vias = sip.values(message.fields, "via")
        ways = sip.via(vias[0])[2]
        if "rport" in ways:
            vias[0] = vias[0].replace(";rport", ";received=%s;rport=%d" % tuple(whence))
        to = sip.value(message.fields, "to")
        to += "" if status == 100 or "tag" in sip.address(to)[2] else ";tag=%s" % self._tag()
        fields = [("Via", one) for one in vias]
        fields += [("From", sip.value(message.fields, "from")), ("To", to)]
        fields += [(name, sip.value(message.fields, name.lower())) for name in ("Call-ID", "CSeq")]
        if status != 100:
            date = [("Date", formatdate(self.world.wall(), usegmt=True))] if self.dates else []
            fields += date + list(more) + self.fields
        if self.style == "compact":
            short = {"Via": "v", "From": "f", "To": "t", "Call-ID": "i", "Contact": "m"}
            fields = [(short.get(name, name), text) for name, text in fields]
        if self.style == "folded":
            fields = [
                (name + " ", text.replace(";", "\r\n ;").replace(", ", ",\r\n\t")) for name, text in fields
            ]
        return sip.write("SIP/2.0 %d %s" % (status, REASONS.get(status, "Words")), fields)

    def _tag(self):
        return "%08x" % self.world.random.getrandbits(32)

    # --- requests of ours --------------------------------------------------------------------------

    def notify(self, phone, event, body=b"", kind="message/sipfrag", fields=(), **options):
        """NOTIFY; the Push, whose `final` is the status once there is one. options as of Push."""
        more = [("Event", event), ("Subscription-State", "active")] + list(fields)
        more += [("Content-Type", kind)] if body else []
        return self.push("NOTIFY", phone, more, body, **options)

    def push(self, method, phone, fields=(), body=b"", **options):
        one = Push(self, method, phone, list(fields), body, **options)
        self._pushes.append(one)
        one.begin()
        return one

    def invite(self, phone, caller='"Ada" <sip:101@cm.test>', **options):
        """A call to the phone; see Push."""
        contact = [("Contact", "<sip:101@%s:%d>" % (self.host, self.port))]
        return self.push("INVITE", phone, contact, caller=caller, **options)

    def watch(self, other, tell, every=2000, misses=2):
        """Look at another manager and call tell() once it is silent: `misses` OPTIONS in a row."""
        state = {"missed": 0, "told": False}

        def look():
            asked = self.push("OPTIONS", None, to=(other.host, other.port), patience=every - 100)
            self.world.after(every, lambda: judge(asked))

        def judge(asked):
            state["missed"] = 0 if asked.final == 200 else state["missed"] + 1
            if state["missed"] >= misses and not state["told"]:
                state["told"] = True
                tell()
            look()

        look()

    def _response(self, message, whence):
        for one in self._pushes:
            if one.matches(message):
                return one.receive(message, whence)
        return self.wrong.append((self.world.now, message))


class Push:
    """A request of a manager's to a phone, with its retransmissions, 401, ACK and CANCEL.

    password: "" answers no challenge. acks=False: a final answer to INVITE is not acknowledged. patience: ms
    until it is given up."""

    def __init__(
        self, manager, method, phone, fields, body, user=USER, password=PASSWORD, caller=None, to=None,
        acks=True, patience=F_MS, max_forwards="70",
    ):  # fmt: skip
        self.manager, self.world, self.method = manager, manager.world, method
        self.to = to or (phone.host, phone.sip_port)
        self.uri = "sip:%s%s:%d" % ("" if phone is None else user + "@", self.to[0], self.to[1])
        self.user, self.password, self.acks, self.patience = user, password, acks, patience
        self.responses = []  # Answer of each that came
        self.acknowledged = 0
        self._caller = caller or "<sip:%s>" % manager.realm
        self._tag, self._call = manager._tag(), "push%s@%s" % (manager._tag(), manager.host)
        self._cseq, self._count, self._fields, self._body = 0, 0, fields, body
        self._hops = max_forwards
        self._to_tags = set()
        self._challenged = False

    @property
    def final(self):
        """Status of the final answer; 0 while there is none, 408 if none came."""
        finals = [one.status for one in self.responses if one.status >= 200 and one.method == self.method]
        if finals and not (
            finals[-1] == 401 and self._challenged and len(set(finals)) == 1 and not self._over
        ):
            return finals[-1]
        return 408 if self._over else 0

    def begin(self, authorization=None):
        self._cseq += 1
        self._branch = "z9hG4bK%s%s" % (self.manager._tag(), self.manager._tag())
        self._began, self._heard, self._over = self.world.now, False, False
        self.data = self._request(self.method, authorization)
        self._send_again(self.data, self._branch, T1)

    def _request(self, method, authorization=None, to=None):
        fields = [
            (
                "Via",
                "SIP/2.0/UDP %s:%d;branch=%s;rport" % (self.manager.host, self.manager.port, self._branch),
            )
        ]
        fields += [("Max-Forwards", self._hops), ("From", "%s;tag=%s" % (self._caller, self._tag))]
        fields += [("To", to or "<sip:%s@%s>" % (self.user, self.manager.realm)), ("Call-ID", self._call)]
        fields += [("CSeq", "%d %s" % (self._cseq, method))]
        if method != self.method:
            return sip.write("%s %s SIP/2.0" % (method, self.uri), fields)
        fields += [("Authorization", authorization)] if authorization else []
        return sip.write("%s %s SIP/2.0" % (method, self.uri), fields + self._fields, self._body)

    def _send_again(self, data, branch, wait):
        if branch != self._branch or self._heard:
            return
        if self.world.now - self._began >= self.patience:
            self._over = True
            return
        if self.manager.mood == "well":
            self.manager.send(data, self.to)
        most = F_MS if self.method == "INVITE" else T2
        left = self._began + self.patience - self.world.now
        self.world.after(min(wait, left), lambda: self._send_again(data, branch, min(2 * wait, most)))

    def repeat(self):
        """The same datagram once more, as the network may."""
        self.manager.send(self.data, self.to)

    def cancel(self):
        self.manager.send(self._request("CANCEL"), self.to)

    def bye(self):
        """A BYE, whether or not there is a dialog."""
        self._branch = "z9hG4bK%s%s" % (self.manager._tag(), self.manager._tag())
        self._cseq += 1
        self.manager.send(self._request("BYE"), self.to)

    def matches(self, message):
        branch = sip.via(sip.value(message.fields, "via"))[2].get("branch")
        return branch == self._branch and sip.value(message.fields, "call-id") == self._call

    def receive(self, message, whence):
        fields = message.fields
        need(tuple(whence) == tuple(self.to), "an answer from %r", whence)
        need(len(sip.values(fields, "via")) == 1, "Via of an answer: %r", sip.values(fields, "via"))
        need(
            sip.via(sip.value(fields, "via"))[:2] == (self.manager.host, self.manager.port),
            "Via of an answer",
        )
        need(
            sip.value(fields, "from") == "%s;tag=%s" % (self._caller, self._tag),
            "From of an answer: %r",
            fields,
        )
        need(sip.value(fields, "cseq").split()[0] == "%d" % self._cseq, "CSeq of an answer: %r", fields)
        tag = sip.address(sip.value(fields, "to"))[2].get("tag")
        need(tag or message.status == 100, "To of an answer without a tag: %r", fields)
        if message.method == "INVITE" and message.status > 100:
            self._to_tags.add(tag)
            need(len(self._to_tags) == 1, "answers to one INVITE with tags %r", self._to_tags)
        need(message.status != 405 or sip.value(fields, "allow"), "405 without Allow")
        need(message.status != 489 or sip.value(fields, "allow-events"), "489 without Allow-Events")
        need(message.status != 401 or sip.value(fields, "www-authenticate"), "401 without a challenge")
        self.world.say("%s hears %d to its %s" % (self.manager.name, message.status, message.method))
        self.responses.append(Answer(self.world.now, message.status, message.method, message))
        if message.method == self.method:
            self._heard = True
            if self.method == "INVITE" and message.status >= 200 and self.acks:
                self.acknowledged += 1
                self.manager.send(self._request("ACK", to=sip.value(fields, "to")), self.to)
            if message.status == 401 and self.password and not self._challenged:
                self._challenged = True
                self._answer(message)

    def _answer(self, message):
        offers = sip.values(message.fields, "www-authenticate")
        for one in offers:
            sip.need("nonce=" in one and 'qop="auth"' in one, "a challenge of the phone's: %r", one)
        self._count += 1
        self.begin(sip.answer(offers[0], self.user, self.password, self.method, self.uri, self._count))


# --- what a story asks of several managers ---------------------------------------------------------


def spans(manager, host):
    """(from, to) in ms of each time that a phone's binding held there; `to` is now where it still holds. What
    was bound before an outage is not counted after it: it is left to expire, and no phone could help it."""
    now, found, begin, until = manager.world.now, [], None, 0
    for at, _, contact, end in manager.history + [(now, "", host, 0)]:
        if contact != host and sip.place(contact)[1] != host:
            continue
        if begin is not None:
            found.append((begin, min(at, until)))
        begin, until = (at, end) if end else (None, 0)
    outages = [at for at, mood in manager.moods if mood != "well"] + [now]
    return [(start, min([end] + [at for at in outages if at >= start])) for start, end in found]


def together(phone, *managers):
    """(ms, names) of each stretch in which more than one living manager held a binding of this phone."""
    held = [(manager.name, span) for manager in managers for span in spans(manager, phone.host)]
    edges = sorted({edge for _, span in held for edge in span})
    found = []
    for start, end in zip(edges, edges[1:]):
        names = {name for name, span in held if span[0] <= start and end <= span[1]}
        if len(names) > 1:
            if found and found[-1][2] == start and found[-1][1] == names:
                found[-1] = (found[-1][0] + end - start, names, end)
            else:
                found.append((end - start, names, end))
    return [(ms, names) for ms, names, _ in found]


def peak(times, window=1000):
    """The most of these times that lie within `window` ms."""
    times = sorted(times)
    return max((sum(1 for one in times if start <= one < start + window) for start in times), default=0)


__all__ = ["Binding", "Malformed", "Manager", "Push", "Request", "configuration", "peak", "spans", "together"]

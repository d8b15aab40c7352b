"""A telephone of a few lines, to ask a call manager as a phone does, and to be pushed to."""

import contextlib
import hashlib
import re
import secrets
import socket
import threading

from host_tools import sip

REALM = "everline"


class Client:
    """One that registers as `user`. `events` are the NOTIFY that were accepted, as Messages.

    challenge: it asks for a password before it takes a NOTIFY that has a body.
    """

    def __init__(self, manager, user="1001", password="secret1001", challenge=True):
        self.manager = manager
        self.user, self.password = user, password
        self.domain = "everline.test"
        self.events = []
        self.challenges = []
        self._challenge = challenge
        self._link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._link.bind(("127.0.0.1", 0))
        self.address = self._link.getsockname()
        self._answers = {}
        self._came = threading.Condition()
        self._count = 0
        self._last = b""
        self._nonces = {}
        self._tag = secrets.token_hex(4)
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()

    def hang_up(self):
        """Answer nothing from now on."""
        self._link.close()

    def again(self):
        """Send the last request once more, as it was."""
        self._link.sendto(self._last, (self.manager.host, self.manager.port))

    @property
    def uri(self):
        return "sip:%s@%s:%d" % (self.user, *self.address)

    def send(self, method, *headers, branch=None, proof=()):
        """Send a request; its branch."""
        self._count += 1
        branch = branch or sip.BRANCH + secrets.token_hex(6)
        who = "<sip:%s@%s>" % (self.user, self.domain)
        self._last = sip.compose("%s sip:%s SIP/2.0" % (method, self.domain), [
            ("Via", "SIP/2.0/UDP 127.0.0.1:%d;branch=%s;rport" % (self.address[1], branch)),
            ("Max-Forwards", "70"), ("From", "%s;tag=%s" % (who, self._tag)), ("To", who),
            ("Call-ID", self._tag), ("CSeq", "%d %s" % (self._count, method)),
            ("Contact", "<%s>" % self.uri), *headers, *proof])
        self.again()
        return branch

    def answer(self, branch, seconds=2.0):
        """The answer to a request, or None."""
        with self._came:
            self._came.wait_for(lambda: branch in self._answers, seconds)
            return self._answers.pop(branch, None)

    def ask(self, method, *headers, seconds=2.0):
        """Ask and answer a challenge; the last answer."""
        got = self.answer(self.send(method, *headers), seconds)
        if got is not None and got.status == 401:
            challenge = sip.choose(got.all("www-authenticate"))
            self.challenges.append(got.all("www-authenticate"))
            nonce = sip.parameters(challenge)["nonce"]
            self._nonces[nonce] = self._nonces.get(nonce, 0) + 1
            proof = sip.authorize(challenge, method, "sip:everline.test", self.user, self.password,
                                  self._nonces[nonce])
            got = self.answer(self.send(method, *headers, proof=[("Authorization", proof)]), seconds)
        return got

    def register(self, seconds=120):
        return self.ask("REGISTER", ("Expires", str(seconds)))

    def _listen(self):
        while True:
            try:
                data, whence = self._link.recvfrom(65535)
            except OSError:
                return
            message = sip.read(data)
            if message is None:
                continue
            if message.status:
                with self._came:
                    self._answers[message.branch] = message
                    self._came.notify_all()
            else:
                with contextlib.suppress(OSError):  # hung up meanwhile
                    self._link.sendto(self._serve(message, whence), whence)

    def _serve(self, request, whence):
        if self._challenge and request.body and not self._proved(request):
            asked = 'Digest realm="%s", nonce="once", algorithm=MD5, qop="auth"' % REALM
            return sip.response(request, whence, 401, [("WWW-Authenticate", asked)], "phone")
        with self._came:
            self.events.append(request)
            self._came.notify_all()
        return sip.response(request, whence, 200, tag="phone")

    def _proved(self, request):
        """By arithmetic of its own: RFC 7616 3.4.1."""
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', request.get("authorization").replace("Digest ", "")))
        if given.get("username") != self.user or given.get("nonce") != "once":
            return False
        one = hashlib.md5(("%s:%s:%s" % (self.user, REALM, self.password)).encode()).hexdigest()
        two = hashlib.md5(("%s:%s" % (request.method, given["uri"])).encode()).hexdigest()
        text = ":".join((one, "once", given["nc"], given["cnonce"], "auth", two))
        return hashlib.md5(text.encode()).hexdigest() == given["response"]

    def event(self, count=1, seconds=5.0):
        """The NOTIFY number `count`, or None."""
        with self._came:
            self._came.wait_for(lambda: len(self.events) >= count, seconds)
            return self.events[count - 1] if len(self.events) >= count else None

"""A call manager's eye on its neighbour: who does not answer OPTIONS is dead, until he does again.

    watch = Watch("127.0.0.1", 5062, lambda alive: ...)
    watch.close()

It is a thread of its own, so that a manager of any make can have one. Any answer is life: one who answers 503
tells the phones himself that they should go.
"""

import socket
import threading
import time

from host_tools import sip
from host_tools.problem import Problem

# How often it asks, and how long it waits for the answer.
TURN_SECONDS = 1.0
# One datagram may be lost; two in a row on a desk are no accident.
MISSES = 2


class Death:
    """What a manager does about a neighbour's death: each user who asks here and is not registered here is
    pushed to, once; one who is seen later only, then.

    users: all there are. here(user): whether he is to be pushed to. push(user): the code of the answer.
    say(sentence): what is done. here and push may raise Problem: then it is tried again.
    """

    def __init__(self, name: str, users, here, push, say):
        self._name = name
        self._users = users
        self._here, self._push, self._say = here, push, say
        self._pushed = set()
        self._said = False

    def change(self, alive: bool) -> bool:
        """Whether all is done; what `Watch` calls."""
        try:
            return self._change(alive)
        except Problem:
            return False  # it is frozen itself, or the phone has just gone

    def _change(self, alive) -> bool:
        if alive:
            self._pushed.clear()
            self._said = False
            self._say("%s answers again." % self._name)
            return True
        users = [user for user in self._users if user not in self._pushed and self._here(user)]
        if users:
            self._say("%s does not answer: the pointers are pushed to %s." % (self._name, ", ".join(users)))
        elif not self._said:
            self._say("%s does not answer." % self._name)
        self._said = True
        for user in users:
            code = self._push(user)
            self._pushed.add(user)
            self._say("%s answered the push with %d." % (user, code))
        return len(self._pushed) == len(self._users)


class Watch:
    """on_change(alive) is called from the thread when the neighbour has died or is back. Where it returns
    False the change was not dealt with: it is called again after the next look.
    """

    def __init__(self, host: str, port: int, on_change, seconds: float = TURN_SECONDS, misses: int = MISSES):
        self.address = (host, port)
        self.alive = None  # nothing is known yet
        self._dealt = True
        self._on_change = on_change
        self._seconds = seconds
        self._misses = misses
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch %s:%d" % self.address, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._over.set()

    def _look(self) -> None:
        missed = number = 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.bind((self.address[0] if self.address[0].startswith("127.") else "", 0))
            while not self._over.is_set():
                number += 1
                begun = time.monotonic()
                missed = 0 if self._ask(link, number) else missed + 1
                if not missed or missed >= self._misses:
                    self._tell(not missed)
                self._over.wait(max(0.0, begun + self._seconds - time.monotonic()))

    def _tell(self, alive) -> None:
        if alive == self.alive and self._dealt or self._over.is_set():
            return
        well_from_the_start = alive and self.alive is None
        self.alive = alive
        self._dealt = well_from_the_start or self._on_change(alive) is not False

    def _ask(self, link, number) -> bool:
        """Whether it answers in time."""
        host, port = link.getsockname()
        branch = "%swatch%d" % (sip.BRANCH, number)
        uri = "sip:%s:%d" % self.address
        question = sip.compose("OPTIONS %s SIP/2.0" % uri, [
            ("Via", "SIP/2.0/UDP %s:%d;branch=%s;rport" % (host, port, branch)), ("Max-Forwards", "5"),
            ("From", "<sip:watch.invalid>;tag=w"), ("To", "<%s>" % uri),
            ("Call-ID", "watch%d@%s" % (port, host)), ("CSeq", "%d OPTIONS" % number)])
        end = time.monotonic() + self._seconds
        try:
            link.sendto(question, self.address)
            while (left := end - time.monotonic()) > 0:
                link.settimeout(left)
                answer = sip.read(link.recv(sip.DATAGRAM_MAX))
                # Late answers of a neighbour that was frozen belong to other questions.
                if answer is not None and answer.branch == branch:
                    return True
        except OSError:
            return False
        return False

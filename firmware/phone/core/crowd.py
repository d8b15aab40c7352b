"""How many of a kind are dealt with in a second: what comes beyond is as if it was lost on its way."""

from micropython import const

_SECOND_MS = const(1000)


class Crowd:
    """`most`: within a second."""

    def __init__(self, most):
        self._most = most
        self._since = self._count = 0

    def admits(self, now):
        """Whether there is room for one more."""
        if now - self._since >= _SECOND_MS:
            self._since, self._count = now, 0
        self._count += 1
        return self._count <= self._most

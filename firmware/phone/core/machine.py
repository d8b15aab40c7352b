"""What everything that waits has in common, so that the agent can keep its machines in a row.

A machine is told what happened and that time passed, and answers with effects; it says itself when it wants
to be called again. There are no other timers.
"""


class Machine:
    def receive(self, event, now):
        """An event of the network or of the flash: effects, or None where it is another machine's."""
        return None

    def tick(self, now):
        """Time has passed, or something has happened: go on; effects."""
        return []

    def deadline(self):
        """When tick() is due, in ms, or None."""
        return None

    def key(self, now):
        """A key was pressed: the person comes first for a while."""

    def wake(self, now):
        """The network is there (again)."""

    def cancel(self, now):
        """The network is gone, or connections were closed for want of memory; effects."""
        return []

    def low(self):
        """The heap is nearly full: what can be made again should go."""

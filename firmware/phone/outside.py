"""What comes to the screen from outside, unasked: pushed pages, calls, messages that wait.

It joins the desk and the client for those machines that hear from the network (core/managers.py,
core/push.py), as the desk does for keys.
"""


class Outside:
    def __init__(self, desk, client):
        self._desk = desk
        self._client = client

    @property
    def has_form(self):
        """Whether something half-typed is on the screen, which nobody may take away."""
        return self._desk.stack.top.form

    def service(self, service, now):
        """Show the page of a service, whose first server is a new one; effects."""
        self._desk.stack.notice("", now)
        return self._client.open_service(service, now)

    def tell(self, said, now):
        """Say a phrase for a while, beside what is on screen."""
        self._desk.tell(said, now)

    def news(self, calls):
        """What is told of calls and messages (core/calls.py) is to be seen on the idle screen."""
        self._desk.status.calls = self._desk.stack.idle.calls = calls
        self._desk.stale()

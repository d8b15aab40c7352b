"""The phone's own pages on the stack: opened, chosen from, and the drill, whose page grows while it runs.

Loaded with the first of them; what stands on them is core/settings.py's affair.
"""

from phone.ui.views import page_view


class OwnPages:
    """`machines`: the agent's list, in which a drill takes its place. `look(now)`: the desk's. `parts`: those
    of settings.Own before `say`."""

    def __init__(self, theme, stack, requests, machines, look, *parts):
        from phone.core import settings  # here, so that it can be forgotten

        self.drill = None  # core/drill.py, while there is one
        self._own = settings.Own(*(parts + (theme.say,)))
        self._theme = theme
        self._stack = stack
        self._requests = requests
        self._machines = machines
        self._look = look

    def open(self, name, replaces, now):
        """Show a page, or do what was chosen on one ("brightness/70"); effects."""
        name, _, value = name.partition("/")
        if value:
            return self._choose(name, value, now)
        out = self._rehearse(now) if name == "drill" else []
        (self._stack.replace if replaces else self._stack.push)(self._view(name, now))
        return out

    def look(self, now):
        """Show what came out of the drill, where its page is on top. One that is over goes."""
        drill = self.drill
        if not drill:
            return
        if drill.fresh and self._stack.top.own == "drill":
            self._stack.replace(self._view("drill", now))
            self._stack.top.end()
        drill.fresh = False
        if not drill.running:
            if drill in self._machines:  # it is not where memory ran out as it was begun
                self._machines.remove(drill)
            self.drill = None

    def stop(self, now):
        """Somebody wants the phone; effects."""
        out = self.drill.stop(now) if self.drill else []
        self._look(now)
        return out

    def aid(self, name, kind, tell):
        """The machine that does what only few pages want, made with the first of them; tell(said, now) shows
        a phrase for a while.
        """
        for machine in self._machines:
            if getattr(machine, "aid", "") == name:
                return machine
        machine = kind(self._own, self._requests, tell)
        self._machines.append(machine)
        return machine

    def _rehearse(self, now):
        """Begin a drill; effects. It takes the room of another client and its page, 6 KB on a board."""
        out = self.stop(now)
        self._theme.forget()
        self._stack.trim()
        from phone.core.drill import Drill

        own = self._own
        self.drill = drill = Drill(own.config, own.book, own.net, self._requests, own.prober, own.journal)
        self._machines.append(drill)
        if own.managers:
            from phone.core import why_managers

            drill.lines += why_managers.lost(own, now)
        return out + drill.begin(own.client.up, now)

    def _choose(self, name, value, now):
        """Do it, and show it; effects."""
        from phone.core import settings  # here, so that it can be forgotten

        out = settings.choose(name, value, self._own, now)
        self._look(now)  # it may speak another language from here on
        stack = self._stack
        stack.pop()
        below = stack.top
        if below.own:
            view = self._view(below.own, now)
            view.resume(below)
            stack.replace(view)
        stack.push(self._view(name, now))
        return out

    def _view(self, name, now):
        if name == "drill":
            record, row = self.drill.page(self._own.say), 0
        else:
            from phone.core import settings

            record, row = settings.page(name, self._own, now)
        view = page_view(record, self._theme, "", None)
        view.own = name
        view.select(row)
        return view

"""What the desk knows of old pages where none are kept; aging.py is the same where they are."""


from phone.phrases import phrase


class Ageless:
    awaits = None  # the view of an old page whose fresh one is being fetched
    quiet = False  # whether nobody waits for it: a page that lives (life.py), the idle page (idling.py)

    def __init__(self, theme, stack):
        self._theme = theme
        self._stack = stack

    @property
    def refreshes(self):
        """Whether what is asked for is what the page on top is to become: keys work on it meanwhile."""
        return self.awaits is not None and self.awaits is self._stack.top

    def takes(self, result):
        """Whether a Result goes on the screen: one that nobody waits for takes no place but that of the page
        it was asked for, and where there is no page that one stays, and says so.
        """
        if not self.quiet:
            return True
        here = self.refreshes or not (self.awaits or self._stack.depth)
        self.quiet = bool(here and result.copy and not result.sentences)  # the fresh one is to come
        why = "" if result.record else result.sentences and result.sentences[0]
        if self.refreshes and result.context.walks and not self.awaits.context.walks:
            why = result.notice  # another server has not got the page, only its first one
        if why and self.refreshes:
            self._stack.top.remark = self._theme.say(phrase("Not loaded anew: %s", why))
        return bool(here and result.record and not why)

    def spare(self, result):
        """What is to be shown in the place of a Result for which there is no room."""
        return result

    def shown(self, result, view, now):
        """A Result has become `view`, which is on the stack; effects."""
        return []

    def tell(self, now):
        """Have the page on top say how old it is."""


def aging(theme, client, journal, stack):
    """An Aging where the client keeps copies of pages."""
    if client.cache is None:
        return Ageless(theme, stack)
    from phone.aging import Aging

    return Aging(theme, client, journal, stack)

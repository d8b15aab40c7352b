"""What the desk knows of old pages where none are kept; aging.py is the same where they are."""


class Ageless:
    awaits = None  # the view of an old page whose fresh one is being fetched
    refreshes = False  # whether what is asked for is what the page on top is to become

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
        return Ageless()
    from phone.aging import Aging

    return Aging(theme, client, journal, stack)

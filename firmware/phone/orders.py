"""What an Execute says that came as a page: in the place of the page that somebody asked for, or pushed.

URIs are done at once. Its page, one at most, is asked for at once where its priority is 0 and somebody waits,
as if a link led there; else it waits for its moment, as a pushed one does (core/errands.py).

Loaded with the first of them; functions only.
"""

from micropython import const

from phone.core.result import label
from phone.phrases import phrase
from phone.wire import url as urls

SECOND = phrase("There is one http URL already.")
NO_ADDRESS = phrase("The phone cannot ask for this address.")
CIRCLE = phrase("Its pages lead in a circle.")
_ITEMS_MAX = const(3)  # of the vocabulary (services-xml.md section 2)
_TURNS_MAX = const(5)  # pages that lead elsewhere one after the other: as many as redirects of HTTP


def obey(stage, journal, client, result, quiet, now):
    """(effects, the item of rare.py Execute that is its page or None). `stage`: phone/stage.py, and quiet as
    it has it.
    """
    page, out = None, []
    for item in result.record.items[:_ITEMS_MAX]:
        scheme = urls.scheme(item.url)
        if scheme and scheme not in urls.PORTS:
            if stage.turns > _TURNS_MAX:
                stage.turns = 0
                return out + _complain(stage, journal, result.context, CIRCLE, now), None
            chosen = None if quiet else quiet is False  # nobody waited: a clock had it loaded
            status, said, part = stage.do(item.url, chosen, now)
            out += part
            if client.busy:  # it asks for a page, which may be this one
                stage.turns += 1
            if status:
                out += _complain(stage, journal, result.context, said, now)
        elif page:
            out += _complain(stage, journal, result.context, SECOND, now)
        elif item.url.strip():
            page = item
    return out, page


def follow(stage, journal, client, page, context, replaces, quiet, now):
    """Ask for the page of an item, or let it wait for its moment; effects."""
    aging = stage.aging
    if not page:
        aging.awaits = None
        return []
    stage.turns += 1
    if stage.turns > _TURNS_MAX:
        aging.awaits = None
        return _complain(stage, journal, context, CIRCLE, now)
    if quiet is None or page.priority:
        return _wait(stage, journal, page, context, now)
    if context.walks and not (replaces or aging.awaits):
        stage.stack.home()
    aging.quiet = quiet
    return client.open_link(page.url, context, now, None, context.walks)


def _wait(stage, journal, page, context, now):
    url = urls.join(context.url, page.url)
    if not url:
        return _complain(stage, journal, context, NO_ADDRESS, now)
    from phone.wire.execute import Item  # of pushes

    item = Item(page.priority, urls.text(url), "", "", "")
    status, said, out = stage.queue().errands().take(item, label(context), now)
    return out + _complain(stage, journal, context, said, now) if status else out


def _complain(stage, journal, context, said, now):
    stage.tell(said, now)
    return journal.say(phrase("%s wants something done, in vain: %s", label(context), said), now)

"""What an Execute says that came as a page: in the place of the page that somebody asked for, or pushed.

URIs are done at once. Its page, one at most, is asked for at once where its priority is 0 and somebody waits,
as if a link led there; else it waits for its moment, as a pushed one does (core/errands.py).

Loaded with the first of them; functions only.
"""

from phone.core.result import label
from phone.phrases import phrase
from phone.wire import url as urls
from phone.wire.execute import ITEMS_MAX, Item

SECOND = phrase("There is one http URL already.")
NO_ADDRESS = phrase("The phone cannot ask for this address.")


def obey(record, do, wanted, now):
    """(the item of rare.py Execute that is its page or None, the last thing that went wrong or "", effects).
    `do(uri, chosen, now)`: phone/wants.py; wanted: a person waits for what comes of it.
    """
    page, failed, out = None, "", []
    for item in record.items[:ITEMS_MAX]:
        scheme = urls.scheme(item.url)
        if scheme and scheme not in urls.PORTS:
            status, said, part = do(item.url, wanted, now)
            out += part
            failed = said if status else failed
        elif page:
            failed = SECOND
        elif item.url.strip():
            page = item
    return page, failed, out


def wait(item, context, queue, tell, now):
    """Let the page of an item wait for its moment; effects. `queue()`: core/porter.py."""
    url = urls.join(context.url, item.url)
    if not url:
        tell(NO_ADDRESS, now)
        return []
    item = Item(item.priority, urls.text(url), "", "", "")
    status, said, out = queue().errands().take(item, label(context), now)
    if status:
        tell(said, now)
    return out

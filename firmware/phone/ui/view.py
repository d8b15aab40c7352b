"""What every page on the stack has; the pages themselves are menu.py, text.py, note.py, idle.py."""

from phone.ui.bar import Bar
from phone.ui.screen import Intent


class View:
    """A page. `title` and `prompt` are str; `context` belongs to whoever made the view.

    `own` is the name of a page of the phone's own, "" for any other.

    `remark` is a sentence that stands in the place of the page's prompt as long as the view
    lives, such as the age of a page out of the cache: `aged` is then the Result (core/result.py) that it came
    with. `chosen` is the name of the item or softkey that was opened last. `weight` says how much memory the
    page takes, in rows.
    """

    # Of few pages, so each has its own only where it differs.
    aged = None
    extra = ()  # of Screen: what kinds of its own need
    floats = False  # it is no page: it stands over them (ui/window.py)
    form = False  # whether something is typed into it, which nobody may take away
    offers = {}  # what the words of Intent("key", word) stand for
    link = ""  # URL of the item that is selected, as written
    life = None  # what its server said of it beside it (Life of core/result.py): phone/life.py
    blind = 0  # ms; no key chooses before: what it would choose has just changed

    def __init__(self, title, prompt, bar, context):
        self.title = title
        self.prompt = prompt
        self.bar = bar or Bar(())
        self.context = context
        self.own = ""
        self.remark = ""
        self.weight = 0
        self.chosen = ""

    def show(self, count, status):
        """(kind, title, rows, first, total, selected) with at most `count` rows; fields of Screen."""
        raise NotImplementedError

    def key(self, key, now):
        """A key was pressed that is not the stack's own, or a softkey with a verb of OF_VIEW; returns an
        Intent or None."""
        return None

    def held(self, key, now):
        """A key is held, or a softkey with this verb; returns an Intent or None."""
        return Intent("exit", "") if key == "back" else None

    def select(self, row):
        """Have the selection there, where the page has one."""

    def back(self):
        """The back key: True where it means something within the page."""
        return False

    def resume(self, old):
        """Take over the place in the page from `old`, an earlier view of the same kind. False where a key may
        choose something else now.
        """
        return True

    def settle(self):
        """The view loses the keys for a while: half-typed numbers are forgotten."""

    def deadline(self):
        return None

    def tick(self, now):
        return None

    def work(self):
        """Do one short step of work that may wait; True while there is more."""
        return False

    def wants(self):
        """Pictures still to be fetched (core/pictures.py), in this order: a sequence of (index, url), both of
        the view; url as written on the page, or "Resource:Icon.Messages". Asked after every feed while the
        page is on top.
        """
        return ()

    def fit(self, index, width, height):
        """A picture of that size in pixels is there: (width, height) to which it is scaled down. Larger than
        it is it never becomes.
        """
        return width, height

    def picture(self, index, picture, said):
        """It is there, scaled: a records.Picture; or None, and a phrase that says why not."""

"""Old pages on the desk: how old each is, and which one waits for its fresh one."""

from phone.ageless import Ageless
from phone.core.result import Context, Result
from phone.core.stale import words
from phone.core.trouble import NO_ROOM, what
from phone.phrases import phrase


class Aging(Ageless):
    def __init__(self, theme, client, journal, stack):
        Ageless.__init__(self, theme, stack)
        self._client = client
        self._journal = journal

    def spare(self, result):
        """What is to be shown: where the fresh page found no room the old one stays, since it is there."""
        if not (self.refreshes and self.awaits.aged and NO_ROOM in result.sentences):
            return result
        aged, here = self.awaits.aged, self.awaits.context
        here = Context(here.service, here.pointer, here.url, here.walks, False, False, None)
        return Result(aged.record, result.sentences, result.offers, here, "", aged.copy, None)

    def shown(self, result, view, now):
        """A Result has become `view`, which is on the stack; effects."""
        self.awaits = None
        if not result.copy:
            return []
        if not result.sentences:
            self.awaits = view
            return []
        if self._theme.compact:  # its remark has no room for the reason
            self._stack.notice(self._theme.say(result.sentences[0]), now)
        age = words(result.copy, self._client.shelf.age(result.copy, now))
        said = phrase("%s: the last good page is shown. %s.", what(result.context), age)
        return self._journal.say(said, now)

    def tell(self, now):
        """How old the page on top is, and why it is shown: what the view keeps was said a while ago."""
        view, say = self._stack.top, self._theme.say
        aged = view.aged
        if aged:
            view.remark = say(words(aged.copy, self._client.shelf.age(aged.copy, now)))
            if aged.sentences and not self._theme.compact and not self.refreshes:
                view.remark += ". " + say(aged.sentences[0])

"""What the phone itself asks a person to type: a name and its password, a number before it is dialled."""

from phone.phrases import phrase
from phone.rare import Field, Input
from phone.records import WHOLE
from phone.ui.defaults import DIRECTORY, INPUT
from phone.ui.form import FormView
from phone.ui.screen import Intent


class _Question(FormView):
    def resume(self, old):
        """The same question again: what was typed was wrong."""
        return True

    def _sent(self):
        return Intent("login", tuple([entry.value for entry in self.entries]))


class _Number(FormView):
    def _sent(self):
        return Intent("open", "Dial:" + self.entries[0].value)


def credential_view(said, user, theme, context):
    """A server wants to know who is there. `said`: who asks, a phrase. `user`: the name that was typed
    before, or "". What is typed is Intent("login", (user, password)). `context`: what is asked for then.
    """
    say = theme.say
    fields = (Field(say(phrase("User name")), "", "AR", user), Field(say(phrase("Password")), "", "AP", ""))
    said = say(said)
    view = _Question(_record(phrase("Password"), said, fields, say), theme, "", context)
    if user:
        view.key("down", 0)
    if theme.compact:  # the prompt has no room there
        view.remark = said
    return view


def dial_view(number, theme, context):
    """A telephone number to be changed, and dialled by Intent("open", "Dial:..."). The cursor is before it,
    because what lacks is a prefix.
    """
    fields = (Field(theme.say(phrase("Number")), "", "TR", number),)
    keys = (DIRECTORY[0],) + INPUT[1:]
    view = _Number(_record(phrase("Dial"), "", fields, theme.say), theme, "", context, keys)
    view.entries[0].cursor = 0
    return view


def _record(title, prompt, fields, say):
    return Input(say(title), prompt, "", False, fields, (), WHOLE)

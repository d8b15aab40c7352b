"""Forms under review: what a person has typed so far, and what the phone says to it."""

from phone.phrases import phrase
from phone.rare import Field, Input
from phone.records import WHOLE
from phone.ui.ask import credential_view, dial_view
from phone.ui.screen import PRIMARY, Status
from phone.ui.stack import Stack
from phone.ui.views import page_view

_HERE = Status(PRIMARY, "A", "09:41", "Sunday 22 November", "Ward 3", "Served by A", 0)
_FIND = Input("Find a person", "Part of the name is enough", "find", False,
              (Field("Name", "n", "A", ""), Field("Ward", "w", "N", "3")), (), WHOLE)
_LOGIN = Input("Sign in", "", "login", True,
               (Field("User", "u", "A", "nurse.keller"), Field("Password", "p", "APR", ""),), (), WHOLE)
_FIVE = Input("Bed report", "All of it is kept", "beds", True,
              (Field("Ward", "a", "A", "East wing, floor 4"), Field("Free beds", "b", "N", "7"),
               Field("Name of the nurse in charge", "c", "AR", "Lindqvist, Åsa, and whoever is on duty"),
               Field("Call back", "d", "T", "*21#4711"), Field("Code", "e", "NP", "4711")), (), WHOLE)


def _typed(theme, record, keys):
    return _pressed(theme, page_view(record, theme, "", None), keys)


def _pressed(theme, view, keys):
    stack = Stack(theme)
    stack.push(view)
    for key in keys:
        stack.key(key, True, 0)
        stack.key(key, False, 0)
    return stack.screen(_HERE)


def forms(theme):
    """{name: Screen}"""
    settle = ["right"]
    asks = phrase("%s asks for a password: %s", "A", "Patient records, east wing")
    mul = ["#", "6", "#", "#", "8", "8", "5", "5", "5"] + settle + ["5", "5", "5"]
    out = {
        "form": _typed(theme, _FIND, ()),
        "form_letters": _typed(theme, _FIND, mul),
        "form_next": _typed(theme, _FIND, mul + ["down"]),
        "form_password": _typed(theme, _LOGIN, ["down", "7", "7", "7", "7", "2", "8", "8"]),
        "form_missing": _typed(theme, _LOGIN, ["down", "soft1"]),
        "form_five": _typed(theme, _FIVE, ["down", "down", "left", "left", "left"]),
        "form_five_last": _typed(theme, _FIVE, ["down", "down", "down", "down", "7"]),
        "form_signs": _typed(theme, _FIND, ["*", "*", "*", "*", "*", "*", "*", "*"]),
        "form_login": _pressed(theme, credential_view(asks, "", theme, None), ()),
        "form_dial": _pressed(theme, dial_view("4711", theme, None), "0"),
        "form_none": _typed(theme, Input("Confirm", "Send the report?", "go", False, (), (), WHOLE), ()),
    }
    theme.speak("de")
    out["de_form_letters"] = _typed(theme, _FIND, mul)
    out["de_form_missing"] = _typed(theme, _LOGIN, ["down", "soft1"])
    theme.speak("en")
    return out

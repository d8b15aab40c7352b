"""What others may ask for beside a page: keys of this phone, by the names that phones of others have for them
(services-xml.md section 8, docs/push.md). They are pressed at once, whatever their priority.

Read from flash for the first of them. What this phone has not, a handset, a line, is refused and said.
"""

from micropython import const

# Status of a ResponseItem: done; no URI that is known; not possible on this phone, or not now.
DONE, BAD, NOT_NOW = const(0), const(1), const(6)
LACKS = "This phone has no such thing."
TYPING = "Something is being typed."

# "Name=key" of the keypad, by the names behind Key:. Digits follow KeyPad, 1 to 4 follow Soft.
_KEYS = (
    " services=services directories=directory messages=messages info=information settings=settings "
    "applications=settings contacts=directory navup=up navdwn=down navdown=down navleft=left navright=right "
    "navselect=select navback=back keypadstar=* keypadpound=# "
)
_SCREENS = " services directories messages "  # of Init:
# Schemes of phones of others, known and not had.
_OTHERS = (
    " dial editdial senddigits play rtprx rtptx rtpmrx rtpmtx display vibrate notify querystringparam app "
    "device userdata userdatasoftkey usercalldata usercalldatasoftkey application settingsmenu button tftp "
)


def do(uri, outside, now):
    """(status, what is said, effects); `outside`: phone/outside.py."""
    scheme, colon, rest = uri.partition(":")
    scheme, word = scheme.strip().lower(), rest.strip().lower()
    if not colon or not word:
        return BAD, "It is no URI that a phone knows.", []
    if scheme == "init" and word == "appstatus":  # there is no status window that could be open
        return DONE, "Success", []
    key = ""
    if scheme == "key":
        key = _key(word)
    elif scheme == "init":
        key = _key(word) if " %s " % word in _SCREENS else ""
    elif scheme == "softkey":
        key = {"select": "select", "back": "back", "cancel": "back", "exit": "exit"}.get(word, "")
    elif " %s " % scheme not in _OTHERS:
        return BAD, "It is no URI that a phone knows.", []
    if not key:
        return NOT_NOW, LACKS, []
    if outside.has_form:  # what is half-typed is the person's
        return NOT_NOW, TYPING, []
    return DONE, "Success", outside.leave(now) if key == "exit" else outside.press(key, now)


def _key(word):
    """The key of the keypad, "" where the phone has no such."""
    for start, last in (("keypad", "9"), ("soft", "4")):
        digit = word[len(start) :]
        if word.startswith(start) and len(digit) == 1 and ("0" if last == "9" else "1") <= digit <= last:
            return digit if last == "9" else "soft" + digit
    return _KEYS.partition(" %s=" % word)[2].partition(" ")[0]

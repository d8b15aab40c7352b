"""The softkeys of forms and directories that have none of their own, and Next. Loaded with the first of them.

"""

from phone.phrases import phrase
from phone.ui.bar import BACK, UPDATE
from phone.ui.screen import Intent

NEXT = (phrase("Next"), Intent("next", ""))
CANCEL = (phrase("Cancel"), Intent("back", ""))
INPUT = (
    (phrase("Submit"), Intent("submit", "")),
    ("<<", Intent("backspace", "")),
    CANCEL,
    BACK,
)
DIRECTORY = (
    (phrase("Dial"), Intent("dial", "")),
    (phrase("EditDial"), Intent("editdial", "")),
    CANCEL,
    BACK,
)


def follow(bar):
    """Another page follows this one: Next stands where Update or Cancel would, else where there is room,
    unless the page has softkeys of its own, and one at the first place.
    """
    for i, key in enumerate(bar.keys):
        if key is UPDATE or key is CANCEL:
            keys = bar.keys[:i] + bar.keys[i + 1 :]
            i = min(i, 2)  # before More
            bar.keys = keys[:i] + (NEXT,) + keys[i:]
            return
    if any([key is BACK for key in bar.keys]):
        bar.add(NEXT)

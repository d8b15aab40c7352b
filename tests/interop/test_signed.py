"""A real Kamailio hands out sets that the document's signer signed to a real phone that wants them signed."""

import contextlib
import re
import time
from pathlib import Path

import pytest

from host_tools.kamailio import MISSING, Kamailio, found
from tests.interop.phones import Phone, Site, bound, configuration, until

pytestmark = pytest.mark.skipif(not found(), reason=MISSING)

KEY = "correct horse battery staple"
TEXT = (Path(__file__).parents[2] / "docs" / "pointers.md").read_text(encoding="utf-8")
SAVED_S = 1.0  # it is written at once
TOLD, OLD, FORGED = "A tells of backups: ", "comes after number", "the signature is wrong"


def signer():
    names = {"__name__": "signer"}
    exec(re.search(r"```python\n(.*?)```", TEXT, re.S)[1], names)
    return names["sign"]


def test_signed_sets_are_believed_and_replayed_or_changed_ones_are_not(tmp_path):
    """Also by a phone that lost its power meanwhile."""
    sign, now = signer(), int(time.time())
    x, y = Site("X"), Site("Y")
    old, new = (
        sign(KEY, "keep-alive", now + at, now + 3600, [site.url + ";q=0.9"]) for at, site in enumerate((x, y))
    )
    with contextlib.ExitStack() as stack:
        stack.callback(x.stop)
        stack.callback(y.stop)
        a = stack.enter_context(Kamailio("127.0.0.2"))
        raw = configuration(a, pointers={"key": KEY, "signed": "require"})
        phone = stack.enter_context(contextlib.closing(Phone(raw, state=tmp_path)))
        until(lambda: bound(a), 5, "a registration", phone)
        a.pointers("<%s>;purpose=backup-service" % y.url)
        until(lambda: phone.said("they are not signed"), 5, "a refusal", phone)
        a.pointers(old)
        until(lambda: phone.said(TOLD), 5, "the first set", phone)
        phone.page_of("X")
        a.pointers(old.replace(x.url, y.url))
        until(lambda: phone.said(FORGED), 5, "a refusal of what was changed", phone)
        a.pointers(new)
        until(lambda: sum(TOLD in line for line in phone.lines) == 2, 5, "the second set", phone)
        phone.page_of("Y")
        a.pointers(old)
        until(lambda: phone.said(OLD), 5, "a refusal of the first set", phone)
        phone.page_of("Y")
        time.sleep(SAVED_S)
        phone.close()
        again = stack.enter_context(contextlib.closing(Phone(raw, state=tmp_path)))
        until(lambda: again.said("Registered at A."), 5, "a registration", again)
        until(lambda: again.said(OLD), 5, "a refusal after the start", again)
        assert not again.said(TOLD)
        again.page_of("Y")

"""Changed pages of every kind, shown with random keys: no mistake of the reader, the views or the painter."""

import random
import re
import shutil
from pathlib import Path

import pytest

from host_tools.lint import check
from host_tools.render import DISPLAYS, Renderer

KINDS = Path(__file__).parents[2] / "host_tools" / "intranet" / "kinds"
PAGES = 400
KEYS = "up down left right select back 1 2 5 9 0 * # soft1 soft2 soft3 soft4".split()
PIECES = (b"&", b"<", b">", b'"', b"&#x41;", b"&nbsp;", b"\0", b"\xff", b"<![CDATA[", b"-->", b"-1")
NUMBERS = (b"0", b"-1", b"99999", b"4095", b"x")
BROKEN = ("mistake", "dies", "does not come to an end", "memory", "nobody understands")


def changed(page, others, rng) -> bytes:
    """The page with a few bytes or tags that are not as they were."""
    body = bytearray(page)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at, way = rng.randrange(len(body)) if body else 0, rng.randrange(8)
        if way == 0 and body:
            body[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            del body[at:]
        elif way == 2:
            del body[at:at + rng.randrange(1, 40)]
        elif way == 3:
            body[at:at] = body[at:at + rng.randrange(1, 200)] * rng.randrange(1, 6)
        elif way == 4:
            tags = re.findall(rb"<[^>]{1,40}>", bytes(body)) or [b"<a>"]
            body = bytearray(bytes(body).replace(rng.choice(tags), rng.choice(tags), rng.randrange(1, 3)))
        elif way == 5:
            body[at:at] = rng.choice(PIECES)
        elif way == 6:
            number = re.search(rb">(-?\d+)<", bytes(body[at:]))
            if number:
                body[at + number.start(1):at + number.end(1)] = rng.choice(NUMBERS)
        else:
            other = rng.choice(others)
            body[at:at] = other[rng.randrange(len(other)):][:rng.randrange(1, 400)]
    return bytes(body)


@pytest.mark.parametrize("display", DISPLAYS)
def test_changed_pages_are_shown_or_refused(display, tmp_path):
    rng = random.Random(7)
    pages = [path.read_bytes() for path in sorted(KINDS.glob("*.xml"))]
    shutil.copy(KINDS / "plan.png", tmp_path)
    shown = 0
    with Renderer(display=display) as renderer:
        for number in range(PAGES):
            body = changed(rng.choice(pages), pages, rng)
            (tmp_path / "page.xml").write_bytes(body)
            keys = " ".join(rng.choice(KEYS) for _ in range(rng.randrange(12)))
            result, _ = renderer.render(str(tmp_path / "page.xml"), keys=keys, draw=number % 8 == 0)
            error = result["error"] or ""
            assert not any(word in error for word in BROKEN), (number, keys, error, body)
            assert (result["object"] is None) == bool(result["error"])
            shown += result["error"] is None
            check(body)
    assert PAGES > shown > PAGES * 3 // 4

"""The tests' own canvas and MicroPython's framebuf draw the same bytes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.screens.drawing import ROOT, SIZES, draw, load

# Runs under the unix port: every sample screen as one line, name and bytes.
PAINT = """
import binascii, framebuf
from phone.runtime.fonts import fonts
from phone.runtime.words import words
from phone.ui.painter import Painter
from phone.ui.theme import font_names, theme_for
from tests.screens.samples import samples
for width, height, levels in %r:
    found = fonts(%r, font_names(width, height, levels))
    theme = theme_for(width, height, levels, found, lambda code: words(%r, code))
    data = bytearray(width // 4 * height)
    canvas = framebuf.FrameBuffer(data, width, height, framebuf.GS2_HMSB)
    for name, screen in samples(theme).items():
        painter = Painter(theme)
        while painter.paint(screen, canvas) is not None:
            pass
        print(width, name, str(binascii.hexlify(data), "ascii"))
"""


def micropython():
    beside = Path(sys.executable).with_name("micropython")
    return os.environ.get("MICROPYTHON") or (str(beside) if beside.exists() else shutil.which("micropython"))


def test_same_bytes_as_framebuf():
    program = micropython()
    if not program:
        pytest.fail("There is no MicroPython here: run `make setup`, or set MICROPYTHON to a unix port.")
    themes = {size[0]: load(*size) for size in SIZES}
    environment = dict(os.environ, MICROPYPATH="%s/firmware:%s:.frozen" % (ROOT, ROOT))
    environment.pop("PYTHONPATH", None)
    code = PAINT % (SIZES, str(ROOT / "build/fonts"), str(ROOT / "build/words"))
    done = subprocess.run([program, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    seen = 0
    for line in done.stdout.splitlines():
        width, name, data = line.split()
        theme, screens = themes[int(width)]
        assert draw(screens[name], theme)[0].data.hex() == data, "%s at %s" % (name, width)
        seen += 1
    assert seen == sum(len(screens) for _, screens in themes.values())

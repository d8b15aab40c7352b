"""A real phone and the folder that is its flash: what is there when it starts, and what it leaves there."""

import time

from phone.agent import _KEPT
from phone.core import slots


def wait_for(holds, what, seconds=10):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain for " + what
        time.sleep(0.05)


def said(ward, words):
    return lambda: any(words in line for line in list(ward.phone.lines))


def serves(ward):
    ward.press("services")
    ward.page_of("A", 3000)


def test_damaged_records_are_said_and_written_anew(start, tmp_path):
    for name in _KEPT:
        (tmp_path / (name + ".a")).write_bytes(b"\0" * 128)
        (tmp_path / (name + ".b")).write_bytes(b"rubbish" * 1000)
    ward = start(state=tmp_path)
    wait_for(said(ward, "Something that the phone had stored is damaged"), "the sentence")
    wait_for(said(ward, "The storage of the phone is in order again."), "the end of it")
    serves(ward)
    ward.phone.stop()
    for name in _KEPT:
        assert slots.unpack((tmp_path / (name + ".a")).read_bytes()) is not None, name


def test_a_folder_that_gives_and_takes_nothing_leaves_a_phone_that_says_so(start, tmp_path):
    for name in _KEPT:  # folders where files should be
        (tmp_path / (name + ".a")).mkdir()
        (tmp_path / (name + ".b")).mkdir()
    ward = start(state=tmp_path)
    wait_for(said(ward, "The storage of the phone is damaged"), "the sentence")
    ward.panel.wait(lambda screen: "damaged" in screen["prompt"], 10, "the sentence on the screen")
    serves(ward)


def test_a_new_phone_writes_nothing(start, tmp_path):
    """Until there is something to keep."""
    ward = start(state=tmp_path)
    serves(ward)
    ward.phone.stop()
    assert [path for path in tmp_path.iterdir() if path.name.startswith(("taste", "suspect"))] == []

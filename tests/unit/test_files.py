"""runtime/files.py: files of the state folder, a step at a time, on this machine's file system."""

import os

from phone.events import BROKEN, Load, Loaded, Save, Saved
from phone.runtime.files import Files


class folder:
    """A new folder for one test, and Files in it."""

    def __enter__(self):
        self.path = "/tmp/everline-test-%d" % id(self)
        self.files = Files(self.path)
        return self

    def __exit__(self, *_):
        for name in os.listdir(self.path):
            os.remove(self.path + "/" + name)
        os.rmdir(self.path)

    def names(self):
        return sorted(os.listdir(self.path))

    def all(self, *effects):
        """Have these done; the events that they come to."""
        for effect in effects:
            self.files.ask(effect)
        out = []
        for _ in range(100):
            event = self.files.step()
            if event:
                out.append(event)
            if not self.files.soon:
                break
        return out


def test_a_file_is_written_and_read():
    with folder() as f:
        assert f.all(Load("home.a", 0)) == [Loaded("home.a", None)]
        assert f.all(Save("home.a", b"one")) == [Saved("home.a", "")]
        assert f.all(Save("home.a", b"2"), Save("home.b", b"")) == [Saved("home.a", ""), Saved("home.b", "")]
        assert f.all(Load("home.a", 0)) == [Loaded("home.a", b"2")]
        assert f.all(Load("home.b", 0)) == [Loaded("home.b", b"")]
        assert f.names() == ["home.a", "home.b"], "no stray file"


def test_a_file_is_removed():
    with folder() as f:
        assert f.all(Save("home.a", b"one"), Save("home.a", None))[1] == Saved("home.a", "")
        assert f.names() == []
        assert f.all(Save("home.a", None)) == [Saved("home.a", "")], "gone is gone"


def test_a_large_file_is_written_a_piece_a_step():
    drawn = []

    def pieces():
        for letter in b"abc":
            drawn.append(letter)
            yield bytes((letter,)) * 1000

    with folder() as f:
        f.files.ask(Save("page.a", pieces()))
        f.files.ask(Save("home.a", b"one"))
        for number in range(3):
            assert f.files.step() is None and len(drawn) == number + 1 and f.files.soon
        assert f.files.step() == Saved("page.a", "") and f.files.soon
        assert f.files.step() == Saved("home.a", "") and not f.files.soon
        assert f.files.step() is None, "nothing is to be done"
        for at, piece in ((0, b"a" * 1000 + b"b" * 24), (1024, b"b" * 976 + b"c" * 48), (2048, b"c" * 952)):
            assert f.all(Load("page.a", at)) == [Loaded("page.a", piece)]
        assert f.all(Load("page.a", 3000)) == [Loaded("page.a", b"")]


def test_an_empty_piece_means_not_now():
    with folder() as f:
        f.files.ask(Save("page.a", iter((b"a", b"", b"b"))))
        assert f.files.step() is None and f.files.soon
        assert f.files.step() is None and not f.files.soon, "the loop sleeps a turn"
        assert f.files.step() is None and f.files.soon
        assert f.files.step() == Saved("page.a", "")
        assert f.all(Load("page.a", 0)) == [Loaded("page.a", b"ab")]


def test_reading_goes_first():
    with folder() as f:
        f.all(Save("home.a", b"one"))
        f.files.ask(Save("page.a", iter((b"a", b"b"))))
        assert f.files.step() is None
        assert f.all(Load("home.a", 0)) == [Loaded("home.a", b"one"), Saved("page.a", "")]
        assert f.all(Load("page.a", 0)) == [Loaded("page.a", b"ab")]


def test_whoever_cannot_give_a_piece_leaves_no_half_file():
    def pieces():
        yield b"a" * 1000
        raise MemoryError

    with folder() as f:
        assert f.all(Save("page.a", pieces()), Save("home.a", b"one")) == [
            Saved("page.a", BROKEN), Saved("home.a", ""),
        ]  # fmt: skip
        assert f.names() == ["home.a"]


def test_a_folder_that_is_gone_is_said():
    f = folder()
    f.__enter__()
    f.__exit__()
    for data in (b"one", iter((b"one",))):
        assert f.all(Save("home.a", data)) == [Saved("home.a", BROKEN)]
    assert f.all(Load("home.a", 0), Save("home.a", None)) == [Loaded("home.a", None), Saved("home.a", "")]


def test_a_folder_that_cannot_be_is_said():
    f = folder()
    f.files = Files("/dev/null/state")
    assert f.all(Save("home.a", b"one")) == [Saved("home.a", BROKEN)]
    assert f.all(Load("home.a", 0)) == [Loaded("home.a", False)]


def test_what_is_no_file_cannot_be_read():
    with folder() as f:
        os.mkdir(f.path + "/home.a")
        assert f.all(Load("home.a", 0)) == [Loaded("home.a", False)]
        assert f.all(Save("home.a", b"one")) == [Saved("home.a", BROKEN)]
        os.rmdir(f.path + "/home.a")

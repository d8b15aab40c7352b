"""runtime/words.py: a phrase in another language, out of a file, and whatever may be wrong with the file."""

import os
import struct
from binascii import crc32

from phone.runtime.words import words as opened

GERMAN = {"Back": "Zurück", "%d min": "%d Min.", "refused the connection": "hat die Verbindung abgelehnt"}


def hashed(text):
    return crc32(text.encode()) & 0x3FFFFFFF


def packed(texts):
    """A word file as its description says."""
    head, body = b"", b""
    for english in sorted(texts, key=hashed):
        text = texts[english].encode()
        head += struct.pack("<IHH", hashed(english), len(body), len(text))
        body += text
    return struct.pack("<4sHH", b"EVW1", len(texts), 0) + head + body


class Folder:
    """A folder with one word file, that of "de", opened as `words`."""

    def __init__(self, data):
        self.path = "/tmp/everline-words-%d" % id(self)
        os.mkdir(self.path)
        with open(self.path + "/de.words", "wb") as file:
            file.write(data)
        self.words = opened(self.path, "de")

    def gone(self):
        if self.words:
            self.words.close()
        os.remove(self.path + "/de.words")
        os.rmdir(self.path)


def test_each_phrase_is_found_and_a_strange_one_stays_english():
    texts = dict(GERMAN)
    for number in range(300):
        texts["phrase %d" % number] = "Satz %d" % number
    folder = Folder(packed(texts))
    for english, german in texts.items():
        assert folder.words.find(english) == german
    for strange in ("", "back", "Back ", "phrase 300", "ü"):
        assert folder.words.find(strange) == strange
    folder.gone()


def test_an_empty_table_is_a_table():
    folder = Folder(packed({}))
    assert folder.words.find("Back") == "Back"
    folder.gone()


def test_what_is_said_often_is_read_once_and_little_is_kept():
    folder = Folder(packed(GERMAN))
    words = folder.words
    reads = []
    read = words._read

    def counting(text):
        reads.append(text)
        return read(text)

    words._read = counting
    for _ in range(50):
        assert words.find("Back") == "Zurück" and words.find("Exit") == "Exit"
    assert reads == ["Back", "Exit"]
    for number in range(500):
        words.find("phrase %d" % number)
    assert len(words._young) + len(words._old) <= 20
    words.forget()
    assert words.find("Back") == "Zurück" and not words._old and len(words._young) == 1
    folder.gone()


def test_a_language_that_is_not_there_is_none():
    folder = Folder(packed(GERMAN))
    assert opened(folder.path, "fr") is None and opened(folder.path + "/none", "de") is None
    folder.gone()
    for data in (b"", b"EVW1", b"EVF2" + packed(GERMAN)[4:]):
        folder = Folder(data)
        assert folder.words is None
        folder.gone()


def test_a_damaged_file_costs_the_translation_and_nothing_else():
    whole = packed(GERMAN)
    for length in range(8, len(whole)):  # cut short anywhere
        folder = Folder(whole[:length])
        for english, german in GERMAN.items():
            assert folder.words.find(english) in (english, german)
        folder.gone()
    for place in range(4, len(whole)):  # one byte is wrong
        folder = Folder(whole[:place] + b"\xff" + whole[place + 1 :])
        for english in GERMAN:
            assert isinstance(folder.words.find(english), str)
        folder.gone()
    folder = Folder(packed({"Back": "Zurück"}).replace("ü".encode(), b"\xff\xff"))
    assert folder.words.find("Back") == "Back", "no UTF-8"
    folder.gone()


def test_a_file_that_cannot_be_read_any_more_leaves_english():
    class Broken:
        def seek(self, place):
            raise OSError(5)

        def close(self):
            pass

    folder = Folder(packed(GERMAN))
    folder.words.close()
    folder.words._file = Broken()
    assert folder.words.find("Back") == "Back"
    folder.gone()

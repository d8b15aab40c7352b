"""Builds the phone's word files, one a language, from the table firmware/words.tsv.

    python -m host_tools.words build/words

The table has a line for each phrase: English as the source has it, then each language, parted by TAB. Its
first line names the columns ("de Deutsch"); lines that begin with "# " and empty ones are for the reader.
A phrase's placeholders (%s, %d, %02d, %%) stand in the same order in every column, because its parts do. A
translation may have a short form for the small display, behind a "|".

A word file, `<code>.words`, numbers little-endian, read by firmware/phone/runtime/words.py:

    0   4s   b"EVW1"
    4   H    N, number of phrases
    6   H    0
    8   N x  (I hash of the English phrase, H place, H length), ascending by hash
        the texts, UTF-8; a place counts bytes from the end of this table

The hash is the low 30 bits of CRC-32 (a small int on a 32-bit board). Two phrases with one hash are refused
here, so the phone need not keep the English to compare. What is the same in both languages is left out.
"""

import binascii
import hashlib
import re
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from host_tools.problem import Problem

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "firmware" / "words.tsv"

MAGIC = b"EVW1"
PLACES = 1 << 16  # what a place of two bytes reaches; four languages of this phone take a quarter of it
PLACEHOLDER = re.compile(r"%(?:%|[-0-9.]*[a-z])")
# No line ends between a number and its unit, nor, in French, between a word and these marks.
NO_BREAK = "\N{NO-BREAK SPACE}"
UNIT = re.compile(r"(?<=%d) (?=(?:ms|s|min|h|d|j|Tg\.|%%)(?!\w))")
FRENCH = ((" :", NO_BREAK + ":"), (" ;", NO_BREAK + ";"), (" !", NO_BREAK + "!"), (" ?", NO_BREAK + "?"),
          ("« ", "«" + NO_BREAK), (" »", NO_BREAK + "»"), ("d h %", "d" + NO_BREAK + "h" + NO_BREAK + "%"))


@dataclass
class Row:
    line: int
    texts: tuple[str, ...]  # as the columns stand, English first


@dataclass
class Table:
    codes: tuple[str, ...]  # "en", "de", ...
    names: tuple[str, ...]  # "English", "Deutsch", ...
    rows: list[Row]

    def column(self, code: str) -> dict[str, str]:
        """English -> that language, with its short form."""
        place = self.codes.index(code)
        return {row.texts[0]: row.texts[place] for row in self.rows}


def read(path: Path = TABLE) -> Table:
    """The table; Problem with the line where it is not one."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise Problem(f"{path.name} cannot be read: {problem}.") from None
    heads = [cell.partition(" ") for cell in lines[0].split("\t")]
    if len(heads) < 2 or not all(name for _, _, name in heads) or heads[0][0] != "en":
        raise Problem(f'{path.name}, line 1: it names the columns, "en English" first, parted by TAB.')
    table = Table(tuple(code for code, _, _ in heads), tuple(name for _, _, name in heads), [])
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line or line.startswith("# "):
            continue
        texts = tuple(line.split("\t"))
        for mistake in _mistakes(table, texts, seen):
            raise Problem(f"{path.name}, line {number}: {mistake}")
        seen[texts[0]] = number
        table.rows.append(Row(number, texts))
    return table


def _mistakes(table: Table, texts: tuple[str, ...], seen: dict[str, int]):
    """What is wrong with one line, as sentences."""
    if len(texts) != len(table.codes):
        yield f"{len(texts)} columns instead of {len(table.codes)} ({texts[0]!r})."
        return
    english = texts[0]
    if english in seen:
        yield f"{english!r} stands in line {seen[english]} already."
    wanted = placeholders(english)
    for code, both in zip(table.codes, texts):
        if both.count("|") > (code != "en"):
            yield f"the {code} of {english!r} has more than one short form."
        for text in both.split("|"):
            if not text.strip():
                yield f"{english!r} has no {code}."
            if placeholders(text) != wanted:
                order = " ".join(wanted) or "none"
                yield f"the {code} of {english!r} needs these placeholders, in this order: {order}."
            if "%" in PLACEHOLDER.sub("", text):
                yield f"a % in the {code} of {english!r} is no placeholder; a sign of its own is written %%."


def placeholders(text: str) -> list[str]:
    return PLACEHOLDER.findall(text)


def polished(code: str, text: str) -> str:
    """A text as it goes on the screen."""
    text = UNIT.sub(NO_BREAK, text)
    for plain, fine in FRENCH if code == "fr" else ():
        text = text.replace(plain, fine)
    return text


def hashed(text: str) -> int:
    """As the phone finds it."""
    return binascii.crc32(text.encode()) & 0x3FFFFFFF


def compiled(table: Table, code: str) -> bytes:
    """One language as the bytes of its file."""
    found: dict[int, str] = {}
    texts: dict[int, bytes] = {}
    for english, text in table.column(code).items():
        key = hashed(english)
        if key in found:
            raise Problem(f"{english!r} and {found[key]!r} have the same hash: word one of them differently.")
        found[key] = english
        if text != english:
            texts[key] = polished(code, text).encode()
    entries, body, places = b"", b"", {}
    for key in sorted(texts):
        text = texts[key]
        place = places.setdefault(text, len(body))
        if place == len(body):
            body += text
        if place >= PLACES:
            raise Problem(f"{code}: the texts are longer than {PLACES} bytes.")
        entries += struct.pack("<IHH", key, place, len(text))
    return struct.pack("<4sHH", MAGIC, len(texts), 0) + entries + body


def build(folder: Path, source: Path = TABLE) -> set[Path]:
    """Write each language's file into `folder`, which is nothing where they are fresh; what belongs there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / "stamp"
    try:
        recipe = hashlib.sha256(Path(__file__).read_bytes() + source.read_bytes()).hexdigest()
    except OSError as problem:
        raise Problem(f"{source.name} cannot be read: {problem.strerror}.") from None
    table = read(source)
    files = {folder / f"{code}.words": code for code in table.codes[1:]}
    fresh = stamp.is_file() and stamp.read_text() == recipe
    if not fresh or not all(path.is_file() for path in files):
        for path, code in files.items():
            _write(path, compiled(table, code))
        _write(stamp, recipe.encode())
    return {stamp, *files}


def _write(path: Path, data: bytes) -> None:
    half = path.with_name(path.name + ".half")
    half.write_bytes(data)
    half.replace(path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m host_tools.words FOLDER")
    try:
        build(Path(sys.argv[1]))
    except Problem as problem:
        sys.exit(str(problem))

"""The table of languages as it is read and compiled: every mistake is named with its line."""

import pytest

from host_tools import words
from host_tools.problem import Problem

HEAD = "en English\tde Deutsch\tfr Français\n"


@pytest.fixture
def table(tmp_path):
    def write(text):
        path = tmp_path / "words.tsv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_table_is_read_by_columns(table):
    found = words.read(table(HEAD + "# Softkeys\n\nBack\tZurück\tRetour\n%d min\t%d Min.\t%d min\n"))
    assert found.codes == ("en", "de", "fr") and found.names == ("English", "Deutsch", "Français")
    assert found.column("de") == {"Back": "Zurück", "%d min": "%d Min."}
    assert [row.line for row in found.rows] == [4, 5]


@pytest.mark.parametrize("text, said", [
    ("", "line 1: it names the columns"),
    ("de Deutsch\ten English\n", "line 1: it names the columns"),
    (HEAD + "Back\tZurück\n", "line 2: 2 columns instead of 3"),
    (HEAD + "Back\tZurück\tRetour\tAtrás\n", "line 2: 4 columns instead of 3"),
    (HEAD + "Back\tZurück\t \n", "line 2: 'Back' has no fr"),
    (HEAD + "Back\tA\tB\n\nBack\tA\tB\n", "line 4: 'Back' stands in line 2 already"),
    (HEAD + "%s of %d\t%d von %s\t%s de %d\n", "the de of '%s of %d' needs these placeholders"),
    (HEAD + "%s of %d\t%s von %d\t%s\n", "in this order: %s %d."),
    (HEAD + "Try %s\tMit %s\tEssayer %s|Via\n", "the fr of 'Try %s' needs these placeholders"),
    (HEAD + "Update\tLaden|\tMàJ\n", "line 2: 'Update' has no de"),
    (HEAD + "Update\tA|B|C\tMàJ\n", "more than one short form"),
    (HEAD + "Go|G\tA\tMàJ\n", "the en of 'Go|G' has more than one"),
    (HEAD + "%s\t%s %s\t%s\n", "in this order: %s."),
    (HEAD + "Back\t%s\tRetour\n", "in this order: none."),
    (HEAD + "%02d:%02d\t%02d:%02d\t%d h %02d\n", "in this order: %02d %02d."),
    (HEAD + "%d %%\t%d %%\t%d % \n", "needs these placeholders"),
    (HEAD + "Back\t100 %\tRetour\n", "a % in the de of 'Back' is no placeholder"),
])  # fmt: skip
def test_a_mistake_is_named_with_its_line(table, text, said):
    with pytest.raises(Problem) as caught:
        words.read(table(text))
    assert said in str(caught.value)


def test_the_phone_finds_what_was_compiled(table, tmp_path):
    from phone.runtime.words import words as opened

    text = HEAD + "Back\tZurück\tRetour\nOK\tOK\tOK\n"
    made = words.build(tmp_path / "out", table(text + "".join(f"p{n}\tS{n % 7}\tP{n}\n" for n in range(200))))
    assert sorted(path.name for path in made) == ["de.words", "fr.words", "stamp"]
    for code in ("de", "fr"):
        found = opened(str(tmp_path / "out"), code)
        for english, there in words.read(tmp_path / "words.tsv").column(code).items():
            assert found.find(english) == there
    german = (tmp_path / "out" / "de.words").read_bytes()
    assert len(german) == 8 + 201 * 8 + len("Zurück".encode()) + 7 * 2, "OK is the same; S0 is there once"


def test_french_marks_stay_with_their_word(table, tmp_path):
    row = 'Is "%s" here: yes; no?\tIst „%s“ hier: ja; nein?\t« %s » est là : oui ; non ?\n'
    found = words.read(table(HEAD + row))
    assert "«\u00a0%s\u00a0» est là\u00a0: oui\u00a0; non\u00a0?".encode() in words.compiled(found, "fr")
    assert "„%s“ hier: ja; nein?".encode() in words.compiled(found, "de")


def test_a_time_of_day_stays_together(table):
    made = words.compiled(words.read(table(HEAD + "%02d:%02d\t%02d:%02d\t%02d h %02d\n")), "fr")
    assert made.endswith("%02d\u00a0h\u00a0%02d".encode())


def test_numbers_stay_with_their_unit(table):
    row = "%d ms, %d%%, %d days, %d s.\t%d ms, %d %%, %d Tage, %d s.\t%d ms, %d %%, %d jours, %d s.\n"
    made = words.compiled(words.read(table(HEAD + row)), "de")
    assert "%d\u00a0ms, %d\u00a0%%, %d Tage, %d\u00a0s.".encode() in made


def test_two_phrases_with_one_hash_are_refused(table, monkeypatch):
    monkeypatch.setattr(words, "hashed", lambda text: len(text))
    with pytest.raises(Problem, match="'Exit' and 'Back' have the same hash"):
        words.compiled(words.read(table(HEAD + "Back\tA\tB\nExit\tC\tD\n")), "de")


def test_more_than_a_place_can_reach_is_refused(table):
    text = "".join(f"p{n}\t{n}{'x' * 1000}\tP\n" for n in range(70))
    with pytest.raises(Problem, match="longer than 65536 bytes"):
        words.compiled(words.read(table(HEAD + text)), "de")


def test_nothing_is_written_twice_and_a_change_is_seen(table, tmp_path):
    path, out = table(HEAD + "Back\tZurück\tRetour\n"), tmp_path / "out"
    words.build(out, path)
    before = {file: file.stat().st_mtime_ns for file in out.iterdir()}
    words.build(out, path)
    assert before == {file: file.stat().st_mtime_ns for file in out.iterdir()}
    words.build(out, table(HEAD + "Back\tNach hinten\tRetour\n"))
    assert b"Nach hinten" in (out / "de.words").read_bytes()
    (out / "fr.words").unlink()
    words.build(out, path)
    assert (out / "fr.words").is_file()


def test_a_table_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Problem, match="words.tsv cannot be read"):
        words.build(tmp_path / "out", tmp_path / "words.tsv")

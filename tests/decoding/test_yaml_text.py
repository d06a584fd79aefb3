"""YAML as plain values."""

import pytest

from lastgood.decoding import yaml_text
from lastgood.decoding.yaml_text import documents


def test_tags_of_other_languages_are_passed_over() -> None:
    """What is behind them stays; times stay texts; documents follow each other."""
    text = b"--- !ruby/object:A\nlevel: !ruby/sym notice\nat: 2026-11-22T14:02:10Z\nlist: !ruby/array:B\n- 1\n---\nb: true\n"
    assert [{"level": "notice", "at": "2026-11-22T14:02:10Z", "list": [1]}, {"b": True}] == list(
        documents(text)
    )


@pytest.mark.parametrize("text", [b"a: [", b"? [a]\n: b", b"!!int ''", b"\xff", b"[" * 100_000])
def test_what_is_no_yaml_says_so(text: bytes) -> None:
    """One kind of error, whatever is wrong."""
    with pytest.raises(ValueError, match="not YAML"):
        list(documents(text))


def test_nothing_is_made_of_a_tag() -> None:
    """No object of this language either."""
    assert [["echo"]] == list(documents(b"!!python/object/apply:os.system ['echo']"))


def test_numbers_stay_as_they_are_written_where_reading_changes_them() -> None:
    """A version is none, nor a time of day, nor what takes long to compute."""
    text = b"version: 1.10\nat: 14:00:00\nlong: " + b"1" + b":59" * 100_000 + b"\ncount: 3\n"
    (found,) = documents(text)
    assert ("1.10", "14:00:00", 3) == (found["version"], found["at"], found["count"])
    assert found["long"].startswith("1:59:59")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)), "repeat"),
        (b"a: &a [*a]\n", "holds itself"),
        (b"a: &a {b: {c: *a}}\n", "holds itself"),
    ],
    ids=["multiplied", "in a list", "in an object"],
)  # fmt: skip
def test_aliases_do_not_make_much_of_little(text: bytes, why: str) -> None:
    """What unfolds to more than a text may hold, or without end, is not read."""
    with pytest.raises(ValueError, match=why):
        list(documents(text))


def test_an_alias_is_what_it_stands_for() -> None:
    """As programs write what they hold twice."""
    assert [{"a": ["x"], "b": ["x"]}] == list(documents(b"a: &a [x]\nb: *a\n"))


def test_memory_is_bounded_by_the_values_of_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short elements take a hundred times their room; text, and many documents, do not."""
    monkeypatch.setattr(yaml_text, "MOST_VALUES", 1000)
    with pytest.raises(ValueError, match=r"1\s000 values is not read"):
        list(documents(b"[" + b"1," * 1000 + b"1]"))
    with pytest.raises(ValueError, match=r"1\s000 values is not read"):
        list(documents(b"- - a\n" * 600))
    prose = b'a: "' + b"a, b: c - d? e\\n" * 1000 + b'"\n'
    assert 1 == len(list(documents(prose)))
    assert 400 == len(list(documents(b"---\n- a: b\n" * 400)))

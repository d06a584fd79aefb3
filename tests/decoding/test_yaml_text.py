"""YAML as plain values."""

import pytest

from lastgood.decoding.yaml_text import documents


def test_tags_of_other_languages_are_passed_over() -> None:
    """What is behind them stays; times stay texts; documents follow each other."""
    text = b"--- !ruby/object:A\nlevel: !ruby/sym notice\nat: 2026-11-22T14:02:10Z\nlist: !ruby/array:B\n- 1\n---\nb: true\n"
    assert [{"level": "notice", "at": "2026-11-22T14:02:10Z", "list": [1]}, {"b": True}] == list(
        documents(text)
    )


@pytest.mark.parametrize("text", [b"a: [", b"? [a]\n: b", b"!!float ''", b"\xff", b"[" * 100_000])
def test_what_is_no_yaml_says_so(text: bytes) -> None:
    """One kind of error, whatever is wrong."""
    with pytest.raises(ValueError, match="no YAML"):
        list(documents(text))


def test_nothing_is_made_of_a_tag() -> None:
    """No object of this language either."""
    assert [["echo"]] == list(documents(b"!!python/object/apply:os.system ['echo']"))

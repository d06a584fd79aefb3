"""Chunks: what a run of letters, digits and joints is taken for."""

import pytest

from lastgood.algorithms.patterns.chunks import kind_of_part, tokens_of_chunk
from lastgood.algorithms.patterns.tokens import Kind


@pytest.mark.parametrize(
    "text",
    [
        "10.0.3.7", "10.0.3.7:8080", "-12", "1.5GB", "0xdeadbeef", "550e8400-e29b-41d4-a716-446655440000", "true",
        "/var/log/syslog", "~/x/y", "./run/me", r"C:\Windows\system.ini", "lib/util/io.py", "ops@example.org",
        "db-3.cell.example.net", "db.cell.example.net:5432", "node7.example.com", "report-7.csv", "2026-01-02",
        "backup-of-3f9a77c1-now",
    ],
)  # fmt: skip
def test_values_are_one_value(text: str) -> None:
    """Numbers, ids, addresses, paths, hosts and files are values whole."""
    assert [(Kind.VALUE, text)] == list(tokens_of_chunk(text))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("re-synch", [(Kind.WORD, "re-synch")]),
        ("org.example.Shop", [(Kind.DOTTED, "org.example.Shop")]),
        ("example.org", [(Kind.WORD, "example.org")]),
        ("eth0", [(Kind.CODED, "eth0")]),
        ("done.", [(Kind.WORD, "done"), (Kind.MARK, ".")]),
        ("port:8080", [(Kind.WORD, "port"), (Kind.MARK, ":"), (Kind.VALUE, "8080")]),
        ("Main.java:17", [(Kind.WORD, "Main.java"), (Kind.MARK, ":"), (Kind.VALUE, "17")]),
        ("start+0x1b", [(Kind.WORD, "start"), (Kind.MARK, "+"), (Kind.VALUE, "0x1b")]),
        ("file:/srv/x1", [(Kind.WORD, "file"), (Kind.MARK, ":"), (Kind.VALUE, "/srv/x1")]),
        ("10.0.0.1:up", [(Kind.VALUE, "10.0.0.1"), (Kind.MARK, ":"), (Kind.WORD, "up")]),
        ("a::b", [(Kind.WORD, "a"), (Kind.MARK, "::"), (Kind.WORD, "b")]),
    ],
)
def test_the_rest_is_words_or_falls_apart(text: str, kinds: list[tuple[Kind, str]]) -> None:
    """Labels, places in code and offsets are parted from their values; names stay whole."""
    assert kinds == list(tokens_of_chunk(text))


def test_parts_have_kinds() -> None:
    """A word with a short number is neither a word nor a value."""
    assert Kind.WORD is kind_of_part("order")
    assert Kind.CODED is kind_of_part("L3")
    assert Kind.VALUE is kind_of_part("5ms")
    assert Kind.VALUE is kind_of_part("x9f3kk2")


def test_a_run_without_end_is_one_value() -> None:
    """Labels nest without bound in it; it is data, and costs nothing."""
    assert [Kind.VALUE] == [token.kind for token in tokens_of_chunk("ab:" * 2000 + "c")]
    assert 171 == len(tokens_of_chunk("ab:" * 85 + "c"))

"""What before the sign belongs to an address, also where JSON escapes letters."""

import json

import pytest

from lastgood.algorithms.mail_addresses import is_address, local_part, written_out


@pytest.mark.parametrize(
    ("near", "local", "written"),
    [
        ("mail to ana", "ana", "ana"),
        ("mailto:.ana.b+x", "ana.b+x", "ana.b+x"),
        ("von jürgen", "jürgen", "jürgen"),
        (r'"zo\u00eb', r"zo\u00eb", "zoë"),
        (r'"\u00d6zg\u00FCr', r"\u00d6zg\u00FCr", "Özgür"),
        (r"\"zo\\u00eb", r"zo\\u00eb", "zoë"),
        (r"Ana \u003cana", "ana", "ana"),
        (r"hello\nana", "ana", "ana"),
        (r"hello\\tana", "ana", "ana"),
        (r"C:\home\ana", "ana", "ana"),
        ("", "", ""),
        ("\\", "", ""),
    ],
)
def test_what_belongs_to_it_starts_after_an_escape(near: str, local: str, written: str) -> None:
    """An escaped letter is one of its letters, any other escape is before it."""
    assert (local, written) == (local_part(near, encoded=False), written_out(local))


@pytest.mark.parametrize(
    ("near", "local", "written"),
    [
        ("?to=ana%2Bx", "ana%2Bx", "ana+x"),
        ("by=zo%C3%AB", "zo%C3%AB", "zoë"),
        ("to=%3Cana", "ana", "ana"),
        ("to=Ana%20%3Cana%2Bx", "ana%2Bx", "ana+x"),
        ("100%", "", ""),
    ],
)
@pytest.mark.parametrize("encoded", [True, False])
def test_in_a_url(near: str, local: str, written: str, *, encoded: bool) -> None:
    """Letters and a plus sign are encoded, and what is before it."""
    if encoded or "%2B" not in near:
        assert (local, written) == (local_part(near, encoded=encoded), written_out(local))


def test_machines_and_files_are_not_people() -> None:
    """By the name, or the ending."""
    assert [True, False, False] == [
        is_address("ana", "example.com"),
        is_address("git", "github.com"),
        is_address("logo", "2x.png"),
    ]


@pytest.mark.parametrize("text", ["zoë@example.net", "hi\nana@example.com", "Ana <ana@example.com>"])
def test_it_is_found_as_json_writes_it(text: str) -> None:
    """Also in JSON within JSON: what is before it can still be read."""
    written = json.dumps(text)
    for one in (written, json.dumps(written)):
        at = one.index("@")
        local = local_part(one[:at], encoded=False)
        left = one[: at - len(local)] + one[at:]
        assert json.loads(left)
        assert text[: text.index("@")].endswith(written_out(local))

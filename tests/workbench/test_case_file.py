"""A case as a file: what goes out comes in again, and what is not as it went out does not."""

import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.errors import CannotRunError, LastgoodError, RecordBrokenError, UsageError
from lastgood.model.entry import Noted, Triaged
from lastgood.model.finding import Verdict
from lastgood.workbench.case_file import MOST_BYTES, exported, imported
from lastgood.workbench.room import enter
from lastgood.workbench.verify_record import verified
from records import START, ticking
from rooms import config_in, room_in


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The file of a case of three entries."""
    with room_in(tmp_path / "here") as room:
        room.append(Noted("one"))
        room.append(Triaged(room.record.keep(b"{}"), Verdict.YES, "it fails"))
        exported(room, tmp_path / "case.zip", "<p>it</p>")
    return tmp_path / "case.zip"


def there(case: Path) -> Path:
    """The folder of another record, with an incident of its own."""
    folder = case.parent / "there"
    folder.mkdir(exist_ok=True)
    return folder


def test_a_case_gets_a_number_of_its_own_elsewhere(case: Path) -> None:
    """Its entries, their chain and their contents are as they were."""
    with room_in(there(case), "another"):
        pass

    assert 2 == imported(config_in(there(case)), ticking(), case)

    with enter(config_in(there(case)), ticking(), actor="lee", now=START, incident=2) as room:
        assert ["opened", "note", "triaged"] == [entry.kind for entry in room.entries]
        triaged = room.entries[-1].payload
        assert isinstance(triaged, Triaged)
        assert b"{}" == room.record.kept(triaged.document)
    assert [(), ()] == [one.faults for one in verified(config_in(there(case)), ticking())]


def test_a_case_that_is_here_is_not_written_twice(case: Path) -> None:
    """What is new in it is added; where it went another way, that is refused."""
    config = config_in(there(case))
    assert 1 == imported(config, ticking(), case) == imported(config, ticking(), case)
    with enter(config_in(case.parent / "here"), ticking(), actor="kim", now=START) as room:
        room.append(Noted("two"))
        exported(room, case, "<p>it</p>")
    assert 1 == imported(config, ticking(), case)
    with enter(config, ticking(), actor="lee", now=START) as room:
        assert 4 == len(room.entries)
        room.append(Noted("theirs"))
    with enter(config_in(case.parent / "here"), ticking(), actor="kim", now=START) as room:
        room.append(Noted("ours"))
        exported(room, case, "<p>it</p>")

    with pytest.raises(UsageError, match="differs from entry 5 on"):
        imported(config, ticking(), case)


def changed(case: Path, name: str, content: bytes) -> None:
    """The archive with one member replaced."""
    with zipfile.ZipFile(case) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    members = {one: content if one.startswith(name) else was for one, was in members.items()}
    with zipfile.ZipFile(case, "w") as archive:
        for one, what in members.items():
            archive.writestr(one, what)


def test_a_case_that_was_edited_is_refused(case: Path) -> None:
    """An entry, or a content: nothing of it comes in."""
    with zipfile.ZipFile(case) as archive:
        entries = archive.read("entries.ndjson")
    changed(case, "entries", entries.replace(b"kim", b"lee", 1))
    with pytest.raises(RecordBrokenError, match=r"Entry 1 of .*the hash differs"):
        imported(config_in(there(case)), ticking(), case)

    changed(case, "entries", entries)
    changed(case, "contents", b"other")
    with pytest.raises(RecordBrokenError, match="lacks or has changed"):
        imported(config_in(there(case)), ticking(), case)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_what_is_no_case_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    """With what would be one."""
    file = tmp_path / "case.zip"
    file.write_bytes(content)

    with pytest.raises(UsageError, match="is not a case file") as caught:
        imported(config_in(tmp_path), ticking(), file)
    assert "incident export" in caught.value.hint


def test_a_case_has_a_page_for_people(case: Path) -> None:
    """Which is no part of what comes in again."""
    with zipfile.ZipFile(case) as archive:
        assert b"<p>it</p>" == archive.read("index.html")


def test_what_came_in_is_known_and_what_was_added_here_is_not_of_it(case: Path) -> None:
    """Also where a case that went out from here comes back with more."""
    here, config = config_in(case.parent / "here"), config_in(there(case))
    imported(config, ticking(), case)
    with enter(config, ticking(), actor="lee", now=START) as room:
        room.append(Noted("theirs"))
        assert {1, 2, 3} == room.record.imported(1)
        exported(room, case, "<p>it</p>")

    imported(here, ticking(), case)

    with enter(here, ticking(), actor="kim", now=START) as room:
        assert {4} == room.record.imported(1)


def spoiled(case: Path, place: int, byte: int) -> None:
    """The archive with one byte of what describes its first member changed, in both of its headers."""
    content = bytearray(case.read_bytes())
    for header, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        content[content.index(header) + shift + place] = byte
    case.write_bytes(content)


@pytest.mark.parametrize(
    ("place", "byte"),
    [(6, 1), (8, 99), (8, 12), (8, 14)],
    ids=["encrypted", "unknown", "no bzip2", "no lzma"],
)
def test_an_archive_that_is_packed_oddly_is_no_case(case: Path, place: int, byte: int) -> None:
    """Encrypted, or by another method than it says."""
    spoiled(case, place, byte)

    with pytest.raises(UsageError, match=r"case.zip is not a case file"):
        imported(config_in(there(case)), ticking(), case)


_SHARE = st.floats(0, 1, exclude_max=True)


@given(st.lists(st.tuples(_SHARE, st.integers(0, 255)), max_size=3), st.just(1.0) | _SHARE)
def test_a_damaged_archive_is_refused_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[float, int]], left: float
) -> None:
    """Whatever bytes are changed, or wherever it is cut off; nothing but a sentence comes of it."""
    folder = tmp_path_factory.mktemp("case")
    case = folder / "case.zip"
    with room_in(folder) as room:
        exported(room, case, "<p>it</p>")
    content = bytearray(case.read_bytes())
    for share, byte in damage:
        content[int(share * len(content))] = byte
    case.write_bytes(content[: int(left * len(content))])

    with suppress(LastgoodError):  # a byte that says nothing, such as one of a date, is no damage
        imported(config_in(there(case)), ticking(), case)


@pytest.mark.slow
def test_a_small_archive_of_much_is_refused_unread(case: Path) -> None:
    """By what it says it holds; more than that is never unpacked."""
    with (
        zipfile.ZipFile(case, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("contents/x", "w") as member,
    ):
        for _ in range(MOST_BYTES // 2**20 + 1):
            member.write(bytes(2**20))

    with pytest.raises(UsageError, match="holds more than 256 MiB once unpacked"):
        imported(config_in(there(case)), ticking(), case)


def test_entries_that_nest_deeply_are_refused(case: Path) -> None:
    """They can be read, but were never written."""
    with zipfile.ZipFile(case) as archive:
        entries = archive.read("entries.ndjson")
    deep = b'"text":' + b"[" * 300 + b"]" * 300
    changed(case, "entries", entries.replace(b'"text":"one"', deep, 1))

    with pytest.raises(RecordBrokenError, match=r"Entry 2 of .*the hash differs"):
        imported(config_in(there(case)), ticking(), case)


def test_a_case_that_cannot_be_written_leaves_nothing(case: Path) -> None:
    """A full disk, a missing folder: a sentence; a case that was there before stays as it was."""
    with enter(config_in(case.parent / "here"), ticking(), actor="kim", now=START) as room:
        with pytest.raises(CannotRunError, match="No space left"):
            exported(room, Path("/dev/full"), "<p>it</p>")
        with pytest.raises(UsageError, match="there is no folder"):
            exported(room, case.parent / "gone" / "case.zip", "<p>it</p>")

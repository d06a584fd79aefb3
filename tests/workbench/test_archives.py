"""Archives: members are inputs, nothing is written elsewhere, and what is left out is said."""

import gzip
import io
import subprocess
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastgood.decoding.input import Input
from lastgood.model.loading import Aside
from lastgood.workbench import archives
from lastgood.workbench.archives import unpacked
from lastgood.workbench.load import load
from lastgood.workbench.store import Store

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
LINE = b'{"time": "2026-11-22T14:00:00Z", "level": "error", "msg": "payment failed"}\n'


def tar(members: dict[str, bytes], mode: str = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            header.mtime = 1_795_000_000
            archive.addfile(header, io.BytesIO(content))
    return file.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def opened(content: bytes, folder: Path, name: str = "bundle") -> list[Input]:
    """The inputs of an archive of these bytes."""
    place = folder / name
    place.write_bytes(content)
    return list(unpacked(Input(place, name), folder / f"spool{name.removeprefix('bundle')}"))


def zstandard(content: bytes) -> bytes:
    import pyarrow as pa  # noqa: PLC0415

    return pa.compress(content, "zstd", asbytes=True)  # type: ignore[no-any-return]


MEMBERS = {"./etc/cron.d/jobs": b"x", "shop/a.log": LINE, "shop/b.log.gz": gzip.compress(LINE)}


@pytest.mark.parametrize(
    "content",
    [tar(MEMBERS), tar(MEMBERS, "w:gz"), tar(MEMBERS, "w:bz2"), tar(MEMBERS, "w:xz"), zstandard(tar(MEMBERS)),
     zipped(MEMBERS), tar({"in/inner": zipped(MEMBERS)})],
    ids=["tar", "gz", "bz2", "xz", "zstd", "zip", "zip in tar"],
)  # fmt: skip
def test_members_are_inputs_whatever_the_archive_is_called(content: bytes, tmp_path: Path) -> None:
    """Their names say where they are, and compressed members are unpacked."""
    found = {given.name.rpartition("!/")[2]: given.head for given in opened(content, tmp_path)}

    assert {"etc/cron.d/jobs": b"x", "shop/a.log": LINE, "shop/b.log.gz": LINE} == found


def test_what_is_no_archive_is_itself(tmp_path: Path) -> None:
    """Text, compressed text, an empty file and zeros."""
    for content in (LINE, gzip.compress(LINE), b"", b"\0" * 2000):
        (given,) = opened(content, tmp_path)
        assert "bundle" == given.name
    assert not (tmp_path / "spool").exists()


def test_nothing_that_leads_out_or_is_no_file_is_read(tmp_path: Path) -> None:
    """Each is named with its reason, and nothing is written but numbers in the private folder."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, kind, mode in (
            ("../evil.log", tarfile.REGTYPE, 0o644), ("/abs.log", tarfile.REGTYPE, 0o644), ("link", tarfile.SYMTYPE, 0o777),
            ("device", tarfile.CHRTYPE, 0o644), ("pipe", tarfile.FIFOTYPE, 0o644), ("root", tarfile.REGTYPE, 0o4755),
            ("fine.log", tarfile.REGTYPE, 0o644), ("second", tarfile.LNKTYPE, 0o644),
        ):  # fmt: skip
            header = tarfile.TarInfo(name)
            header.type, header.mode = kind, mode
            header.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else "fine.log"
            header.size = len(LINE) if kind == tarfile.REGTYPE else 0
            archive.addfile(header, io.BytesIO(LINE))

    found = opened(file.getvalue(), tmp_path)

    assert ["bundle!/fine.log"] == [given.name for given in found if not given.problem]
    assert 6 == sum(given.aside is Aside.MEMBER for given in found)
    assert ["same file as bundle!/fine.log"] == [g.problem for g in found if g.aside is Aside.SAME]
    assert {"bundle", "spool"} == {child.name for child in tmp_path.iterdir()}
    assert ["1"] == [child.name for child in (tmp_path / "spool").iterdir()]


def test_members_of_a_zip_that_lead_out_are_not_read(tmp_path: Path) -> None:
    """Nor are links, whatever their separators."""
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("../a.log", "/b.log", "C:\\c.log", "..\\d.log", link):
            archive.writestr(name, LINE)

    found = opened(file.getvalue(), tmp_path)
    assert [Aside.MEMBER] * 5 == [given.aside for given in found]


def test_an_encrypted_member_is_said(tmp_path: Path) -> None:
    """The flag is enough: there is no password to ask for."""
    content = bytearray(zipped({"a.log": LINE}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1

    (given,) = opened(bytes(content), tmp_path)
    assert ("bundle!/a.log", "it is encrypted") == (given.name, given.problem)


@pytest.mark.parametrize("make", [lambda m: tar(m, "w:gz"), zipped], ids=["tar", "zip"])
def test_limits_are_reported_and_what_came_before_is_kept(
    make: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many members, and too many bytes for the archive's size."""
    content = make({f"{n}.log": LINE for n in range(9)} | {"big": b"\0" * 3_000_000})  # type: ignore[operator]
    with monkeypatch.context() as patched:
        patched.setattr(archives, "MOST_MEMBERS", 5)
        whole, *members = opened(content, tmp_path)
    assert "more than 5 members are not read" in whole.problem
    assert 5 == len(members)

    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setattr(archives, "FREE_BYTES", 100_000)
    whole, *members = opened(content, other)
    assert "it unpacks to more than 250 times its size" in whole.problem
    assert [f"bundle!/{n}.log" for n in range(9)] == [given.name for given in members][:9]


def test_a_header_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    """A long name of 2 GiB is announced, and not read."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2 << 30
    (given,) = opened(header.tobuf(), tmp_path)

    assert "a name or header of 2147483648 bytes" in given.problem


def test_an_archive_that_is_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    """And says that reading stopped."""
    content = tar({"a.log": LINE, "b.log": LINE * 90_000})
    whole, first, second = opened(content[: len(content) // 2], tmp_path)

    assert "reading stopped" in whole.problem
    assert LINE == first.head
    assert second.head.startswith(LINE)


def test_of_members_with_one_name_the_last_counts(tmp_path: Path) -> None:
    """As when the archive is unpacked."""
    file = tmp_path / "a.log"
    for content in (LINE, LINE * 2):
        file.write_bytes(content)
        subprocess.run(["tar", "-rf", "b.tar", "a.log"], cwd=tmp_path, check=True)

    (given,) = opened((tmp_path / "b.tar").read_bytes(), tmp_path)
    assert LINE * 2 == given.head


def test_repositories_hidden_files_and_programs_are_left_aside(tmp_path: Path) -> None:
    """A repository is named once."""
    repository, log = opened(
        tar({"app/.git/HEAD": b"x", "app/.git/config": b"x", "._a.log": b"x", "a.log": LINE}), tmp_path
    )
    assert ("bundle!/app/.git", Aside.MEMBER) == (repository.name, repository.aside)
    assert "bundle!/a.log" == log.name

    (program,) = opened(zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}), tmp_path, "b.jar")
    assert "a program or an office document: not opened" == program.problem


def test_the_same_archive_twice_adds_nothing(store: Store, tmp_path: Path) -> None:
    """The members' names say whose they are and what they are; times without a year are of the member's year."""
    place = tmp_path / "support.bin"
    place.write_bytes(
        tar({"shop/access.log": LINE, "n1/messages": b"Nov 18 20:00:00 n1 kernel: oom\n"}, "w:gz")
    )

    load(store, [place], now=NOW, zone=UTC)
    report = load(store, [place], now=NOW, zone=UTC)

    assert [f"{place}!/shop/access.log", f"{place}!/n1/messages"] == [given.name for given in report.inputs]
    kept = store.engine.query(
        f"SELECT ServiceName, toYear(Timestamp) AS y FROM {store.engine.database}.otel_logs ORDER BY 1"
    ).rows
    assert [{"ServiceName": "n1", "y": 2026}, {"ServiceName": "shop", "y": 2026}] == kept

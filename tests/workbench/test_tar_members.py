"""Members of a tar file: what is no plain file is named and not read, and damage costs only what comes after it."""

import io
import subprocess
import tarfile
from pathlib import Path

from lastgood.model.loading import Aside
from packed import LINE, opened, tar


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

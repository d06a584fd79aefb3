"""Members of a zip file: what leads out, is encrypted or belongs to a program is named and not read."""

import io
import zipfile
from pathlib import Path

from lastgood.model.loading import Aside
from packed import LINE, opened, zipped


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


def test_a_program_is_not_opened(tmp_path: Path) -> None:
    """Nor is an office document, which is packed likewise."""
    (program,) = opened(zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}), tmp_path)
    assert "a program or an office document: not opened" == program.problem

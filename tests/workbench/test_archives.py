"""Archives: members are inputs, whatever the archive is called, and loading one twice adds nothing."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastgood.workbench.load import load
from lastgood.workbench.store import Store
from packed import LINE, opened, tar, zipped

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


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

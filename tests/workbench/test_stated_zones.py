"""Zones that people state in notes beside files."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lastgood.decoding.input import Input
from lastgood.workbench.load import load
from lastgood.workbench.stated_zones import stated_zones
from lastgood.workbench.store import Store

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
BERLIN, PLUS_ONE = ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=1))


def told(note: str, name: str = "case/helm.txt", beside: str = "case/README.md") -> object:
    """The zone that a note states of a file; None for none."""
    inputs = [Input(None, beside, note.encode()), Input(None, name, b"x")]
    found = stated_zones(inputs, NOW).get(name)
    return found and found.zone


@pytest.mark.parametrize(
    ("note", "zone"),
    [
        ("All times local, Europe/Berlin.", BERLIN),
        ("# Incident\n\nExports taken on the bastion (CET).\n", PLUS_ONE),
        ("Times are in UTC+1", PLUS_ONE),
        ("timestamps: CET", PLUS_ONE),
        ("Time zone: Asia/Kolkata", ZoneInfo("Asia/Kolkata")),
        ("Alle Zeiten sind Ortszeit (Europe/Berlin)", BERLIN),
        ("All times are UTC, not CET.", ZoneInfo("Etc/UTC")),
        ("Everything in local time, CET (UTC+1), Europe/Berlin", BERLIN),
        ("Collected at 15:20 CET by ann. All times\nare Europe/Berlin.", BERLIN),
        ("All times are CET. Some times are all UTC.", None),  # two
        ("All times are CET, add one hour for EET.", None),  # a conversion
        ("All files collected at 15:20 CET", None),  # of one moment
        ("The page came at night. It was CET then.", None),  # of no file
        ("All times are IST.", None),  # of India, Ireland or Israel
        ("All timestamps come from the API and the CDN", None),  # no zones
    ],
)
def test_one_zone_for_all_files_is_stated(note: str, zone: object) -> None:
    """In words about their times."""
    assert zone == told(note)


@pytest.mark.parametrize(
    ("name", "zone"),
    [("case/helm.txt", PLUS_ONE), ("case/pods-1.txt", timezone(timedelta(hours=-5))), ("case/app.log", ZoneInfo("Etc/UTC"))],
)  # fmt: skip
def test_a_file_that_is_named_has_its_own_zone(name: str, zone: object) -> None:
    """Before that of all others; a pattern names several."""
    note = "Files\n- helm.txt: helm history. Times are CET.\n- pods-*.txt, taken in New York (EST)\n\nAll other times are UTC.\n"

    assert zone == told(note, name)
    assert told(note.partition("All")[0], "case/app.log") is None


def test_a_note_is_of_its_folder_and_below() -> None:
    """The nearest one that says something; other files are no notes."""
    note = "All times are CET"

    assert PLUS_ONE == told(note, "case/more/helm.txt")
    assert told(note, "other/helm.txt") is None
    assert PLUS_ONE == told(note, beside="case/NOTES")
    assert PLUS_ONE == told(note, beside="case/00-readme_first.txt")
    assert told(note, beside="case/chat.txt") is None
    assert told(note, beside="case/notes.json") is None


def test_a_list_is_loaded_in_the_zone_that_a_note_says(store: Store, tmp_path: Path) -> None:
    """And it is said why; a zone that was given goes first, and one in which times are after now is not used."""
    (tmp_path / "helm.txt").write_text(
        "REVISION\tUPDATED                 \tSTATUS  \tCHART         \tAPP VERSION\tDESCRIPTION\n"
        "41      \tSun Nov 22 15:00:00 2026\tdeployed\tcheckout-1.2.0\tv2.45.0    \tUpgrade complete\n"
    )
    (tmp_path / "plain.log").write_text("2026-11-22 14:30:00 ERROR down\n2026-11-22 14:55:00 ERROR down\n")
    (tmp_path / "README.md").write_text("All times are CET\n")

    report = load(store, [tmp_path], now=NOW, zone=UTC)
    windows = {Path(one.name).name: one for one in report.inputs}

    assert windows["helm.txt"].because.endswith(
        f"times without a zone are read as UTC+01:00, as {tmp_path / 'README.md'} says"
    )
    assert windows["helm.txt"].window is not None
    assert datetime(2026, 11, 22, 14, 0, tzinfo=UTC) == windows["helm.txt"].window.start
    (change,) = store.engine.query(f"SELECT Attributes FROM {store.engine.database}.lg_changes").rows
    assert "change.zone" not in dict(change["Attributes"])


def test_what_a_note_says_is_not_used_where_times_would_be_after_now(store: Store, tmp_path: Path) -> None:
    """Or where a person gave a zone."""
    (tmp_path / "app.log").write_text("2026-11-22 14:00:00 ERROR down\n2026-11-22 14:55:00 ERROR down\n")
    (tmp_path / "README.md").write_text("All times are EST\n")

    report = load(store, [tmp_path], now=NOW, zone=UTC)
    given = load(store, [tmp_path], now=NOW, zone=timezone(timedelta(hours=1)))

    for one in (*report.inputs, *given.inputs):
        assert "EST" not in one.because
        assert "-05:00" not in one.because

"""`lastgood postmortem` from outside: from the end of an incident to its closing."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from examples.shop.demo import generate

from commands import lastgood

AT = ("--now", "2026-11-20T15:16Z")


def resolved(home: Path) -> None:
    """An incident that is over, without telemetry."""
    for words in (
        ("incident", "open", "Checkout failing"),
        ("incident", "severity", "SEV2"),
        ("incident", "resolve", "x"),
    ):
        done = lastgood(home, *words, *AT, "--as", "kim")
        assert 0 == done.returncode, done.stderr


@pytest.mark.slow
def test_a_grave_incident_is_closed_with_its_postmortem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused; checked; written by option and by editor; accepted; closed."""
    resolved(tmp_path)
    refused = lastgood(tmp_path, "incident", "close", "done")
    assert (2, True) == (refused.returncode, "accepted postmortem" in refused.stderr)
    missing = json.loads(lastgood(tmp_path, "postmortem", "check", "-o", "json").stdout)
    assert ["impact", "mechanism", "again", "no-follow-up"] == [one["gap"] for one in missing]
    assert 2 == lastgood(tmp_path, "postmortem", "accept").returncode

    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/^# Mechanism.*/&\\nA refused format, entry 2./' \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setitem(os.environ, "EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    assert "mechanism" in lastgood(tmp_path, "postmortem", "edit", "--as", "kim").stderr
    for section, text in (("impact", "110 users could not pay."), ("again", "Yes, nothing stops it so far.")):
        lastgood(tmp_path, "postmortem", "edit", "--section", section, "--text", text)
    add = ("--owner", "kim", "--due", "2026-12-01", "--type", "detect", "--removes", "silent refusals")
    lastgood(tmp_path, "actions", "add", "Alert per issuer", *add)

    checked = lastgood(tmp_path, "postmortem", "check")
    assert (0, "") == (checked.returncode, checked.stdout)
    assert 0 == lastgood(tmp_path, "postmortem", "accept").returncode
    closed = lastgood(tmp_path, "incident", "close", "all is said")
    assert (0, True) == (closed.returncode, "CLOSED" in closed.stdout), closed.stderr
    paper = lastgood(tmp_path, "postmortem")
    assert 'postmortem: "accepted"' in paper.stdout
    assert "110 users could not pay." in paper.stdout


@pytest.mark.slow
def test_it_is_written_on_every_kind_of_paper(tmp_path: Path) -> None:
    """Into a file, or to where the output goes."""
    resolved(tmp_path)
    for paper, start in (
        ("html", b"<!doctype html>"),
        ("pdf", b"%PDF-"),
        ("markdown", b"---"),
        ("json", b"{"),
    ):
        file = tmp_path / paper
        done = lastgood(tmp_path, "postmortem", "-o", paper, "--out", str(file))
        assert 0 == done.returncode, done.stderr
        assert file.read_bytes().startswith(start)
    assert json.loads(lastgood(tmp_path, "postmortem", "-o", "json").stdout)["front"]["severity"] == "SEV2"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("postmortem",), "There are no incidents yet"),
        (("postmortem", "--out", "/nowhere/x.md"), "There are no incidents yet"),
        (("postmortem", "edit", "--section", "poem", "--text", "x"), "There are no incidents yet"),
        (("incident", "close", "done"), "There are no incidents yet"),
    ],
)
def test_without_an_incident_nothing_can_be_written(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """With the exit status of a usage error."""
    done = lastgood(tmp_path, *words)

    assert (2, True) == (done.returncode, said in done.stderr), done.stderr


@pytest.mark.slow
def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A section that there is none of, none at all, a folder that is not there."""
    resolved(tmp_path)
    for words, said in (
        (("edit", "--section", "poem", "--text", "x"), "There is no section 'poem'"),
        (("edit", "--text", "x"), "Say which section"),
        (("--out", str(tmp_path / "no" / "x.md")), "cannot be written"),
    ):
        done = lastgood(tmp_path, "postmortem", *words)
        assert (2, True) == (done.returncode, said in done.stderr), done.stderr


@pytest.mark.slow
def test_the_story_of_the_shop_ends_in_numbers_of_its_telemetry(tmp_path: Path) -> None:
    """What the postmortem says is what the files say: asked anew, and after they are gone."""
    shop = tmp_path / "shop"
    generate(shop)
    fails = json.loads(lastgood(tmp_path, "triage", str(shop), *AT, "-o", "json").stdout)
    steps: tuple[tuple[str, ...], ...] = (
        ("incident", "open", "Checkout failing", str(shop), "--now", "2026-11-20T15:16Z"),
        ("incident", "acknowledge", "--now", "2026-11-20T16:18:00+01:00"),  # the same day, in another zone
        ("incident", "mitigated", "anz-3ds is off", "--now", "2026-11-20T15:17Z"),
        ("incident", "resolve", "stripe answers as before", "--now", "2026-11-20T16:45:30Z"),
    )
    for words in steps:
        done = lastgood(tmp_path, *words, "--as", "kim")
        assert 0 == done.returncode, done.stderr
    shutil.rmtree(shop)

    paper = json.loads(lastgood(tmp_path, "postmortem", "-o", "json").stdout)
    front, impact = paper["front"], fails["impact"]
    assert fails["onset"]["at"] == front["onset"]
    assert ("2026-11-20T15:18:00Z", 120.0) == (front["acknowledged"], front["tta_seconds"])
    onset = datetime.fromisoformat(front["onset"])
    assert (datetime(2026, 11, 20, 15, 16, tzinfo=UTC) - onset).total_seconds() == front["ttd_seconds"]
    assert (datetime(2026, 11, 20, 15, 17, tzinfo=UTC) - onset).total_seconds() == front["ttm_seconds"]
    text = json.dumps(paper, ensure_ascii=False).replace("\u00a0", "")
    assert f"{impact['failed']} failed of {impact['requests']} requests" in text
    assert str(impact["users"]) in [row[1] for row in paper["chapters"][1]["blocks"][0]["rows"]]
    moments = {row[1]: row[0] for row in paper["chapters"][2]["blocks"][0]["rows"]}
    assert "2026-11-20 14:48:00" == moments["first alert"]  # as the shop's alerts have it
    assert "2026-11-20 14:41:00" == moments["change"]
    page = lastgood(tmp_path, "postmortem", "-o", "html")
    assert (0, 3) == (page.returncode, page.stdout.count("<svg"))

"""Commands that ask a server that runs: the same text as with the store itself, and clear words where they cannot."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import command
from servers import TOKEN, serving

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW = ("--now", "2026-11-20T12:20:00Z")
SAME: tuple[tuple[str, ...], ...] = (
    ("triage", *NOW), ("triage", "--brief", *NOW), ("triage", "-o", "json", *NOW), ("triage", "-o", "markdown", *NOW),
    ("triage", "-o", "html", *NOW), ("triage", "--service", "shop", "--since", "5m", *NOW),
    ("triage", "--from", "2026-11-20T12:11:00Z", "--to", "2026-11-20T12:19:00Z", "--baseline",
     "2026-11-20T12:00:00Z..2026-11-20T12:09:00Z", *NOW),
    ("ask", "confirm", *NOW), ("ask", "culprit", "-o", "json", *NOW), ("ask", "nothing", *NOW), ("ask",),
    ("changes", *NOW), ("changes", "-o", "json", "--limit", "1", *NOW), ("changes", "--since", "1m", *NOW),
    ("changes", "--in", "d2", *NOW),
    ("incident", "list", *NOW), ("incident", "list", "-o", "json", *NOW), ("incident", "show", *NOW),
    ("incident", "show", "--incident", "1", "-o", "json", *NOW), ("incident", "show", "--incident", "7", *NOW),
)  # fmt: skip
REFUSED: tuple[tuple[str, ...], ...] = (
    ("logs", "refused"), ("trace", "0" * 32), ("ask", "trouble"), ("incident", "open", "x"), ("note", "x"),
    ("incident", "acknowledge"), ("triage", "--budget", "5s", *NOW),
)  # fmt: skip


def timeless(text: str) -> str:
    """Without how long it took."""
    return re.sub(r'(seconds": |rows? in )[\d.e-]+( [mµ]?s\b)?', r"\1…", text)


def written(folder: Path) -> Path:
    """Twenty minutes of a shop, half of which fails from a deploy on; and another deploy before."""
    lines = [
        {
            "time": (START + timedelta(seconds=n)).isoformat(), "service": "shop", "level": "error" if bad else "info",
            "msg": "payment refused" if bad else "payment taken", "status": 500 if bad else 200,
        }
        for n in range(1200)
        for bad in [n >= 600 and n % 2 == 0]
    ]  # fmt: skip
    (folder / "shop.log").write_text("".join(json.dumps(line) + "\n" for line in lines))
    changes = [
        {"time": (START + timedelta(seconds=at)).isoformat(), "kind": "deploy", "service": "shop", "version": f"v{n}", "id": f"d{n}"}
        for n, at in ((1, 60), (2, 590))
    ]  # fmt: skip
    (folder / "changes.jsonl").write_text("".join(json.dumps(change) + "\n" for change in changes))
    return folder


@pytest.mark.slow
def test_a_server_says_the_same_as_the_store(tmp_path: Path) -> None:
    """Text, JSON and the other formats, exit status, and what is on standard error; through the prefix of a proxy too."""
    data = written(tmp_path)
    own = {
        **os.environ, "XDG_DATA_HOME": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb",
        "LASTGOOD_RECORD": f"sqlite:///{tmp_path / 'record.db'}", "LASTGOOD_ACTOR": "kim",
    }  # fmt: skip
    address = f"chdb://{tmp_path / 'store'}"
    local = {**own, "LASTGOOD_STORE": address}
    for before in (
        ("load", str(data / "shop.log"), str(data / "changes.jsonl")),
        ("incident", "open", "checkout fails", *NOW),
    ):
        assert 0 == command(before, local).returncode
    # The store is named by the environment, so no command that is printed has to name it.
    expected = [command(words, local) for words in SAME]
    own.pop("LASTGOOD_RECORD")
    with serving(tmp_path, None, "--base-path", "/lastgood") as server:
        remote = {**own, "LASTGOOD_URL": server.url, "LASTGOOD_API_TOKEN": TOKEN}
        remote.pop("LASTGOOD_STORE", None)
        for words, here in zip(SAME, expected, strict=True):
            there = command(words, remote)
            assert (words, here.returncode) == (words, there.returncode), there.stderr
            assert timeless(here.stdout) == timeless(there.stdout)
            assert here.stderr == there.stderr
        for words in REFUSED:
            refused = command(words, remote)
            assert (words, 2, "") == (words, refused.returncode, refused.stdout)
            assert "server" in refused.stderr
        wrong = command(("triage",), {**remote, "LASTGOOD_API_TOKEN": "wrong-token-of-a-test"})
        assert 2 == wrong.returncode
        assert "refuses the token" in wrong.stderr
        assert "wrong-token" not in wrong.stderr
        named = command(("triage", str(data / "shop.log"), *NOW), remote)
        assert 1 == named.returncode
    away = command(("triage",), remote)
    assert 4 == away.returncode
    assert "cannot be asked: ConnectError" in away.stderr
    assert 2 == command(("triage",), {**remote, "LASTGOOD_URL": "no address"}).returncode

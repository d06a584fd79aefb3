"""`lastgood canary` from outside."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import lastgood
from prometheus import prometheus

NOW = "2026-11-22T14:10:00Z"
END = datetime.fromisoformat(NOW)
LINE = '{{"time":"{t}","service":"shop","version":"{v}","method":"GET","path":"/a","status":{c},"duration_ms":20,"msg":"GET /a"}}\n'


def access(path: Path, canary_fails: int, end: datetime = END) -> Path:
    """Ten minutes until then of requests of two versions, ten of each a second; of the canary, one in so many fails."""
    with path.open("w") as file:
        for second in range(600):
            for n in range(20):
                version, code = (
                    ("1.1", 500 if n // 2 % canary_fails == 0 and second % 3 == 0 else 200)
                    if n % 2 and second > 60
                    else ("1.0", 200)
                )
                at = end - timedelta(seconds=600 - second)
                file.write(LINE.format(t=f"{at:%Y-%m-%dT%H:%M:%SZ}", v=version, c=code))
    return path


@pytest.mark.slow
def test_a_bad_canary_is_status_1_and_a_missing_one_3(tmp_path: Path) -> None:
    """In files; the same in JSON."""
    bad = access(tmp_path / "bad.jsonl", 5)
    text = lastgood(tmp_path, "canary", str(bad), "--now", NOW)
    document = lastgood(tmp_path, "canary", str(bad), "--now", NOW, "-o", "json")
    missing = lastgood(tmp_path, "canary", str(bad), "--now", NOW, "--canary", "9.9")

    assert 1 == text.returncode, text
    assert text.stdout.startswith("FAIL: ")
    assert ("fail", 1) == (json.loads(document.stdout)["outcome"], document.returncode)
    assert 3 == missing.returncode
    assert missing.stdout.startswith("INCONCLUSIVE, because no requests of version=9.9")
    assert "versions with requests: " in missing.stdout.splitlines()[0]


@pytest.mark.slow
def test_old_data_are_judged_only_if_a_time_is_named(tmp_path: Path) -> None:
    """What happened days ago is not the deploy that is asked about."""
    good = access(tmp_path / "good.jsonl", 5)
    good.write_text(good.read_text().replace('"status":500', '"status":200'))
    old = lastgood(tmp_path, "canary", str(good), "--canary", "1.1")
    meant = lastgood(tmp_path, "canary", str(good), "--canary", "1.1", "--from", "2026-11-22T14:00:00Z")

    assert 3 == old.returncode, old
    assert "before now: the data may be of an earlier deploy" in old.stdout
    assert 0 == meant.returncode, meant


def scraped(start: int, share: float) -> str:
    """An hour of two versions, as samples of what a histogram counts; of the newer one a share fails, from the half hour on."""
    name, shown = "http_server_request_duration_seconds", 'service="shop",instance="{v}:80",version="{v}"'
    kinds = {"count": ('code="200"', 'code="500"'), "bucket": ('le="0.1"', 'le="+Inf"')}
    lines = []
    for kind, labels in kinds.items():
        lines.append(f"# TYPE {name}_{kind} unknown")
        for version, since, bad in (("1.0", 0, 0.01), ("1.1", 1800, share)):
            for label, part in zip(labels, (1 - bad, bad) if kind == "count" else (0.98, 1), strict=True):
                series = f"{name}_{kind}{{{shown.format(v=version)},{label}}}"
                lines += [
                    f"{series} {20 * (at - since) * part:.0f} {start + at}" for at in range(since, 3600, 15)
                ]
    return "\n".join([*lines, "# EOF", ""])


@pytest.mark.slow
@pytest.mark.parametrize(("share", "status"), [(0.01, 0), (0.05, 1)])
def test_a_canary_is_judged_by_what_prometheus_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, status: int
) -> None:
    """Fetched from a named source."""
    monkeypatch.setenv("LASTGOOD_CONFIG", str(tmp_path / "lastgood.toml"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    start = 1_795_000_000
    with prometheus(scraped(start, share)) as url:
        (tmp_path / "lastgood.toml").write_text(
            f'[[source]]\nname = "prod"\nkind = "prometheus"\nurl = "{url}"\n'
        )
        now = datetime.fromtimestamp(start + 3600, UTC).isoformat()
        found = lastgood(tmp_path, "canary", "--source", "prod", "--now", now)

    assert status == found.returncode, found
    assert "canary version=1.1, baseline version=1.0" in found.stdout

"""Settings: flags over environment over defaults."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lastgood.config import configured, trust, untrusted
from lastgood.errors import UsageError
from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Audience, Notify


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment that says nothing but where data live."""
    for name in ("LASTGOOD_STORE", "LASTGOOD_RECORD", "LASTGOOD_TZ", "LASTGOOD_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def test_defaults(tmp_path: Path) -> None:
    """An embedded store and a record under the data home; times without a zone are UTC."""
    assert (f"chdb://{tmp_path}/lastgood", ZoneInfo("UTC")) == (configured().store, configured().zone)
    assert f"sqlite:///{tmp_path}/lastgood-incidents/record.db" == configured().record


def test_the_environment_beats_the_defaults_and_a_flag_beats_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every setting alike."""
    monkeypatch.setenv("LASTGOOD_STORE", "chdb://memory")
    monkeypatch.setenv("LASTGOOD_TZ", "Europe/Berlin")

    assert ("chdb://memory", "Europe/Berlin") == (configured().store, configured().zone.key)
    flagged = configured("chdb:///elsewhere", "Asia/Tokyo")
    assert ("chdb:///elsewhere", "Asia/Tokyo") == (flagged.store, flagged.zone.key)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd"])
def test_a_zone_that_does_not_exist_is_a_mistake_of_the_caller(zone: str) -> None:
    """With a name that works in the hint."""
    with pytest.raises(UsageError, match="no time zone") as caught:
        configured(zone=zone)

    assert "Europe/Berlin" in caught.value.hint


def test_addresses_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """They may hold passwords."""
    monkeypatch.setenv("LASTGOOD_RECORD", "postgresql://me:secret@host/db")

    assert "secret" not in repr(configured("clickhouse://me:secret@host/db"))


FILE = """
store = "chdb:///ours"
record = "postgresql://db/record"
zone = "Asia/Tokyo"

[team]
zone = "Australia/Sydney"
"""


def test_a_file_beats_the_defaults_and_the_environment_beats_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """For what it says; the rest keeps its defaults."""
    (tmp_path / "lastgood.toml").write_text(FILE)
    trust(tmp_path / "lastgood.toml")
    monkeypatch.setenv("LASTGOOD_RECORD", "sqlite:///mine.db")

    reported = configured()

    assert ("chdb:///ours", "sqlite:///mine.db") == (reported.store, reported.record)
    assert ("Asia/Tokyo", "Australia/Sydney") == (reported.zone.key, reported.team_zone.key)


def test_the_file_is_here_or_at_home_or_where_it_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The nearest one alone is read."""
    home = tmp_path / "config" / "lastgood" / "lastgood.toml"
    home.parent.mkdir(parents=True)
    home.write_text('store = "chdb:///home"')
    assert "chdb:///home" == configured().store

    (tmp_path / "lastgood.toml").write_text('zone = "Asia/Tokyo"')
    assert f"chdb://{tmp_path}/lastgood" == configured().store

    monkeypatch.setenv("LASTGOOD_CONFIG", str(home))
    assert "chdb:///home" == configured().store

    monkeypatch.setenv("LASTGOOD_CONFIG", str(tmp_path / "other.toml"))
    with pytest.raises(UsageError, match=r"no file .*other.toml"):
        configured()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[team]\nzon = 'x'",
            r"lastgood.toml: team: Object contains unknown field `zon`. Did you mean 'zone'\?",
        ),
        ("[team]\nzone = 5", r"lastgood.toml: team.zone: expected a text, not a whole number"),
        ("teem = 1", r"lastgood.toml: Object contains unknown field `teem`"),
        ("[[action]]\nkind = 'x'", r"lastgood.toml: action\[0\]: Object missing required field `command`"),
        (
            "[[snapshot]]\nname = 'x'\ncommand = 'ps aux'",
            r"lastgood.toml: snapshot\[0\].command: expected a list",
        ),
        ("[team\n", r"lastgood.toml cannot be read: .*line 1"),
        ("[team]\nzone = 'Mars/Olympus'", "no time zone 'Mars/Olympus'"),
        ("[updates]\nevery = { SEV9 = '1m' }", r"lastgood.toml: updates.every"),
        ("[updates]\nevery = { SEV1 = 'often' }", r"updates.every: .*\n?often"),
        ("[slo]\ntarget = 100", r"lastgood.toml: slo.target: Expected `float` < 100"),
        ("[slo.services]\nweb = 'all'", r"lastgood.toml: slo.services"),
        ("[postmortem]\ndetect_minutes = 0", r"lastgood.toml: postmortem.detect_minutes"),
        ("[[sink]]\nkind = 'pigeon'", r"lastgood.toml: sink"),
    ],
)
def test_a_mistake_in_the_file_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """Rather than passed over."""
    (tmp_path / "lastgood.toml").write_text(text)

    with pytest.raises(UsageError, match=said):
        configured()


def test_the_rhythm_of_updates_is_that_of_the_file_over_the_defaults(tmp_path: Path) -> None:
    """Times severity by severity; any rule about who is informed replaces all of them."""
    usual = configured().rhythm
    assert (15, 30) == tuple(usual.every[level].seconds // 60 for level in list(SeverityLevel)[:2])
    assert {Audience.TEAM, Audience.STAKEHOLDERS, Audience.PUBLIC} == {rule.audience for rule in usual.notify}

    (tmp_path / "lastgood.toml").write_text(
        "[updates]\nevery = { SEV1 = '10m' }\n[[notify]]\nseverity = 'SEV1'\naudience = 'public'\nwithin = '20m'\n"
    )
    reported = configured().rhythm
    assert (10, 30) == tuple(reported.every[level].seconds // 60 for level in list(SeverityLevel)[:2])
    assert (Notify(SeverityLevel.SEV1, Audience.PUBLIC, timedelta(minutes=20)),) == reported.notify


def test_commands_that_anybody_can_write_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings without commands are read from there all the same."""
    file = tmp_path / "lastgood.toml"
    file.write_text('[[snapshot]]\nname = "ps"\ncommand = ["ps"]')
    trust(file)
    assert 1 == len(configured().settings.snapshot)
    file.chmod(0o666)
    with pytest.raises(UsageError, match="can be written by others"):
        configured()

    harmless = tmp_path / "harmless.toml"
    harmless.write_text('zone = "Asia/Tokyo"')
    harmless.chmod(0o666)
    monkeypatch.setenv("LASTGOOD_CONFIG", str(harmless))
    assert "Asia/Tokyo" == configured().zone.key


@pytest.mark.parametrize(
    "url",
    ["https://[::1/hook", "https://host:99999/", "ftp://host/", "hook", "", "https://", "https://h/a\\nb"],
)
def test_the_url_of_a_sink_is_checked_when_settings_are_read(tmp_path: Path, url: str) -> None:
    """By the name of the sink; the URL, which may hold a secret, is not repeated."""
    file = tmp_path / "lastgood.toml"
    file.write_text(f'[[sink]]\nkind = "webhook"\nname = "chat"\nurl = "{url}"\nsecret = "$S"\n')
    trust(file)

    with pytest.raises(
        UsageError, match=r"lastgood.toml: the url of the sink 'chat' cannot be used: "
    ) as caught:
        configured()

    assert "[::1" not in caught.value.message
    assert "99999" not in caught.value.message


@pytest.mark.parametrize(
    "url", ["https://host/path?token=x", "http://127.0.0.1:9/", "$HOOK", "https://[::1]:8443/"]
)
def test_a_url_that_can_be_used_is_taken(tmp_path: Path, url: str) -> None:
    """What a variable holds is seen when it is needed."""
    file = tmp_path / "lastgood.toml"
    file.write_text(f'[[sink]]\nkind = "webhook"\nname = "chat"\nurl = "{url}"\nsecret = "$S"\n')
    trust(file)

    assert 1 == len(configured().settings.sink)


UNSAFE = """
zone = "Asia/Tokyo"
store = "clickhouse://elsewhere:8123/db"
record = "postgresql://elsewhere/db"
[[action]]
kind = "restart"
command = ["restart", "{target}"]
[[snapshot]]
name = "ps"
command = ["ps"]
[[sink]]
kind = "file"
name = "here"
path = "updates.md"
[[source]]
name = "prod"
kind = "loki"
url = "https://elsewhere"
token = "$TOKEN"
"""


def test_a_file_that_is_merely_here_runs_and_sends_nothing(tmp_path: Path) -> None:
    """Until it is trusted its commands, sinks, sources and remote addresses are left out; the rest of it counts."""
    file = tmp_path / "lastgood.toml"
    file.write_text(UNSAFE)

    reported = configured()
    left_out = untrusted()

    assert ((), (), ()) == (reported.settings.action, reported.settings.snapshot, reported.settings.sink)
    assert () == reported.settings.source
    assert (f"chdb://{tmp_path}/lastgood", "Asia/Tokyo") == (reported.store, reported.zone.key)
    assert reported.record.startswith("sqlite:///")
    assert left_out is not None
    assert ("action", "snapshot", "sink", "source", "store", "record") == left_out[1]


def test_trust_holds_for_a_path_and_its_content(tmp_path: Path) -> None:
    """An edit, a copy elsewhere and a revocation end it."""
    file = tmp_path / "lastgood.toml"
    file.write_text(UNSAFE)
    trust(file)
    assert (1, "clickhouse://elsewhere:8123/db") == (len(configured().settings.action), configured().store)
    assert untrusted() is None

    trust(file, trusting=False)
    assert () == configured().settings.action

    trust(file)
    file.write_text(UNSAFE.replace('["ps"]', '["ps", "aux"]'))
    assert () == configured().settings.snapshot


def test_a_file_that_is_named_or_at_home_needs_no_trust(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Both are there because of who runs the command."""
    home = tmp_path / "config" / "lastgood" / "lastgood.toml"
    home.parent.mkdir(parents=True)
    home.write_text(UNSAFE)
    assert 1 == len(configured().settings.action)

    monkeypatch.setenv("LASTGOOD_CONFIG", str(home))
    assert 1 == len(configured().settings.action)


def test_nothing_is_asked_of_a_file_without_anything_unsafe(tmp_path: Path) -> None:
    """A zone can do no harm."""
    (tmp_path / "lastgood.toml").write_text('zone = "Asia/Tokyo"\n')

    assert untrusted() is None


def test_an_embedded_store_needs_trust_too(tmp_path: Path) -> None:
    """A store of others may hold views that run programs."""
    (tmp_path / "lastgood.toml").write_text('store = "chdb:///theirs"\n')
    left_out = untrusted()

    assert left_out is not None
    assert ("store",) == left_out[1]
    assert "theirs" not in configured().store

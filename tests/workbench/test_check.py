"""Settings with flaws, and their schema."""

import tomllib
from pathlib import Path

import jsonschema
import pytest

from lastgood.errors import NoDataError, UsageError
from lastgood.workbench.check import ConfigFlaw, checked_file, schema
from lastgood.workbench.commands import filled
from lastgood.workbench.options import snippet

GOOD = """
zone = "Europe/Berlin"
[team]
zone = "Europe/Berlin"
[[action]]
kind = "rollback"
command = ["sh", "-c", "true"]
[updates.every]
SEV1 = "15m"
[[sink]]
kind = "webhook"
name = "chat"
url = "https://h.example/x"
secret = "$LG_TEST_SECRET"
[[source]]
name = "prod"
kind = "prometheus"
url = "https://p.example"
"""


def flaws(folder: Path, text: str) -> list[ConfigFlaw]:
    """Those of a file."""
    (folder / "lastgood.toml").write_text(text)
    return list(checked_file(folder / "lastgood.toml")[1])


def test_a_good_file_has_no_flaw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what this machine lacks, which is no error."""
    monkeypatch.delenv("LG_TEST_SECRET", raising=False)
    lacking = flaws(tmp_path, GOOD)
    monkeypatch.setenv("LG_TEST_SECRET", "whsec_x")

    assert [("sink[0].secret", False)] == [(one.where, one.fatal) for one in lacking]
    assert [] == flaws(tmp_path, GOOD)


def test_a_printed_template_is_accepted(tmp_path: Path) -> None:
    """As it is pasted, whatever the kind is called; and the command in it is refused until the team puts its own."""
    for kind in ("failover", 'it"s'):
        (flaw,) = (one for one in flaws(tmp_path, "\n".join(snippet(kind))) if one.where != "action[0].kind")
        assert ("action[0].command", False) == (flaw.where, flaw.fatal)
        assert "YOUR-COMMAND" in flaw.problem
        (template,) = tomllib.loads("\n".join(snippet(kind)))["action"]
        with pytest.raises(UsageError, match="still has YOUR-COMMAND"):
            filled(template["command"], {"target": "db"}, kind)


def test_all_flaws_are_listed_at_once(tmp_path: Path) -> None:
    """A misspelt name, a wrong type in the second of several, and a third one."""
    found = flaws(
        tmp_path,
        'zones = "UTC"\n[[action]]\nkind = "a"\ncommand = ["a"]\n[[action]]\nkind = 3\ncommand = ["b"]\n[slo]\ntarget = 101\n',
    )

    assert ["zones", "action[1].kind", "slo.target"] == [one.where for one in found]
    assert all(one.fatal for one in found)


def test_all_flaws_of_one_section_are_listed_at_once(tmp_path: Path) -> None:
    """A wrong type, another one, and a misspelt name; what was left out to read on is not reported as missing."""
    text = '[[action]]\nkind = 3\ncommand = "kubectl"\nminuts = 3\n[[action]]\nkind = "restart"\n'

    found = [(one.where, one.problem) for one in flaws(tmp_path, text)]

    assert ["action[0].kind", "action[0].command", "action[0]", "action[1]"] == [where for where, _ in found]
    assert "minutes" in found[2][1]
    assert "command" in found[3][1]


def test_values_that_mean_nothing(tmp_path: Path) -> None:
    """Durations, kinds of sources, names given twice, addresses, programs."""
    sink = '[[sink]]\nkind = "file"\nname = "f"\npath = "x"\n'
    found = flaws(
        tmp_path,
        '[incident]\ntimebox = "soon"\n[[source]]\nname = "a"\nkind = "graphite"\n[[action]]\nkind = "x"\ncommand = ["no-such-program"]\n'
        + sink + sink,
    )  # fmt: skip

    assert ["incident.timebox", "action[0].kind", "source[0].kind", "sink[1].name", "action[0].command"] == [
        one.where for one in found
    ]
    assert [True, False, True, True, False] == [one.fatal for one in found]
    assert "'soon' is not a duration" in found[0].problem


def test_a_flaw_says_what_to_write(tmp_path: Path) -> None:
    """A misspelt kind of action, a text for a list, a secret in the file."""
    kind, command, token = (
        flaws(tmp_path, text)[0]
        for text in (
            '[[action]]\nkind = "rollbak"\ncommand = ["sh"]\n',
            '[[action]]\nkind = "rollback"\ncommand = "sh undo"\n',
            '[[sink]]\nkind = "slack"\nname = "c"\nchannel = "#x"\ntoken = "xoxb-1"\n',
        )
    )

    assert "'rollbak' is never proposed. Did you mean 'rollback'?" == kind.problem
    assert "expected a list, not a text" == command.problem
    assert (
        "a secret is not written here: name an environment variable, as $NAME, or file:/path" == token.problem
    )


def test_no_file_and_no_toml(tmp_path: Path) -> None:
    """Are different answers."""
    with pytest.raises(NoDataError):
        checked_file(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="cannot be read"):
        flaws(tmp_path, "a = ")


def test_the_schema_agrees_with_the_settings() -> None:
    """It takes the good file, and refuses a name that is not one, at every depth."""
    validator = jsonschema.Draft202012Validator(schema())
    good = tomllib.loads(GOOD)

    validator.check_schema(schema())
    assert [] == [*validator.iter_errors(good)]
    for broken in ({**good, "zones": "x"}, {**good, "team": {"zon": "x"}}, {**good, "slo": {"target": 101}}):
        assert not validator.is_valid(broken)


def test_a_wrong_section_hides_nothing_of_the_others(tmp_path: Path) -> None:
    """A sink without a channel, a zone that is not there, a duration: all at once."""
    text = '[team]\nzone = "Europe/Berlni"\n[updates.every]\nSEV1 = "soon"\n[[sink]]\nkind = "slack"\nname = "x"\n'

    assert ["sink[0]", "team.zone", "updates.every.SEV1"] == [one.where for one in flaws(tmp_path, text)]

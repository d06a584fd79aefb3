"""Doctor, sinks: each is asked what no one sees, and one that fails keeps no other from being examined."""

from pathlib import Path

import pytest

import apis
from apis import KEY, Reply, api
from lastgood.config import FileSink, Slack
from lastgood.model.diagnosis import Health
from lastgood.workbench.doctor_sinks import examine_sinks
from records import ticking


def test_each_sink_is_examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In their order, with what to do."""
    monkeypatch.setenv("OPS", KEY)
    with api(apis.slack) as server:
        good = Slack(name="ops", channel="#x", token="$OPS", url=server.url, allow=("127.0.0.1",))  # noqa: S106
        bad = Slack(name="gone", channel="#x", token="$NOT_THERE", url=server.url, allow=("127.0.0.1",))  # noqa: S106
        file = FileSink(name="file", path=str(tmp_path / "u.md"))
        found = examine_sinks((good, bad, file), ticking())

    assert [
        ("sink ops (slack)", Health.GOOD, "answered 200"),
        ("sink gone (slack)", Health.BROKEN, "the environment variable NOT_THERE is not set"),
        ("sink file (file)", Health.GOOD, "it can be written"),
    ] == [(one.what, one.health, one.sentence) for one in found]
    assert ["/auth.test"] == [got.path for got in server.got]
    assert found[1].remedy


def test_whatever_a_sink_answers_the_others_are_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that no one expects is its failure."""
    monkeypatch.setenv("OPS", KEY)
    with api(apis.slack, Reply(200, "<html>")) as server:
        odd = Slack(name="odd", channel="#x", token="$OPS", url=server.url, allow=("127.0.0.1",))  # noqa: S106
        found = examine_sinks((odd, FileSink(name="file", path=str(tmp_path / "u.md"))), ticking())

    assert [Health.BROKEN, Health.GOOD] == [one.health for one in found]

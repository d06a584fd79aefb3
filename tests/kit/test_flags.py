"""Kill switches over OpenFeature with flagd's file, which is watched as in production."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType

from kit.conftest import Feed
from lastgood_kit import context, logs
from lastgood_kit.changes import Reporter
from lastgood_kit.flags import DebugFlag, DebugHook, Flips, KillSwitch
from lastgood_kit.verbose import Verbose

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)


def boolean(value: bool, targeting: Any = None) -> dict[str, Any]:
    """A flag as flagd writes it."""
    return {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on" if value else "off",
            "targeting": targeting or {}}  # fmt: skip


class File:
    """The file of flags."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write(discounts=boolean(value=True))

    def write(self, **flags: Any) -> None:
        """Put the flags into it at once, as a deploy of flags does."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({"flags": flags}))
        fresh.replace(self.path)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[File]:
    """A file with `discounts` on, and a provider that watches it."""
    found = File(tmp_path / "flags.json")
    kind = ResolverType.FILE
    api.set_provider_and_wait(
        FlagdProvider(resolver_type=kind, offline_flag_source_path=str(found.path), deadline_ms=50)
    )
    yield found
    api.shutdown()


def eventually(found: Any) -> Any:
    """What is there within ten seconds."""
    until = monotonic() + 10
    while not (value := found()) and monotonic() < until:
        sleep(0.02)
    return value


def test_a_switch_is_flipped_and_says_so(file: File, feed: Feed) -> None:
    """While it runs; the feed has the flag, both values, who and when."""
    switch = KillSwitch("discounts")
    flips = Flips(["discounts"], Reporter(feed.url), actor="kim", clock=lambda: NOW)
    before = switch.on()
    file.write(discounts=boolean(value=False))
    (flip,) = eventually(lambda: feed.got)
    flips.close()

    assert (True, False) == (before, switch.on())
    assert ("flag", "discounts: on → off", "on", "off", "kim", "discounts", NOW.isoformat()) == tuple(
        flip[name]
        for name in ("kind", "title", "previous_version", "version", "actor", "feature_flag.key", "time")
    )


def test_a_switch_is_targeted_by_the_request(file: File, feed: Feed) -> None:
    """The fields of the request are what rules see; a change of rules alone is reported as that."""
    flips = Flips(["discounts"], Reporter(feed.url))
    file.write(
        discounts=boolean(value=True, targeting={"if": [{"==": [{"var": "plan"}, "free"]}, "off", "on"]})
    )
    (flip,) = eventually(lambda: feed.got)
    flips.close()

    assert "discounts: its rules changed" == flip["title"]
    with context.bound(plan="free"):
        assert not KillSwitch("discounts").on()
    assert KillSwitch("discounts").on(plan="school")


@pytest.mark.parametrize("unknown", [True, False])
def test_a_flag_that_is_not_there(file: File, unknown: bool) -> None:
    """Is what the code says it is then."""
    assert unknown == KillSwitch("no-such-flag", unknown=unknown).on()


def test_a_flag_begins_debug_logging(file: File) -> None:
    """For the keys and the time it names; one whose time is over begins nothing."""
    stream, reported = io.StringIO(), list[Any]()
    handler = logs.set_up("payments", "v2", stream=stream)
    verbose = Verbose(handler, reported.append, clock=lambda: NOW)
    DebugFlag("debug", verbose, clock=lambda: NOW)
    value = {"keys": ["u1"], "until": (NOW + timedelta(minutes=5)).isoformat(), "lines": 10}
    flag = {"state": "ENABLED", "variants": {"some": value, "over": {**value, "until": NOW.isoformat()}}}
    file.write(debug={**flag, "defaultVariant": "some"})
    begun = eventually(lambda: [change.state for change in reported] == ["on"])
    with context.bound(**{"user.id": "u1"}):
        logging.getLogger("shop").debug("card is good")
    file.write(debug={**flag, "defaultVariant": "over"})
    ended = eventually(lambda: [change.state for change in reported] == ["on", "off"])
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)

    assert (True, True) == (begun, ended)
    own = [line for line in map(json.loads, stream.getvalue().splitlines()) if line["logger"] == "shop"]
    assert ["card is good"] == [line["message"] for line in own]


def test_a_hook_debugs_whom_the_rules_of_a_flag_mean(file: File) -> None:
    """Others are not; after its lines it begins anew only once the flag was changed."""
    stream, reported = io.StringIO(), list[Any]()
    handler = logs.set_up("payments", "v2", stream=stream)
    verbose = Verbose(handler, reported.append)
    rules = {"if": [{"in": [{"var": "targetingKey"}, ["u1", "u2"]]}, "on", "off"]}
    hook = DebugHook("debug", verbose, lines=3)
    api.add_hooks([hook])
    file.write(debug=boolean(value=False, targeting=rules))

    def asked(user: str) -> int:
        before = stream.getvalue().count("\n")
        with context.bound(**{"user.id": user}):
            KillSwitch("debug", unknown=False).on()
            logging.getLogger("shop").debug("card is good")
        return stream.getvalue().count("\n") - before

    first = eventually(lambda: asked("u1"))
    rest = [asked(user) for user in ("u3", "u2", "u1", "u1", "u2")]
    file.write(
        debug=boolean(value=False, targeting={**rules, "if": [*rules["if"][:1], "on", "off"]}),
        other=boolean(value=True),
    )
    file.write(debug=boolean(value=True))
    again = eventually(lambda: asked("u3"))
    api.clear_hooks()
    verbose.end()
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)

    assert (1, [0, 1, 1, 0, 0], 1) == (first, rest, again)
    assert {"on", "off"} == {change.state for change in reported}

"""Every change is weighed; decoys are exculpated with reasons."""

from datetime import UTC, timedelta
from pathlib import Path

import orjson

from lastgood.model.answers import ChangesWeighed, ChangeVerdict
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.load import load
from lastgood.workbench.store import Store
from reported import asked
from worlds import START, World, step

WORLD = """
scenario  a shop
seed      3
time      2026-11-20 10:00 .. 10:20
service   checkout instances=c-1,c-2 version=v1
spans     web "POST /order"  rate=1/s latency=8ms
call      web "POST /order" -> checkout Place  latency=10ms errors=0.1% then errors=40% error=KeyError message="KeyError: 'tax'" at 10:10
"""
CHANGES = """
change    config checkout "tax table"  id=tax at 10:09:50
change    deploy search v1 -> v2  id=search-v2 at 10:09
change    cron report  id=report every=2m at 10:00
change    flag checkout "gift cards"  id=late at 10:15
"""


def weighed(finding: Finding) -> ChangesWeighed:
    """The changes, which must be there."""
    assert isinstance(finding.answer, ChangesWeighed), finding
    return finding.answer


def test_the_change_that_lines_up_is_first_and_decoys_have_reasons(store: Store, tmp_path: Path) -> None:
    """A config change seconds before, on the failing service; a deploy elsewhere, a cron, a late flag."""
    finding = asked(store, tmp_path, WORLD + CHANGES, "what_changed", 10)

    by_id = {c.change_id: c for c in weighed(finding).ranked}
    assert Verdict.YES is finding.verdict
    assert ("tax", ChangeVerdict.LIKELY) == (weighed(finding).ranked[0].change_id, by_id["tax"].verdict)
    assert ChangeVerdict.UNLIKELY is by_id["search-v2"].verdict
    assert ChangeVerdict.RULED_OUT is by_id["late"].verdict
    assert ChangeVerdict.RULED_OUT is by_id["report@10:10"].verdict
    assert all(c.for_it or c.against_it for c in by_id.values())


def test_old_and_new_that_fail_alike_rule_a_deploy_out(store: Store, tmp_path: Path) -> None:
    """One of two instances got the new version a minute before; both fail alike."""
    reported = WORLD.replace(
        "version=v1\n", "version=v1 then version=v2 at 10:09 where service.instance.id=c-1\n"
    )
    reported += "change    deploy checkout v1 -> v2  id=checkout-v2 at 10:09\n"

    (deploy,) = weighed(asked(store, tmp_path, reported, "what_changed", 10)).ranked

    assert ChangeVerdict.RULED_OUT is deploy.verdict
    assert any("alike" in reason for reason in deploy.against_it)


def test_no_feed_is_not_no_change(store: Store, tmp_path: Path) -> None:
    """No one loaded any change: unknown, not no."""
    finding = asked(store, tmp_path, WORLD, "what_changed", 10)

    assert Verdict.UNKNOWN is finding.verdict
    assert "no change feed" in finding.because


def test_none_of_the_changes(store: Store, tmp_path: Path) -> None:
    """Only a change of another service, long before."""
    finding = asked(
        store,
        tmp_path,
        WORLD + "change    deploy search v1 -> v2  id=search-v2 at 10:00:30\n",
        "what_changed",
        10,
    )

    assert Verdict.NO is finding.verdict
    assert ChangeVerdict.UNLIKELY is weighed(finding).ranked[0].verdict


MAPPING = """
[[file]]
match = "changes.ndjson"
kind = "changes"

[file.fields]
time = "at"
kind = "what"
id = ["sha", "number"]
service = "app"
title = "subject"
version = "tag"
within = "release"
files = "paths"
diff = "patch"
flag = "key"
actor = "who"
"""


def test_what_a_mapping_loads_is_weighed_with_its_diff_and_files(store: Store, tmp_path: Path) -> None:
    """Commits of a release by their patches; a flag by its key."""
    World(seconds=1200, rate=2, errors=step(600, 0.0, 0.6), service="shop").store_spans(store)
    at = (START + timedelta(seconds=590)).isoformat()
    before = (START - timedelta(days=3)).isoformat()
    patch = (
        "--- a/shop/tax.py\n+++ b/shop/tax.py\n@@ -3,2 +3,1 @@\n-    if rate is None:\n-        return 0\n"
    )
    rows = [
        {"at": at, "what": "deploy", "number": "r9", "app": "shop", "tag": "v9"},
        {"at": before, "what": "commit", "sha": "4be1c0ffee", "app": "shop", "subject": "tax", "release": "r9", "paths": ["shop/tax.py"], "patch": patch},
        {"at": before, "what": "commit", "sha": "5be1c0ffee", "app": "shop", "subject": "words", "release": "r9", "paths": ["README.md"], "patch": "-a\n+b\n"},
        {"at": at, "what": "flag", "key": "snow", "app": "mail", "who": "ops"},
    ]  # fmt: skip
    (tmp_path / "map.toml").write_text(MAPPING)
    (tmp_path / "changes.ndjson").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    end = START + timedelta(seconds=1200)
    load(store, [tmp_path / "changes.ndjson"], now=end, zone=UTC, mapping=tmp_path / "map.toml")

    middle = START + timedelta(seconds=600)
    windows = Comparison(Window(START, middle), Window(middle, end), given=True)
    _, findings = investigate(store, now=end, comparison=windows, only="what_changed")

    by_id = {c.change_id: c for c in weighed(findings[-1]).ranked}
    assert ["4be1c0ffee", "r9"] == [c.change_id for c in weighed(findings[-1]).ranked[:2]]
    assert any("removes a check" in reason for reason in by_id["4be1c0ffee"].for_it)
    assert ChangeVerdict.UNLIKELY is by_id["5be1c0ffee"].verdict
    assert "snow" == by_id["snow"].title


BUILDS = WORLD.replace("version=v1\n", "version=v1 then version=v2 at 10:09:50\n")


def test_a_build_that_only_telemetry_shows_is_weighed_without_a_feed(store: Store, tmp_path: Path) -> None:
    """It is likely, and it is said that no feed is loaded."""
    finding = asked(store, tmp_path, BUILDS, "what_changed", 10)

    (deploy,) = weighed(finding).ranked
    assert (Verdict.YES, ChangeVerdict.LIKELY) == (finding.verdict, deploy.verdict)
    assert "checkout v2 first seen in its telemetry (v1 until 10:09)" == deploy.title
    assert any("no change feed is loaded" in limit for limit in finding.limits)


def test_a_build_that_a_feed_tells_of_is_weighed_once(store: Store, tmp_path: Path) -> None:
    """The feed's record stays."""
    told = BUILDS + "change    deploy checkout v1 -> v2  id=checkout-v2 at 10:09:40\n"
    (deploy,) = weighed(asked(store, tmp_path, told, "what_changed", 10)).ranked

    assert ("checkout-v2", ChangeVerdict.LIKELY) == (deploy.change_id, deploy.verdict)


def test_a_build_that_came_long_before_is_no_answer_without_a_feed(store: Store, tmp_path: Path) -> None:
    """That the only build seen is innocent does not say that nothing changed."""
    early = WORLD.replace("at 10:10", "at 10:18")
    early += "service   side      instances=s-1 version=v1 then version=v2 at 10:06\n"
    early += 'spans     side "GET /side" rate=2/s latency=3ms\n'
    finding = asked(store, tmp_path, early, "what_changed", 18)

    assert Verdict.UNKNOWN is finding.verdict
    assert finding.because.startswith("there is no change feed")

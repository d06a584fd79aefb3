"""Lists of what was released, a line each: Capistrano's and people's."""

from datetime import UTC, datetime
from time import process_time

import pytest

from intake.seeds import SEEDS
from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from lastgood.model.attributes import CHANGE_ZONE
from lastgood.model.change import NOT_IN_FORCE
from lastgood.telemetry.tables import CHANGES
from outcomes import outcome

SHA = "4fa0183c33572c8bb4af65e43b03ab0ad6360c87"
CAPISTRANO = f"""Branch main (at 9c1e5d2) deployed as release 20261120081500 by ann
Branch main (at {SHA}) deployed as release 20261122084730 by bo
bo rolled back to release 20261120081500
""".encode()
PEOPLE = b"""2026-10-12 15:02 +0200 gate   gate-config 0bc235aa9a9d to gate-1 gate-2 (bo)
2026-11-20 10:31 +0200 tickets 3.16.2 (ann)
2026-11-22 10:45 +0200 gate   firewall rule for the turnstiles (cy)
"""
RELEASES = b"""# newest last
pay 2.45.0 2026-11-20 09:12 4fa0183

pay 2.46.0 2026-11-22 14:41 CET 1f3c9a7d failed (3DS for ANZ)
cart@v1.9.2  2026-11-22T13:05:30Z by bo
mail 20261119100000 2026-11-19 10:00 (ann)
crm 7.1 2026-11-19 11:00 (hotfix)
"""


def test_a_service_and_its_version_may_stand_before_the_time() -> None:
    """With a revision, an outcome, and a note or a person behind it; comments are passed over."""
    found = outcome(RELEASES, "releases.txt")

    assert "list of releases" == found.claim.format
    assert [] == found.rejects
    assert [
        ("pay", "2.45.0", "", ""), ("pay", "2.46.0", "", "failed"), ("cart", "v1.9.2", "bo", ""),
        ("mail", "20261119100000", "ann", ""), ("crm", "7.1", "", ""),
    ] == [(c["Service"], c["Version"], c["Actor"], c["State"]) for c in found.rows["lg_changes"]]  # fmt: skip
    second, last = found.rows["lg_changes"][1], found.rows["lg_changes"][-1]
    assert ("pay 2.46.0 (3DS for ANZ)", "crm 7.1 (hotfix)") == (second["Title"], last["Title"])
    assert datetime(2026, 11, 22, 13, 41, tzinfo=UTC) == second["Timestamp"].to_pydatetime()
    assert {"vcs.ref.head.revision": "1f3c9a7d"} == dict(second["Attributes"])


def test_a_list_of_releases_is_known_without_its_name() -> None:
    """Where its lines are as rare as people write them."""
    often = "".join(f"pay 2.4{n}.0 2026-11-22 14:{n:02}\n" for n in range(30)).encode()

    assert "list of releases" == outcome(RELEASES, "what.txt").claim.format
    assert best_claim(Input(None, "what.txt", often)) is None


def test_one_word_in_brackets_is_a_person_unless_it_is_a_note() -> None:
    """In lists that begin with the time as well."""
    (change,) = outcome(b"2026-11-22 14:41 pay 2.46.0 (hotfix)\n", "releases.txt").rows["lg_changes"]

    assert ("2.46.0 (hotfix)", "") == (change["Title"], change["Actor"])


def test_capistrano_tells_of_releases() -> None:
    """When, by the name of the release, which revision, and by whom; when it went back is not reported."""
    found = outcome(CAPISTRANO, "revisions.log")

    assert "Capistrano revisions" == found.claim.format
    first, second = found.rows["lg_changes"]
    assert datetime(2026, 11, 22, 8, 47, 30, tzinfo=UTC) == second["Timestamp"].to_pydatetime()
    assert ("deploy", SHA, "bo") == (
        second["Kind"],
        dict(second["Attributes"])["vcs.ref.head.revision"],
        second["Actor"],
    )
    assert "9c1e5d2" == first["Version"]
    assert ["the time of its rollback is not recorded"] == [
        r.reason.partition(": ")[2] for r in found.rejects
    ]


def test_people_tell_of_what_and_by_whom() -> None:
    """A version or a revision is a deploy of the system that is named; other entries are what their words say."""
    found = outcome(PEOPLE, "changes.log")

    assert "list of changes" == found.claim.format
    assert [
        ("deploy", "gate", "0bc235aa9a9d", "bo"), ("deploy", "tickets", "3.16.2", "ann"), ("infrastructure", "gate", "", "cy"),
    ] == [(c["Kind"], c["Service"], c["Version"], c["Actor"]) for c in found.rows["lg_changes"]]  # fmt: skip
    assert (
        datetime(2026, 11, 20, 8, 31, tzinfo=UTC) == found.rows["lg_changes"][1]["Timestamp"].to_pydatetime()
    )


def test_a_verb_may_stand_before_the_system() -> None:
    """As deploy scripts write; who did it is behind `by`, and what did not come to pass is not in force."""
    lines = """2026-11-22 08:10:00 deploy checkout v2.31.0 hosts=web-1 by=anna ok
2026-11-22 09:10:00 rolled-back search: 1.9.2 by bo
2026-11-22 10:10:00 deploy ledger v7.0.1 by=cy skipped
2026-11-22 11:10:00 deployer config of the runners (di)
2026-11-22 12:10:00 deployed checkout
"""
    found = outcome(lines.encode(), "deploys.log").rows["lg_changes"]

    assert [
        ("deploy", "checkout", "v2.31.0", "anna", ""), ("deploy", "search", "1.9.2", "bo", ""),
        ("deploy", "ledger", "v7.0.1", "cy", "skipped"), ("config", "deployer", "", "di", ""), ("deploy", "checkout", "", "", ""),
    ] == [(c["Kind"], c["Service"], c["Version"], c["Actor"], c["State"]) for c in found]  # fmt: skip
    assert "v2.31.0 hosts=web-1 by=anna ok" == found[0]["Title"]


@pytest.mark.parametrize("state", ["skipped", "aborted", "failed", "cancelled", "canceled", "rejected"])
def test_what_did_not_come_to_pass_is_not_in_force(state: str) -> None:
    """By the word for it."""
    lines = f"2026-11-22 08:10 deploy a v1.2.3 {state}\n2026-11-22 09:10 deploy b v1.2.3 ok\n"
    found = outcome(lines.encode(), "deploys.log").rows["lg_changes"]

    assert [state, ""] == [one["State"] for one in found]
    assert state in NOT_IN_FORCE


def test_a_title_may_be_about_what_failed() -> None:
    """Of a change that people write down, and of one whose words go on."""
    lines = b"""2026-11-22 08:10 payments 3.2.0 show why cards are rejected
2026-11-22 09:10 deploy payments v3.2.1 retries failed payments
"""

    assert ["", ""] == [one["State"] for one in outcome(lines, "deploys.log").rows["lg_changes"]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("changes.log", "2026-11-22 10:45:01 gate INFO opened (bo)\n2026-11-22 12:45:01 gate INFO shut (bo)\n"),  # levels
        ("changes.log", "".join(f"2026-11-22 10:45:{n:02} gate opened\n" for n in range(30))),  # as often as a log
        ("gate.log", PEOPLE.decode()),  # no one says that it is of changes
    ],
)  # fmt: skip
def test_logs_are_no_lists_of_changes(name: str, content: str) -> None:
    """What has levels, comes every second, or is not called so."""
    claimed = best_claim(Input(None, name, content=content.encode()))

    assert claimed is None or claimed[0].name != "release_lists"


@pytest.mark.slow
@pytest.mark.parametrize("what", ["a" + " " * 200_000 + "b", " (a" * 60_000, " (" * 90_000])
def test_a_hostile_line_takes_no_time(what: str) -> None:
    """Blanks in it took the square of their number."""
    given = PEOPLE + f"2026-11-23 10:45 +0200 gate {what}\n".encode()
    shipped = RELEASES + f"pay 2.46.0 2026-11-22 14:41{what}\n{what} 2.1\n".encode()
    started = process_time()
    outcome(given, "changes.log")
    best_claim(Input(None, "releases.txt", shipped))

    assert process_time() - started < 4


def test_a_list_that_goes_on_after_now_is_of_a_zone_ahead() -> None:
    """All of it; a line that says its zone stays."""
    text = b"pay 2.45.0 2026-11-22 14:00\npay 2.46.0 2026-11-22 15:41\ncart 1.9 2026-11-22 14:00Z\n"
    first, second, third = outcome(text, "releases.txt").rows["lg_changes"]

    assert [13, 14, 14] == [one["Timestamp"].hour for one in (first, second, third)]
    assert (True, False) == tuple(CHANGE_ZONE in dict(one["Attributes"]) for one in (first, third))


def test_releases_of_heroku_are_of_the_application_in_the_heading() -> None:
    """A deploy has its revision; what sets variables is a change of settings."""
    found = outcome(SEEDS["heroku releases"], "releases.txt")
    newest, older = found.rows["lg_changes"]

    assert ("deploy", "kiosk", "213e78d5", "kim@kiosk.example", "2026-11-22T14:41:00+00:00") == (
        newest["Kind"], newest["Service"], newest["Version"], newest["Actor"], newest["Timestamp"].isoformat()
    )  # fmt: skip
    assert ("config", "kiosk", "") == (older["Kind"], older["Service"], older["Version"])
    assert found.balanced


def test_behind_a_revision_may_stand_who_and_a_note() -> None:
    """Without brackets around who."""
    text = b"seats  5.8.0  2026-11-20 09:10 UTC  5ffdaf848b  kim\nseats  5.9.0  2026-11-22 09:57 UTC  1c2538db44  lee   (with a migration, 0.3 s)\n"
    first, second = outcome(text, "releases.txt").rows["lg_changes"]

    assert ("kim", "lee") == (first["Actor"], second["Actor"])
    assert "seats 5.9.0 (with a migration, 0.3 s)" == second["Title"]


def test_columns_may_begin_with_who_and_times_end_with_letters() -> None:
    """Where blanks part them, and no environment or verb stands behind a name."""
    content = b"""2026-11-20 08:28 EST  jb-dl    orders   v2.9.0 fbc2eadafb  app-1
2026-11-20 08:33 EST  mirek    billing  rates loaded
2026-11-20 09:00 CET  cart     prod     v1.2
2026-11-20 09:10 UTC cart v1.3 (ann)
"""
    made = outcome(content, "deploy-log.txt").rows[CHANGES.name]

    assert [
        ("orders", "jb-dl", "v2.9.0", 13), ("billing", "mirek", "", 13), ("cart", "", "v1.2", 8), ("cart", "ann", "v1.3", 9),
    ] == [(c["Service"], c["Actor"], c["Version"], c["Timestamp"].to_pydatetime().hour) for c in made]  # fmt: skip

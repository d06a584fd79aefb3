"""Lines that name the revision of a known commit are the changes that brought it into effect."""

from datetime import datetime, timedelta

from lastgood.model.change import Change, ChangeKind
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.readings.applied import APPLY_APART, APPLY_TIMES, read_applied
from lastgood.readings.case import Case
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, put

REVISION = "3fa9c1d2" * 5
COMMIT = Change(
    REVISION, ChangeKind.COMMIT, START - timedelta(hours=9), START - timedelta(hours=9), "settings"
)
WINDOW = Window(START - timedelta(days=1), START + timedelta(hours=2))


def applied(store: Store, *lines: tuple[datetime, str], known: tuple[Change, ...] = ()) -> list[Change]:
    """What is read from the lines of a runner, beside the commit and other changes."""
    put(
        store, LOGS,
        {
            "Timestamp": [at for at, _ in lines], "ServiceName": ["runner"] * len(lines),
            "Body": [text for _, text in lines],
        },
        "lines",
    )  # fmt: skip
    holdings, reader = store.survey()
    case = Case(
        WINDOW, None, Scope(), holdings, WINDOW.end,
        lambda sql, bound, within, comparison, scope: reader.query(sql, bound, within, comparison=comparison, scope=scope),
    )  # fmt: skip
    return read_applied(case, [COMMIT, *known], WINDOW)


def test_a_line_with_the_revision_is_a_deploy_of_its_repository(store: Store) -> None:
    """Lines shortly after each other are one apply, later ones another; other words are none."""
    again = APPLY_APART + timedelta(minutes=1)

    found = applied(
        store,
        (START, "run of [web] at rev 3fa9c1d2 begins"),
        (START + timedelta(minutes=1), "run of [web] at rev 3fa9c1d2 is done"),
        (START + timedelta(minutes=2), "cafebabe is no revision that anybody knows"),
        (START + timedelta(minutes=1) + again, "run of [all] at rev 3fa9c1d2"),
    )

    assert [("deploy", "settings"), ("deploy", "settings")] == [(one.kind, one.service) for one in found]
    assert [START, START + timedelta(minutes=1) + again] == [one.at for one in found]
    assert START + timedelta(minutes=1) == found[0].until


def test_a_stamp_on_every_line_is_no_apply(store: Store) -> None:
    """A program that writes its revision with all it says."""
    lines = [(START + timedelta(minutes=n), f"request {n} of build 3fa9c1d2") for n in range(APPLY_TIMES + 1)]

    assert [] == applied(store, *lines)


def test_what_a_feed_tells_is_not_reported_again(store: Store) -> None:
    """A deploy on record about then, of that revision."""
    reported = Change("17", ChangeKind.DEPLOY, START, START, "settings", version=REVISION[:10])

    assert [] == applied(store, (START, "rev 3fa9c1d2 applied"), known=(reported,))

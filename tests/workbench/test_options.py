"""What can be done, in its order, with the team's commands."""

from dataclasses import replace
from pathlib import Path

from lastgood.config import ActionTemplate, Config, Settings
from lastgood.model.answers import Culprit, Mitigation
from lastgood.model.entry import Triaged
from lastgood.model.evidence import Absence, Provenance
from lastgood.model.finding import Finding, Verdict
from lastgood.model.rollback import RollBack
from lastgood.workbench.options import (
    kind_of,
    known_kinds,
    lacking,
    options,
    targets_of,
    template_of,
    values_for,
    with_roll_backs,
)
from records import START
from rooms import config_in, room_in

RESTART = Mitigation("restart", "checkout", 3.0, False, "memory", "frees what is held")
FLAG = Mitigation("flag_off", "anz-3ds", 1.0, True, None, "the flag is likely")
FAILOVER = Mitigation("failover", "stripe", 5.0, True, None, "another provider")
UPSTREAM = Mitigation("escalate_upstream", "stripe", None, True, None, "they have to know")
TEMPLATE = ActionTemplate(kind="flag-off", command=("flagctl", "off", "{flag}", "--in", "{incident}"))


def settings(folder: Path, *templates: ActionTemplate) -> Config:
    """Settings with templates."""
    return replace(config_in(folder), settings=Settings(action=templates))


def said(*mitigations: Mitigation) -> Triaged:
    """A sitrep with what would help."""
    culprit = Culprit("payments", None, "stripe", "external", 0.9, "")
    return Triaged("", Verdict.YES, "5 % fail", culprits=(culprit,), mitigations=mitigations)


def test_what_is_quick_and_can_be_undone_goes_before_what_cannot(tmp_path: Path) -> None:
    """Though the sitrep puts it just behind; far behind it stays there."""
    with room_in(tmp_path) as room:
        room.append(said(RESTART, FLAG, UPSTREAM, FAILOVER))
        found = options(room, settings(tmp_path))

    assert ["flag_off", "restart", "failover", "escalate_upstream"] == [one.mitigation.kind for one in found]
    assert ("anz-3ds",) == targets_of(found, "flag_off")


def test_an_option_has_the_teams_command_with_its_values(tmp_path: Path) -> None:
    """And what is lacking, by name, where a value is not known."""
    wanting = ActionTemplate(
        kind="restart", command=("kubectl", "-n", "{namespace}", "restart", "{service}"), minutes=9.0, undo=("x",)
    )  # fmt: skip
    with room_in(tmp_path) as room:
        room.append(said(FLAG, RESTART, FAILOVER))
        flag, failover, restart = options(room, settings(tmp_path, TEMPLATE, wanting))
        given = options(room, settings(tmp_path, wanting), {"namespace": "shop"})

    assert ("flagctl", "off", "anz-3ds", "--in", "1") == flag.command
    assert ((), "", None) == (failover.command, failover.lacking, failover.template)
    assert "{namespace}" in restart.lacking
    assert (9.0, True) == (restart.mitigation.minutes, restart.mitigation.reversible)
    assert ("kubectl", "-n", "shop", "restart", "checkout") in [one.command for one in given]


def test_a_template_that_names_the_target_goes_before_one_for_all(tmp_path: Path) -> None:
    """One that names others is not for it."""
    mine = ActionTemplate(kind="rollback", command=("lambda", "{service}"), targets=("resize",))
    rest = ActionTemplate(kind="rollback", command=("kubectl", "{service}"))
    config = settings(tmp_path, rest, mine)

    assert (mine, rest) == (
        template_of(config, "rollback", "resize"),
        template_of(config, "rollback", "checkout"),
    )
    assert template_of(settings(tmp_path, mine), "rollback", "checkout") is None
    assert ("rollback",) == known_kinds(config)


def test_a_target_has_the_name_of_its_kind(tmp_path: Path) -> None:
    """A flag is no service; what was given wins."""
    with room_in(tmp_path) as room:
        room.append(said(FLAG))
        values = values_for(room, "flag_off", "anz-3ds", {"incident": "INC-7"})

    assert {"incident": "INC-7", "service": "payments", "target": "anz-3ds", "flag": "anz-3ds"} == values
    assert "flag_off" == kind_of(" Flag-Off ")


def test_without_a_sitrep_there_are_no_options(tmp_path: Path) -> None:
    """Nothing is guessed."""
    with room_in(tmp_path) as room:
        assert () == options(room, settings(tmp_path, TEMPLATE))


def test_a_roll_back_that_something_speaks_against_goes_last(tmp_path: Path) -> None:
    """With what is said of it; others are not asked about."""
    rollback = Mitigation("rollback", "checkout", 1.0, True, None, "the deploy is likely")
    evidence = (Absence("x", Provenance("", {}, None, 0, 0.0)),)
    against = Finding(Verdict.NO, "a column was dropped", 0.8, evidence=evidence)
    with room_in(tmp_path) as room:
        room.append(said(rollback, FLAG, RESTART))
        found = options(room, settings(tmp_path))
        judged = with_roll_backs(room, found, lambda _: against)
        open_one = with_roll_backs(room, found, lambda _: Finding(Verdict.UNKNOWN, "not known"))

    assert ["flag_off", "restart", "rollback"] == [one.mitigation.kind for one in judged]
    assert [None, None, against] == [one.roll_back for one in judged]
    assert "rollback" == open_one[0].mitigation.kind


def test_a_roll_back_has_the_version_that_is_judged_in_its_command(tmp_path: Path) -> None:
    """Where the command asks for it; where it may end at another version, why `act` would refuse it."""
    rollback = Mitigation("rollback", "checkout", 1.0, True, None, "the deploy is likely")
    answer = RollBack("checkout", "d43", "v43", "v41", START, None, (), None, None, (), "v42")
    finding = Finding(Verdict.UNKNOWN, "migrations are not recorded", answer=answer)
    by_version = ActionTemplate(kind="rollback", command=("deploy", "{service}", "{version}"))
    undo = ActionTemplate(kind="rollback", command=("undo", "{service}"))
    with room_in(tmp_path) as room:
        room.append(said(rollback))
        filled, refused = (
            with_roll_backs(room, options(room, settings(tmp_path, one)), lambda _: finding)[0]
            for one in (by_version, undo)
        )

    assert (("deploy", "checkout", "v41"), "") == (filled.command, filled.lacking)
    assert () == refused.command
    assert "may go back to v42 only" in refused.lacking
    for one, problem in ((by_version, ""), (undo, refused.lacking)):
        assert problem == lacking(settings(tmp_path, one), "rollback", "checkout", (), "v42")


def test_what_a_template_lacks_is_known_without_an_incident(tmp_path: Path) -> None:
    """Nothing, a value, or the template itself."""
    needs = ActionTemplate(kind="restart", command=("restart", "{service}", "{namespace}"))
    config = settings(tmp_path, TEMPLATE, needs)

    assert "" == lacking(config, "flag_off", "anz-3ds")
    assert "needs a value for {namespace}" in (lacking(config, "restart", "checkout", ["web"]) or "")
    assert lacking(config, "failover", "stripe") is None

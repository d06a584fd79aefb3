"""Actions and options in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.test_state import entries
from lastgood.config import ActionTemplate
from lastgood.incidents.state import incident_of
from lastgood.model.action import (
    ActionBegun,
    ActionEnded,
    Captured,
    Effect,
    EffectMeasured,
    Run,
    RunEnd,
    Tally,
)
from lastgood.model.answers import Mitigation
from lastgood.model.entry import Mitigated, Payload, Reopened
from lastgood.model.evidence import Absence, Provenance
from lastgood.model.figures import NBSP
from lastgood.model.finding import Finding, Verdict
from lastgood.model.rollback import Check, RollBack
from lastgood.model.window import Window
from lastgood.surfaces.actions import (
    action_document,
    decision,
    effect_exit,
    effect_lines,
    next_rows,
    options_card,
    options_document,
    plan_lines,
    printed_lines,
    roll_back_lines,
    run_line,
)
from lastgood.surfaces.entries import entry_line
from lastgood.surfaces.terminal.text import card_text
from lastgood.workbench.act import Plan
from lastgood.workbench.options import Option
from records import START
from surfaces.test_incident_page import SAID, shown

BEGUN = ActionBegun("flag_off", "anz-3ds", "kim", ("flagctl", "off", "anz 3ds"))
RUN = Run(RunEnd.EXITED, 0, 1.2, 4, cut_off=False)
ENDED = ActionEnded(2, RUN, None)
FLAG = Mitigation("flag_off", "anz-3ds", 1.0, True, None, "the flag is likely")


def effect(measured: Effect, because: str = "0.2 % fail") -> EffectMeasured:
    """What the action at entry 2 did."""
    return EffectMeasured(2, measured, because, look_again=START + timedelta(minutes=9))


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (RUN, "succeeded after 1.2 s"),
        (Run(RunEnd.EXITED, 3, 60.0, 0, cut_off=False), "ended with status 3 after 1 min"),
        (Run(RunEnd.EXITED, -9, 2.0, 0, cut_off=False), "was killed by signal 9 after 2 s"),
        (
            Run(RunEnd.TIMED_OUT, None, 2.0, 0, cut_off=False, problem="it was ended after 2 s"),
            "did not end in time: it was ended after 2 s",
        ),
        (Run(RunEnd.INTERRUPTED, None, 2.0, 0, cut_off=False), "was interrupted after 2 s"),
        (Run(RunEnd.NOT_STARTED, None, 0.0, 0, cut_off=False, problem="kubectl: none"), "was not run: kubectl: none"),
    ],
)  # fmt: skip
def test_each_end_has_its_words(run: Run, said: str) -> None:
    """Which it was, and after how long."""
    assert said == run_line(run).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        (BEGUN, "flag off anz-3ds: flagctl off 'anz 3ds'"),
        (ActionBegun("restart", "db", "lee"), "restart db: done elsewhere by lee"),
        (
            ActionBegun("restart", "db", "lee", forced="all is lost"),
            "restart db: done elsewhere by lee (while another was not measured: all is lost)",
        ),
        (ENDED, "action 2 succeeded after 1.2 s"),
        (effect(Effect.NO_EFFECT, "5 % fail"), "action 2: no effect: 5 % fail"),
        (Captured("pool", (), RUN, None), "before acting: pool succeeded after 1.2 s"),
    ],
)
def test_each_entry_has_its_line(payload: Payload, line: str) -> None:
    """With the command as it was run."""
    assert line == entry_line(entries(payload)[-1]).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("payloads", "parts"),
    [
        ((BEGUN,), ("END UNKNOWN", "lastgood verify")),
        ((BEGUN, ENDED), ("succeeded after 1.2 s · not measured yet", "whether action 2 worked")),
        ((BEGUN, ENDED, effect(Effect.TOO_EARLY)), ("too early", "from 14:54:00 UTC on: lastgood verify 2")),
        ((BEGUN, ENDED, effect(Effect.RECOVERED)), ("recovered", "mitigated 'flag_off anz-3ds'")),
        ((BEGUN, ENDED, effect(Effect.RECOVERED), Mitigated("off")), ("incident resolve",)),
        ((BEGUN, ENDED, effect(Effect.IMPROVING)), ("whether it has recovered by now",)),
        ((BEGUN, ENDED, effect(Effect.WORSE)), ("worse: 0.2 % fail", "lastgood act undo")),
        (
            (BEGUN, ENDED, ActionBegun("undo_flag_off", "anz-3ds", "kim", ("x",), undoes=2), ActionEnded(4, RUN, None)),
            ("taken back by action 4",),
        ),
    ],
)  # fmt: skip
def test_the_room_says_how_an_action_stands_and_what_comes_next(
    payloads: tuple[Payload, ...], parts: tuple[str, ...]
) -> None:
    """From the beginning to the end, also where the end is missing."""
    text = shown(*payloads).replace(NBSP, " ")

    assert [] == [part for part in parts if part not in " ".join(text.split())]


def test_options_have_their_command_or_what_to_add() -> None:
    """As text and as JSON."""
    template = ActionTemplate(
        kind="flag_off", command=("flagctl", "off", "{flag}"), risk="old checkouts break"
    )
    found = (
        Option(FLAG, template, ("flagctl", "off", "anz-3ds")),
        Option(FLAG, template, lacking="it needs a value for {ns}."),
        Option(Mitigation("failover", "stripe", 5.0, True, None, "another answers"), None),
    )
    text = " ".join(
        card_text(options_card(incident_of(entries()), found, ("flag_off",))).replace(NBSP, " ").split()
    )

    for part in (
        "$ flagctl off anz-3ds",
        "run it: lastgood act flag_off anz-3ds",
        "risk: old checkouts break",
        "it needs a value for {ns}.",
        "no template for failover",
        'to lastgood.toml, with your commands: [[action]] kind = "failover" command = ["YOUR-COMMAND", "{target}"]',
        "templates for: flag_off",
    ):
        assert part in text
    documents = options_document(found)
    assert ["flagctl", "off", "anz-3ds"] == documents[0]["command"]
    assert [None, "it needs a value for {ns}.", "no template"] == [one["lacking"] for one in documents]


def test_what_would_be_refused_is_not_offered() -> None:
    """While an action is not measured, the command is the one that measures it."""
    template = ActionTemplate(kind="flag_off", command=("flagctl", "off", "{flag}"))
    found = (Option(FLAG, template, ("flagctl", "off", "anz-3ds")),)
    text = card_text(options_card(incident_of(entries(BEGUN, ENDED)), found, ()))

    assert "action 2 is not measured yet:\n            lastgood verify 2\n" in text
    assert "run it" not in text


def test_without_options_the_way_to_them_is_said() -> None:
    """An incident that no one has assessed."""
    assert "lastgood incident assess" in card_text(options_card(incident_of(entries()), (), ()))


def test_a_plan_says_what_would_be_run_and_what_must_come_true() -> None:
    """With the risk that the team has written down."""
    template = ActionTemplate(
        kind="flag_off", command=("x",), risk="old checkouts break", evidence_lost="state"
    )
    begun = ActionBegun("flag_off", "anz", "kim", ("flagctl", "off", "a b"), minutes=2)  # fmt: skip

    assert [
        "would run: flagctl off 'a b'",
        "  expected effect: affected users are back at their baseline",
        "  takes about 2 min to work",
        "  risk: old checkouts break",
        "  destroys evidence: state",
    ] == [
        line.replace(NBSP, " ") for line in plan_lines(Plan(begun, (), template, 0.0), incident_of(entries()))
    ]


def test_what_must_come_true_has_its_numbers_where_they_are_known() -> None:
    """And is what was declared, where something was."""
    template = ActionTemplate(kind="flag_off", command=("x",))
    affected = incident_of(entries(SAID))
    reported = [
        list(plan_lines(Plan(ActionBegun("flag_off", "anz", "kim", ("x",), effect=effect), (), template, 0.0), affected))[1]
        for effect in ("", "fails() < 1%")
    ]  # fmt: skip

    assert reported[0].replace(NBSP, " ").endswith("baseline: 5 % of requests fail, baseline 0.2 %")
    assert reported[1].endswith("expected effect: fails() < 1%")


def test_only_the_end_of_long_output_is_shown() -> None:
    """And how much was before."""
    lines = list(printed_lines("\n".join(map(str, range(50)))))

    assert ("  … 30 lines before", "  49", 21) == (lines[0], lines[-1], len(lines))


def test_an_effect_is_reported_with_its_counts_and_what_comes_next() -> None:
    """The three windows, what is worse elsewhere, when to look again."""
    windows = tuple(
        Window(START + timedelta(minutes=n), START + timedelta(minutes=n + 10)) for n in (0, 10, 20)
    )
    measured = EffectMeasured(
        2, Effect.TOO_EARLY, "failures: 0 of 6 after", "failures", Tally(5, 1000, 600.0), Tally(300, 1000, 600.0),
        Tally(0, 6, 600.0), windows, 60, START + timedelta(minutes=40), ("cart GET / fails",),
    )  # fmt: skip
    incident = incident_of(entries(BEGUN, ENDED, measured))

    assert [
        "TOO EARLY: action 2, flag off anz-3ds",
        "  failures: 0 of 6 after",
        "  good    14:45:00 to 14:55:00 (10 min): 5 of 1 000, 0.5 %",
        "  before  14:55:00 to 15:05:00 (10 min): 300 of 1 000, 30 %",
        "  after   15:05:00 to 15:15:00 (10 min): 0 of 6, 0 %",
        "  worse since: cart GET / fails",
        "  look again at 15:25:00 UTC:",
        "  lastgood verify 2",
    ] == [line.replace(NBSP, " ") for line in effect_lines(incident.actions[0], incident)]
    assert [] == list(effect_lines(incident_of(entries(BEGUN)).actions[0], incident))

    over = incident_of(entries(BEGUN, ENDED, effect(Effect.RECOVERED)))
    assert "users are no longer affected" in list(effect_lines(over.actions[0], over))[-2]


def test_the_exit_status_says_whether_it_helped() -> None:
    """As a script needs it."""
    assert [0, 0, 3, 3, 1, 1, 3, 3] == [effect_exit(effect) for effect in Effect]


def test_a_roll_back_is_reported_with_every_reason_and_unknown() -> None:
    """For it, against it, not known."""
    checks = (
        Check("the version before", "v41 fared well", holds=True),
        Check("migrations", "a column was dropped", holds=False),
        Check("flags and settings", "unknown whether v41 knows new-tax"),
    )
    answer = RollBack("checkout", "d42", "v42", "v41", START, False, checks, 12400, 3.0, ("new-tax",))
    evidence = (Absence("x", Provenance("", {}, None, 0, 0.0)),)
    finding = Finding(Verdict.NO, "a column was dropped", 0.8, answer, evidence)

    assert [
        "it should not be rolled back: checkout v42 → v41, deployed 2026-11-22T14:45:00Z",
        "  + the version before: v41 fared well",
        "  - migrations: a column was dropped",
        "  ? flags and settings: unknown whether v41 knows new-tax",
        "  ! written since: 12 400 requests and statements",
        "  deploys took about 3 min, by the feed or while both versions served",
        "  a flag may do instead: new-tax",
    ] == [line.replace(NBSP, " ") for line in roll_back_lines(finding)]

    bare = RollBack("checkout", "d42", "v42", None, START, None, (), None, None, ())
    lines = list(roll_back_lines(Finding(Verdict.UNKNOWN, "?", answer=bare)))
    assert "v42 → the version before" in lines[0]
    assert ["  ? written since", "  ? how long it takes"] == [line.split(":")[0] for line in lines[1:]]
    unknown = Finding(Verdict.UNKNOWN, "no deploy is recorded")
    assert ["unknown whether it can be rolled back: no deploy is recorded"] == list(roll_back_lines(unknown))

    option = Option(
        Mitigation("rollback", "checkout", 5.0, True, None, "it is likely"), None, roll_back=finding
    )
    card = card_text(options_card(incident_of(entries()), [option], ()))
    assert "- migrations: a column was dropped" in card
    (document,) = options_document([option])
    assert ("no", "v41") == (document["roll_back"]["verdict"], document["roll_back"]["previous"])


@pytest.mark.parametrize(
    ("possible", "said"),
    [
        (True, "roll back checkout to v41 now, unless an unrecorded migration exists"),
        (False, "do not roll back checkout to v41: as told"),
        (None, "roll back checkout to v41 after you check: as told"),
    ],
)
def test_the_decision_has_its_reason_and_what_would_change_it(possible: bool | None, said: str) -> None:
    """Of a roll-back that can work, that cannot, and of which it is not known."""
    answer = RollBack("checkout", "d42", "v42", "v41", START, possible, (), None, None, ())
    option = Option(Mitigation("rollback", "checkout", 5.0, True, None, "likely"), None)
    judged = Option(option.mitigation, None, roll_back=Finding(Verdict.UNKNOWN, "as told", answer=answer))

    assert said == decision([option, judged])
    assert decision([option]) is None
    unknown = Option(option.mitigation, None, roll_back=Finding(Verdict.UNKNOWN, "no deploy is recorded"))
    assert "unknown whether it can work: no deploy is recorded" in str(decision([unknown]))


def test_an_action_as_a_document() -> None:
    """With whether it is open."""
    (action,) = incident_of(entries(BEGUN, ENDED)).actions
    document = action_document(action)

    assert (2, True, "flag_off") == (document["number"], document["open"], document["begun"]["what"])


@pytest.mark.parametrize(
    ("payloads", "said", "never"),
    [
        ((BEGUN, ENDED, effect(Effect.RECOVERED), Mitigated("off"), Reopened("back")),
         "the incident was opened again after action 2: lastgood incident assess", "no longer affected"),
        ((BEGUN, ENDED, effect(Effect.RECOVERED_UNCREDITED)), "cause unknown", 'mitigated "flag_off'),
        ((ActionBegun("restart", "db", "lee"), effect(Effect.NO_EFFECT)),
         "take it back by hand, then record it: lastgood act undo --manual", "take it back: lastgood act undo"),
        ((replace(BEGUN, undo=True), ENDED, effect(Effect.NO_EFFECT)), "take it back: lastgood act undo", "--manual"),
        ((ActionBegun("undo_flag_off", "anz-3ds", "kim", ("x",), undoes=1), ENDED, effect(Effect.NO_EFFECT)),
         "action 2 did not help", "act undo"),
        ((BEGUN, ENDED, effect(Effect.RECOVERED), Mitigated("off"), Reopened("back"), effect(Effect.IMPROVING)),
         "whether it has recovered by now", "opened again after"),
    ],
)  # fmt: skip
def test_next_advises_what_is_true_and_will_not_be_refused(
    payloads: tuple[Payload, ...], said: str, never: str
) -> None:
    """After a reopening, without credit, and where no template takes the action back."""
    shown = next_rows(incident_of(entries(*payloads)))
    text = "; ".join(f"{row.cells[0]}: {row.command}" if row.command else row.cells[0] for row in shown)

    assert said in text
    assert never not in text

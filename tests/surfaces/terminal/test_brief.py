"""Eight lines: what is wrong and what to do, at every width."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lastgood.model.answers import ChangesWeighed
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.invocation import Invocation
from lastgood.surfaces.steps import NONE_READY, Ready
from lastgood.surfaces.terminal.brief import brief_text
from sitreps import broken, moved, nothing, quiet

HOW = Invocation(paths=("logs",))


def no_data() -> Sitrep:
    """Nothing at all was found."""
    return replace(nothing(), confirmed=None, unknown=())


def lines(sitrep: Sitrep, width: int = 100, ready: Ready = NONE_READY) -> list[str]:
    """The lines of it."""
    return brief_text(sitrep, ready, HOW, width).splitlines()


@pytest.mark.parametrize("width", [40, 80, 100, 200])
@pytest.mark.parametrize("sitrep", [broken, quiet, moved, nothing, no_data])
def test_at_most_eight_lines_of_the_terminals_width(sitrep: Callable[[], Sitrep], width: int) -> None:
    """Confirmed, not confirmed, inconclusive, without data."""
    shown = lines(sitrep(), width)

    assert 1 <= len(shown) <= 8
    pasted = [line for line in shown if line[10:].startswith("lastgood ") or line.startswith("SAY ")]
    assert all(len(line) <= width or line in pasted for line in shown)
    assert shown[0].startswith(("CONFIRMED", "NOT CONFIRMED", "INCONCLUSIVE"))


def test_the_order_is_that_of_the_card() -> None:
    """Verdict, impact, who, what to do; then the suspect, where, what to say, what is next."""
    shown = lines(broken())

    assert ["IMPACT", "WHO", "DO NOW", "SUSPECT", "WHERE", "SAY", "NEXT"] == [
        line[:10].strip() for line in shown[1:]
    ]
    assert "failover api.stripe.com" in shown[3]
    assert "likely third party" in shown[4]


def test_what_is_not_known_stands_for_the_next_step() -> None:
    """Where nothing is confirmed."""
    assert lines(nothing())[-1].startswith("NEXT      not known: when it started")


def test_the_message_is_whole_at_any_width() -> None:
    """It is to be copied."""
    (said,) = (line for line in lines(broken(), 40) if line.startswith("SAY"))

    assert said.endswith("Next update 15:46 UTC.")


def test_commands_are_whole_on_one_line() -> None:
    """One that fits comes first; one that does not fit is neither cut off nor wrapped, so that it can be pasted."""
    assert lines(broken(), 200)[-1].endswith("TO 2026-11-22T15:16:20Z]' logs")
    assert "NEXT      lastgood incident open 'checkout failing' logs" == lines(broken(), 80)[-1]
    assert lines(broken(), 200)[-1] == lines(broken(), 40)[-1]


def test_what_to_do_has_its_command() -> None:
    """Where there is a template, an incident to act in, and room."""
    ready = Ready({("failover", "api.stripe.com"): ""}, (1,))

    assert "failover api.stripe.com: lastgood act failover api.stripe.com" in lines(broken(), ready=ready)[3]
    assert "DO NOW    lastgood act failover api.stripe.com" == lines(broken(), 60, ready)[3]


def test_without_a_suspect_change_another_cause_or_component() -> None:
    """None of ours; else who is suspected."""
    assert "none of your changes explains it" in lines(replace(broken(), changes=ChangesWeighed(())))[4]
    bare = replace(broken(), changes=None, no_change=None)
    assert "payments/api.stripe.com (external" in lines(bare)[4]

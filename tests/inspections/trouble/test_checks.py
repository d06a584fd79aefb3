"""The table of checks: each can be found, decided and asked."""

from lastgood.algorithms.live_questions import LIVE_QUESTIONS
from lastgood.algorithms.trouble_families import ALL_FAMILIES
from lastgood.inspections.trouble.checks import CHECKS, Fills, Live, Use, checks_of
from lastgood.model.trouble import Trouble


def test_every_trouble_has_checks_that_decide() -> None:
    """Names are unique; of some troubles only their rows are given, in the order of the table."""
    assert len(CHECKS) == len({check.name for check in CHECKS})
    assert set(Trouble) == {check.trouble for check in CHECKS if check.decides}
    assert {Trouble.GC} == {check.trouble for check in checks_of((Trouble.GC,))}
    assert CHECKS == checks_of(())


def test_every_look_names_what_there_is() -> None:
    """A resource is a row of the table of families, a question to a running system one of its table."""
    families = {family.name for family in ALL_FAMILIES}
    questions = {(one.system, one.name) for one in LIVE_QUESTIONS}
    looks = [check.look for check in CHECKS]

    assert (
        set() == {name for look in looks if isinstance(look, Use | Fills) for name in look.names} - families
    )
    assert questions == {(look.system, look.question) for look in looks if isinstance(look, Live)}

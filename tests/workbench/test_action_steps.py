"""Actions from the page: confirmed, kept, started, one at a time."""

from dataclasses import replace
from pathlib import Path

import pytest

from cases import reported
from inspections.test_roll_back import DEPLOY, FAILING, WORLD
from lastgood.config import ActionTemplate, Settings
from lastgood.errors import UsageError
from lastgood.model.action import ActionEnded, Captured
from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.entry import Opened, Triaged
from lastgood.model.finding import Verdict
from lastgood.workbench.act import Wanted
from lastgood.workbench.action_steps import confirmation, mark_of, measured, started
from lastgood.workbench.store import Store
from services import service_over


def test_a_command_is_shown_before_it_runs_and_recorded_after(store: Store, tmp_path: Path) -> None:
    """The snapshot comes first; the next one has to wait."""
    template = ActionTemplate(kind="flag_off", command=("echo", "{flag}"))
    wanted = Wanted("flag_off", "anz-3ds")
    with service_over(store, tmp_path) as opened:
        settings = Settings(action=(template,))
        service = replace(opened, config=replace(opened.config, settings=settings))
        service.record.open(Opened("slow"), actor="kim")
        shown = confirmation(service, 1, wanted, actor="kim")
        assert shown.plan is not None
        assert ("echo", "anz-3ds") == shown.plan.begun.command
        other = confirmation(service, 1, replace(wanted, target="other"), actor="kim")
        assert other.plan is not None
        with pytest.raises(UsageError, match="no longer the one"):
            started(service, 1, wanted, shown=mark_of(other.plan), actor="kim")
        assert not any(
            isinstance(entry.payload, ActionEnded | Captured) for entry in service.record.entries(1)
        )
        action = started(service, 1, wanted, shown=mark_of(shown.plan), actor="kim")
        assert action.ended is not None
        kinds = [type(entry.payload) for entry in service.record.entries(1)]
        assert kinds.index(Captured) < kinds.index(ActionEnded)
        assert confirmation(service, 1, wanted, actor="kim").blocked
        with pytest.raises(UsageError, match="no measured effect"):
            started(service, 1, wanted, shown=None, actor="kim")
        assert action.number == measured(service, 1, None, actor="kim").begun


@pytest.mark.slow
def test_a_roll_back_goes_to_the_version_that_was_good_or_is_refused(store: Store, tmp_path: Path) -> None:
    """The command that is shown has the version; one without may go back to the likely deploy."""
    world = WORLD.replace("version=v42 at 10:20", "version=v42 at 10:20 then version=v43 at 10:30")
    forward = "change deploy checkout v42 -> v43 id=d43 at 10:30"
    comparison = reported(store, tmp_path, f"{world.format(quality=FAILING)}\n{DEPLOY}\n{forward}\n", 20)
    likely = WeighedChange(
        "d42", ChangeKind.DEPLOY, "checkout", comparison.good.start, "v42", ChangeVerdict.LIKELY, 0.8, (), ()
    )
    wanted = Wanted("rollback", "checkout")
    with service_over(store, tmp_path) as opened:
        opened.record.open(Opened("slow"), actor="kim")
        said = Triaged("", Verdict.YES, "", comparison=comparison, changes=(likely,))
        opened.record.append(1, said, actor="kim", at=comparison.bad.end)
        for command, shown_as in ((("echo", "{service}", "{version}"), "v41"), (("echo", "{service}"), None)):
            settings = Settings(action=(ActionTemplate(kind="rollback", command=command),))
            service = replace(opened, config=replace(opened.config, settings=settings))
            shown = confirmation(service, 1, wanted, actor="kim")
            assert shown.plan is not None
            if shown_as is None:
                with pytest.raises(UsageError, match="may go back to v42 only"):
                    started(service, 1, wanted, shown=mark_of(shown.plan), actor="kim")
            else:
                assert ("echo", "checkout", shown_as) == shown.plan.begun.command


def test_what_is_not_said_is_refused(store: Store, tmp_path: Path) -> None:
    """A kind and a target are needed."""
    with service_over(store, tmp_path) as service:
        service.record.open(Opened("slow"), actor="kim")
        with pytest.raises(UsageError, match="kind and a target"):
            confirmation(service, 1, Wanted("rollback", ""), actor="kim")

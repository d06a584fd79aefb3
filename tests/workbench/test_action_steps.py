"""Actions from the page: confirmed, kept, started, one at a time."""

from dataclasses import replace
from pathlib import Path

import pytest

from lastgood.config import ActionTemplate, Settings
from lastgood.errors import UsageError
from lastgood.model.action import ActionEnded, Captured
from lastgood.model.entry import Opened
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


def test_what_is_not_said_is_refused(store: Store, tmp_path: Path) -> None:
    """A kind and a target are needed."""
    with service_over(store, tmp_path) as service:
        service.record.open(Opened("slow"), actor="kim")
        with pytest.raises(UsageError, match="kind and a target"):
            confirmation(service, 1, Wanted("rollback", ""), actor="kim")

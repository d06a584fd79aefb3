"""What a server writes for commands; that it is the same text is shown in cli/test__server.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastgood.errors import NoDataError, NoIncidentError, UsageError
from lastgood.model.entry import Opened
from lastgood.surfaces.asked import Asked
from lastgood.surfaces.written import (
    Written,
    ask_written,
    changes_written,
    list_written,
    show_written,
    triage_written,
)
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from services import service_over


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        yield opened


def test_incidents_are_listed_and_shown(service: Service) -> None:
    """Without any, a note says how to open one."""
    assert Written("", "no incidents yet: lastgood incident open TITLE") == list_written(service, Asked())
    with pytest.raises(NoIncidentError):
        show_written(service, Asked(incident=1))
    service.record.open(Opened("checkout fails"), actor="kim")

    for write in (list_written, show_written):
        for output in ("text", "json"):
            assert "checkout fails" in write(service, Asked(output=output)).text


@pytest.mark.parametrize("write", [triage_written, ask_written, list_written])
def test_an_output_that_is_none_is_refused(service: Service, write: object) -> None:
    with pytest.raises(UsageError, match="no output 'pdf'"):
        write(service, Asked(output="pdf"))  # type: ignore[operator]


def test_known_troubles_are_not_asked_through_a_server(service: Service) -> None:
    """They ask databases, with the addresses of whoever runs the command."""
    with pytest.raises(UsageError, match="cannot ask a server"):
        ask_written(service, Asked(question="trouble"))


def test_without_changes_there_is_no_answer(service: Service) -> None:
    with pytest.raises(NoDataError, match="No changes"):
        changes_written(service, Asked())

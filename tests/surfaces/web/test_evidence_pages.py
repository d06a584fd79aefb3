"""A piece of evidence on its page, and its query run again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.model.entry import Opened
from lastgood.model.window import Window
from lastgood.workbench.entered import entered
from lastgood.workbench.evidence import frozen
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from records import START
from services import service_over
from surfaces.web.test_incident import called

PAGE = "/incidents/{number}/evidence/{sequence}"


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        opened.record.open(Opened("checkout fails"), actor="kim")
        yield opened


def keep(service: Service, sql: str) -> int:
    """The entry of what a query gives now."""
    _, reader = service.store.survey()
    rows = reader.query(sql, {}, Window(START, START + timedelta(hours=1)))
    room = entered(service, 1, "kim")
    return room.append(frozen(room.record, rows, "web fails <b>often</b>", "Is it real?")).sequence


def test_claim_query_and_rows_are_shown_and_run_again(service: Service) -> None:
    """Nothing has changed, so the rows are the same; what is written is text, never markup."""
    sequence = keep(service, "SELECT 'web' AS service, 7 AS n")
    asked = called(service, "GET", PAGE, sequence=str(sequence))
    again = called(service, "POST", f"{PAGE}/again", sequence=str(sequence), csrf="")

    assert "web fails &lt;b&gt;often" in asked.text
    assert "SELECT &#39;web&#39; AS service" in asked.text
    assert f"lastgood evidence {sequence} --incident 1" in asked.text
    assert "The same 1 rows" in again.text


def test_what_is_no_evidence_is_refused(service: Service) -> None:
    """The first entry of an incident is none."""
    assert 400 == called(service, "GET", PAGE).status_code

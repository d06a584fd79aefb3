"""Everything that is open as long as the server is."""

from pathlib import Path

import pytest

from lastgood.errors import CannotRunError
from lastgood.model.access import KeyKind
from lastgood.workbench.service import access_only
from lastgood.workbench.store import Store
from records import ticking
from services import service_over


def test_store_and_record_can_be_checked(store: Store, tmp_path: Path) -> None:
    """Closed, the store says so."""
    with service_over(store, tmp_path) as service:
        service.check_store()
        service.check_record()
        with service.apart() as apart:
            assert 1 == apart.engine.query("SELECT 1 AS n").rows[0]["n"]
        with pytest.raises(CannotRunError):
            apart.engine.query("SELECT 1")
        service.check_store()


def test_keys_can_be_made_beside_a_server(store: Store, tmp_path: Path) -> None:
    """Through the record alone."""
    with service_over(store, tmp_path) as service:
        with access_only(service.config.record, ticking()) as access:
            _, key = access.new_key("shop", KeyKind.INGEST, actor="kim")
        assert service.access.of_key(key).ingest

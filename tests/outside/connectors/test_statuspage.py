"""What it gives is in the suite for all connectors; here: what it does not."""

from lastgood.outside.connectors import statuspage as connector
from lastgood.outside.connectors.wire import Wire
from systems import System, running


def test_another_page_is_no_status_page() -> None:
    """What answers without a page is not taken for one."""
    with running(System({"/api/v2/summary.json": lambda _: {"ok": True}})) as url, Wire(url) as wire:
        assert not connector.detect(wire)

"""`lastgood trace` from outside."""

from pathlib import Path

import pytest

from commands import lastgood


@pytest.mark.slow
def test_a_request_across_files(tmp_path: Path) -> None:
    """Lines of two services with one id, in order; an id that nothing has is no data."""
    for second, service in ((1, "web"), (2, "pay")):
        (tmp_path / f"{service}.log").write_text(
            f'{{"time": "2026-11-22T14:30:0{second}Z", "level": "info", "service": "{service}", "msg": "order req-4711"}}\n'
        )

    shown = lastgood(tmp_path / "home", "trace", "req-4711", str(tmp_path))
    assert 0 == shown.returncode
    assert shown.stdout.index("web: order") < shown.stdout.index("pay: order")

    assert 3 == lastgood(tmp_path / "home", "trace", "req-4712", str(tmp_path)).returncode

"""Files that grow."""

from datetime import UTC
from pathlib import Path

from lastgood.workbench.store import Store
from lastgood.workbench.tail import Tail
from lives import NOW


def stored(store: Store) -> list[str]:
    """The bodies that are stored, in order of time."""
    rows = store.engine.query(f"SELECT Body FROM {store.engine.database}.otel_logs ORDER BY Timestamp").rows
    return [row["Body"] for row in rows]


def line(second: int, text: str) -> str:
    """A JSON line."""
    return f'{{"time": "2026-11-22T14:30:{second:02d}Z", "level": "info", "service": "a", "msg": "{text}"}}\n'


def test_whole_lines_are_loaded_as_they_come(store: Store, tmp_path: Path) -> None:
    """What was there is not loaded again, half a line waits for its end, and a rotated file starts anew."""
    log = tmp_path / "app.log"
    log.write_text(line(0, "before") * 3)
    tail = Tail(store, (tmp_path,), lambda: NOW, UTC)

    whole = line(1, "one") + line(2, "two")
    with log.open("a") as out:
        out.write(whole[:-20])
    tail.refresh()
    assert ["one"] == stored(store)

    with log.open("a") as out:
        out.write(whole[-20:])
    tail.refresh()
    tail.refresh()
    assert ["one", "two"] == stored(store)

    log.write_text(line(3, "anew"))
    tail.refresh()
    assert ["one", "two", "anew"] == stored(store)

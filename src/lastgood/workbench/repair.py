"""Repair: a kept store that does not open is made to open again."""

from pathlib import Path

from lastgood.telemetry.repair import Repaired, repair


def repair_store(path: Path) -> Repaired:
    """What was done to the store in a folder; its data stay, broken parts are set aside.

    Raises:
        NoDataError: there is no store in that folder.
        StoreLockedError: a process has it open.
        StoreBrokenError: it does not open even so.
    """
    return repair(path)

"""Rejects: the lines that loading did not take, as they are kept."""

from lastgood.telemetry.rejects import SavedReject, SavedRejects, saved_rejects
from lastgood.workbench.store import Store

__all__ = ["SavedReject", "SavedRejects", "rejects"]


def rejects(store: Store, limit: int) -> SavedRejects:
    """The rejects of a store: those of the newest load first, in the order of their files."""
    return saved_rejects(store.engine, limit)

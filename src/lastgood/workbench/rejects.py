"""Rejects: the lines that loading did not take, as they are kept."""

from lastgood.telemetry.rejects import KeptReject, KeptRejects, kept_rejects
from lastgood.workbench.store import Store

__all__ = ["KeptReject", "KeptRejects", "rejects"]


def rejects(store: Store, limit: int) -> KeptRejects:
    """The rejects of a store: those of the newest load first, in the order of their files."""
    return kept_rejects(store.engine, limit)

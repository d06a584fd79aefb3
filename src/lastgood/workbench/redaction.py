"""Redaction: who replaces personal data and secrets before rows are stored, by the settings and under the store's key."""

import secrets
from pathlib import Path

from lastgood.algorithms.pseudonyms import Pseudonyms
from lastgood.config import Redaction, data_home, settings
from lastgood.telemetry.redaction import Redactor, key_in
from lastgood.workbench.store import Store

OWN = "lastgood-redaction"  # under the data home: the key of stores that are thrown away, so that two runs give the same tokens


def redactor_of(store: Store, given: Redaction | None = None) -> Redactor:
    """Who redacts what goes into a store; by the settings in force, unless others are given.

    Raises:
        UsageError: the settings cannot be read.
        OSError: the store's key can be neither read nor written.
    """
    rules = settings().redaction if given is None else given
    folder = None if store.fleeting else store.engine.folder
    key = key_in(folder) if folder else _own_key(data_home() / OWN)
    return Redactor(Pseudonyms(key, frozenset(rules.kinds), frozenset(rules.keep), frozenset(rules.fields)))


def _own_key(folder: Path) -> bytes:
    try:
        return key_in(folder)
    except OSError:  # a home that cannot be written to costs only this: another run gives other tokens
        return secrets.token_bytes(32)

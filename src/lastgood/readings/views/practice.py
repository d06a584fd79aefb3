"""Deploys and what else a feed reports around them, as changes, for the practice that they followed."""

from lastgood.model.change import Change
from lastgood.model.window import Window
from lastgood.readings.feed import CHANGES_MOST, change_of
from lastgood.telemetry.reader import Reader

_QUERY = f"""
SELECT id, ts, until, kind, service, title, version, previous, state, within, files, attributes
FROM lg_changes WHERE kind NOT IN ('cron', 'scaling', 'certificate', 'dns', 'third_party')
ORDER BY ts DESC, kind, service, id LIMIT {CHANGES_MOST}"""


def reported_changes(reader: Reader, window: Window) -> tuple[Change, ...]:
    """What people changed in a window, the newest first."""
    return tuple(change_of(row) for row in reader.query(_QUERY, {}, window).dicts())

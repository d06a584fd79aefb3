"""Data that arrived shortly before the onset: a request that publishes them, or an importer that warns of them.

Code fails on data that it has not met before. No feed of changes tells of data; a request to an administrator's address that
imports or publishes, and a line of an importer about columns or rows, do. Both are rare: what comes all day is no news.
"""

from collections.abc import Iterator

from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.weights import (
    DATA_ARRIVED_BEFORE,
    DATA_HALF_LIFE,
    DATA_PUBLISHED,
    DATA_RARE,
    DATA_WARNED,
)
from lastgood.model.attributes import URL_PATH
from lastgood.model.figures import shortened
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.risen import ERROR_SAMPLE

_WRITES = "('POST', 'PUT', 'PATCH')"
# An ordinary user may upload a file; who imports or publishes for all does it at an address of administrators.
_PUBLISHES = (
    "(?i)/(import|publish|reload|activate|seed|bulk)([/?]|$)"
    "|/(admin|back-?office|manage|management|internal|cms|console|ops)/.*/(upload|load|release|ingest|sync)([/?]|$)"
)
_REQUESTS = f"""
SELECT service, method, attributes['{URL_PATH}'] AS path, max(ts) AS last, count() AS n FROM lg_requests
WHERE method IN {_WRITES} AND http_status < 400 AND match(attributes['{URL_PATH}'], {{publishes:String}})
GROUP BY service, method, replaceRegexpAll(path, '[0-9]+', '0') AS alike, path
HAVING n <= {{rare:UInt32}} ORDER BY last DESC, service, path LIMIT 200"""
_ABOUT = "(?i)\\\\b(column|columns|rows?|records?|feed|import(ed|er)?|file|csv|xml|dataset|catalogu?e|schema|entries)\\\\b"
_LINES = f"""
SELECT service, min(body) AS line, max(ts) AS last, count() AS n FROM lg_lines
WHERE severity >= 13 AND match(body, '{_ABOUT}') GROUP BY service, shape
HAVING n <= {{rare:UInt32}} ORDER BY last DESC, service, line LIMIT 200"""


def data_arrived(case: Case, scene: Scene) -> Iterator[Reason]:
    """What tells of data that arrived shortly before the onset: the nearest request, and the nearest warning."""
    near = Window(scene.low - DATA_ARRIVED_BEFORE, scene.high)
    if case.has(Signal.SPANS) or case.has(Signal.LOGS):
        rows = case.query(_REQUESTS, window=case.window, publishes=_PUBLISHES, rare=DATA_RARE).dicts()
        for row in [one for one in rows if near.start <= one["last"] <= near.end][:1]:
            lead = max(scene.at - row["last"], scene.at - scene.at)
            what = f"{row['method']} {row['path']}"
            yield Reason(
                DATA_PUBLISHED,
                scale=0.5 ** (lead / DATA_HALF_LIFE),
                what=what,
                at=row["last"],
                service=row["service"],
            )
    if case.has(Signal.LOGS):
        rows = case.query(_LINES, window=case.window, rare=DATA_RARE).dicts()
        for row in [one for one in rows if near.start <= one["last"] <= near.end and one["last"] < scene.at][
            :1
        ]:
            lead = scene.at - row["last"]
            line = shortened(row["line"], ERROR_SAMPLE)
            yield Reason(
                DATA_WARNED,
                scale=0.5 ** (lead / DATA_HALF_LIFE),
                service=row["service"] or "a file",
                at=row["last"],
                line=line,
            )

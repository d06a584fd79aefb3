"""Elasticsearch and OpenSearch: the documents of an index in the window, newest first, page by page (search_after)."""

from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import LINES_AT_ONCE, PAGES
from lastgood.outside.connectors.wire import Wire

_TIME = "@timestamp"
_INDEX = "logs-*,filebeat-*,logstash-*,fluent*"


def detect(wire: Wire) -> bool:
    """Whether it names its version and cluster as both do."""
    try:
        answer = wire.get_json("")
    except NotFetchedError:
        return False
    return isinstance(answer, dict) and {"cluster_name", "version"} <= answer.keys()


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Pages of hits; `target` names the index, `select` is a query string of Lucene."""
    after: list[Any] = []
    last = asking.window.end.isoformat()
    for page in range(1, PAGES + 1):
        try:
            answer = wire.send_json(
                f"{asking.target or _INDEX}/_search?ignore_unavailable=true", _question(asking, after)
            )
        except NotFetchedError as problem:
            if page == 1:
                raise
            yield Limit(f"documents before {last} did not come: {problem.message}")
            return
        hits = answer["hits"]["hits"]
        failed = answer.get("_shards", {}).get("failed", 0)
        if failed or answer.get("timed_out"):
            yield Limit(
                f"Elasticsearch answered in part: {failed} shards failed, timed out: {answer.get('timed_out')}"
            )
        if hits:
            yield Document(f"documents-{page:02}.json", orjson.dumps({"hits": {"hits": hits}}))
            last = str(hits[-1]["_source"].get(_TIME, last))
        if len(hits) < LINES_AT_ONCE:
            if page == 1 and not hits:
                raise NotFetchedError(
                    f"{wire.url} has no documents in this window: name the index with target."
                )
            return
        after = hits[-1]["sort"]
    yield Limit(f"documents before {last} were left out: {PAGES} pages of {LINES_AT_ONCE} are read")


def _question(asking: Asking, after: list[Any]) -> dict[str, Any]:
    window = {"gte": asking.window.start.isoformat(), "lt": asking.window.end.isoformat()}
    filters: list[dict[str, Any]] = [{"range": {_TIME: window}}]
    if asking.services:
        filters.append({"terms": {"service.name": list(asking.services)}})
    if asking.select:
        filters.append({"query_string": {"query": asking.select}})
    question: dict[str, Any] = {
        "size": int(LINES_AT_ONCE),
        "query": {"bool": {"filter": filters}},
        "sort": [{_TIME: {"order": "desc", "unmapped_type": "date"}}, {"_doc": "asc"}],
        "timeout": "10s",
    }
    return question | ({"search_after": after} if after else {})


def holds(wire: Wire, asking: Asking) -> Held:
    """How many documents its indices have."""
    found = wire.get_json(f"{asking.target or _INDEX}/_count", ignore_unavailable="true")["count"]
    return Held(counted(found, "document"), empty=not found)


CONNECTOR = Connector("elasticsearch", "log lines", fetch, detect, holds, frozenset({Signal.LOGS}))

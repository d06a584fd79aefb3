"""Languages: what each service is written in, as its telemetry says or its stack traces and loggers show."""

import re
from collections.abc import Mapping

from lastgood.model.attributes import SDK_LANGUAGE, STACKTRACE
from lastgood.model.readiness import PROXY
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader

_PROXIES = re.compile(r"nginx|haproxy|envoy|traefik|caddy|apache|httpd", re.IGNORECASE)
# How runtimes print frames of a stack trace, and what loggers of a language are called (RE2).
_TRACES = {
    "java": r"\n\s+at [\w.$/@]+\([\w$]+\.(?:java|kt|scala):\d+\)",
    "python": r'Traceback \(most recent call last\)|File "[^"\n]+\.py", line \d+',
    "nodejs": r"\n\s+at [^\n]+\.(?:[cm]?[jt]s|[jt]sx):\d+:\d+",
    "go": r"goroutine \d+ \[|\n\s+\S+\.go:\d+ ",
}
_LOGGERS = {
    "java": r"^(?:[a-z]\w*\.){2,}[A-Z]\w*$",
    "python": r"^(?:uvicorn|gunicorn|django|werkzeug|celery|sqlalchemy|aiohttp)\b",
}
_TEXT = f"concat('\\n', any(body), '\\n', any(attributes['{STACKTRACE}']))"


def _first_of(column: str, patterns: Mapping[str, str], otherwise: str) -> str:
    chosen = (f"match({column}, {{{column}_{name}:String}}), '{name}'" for name in patterns)
    return f"multiIf({', '.join(chosen)}, {otherwise})"


# One line of each shape is looked at: others of it are alike. What a sender states goes before what is seen.
_SHOWN = _first_of("text", _TRACES, _first_of("logger", _LOGGERS, "''"))
_QUERY = f"""
SELECT service, argMax(language, (stated, n)) AS language FROM (
    SELECT service, language, stated, sum(n) AS n FROM (
        SELECT service, resource['{SDK_LANGUAGE}'] AS language, 1 AS stated, count() AS n FROM lg_spans GROUP BY service, language
        UNION ALL SELECT service, resource['{SDK_LANGUAGE}'] AS language, 1 AS stated, count() AS n FROM lg_lines GROUP BY service, language
        UNION ALL SELECT service, {_SHOWN} AS language, 0 AS stated, n FROM (
            SELECT service, shape, {_TEXT} AS text, any(scope) AS logger, count() AS n FROM lg_lines GROUP BY service, shape
        )
    ) WHERE language != '' GROUP BY service, language, stated
) GROUP BY service"""
_PARAMETERS = {
    f"{column}_{name}": pattern
    for column, patterns in (("text", _TRACES), ("logger", _LOGGERS))
    for name, pattern in patterns.items()
}


_NAMES = "SELECT service FROM lg_spans WHERE service != '' UNION DISTINCT SELECT service FROM lg_requests WHERE service != ''"


def languages(reader: Reader, window: Window) -> dict[str, str]:
    """The language of each service that shows one in a window: `java`, `nodejs`, as telemetry.sdk.language has it.

    `proxy` for one that is bought rather than written. What lines without a service show is of the only service that
    shows none.
    """
    rows = reader.query(_QUERY, _PARAMETERS, window).dicts()
    found = {row["service"]: row["language"] for row in rows}
    unnamed = found.pop("", "")
    others = [
        row["service"] for row in reader.query(_NAMES, {}, window).dicts() if row["service"] not in found
    ]
    found |= {name: PROXY for name in others if _PROXIES.search(name)}
    own = [name for name in others if name not in found]
    return found | ({own[0]: unnamed} if unnamed and len(own) == 1 else {})

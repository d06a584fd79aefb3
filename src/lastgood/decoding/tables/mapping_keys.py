"""The keys of a mapping file, and what each of them says: one list for the parser and for the manual."""

from collections.abc import Iterator, Mapping

TOP_KEYS = {
    "file": "`[[file]]`, one table per kind of file. Several tables may match the same file: each reads it for itself.",
    "ignore": "Patterns of files that are not to be read at all.",
}
FILE_KEYS = {
    "match": "Which files: a pattern or a list of them, held against the end of the path. `*` is anything, also `/`; "
    "whole folder names count (`trace/*.csv` does not match `subtrace/1.csv`). Leave out `.gz`, `.zst`, `.bz2`, `.xz`.",
    "kind": "What the records are: see [kinds](#kinds-and-their-fields).",
    "format": "`csv`, `ndjson` (one JSON object a line) or `json` (a document). Default: detected by name and first bytes.",
    "delimiter": "What separates the fields of a csv. Default: a comma.",
    "header_rows": "How many rows name the columns. Default: 1. Names of several rows are joined; an empty cell "
    "repeats the one to its left. 0: `columns` names them.",
    "header_join": "What joins the names of several header rows. Default: `|`.",
    "index_row": "`true`: the row after the header names the first columns and holds no values.",
    "skip_rows": "How many rows are before the header.",
    "columns": "The names of the columns of a csv without a header.",
    "records": "The dotted path of the list inside a JSON document, such as `data.items`.",
    "fields": "`[file.fields]`: what is what; each is a [pick](#picks).",
    "attributes": "`[file.attributes]`: attributes of the span, line, point, change or alert (labels); each is a pick.",
    "resource": "`[file.resource]`: attributes of where it comes from, such as `k8s.pod.name`; each is a pick.",
    "rest": "`true`: columns that nothing names become attributes under their own names.",
    "values": "`[[file.values]]`: the [value columns](#value-columns) of a wide table of metrics.",
    "ignore": "Regular expressions: columns that are neither values nor attributes.",
    "keep": "`[file.keep]`: column = regular expression; other rows are left out, and counted as blank.",
    "drop": "`[file.drop]`: column = regular expression; these rows are left out, and counted as blank.",
    "type": "Of metrics: `gauge`, `counter` (only grows) or `delta` (the amount since the last point). Default: `gauge`.",
    "body_format": "Of logs: `auto` reads the body further, as a log line of whatever format it has (JSON, a container "
    "runtime's envelope, a known text format); the mapping takes precedence over the line itself. "
    "Default: `plain`.",
}
PICK_KEYS = {
    "column": "The column; in JSON a dotted path (`app.name`).",
    "columns": "Several columns: the first that holds a text.",
    "constant": "A text that is the same for every record.",
    "regex": "What to cut out: the group named `value`, else the first group, else the whole match; no match gives nothing.",
    "map": 'Translations, `{ 0 = "Ok", 2 = "Error" }`; `"*"` is any other text. Texts without one stay.',
    "default": "The text when there is none.",
    "unit": "Of times: `s`, `ms`, `us` or `ns` since 1970. Of durations: these and `min`, `h`. Default: `ns`.",
    "format": "Of times: `iso`, or a `strptime` pattern such as `%d/%m/%Y %H:%M:%S`. Without unit and format ISO 8601 and "
    "its relatives are read, and numbers as the unit that puts them between 1990 and 2100.",
    "zone": "Time zone for times without one, such as `Europe/Berlin`. Default: that of `--tz`.",
    "optional": "`true`: a file without the column is fine. Otherwise it is left unread, and the report says why.",
}
VALUE_KEYS = {
    "columns": "A regular expression over whole names of columns. The first table that matches a column takes it.",
    "metric": "The name of the metric. `{group}` is a group of the expression, `{0}` for the whole name. "
    "Without it: the group `metric`, or the column's name.",
    "unit": "Its unit, in UCUM where possible: `s`, `By`, `1`, `{request}`.",
    "service": "The service of the metric, such as `{service}`. Default: from `[file.fields]`.",
    "scale": "A factor, such as 0.01 for percent to share.",
    "type": "As in `[[file]]`.",
    "attributes": 'Attributes of the points, such as `{ "service.peer.name" = "{callee}" }`.',
    "caller": "With `callee`: the column is also a call from one to the other.",
    "callee": "See `caller`.",
}
KINDS = {
    "spans": "Spans of traces. Without `duration` and `end` they take no time.",
    "logs": "Log events.",
    "metrics": "Metric points: long (`metric` and `value`), or wide (`[[file.values]]`).",
    "calls": "Who calls whom.",
    "adjacency": "Who calls whom, as a matrix: names in the first column and in the header, a number above 0 where the row "
    "calls the column. `caller` and `callee` are picked from columns called `row` and `column`, which are their defaults.",
    "changes": "What was done to the system.",
    "alerts": "Alerts that fired. An alert is a hint where and when to look.",
}
FIELDS = {
    "spans": (
        "time", "end", "duration", "service", "trace", "span", "parent", "name", "kind", "status", "failed",
        "message", "scope",
    ),
    "logs": ("time", "service", "severity", "body", "trace", "span", "scope", "event"),
    "metrics": ("time", "service", "metric", "value", "unit"),
    "calls": ("time", "caller", "callee"),
    "adjacency": ("time", "caller", "callee"),
    "changes": (
        "time", "end", "service", "id", "kind", "title", "actor", "version", "previous_version", "state", "within",
        "files", "additions", "deletions", "diff", "url", "flag",
    ),
    "alerts": ("time", "end", "service", "id", "name", "state", "severity", "summary", "url"),
}  # fmt: skip
REQUIRED = {
    "spans": ("time", "trace", "span"),
    "logs": ("time", "body"),
    "metrics": ("time",),
    "calls": ("caller", "callee"),
    "adjacency": (),
    "changes": ("time", "kind"),
    "alerts": ("time", "name"),
}
MEANINGS = {
    "time": "when it happened or started",
    "end": "when it ended",
    "duration": "how long it took; give the `unit`",
    "service": "the service",
    "trace": "the trace's id",
    "span": "the span's id",
    "parent": "the parent's span id, empty for a root",
    "name": "the operation, or the name of the alert",
    "kind": "of a span: server, client, producer, consumer, internal; of a change: deploy, commit, config, flag, migration, "
    "cron, scaling, certificate, dns, third_party, infrastructure",
    "status": "of a span: ok, error, unset, or OpenTelemetry's numbers",
    "failed": "true, yes or 1: the span failed",
    "message": "why it failed",
    "scope": "the logger or the instrumentation",
    "severity": "a level by name, or OpenTelemetry's number; of an alert as written",
    "body": "the text",
    "event": "the event's name",
    "metric": "the metric's name",
    "value": "its value",
    "unit": "its unit",
    "caller": "who calls",
    "callee": "who is called",
    "id": "what it is known by: a commit's sha, a deployment's number, a fingerprint",
    "title": "what to call it in one line",
    "actor": "who did it",
    "version": "the version after",
    "previous_version": "the version before",
    "state": "how far it came",
    "within": "the id of the change that carried it",
    "files": "files touched: a JSON list, or separated by commas",
    "additions": "lines added",
    "deletions": "lines removed",
    "diff": "the patch",
    "url": "where to read on",
    "flag": "the key of the flag that was changed; its id and title when there are none",
    "summary": "the text",
}


def manual() -> Iterator[str]:
    """The reference of mapping files, in Markdown."""
    yield "# Mapping files\n"
    yield (
        "A mapping is a TOML file that says which columns of whose files are what: `lastgood load --map my.toml PATH…`, "
        "`lastgood triage --map my.toml FOLDER`. It goes before what would be recognised by itself; files that it does not "
        "match are read as ever. See [how to map your own files](../howto/map-your-own-files.md).\n"
    )
    yield from _listed("The file", TOP_KEYS)
    yield from _listed("`[[file]]`", FILE_KEYS)
    yield "## Kinds and their fields\n"
    for kind, about in KINDS.items():
        yield f"**{kind}**: {about}\n"
        for field in FIELDS[kind]:
            needed = " (required)" if field in REQUIRED[kind] else ""
            yield f"- `{field}`{needed}: {MEANINGS[field]}"
        yield ""
    yield from _listed(
        "Picks",
        PICK_KEYS,
        'A pick is the name of a column (`service = "app"`), a table, or a list of these: the first that gives something.',
    )
    yield from _listed("Value columns", VALUE_KEYS, "`[[file.values]]`: one metric per column.")


def _listed(title: str, keys: Mapping[str, str], about: str = "") -> Iterator[str]:
    yield f"## {title}\n"
    if about:
        yield f"{about}\n"
    for key, meaning in keys.items():
        yield f"- `{key}`: {meaning}"
    yield ""

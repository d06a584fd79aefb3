"""The parts of lines for which there is no grammar: properties, environments, nginx, XML, contracts and what else there is."""

import re
from collections.abc import Iterable, Iterator

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.unified import Hunk, Line

Found = tuple[Form, str, str, Line]
_PAIR = re.compile(
    r"(?<![\w\-/\[\]])(?P<name>[A-Za-z_][\w.\-/\[\]]*)[\"']?\s*(?:=>|:=|[:=](?!=)|\()\s*"
    r"(?P<value>\$?\{\{?[^{}\n]{1,80}\}\}?|\"(?:[^\"\\]|\\.){0,200}\"|'(?:[^'\\]|\\.){0,200}'|[^\s,;(){}\[\]#\"']+(?:\([^()]{0,80}\))?)"
)
_TAGGED = re.compile(r"<(?P<name>[\w.\-:]+)>(?P<value>[^<>]{1,200})</")
_ELSE = re.compile(r"\$\{(?P<name>[\w.]+):-?(?P<value>[^{}]+)\}")  # ${batch.size:500}, ${WORKERS:-4}
# --workers 8 · "--workers", "8" · --workers=8
_OPTION = re.compile(r"(?:^|[\s\"'\[,])--(?P<name>[a-z][\w\-]+)(?:=|\s+|[\"'],\s*[\"'])(?P<value>\w[\w.]*)")
_HEAP = re.compile(r"-(?P<name>Xm[xs])(?P<value>\d+[kmgKMG]?)")
# nginx, HAProxy, CoreDNS, Redis: `proxy_read_timeout 60s;`, `timeout server 30s`, `forward . 10.0.0.2`
_DIRECTIVE = re.compile(
    r"\s*(?P<name>[A-Za-z][\w\-]*(?:\s+[a-z][\w\-]*)?)\s+(?:\.\s+)?(?P<value>[\d/][\w./:\-]*|[a-z]+://[^\s;]+|on|off|yes|no|[\w\-]+(?:\.[\w\-]+)+(?::\d+)?)(?:,\s*\d+)*\s*;?\s*"
)
_LAST = re.compile(
    r"(?<=[\s;])(?P<name>[a-z][a-z_\-]+)[ =](?P<value>\d+[\w/]*)(?=[\s;]|$)"
)  # `check maxconn 200`, `rate=5r/s`
# HAProxy and nginx: `option httpchk GET /ping`, `http-check send meth GET uri /ping`, `health_check uri=/ping;`
_CHECK = re.compile(
    r"\s*(?:option\s+)?(?P<name>httpchk|http-check|health_check|check_http_send)\s+(?P<value>[^;]+?)\s*;?\s*"
)
_WITH_DIRECTIVES = re.compile(
    r"\.(conf|cfg)$|(^|/)(Corefile|Caddyfile)$|(^|/)(nginx|haproxy)/", re.IGNORECASE
)
_COMMENT = re.compile(r"\s*(//|#|\*|/\*|--|;|<!--)")
_IMAGE = re.compile(r"^\s*-?\s*(image\s*[:=]|FROM\s)")
_CALLED = re.compile(r"([A-Za-z_][\w.]*[!?]?)\(")
# `string currency = 4;` of protobuf, `total: Int!` of GraphQL, `@@index([a])` of Prisma
_MEMBER = re.compile(
    r"\s*(?:(?:optional|repeated|required)\s+)?[\w.<>]+\s+(\w+)\s*=\s*\d+;|\s*(\w+)(?:\([^)]*\))?: \[?[A-Z]\w*[\]!]*\s*$"
)
_GUARD = re.compile(
    r"\b(guard|if|unless)\b(?P<asked>.{1,120}?)(?P<exits>\b(return|throw|raise|continue|break)\b.*)"
)
_SAFE = re.compile(r"\?\.|\?\?|\?:")
_MARK = re.compile(r"@@?(\w+)(\(.*\))?")


def plain_parts(hunk: Hunk, lines: Iterable[Line], sign: str) -> Iterator[Found]:
    """What changed lines set, call and declare, by their look."""
    for line in lines:
        if line.sign == sign and not _COMMENT.match(line.text) and not _IMAGE.match(line.text):
            yield from ((Form.SETTING, name, value, line) for name, value in _settings(line.text, hunk.path))
            yield from (
                (Form.CALL, match[1], line.text.strip(), line) for match in _CALLED.finditer(line.text)
            )
            yield from ((Form.MARK, match[1], match[2] or "", line) for match in _MARK.finditer(line.text))
            yield from ((Form.SAFE, match[0], line.text.strip(), line) for match in _SAFE.finditer(line.text))
            if match := _GUARD.search(line.text):
                yield Form.GUARD, match[1], f"{match['asked']}; {match['exits']}", line
            if match := _MEMBER.match(line.text):
                yield Form.FIELD, match[1] or match[2], line.text.strip(), line


def options(text: str) -> Iterator[tuple[str, str]]:
    """What a command line or a placeholder in any file sets."""
    for form in (_HEAP, _ELSE, _OPTION):
        yield from ((m["name"], m["value"].strip("\"'")) for m in form.finditer(text))


def _settings(text: str, path: str) -> Iterator[tuple[str, str]]:
    if _WITH_DIRECTIVES.search(path):
        if match := _CHECK.fullmatch(text):
            yield match["name"], match["value"]
            return
        if match := _DIRECTIVE.fullmatch(text):
            yield "_".join(match["name"].split()), match["value"]
            return
        if last := [*_LAST.finditer(text)]:
            yield last[-1]["name"], last[-1]["value"]
            return
    if found := [*options(text)] or [(m["name"], m["value"]) for m in _TAGGED.finditer(text)]:
        yield from found
        return
    yield from ((m["name"].rstrip(".-"), m["value"].strip("\"'")) for m in _PAIR.finditer(text))

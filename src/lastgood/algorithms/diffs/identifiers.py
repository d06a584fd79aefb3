"""Words of identifiers and how much they tell: camelCase and snake_case split, weighed by how rare they are.

The weight is the inverse document frequency of Spärck Jones (1972), over the changes that are candidates:
a word that half of them share distinguishes nothing.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from math import log

LONGEST_IDENTIFIER = 200_000  # characters that are read
SHORTEST_IDENTIFIER = 3
_NAME = re.compile(r"[^\W\d_](?:\w|[.\-](?=[^\W\d_]))*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Words that every code base and every trouble has: no reason to suspect one change rather than another.
PLAIN_IDENTIFIER = frozenset([
    "the", "and", "for", "with", "from", "that", "this", "then", "than", "not", "new", "old", "are", "was",
    "were", "has", "have", "had", "will", "would", "can", "could", "should", "does", "did", "into", "onto",
    "over", "under", "after", "before", "when", "while", "where", "which", "what", "who", "how", "all",
    "any", "some", "each", "every", "one", "two", "more", "most", "less", "least", "many", "much", "very",
    "just", "only", "also", "still", "yet", "but", "its", "their", "your", "our", "his", "her", "you",
    "they", "them", "out", "off", "down", "again", "here", "there", "now", "about", "between", "because",
    "through", "during", "without", "within", "against", "other", "same", "such", "own", "service",
    "services", "server", "client", "request", "requests", "response", "responses", "error", "errors",
    "exception", "exceptions", "failed", "failure", "fail", "fails", "failing", "code", "status", "message",
    "messages", "data", "value", "values", "key", "keys", "name", "names", "type", "types", "list", "item",
    "items", "object", "return", "returns", "function", "func", "def", "class", "public", "private",
    "static", "void", "final", "const", "let", "var", "import", "package", "null", "none", "nil", "true",
    "false", "self", "string", "int", "bool", "float", "double", "number", "long", "char", "byte", "bytes",
    "array", "map", "dict", "set", "get", "put", "add", "remove", "delete", "update", "create", "make",
    "use", "used", "using", "run", "start", "stop", "begin", "end", "call", "calls", "called", "handler",
    "handle", "process", "processing", "processed", "method", "path", "file", "files", "line", "lines",
    "test", "tests", "main", "src", "lib", "app", "api", "http", "https", "www", "com", "org", "net",
    "json", "yaml", "yml", "toml", "xml", "html", "log", "logs", "logger", "logging", "info", "warn",
    "warning", "debug", "trace", "level", "metric", "metrics", "span", "spans", "time", "timestamp", "date",
    "user", "users", "operation", "follow", "comes", "nothing", "usual", "usually", "fell", "rose", "past",
    "baseline", "traffic", "caller", "callee", "downstream", "platform", "pod", "pods", "instead", "unchanged",
    "seconds", "minutes", "times", "change", "changed", "changes", "deploy", "deploys", "deployed",
    "release", "version", "commit", "fix", "feature", "config", "configuration", "setting", "settings",
    "default", "max", "min", "count", "size", "total", "id", "ids", "of", "in", "on", "to", "is", "it",
    "at", "by", "be", "or", "as", "if", "an", "no", "do", "we", "so", "up", "go",
])  # fmt: skip


def words(text: str) -> set[str]:
    """The words of a text, lower case: each part of a name, and the whole of a name that has several, without its separators.

    `card.issuer`, `cardIssuer` and `card_issuer` all give card, issuer and cardissuer.
    """
    found: set[str] = set()
    for name in _NAME.findall(text[:LONGEST_IDENTIFIER]):
        parts = [part.lower() for part in _PART.findall(name)]
        reported = [
            part for part in parts if len(part) >= SHORTEST_IDENTIFIER and part not in PLAIN_IDENTIFIER
        ]
        found.update(_stem(part) for part in reported)
        if 1 < len(parts) <= 5 and reported:
            found.add("".join(parts))
    return found


def _stem(word: str) -> str:
    """Without the plural's ending: `orders` and `order` are one word."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def rarity(documents: Collection[Collection[str]]) -> Mapping[str, float]:
    """How much each word tells, 0..1: 1 where one document of many has it, 0 where all of several do."""
    counts = Counter(word for document in documents for word in set(document))
    whole = len(documents)
    if whole < 2:
        return dict.fromkeys(counts, 1.0)
    return {word: log(whole / count) / log(whole) for word, count in counts.items()}


def shared(
    own: Iterable[str], symptom: Mapping[str, float], weights: Mapping[str, float]
) -> list[tuple[str, float]]:
    """The words that a change has in common with the symptom, most telling first.

    `symptom` says how much each of its words stands for it (0..1), `weights` how rare it is among changes.
    """
    both = ((word, symptom[word] * weights.get(word, 1.0)) for word in set(own) if word in symptom)
    return sorted((pair for pair in both if pair[1] > 0.05), key=lambda pair: (-pair[1], pair[0]))

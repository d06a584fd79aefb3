"""Certificate files: which of them an edit took and gave, by the names that tools give them."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.parts import Edits

# certbot's files are of https://eff-certbot.readthedocs.io (where are my certificates); stores of Java and Windows.
_FILE = re.compile(r"[\w*-]*\.(?:pem|crt|cer|p7b|pfx|p12|jks|keystore|truststore)\b", re.IGNORECASE)


_COMMENT = re.compile(r"\s*(?:#|//|;|\*|/\*|--|<!--)")


def certificate_effects(edits: Edits) -> Iterator[Effect]:
    """That a certificate file is taken no longer, and another instead or none."""
    named = {
        sign: {
            name: line
            for line in edits.hunk.lines
            if line.sign == sign and not _COMMENT.match(line.text)
            for name in _FILE.findall(line.text)
        }
        for sign in "-+"
    }
    gone, new = ([name for name in named[a] if name not in named[b]] for a, b in ("-+", "+-"))
    if gone:
        line = named["+"][new[0]] if new else named["-"][gone[0]]
        what = f"{gone[0]} → {', '.join(sorted(new)) or 'none'}"
        yield Effect(
            EffectKind.CERTIFICATE_CHANGED, edits.hunk.path, line.text.strip()[:160], line.number, what[:120]
        )

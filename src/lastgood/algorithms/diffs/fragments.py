"""A fragment of a file made whole: what it opens is closed, what it closes is opened, so that a grammar can read it."""

import re
from collections.abc import Sequence

from lastgood.algorithms.diffs.grammars import Grammar

_LITERAL = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`[^`]*`|//.*|/\*.*?\*/')
_HASHED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|#.*')
DEEPEST_FRAGMENT = 1000
_CLOSES = {"}": "{", ")": "(", "]": "["}
_OPENS = {opener: closer for closer, opener in _CLOSES.items()}
_CASE = re.compile(r"\s*(case\b|default\s*:|when\b)|[^={}]*[^={}>\s]\s*(=>|->)\s*[^{]*,?$")
_SWITCH = re.compile(r"\b(switch|match|when|select|case)\b.*[{:]?$")
_MEMBER = re.compile(r"\s*(\.\.\.)?[\"']?[\w.*\-]+[\"']?\s*(:|=>?|,$)")
_RUBY_OPENS = re.compile(
    r"^\s*(def|class|module|if|unless|case|while|until|begin|for)\b|\bdo\b(\s*\|[^|]*\|)?\s*$|=\s*(if|case|begin)\b"
)


def whole(lines: Sequence[str], grammar: Grammar) -> tuple[str, int]:
    """A text that holds the lines, and how many lines of its own stand before them."""
    bare = [(_HASHED if grammar.hash_comments else _LITERAL).sub("_", text) for text in lines]
    first = next((text for text in bare if text.strip()), "")
    before, after = list[str](), list[str]()
    if re.match(r"\s*\*(\s|/|$)", first) and not grammar.hash_comments:
        before, after = ["/*"], [] if any("*/" in text for text in lines) else ["*/"]
        return _joined(before, lines, after)
    if grammar.indented:
        return _indented(lines, bare, grammar)
    if grammar.maker == "language" and grammar.module == "tree_sitter_json":
        return _of_json(lines, bare)
    if grammar.module == "tree_sitter_ruby":
        return _of_ruby(lines, bare)
    openers, closers = _unbalanced(bare)
    if not openers and not closers and _members(bare):
        before, after = [grammar.group[0]], [grammar.group[1]]
    elif (
        grammar.cases
        and _CASE.match(first)
        and not any(_SWITCH.search(text) and "{" in text for text in bare)
    ):
        before = [*openers[:-1], grammar.cases]
        after = closers if openers else [*closers, "}"]
    else:
        before, after = openers, closers
    last = next((text for text in reversed(bare) if text.strip()), "").strip()
    if grammar.stub and re.match(r"(@[\w.]+|#?\[)", last):
        after = [grammar.stub, *after]
    return _joined([" ".join(before)] if before else [], lines, after)


def _joined(before: Sequence[str], lines: Sequence[str], after: Sequence[str]) -> tuple[str, int]:
    return "\n".join([*before, *lines, *after]) + "\n", len(before)


def _members(bare: Sequence[str]) -> bool:
    """Whether lines are members of something whose braces are not among them."""
    depth, found = 0, 0
    for text in bare:
        if depth == 0 and text.strip():
            if not _MEMBER.match(text):
                return False
            found += text.rstrip().endswith(",")
        depth += sum(text.count(o) for o in _OPENS) - sum(text.count(c) for c in _CLOSES)
    return found > 0


def _unbalanced(bare: Sequence[str]) -> tuple[list[str], list[str]]:
    """What must be opened before lines, and closed after them."""
    open_, missing = list[str](), list[str]()
    for text in bare:
        for match in re.finditer(r"[{}()\[\]]", text):
            sign = match[0]
            if sign in _OPENS:
                open_.append(sign)
            elif open_:
                if open_[-1] == _CLOSES[sign]:
                    open_.pop()
            else:
                missing.append(_opener(sign, text[match.end() :]))
    return missing[::-1], [_OPENS[sign] for sign in reversed(open_)]


def _opener(closer: str, rest: str) -> str:
    if closer != "}":
        return "_" + _CLOSES[closer] if closer == ")" else _CLOSES[closer]
    word = re.match(r"\s*(else|catch|finally|while)\b", rest)
    heads = {"else": "if (_) {", "catch": "try {", "finally": "try {", "while": "do {"}
    return heads[word[1]] if word else "{"


def _of_json(lines: Sequence[str], bare: Sequence[str]) -> tuple[str, int]:
    openers, closers = _unbalanced(bare)
    first = "".join(bare).strip()[:1]
    if openers:
        head = openers[0].strip("_")
        for opener in openers[1:]:
            head += ('"_": ' if head[-1] == "{" else "") + opener.strip("_")
        return _joined([head], lines, closers)
    listed = first in {"{", "["} and not _whole_json(bare)
    around = ("[", "]") if listed else ("{", "}") if first not in {"{", "["} else ("", "")
    return _joined([around[0]], lines, [*closers, around[1]])


def _whole_json(bare: Sequence[str]) -> bool:
    return not "".join(bare).strip().endswith(",")


def _of_ruby(lines: Sequence[str], bare: Sequence[str]) -> tuple[str, int]:
    open_, missing = 0, 0
    for text in bare:
        if re.match(r"\s*end\b", text):
            open_, missing = (open_ - 1, missing) if open_ else (0, missing + 1)
        elif _RUBY_OPENS.search(text) and not re.search(r"\bend\b|def \w+.* = ", text):
            open_ += 1
    openers, closers = _unbalanced(bare)
    handled = re.search(r"^\s*(rescue|ensure)\b", "\n".join(bare), re.MULTILINE) and missing == 0
    before = [*["begin"] * (missing + bool(handled)), *openers]
    return _joined(
        [" ; ".join(before)] if before else [], lines, [*closers, *["end"] * (open_ + bool(handled))]
    )


def _indented(lines: Sequence[str], bare: Sequence[str], grammar: Grammar) -> tuple[str, int]:
    """Lines under the blocks that they are in, by how far in each stands."""
    code = grammar.module == "tree_sitter_python"
    texts = [text.expandtabs(4) for text in lines]
    if code and (ends := _prose_until("\n".join(texts))) is not None:
        return _joined([ends + '"""'], texts, [])
    openers, closers = _unbalanced(bare) if code else ([], [])
    depth, heads = DEEPEST_FRAGMENT, list[str]()
    if not openers:
        for text in texts:
            indent = len(text) - len(text.lstrip())
            if text.strip() and not text.lstrip().startswith("#") and indent < depth:
                heads += _heads(text, indent, code=code, first=depth == DEEPEST_FRAGMENT)
                depth = indent
    if code and not openers and not closers and _members(bare):
        openers, closers = ["_(" if "=" in "".join(bare) else "_ = {"], [")" if "=" in "".join(bare) else "}"]
    if code and re.match(r"\s*case\b", next((t for t in texts if t.strip()), "")):
        heads.append(" " * max(0, depth - 4) + grammar.cases)
    last = next((text for text in reversed(bare) if text.strip()), "")
    stub = len(last) - len(last.lstrip())
    tail = [" " * (stub + 4) + "pass"] if code and last.rstrip().endswith(":") else []
    tail += [" " * stub + grammar.stub] if code and last.lstrip().startswith("@") else []
    return _joined([*reversed(heads), *openers], texts, [*closers, *tail])


def _prose_until(text: str) -> str | None:
    """How far in a text of several lines ends that was opened before the fragment; None where there is none."""
    before, *_ = text.split('"""', 1)
    last = before.rsplit("\n", 1)[-1]
    opened = text.count('"""') % 2 == 0 or before.rstrip().endswith((":", "=", "(", ",")) or last.strip()
    return None if opened or not before.strip() else last


def _heads(text: str, indent: int, *, code: bool, first: bool) -> list[str]:
    """What stood above the lines before this one, which is less far in than they are."""
    continues = re.match(r"\s*(except|finally|else|elif)\b", text)
    if first and not (code and continues):
        return []
    opener = (
        ("try:" if re.match(r"\s*(except|finally)\b", text) else "if _:")
        if code
        else "- _:"
        if text.lstrip().startswith("- ")
        else "_:"
    )
    return [" " * indent + opener + (" pass" if first else "")]

"""Messages with holes for their values, as Serilog and Microsoft's loggers write them (messagetemplates.org).

Of `{Name}`, `{@Name}`, `{Name,8}` and `{Name:format}` the value stands for the hole. `@r` holds the texts of those with a format,
in their order (Serilog's compact form). Doubled braces are single ones.
"""

import re
from collections.abc import Mapping
from typing import Any

from lastgood.algorithms.json_text import json_text

TEMPLATES = frozenset({"@mt", "messageTemplate", "MessageTemplate"})
_HOLE = re.compile(r"\{\{|\}\}|\{[@$]?(?P<name>\w+)(?:,-?\d+)?(?P<format>:[^{}]*)?\}")


def filled(template: str, fields: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """The message: `fields` are those of the event, `values` the same by their dotted names as texts."""
    rendered = fields.get("@r")
    texts = iter([str(text) for text in rendered] if isinstance(rendered, list) else [])

    def value(hole: re.Match[str]) -> str:
        name = hole["name"]
        if name is None:
            return hole[0][0]
        if hole["format"] and (text := next(texts, None)) is not None:
            return text
        given = values.get(name, values.get(f"Properties.{name}"))
        if given is not None:
            return given
        nested = fields.get(name)
        return json_text(nested).decode() if isinstance(nested, dict | list) else hole[0]

    return _HOLE.sub(value, template)

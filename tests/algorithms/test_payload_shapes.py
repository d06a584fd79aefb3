"""Few payloads of many that have every shape."""

import json

from lastgood.algorithms.payload_shapes import covering, shapes_of


def test_values_are_told_apart_by_what_code_stumbles_over() -> None:
    """Each of these has a shape of its own; two of one kind have the same."""
    values = [None, True, 0, 1, 17, 1234, -17, 1.5, "", "a", "abc", " abc", "abcdefghijk", "\u0142\u00f3d", [], [1], {}, {"a": 1},
              "2026-11-22T10:00:00", "2026-11-22T10:00:00+01:00", 1e305]  # fmt: skip
    shapes = [shapes_of(json.dumps({"x": value})) for value in values]

    assert len(values) == len(set(shapes))
    assert shapes_of('{"x": 12}') == shapes_of('{"x": 98}')
    assert shapes_of('{"x": "Ana"}') == shapes_of('{"x": "Bob"}')
    assert shapes_of("no JSON") != shapes_of("")
    assert shapes_of("[" * 10_000)


def test_few_cover_all() -> None:
    """The richest first; one that adds nothing is left out."""
    bodies = ['{"a": 1}', '{"a": 1, "b": null}', '{"a": 1, "b": null, "c": "x"}', '{"b": "y"}', '{"b": "z"}']

    assert (2, 3) == covering(bodies, 10)
    assert (2,) == covering(bodies, 1)
    assert () == covering([], 5)

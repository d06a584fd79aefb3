"""A compose file to start from."""

from dataclasses import replace

from lastgood.algorithms.diffs.grammars import grammar_of, parser_of
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import Reproduction
from lastgood.surfaces.compose_hint import _IMAGES, compose
from records import START

FOUND = Reproduction(START, CapturedRequest("GET", "/", service="Orders API"), None, (), None, (), 0, ())


def test_it_has_the_service_and_what_it_calls() -> None:
    """Without an image of the service: a person names it."""
    text = compose(replace(FOUND, backends=("postgresql", "redis")))

    for words in (
        "  orders-api:",
        "image: postgres ",
        "image: redis ",
        '      POSTGRES_PASSWORD: "local"',
        "      - redis",
        "${IMAGE:?",
    ):
        assert words in text
    assert "no span names a database" in compose(FOUND)


def test_telemetry_chooses_no_image_and_adds_no_line() -> None:
    """An unknown system is a comment; names are of letters and digits."""
    evil = "x\n  evil:\n    image: evil/miner"
    text = compose(replace(FOUND, failing=replace(FOUND.failing, service=evil), backends=(evil, "redis")))
    images = [line for line in text.splitlines() if line.strip().startswith("image:")]

    assert [
        'image: "${IMAGE:?the image of the failing version}"',
        "image: redis  # the version is not in the telemetry",
    ] == [line.strip() for line in images]
    assert (
        "  redis:"
        in compose(
            replace(FOUND, failing=replace(FOUND.failing, service="redis"), backends=("redis",))
        ).splitlines()
    )
    assert (
        "  service:" in compose(replace(FOUND, failing=replace(FOUND.failing, service="\u00e9"))).splitlines()
    )


def test_it_is_yaml() -> None:
    """With everything that is known in it."""
    grammar = grammar_of("x.yaml")
    assert grammar
    parser = parser_of(grammar)

    assert not parser.parse(compose(replace(FOUND, backends=tuple(_IMAGES))).encode()).root_node.has_error

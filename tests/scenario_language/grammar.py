"""The grammar, which ships with the drills."""

from lastgood.decoding.scenario.grammar import (
    NOTHING,
    Expectation,
    Scenario,
    ScenarioError,
    Statement,
    Step,
    between,
    parse,
    per_second,
    seconds,
    share,
    time_of,
)

__all__ = [
    "NOTHING", "Expectation", "Scenario", "ScenarioError", "Statement", "Step", "between", "parse", "per_second", "seconds", "share",
    "time_of",
]  # fmt: skip

"""The world of a scenario, as it ships with the drills; here also with repositories, made by git."""

from lastgood.decoding.scenario.grammar import Scenario
from lastgood.decoding.scenario.world import Row, World, chance_of, pairs, tables
from lastgood.decoding.scenario.world import make as made
from scenario_language.repository import through_git

__all__ = ["Row", "World", "chance_of", "make", "pairs", "tables"]


def make(scenario: Scenario) -> World:
    """Everything that a scenario says, from its seed."""
    return made(scenario, through_git)

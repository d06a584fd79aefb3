"""Hypotheses for tests: predictions, results and entries built by hand."""

from lastgood.model.hypothesis import HypothesisAdded, HypothesisChecked, Predicted, PredictionResult
from lastgood.model.prediction import Checked, Measured, Outcome
from sitreps import COMPARISON

ANZ, OTHERS = "fails(issuer=ANZ) > 50%", "fails(issuer!=ANZ) at baseline"


def hypothesis(
    *predictions: str, text: str = "stripe changed 3DS", hints: tuple[str, ...] = ()
) -> HypothesisAdded:
    """One with these predictions, and those that do not rule it out."""
    keys = tuple(Predicted(reported, reported) for reported in predictions)
    return HypothesisAdded(text, keys + tuple(Predicted(reported, reported, key=False) for reported in hints))


def checked(
    number: int, *outcomes: Outcome, kinds: tuple[str, ...] = (), hints: int = 0
) -> HypothesisChecked:
    """A check with these outcomes, the last of them of hints."""
    results = tuple(
        PredictionResult(
            place,
            Checked(
                f"p{place}", outcome, f"because {place}", dict(enumerate(kinds)).get(place, "share"),
                Measured(0.5, 0.4, 0.6, 100),
            ),
            (40 + place,),
            decisive=place < len(outcomes) - hints,
        )
        for place, outcome in enumerate(outcomes)
    )  # fmt: skip
    return HypothesisChecked(number, COMPARISON, results)

"""An effect as it is written."""

from lastgood.model.rehearsal import Effect


def test_an_effect_is_written_as_the_language_reads_it() -> None:
    """What is not there is left out."""
    assert "a errors=12.5% latency=1500ms where b=c" == Effect("a", 0.125, 1.5, where=(("b", "c"),)).text
    assert "a latency=2000ms" == Effect("a", 0.0, 2.0).text

"""Hypotheses: proposed from the sitrep, predictions of them checked, the change that one blames put on trial."""

"""Special functions come from SciPy, and NumPy is left as it was."""

import subprocess
import sys
from math import isclose, lgamma, sqrt

from lastgood.algorithms.special import gammaln, ndtri, stdtrit

NOT_USED = ("numpy.f2py", "numpy.testing", "numpy.ma", "unittest")


def test_they_are_what_they_are_called() -> None:
    """Against the standard library, and quantiles from tables."""
    assert isclose(lgamma(4.5), float(gammaln(4.5)), rel_tol=1e-12)
    assert isclose(1.959964, float(ndtri(0.975)), abs_tol=1e-6)
    assert isclose(
        sqrt(3), float(stdtrit(1, 0.5 + 1 / 3)), rel_tol=1e-9
    )  # Student's with one degree: Cauchy's


def test_nothing_is_imported_that_is_not_used() -> None:
    """And what was left out is there for whoever asks."""
    code = (
        f"import sys, lastgood.algorithms.special\nprint(sorted(set({NOT_USED}) & set(sys.modules)))\n"
        "import numpy as np\nprint(np.ma.masked is not None, np.testing.assert_equal is not None)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ["[]", "True True"] == said.stdout.splitlines()

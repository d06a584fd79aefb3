"""Special functions of SciPy, imported without what SciPy copies of NumPy and nothing here uses.

Its layer for other arrays imports every optional part of NumPy, Fortran's compiler and the helpers of tests among
them: half of the time of its import (measured). A part that is an attribute already is not imported.
"""

import numpy as np

_PARTS = [
    part for part in ("ctypeslib", "f2py", "ma", "matlib", "polynomial", "testing") if part not in vars(np)
]
for _part in _PARTS:
    setattr(np, _part, None)

from scipy.special import (  # noqa: E402 - after those parts are there
    bdtrc,
    betaln,
    chdtri,
    gammainc,
    gammaln,
    logsumexp,
    ndtri,
    stdtr,
    stdtrit,
    xlogy,
)  # fmt: skip

for _part in _PARTS:
    if vars(np)[_part] is None:
        delattr(np, _part)  # whoever asks for it gets it

__all__ = [
    "bdtrc", "betaln", "chdtri", "gammainc", "gammaln", "logsumexp", "ndtri", "stdtr", "stdtrit", "xlogy",
]  # fmt: skip

"""The repair verb: an answer also where there is no store."""

from pathlib import Path

import pytest

from lastgood.errors import NoDataError
from lastgood.workbench.repair import repair_store


def test_no_store_is_no_data(tmp_path: Path) -> None:
    """Rather than a repaired nothing."""
    with pytest.raises(NoDataError, match="no store"):
        repair_store(tmp_path)

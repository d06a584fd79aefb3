"""`lastgood` and `python -m lastgood`."""

import gc
import sys


class _WithoutPandas:
    """Says that pandas is not there: Arrow imports it when it can, 0.5 s of every run, and nothing uses it."""

    def find_spec(self, fullname: str, _path: object, _target: object = None, /) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> None:
    """Run the command line."""
    sys.meta_path.insert(0, _WithoutPandas())
    # What a run imports and reads stays until its end; to look through it for garbage again and again is a tenth of it.
    gc.set_threshold(100_000, 20, 100)
    from lastgood.surfaces.cli.app import run  # noqa: PLC0415 - nothing is imported before it is needed

    run()


if __name__ == "__main__":
    main()

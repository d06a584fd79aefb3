"""`lastgood` and `python -m lastgood`."""

import _signal  # type: ignore[import-not-found]  # built in: signal itself takes a while to import
import atexit
import gc
import os
import sys

INTERRUPTED = 130  # exit status


class WithoutPandas:
    """Says that pandas is not there: Arrow imports it when it can, 0.5 s of every run, and nothing uses it."""

    def find_spec(self, fullname: str, _path: object, _target: object = None, /) -> None:
        """Nothing is found; for pandas that is an error, as where it is not installed."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


class Status:
    """The exit status that a run comes to."""

    code = 1  # of a fault that was not caught

    def leave(self) -> None:
        """End at once, after everything else: to take the engine apart takes 0.3 s, and the system frees it anyway."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):  # closed, or no one reads it
                self.code = self.code or 120  # as Python does
        os._exit(self.code)


def main() -> None:
    """Run the command line. Ctrl-C ends it with status 130 and not a word, whenever it comes."""
    heeded = _signal.getsignal(_signal.SIGINT) is not _signal.SIG_IGN  # as in the background of a script
    if heeded:
        _signal.signal(_signal.SIGINT, _leave)  # nothing is open yet
    status = Status()
    atexit.register(status.leave)  # the first that is registered is the last that runs
    sys.meta_path.insert(0, WithoutPandas())
    # What a run imports and reads stays until its end; to look through it for garbage again and again is a tenth of it.
    gc.set_threshold(100_000, 20, 100)
    from lastgood.surfaces.cli._interrupts import interrupted, unraisable  # noqa: PLC0415 - nothing is imported
    from lastgood.surfaces.cli.app import run  # noqa: PLC0415 - before it is needed

    sys.unraisablehook = unraisable
    try:
        if heeded:
            _signal.signal(_signal.SIGINT, interrupted)
        run()
        status.code = 0
    except KeyboardInterrupt:
        status.code = INTERRUPTED
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        status.code = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise
    finally:
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)  # all is done; what is left is to leave


def _leave(_number: int, _frame: object) -> None:
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()

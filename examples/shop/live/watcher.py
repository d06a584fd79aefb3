"""What watches for changes that no one reports: the file of flags, and the provider's status page."""

import json
import os
import ssl
import time
from urllib.request import Request, urlopen

from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType

from lastgood_kit.changes import Reporter
from lastgood_kit.flags import Flips
from shop.places import address

EVERY = 3.0
# The page of a real provider is on another host: its certificate is not that of the charges.
ANY_CERTIFICATE = ssl._create_unverified_context()  # noqa: S323, SLF001


def status_page() -> bytes:
    """As it is now; empty when it does not answer."""
    try:
        page = f"{address('cardgate.example')}/api/v2/incidents.json"
        with urlopen(page, timeout=5, context=ANY_CERTIFICATE) as answer:  # noqa: S310
            found: bytes = answer.read()
            return found if json.loads(found)["incidents"] else b""
    except (OSError, ValueError):
        return b""


def main() -> None:
    """Report flips as they come, and the status page whenever it says something new."""
    file = os.environ["FLAGS"]
    api.set_provider_and_wait(
        FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=file, deadline_ms=300)
    )
    reporter, known = Reporter.from_environment(), b""
    with open(file) as flags:  # noqa: PTH123
        Flips(json.load(flags)["flags"], reporter, actor=os.environ.get("FLAGS_BY", "flags file"))
    headers = {"content-type": "application/json", "authorization": f"Bearer {reporter.key}"}
    while True:
        page = status_page()
        if page and page != known:
            request = Request(f"{reporter.url}/api/changes", page, headers)  # noqa: S310
            try:
                with urlopen(request, timeout=5):  # noqa: S310
                    known = page
            except OSError as error:
                print(f"watcher: {error}", flush=True)
        time.sleep(EVERY)


if __name__ == "__main__":
    main()

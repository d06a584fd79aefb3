"""The way from a command line into the running shop: `control.py FILE rollback checkout`.

The file says where the supervisor listens, and with which secret; it is readable by its owner only.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from secrets import compare_digest, token_hex
from threading import Thread
from typing import TYPE_CHECKING, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from examples.shop.live.supervisor import Shop

FILE = "control.json"


class Control:
    """Takes remedies for a shop; use it in a `with`. `done` lists what was done."""

    def __init__(self, shop: "Shop") -> None:
        from examples.shop.live.remedies import REMEDIES  # noqa: PLC0415 - the client needs none of it

        secret, done = token_hex(16), list[tuple[str, str]]()
        self.done = done

        class Asked(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                kind, target = str(asked["kind"]), str(asked["target"])
                if not compare_digest(str(asked.get("secret", "")), secret):
                    self._answer(403, "not allowed")
                elif kind not in REMEDIES:
                    self._answer(404, f"this shop has no {kind}")
                else:
                    self._do(kind, target)

            def _do(self, kind: str, target: str) -> None:
                try:
                    with shop.lock:
                        REMEDIES[kind](shop, target)
                except Exception as error:  # noqa: BLE001 - whoever asked is informed
                    self._answer(500, f"{type(error).__name__}: {error}")
                    return
                done.append((kind, target))
                self._answer(200, f"{kind} {target}: done")

            def _answer(self, status: int, words: str) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(words.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._http = HTTPServer(("127.0.0.1", 0), Asked)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.1})
        path = shop.folder / FILE
        path.touch(mode=0o600)
        path.write_text(
            json.dumps({"url": f"http://127.0.0.1:{self._http.server_address[1]}", "secret": secret})
        )

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take nothing more."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def ask(file: Path, kind: str, target: str) -> tuple[bool, str]:
    """Whether it was done, and what the supervisor says."""
    known = json.loads(file.read_text())
    body = json.dumps({"kind": kind, "target": target, "secret": known["secret"]}).encode()
    try:
        with urlopen(Request(known["url"], body), timeout=60) as answer:  # noqa: S310
            return True, answer.read().decode()
    except HTTPError as refused:
        return False, refused.read().decode()
    except OSError as error:
        return False, f"the shop does not run: {error}"


if __name__ == "__main__":
    worked, words = ask(Path(sys.argv[1]), *sys.argv[2:4])
    print(words)
    sys.exit(not worked)

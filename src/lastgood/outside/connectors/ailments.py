"""Ailments: why a system could not be asked, and what to do, from what went wrong on the way to it.

A table in the order in which it is looked through; the first row that fits is the one.
"""

import re
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from socket import gaierror
from urllib.parse import urlsplit

import httpx

from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import NotFetchedError

EXPIRED, NOT_YET = 10, 9  # X509_V_ERR_… of OpenSSL's x509_vfy.h
OTHER_HOST = frozenset({62, 64})


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong on the way to a system."""

    url: str
    causes: tuple[BaseException, ...]  # the outermost first
    status: int
    said: str  # all messages

    def has(self, *kinds: type[BaseException]) -> bool:
        """Whether something of these kinds is at the bottom of it."""
        return any(isinstance(one, kinds) for one in self.causes)

    @property
    def certificate(self) -> int:
        """Why a certificate was refused; 0 where none was."""
        return next(
            (one.verify_code for one in self.causes if isinstance(one, ssl.SSLCertVerificationError)), 0
        )

    @property
    def proxy(self) -> str:
        """The proxy that the environment names for the address."""
        split = urlsplit(self.url)
        passed = not split.hostname or urllib.request.proxy_bypass(split.hostname)
        return "" if passed else without_secrets(urllib.request.getproxies().get(split.scheme, ""))

    @property
    def tls(self) -> bool:
        """Whether the address asks for TLS."""
        return self.url.startswith("https:")


Row = tuple[Callable[[Failure], object], str, str]
ROWS: tuple[Row, ...] = (
    (lambda f: "no kubectl" in f.said, "kubectl is not installed", "Install kubectl, or leave out this source."),
    (lambda f: re.search(r"There is no (?:ssh|journalctl|docker) here", f.said), "a program is missing: {said}", "Install it, or leave out this source."),
    (lambda f: f.said.startswith(("journalctl", "docker")), "{said}", "Run the same command in your shell, and mend that first."),
    (lambda f: "context" in f.said and "does not exist" in f.said, "the kubeconfig has no such context", "List them: kubectl config get-contexts. Then correct target."),
    (lambda f: "context may not" in f.said, "{said}", "Grant the verbs get and list on pods, pods/log, deployments and events, nothing else."),
    (lambda f: f.said.startswith("kubectl"), "{said}", "Run kubectl get pods with this context, and mend that first."),
    (lambda f: "no AWS credentials" in f.said, "there are no AWS credentials here", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in: aws sso login."),
    (lambda f: "certificates in" in f.said, "the file of ca_file cannot be read", "Correct ca_file: a PEM file with the authority's certificate."),
    (lambda f: f.certificate == EXPIRED, "its TLS certificate has expired", "Renew the certificate. Do not turn off the check."),
    (lambda f: f.certificate == NOT_YET, "its TLS certificate is not valid yet", "Check the clock of this machine, then the certificate."),
    (lambda f: f.certificate in OTHER_HOST, "its TLS certificate is for another host", "Use the host name of the certificate in url."),
    (lambda f: f.certificate, "its TLS certificate is from an authority that is not trusted", "Name your authority's certificate with ca_file."),
    (lambda f: f.has(ssl.SSLError) or "WRONG_VERSION" in f.said, "it does not use TLS on this port", "Write http:// in url, or use the TLS port."),
    (lambda f: f.proxy and f.has(httpx.TransportError), "no connection through the proxy {proxy}", "Check HTTP_PROXY and HTTPS_PROXY, or add {host} to NO_PROXY."),
    (lambda f: f.has(gaierror), "the name {host} does not resolve", "Check the name in url, the VPN and DNS."),
    (lambda f: f.has(ConnectionRefusedError), "nothing listens on port {port} of {host}", "Check the port in url, and that the system is running."),
    (lambda f: f.has(httpx.TimeoutException) or "s is used up" in f.said, "no answer in time", "Check the network path: lastgood probe {url}"),
    (lambda f: f.has(httpx.RemoteProtocolError), "it does not use HTTP on this port", "Check the port, and http or https, in url."),
    (lambda f: f.status == 401 and "X-Scope-OrgID" in f.said, "it wants a tenant", 'Set headers = {{ X-Scope-OrgID = "…" }}.'),
    (lambda f: f.status == 401, "it refuses the credential (401)", "Set token or user and password; check that the token has not expired."),
    (lambda f: f.status == 403, "the credential may not read this (403)", "Grant read access for it, nothing else."),
    (lambda f: f.status == 407, "the proxy {proxy} wants a credential (407)", "Put the credential into HTTPS_PROXY, or add {host} to NO_PROXY."),
    (lambda f: f.status == 404, "it has no such path (404)", "Check the path in url: is there a prefix such as /prometheus? Check target."),
    (lambda f: f.status == 429, "it limits the rate (429)", "Wait, or ask for a higher limit: tonight it would be reached too."),
    (lambda f: 300 <= f.status < 400, "it redirects, perhaps to a log-in page", "Give the address behind it, and a token."),
    (lambda f: f.status in {502, 503, 504}, "it is not available ({status})", "Check that the system behind the proxy is running."),
    (lambda f: f.status >= 500, "it fails ({status})", "Look at its own log."),
    (lambda f: "not with JSON" in f.said, "it answers, but not with JSON: another system, or a log-in page", "Check host, port and path in url."),
    (lambda f: f.has(KeyError, TypeError, AttributeError, ValueError, IndexError), "it answers, but not like a system of this kind", "Check kind, port and path."),
)  # fmt: skip


def ailment(url: str, problem: BaseException) -> tuple[str, str]:
    """What is wrong, and what to do, as two sentences; what no row knows is reported as it is."""
    causes = tuple(_causes(problem))
    said = " ".join(dict.fromkeys(without_secrets(str(one)) for one in causes))
    status = next((one.status for one in causes if isinstance(one, NotFetchedError) and one.status), 0)
    failure = Failure(url, causes, status, said)
    split = urlsplit(url)
    port = split.port or {"https": 443}.get(split.scheme, 80)
    for fits, sentence, remedy in ROWS:
        if fits(failure):
            holes = {
                "said": str(problem).strip().rstrip("."), "proxy": failure.proxy, "host": split.hostname or "", "port": port,
                "status": status, "url": without_secrets(url),
            }  # fmt: skip
            return sentence.format(**holes), remedy.format(**holes)
    return without_secrets(str(problem)).rstrip("."), "Check the address and that the system is running."


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__

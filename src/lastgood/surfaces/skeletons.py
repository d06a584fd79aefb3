"""Test skeletons: a failing test for the place that a stack trace names, in the language of the trace.

They call the failing function with the recorded payload, or fail, until a person has completed the call: arguments are
not in a stack trace. Until then they print that they are not filled in, by which `lastgood bisect` knows them.
"""

import json
import re
from keyword import iskeyword
from pathlib import PurePosixPath

from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import UNFILLED, FailingPlace
from lastgood.surfaces.wording import PLAIN

LONGEST_WORD = 60  # characters of a name of a file or test


def skeleton(place: FailingPlace, payload: str, request: CapturedRequest) -> tuple[str, str] | None:
    """Name and content of a test; None for a language without one."""
    make = {
        "python": _pytest, "javascript": _jest, "java": _junit, "go": _go, "ruby": _rspec,
    }.get(place.language)  # fmt: skip
    return make(place, payload, request) if make else None


def _about(place: FailingPlace, request: CapturedRequest, mark: str) -> str:
    lines = [f"{request.name} was answered {request.status or 'with a failure'}."]
    lines.append(
        f"{place.error or 'The error'} was raised at {place.file}:{place.line}, in {place.function or 'a function'}."
    )
    if place.code:
        lines.append(f"That line is: {place.code}")
    lines.append(
        "The trace chooses what is called: read it first. Arguments are not in a stack trace: complete the call."
    )
    lines += [f"missing: {one}" for one in request.missing]
    # A backslash alone could be the start of a line's end: Java reads \\u000a in comments as well.
    return "".join(f"{mark} {_flat(line)}\n" for line in lines)


def _flat(text: str) -> str:
    return " ".join(text.translate(PLAIN).split()).replace("\\", "\\\\")


def _word(text: str) -> str:
    return re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")[:LONGEST_WORD] or "failing"


def _identifier(text: str) -> str:
    """A word that may start a name in any language."""
    return _word(text).lstrip("0123456789_") or "failing"


def _quoted(text: str) -> str:
    """A text of Ruby, in which nothing is filled in."""
    return "'" + _flat(text).replace("'", "\\'") + "'"


def _parts(file: str) -> list[str]:
    """`/app/src/shop/orders.py` as `app`, `src`, `shop`, `orders`: names of packages, as far as they can be."""
    parts = [part for part in PurePosixPath(file).with_suffix("").parts if part.isidentifier()]
    return parts or ["module"]


def _pytest(place: FailingPlace, payload: str, request: CapturedRequest) -> tuple[str, str]:
    parts = _parts(place.file)
    name = place.function if place.function.isidentifier() and not iskeyword(place.function) else ""
    word = _word(name or parts[-1])
    read = "json.loads(text)" if payload.endswith(".json") else "text"
    body = (
        f'    text = (Path(__file__).parent / "{payload}").read_text(encoding="utf-8")\n    payload = {read}\n'
        if request.body is not None
        else "    payload = None  # the body was not captured\n"
    )
    call = (
        f"    failing = module().{name}  # if it is in a class, take it from there\n\n"
        '    assert failing.__module__ == module().__name__, "it comes from elsewhere: call it yourself if that is safe"\n'
        f'    print("{UNFILLED}")\n'
        f"    failing(payload)  # was: {_flat(place.error)}\n"
        if name
        else f'    raise NotImplementedError(f"{UNFILLED} {{module()}} failed: the trace names no function")\n'
    )
    return f"test_{word}.py", (
        f'"""The failing case of {word}."""\n\n{_about(place, request, "#")}\n'
        "import json\nfrom importlib import import_module\nfrom importlib.util import find_spec\nfrom pathlib import Path\nfrom sysconfig import get_path\n\n"
        f"PLACE = {json.dumps(parts)}  # of the module, from the stack trace\n\n\n"
        "def own(name):\n"
        '    """Whether a module is of no library: a stack trace is text, and must not choose what of a library is called."""\n'
        "    try:\n        spec = find_spec(name)\n    except ValueError:\n        return False\n"
        "    folders = spec and spec.submodule_search_locations or ()\n"
        "    place = spec.origin if spec and spec.has_location else next(iter(folders), None)\n"
        '    libraries = Path(get_path("stdlib")).resolve()\n'
        '    return bool(place) and "-packages" not in place and libraries not in Path(place).resolve().parents\n\n\n'
        "def module():\n"
        '    """The module, by the longest of its names that can be imported."""\n'
        "    for start in range(len(PLACE)):\n"
        "        if not own(PLACE[start]):\n            continue\n"
        "        try:\n"
        '            return import_module(".".join(PLACE[start:]))\n'
        "        except ModuleNotFoundError:\n"
        "            continue\n"
        '    raise ModuleNotFoundError(f"none of {PLACE} is a module of the code: run it where the code is")\n\n\n'
        f"def test_{word}_of_the_failing_request():\n{body}{call}"
    )


_JS_FILE = re.compile(r"[\w@.-]*\w\.(?:[cm]?[jt]s|[jt]sx)", re.ASCII)


def _jest(place: FailingPlace, payload: str, request: CapturedRequest) -> tuple[str, str]:
    name = _word(place.function)
    parts = [
        part for part in PurePosixPath(place.file).parts if re.fullmatch(r"[\w@-][\w@.-]*", part, re.ASCII)
    ]
    if not parts or not _JS_FILE.fullmatch(parts[-1]):
        parts = []  # `child_process` is a library
    body = f"JSON.parse(text('{payload}'))" if payload.endswith(".json") else f"text('{payload}')"
    return f"{name}.test.js", (
        f"{_about(place, request, '//')}const fs = require('fs');\nconst path = require('path');\n\n"
        f"const PLACE = {json.dumps(parts)}; // of the module, from the stack trace\n"
        f"const NAME = {json.dumps(name)}; // if it is in a class, take it from there\n"
        "const text = (name) => fs.readFileSync(path.join(__dirname, name), 'utf8');\n\n"
        "// A stack trace is text, and must not choose a library: only files of the code here are loaded.\n"
        "function loaded() {\n"
        "  for (let start = 0; start < PLACE.length; start += 1) {\n"
        "    const file = path.join(process.cwd(), ...PLACE.slice(start));\n"
        "    const inside = fs.existsSync(file) && path.relative(fs.realpathSync(process.cwd()), fs.realpathSync(file));\n"
        "    if (inside && !inside.startsWith('..') && !inside.includes('node_modules')) return require(file);\n"
        "  }\n"
        "  throw new Error(`none of ${PLACE.join('/')} is a file of the code: run it where the code is`);\n"
        "}\n\n"
        f"test({json.dumps(f'{name} of the failing request')}, async () => {{\n"
        f"  const payload = {body if request.body is not None else 'null; // the body was not captured'};\n"
        f"  console.log({json.dumps(UNFILLED)});\n"
        f"  await loaded()[NAME](payload); // was: {_flat(place.error)}\n}});\n"
    )


def _go(place: FailingPlace, payload: str, request: CapturedRequest) -> tuple[str, str]:
    name = _word(place.function.rpartition(".")[2])
    has = request.body is not None
    # Go has no surrogates in its strings.
    call = json.dumps(f"{UNFILLED} Call {_flat(place.function)} with the payload", ensure_ascii=False)
    imports = 'import (\n\t"os"\n\t"testing"\n)' if has else 'import "testing"'
    read = (
        f'\tpayload, err := os.ReadFile("{payload}")\n\tif err != nil {{\n\t\tt.Fatal(err)\n\t}}\n\t_ = payload\n'
        if has
        else "\t// the body was not captured\n"
    )
    return f"{name.lower()}_test.go", (
        f"{_about(place, request, '//')}package {_identifier(place.scope)}\n\n{imports}\n\n"
        f"func Test{name[:1].upper()}{name[1:]}OfTheFailingRequest(t *testing.T) {{\n"
        f"{read}\tt.Fatal({call})\n}}\n"
    )


def _junit(place: FailingPlace, payload: str, request: CapturedRequest) -> tuple[str, str]:
    package, _, name = place.scope.rpartition(".")
    called = f"{name.replace('$', '.')}.{place.function}".lstrip(".")
    owner = _identifier(name.partition("$")[0] or "Failing")
    head = (
        f"package {package};\n\n" if re.fullmatch(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", package, re.ASCII) else ""
    )
    read = (
        f'        String payload = Files.readString(Path.of("{payload}"));\n'
        if request.body is not None
        else "        String payload = null; // the body was not captured\n"
    )
    call = json.dumps(f"{UNFILLED} Call {_flat(called)} with the payload")
    return f"{owner}Test.java", (
        f"{_about(place, request, '//')}{head}import static org.junit.jupiter.api.Assertions.fail;\n\n"
        "import java.nio.file.Files;\nimport java.nio.file.Path;\nimport org.junit.jupiter.api.Test;\n\n"
        f"class {owner}Test {{\n    @Test\n    void {_identifier(place.function)}OfTheFailingRequest() throws Exception {{\n"
        f"{read}        fail({call});\n    }}\n}}\n"
    )


def _rspec(place: FailingPlace, payload: str, request: CapturedRequest) -> tuple[str, str]:
    read = (
        f"    payload = File.read(File.join(__dir__, '{payload}'))\n"
        if request.body is not None
        else "    payload = nil # the body was not captured\n"
    )
    return f"{_word(place.function)}_spec.rb", (
        f"{_about(place, request, '#')}RSpec.describe {_quoted(place.scope or place.file)} do\n"
        f"  it {_quoted(f'handles the failing request in {place.function}')} do\n"
        f"{read}    raise NotImplementedError, {_quoted(f'{UNFILLED} Call {place.function} with the payload')}\n"
        "  end\nend\n"
    )

"""Secrets in text: obvious ones are blotted out; what stays readable is everything else.

Known forms only (credentials in a URL, an Authorization header, a named secret with its value, well-known
token prefixes, JSON web tokens, private keys): a password on its own cannot be distinguished from a word.
"""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

import orjson

BLOT = "[redacted]"

# The word for it in English, German, Dutch, the Nordic languages, French, Spanish, Portuguese, Polish, Czech, Slovak, Slovene,
# Croatian, Hungarian, Romanian, Estonian, Lithuanian, Turkish, Finnish, Russian, Ukrainian, Bulgarian, Chinese, Japanese, Korean and
# Arabic, with and without accents.
PASSWORDS = (
    r"(?:pass(?:word|wd|phrase|wort)|kennwort|wachtwoord|l[öo]senord|passord|adgangskode|mot[ _-]?de[ _-]?passe|\bmdp"
    r"|contrase(?:ñ|n|nh)a|\bsenha|has[łl]o|heslo|geslo|lozinka|jelsz[óo]|parol[ăa]|parool|slapta[žz]odis|[şs]ifre|salasana"
    r"|пароль|парола|密码|密碼|パスワード|비밀번호|كلمة المرور)"
)
# On its own, `pass: 10` is a count of tests.
_BARE = r"(?:(?<=[_-])pass|(?<![_-])pass(?!\\{0,4}[\"']?\s{0,20}:\s{0,20}\d{1,9}(?:\.\d{1,9})?%?(?:[\s,;)}\]]|$)))"
_NAMES = (
    rf"(?:{PASSWORDS}|{_BARE}|pwd|secret|secret[-_.]?key[-_.]?base|token|auth[-_]?token|rediscli[-_]auth"
    r"|(?:api|access|account|private|secret|auth|session|encryption|signing)[-_.]?key|credentials?|client[-_.]?secret|x-amz-signature|(?<=[?&])sig)"
)
# A name with what stands before it: `db_password`, `PGPASSWORD`.
NAMED = rf"(?:(?:\b|_|-|%22){_NAMES}|\b[a-z]{{2,20}}passw(?:or)?d)"
# Before the value: quotes that a text within a text escapes, `=>` of Ruby and PHP, and all of it as addresses and forms send it.
JOINT = r"(?:\\{0,4}[\"']|%22)?\s{0,20}(?:=>|[:=\uff1a]|%3D|%3A)\s{0,20}"
# Tokens that their vendors mark.
MARKED = (
    r"\b(?:eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|whsec_[\w+/=-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{16,}|[srp]k_(?:live|test)_\w{10,}|sk-[\w-]{20,}|A[KS]IA[A-Z0-9]{16}|AIza[\w-]{30,}"
    r"|npm_\w{30,}|dop_v1_\w{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|(?<=hooks\.slack\.com/services/)[\w/-]{16,}|hf_\w{30,}"
    r"|dckr_pat_[\w-]{16,}|glsa_\w{20,}|shp(?:at|ss|ca)_\w{16,}|pypi-[\w-]{16,}|ya29\.[\w-]{16,})"
)
PRIVATE_KEY = r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)"
# Who asks, on the command line of curl, and the proof that HTTP's digest scheme sends instead of a password.
CURL = (
    r"(?P<name>\bcurl\s(?:[^\n|;]{0,300}?\s)?(?:-\w{0,8}u|--(?:proxy-)?user))"
    r"(?P<joint>[\s=]{0,3}(?P<quote>[\"'])?[^\s:\"']{1,64}:)(?P<value>(?(quote)[^\"'\n]{3,}|[^\s\"']{3,}))"
)
# Options of known commands that are followed by a secret, as a shell has them and as lists of arguments. Capitals count: `-P` is a
# port to mysql and a password to sqlcmd. To mysql alone a blank behind `-p` means that it asks.
_REST = r"[\s\"',]{1,4}(?:[^\n|;&]{0,300}?[\s\"',])?"
_ARGUMENTS = rf"(?=[\s\"',][^\n|;&]{{0,303}}-){_REST}"  # found out at once where there is no option
# What a command of HTTPie asks, without which `https -a` is a sentence.
_ASKS = r"(?=[\s\"',])(?=[^\n|;&]{0,304}?[\s\"'](?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|https?://|:\d|:/|[\w-]{1,63}\.[\w-]))"
COMMANDS = (
    rf"(?P<name>(?P<attached>\b(?:mysql|mariadb)(?:-?(?:dump|admin|import|check|show|slap|pump|sh|upgrade|binlog|backup))?{_ARGUMENTS}-p|\b7za?{_ARGUMENTS}-p)"
    r"|\bsshpass[\s\"',]{1,4}(?:-v[\s\"',]{1,4}|-P[^\n]{1,30}?[\s\"',]{1,4}){0,2}-p"
    rf"|\bredis-cli{_ARGUMENTS}(?:-a|--pass)|\b(?:mongo(?:sh|dump|restore|export|import|stat|top)?|cqlsh|rabbitmqadmin){_ARGUMENTS}-p(?![\s\"',=]{{1,4}}\d{{1,5}}(?:[\s\"',]|$))"
    rf"|\b(?:docker|podman|nerdctl|buildah|skopeo|helm|oras|crane|oc|cf|az)\b[^\n|;&]{{0,40}}?\blogin{_ARGUMENTS}-p"
    rf"|\b(?:sqlcmd|bcp|unzip|zip){_ARGUMENTS}-P|\bldap(?:search|modify|add|delete|whoami|passwd|compare){_ARGUMENTS}-w|\b(?:plink|pscp|psftp){_ARGUMENTS}-pw"
    rf"|\bx?freerdp{_REST}/p:|\bsmb(?:client|get|map){_ARGUMENTS}-U[\s\"',]{{0,4}}[^\s%\"']{{1,64}}%|\blftp{_ARGUMENTS}-u[\s\"',]{{1,4}}[^\s,\"']{{1,64}},"
    rf"|\b(?:https?|xhs?){_ASKS}{_ARGUMENTS}-a[\s\"',]{{1,4}}[^\s:\"']{{1,64}}:|\bsqlplus\s(?:-\w+\s){{0,3}}[\"']?\w{{1,64}}/|\bhtpasswd\s(?:-\w+\s){{0,2}}-\w{{0,4}}b\w{{0,4}}\s\S{{1,200}}\s\S{{1,64}}"
    r"|(?<![\w-])-(?:[a-z]{0,12}passw(?:or)?d|storepass|keypass|-oauth2-bearer|pass(?:in|out)?[\s\"',=]{1,4}pass:))"
    r"(?P<joint>(?(attached)|[\s=,]{0,3})\\{0,4}[\"']?(?(attached)|[\s,]{0,3}\\{0,4}[\"']?))(?![-\s,]|\[|\*{3}|<|\{\{|\$(?:[A-Za-z_]|[{(]))"
    r"(?P<value>(?<=[\"'])[^\"'\n\\]{2,}(?=\\{0,4}[\"'])|[^\s\"'|;&)\\]{2,})"
)
# What a text must have for any of these to be in it: it begins no later than they do, for they are looked for from there on.
COMMAND_NAMES = (
    r"\b(?:mysql|mariadb|7za?|sshpass|redis-cli|mongo|cqlsh|rabbitmqadmin|sqlcmd|bcp|unzip|zip|ldap[a-z]+|plink|pscp|psftp|x?freerdp"
    r"|smb[a-z]+|lftp|https?|xhs?|sqlplus|htpasswd)[\w-]*[\s\"',]"
    r"|\b(?:docker|podman|nerdctl|buildah|skopeo|helm|oras|crane|oc|cf|az)\b.*\blogin[\s\"',].*-p|-[a-z]{0,12}passw(?:or)?d"
    r"|-(?:store|key)pass|--oauth2-bearer|-pass(?:in|out)?[\s\"',=]{1,4}pass:"
)
# Statements of SQL that set one, as a text or as what a function makes of it.
SQL = (
    r"(?P<name>\bidentified\s+(?:with\s+\S{1,60}\s+)?(?:by|as)(?:\s+password)?"
    r"|\b(?:create|alter)\s+(?:user|role|login|group)\s[^\n;]{0,200}?\bpassword|\bset\s+password\b[^\n;=]{0,120}=)"
    r"(?P<joint>\s{0,3}=?\s{0,3}(?:N|(?:old_)?password\s{0,3}\(\s{0,3})?\\{0,4}[\"'])(?P<value>(?:''|[^\"'\n\\]){2,})"
)
SQL_NAMES = r"identified\s+(?:with|by|as)\s|(?:create|alter)\s+(?:user|role|login|group)\s.*password|set\s+password\b.*="
# What a browser sends and is sent, in the list of a header too.
COOKIE = (
    r"(?P<name>\b(?:set-)?cookie)(?P<joint>\\{0,4}[\"']?\s{0,3}[:=]\s{0,3}\[?\\{0,4}[\"']?)"
    r"(?P<value>[^\s=;,\"']{1,64}=[^\r\n\"'\\]{3,})"
)
# A token in the place of the user of an address: it is long and has digits.
USER = r"(?<=://)(?=[A-Za-z_.~-]{0,200}\d)[\w.~-]{20,200}(?=(?::[^\s/@\"']{0,200})?@)"
DIGEST = r"(?P<name>\bdigest\s[^\n]{0,1000}?\bresponse)(?P<joint>=\\{0,4}[\"']?)(?P<value>[0-9a-f]{16,128})"
_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_SIGN = r"[\"'`]?[^\w\s\"'`*\\]{1,3}[\"'`]?(?:[\s,;.]|$)"  # of a language: `Unexpected token: '}'`
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(PRIVATE_KEY, re.DOTALL), BLOT),
    (re.compile(SQL, re.IGNORECASE), rf"\g<name>\g<joint>{BLOT}"),
    (  # up to the next `://`: else each one is followed to the end of the text
        re.compile(
            r"(\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@\"']*):(?!\d{1,5}[/?])(?:(?!://)[^\s@\"'])+@(?:[^\s/?#@\"']{1,100}@)*",
            re.IGNORECASE,
        ),
        rf"\1:{BLOT}@",
    ),
    (
        re.compile(
            r"(\b(?:proxy-)?authorization\\{0,4}[\"']?\s*[:=]\s*(?:\[\s{0,20})?\\{0,4}[\"']?(?:[a-z0-9._-]+ +)?)[^\s\"',;\\]+",
            re.IGNORECASE,
        ),
        rf"\1{BLOT}",
    ),
    (re.compile(r"(\b(?:set-)?cookie[\"']?\s*:\s*)[^\r\n]+", re.IGNORECASE), rf"\1{BLOT}"),
    (re.compile(r"(\bbearer\s+)[a-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1{BLOT}"),
    (
        re.compile(
            rf"({NAMED}{JOINT})(?!{_SIGN})(?:{_QUOTED}|\\{{1,4}}[\"'][^\s\"'\\]+|[^\s,;&\"')}}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{BLOT}",
    ),
    (re.compile(rf"({NAMED}(?:\s[^<>]{{0,80}})?>)[^<>]+(?=</)", re.IGNORECASE), rf"\1{BLOT}"),
    (
        re.compile(
            rf"({NAMED}\\{{0,4}}[\"']?\s{{0,20}},?\s{{0,20}}\\{{0,4}}[\"']?value{JOINT}(?:\{{\s{{0,3}}\\{{0,4}}[\"']stringValue{JOINT})?)"
            rf"(?:{_QUOTED}|\\{{1,4}}[\"'][^\s\"'\\]+|[^\s,;&\"')}}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{BLOT}",
    ),
    (
        re.compile(
            rf"(value\\{{0,4}}[\"']\s{{0,3}}:\s{{0,3}}\\{{0,4}}[\"'])[^\s\"'\\]+"
            rf"(?=\\{{0,4}}[\"']\s{{0,20}},\s{{0,20}}\\{{0,4}}[\"'](?:name|key)\\{{0,4}}[\"']\s{{0,3}}:\s{{0,3}}\\{{0,4}}[\"'][\w.-]{{0,40}}{_NAMES}\\{{0,4}}[\"'])",
            re.IGNORECASE,
        ),
        rf"\1{BLOT}",
    ),
    (re.compile(USER), BLOT),
    (re.compile(CURL, re.IGNORECASE), rf"\g<name>\g<joint>{BLOT}"),
    (re.compile(COMMANDS), rf"\g<name>\g<joint>{BLOT}"),
    (re.compile(DIGEST, re.IGNORECASE), rf"\g<name>\g<joint>{BLOT}"),
    (
        re.compile(
            rf"((?<![\w-])--(?:[\w-]{{0,30}}-)?{_NAMES}\s+)(?:{_QUOTED}|[^\s\"'-][^\s]*)", re.IGNORECASE
        ),
        rf"\1{BLOT}",
    ),
    (re.compile(MARKED), BLOT),
)
_SHORT = 8  # characters of Base64 that may be a word where its padding is left out
_NAMED = re.compile(rf"(?:^|[-_.]){_NAMES}$", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with what looks like a secret blotted out."""
    for form, blotted in _FORMS:
        text = form.sub(blotted, text)
    return text


def without(text: str, known: Iterable[str]) -> str:
    """The text without these secrets, also as addresses, JSON and Base64 (RFC 4648) spell them: some servers repeat them."""
    for one in sorted(
        {each for secret in known if secret for each in _spellings(secret)}, key=len, reverse=True
    ):
        text = text.replace(one, BLOT)
    return text


def _spellings(secret: str) -> Iterator[str]:
    content = secret.encode("utf-8", "surrogateescape")
    yield from (secret, quote(content, safe=""), quote(content), quote_plus(content))
    yield orjson.dumps(secret.encode("utf-8", "replace").decode()).decode()[1:-1]
    for encoded in (b64encode(content).decode(), urlsafe_b64encode(content).decode()):
        yield from {
            encoded,
            quote(encoded, safe=""),
            encoded.rstrip("=") if len(encoded) > _SHORT else encoded,
        }


def names_a_secret(name: str) -> bool:
    """Whether a value of this name is to be kept from sight."""
    return bool(_NAMED.search(name))

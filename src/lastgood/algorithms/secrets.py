"""Secrets in text: obvious ones are blotted out; what stays readable is everything else.

Known forms only (credentials in a URL, an Authorization header, a named secret with its value, well-known
token prefixes, JSON web tokens, private keys): a password on its own cannot be distinguished from a word.
"""

import re

BLOT = "[redacted]"

# The word for it in English, German, Dutch, the Nordic languages, French, Spanish, Portuguese, Polish, Czech, Slovak, Slovene,
# Croatian, Hungarian, Romanian, Estonian, Lithuanian, Turkish, Finnish, Russian, Ukrainian, Bulgarian, Chinese, Japanese, Korean and
# Arabic, with and without accents.
PASSWORDS = (
    r"(?:pass(?:word|wd|phrase|wort)|kennwort|wachtwoord|l[öo]senord|passord|adgangskode|mot[ _-]?de[ _-]?passe|\bmdp"
    r"|contrase(?:ñ|n|nh)a|\bsenha|has[łl]o|heslo|geslo|lozinka|jelsz[óo]|parol[ăa]|parool|slapta[žz]odis|[şs]ifre|salasana"
    r"|пароль|парола|密码|密碼|パスワード|비밀번호|كلمة المرور)"
)
_NAMES = (
    rf"(?:{PASSWORDS}|pass|pwd|secret|token|(?:api|access|account|private|secret|auth|session|encryption|signing)[-_.]?key"
    r"|credentials?|client[-_.]?secret|x-amz-signature|(?<=[?&])sig)"
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
_ARGUMENTS = r"[\s\"',]{1,4}(?:[^\n|;&]{0,300}?[\s\"',])?"
COMMANDS = (
    rf"(?P<name>(?P<attached>\b(?:mysql|mariadb)(?:-?(?:dump|admin|import|check|show|slap|pump|sh|upgrade|binlog|backup))?{_ARGUMENTS}-p|\b7za?{_ARGUMENTS}-p)"
    r"|\bsshpass[\s\"',]{1,4}(?:-v[\s\"',]{1,4}|-P[^\n]{1,30}?[\s\"',]{1,4}){0,2}-p"
    rf"|\bredis-cli{_ARGUMENTS}-a|\b(?:mongo(?:sh|dump|restore|export|import|stat|top)?|cqlsh|rabbitmqadmin){_ARGUMENTS}-p"
    rf"|\b(?:docker|podman|nerdctl|buildah|skopeo|helm|oras|crane|oc|cf|az)\b[^\n|;&]{{0,40}}?\blogin{_ARGUMENTS}-p"
    rf"|\b(?:sqlcmd|bcp|unzip|zip){_ARGUMENTS}-P|\bldap(?:search|modify|add|delete|whoami|passwd|compare){_ARGUMENTS}-w|\b(?:plink|pscp|psftp){_ARGUMENTS}-pw"
    rf"|\bx?freerdp{_ARGUMENTS}/p:|\bsmb(?:client|get|map){_ARGUMENTS}-U[\s\"',]{{0,4}}[^\s%\"']{{1,64}}%|\blftp{_ARGUMENTS}-u[\s\"',]{{1,4}}[^\s,\"']{{1,64}},"
    rf"|\b(?:https?|xhs?){_ARGUMENTS}-a[\s\"',]{{1,4}}[^\s:\"']{{1,64}}:|\bsqlplus\s(?:-\w+\s){{0,3}}[\"']?\w{{1,64}}/|\bhtpasswd\s(?:-\w+\s){{0,2}}-\w{{0,4}}b\w{{0,4}}\s\S{{1,200}}\s\S{{1,64}}"
    r"|(?<![\w-])-(?:[a-z]{0,12}passw(?:or)?d|storepass|keypass))"
    r"(?P<joint>(?(attached)|[\s=,]{0,3})\\{0,4}[\"']?(?(attached)|[\s,]{0,3}\\{0,4}[\"']?))(?![-\s,]|\[|\*{3}|<|\{\{|\$(?:[A-Za-z_]|[{(]))"
    r"(?P<value>(?<=[\"'])[^\"'\n\\]{2,}(?=\\{0,4}[\"'])|[^\s\"'|;&)\\]{2,})"
)
# What a text must have for any of these to be in it: it begins no later than they do, for they are looked for from there on.
COMMAND_NAMES = (
    r"\b(?:mysql|mariadb|7za?|sshpass|redis-cli|mongo|cqlsh|rabbitmqadmin|sqlcmd|bcp|unzip|zip|ldap[a-z]+|plink|pscp|psftp|x?freerdp"
    r"|smb[a-z]+|lftp|https?|xhs?|sqlplus|htpasswd)[\w-]*[\s\"',]|\b(?:docker|podman|nerdctl|buildah|skopeo|helm|oras|crane|oc|cf|az)\b.*\blogin[\s\"',].*-p|-[a-z]{0,12}passw(?:or)?d|-(?:store|key)pass"
)
DIGEST = r"(?P<name>\bdigest\s[^\n]{0,1000}?\bresponse)(?P<joint>=\\{0,4}[\"']?)(?P<value>[0-9a-f]{16,128})"
_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(PRIVATE_KEY, re.DOTALL), BLOT),
    (  # up to the next `://`: else each one is followed to the end of the text
        re.compile(r"(\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@\"']*):(?:(?!://)[^\s@\"'])+@", re.IGNORECASE),
        rf"\1:{BLOT}@",
    ),
    (
        re.compile(
            r"(\b(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?:[a-z0-9._-]+ +)?)[^\s\"',;]+", re.IGNORECASE
        ),
        rf"\1{BLOT}",
    ),
    (re.compile(r"(\b(?:set-)?cookie[\"']?\s*:\s*)[^\r\n]+", re.IGNORECASE), rf"\1{BLOT}"),
    (re.compile(r"(\bbearer\s+)[a-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1{BLOT}"),
    (
        re.compile(
            rf"({NAMED}{JOINT})(?:{_QUOTED}|\\{{1,4}}[\"'][^\s\"'\\]+|[^\s,;&\"')}}\]]+)",
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
    (re.compile(CURL, re.IGNORECASE), rf"\g<name>\g<joint>{BLOT}"),
    (re.compile(COMMANDS), rf"\g<name>\g<joint>{BLOT}"),
    (re.compile(DIGEST, re.IGNORECASE), rf"\g<name>\g<joint>{BLOT}"),
    (re.compile(rf"(\bidentified\s+by\s+)(?:{_QUOTED})", re.IGNORECASE), rf"\1{BLOT}"),
    (
        re.compile(rf"(--(?:[\w-]{{0,30}}-)?{_NAMES}\s+)(?:{_QUOTED}|[^\s\"'-][^\s]*)", re.IGNORECASE),
        rf"\1{BLOT}",
    ),
    (re.compile(MARKED), BLOT),
)
_NAMED = re.compile(rf"(?:^|[-_.]){_NAMES}$", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with what looks like a secret blotted out."""
    for form, blotted in _FORMS:
        text = form.sub(blotted, text)
    return text


def names_a_secret(name: str) -> bool:
    """Whether a value of this name is to be kept from sight."""
    return bool(_NAMED.search(name))

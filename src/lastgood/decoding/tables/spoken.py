"""What people say that they did to a system: `rolled out search-api 4.2`, `gw-2 neu gestartet`, `redémarrage de varnish`.

A sentence tells of work if it has a word for it that says that it is done, and is no question, plan, condition or denial, and
is of now. Words that are also said of figures and customers (`raised`, `moved`, `closed`) count only where a sentence begins
with them: a person did it. A name with a version counts alone where it is said to be live, out or on its way.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lastgood.decoding.tables.entries import kind_of_title, version_in


@dataclass(frozen=True, slots=True)
class Told:
    """Work that a sentence tells of: its kind, the service and the version where they are named, the sentence."""

    kind: str
    service: str
    version: str
    sentence: str


def _any(words: str) -> str:
    return "|".join(word.replace("_", " ") for word in words.split())


# What says that work is done, by its kind, wherever it stands. English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish.
_STRONG = (
    ("migration", _any(r"migrated ran_the_(?:\w+_)?migrations? migriert migré migrad[oa] gemigreerd zmigrowano")),
    ("scaling", _any(r"scaled rescaled (?:hoch|herunter)?skaliert escalad[oa] opgeschaald przeskalowano mis_à_l'échelle")),
    ("commit", _any(r"merged gemergt fusionné mergead[oa] zmergowan[oay]?")),
    ("flag", _any(
        r"flipped toggled turned_(?:on|off)\b turned_[\w\s.-]{1,40}_(?:on|off)\b switched_(?:on|off)\b switched_[\w\s.-]{1,40}_(?:on|off)\b enabled disabled "
        r"(?:ein|aus|frei|an|ab)geschaltet (?:de)?aktiviert (?:dés)?activé (?:des)?activad[oa] (?:des)?activ[ée]\b (?:des)?ativad[oa] (?:des)?ativei "
        r"(?:dis)?attivat[oa] (?:aan|uit)gezet (?:in|uit)geschakeld (?:w|wy)łącz(?:ono|yłe?m|yłam)"
    )),
    ("deploy", _any(
        r"(?:re|un)?deployed (?:re)?released rolled_out rolled_back roll(?:ed|ing)_[\w.-]+_(?:[\d.]+_)?(?:back|out)\b reverted promoted shipped upgraded downgraded "
        r"pushed_[\w.@-]+(?:_[\w.@-]+)?_to_(?:prod|live|production) (?:went|gone|is|are|now|goes)_live "
        r"ausgerollt eingespielt deployt deployed installiert zurück(?:ge)?(?:rollt|setzt|spielt) aktualisiert veröffentlicht freigegeben "
        r"(?:re)?déployée? livrée? mise?_en_prod(?:uction)? mise_à_jour_d\w+ installée? restaurée? retour_arrière "
        r"despleg(?:ué|ad[oa]|ó|amos) (?:se_)?liberad[oa] instalad[oa] instal[éó]\b actualiz(?:ad[oa]|[éó]\b) revert(?:id[oa]|[íi]\b|ió) volv(?:í|imos|ió)_a "
        r"implant(?:ad[oa]|ei|ou|amos) publicad[oa] publi(?:quei|cou|camos) subi(?:mos|u)?_o deploy_feito atualizad[oa] atualizei revertemos "
        r"rilasciat[oa] installat[oa] aggiornat[oa] ripristinat[oa] mess[oa]_in_produzione "
        r"uitgerold gedeployd geïnstalleerd bijgewerkt teruggedraaid teruggezet live_gezet "
        r"wdroż(?:ono|yłe?m|yłam|enie) wgra(?:no|łe?m|łam) zainstalowa(?:no|łe?m|łam) zaktualizowa(?:no|łe?m|łam) wycofa(?:no|łe?m|łam) przywróc(?:ono|iłe?m) cofnięto "
        r"rullade_ut driftsatt? utrullad"
    )),
    ("config", _any(
        r"restarted executed (?:durch|aus)geführt vorgenommen (?:hoch|herauf|herab|runter)gesetzt exécutée? (?:se_)?ejecut(?:ó|é|ad[oa]) executad[oa] eseguit[oa] uitgevoerd stopgezet uruchomiono rebooted reloaded bounced cleaned_up power-?cycled failed_over "
        r"(?:neu|durch)_?gestartet (?:um|hoch)gestellt umgeschaltet (?:ge|ver)ändert angepasst (?:ge|ent)leert (?:aus)?getauscht erhöht gesenkt verkleinert vergrößert "
        r"redémarr(?:é|age_d\w+) relancée? rechargée? vidée? purgée? modifiée? basculée? augmentée? réduite? "
        r"reinici(?:ad[oa]|[éó]\b|ei|ou|amos) (?:se_)?(?:subió|bajó|cambió|aumentó|redujo)_(?:el|la|los|las) cambiad[oa] aumentad[oa] reducid[oa] ampliad[oa] "
        r"alterad[oa] reduzid[oa] trocad[oa] riavviat[oa] modificat[oa] aumentat[oa] "
        r"herstart opnieuw_gestart aangepast gewijzigd verhoogd verlaagd leeggemaakt vervangen "
        r"z?restartowa(?:no|łe?m|łam|n[ya]) przeładowa(?:no|łe?m|łam) zwiększ(?:ono|yłe?m|yłam) zmniejsz(?:ono|yłe?m|yłam) zmieni(?:ono|łe?m|łam) przełącz(?:ono|yłe?m) "
        r"startade_om omstartad"
    )),
)  # fmt: skip
# What says it only where the sentence begins with it.
_WEAK = _any(
    r"raised lowered increased decreased reduced doubled halved set changed edited adjusted tuned applied flushed cleared purged emptied killed drained cordoned moved removed "
    r"deleted added replaced rotated renewed patched ran dropped stopped started blocked unblocked opened closed swapped updated installed reset re-?created switched put pointed "
    r"ouverture_d\w+ fermeture_d\w+ ajout_d\w+ changement_d\w+ désactivation_d\w+ activation_d\w+ reinicio_d\w+ cambio_d\w+ restart"
)  # fmt: skip
# Japanese has no blanks; a word of work is done where the sentence ends with it or says so.
_JAPANESE = re.compile(
    r"(?P<what>リリース|デプロイ|ロールバック|切り戻し|再起動|反映|適用|更新|変更|切り?替え?|増設|有効化|無効化|追加|削除)"
    r"(?:を?(?:しました|した|済み?|実施(?:しました|した)?|完了(?:しました|した)?)|(?=$|[\s。、\uff08(]))"
)
_JAPANESE_KINDS = {"リリース": "deploy", "デプロイ": "deploy", "ロールバック": "deploy", "切り戻し": "deploy", "有効化": "flag", "無効化": "flag"}  # fmt: skip
_BEGINS = r"^(?:\W*+(?:i|we|i've|we've|have|just|now|already|also|ok(?:ay)?|done|fyi|and|then|so|hab|habe|haben|ich|wir|jetzt|ya|he|j'ai|on|a)\b[,:]?+\s*+)*+"
_FOUND = tuple((kind, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)) for kind, words in _STRONG)  # fmt: skip
_FOUND_FIRST = re.compile(rf"{_BEGINS}(?P<verb>{_WEAK})\s+\S", re.IGNORECASE)
_ON_ITS_WAY = re.compile(
    r"(?:is |are |now |is now )?(?:live|out|up|done|deployed|going (?:out|live|to)|on its way|rolling|being rolled|in prod(?:uction)?|drauf|raus|online|en prod|no ar|na prod\w*)\b",
    re.IGNORECASE,
)
# Work as a noun at the beginning of an entry: `rollback of pay`, `config push to edge-proxy: …`.
_NOUN = re.compile(
    r"\W*(?:emergency |manual |hot-?fix )?(?P<what>(?:config(?:uration)? |settings? )?(?:push|change|reload|restart|reboot|failover|switchover)|deploy(?:ment)?|roll-?back|roll-?out|release|upgrade|update|hotfix) (?:of|to|on|for) (?:the )?(?=\S)",
    re.IGNORECASE,
)
_SAID_OF_IT = re.compile(
    r"\b(?:was|were|is|are|failed|fails|looks?|took|takes|has|had|did|does|seems?|caused?)\b", re.IGNORECASE
)
# What is no matter of a person or a customer: work that is said with an everyday word is of one of these.
_TECHNICAL = re.compile(
    r"\b(?:config\w*|settings?|limits?|time-?outs?|pools?|cert\w*|dns|ttl|cach\w*|flags?|index(?:es)?|cron\w*|replicas?|tables?|database|db|servers?|services?|pods?|nodes?|containers?|hosts?|cluster|queues?|topics?"
    r"|rules?|firewall|prox(?:y|ies)|balancer|secrets?|keys?|tokens?|env\w*|variables?|memory|heap|cpu|disk|volume|threads?|workers?|connections?|retr(?:y|ies)|rate|quota|weights?|routes?|ports?|migrations?|schema"
    r"|quer(?:y|ies)|jobs?|batch|script|build|image|chart|deployment|release|branch|version|backends?|feature|toggle|header|origin|bucket|log(?:s|ging)?|debug|lock|session|certificat|délai|tiempo|espera|puerto|cortafuegos|port)\b"
    r"|\bfrom \S+ to \S+|\bto \d+ ?(?:s|ms|m|min|%|mb|gb|x)?\b|\w_\w",
    re.IGNORECASE,
)
_AND_DID = re.compile(
    r"\band (?:ran|applied|executed|started|synced|reloaded)\b", re.IGNORECASE
)  # what was merged
_OF_SETTINGS = re.compile(r"\b(?:config\w*|settings?|limits?|timeouts?|pool|parameters?)\b", re.IGNORECASE)
# What is done to a system as a whole, whose name then stands beside the word; other work is done to a part of it.
_TO_A_SYSTEM = re.compile(
    r"deploy|releas|roll|revert|promot|ship|grad|push|live|restart|reboot|reload|bounce|cycle|over|scal|skal|flush|purg|drain|clean|spielt|start|install|aktualis|redémarr|relanc|prod|livr|vid"
    r"|despl|liber|reinici|implant|publi|rilasc|riavv|escal|rold|gedep|herst|terug|wdro|wgra|zrest|prze|wycof|startad|drift|stop|kill",
    re.IGNORECASE,
)
_OF_RELEASES = re.compile(r"deploy|roll|release|upgrade|update|hotfix", re.IGNORECASE)
_DOING = re.compile(r"(?:^|\bis |\bare |\bam |'m )(?P<verb>deploying|releasing|rolling out|rolling back|shipping|promoting|reverting|upgrading)\b", re.IGNORECASE)  # fmt: skip
_VERSION_WORDS = r"(?:back )?(?:is|to|at|on|now|auf|auf version|version|versión|versie|versão|wersj\w|versione|release|v\.?|na|naar|a la|à la|para|en|op|is now)"
_NAME = r"[A-Za-z][\w.-]*[\w]"
_RELEASE = r"(?P<version>v?\d++(?:\.\d++)++(?:[-+][\w.]+)?|[vr]\d+)(?![\w.]*\w)"
_VERSIONED = re.compile(rf"(?P<service>{_NAME}):? (?:{_VERSION_WORDS} )*{_RELEASE}", re.IGNORECASE)
_OF_VERSION = re.compile(rf"{_RELEASE} (?:of|from|de|do|da|del|von|van|di) (?:the |la |le |el |o |a )?(?P<service>{_NAME})", re.IGNORECASE)  # fmt: skip
_HASH = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b")
_IDENTIFIER = re.compile(r"(?<![\w./=-])(?:[a-z][a-z\d]*(?:-[a-z\d]+)+|[a-z]{2,}\d+)(?![\w=-]|\.\w)")
_NO_IDENTIFIER = re.compile(
    r".*-(?:up|out|off|on|in|back|down|only|call|run|time|wide|by|end|day|half)|(?:re|e|pre|post|non|one|two|half|all|long|short|old|new|so|well|double|follow|opt)-.*"
)
_BACK_AT = re.compile(
    rf"(?P<service>{_NAME}) (?:is |ist |est |está |jest |é )?(?:back|again|now|jetzt|nun|wieder|maintenant|ahora|agora|teraz|nu) (?:at|on|to|auf|en|em|na|op|à) {_RELEASE}",
    re.IGNORECASE,
)
_OBJECT = re.compile(rf"\s+(?:(?:the|das|die|den|der|le|la|les|el|los|o|os|a|as|il|de|het|of|du|do) |[ld]')*(?P<name>{_NAME})", re.IGNORECASE)  # fmt: skip
_BEFORE = re.compile(
    r"(?:^|\s)(?P<name>[a-z][a-z\d.-]+)\s+(?:(?:is|was|neu|wieder|opnieuw|has been|wurde)\s+)*$"
)
_NOT_A_NAME = frozenset(
    "a auf about again all already alle alles also an and another any are back beide both by cache caches certificate certificates cluster config database db dns de del der die das el en everything everybody "
    "fix flag for from hab habe hotfix ich in index it its kernel la le limit me migration migrations my new nodes now of off ok old on one our out pod pods prod production release "
    "schema server servers service services session sessions staging table tables that the their them then these they this those to traffic update us users version versión versie wersji versão versione "
    "rolling rolled deploying deployed releasing released upgrading upgraded updating updated installing installed switching switched reverting reverted downgrading downgraded shipping shipped promoting promoted restarting restarted moving going went "
    "was we were wir wersja with workers back rolled roll i patch just has have been is mittlerweile jetzt nun gerade heute hotfixes host hosts machine machines yesterday".split()
)  # fmt: skip
_ASKED = re.compile(
    r"[?\uff1f]\s*$|^\W*(?:should|shall|can|could|may|did|do|does|has|is|are|was|who|when|why|what|which|where|how|please|pls|let's|lets|if|soll(?:en|te[nt]?)?|können|kann|wer|wann|warum|was|wie|hat"
    r"|faut-il|est-ce|qui|quand|pourquoi|quién|qué|cuándo|quem|quando|kto|kiedy|czy|wie|wanneer|moeten|kun)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:will|won't|would|should|shall|could|might|may|must|going to (?!\S*\d)(?:be |re)?(?:deploy|roll|restart|releas|ship|upgrad|revert|scal|do|try|switch|chang|flip|turn|merg|push)\w*|gonna"
    r"|tomorrow|tonight|soon|later|next|planned?|planning|scheduled?|want(?:s|ed)?|unless|let's|please|needs?|until|maybe|perhaps|to be|to do|todo|about to|ready to|ask(?:ed)? to|wait(?:ing)? for|before we"
    r"|morgen(?! früh)|nächste[nrs]?|(?:ein)?geplant|vorgesehen|soll(?:en|te)?|werde[nt]?|wird|müssen|muss|könn(?:en|te)|falls|wenn|vielleicht|bald|später"
    r"|demain|prochaine?|prévue?s?|à faire|faudra|va|allons|bientôt"
    r"|mañana|próxim[oa]s?|previst[oa]|pendientes?|vamos a|hay que"
    r"|amanhã|vamos|pendente|previst[oa]|domani|prossim[oa]|volgende|gepland|zullen|jutro|zaplanowan\w*|planowan\w*|będzie(?:my)?|imorgon)\b|明日|予定|来週|検討",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|never|nothing|nobody|without|cannot|nicht|kein(?:e[nrs]?)?|noch nicht|nie|pas|jamais|nunca|não|niet|geen|nie|failed to|fehlgeschlagen|échoué|inte)\b|n't\b|ません|なかった",
    re.IGNORECASE,
)
_OF_ANOTHER_TIME = re.compile(
    r"\b(?:since|after|yesterday|last (?:week|night|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|days? ago|weeks? ago|hours? ago|was (?:already )?\w+ (?:this morning|earlier)|earlier today"
    r"|seit|nachdem|gestern|letzte[nr]?|vorgestern|depuis|hier|après|ayer|desde|tras|ontem|depois|ieri|gisteren|sinds|wczoraj|odkąd|od wczoraj)\b|昨日|先週",
    re.IGNORECASE,
)  # fmt: skip
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|(?<=[。\uff01\uff1f\uff1b])|\n+|\s+[—\u2013]\s+")
_CLAUSES = re.compile(r",\s+|\s+(?:but|aber|mais|pero|mas|maar|ale)\s+")
_CONDITION = re.compile(r"\W*(?:if|unless|falls|wenn|si|se|als|jeśli)\b", re.IGNORECASE)
_LONGEST = 600  # characters that are looked at: who tells what was done tells it first
_FEWEST_WORDS = 3  # of a sentence that names no system and no version
_IN_BRACKETS = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]")


def told(text: str, services: Sequence[str] = ()) -> Told | None:
    """The first work that a text says was done, None where it tells none; `services` are names that are known."""
    return next((found for part in _parts(text) if (found := _of(part, services))), None)


def named(title: str, services: Sequence[str] = ()) -> tuple[str, str]:
    """The service and the version that a title names, empty where it names none; `services` are names that are known."""
    bare = _IN_BRACKETS.sub(" ", title[:_LONGEST]).strip()
    found = _OF_VERSION.search(bare) or _named(bare)
    service = _called(found, _known(bare, services)) or _identifier(bare)
    return service, found["version"] if found else version_in(bare)


def _parts(text: str) -> Iterator[str]:
    """Each sentence that is no question, and then what stands between its commas."""
    for sentence in filter(None, map(str.strip, _SENTENCES.split(text[:_LONGEST]))):
        if not _ASKED.search(_IN_BRACKETS.sub(" ", sentence)):
            yield sentence
            if len(clauses := _CLAUSES.split(sentence)) > 1 and not _CONDITION.match(sentence):
                yield from clauses


def _of(sentence: str, services: Sequence[str]) -> Told | None:
    bare = _IN_BRACKETS.sub(" ", sentence).strip()
    if any(looks.search(bare) for looks in (_ASKED, _PLANNED, _DENIED, _OF_ANOTHER_TIME)):
        return None
    versioned = _OF_VERSION.search(bare) or _named(bare)
    kind, place = _work(bare)
    if not kind and versioned and (_BACK_AT.match(bare) or _ON_ITS_WAY.match(bare[versioned.end() :].lstrip(" ,:-"))):  # fmt: skip
        kind, place = "deploy", (0, 0)
    revision = found[0] if (found := _HASH.search(bare)) else ""
    version = versioned["version"] if versioned else version_in(bare) or revision
    if not kind and version and (doing := _DOING.search(bare)):
        kind, place = "deploy", doing.span()
    if not kind:
        return None
    service = _called(versioned, _known(bare, services)) or _service(bare, kind, place)
    if (
        not service
        and not version
        and not _identifier(bare)
        and (kind == "deploy" or len(bare.split()) < _FEWEST_WORDS)
    ):
        return None  # of an unknown thing
    return Told(_kind(kind, bare), service, version, sentence)


def _named(bare: str) -> re.Match[str] | None:
    """A name with its version."""
    if back := _BACK_AT.match(bare):
        return back
    found = _VERSIONED.finditer(bare)
    return next((one for one in found if not _is_word(one["service"])), None)


def _is_word(name: str) -> bool:
    """Whether a name is a word of the language, or of work, rather than what a program is called."""
    return name.lower() in _NOT_A_NAME or any(looks.fullmatch(name) for _, looks in _FOUND)


def _work(bare: str) -> tuple[str, tuple[int, int]]:
    """The kind of work and where its word stands; no kind where there is none."""
    for kind, looks in _FOUND:
        if found := looks.search(bare):
            return kind, found.span()
    if (found := _FOUND_FIRST.match(bare)) and (
        _TECHNICAL.search(bare) or _identifier(bare) or version_in(bare)
    ):
        return "config", found.span("verb")
    if (found := _NOUN.match(bare)) and not _SAID_OF_IT.search(bare):
        return ("deploy" if _OF_RELEASES.match(found["what"]) else "config"), found.span("what")
    if found := _JAPANESE.search(bare):
        return _JAPANESE_KINDS.get(found["what"], "config"), found.span()
    return "", (0, 0)


def _kind(kind: str, bare: str) -> str:
    """Of words for any work, what it was done to says more."""
    said = kind_of_title(bare)
    if kind == "commit" and _AND_DID.search(bare):
        return "config"
    if kind == "deploy" and _OF_SETTINGS.search(bare) and not version_in(bare):
        return "config"
    if kind == "config" and version_in(bare) and _OF_RELEASES.search(bare):
        return "deploy"
    return said if kind == "config" and said in {"certificate", "dns", "migration"} else kind


def _called(versioned: re.Match[str] | None, known: str) -> str:
    """The name that a version stands beside, in full where it is part of a known one; else the known one."""
    name = versioned["service"] if versioned else ""
    return known if name.lower() in known.lower() else name


def _known(bare: str, services: Sequence[str]) -> str:
    """The longest known name that stands in a sentence as a word."""
    low = bare.lower()
    found = [name for name in services if name and re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", low)]  # fmt: skip
    return max(found, key=len, default="")


def _identifier(bare: str) -> str:
    """A word that only programs and machines are called by; empty where there is none."""
    return next((one[0] for one in _IDENTIFIER.finditer(bare) if not _NO_IDENTIFIER.fullmatch(one[0])), "")


def _service(bare: str, kind: str, place: tuple[int, int]) -> str:
    """What was worked on: a name that only programs have, or the word beside that for a deploy or a restart."""
    if kind == "flag":
        return ""  # a flag is named, not who has it
    if found := _identifier(bare):
        return found
    if kind == "migration" or not re.search(r"[a-z]", bare[place[0] : place[1]], re.IGNORECASE):
        return ""
    looked = (_OBJECT.match(bare, place[1]), _BEFORE.search(bare[: place[0]]))
    named = (found["name"] for found in looked if found)
    whole = bool(_TO_A_SYSTEM.search(bare[place[0] : place[1]]))
    return next((name for name in named if whole and name.islower() and not _is_word(name)), "")

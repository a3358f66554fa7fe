"""Words by which a description in the third person or the second is brought into the first: pronouns, people, verbs, openings of clauses."""

from __future__ import annotations

import re

from .claim_topics import WORDS

PRONOUNS = {
    "she": ("she", "her", "hers", "herself"),
    "he": ("he", "him", "his", "himself"),
    "they": ("they", "them", "their", "theirs", "themselves", "themself"),
}
OF = {form: subject for subject, forms in PRONOUNS.items() for form in forms}
ANY = re.compile(rf"\b(?:{'|'.join(sorted(OF, key=len, reverse=True))})\b", re.I)

FEMALE = "mother|mum|mom|mam|sister|daughter|wife|girlfriend|fiancee|aunt|niece|gran|grandma|grandmother|nan|landlady|woman|girl|granddaughter|stepmother|lady"
MALE = "father|dad|brother|son|husband|boyfriend|fiance|uncle|nephew|grandpa|grandfather|landlord|boy|guy|man|grandson|stepfather|bloke"
GENDERED = dict.fromkeys(FEMALE.split("|"), "she") | dict.fromkeys(MALE.split("|"), "he")
_SOMEONE = (
    rf"{FEMALE}|{MALE}|{WORDS['kin']}"
    rf"|customers?|clients?|patients?|pupils?|students?|others|everyone|everybody|somebody|someone|team|(?:the|an?) (?:(?:old|young|new|retired|former) )?(?:{WORDS['jobs']}|soldier|judge|priest|vicar|nun|monk|detective|prisoner|stranger|tenant|lodger|volunteer|officer|guest|singer|poet)"
)
PEOPLE = re.compile(rf"\b(?:{_SOMEONE})\b", re.I)
GROUP = re.compile(r"^(?:children|family|people|couple|parents|in-laws|team|others|kids|boys|girls)$|[^s]s$", re.I)
NAMES = re.compile(
    r"(?<=[a-z] )(?<!\bin )(?<!\bat )(?<!from )(?<!near )(?<!around )(?<!outside )(?<!the )(?<!\ba )(?<!an )(?<!into )(?<!speaks )(?<!on )[A-Z][a-z]+"
)
TOWARDS = re.compile(  # capitals that name nobody
    r"\b(?:works?|worked|working|plays?|played|left|votes?|applied) for (?:the )?[A-Z]\w+|\b(?:university|college|city|town|port|north|south|east|west|outside|outskirts|centre|middle|out"
    r"|suburbs?|church|part|end) of [A-Z]\w+|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\b(?:mov\w+|go(?:es|ne)?|went|flew|flies|travel\w*|came|comes|com\w+ back) to [A-Z][a-z]+"
)

INVOLVED = re.compile(
    r"\b(?:(?:married|engaged|related|close|devoted) to|dating|in love with|(?:lives?|living|works?) with|(?:works?|cares?) for|rents? from|looks? after|brought up by|raised by) (?:an?|the|old|young) \w+"
)
ADVERB = r"(?:\w+ly|never|always|often|still|now|also|seldom|sometimes|just|once|not|currently|hardly|no longer|then)"
FINITE = (
    "is|has|was|does|had|can|could|will|works|lives|rents|owns|drives|smokes|drinks|eats|takes|sleeps|prays|goes|plays|runs|cooks|teaches|studies|wants|likes|loves|hates|enjoys"
    "|keeps|knows|thinks|feels|believes|shares|stays|comes|walks|swims|owes|earns|suffers|lies|wakes|sees|says|tells|visits|cares|looks|raises|attends|speaks|travels|gets|makes"
    "|spends|tries|talks|trusts|worries|uses|needs|finds|hopes|fears|dislikes|detests|lost|left|moved|got|grew|quit|gave|served|studied|worked|lived|became"
)  # fmt: skip
VERBS = re.compile(rf"^(?:{ADVERB} )*(?:{FINITE})\b|^{ADVERB} \w+s\b|^never \w+ed\b", re.I)
BARE_VERBS = "am|are|were|have|do|" + "|".join(
    re.sub(r"(?<=ch)es$|(?<=go)es$|s$", "", v)
    for v in FINITE.split("|")
    if v not in ("is", "has", "was", "does", "studies", "tries", "worries")
)
YOUR_VERBS = re.compile(
    rf"^(?:{ADVERB} )*(?:{BARE_VERBS}|study|try|worry)\b|^(?:never|always|often|rarely|seldom|hardly) (?!in\b|at\b|on\b|an?\b|the\b|one\b|to\b|for\b|with\b)\w+\b",
    re.I,
)
AUXILIARY = {"is": "am", "are": "am", "has": "have", "does": "do", "was": "was", "were": "was"}
AFTER_ME = re.compile(
    r"\b(her|you)\b(?=$|[^\w ]| (?:that|to|and|or|in|on|at|by|for|from|with|when|if|because|as|about|an?|the|every|what|how|why|who|not|so|again|up|down|out|off|back|too|very|more|better|all|no|last|this|yesterday|older|alone|awake|tired)\b)",
    re.I,
)
ROLE = re.compile(  # the person is one, or there is none: nobody whom a pronoun could mean
    rf"\b(?:is|am|are|was|be|been|being|became|become|as|no|never had an?|not have (?:an?|any)) (?:an? |the )?(?:[\w-]+ ){{0,2}}?(?:{_SOMEONE})\b",
    re.I,
)
ACTS = re.compile(rf"^(?:'s)?(?: [A-Z][a-z]+)? (?:{ADVERB} )*(?:{FINITE}|are|have|were|do)\b")
ASIDE = re.compile(
    r"^(?:since|after|before|during|for|at|in|on|by|with|from|as|every|most|despite|without|until)\b[^,]*? (?=[A-Za-z])", re.I
)
STRANGER = re.compile(  # a sentence that begins with somebody's name: "Eve drinks", "Tom is 60"
    rf"^[A-Z][a-z]+(?: [A-Z][a-z]+)? (?:{ADVERB} )*(?:(?!is\b|was\b|has\b|does\b|can\b|could\b|will\b|makes\b|keeps\b|comes\b|gets\b|needs\b|feels\b)(?:{FINITE})|\w+ed"
    r"|(?:is|was) (?:\d\d|an?|the|her|his|their|my|your|married|single|divorced)|has (?:an?|no|\w+ (?:children|kids))|(?:does|could|can|will|would)(?: not)? \w+)\b"
)
PRONOUN = re.compile(r"(?:she|he|they|you|her|his|their|your)\b", re.I)
NO_NAME = re.compile(r"(?:There|Nobody|No|Nothing|It|This|That|Life|Money|Work)\b")
CONDITION = re.compile(r"(?:if|when|unless|whether|since|because|although|though|while|as|after|before|neither|asked)\b", re.I)
TIED = re.compile(r"\b(?:married|engaged|divorced|dating|widow\w*|relationship|pregnant|couple)\b", re.I)
NO_VERBS = frozenset(["always", "his", "this", "as", "its", "us", "perhaps", "besides", "unless", "thus", "alas"])
LEAD = re.compile(
    rf"^((?:(?:and|but|so|although|though|while|because|well|now|today|also|then|still|originally|currently|even|{ADVERB}|at \d+|as an? [\w ]+?|these days|by (?:day|trade)|at (?:home|work|heart|night)|in (?:public|private))\s+)*)",
    re.I,
)
IS_ONE = re.compile(
    rf"\bI am an? (?:[\w-]+ ){{0,3}}(?:{WORDS['jobs']}|man|woman|mother|father|mum|dad|student|pensioner|person|widow|widower)$", re.I
)
BARE = re.compile(
    rf"^(?:an? )?(?:[\w-]+ ){{0,3}}?(?:{WORDS['jobs']}|\d\d-year-old|man|woman|mother|father|student|pensioner|widow|widower|retiree)(?: (?:{WORDS['jobs']}|man|woman|mother|father))?"
    r"(?= (?:from|in|at|with|of|living|working|based)\b|\W*$)",
    re.I,
)
TAKES_OBJECT = "with|for|of|to|by|in|than|like|from|about|told|tells|asks|asked|left|leaves|loves|calls|without"
ACTING = re.compile(rf"\b(?:she|he|they) ((?:{ADVERB} )*)(\w+)", re.I)
ANY_OR_YOU = re.compile(rf"{ANY.pattern}|\byour(?:s|self)?\b|\byou\b", re.I)


def people(text: str) -> list[tuple[set[str], int]]:
    """Return who is mentioned beside the person: the pronouns that each may have, and where the mention ends."""
    masked = ROLE.sub(lambda m: " " * len(m.group()), text)
    return [(genders(m.group()), m.end()) for m in PEOPLE.finditer(masked)]


def genders(person: str) -> set[str]:
    """Return the pronouns of somebody called a mother, a boss, people."""
    low = person.lower()
    if low in GENDERED:
        return {GENDERED[low]}
    return (
        {"they"}
        if (GROUP.search(low) or low in ("everyone", "everybody", "somebody", "someone")) and low not in ("boss", "ex")
        else {"she", "he", "they"}
    )


def agreeing(tail: str) -> str:
    """Return what follows the subject with its verb as it goes with "I"."""
    head = re.match(rf"((?:{ADVERB}\s+)*)(\w+)", tail, re.I)
    if head is None:
        return tail
    return head[1] + base(head[2]) + tail[head.end() :]


def base(verb: str) -> str:
    """Return a verb of the third person as it goes with "I"."""
    low = verb.lower()
    if low in AUXILIARY:
        return AUXILIARY[low]
    if not low.endswith("s") or low.endswith(("ss", "us")) or low in NO_VERBS:
        return verb
    if low.endswith("ies") and len(low) > 4:
        return verb[:-3] + "y"
    return verb[:-2] if low.endswith(("ches", "shes", "sses", "xes", "zes", "oes")) else verb[:-1]

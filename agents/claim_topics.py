"""What people commonly say about themselves, declared so that two such sayings can be held against each other.

Every topic has values; of two different ones at most one can hold of a person, but where they are declared as compatible. Patterns are
searched in one clause at a time, in lower case with contractions written out ("i do not"). ``@drinks@`` and the like
stand for the word lists below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

WORDS: Mapping[str, str] = {
    "kin": "mother|mum|mom|mam|father|dad|parents?|brothers?|sisters?|siblings?|twin|sons?|daughters?|child|children|kids?|wife|husband|partner"
    "|boyfriend|girlfriend|fiancee?|aunt|uncle|cousins?|nephews?|nieces?|gran|grandma|grandpa|grandmother|grandfather|grandparents|nan|family|in-laws?"
    "|friends?|mates?|flatmates?|roommates?|housemates?|neighbou?rs?|boss|manager|colleagues?|coworkers?|doctor|gp|therapist|counsell?or|landlord"
    "|landlady|teachers?|ex|baby|boys?|girls?|dogs?|cats?|couple|guy|man|woman|people",
    "drinks": "alcohol|beers?|wines?|whisk(?:e)?y|gin|vodka|rum|brandy|cider|lager|prosecco|champagne|pints?|spirits|liquor|booze|a drink|drinks|shots|cocktails?"
    "|hungover|drunk|tipsy|the bottle|a bottle",
    "meat": "meat|beef|pork|bacon|ham|steaks?|burgers?|chicken|lamb|sausages?|turkey|duck|mince|ribs|kebabs?|salami|fish|veal|roast",
    "pills": "tablets?|pills?|medication|medicines?|meds|antidepressants?|ssris?|sertraline|fluoxetine|citalopram|mirtazapine|venlafaxine|amitriptyline|diazepam"
    "|zopiclone|quetiapine|lithium|propranolol|lamotrigine|trazodone|prozac|valium|xanax|beta blockers?|sleeping aids?|mg",
    "jobs": "nurse|teacher|plumber|bus driver|lorry driver|truck driver|taxi driver|driver|carpenter|lawyer|solicitor|cook|chef|hairdresser|barber|mechanic|librarian"
    "|farmer|cleaner|electrician|builder|engineer|doctor|dentist|pharmacist|accountant|clerk|cashier|waiter|waitress|bartender|baker|butcher|painter|roofer"
    "|welder|gardener|postman|courier|pilot|steward|policeman|police officer|firefighter|paramedic|carer|midwife|social worker|secretary|receptionist"
    "|programmer|developer|designer|architect|journalist|writer|editor|translator|musician|actor|photographer|scientist|researcher|professor"
    "|lecturer|tutor|manager|shopkeeper|salesman|estate agent|broker|banker|civil servant|security guard|caretaker|decorator|fisherman|miner|tailor",
    "years": "[1-9]\\d|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    "|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen",
    "few": "one|two|three|four|five|six|seven|eight|nine|[1-9]",
    "no_age": "(?! ?(?:minutes?|hours?|days?|weeks?|months?|kilos?|kg|stone|pounds|quid|euros|dollars|grand|percent|per cent|%|miles?|km|metres?|feet|mg|times|pages|steps|some"
    "|years (?!old|of age)|(?:and|or) (?:a half|more)))",
    "place": r"(?P<v>(?-i:[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?))",
}  # fmt: skip
"""Put in for ``@name@``."""


class Topic(NamedTuple):
    """One thing that people say about themselves."""

    name: str
    yes: tuple[str, ...]  # a negation in the clause turns it into "no"
    no: tuple[str, ...] = ()  # whatever else stands in the clause
    has: tuple[str, ...] = ()  # "yes" whatever else stands in the clause: who "won't talk" is there all the same
    owned: bool = False  # "my dog barks" says it too, though the dog is the subject
    unless: str = ""  # in a clause that matches, nothing counts
    past: bool = False  # what was the case stays the case
    forms: tuple[str, str] = ("yes", "no")  # what the two values are called


_BLOOD = r"^\W*my (?:\w+ ){0,2}?(?:mother|mum|mom|dad|father|parents|gran\w*|nan|aunt|uncle|brother|sister|son|daughter|friends?|neighbou?rs?|boss|manager)s?\b(?! and i\b)"
_RELATIVE = r"^\W*my (?:\w+ ){0,2}?(?:mother|mum|mom|dad|father|parents|gran\w*|nan|aunt|uncle|wife|husband|brother|sister|son|daughter|friends?|neighbou?rs?|family)\b"

TOPICS: tuple[Topic, ...] = (
    Topic(
        "drinking",
        (
            r"\b(?:@drinks@)\b",
            r"\bi (?:\w+ ){0,5}?(?:drink|drank|drinking)\b(?! (?:\w+ ){0,4}(?:water|tea|coffee|milk|juice|cola|squash)\b)",
        ),
        (r"\bteetotal\w*", r"\bsober\b(?! up)", r"\b(?:dry|clean) for (?:\w+ )?(?:years|months)\b"),
        unless=r"\b(?:offer\w*|others|water bottle)\b|\bhouse\b.*\bbecause\b",
    ),
    Topic(
        "smoking",
        (r"\bsmok(?:e|es|ed|ing|er)\b", r"\bcigarettes?\b", r"\btobacco\b", r"\ba (?:fag|cig)s?\b", r"\bvap(?:e|ing)\b"),
        (r"\bnon-?smoker\b",),
        unless=r"\bsmok(?:e|y) (?:in|from|alarm)\b|\bsmells?\b",
    ),
    Topic(
        "children",
        (
            r"\b(?:i|we) (?:\w+ ){0,5}?(?:child|children|kids?|sons?|daughters?|boys|girls|toddler|teenagers)\b",
            r"\b(?:of|both|to) my (?:children|kids)\b|\b(?:mother|father|mum|dad|parent) (?:of|to) (?:\w+ )?(?:one|two|three|four|five|boys|girls|\d)\b",
            r"\bkids\b.*\b(?:my life|for me|at home)\b|\bbecame a (?:mother|father|parent)\b",
        ),
        (r"\bchildless\b",),
        (r"\bmy (?:\w+ ){0,2}?(?:children|kids?|sons?|daughters?|toddler|youngest|eldest|oldest|little (?:girl|boy|one|ones)|boys|girls)\b(?!'s)",),
        owned=True,
        unless=r"\b(?:my|her|his|sister's|brother's|friend's) (?:sister|brother|mother|friend|neighbou?r|cousin|aunt)\b|\bwhen i was a\b|\bas a (?:child|kid)\b|\blike a (?:child|kid)\b",
    ),
    Topic(
        "partner",
        (
            r"\bi (?:\w+ ){0,5}?(?:wife|husband|boyfriend|girlfriend|partner)\b",
            r"\b(?:i|we) (?:\w+ ){0,5}?(?:married|engaged)\b|\bmarried (?:man|woman)\b",
            r"\bpartner\b.*\bmy life\b|\bi am (?:not )?(?:with|seeing|dating) (?:anybody|anyone|somebody|someone)\b",
        ),
        (r"\bi (?:am|have been|was) (?:\w+ ){0,2}?single\b", r"\b(?:unmarried|widowed|divorced|a widow(?:er)?|bachelor|spinster)\b"),
        (r"\bmy (?:wife|husband|partner|boyfriend|girlfriend|fiancee?|spouse|better half)\b(?!'s)",),
        owned=True,
        unless=_BLOOD + r"|\bex-? ?(?:wife|husband|boyfriend|girlfriend|partner)\b|\b(?:left me|died|passed away|walked out)\b",
    ),
    Topic(
        "household",
        (r"\b(?:live|lived|living|stay|rent) (?:\w+ ){0,4}?(?:alone|by myself|on my own|all by myself)\b",),
        (
            r"\b(?:i|we) (?:\w+ ){0,5}?(?:live|lived|living|stay|moved in) with (?!(?:it|this|that|pain|fear|the fact|anxiety|nobody|no one)\b)",
            r"\bmy (?:\w+ )?(?:flatmates?|roommates?|housemates?|lodgers?)\b(?!'s| live)",
            r"\bshare (?:a|the|my|our) (?:\w+ )?(?:flat|house|room|place|apartment|rent)\b",
            r"\b(?:there are|we are) (?:two|three|four|five|six|seven|\d)(?: of us)?\b.*\b(?:house|home|flat|here|us)\b",
        ),
        (
            r"\b(?:nobody|no one|no-one|there is not anybody|there is not anyone) (?:else )?(?:lives?|is|in|at|here|there)\b.*\b(?:me|flat|house|home|place|apartment)\b",
            r"\b(?:just|only) me (?:in|at|here)\b|\bempty (?:house|flat|home|apartment)\b|\b(?:place|flat|house) (?:all )?to myself\b",
        ),
        owned=True,
        unless=r"\b(?:feel|felt|office|leave me|left me|let me) alone\b|\balone (?:even|among|with (?:it|this|my))\b|\bwalk\b",
        forms=("alone", "with others"),
    ),
    Topic(
        "working",
        (
            r"\bi (?:\w+ ){0,5}?(?:work|worked|working) (?:full|part|nights?|days|shifts?|in|at|for|as|on|from)\b",
            r"\bi (?:\w+ ){0,5}?(?:job|shift|shifts|deadline at work)\b",
            r"\b(?:home|back) from (?:work|the office)\b|\b(?:be|am|get) (?:back )?(?:at|in|to) (?:the office|work)\b|\bi (?:\w+ )?go(?:ing)? to work\b",
            r"\bi am (?:\w+ )?employed\b|\bself-employed\b",
            r"\bi (?:\w+ ){0,5}?worked (?:for|since|in)\b",
        ),
        (
            r"\b(?:unemployed|jobless|out of work|between jobs|laid off|made redundant|out of a job|on benefits|on the dole|retired)\b",
            r"\b(?:lost|losing) my job\b|\b(?:fired|sacked)\b|\blet me go\b|\b(?:nobody|no one) (?:will|would) (?:hire|employ|take) me\b",
            r"\blooking for (?:work|a job)\b",
        ),
        (r"\bmy (?:\w+ )?(?:boss|colleagues?|coworkers?|shifts?|manager|supervisor|employer|workplace)\b|\bmy job (?:is|as|at|in|pays|means|starts)\b",),
        owned=True,
        unless=r"\binterview\b|\b(?:on|about|with|to|of|for|by|from|than) an? (?:\w+ )?(?:retired|unemployed|jobless)\b|\babout (?:my|the) job\b|\bit (?:takes|took)\b|\bmy (?:brother|sister|son|father|mother|dad|mum|friend|husband|wife|partner)(?:'s| is| has| was| lost| works)\b|\bdo not work out\b",
    ),
    Topic(
        "meat",
        (r"\b(?:eat|ate|eaten|eating|had|have|fry|fried|cook|cooked|grill|grilled|roast|love|like|enjoy|order|ordered|without|crave|bought|made|touch)\b[^.]*\b(?:@meat@)\b", r"\bmeat\b", r"\bmeat-?eater\b"),
        (r"\b(?:vegetarian|vegan|veggie|plant-based)\b", r"\bmeat[- ]free\b"),
        unless=r"\b(?:to|with|for|than|like) an? (?:\w+ )?(?:vegetarian|vegan)\b",
    ),
    Topic(
        "driving",
        (
            r"\bi (?:\w+ ){0,5}?(?:drive|drove|driven|driving|parked)\b(?! me)",
            r"\bmy (?:\w+ )?(?:car|van|truck)\b|\bi (?:\w+ ){0,5}?(?:car|driving licen[cs]e|licen[cs]e)\b|\bbehind the wheel\b|\b(?:love|like|enjoy) driving\b",
            r"\blearn(?:ed|t)? to drive\b",
        ),
        (r"\b(?:lost|lose|took) my (?:driving )?licen[cs]e\b", r"\bcar-free\b"),
        owned=True,
        unless=r"\bdriv(?:es?|ing|en) me\b|\bdriven (?:out|away|mad)\b",
    ),
    Topic(
        "dog",
        (
            r"\b(?:i|we) (?:\w+ ){0,5}?(?:a|an|the|any|his|her|two|three|no) (?:\w+ )?(?:dogs?|puppy|puppies|pets?|animals?)\b",
            r"\bthe dog and i\b|\b(?:walk|feed|feeding|walking) the dog\b|\bi (?:\w+ )?(?:have|own|keep|kept|had|owned) (?:\w+ )?(?:dogs?|pets|animals)\b",
            r"\b(?:pets?|animals?) in (?:my|the) (?:flat|house|home)\b|\bpets\b.*\bhere\b",
        ),
        (r"\ballergic to (?:dogs|fur|animals)\b", r"\bno (?:pets|animals|dog)\b"),
        (r"\bmy (?:\w+ )?(?:dog|puppy|terrier|labrador|spaniel)\b(?!'s owner)",),
        owned=True,
        unless=r"\b(?:neighbou?r's|aunt|stray|i (?:like|saw|love|hate) (?:a )?(?:\w+ )?dogs?)\b",
    ),
    Topic(
        "medication",
        (
            r"\b(?:take|takes|taking|took|taken|on|my|doubled|double|swallow\w*|prescribed|touch|off|started|missed|skip|skipped|no|swap|stop|stopped|pop)\b[^.]*\b(?:@pills@)\b",
            r"\btake something for\b",
        ),
        (r"\b(?:never|not) (?:been|ever been) on anything\b", r"\bno (?:medication|tablets|pills|meds)\b", r"\b(?:medication|drug)-free\b"),
        unless=r"\b(?:know|wonder|ask(?:ed)?|talked|told|say|says|said)\b",
    ),
    Topic(
        "therapy",
        (
            r"\b(?:a|no|any|the) (?:\w+ )?(?:therapist|counsell?or|psychologist|shrink|psychiatrist)\b(?!'s)",
            r"\b(?:in|to|go to|tried|had|have|been to|from|need) (?:\w+ )?(?:therapy|counselling|counseling)\b|\btherapy is\b",
        ),
        has=(r"\bmy (?:\w+ )?(?:therapist|counsell?or|psychologist|shrink|psychiatrist)\b(?!'s)",),
        owned=True,
        unless=r"\b(?:number|thought about|thinking about|think about|worth|friend|is a therapist)\b",
    ),
    Topic(
        "siblings",
        (
            r"\bi (?:\w+ ){0,5}?(?:brothers?|sisters?|siblings?)\b(?!-in-law)",
            r"\b(?:with|without) (?:\w+ )?siblings\b|\bno siblings\b",
        ),
        (r"\bonly child\b",),
        (r"\bmy (?:\w+ ){0,2}?(?:brothers?|sisters?|siblings?|twin)\b(?!'s|-in-law)",),
        owned=True,
        unless=r"\bmy (?:\w+ )?(?:son|daughter|child|wife|husband|partner|friend|mother|mum|father|dad|boss) (?:is|was) an only child\b|\b(?:like|as) a (?:brother|sister)\b|\b(?:wife|husband|friend|father|mother) has\b",
    ),
    Topic(
        "mother",
        (
            r"\bmy (?:mother|mum|mom|mam) (?:\w+ ){0,2}?(?:is coming|is visiting|wants?|tells?|says|thinks|rings?|rang|calls?|called|phoned|phones|visits?|lives|keeps|comes|came round|texts?|texted|cooks|worries|still|asks|needs)\b",
            r"\b(?:visit|visited|see|seeing|saw|call|called|ring|rang|phone|phoned|talk to|talked to|spoke to|speak to|live with|living with|lunch with|dinner with|tea with|staying with) my (?:mother|mum|mom|mam)\b",
        ),
        (
            r"\bmy (?:mother|mum|mom|mam) (?:\w+ ){0,2}?(?:died|dead|passed|gone|no longer)\b",
            r"\b(?:lost|buried|bury|burying) my (?:mother|mum|mom|mam)\b|\bmy (?:mother|mum|mom)'s (?:death|funeral|grave)\b|\bmy late (?:mother|mum|mom)\b",
        ),
        owned=True,
        forms=("alive", "dead"),
    ),
    Topic(
        "sleep",
        (
            r"\b(?:sleep|slept|sleeping) (?:\w+ )?(?:well|fine|soundly|properly|deeply|enough|through|like a (?:log|baby|stone))\b|\bsleep is (?:\w+ )?(?:fine|good|okay|ok)\b",
            r"\bfall asleep (?:\w+ ){0,2}?(?:as soon|quickly|at once|easily|right away|the moment|straight)\b",
            r"\b(?:seven|eight|nine|7|8|9) hours\b|\bi (?:\w+ )?(?:can )?sleep(?: at night| any more| anymore)?$|\bi can (?:\w+ )?sleep\b|\bi (?:\w+ )?sleep at night\b",
        ),
        (
            r"\b(?:lie|lying|lay|am|been) (?:wide )?awake\b|\binsomnia\w*|\bsleepless\b|\b(?:barely|hardly|scarcely) (?:sleep|slept)\b",
            r"\bwake (?:up )?at (?:two|three|four|five|\d)\b|\b(?:one|two|three|1|2|3|an) hours? of sleep\b|\bnights? (?:are|is|were) (?:\w+ )?(?:awful|terrible|bad|the worst|hell)\b",
        ),
        unless=r"\bsleep (?:on it|matters|in my)\b|\btrouble sleeping\b(?<!never have trouble sleeping)",
        forms=("well", "badly"),
    ),
    Topic(
        "faith",
        (
            r"\bi (?:\w+ ){0,5}?(?:pray|prayed|praying|believe in god|believe in (?:a )?higher)\b|\b(?:to|at|in) (?:church|mass|mosque|synagogue|temple)\b",
            r"\bmy (?:faith|god|religion|church|prayers?)\b|\bgod(?:'s)? (?:has|is|will|hands|gives|loves|keeps|helps)\b|\b(?:devout|religious|a believer|christian|catholic|muslim|jewish|baptist)\b",
            r"\b(?:have|lost|no) (?:\w+ )?faith\b|\breligion (?:means|is|matters)\b|\bbelieve in god\b",
        ),
        (r"\b(?:atheist|agnostic)\b|\breligion means nothing\b",),
        owned=True,
        unless=_RELATIVE + r"|\bgod knows\b|\bprays? for me\b|\bfaith in (?:you|it|people|doctors)\b",
    ),
    Topic(
        "degree",
        (
            r"\bi (?:\w+ ){0,5}?(?:degree|phd|doctorate|master's|masters|bachelor's|diploma|qualifications?|thesis|a-levels)\b|\bmy (?:\w+ )?(?:degree|thesis|phd|master's|graduation)\b",
            r"\bi (?:\w+ ){0,5}?graduated\b|\bi (?:\w+ ){0,5}?studied\b|\b(?:at|to|finished|through) (?:the )?(?:university|uni|college)\b",
            r"\bfinished (?:\w+ )?school\b",
        ),
        (r"\bleft school (?:at|when|with|early)\b|\bdropped out\b|\buniversity was never\b",),
        past=True,
        unless=r"\bpass(?:ed)? the university\b|\b(?:son|daughter|cousin|brother|sister) (?:wants|has|went|goes)\b",
    ),
    Topic(
        "home",
        (
            r"\b(?:i|we) (?:\w+ ){0,5}?(?:own|owned|bought|paid off) (?:\w+ )?(?:house|flat|home|apartment|place)\b|\b(?:the |my )?mortgage\b|\bhome ?owner\b",
            r"\b(?:flat|house|apartment|place) is mine\b",
        ),
        (
            r"\bmy (?:landlord|landlady|rent|tenancy)\b|\b(?:i|we) (?:\w+ ){0,5}?(?:rent|renting|rented)\b|\b(?:pay|with|behind on|up) (?:the|my) rent\b|\b(?:a|the) tenant\b|\b(?:flat|house|place) is not mine\b",
        ),
        owned=True,
        unless=r"\bhouse prices\b|\bher rent\b|\blandlord of\b",
        forms=("owns", "rents"),
    ),
    Topic(
        "debts",
        (
            r"\b(?:in|into|my|have|no|the|any) (?:\w+ )?debts?\b|\bi (?:\w+ )?owe\b|\b(?:broke|skint|bankrupt|overdrawn|penniless)\b|\bmaxed out\b|\bbailiffs?\b",
        ),
        (r"\bdebt[- ]free\b|\b(?:plenty of|enough) (?:money|savings)\b|\bmoney is (?:not|no) (?:a |an )?(?:problem|issue|worry)\b|\bmoney put aside\b|\bwell off\b",),
        (r"\bcan not (?:pay|afford) (?:my|the) (?:bills?|rent|mortgage)\b|\bmy debts?\b|\bbehind on (?:my|the) (?:rent|bills|mortgage)\b",),
        unless=_RELATIVE + r"|\bbroke (?:down|up|in|my|the|it|off)\b|\byou owe\b",
        owned=True,
    ),
    Topic(
        "exercise",
        (
            r"\b(?:exercise|workouts?|sports?|the gym|yoga|jogging|pilates|weights|a run|running|marathons?|football|tennis|swimming)\b",
            r"\bi (?:\w+ )?(?:run|jog|swim|cycle|train|lift|row|work out)\b(?! (?:a|the|out|into|away|my|around in|up|low))",
        ),
        unless=r"\b(?:running (?:a|the|out|late|away)|boyfriend|loud|exercises\b|they show)\b",
    ),
    Topic(
        "cooking",
        (r"\bi (?:\w+ ){0,5}?(?:cook|cooked|cooking)\b|\bcooking is\b|\bi (?:\w+ )?(?:made|make|bake|baked) (?:\w+ ){0,3}?(?:stew|dinner|soup|bread|lunch|curry|meal|meals|from scratch)\b",),
        (r"\border (?:in|out)\b|\bcooking is not\b",),
    ),
    Topic(
        "travel",
        (
            r"\bi (?:\w+ ){0,5}?(?:abroad|travel|travelled|traveled|flew|flown|the country|on a plane|holidayed)\b",
            r"\bi (?:was|spent|went|have been|have just (?:come|got) back|came back|got back)\b[^.]*\b(?:in|from|to) (?:spain|italy|greece|portugal|france|germany|turkey|croatia|thailand|japan|america|india|mexico|egypt|morocco)\b",
        ),
        (r"\bnever (?:left|set foot outside) (?:the country|my country|england|britain)\b",),
    ),
    Topic(
        "military",
        (r"\bi (?:\w+ ){0,5}?(?:army|navy|soldier|military|served|marines|uniform|infantry|air force|deployed)\b|\bmy tour\b|\b(?:tours?) (?:in|of duty)\b|\bi did (?:\w+ )?tours?\b",),
        past=True,
        owned=True,
        unless=r"\b(?:on|about|with|to|of|for|by|than) an? (?:\w+ )?soldier\b|\bserved (?:me|him|her|them|food)\b",
    ),
)  # fmt: skip


class ValueTopic(NamedTuple):
    """Something of which people name a value; two different ones cannot both hold."""

    name: str
    patterns: tuple[str, ...]  # with a group "v"; places need a capital, so case counts in "(?-i:...)"
    kind: Literal["word", "number"] = "word"
    apart: int = 1  # numbers that differ by more contradict each other
    owned: bool = False  # "my three kids are loud" says it too


VALUES: tuple[ValueTopic, ...] = (
    ValueTopic(
        "age",
        (
            r"(?<!like )\bi (?:am|will be|turned|turn|just turned) (?:now |just |already |only |still |barely )?(?P<v>@years@)\b@no_age@",
            r"\b(?P<v>@years@)[- ]years?[- ]old\b|\b(?P<w>@years@) years of age\b",
            r"^(?:at|being) (?P<v>@years@),? i\b",
            r"\bmy (?P<v>[1-9]\d)(?:th|st|nd|rd) birthday\b",
        ),
        "number",
    ),
    ValueTopic(
        "occupation",
        (
            r"\bi (?:am|was|have been|have worked|work|worked|earn my living|make my living|trained|qualified) (?:now |still |currently |working )?(?:as )?an? (?:[\w-]+ )??(?P<v>@jobs@)\b",
            r"\bas an? (?:\w+ )??(?P<v>@jobs@) i\b|\bi\b.*\bas an? (?P<w>@jobs@)\b",
            r"\bi (?:(?:\w+ly|still|now|also) )?(?P<v>teach) (?:\w+ ){0,3}?(?:at|in) (?:a|an|the|our|my)(?: \w+){0,2} (?:school|college|university)\b",
            r"\bmy job is (?:being |to be )?an? (?P<v>@jobs@)\b|\ban? (?P<w>@jobs@) by trade\b",
        ),
    ),
    ValueTopic(
        "number of children",
        (
            r"\b(?:i|we) (?:(?:also|already|both|now) )?have (?P<v>@few@) (?:kids|children)\b(?! (?:with|from|at|in|under|still|living|to look))",
            r"\bmy (?P<v>@few@) (?:kids|children)\b(?! (?:with|from|at|in|under|still|living))",
            r"\bi am an? (?:\w+ ){0,2}?(?:mother|father|parent|mum|mom|dad) (?:of|to) (?P<v>@few@)(?: (?:little |small |young )?(?:kids|children|(?<=one )(?:boy|girl|son|daughter|child)|(?<=one little )(?:boy|girl)))?\W*$",
        ),
        "number",
        0,
        owned=True,
    ),
    ValueTopic(
        "place",
        (
            r"\bi (?:\w+ ){0,5}?(?:live|lived|living|based|settled|reside|stay) (?:\w+ ){0,3}?in @place@",
            r"\bi am (?:originally )?from @place@",
            r"\bmy (?:\w+ )?(?:flat|home|house|place|apartment) is in @place@|\bhere in (?P<w>(?-i:[A-Z][a-z]{2,}))|\b(?:a|my) (?:\w+ )?(?:flat|house|place|room|apartment) in (?P<x>(?-i:[A-Z][a-z]{2,}))",
        ),
    ),
)  # fmt: skip


def compiled(regex: str) -> re.Pattern[str]:
    """Return a pattern with the word lists put in."""
    return re.compile(re.sub(r"@(\w+)@", lambda m: WORDS[m[1]], regex), re.IGNORECASE)


_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {w: n for n, w in enumerate(_ONES, 1)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
_SAME = {"teach": "teacher"}


def value_of(topic: ValueTopic, words: str) -> str:
    """Return a value as it is compared: numbers in digits, the rest in lower case.

    Example:
        >>> value_of(VALUES[0], "Thirty-four"), value_of(VALUES[1], "Nurse")
        ('34', 'nurse')
    """
    low = words.lower()
    if topic.kind == "word":
        return _SAME.get(low, low)
    return low if low.isdigit() else str(sum(_NUMBERS[part] for part in re.split(r"[- ]", low)))

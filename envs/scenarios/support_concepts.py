"""What is read in the words of ``support``: concepts, by patterns of plain and of indirect words."""

from __future__ import annotations

from ...sim.declare import Concept, Pattern

_DRUG = (
    r"(?:pills?|tablets?|tabs|med(?:s|ications?|icines?)|doses?|dosage|prescriptions?|capsules?|anti-?depressants?|ssris?|painkillers?|sleeping (?:pills?|tablets?)"
    r"|sertraline|fluoxetine|prozac|citalopram|escitalopram|mirtazapine|venlafaxine|paroxetine|zoloft|lexapro|diazepam|valium|lorazepam|xanax|alprazolam"
    r"|zopiclone|zolpidem|lithium|quetiapine|olanzapine|propranolol|paracetamol|ibuprofen|melatonin|\w{3,}(?:pram|azepam|etine|idone|odone|apine|zolam|tyline|trigine|faxine|piprazole|zodone))"
)
_STASH = r"(?:pills|tablets|meds|medication|medicine|painkillers|paracetamol|capsules|insulin|sleepers)"
_KIN = r"(?:my|the) (?:\w+ )?(?:mum|mom|mother|dad|father|parents|kids|children|daughter|son|sister|brother|wife|husband|partner|family|friends?|girls|boys)"
_NO = r"(?:don't|dont|do not|didn't|doesn't|can't|cannot|cant|no longer|never|not sure (?:that |if |whether )?i)"
_ANY_MORE = r"(?:any ?more|any longer|at all|much longer|now)"


def _soft(*regexes: str) -> tuple[Pattern, ...]:
    """Patterns that negation undoes; a free word in one is never itself a negation."""
    free = r"(?!(?:not|never|no)\b)\w+"
    return tuple(Pattern(regex=r.replace(r"(?:\w+ )", f"(?:{free} )").replace(r"(?: \w+)", f"(?: {free})")) for r in regexes)


def _hard(*regexes: str) -> tuple[Pattern, ...]:
    """Patterns that negation does not undo."""
    return tuple(Pattern(regex=r, negatable=False) for r in regexes)


_CONCRETE = (
    *_soft(
        rf"\b(?:saving|saved|save|collect\w*|stockpil\w+|hoard\w*|put(?:ting)? (?:aside|by)|set(?:ting)? aside|hiding|hidden|stor(?:ing|ed)|keeping back|count(?:ing|ed)|stash\w*)"
        rf" (?:up |away |back |out )?(?:\w+ ){{0,4}}{_STASH}\b",
        rf"\b{_STASH} (?:\w+ ){{0,3}}(?:saving|saved|collecting|hiding|put aside|put by|set aside|left over|stashed|hidden|in a drawer|lined up|counted out|picked out)\b",
        r"\b(?:place|spot|bridge|day|date|way|tree|method) (?:\w+ ){0,4}(?:picked|chosen|decided on|in mind)\b|\b(?:put|set) (?:\w+ )?(?:aside|by) (?:for|to do) it\b",
        rf"\bi(?:'ve| have)(?: got)? (?:the|enough|all the) {_STASH}(?: (?:ready|here|in front of me|next to me|beside me))?[.!,]?$"
        r"|\b(?:everything|it all|all i need|what i need)(?:'s| is)? (?:ready|prepared|laid out|set up) to (?:end|die|go through|kill|do it)\b",
        rf"\b(?:take|taking|taken|took|swallow\w*|down\w*) (?:them all|all (?:of )?(?:my|the|these|those|them)(?: \w+)? {_STASH}|all of them|the whole (?:bottle|box|packet|pack|lot)"
        r"|every (?:last |single )?(?:pill|tablet|one of them)|the lot)\b",
        rf"\benough (?:\w+ )?(?:{_STASH}|of them) (?:to|for|now|at home|that)\b",
        r"\b(?:to|of|about|just|might|could|will|i'll|i'd|i) (?:take an )?overdos(?:e|ing)\b",
        r"\b(?:bought|have|got|found|hid|hidden|keep|tied|own|there's) (?:a|the|some|my|his|dad's) (?:\w+ )?(?:rope|noose|razors?|razor blades?|blades?|gun|pistol|rifle)\b",
        r"\bjump(?:ing|ed)? (?:off|from|in front)\b|\bstep(?:ping)? (?:off|out in front|in front)\b|\bthrow(?:ing)? myself\b|\bin front of (?:a|the|that) (?:train|bus|car|lorry|truck)\b",
        r"\b(?:the|a|that) (?:\w+ )?(?:bridge|ledge|roof|rooftop|railway|cliff|multi-?storey)\b.{0,50}\b(?:jump|edge|let go|how (?:high|easy|quick)|look(?:ing)? down|one step|over)\b",
        r"\b(?:edge|railing)s? of the (?:\w+ )?(?:bridge|platform|roof|cliff)\b",
        r"\bdriv(?:e|ing) (?:\w+ )?(?:into (?:a|the) (?:wall|tree|river|lake)|off (?:a|the) (?:road|bridge|cliff))\b",
        r"\b(?:picked|chosen|chose|set|decided on|got) (?:a|the|my) (?:day|date|night|time|place|way|spot)(?: (?:to (?:die|do it|end|go|jump)|for it|when (?:i'll|i will|it)|and)\b|[.!,]?$)",
        r"\bknow (?:exactly |already )?(?:how|when|where) (?:i'd|i'll|i would|i will|i'm going to|i am going to) (?:do it|go|end|die)\b|\bworked out how (?:to|i|i'd)\b",
        r"\b(?:going to|gonna|plan(?:ning)? to|plan(?:ning)? on|decided to) do(?:ing)? it (?:tonight|on (?:\w+ night|the anniversary)|after the|when|once|before)\b",
        r"\b(?:i have|i've|i've got|i've made|i made|there is|there's) (?:a|my) plan (?:to|for how to|for how i|for how i'll) (?:die|end|do it|go|kill)\b",
    ),
)

_RISK = (
    *_CONCRETE,
    *_soft(
        r"\b(?:kill|hurt|harm|cut|hang|drown|shoot|poison|strangl|starv)(?:ing|ed|ting|e)? (?:\w+ )?myself\b(?! (?:(?:at|during) (?:football|work|the gym|training|practice|school|rugby|sport)|playing|running|shaving|cooking|chopping|skiing|lifting|falling|by accident|while|with a paper)\b)",
        r"\bself[- ]?harm\w*|\b(?:started|been|back to|i'm|am) cutting(?: again| my (?:arms?|wrists?|legs?|thighs?|skin|body)| at|[.!,]?$)",
        r"\bend(?:ing|ed)? (?:my (?:own )?life|it all|everything|things for good|my story|the pain|my suffering)\b",
        r"\bend(?:ing)? (?:it|things)(?: (?:all|tonight|today|tomorrow|now|soon|for good|here|once and for all|myself|this|then|any|anymore|by|with the|quickly)\b|[.!?,]*$)",
        r"\b(?:take|taking|took) my (?:own )?life\b",
        r"\b(?:i feel|i am|i'm|i've been|i get|feeling|being|getting|been|made me|makes me|so|actively) (?:\w+ ){0,2}suicidal\b|\bsuicidal (?:thoughts?|feelings?|ideas?|urges?|again|lately|ideation)",
        r"\b(?:think\w*|thoughts?|consider\w*|plan\w*|commit\w*|attempt\w*|contemplat\w*|about|tr(?:y|ied)) (?:about |of |on )?(?:\w+ )?suicide\b|\bsuicide (?:note|plan|method|attempt)s?\b",
        r"\b(?:want(?:ed)?|wanting|need|going|ready|like|hoping|hope|waiting|plan\w*|rather|about) (?:to )?(?:just )?die\b(?! my\b)|\bwanna die\b|\bi (?:should|could|might|will) (?:just )?die\b",
        r"\b(?:wish|wished|hope|if only) (?:that )?i (?:was|were|could be|had been|would be|'d be) (?:dead|gone|not here|no longer here)\b",
        r"\b(?:wish|wished) (?:that )?i (?:could |would |had )?(?:just )?(?:die|died|disappear|vanish|never been born|never existed|stop existing|not exist|not wake|hadn't been born)",
        r"\b(?:rather|better off|better|be|being|i was|i were) dead\b|\b(?:thoughts?|thinking|think|dream\w*|fantasi\w+) (?:of|about) (?:\w+ )?(?:dying|death|being dead|my (?:own )?(?:death|funeral))\b",
        r"\b(?:better|easier|happier|simpler|lighter|fine|relieved|calmer|richer|quieter)(?: off)?(?: \w+){0,3} (?:without me|if i (?:was|were|wasn't|weren't|died|disappear\w*|went|had never|just|stopped|didn't)"
        r"|(?:when|once|after) i(?:'m| am) (?:gone|not)|with me gone|if i'm not)",
        r"\b(?:world|they|them|everyone|everybody|family|people|kids|children|life|all of you|you)(?: \w+){0,4} without me(?: around| here| in it|[.!,]|$)",
        r"\b(?:want|wanted|wish|like|could|just|rather|love|need|ready|going|better) (?:to )?(?:just )?(?:disappear|vanish|stop existing|cease to exist|not exist|fade away|not be alive|not be here"
        r"|slip away|be gone|not wake up|be no more)\b",
        r"\b(?:want|need|wish|longing|ready) (?:for )?(?:it|everything|all of it|all this|this|the pain|things) (?:all )?(?:to (?:just )?(?:stop|end|be over|go dark|be done)|would (?:stop|end)|over)\b(?! (?:raining|snowing|ringing|itching|beeping|crashing|freezing|on time|by))",
        r"\bgiv(?:e|en|ing) up on (?:life|living|being alive)\b|\b(?:had|have had|i've had) enough of (?:life|living|being (?:here|alive)|this life|breathing|existing)\b",
        r"\b(?:tired|sick|weary|exhausted) of (?:living|being alive|existing|life|being here|breathing|waking up|being(?: me)?(?=\W*$))(?! (?:with|in|at|on|off|alone|room|insurance|out of|from|under|next to|near))",
        r"\bdone with (?:life|living|being here|being alive|existing|this life|this world|it all|all of it)\b",
        r"\b(?:only|one|other|easy|quick|quickest|easiest|simplest|looking for a|see a|find a) way out\b(?! of (?:the|this|that|my|a) (?:\w+ )?(?:contract|lease|job|car park|building|house|flat|meeting|deal|debts?|marriage|course|city|town|village|station|room|relationship)\b)|\bonly (?:one )?(?:way|thing) (?:left )?(?:to|that (?:would|will)) (?:make it |make this )?(?:stop|end)\b",
        r"\b(?:plan|planned|planning|picture|imagin\w*|rehears\w*) (?:my|how to|how i) (?:own )?(?:death|suicide|die|kill|funeral|end)\b",
        r"\b(?:(?<!at the )(?<!until the )end of (?:the|my) (?:road|line|story)(?! for (?:him|her|them|it|us|this|that|our)\b)|(?:final|last) (?:curtain|chapter|stop|page|act|bow)|not long for this world|game over for me|curtains for me|lights out for me|one-?way ticket|(?:eternal|final) rest|sweet release)\b",
        r"\b(?:shuffl\w+ off|bow(?:ing)? out|cash(?:ing)? in (?:my|the) chips|clock(?:ing)? out|get(?:ting)? off (?:the|this) (?:ride|bus|train|carousel|world|merry)|stepp?(?:ing)? off (?:the|this) (?:ride|world|earth|planet)|hang(?:ing)? up my (?:boots|hat)"
        r"|call(?:ing)? (?:it a day|time on) (?:for good|on (?:life|everything|living|me|myself|it all))|clos(?:e|ing) the book|switch(?:ing|ed)? (?:myself )?off (?:for good|for ever|forever|permanently)|log(?:ging)? off (?:for good|life|permanently)"
        r"|turn(?:ing)? (?:out|off) the lights? (?:for good|for ever|forever|one last time|and not)|leav(?:e|ing) the (?:party|stage) (?:early|for good))\b",
        r"\b(?:out of|off) everyone's (?:hair|way|hands|back|plate)\b|\bdo(?:ing)? (?:everyone|everybody|them all|you all|the world|my \w+) (?:a|one last) favou?r\b|\b(?:on the other side|at peace (?:at last|finally|soon)|(?:can|could|will|i'll|to) finally (?:rest|sleep|be at peace)(?! (?:through|tonight|well|in|at|again)))\b",
        r"\btime (?:that )?i check(?:ed)? out\b|\bcheck(?:ing)? out (?:early|for good|of life|permanently|of this|soon|tonight)\b|\bpull(?:ing)? the plug on (?:me|myself|it all)\b|\b(?:off|top) myself\b|\bdo(?:ing)? myself in\b|\bunaliv\w+|\bkms\b",
        r"\b(?:six feet under|push(?:ing)? up (?:the )?daisies|meet my maker|kick the bucket|leave this world|leav(?:e|ing) (?:this|the) (?:world|earth|planet|life)|exit (?:plan|strategy))\b",
        r"\b(?:join(?:ing)?|be with|see(?:ing)?|follow(?:ing)?) (?:him|her|them|my \w+) (?:again )?(?:up there|in heaven|on the other side|where (?:he|she|they) (?:is|are|went)|soon enough)\b",
        r"\bstop being (?:a|such a|everyone's) (?:burden|problem)\b|\b(?:free|rid|spare|relieve) (?:them|everyone|everybody|my \w+|you all) (?:\w+ )?(?:of|from) me\b",
        r"\bgoodbye (?:letters?|notes?|messages?|to everyone|for good|forever|for the last time)\b|\b(?:say|saying|said) (?:my |our |all my |a last )?(?:goodbyes|last goodbye|farewells?)\b",
        rf"\b(?:say|saying|said) goodbye to (?:{_KIN}|everyone|everybody|them|people|the (?:dog|cat))\b(?!.{{0,20}}\b(?:station|airport|gate|hospital|funeral|before (?:she|he|they)|when (?:she|he|they))\b)|\bthis is (?:goodbye|my last(?: (?:goodbye|words?|messages?|letter|hours?|evening|one)\b|[.!,]?$)|the last (?:time|message|thing|you))\b",
        rf"\b(?:wr[io]t\w*|written|left|leaving|finish\w*|sealed) (?:\w+ ){{0,3}}(?:letters?|notes?|cards?) (?:to|for) (?:{_KIN}|everyone|everybody|them|when|after|each)\b(?!.{{0,30}}\b(?:fridge|dinner|school|birthday|christmas|wedding|milk)\b)",
        rf"\b(?:wrote|written|writing|finish\w*) (?:\w+ ){{0,2}}(?:last|final|goodbye) (?:letter|note|message)|\b(?:letters?|notes?) (?:are|is) (?:written|ready|in the drawer|on the table|for {_KIN})",
        r"\bgiv(?:e|ing|en) (?:away )?(?:all )?(?:my|most of my) (?:\w+ )?(?:things|stuff|belongings|clothes|books|records|guitar|dog|cat|possessions|savings|jewell?ery)(?: away)?\b"
        r"|\bgiv(?:e|ing|en) away (?:my|everything|all)\b",
        r"\b(?:found|find|finding|arranged) (?:someone|somebody|a (?:new |good )?home|people) (?:to (?:take|have|look after|mind)|for) (?:my|the) (?:\w+ )?(?:dog|cat|plants|kids|pets?)\b",
        r"\b(?:put(?:ting)?|get(?:ting)?|got|sort(?:ing|ed)?) (?:out )?(?:all )?my (?:affairs|papers|paperwork|will|funeral|passwords)(?: (?:in order|out|sorted|done|together))?\b(?! (?:for|of|from|at|to) )",
        r"\b(?:when|once|after) i(?:'m| am) (?:gone|dead|no longer (?:here|around)|not (?:here|around))\b",
        r"\b(?:this|that|tonight|it) (?:is|might be|will be|could be|was|would be) (?:my|the) last (?:night(?! shift| out| in| of| at)|message|day|week|chat|conversation|time (?:you|anyone|we)|christmas|birthday|summer)\b",
        r"\b(?:might|could|may|will|i'll|afraid (?:that )?i'll|going to|gonna|about to) do something (?:stupid|bad|silly|to myself|drastic|terrible|final|permanent|i can't)\b",
        r"\bwhat i(?:'ll| will| might| could|'d) do to myself\b|\b(?:it'll|it will|this will|everything will|it'll all|it will all|all this will) (?:all )?be over (?:soon|by|tonight|tomorrow|then)\b",
        r"\b(?:long|big|final|permanent) sleep\b|\bsleep (?:for ever|forever|for good)\b|\bgo to sleep (?:and )?(?:for good|forever|for ever)\b|\blet(?:ting)? go (?:of (?:life|everything)|for good)\b",
        r"\b(?:reasons?|courage|guts|nerve|brave enough|strength) to (?:do it(?=[.!]?$)|end (?:it|my|things)|kill|die|go through with it)\b|\bgo(?:ing)? through with it\b",
        r"\bma(?:d|k)e (?:\w+ )?peace with (?:dying|death|going|leaving|the end|it ending|not being here)\b|\bloose ends\b[^.!?]{0,20}\b(?:for good|before i(?:'m gone| go\b)|so (?:that )?(?:nobody|no one|they|my))",
        r"\b(?:hope|wish|pray|want|glad) (?:that )?(?:i |to )?(?:could |would |just )?(?:die|go) in my sleep\b|\b(?:hope|wish|pray|if only|hoping|wishing|praying) (?:for )?(?:a|the|that a|some) (?:\w+ )?(?:bus|car|lorry|truck|train|plane|lift)(?: would)? (?:hits?|crash(?:es)?|to hit|runs? (?:me|over)|take me)\b",
        r"\b(?:they'll|they will|someone will|somebody will|you'll) (?:\w+ )?find (?:me|my body)\b[^.!?]{0,40}\b(?:over|too late|gone|dead|then|note|letter)\b|\bi(?:'ll| will) be gone (?:and (?:nobody|no one|everyone|they|you)|for good|by then|before (?:you|they|anyone))",
        r"\b(?:my heart|my breath|my breathing) (?:to|would|could) (?:just )?stop\b|\b(?:stopped|stop) wanting (?:to (?:live|be alive|exist|wake up|be here)|a future)\b|\bways? (?:of dying|to (?:die|kill|go for good))\b|\b(?:doubt|don't think|don't believe) (?:that )?i(?:'ll| will) (?:live|be alive|still be here)\b",
        r"\b(?:rails|train tracks|tracks|platform|bridge|balcony|window|river|medicine cabinet|razor|rope)\b.{0,30}\bhow (?:quick|easy|fast|simple|cold|high|deep|final|little it would take)\b|\b(?:no|isn't a|is no|not a) (?:place|room) (?:left )?for me (?:in this world|on this earth|among the living|anywhere)\b",
        r"\bwant (?:to be )?out (?:of (?:this life|life|here for good)|for good|altogether)\b|\bquit (?:life|living)\b",
    ),
    *_hard(
        rf"\b{_NO} (?:really |even |think (?:that )?i |know (?:if |that |whether )?i )?(?:can |still )?(?:want(?:ed)?(?: to)?|wanna|wish to|care to|plan to|intend to|need to|deserve to) (?:be alive|live\b(?! (?:in|with|at|here|there|alone|on))"
        r"|exist|wake up(?! (?:at|so|early|late|tired|to (?:an?|the|my)\b|next to))|go on|carry on|keep (?:going|living)|be around|continue|be (?:on|in) this (?:earth|world|planet|life)|see (?:tomorrow|another|next|my next))",
        rf"\b{_NO} (?:really |even |think i )?(?:want(?:ed)? to|wanna|plan to|going to|plan on) be(?:ing)? here (?:{_ANY_MORE}|next|for|on this|tomorrow|in this world)",
        r"\b(?:not|won't|wont|don't|dont|never|don't think i'll|doubt i'll) (?:plan on |see myself |going to |gonna |expect to |be )*(?:being |be )?(?:here|around|alive) (?:much longer|for long|for much longer|next|tomorrow"
        r"|by (?:then|the|next|christmas|my|spring|summer|winter|autumn|sunday|monday)|(?:to|and) see|when (?:you|they|spring|summer)|at christmas|for (?:christmas|my|the)|after (?:tonight|this|that|the)|in (?:a|the|six|two|three) )",
        r"\b(?:don't|do not|dont|can't|cannot|cant|couldn't|hardly|barely|struggle to) see (?:a |any |the |much |what the |what |my |what's the )*(?:point|reason|sense|future|use|tomorrow|way forward)"
        r"(?: (?:in|to|for|of|with|there is|is)\b.{0,12}?(?:being|living|live|liv|going on|carry\w* on|stay\w*|me\b|me in|it\b|waking|wake|continu\w+|keep\w*|go on|exist\w*|life|any of (?:it|this)|here|myself|tomorrow)|[.!,]?$| any ?more)",
        r"\b(?:no|not much|not any|little|isn't (?:any|much|a)|nothing|what's the|what is the|what was the|where's the|isn't one) (?:point|reason|sense|use|purpose)(?: left)? (?:in|to|of|for me to|for)"
        r" (?:\w+ )?(?:being here|being alive|liv\w+|go\w* on|carry\w* on|stay\w*|continu\w+|keep\w*|exist\w*|wak\w+|be here|tomorrow|being around|hanging on)",
        r"\b(?:nothing|no reason|no one|nobody|not much|little)(?: \w+)? (?:left )?(?:to (?:live|stay|stick around|keep going|hang on|be here) for|keep\w* me here|holding me here|worth living|to stay (?:here )?for)",
        r"\b(?:isn't|is not|not|hardly|wasn't) worth (?:living|being here|going on|carrying on|staying alive|waking up)",
        r"\b(?:no one|nobody|no-one|who|anyone|anybody|would they|they wouldn't|they'd never|wouldn't they)(?: (?:would|will|could|'d|even|ever|really|else|here))* (?:miss me|notice|care|mind|be sad|cry|remember me)"
        r"(?: me|,)? ?(?:if i(?! (?:left (?:work|early|the)|called|took|skipped|was late|stayed|came|wore|said))|when i|once i|i'm gone|i was gone|that i(?:'m| am| was) gone|at my funeral|was gone|were gone)",
        r"\b(?:no one|nobody|no-one|who) (?:would|will|'d)(?: \w+)? miss me\b|\bwould anyone (?:even |really )?(?:notice|care|mind|miss)\b",
        r"\b(?:not|never|don't|n't)(?: \w+)? (?:wake|waking|woken) up(?: (?:again|tomorrow|any ?more|one (?:day|morning)|at all|ever|in the morning)|[.!,?]?$)|\bnever (?:have to )?w(?:ake|oke) up\b|\bhope i don't wake\b",
        r"\b(?:won't|wont|will not|not going to|not gonna|not) be (?:here|around)\b(?! (?:today|on|at|until|till|all|this (?:morning|afternoon|evening)|for (?:our|the|a|an)\b|next (?:session|time)|if you))",
        r"\bno more (?:miles|mornings|birthdays|tomorrows|mondays|me)\b|\bnot (?:planning|making plans|booking|buying) (?:\w+ )?(?:for )?(?:next|christmas|birthdays|holidays|anything (?:after|past|beyond))\b",
        r"\b(?:sleep|asleep|bed|eyes)\b.{0,20}\b(?:not|never) (?:wake|waking|woken|open)",
        r"\bwon't (?:need|be needing|have to (?:need|worry about|think about|deal with|put up with|bother with)) (?:\w+ ){0,3}(?:where i'm going|soon|any ?more|much longer|me\b|after|for long|then)",
        r"\bwon't (?:be|have to be|stay) (?:a|anyone's|everyone's) (?:burden\b|(?:problem|bother|trouble|worry) (?:any ?more|for (?:much )?long|much longer|again|soon|to (?:any(?:one|body)|them|my|people)))|\bwon't be (?:bothering|troubling|a weight|in (?:the|your|anyone's|their) way)\b",
        r"\b(?:won't|not|never) (?:hear|be hearing|see|be seeing) (?:from )?me (?:again|any ?more|after)\b|\bwon't hear from me\b",
        r"\b(?:can't|cannot|cant|can not|couldn't) (?:go on(?! (?:like this|holiday|dates|the|with (?:this|the|my) (?:job|course|work)))|carry on(?: living| being here| any ?more|[.!,]?$)|live (?:with (?:myself|this)|like this|any ?more)|keep (?:living|being here|existing|staying alive))",
        r"\b(?:i'm not|i am not|don't feel|not feeling|don't think i'm|never feel) (?:\w+ )?safe (?:with myself|on my own|by myself|alone|around|from myself|tonight|at home alone|in my own|right now|here|when i'm|being alone|anymore|any more|with)",
        r"\b(?:don't|do not|can't|cannot|dont) trust myself (?:tonight|alone|with|around|not to|to be|to stay|any ?more|when|near|right now|on my own)\b|\b(?:don't|not) trust (?:what i|myself not)\b",
        r"\b(?:not|n't) (?:\w+ )?(?:afraid|scared|frightened) (?:to die|of dying|of death|to go)\b|\bwhy (?:should|shouldn't) i (?:not )?(?:just )?(?:live|die|end|kill|stay alive|be alive|keep living)\b",
        r"\b(?:not|n't) (?:be|being|want\w* to be) (?:alive|here any ?more|in this world|around any ?more|on this earth)\b|\b(?:wouldn't|would not) (?:mind|care|bother me) (?:much )?if i (?:died|didn't|never|was|were|got hit|got run)",
        r"\b(?:should|shouldn't|wish i'd|wish i had|better if i(?:'d| had)) (?:have )?never (?:been|have been) born\b|\bwish(?:ed)? i (?:hadn't|wasn't|weren't|was never|were never) (?:been )?(?:born|here any ?more|alive)",
        r"\b(?:no|not any) (?:tomorrow|future)(?: left)? (?:for me|with me)\b|\bno longer (?:be |want to be )?(?:here|around|alive)\b|\bnot long (?:left|now) for me\b",
    ),
)

_OTHERS = (
    r"\b(?:film|movie|novel|book|song|lyrics?|character|tv show|series|video game|documentary|joke|meme|poem)\b",
    r"\b(?:he|she|they|brother|sister|friend|cousin|uncle|aunt|neighbour|colleague|mother|father|mum|mom|dad|son|daughter|ex) (?:once |has |had |also |always |nearly |almost |tried to |wants to |wanted to )*"
    r"(?:kill(?:ed|s)?|hang(?:ed|s)?|hung|shot|hurts?|harm(?:ed|s)?|died|dies|die|drown(?:ed)?)\b",
    r"^(?!.*\b(?:still|again|now|lately|recently|tonight|back)\b).*(?:\bused to (?:want|think|feel|hurt|cut|self|have|wish|harm|say)|\byears ago\b|\bback then\b|\bwhen i was (?:a |\w+ )?(?:kid|child|young|younger|teenager|teen|student|at school))",
    r"\b(?:dying|would die|could die|to die) (?:to (?:know|see|try|hear|go|meet|eat)|for (?:a|some|that|one)|of (?:embarrassment|boredom|laughter|old age|shame|hunger|heat))|\bdie (?:laughing|of (?:embarrassment|boredom|laughter|shame))",
    r"\b(?:saving|saved|counted|counting|keeping)\b.{0,30}\b(?:receipt|for (?:my|the) (?:doctor|pharmacist|trip|holiday))|\bif i (?:was|were) ever (?:suicidal|in danger)\b",
    r"\b(?:phone|laptop|tablet|battery|wifi|printer|car)\b.{0,20}\b(?:died|dead|dying)\b",
)

_FELT = (
    r"(?:sad|down|low|depressed|hopeless|helpless|empty|numb|worthless|useless|pathetic|anxious|panick?(?:y|ing|ed)|scared|afraid|frightened|terrified|overwhelmed|exhausted|worn out|worn down|tired|drained|lonely"
    r"|alone|isolated|miserable|awful|terrible|horrible|rotten|rubbish|wretched|broken|lost|desperate|ashamed|guilty|stressed|burnt out|burned out|worried|nervous|a mess|a wreck|a failure|falling apart|trapped|stuck|on edge|tense|upset"
    r"|distressed|in pain|hurting|struggling|suffering|drowning|sinking|shaky|restless|raw|hollow|flat|grey|gray|dead inside|crying|sleepless|fragile|jumpy|tearful|heartbroken|devastated|unwell|sick with|wired|at breaking point)"
)
_FEELING = r"(?:i feel|i'm feeling|i am feeling|i've been feeling|i have been feeling|i'm|i am|im|i've been|i have been|i was|i get|i keep feeling|feeling|feel|makes me feel|i've felt|been)"

_DISTRESS = (
    *_soft(
        rf"\b{_FEELING} (?:(?!not\b|never\b)[\w']+ ){{0,3}}{_FELT}\b",
        r"\b(?:cry(?:ing)? (?:all|every|in|for|myself|at|over|again|a lot|most)|in tears|panic attacks?|nightmares?|flashbacks?|breakdown|break(?:ing)? down|insomnia|sleepless|black cloud|dark (?:place|cloud|thoughts|hole)|shaking)\b",
        r"\b(?:i'm|i am|been|really|just|always|been really) struggl\w+|\bi struggle\b|\bstruggl\w+ (?:to|with) (?:sleep|eat|cope|get|breathe|everything|life|work|be|panic|anxiety|depression|low)",
        r"\b(?:everything|it|it all|life|this|all of it|work|things|each day|every day)(?:'s| is| has been| feels?| seems?| has become| got| gets| have been)? (?:(?:just|all|so|really|getting|far|a bit|become|feeling|way) )*"
        r"(?:too much|fall(?:ing|s) apart|heavy|black|dark|bleak|pointless|hopeless|unbearable|awful|hell|a nightmare|hard|rough|tough|grey|overwhelming|a struggle|horrible|crushing|exhausting|difficult|bad)\b",
        r"\b(?:barely|hardly|scarcely) (?:\w+ )?(?:sleep\w*|slept|eat\w*|ate|function\w*|cop\w+|breathe|getting|get|leave|left|speak|hold\w*|manage\w*|move|keep)\b|\bhard to (?:get (?:up|out)|breathe|sleep|cope|eat|go on|be|keep|face|swallow)\b",
        r"\bnothing (?:really |ever |even )?(?:matters|helps|feels|works|tastes|interests|touches|makes)\b|\b(?:hopeless(?:ness)?|despair|dread|misery|agony|grief|loneliness|emptiness|depression|anxiety|panic)\b",
        r"\b(?:my|the) (?:heart|chest|head|mind|thoughts|hands|stomach|body)(?: \w+)? (?:races?|racing|pounds?|pounding|tight(?:ens)?|hurts?|aches?|spins?|spinning|won't stop|shakes?|shaking|churns?|feels?|goes|never)\b",
        r"\b(?:wake|waking|woke|awake|up) (?:up )?(?:\w+ )?(?:at (?:three|two|four|five|\d)|every night|all night|most nights|in the (?:night|dark)|half the night|until)\b|\blost (?:interest|weight|my appetite|all|everything|hope|my)\b|\bno (?:energy|appetite|hope|joy)\b",
        r"\b(?:to|of|near|in|fighting back|burst into) tears\b|\bthe worst (?:\w+ )?(?:week|month|year|winter|day|night|time|of)\b|\b(?:everything|it all|every \w+|my \w+) (?:hurts?|aches?|tastes of nothing|is work)\b|\beating me (?:up|alive)\b|\bno end (?:to|in)\b|\bnights (?:don't end|are)\b|\bheadaches?\b"
        r"|\bjump at every\b|\bi (?:shake|tremble|sweat|shiver)\b|\b(?:sleep all day|wake up tired)\b|\bbeen like (?:that|this)\b|\btook till\b|\bthrough glass\b|\bi (?:forget|can't remember) what\b|\b(?:i've had enough|can't take)\b",
        r"\bend of my (?:rope|tether)\b|\blast legs\b|\bhate (?:myself|my life|who i)\b|\b(?:a|the|such a) burden\b|\bfall(?:ing)? apart\b|\bit hurts\b|\bhurts so\b|\bgoing under\b|\bfeel nothing\b|\bwithdraw(?:n|ing)\b|\bshut myself\b",
    ),
    *_hard(
        r"\b(?:can't|cannot|cant|couldn't|can not) (?:even |really |seem to |quite )?(?:sleep|stop (?:crying|worrying|shaking|thinking|the)|cope|breathe|eat|get (?:up|out|through|any|myself|going|to sleep)|take|concentrate|think|focus|do this|handle|deal|face|switch off|relax|go on|keep|feel|manage|see (?:a|any) way|leave the house|remember the last)",
        r"\b(?:i'm|i am|im|i've been|been|really|just|things are|it's) (?:really |just |definitely )?not (?:\w+ )?(?:ok|okay|fine|coping|sleeping|eating|doing (?:well|great|good|so)|good|well|myself|alright|all right|managing|right)\b|\bnot been (?:\w+ )?(?:sleeping|eating|coping|well|myself|good|ok|okay|great)\b",
        r"\b(?:haven't|have not|havent|don't|dont|hardly|not) (?:\w+ )?(?:slept|eaten|left (?:the|my)|been out|got out|showered|laughed|felt (?:anything|like|happy|good)|sleep|eat (?:much|any)|enjoy(?:ed)?|feel (?:anything|much|like|good|well|happy|right|safe|ok|okay))\b",
    ),
)

_NEED = (
    *_soft(
        r"\b(?:i need|i'd like|i would like|i was hoping|i'm hoping|i am hoping|i hoped|i'm looking for|i am looking for|looking for|i came (?:here )?(?:for|to|because|about|hoping|in|wanting)|i'm here (?:for|to|because|about)|what i need"
        r"|i (?:just |only |really )+(?:need|want(?:ed)?)|i want(?:ed)?|what i want(?:ed)?|i wish|i could (?:use|do with))\b(?! (?:\w+ )?(?:(?:to )?(?:just )?(?:die|be dead|be gone|end|kill|hurt|disappear|vanish|stop existing|go now|leave)|it (?:all )?to|you to (?:stop|shut|leave)|i (?:was|were|could)))",
        r"\b(?:can|could|would|will) you (?:please |just |maybe |at least |actually )?(?:help|tell me|explain|give me|show me|suggest|advise|listen|talk|point me|walk me|teach|recommend|find|stay|answer)\b",
        r"\b(?:need|like|want) to talk\b|\b(?:right place|anything here|someone here|help here) for\b|\bi can't (?:manage|deal with|handle|sort out|get (?:past|over|through))\b|\bi'd give (?:anything|a lot) (?:to|for)\b|\b(?:it's|it is|it was|something) (?:about|to do with)\b|\bi (?:asked|wrote|said i|came) (?:you )?(?:about|for|because|to)\b|\bmy question (?:is|was)\b",
        r"\bhow does (?:one|anyone|somebody)\b|\bhow (?:do|did) (?:other )?(?:people|others|you)\b|\bwhat do (?:people|others) do\b|\bwhere (?:does|do|would) (?:one|i|people|you|we) (?:start|begin)\b|\bwhat (?:works|helps) (?:for|against|with)\b",
        r"\bhelp me\b|\bplease help\b|\bneed (?:some |a bit of |your )?(?:help|advice|support)\b|\b(?:any|some) (?:advice|tips|ideas|suggestions?|help)\b",
        r"\bhow (?:do|can|could|should|would) (?:i|people|one|you)\b|\bwhat (?:can|could|should|do|would) (?:i|you) (?:do|try|say|suggest|recommend|tell)\b|\bis there (?:anything|any|a way|someone|somebody|something)\b",
        r"\bwhere (?:can|do|could|should) i\b|\bwho (?:can|could|should|do) i\b|\bi don't know (?:how|what|where|who) (?:to|i should|else)\b",
    ),
)

_ASKING = (
    r"(?:can i|could i|should i|may i|shall i|do i|would i|am i|is it|isn't it|would it|will it|does it|what if|what happens|what would|how (?:many|much|long|often|high|quickly|soon|bad|safe)|do you think|tell me (?:if|whether|how)"
    r"|i(?:'m| am) (?:thinking|going|tempted|considering|planning|wondering)|thinking (?:of|about)|i want to|i'd like to|i might|i'll just|(?:i )?thought (?:i'd|i could|i might|of|about)|(?:i've|i have) decided|so i'll|(?:that )?(?:you|one|people) can|tempted to|wonder\w*|i was going to|been meaning to|is there any harm|any harm|ok(?:ay)? to|safe to|i could)"
)
_CHANGING = r"(?:stop\w*|com(?:e|ing) off|get(?:ting)? off|quit\w*|doubl\w+|skip\w*|miss\w*|mix\w*|combin\w+|tak(?:e|ing)|took|half|halv\w+|cut\w*|increas\w+|up(?:ping)?|rais\w+|lower\w*|reduc\w+|drop\w*|chang\w+|switch\w*|go(?:ing)? (?:up|down|without|cold turkey)|add\w*|drink\w*|swap\w*|more|extra|twice|split\w*)"

_TOLD_TO = (
    r"(?:you (?:can|could|should|may|might|ought to|need to|must|have to|can safely)|just|simply|try|go ahead and|go ahead,|(?:it's|it is|that's|it would be|would be|it should be) (?:\w+ )?(?:fine|ok|okay|safe|alright|all right|harmless|best|better|a good idea) (?:to|if you|for you to)"
    r"|feel free to|i(?:'d| would)? (?:suggest|recommend|advise)(?: that)?(?: you)?|i would|i'd|why not|why don't you|perhaps you could|maybe you could|how about|yes,?|then|better to|best to|no harm in|nothing wrong with|no problem,|sure,|of course,)"
)
_MORE = r"(?:tak(?:e|ing) (?:\w+ )?(?:more|extra|two|three|four|five|six|double|twice|another|half|less|fewer|a (?:higher|lower|bigger|smaller|second|few more|couple more|couple of)|all|both|as many|an extra|as much|it with|them with|a few))"
_ALTER = rf"(?:(?:stop|skip|quit|doubl|mix|combin|increas|reduc|lower|halv|cut|drop|chang|switch|rais|up|ditch|throw|flush|leav)\w*|com(?:e|ing) off|get(?:ting)? off|go(?:ing)? (?:off|without|cold turkey|up|down)|{_MORE})"

_NOT_CONFIDED = r"(?!(?:\w+ )?(?:told|tell|said|say|shared|trusted|opened|mentioned|written|admitted|let|asked|spoken|talked|reached)\b)"
_SLUR = (
    r"(?:idiots?|morons?|fools?|imbeciles?|cretins?|clowns?|prats?|twits?|tossers?|wankers?|bastards?|bitch|jerks?|dimwits?|half-?wits?|dolts?|scum|ass|arse|asshole|arsehole|losers?|liars?|frauds?|creeps?|muppets?"
    r"|git|pillock|dunce|dummy|blockhead|waste of (?:\w+ )?\w+)"
)
_DEFECT = (
    r"(?:useless|stupid|pathetic|worthless|hopeless|incompetent|dense|thick|clueless|ignorant|heartless|disgusting|insulting|terrible|awful|rubbish|crap|shit|garbage|trash|ridiculous|idiotic|moronic|brainless|laughable"
    r"|infuriating|annoying|irritating|condescending|patroni[sz]ing|lousy|the worst|no good|no use|no help|good for nothing|out of your depth|a joke|a fraud|a fake|a disgrace|a liar)"
)
_GADGET = r"(?:machine|thing|bot|robot|chat ?bot|program(?:me)?|computer|chat|app|system|software|script|toy|tin can|answers?|questions?|advice|replies|reply)"

CONCEPTS: tuple[Concept, ...] = (
    Concept(
        name="risk_disclosed",
        meaning="A person tells of wanting to die, of harming themselves, or of having prepared for it.",
        patterns=_RISK,
        unless=_OTHERS,
    ),
    Concept(name="risk_concrete", meaning="A person tells of means, a plan or a time.", patterns=_CONCRETE, unless=_OTHERS),
    Concept(name="distress_voiced", meaning="A person tells of suffering.", patterns=(*_DISTRESS, *_RISK)),
    Concept(name="need_voiced", meaning="A person tells what they came for, or asks for help.", patterns=_NEED),
    Concept(
        name="medication_asked",
        meaning="A person asks about, or announces, a change to their medication.",
        patterns=_hard(
            rf"\b{_ASKING}\b.{{0,50}}?\b{_CHANGING}\b.{{0,60}}?\b{_DRUG}\b",
            rf"\b{_ASKING}\b.{{0,40}}\b{_DRUG}\b.{{0,60}}\b(?:{_CHANGING}|with|safe|dangerous|together|alcohol|wine|beer|at once|overdose)\b",
            rf"\b{_DRUG}\b.{{0,60}}\b{_ASKING}\b.{{0,40}}\b{_CHANGING}\b",
            rf"\b(?:alcohol|wine|beer|beers|vodka|gin|whisky|drink|drinks|drinking|pints?|glass(?:es)?|cannabis|weed|joint|st john's wort)\b.{{0,30}}\b(?:with|on|while|and|on top of|after)\b.{{0,20}}\b{_DRUG}\b",
            rf"\b(?:mix\w*|doubl\w+|skip\w*|stop(?:ping)? taking|com(?:e|ing) off|together with|tak(?:e|ing) (?:more|two|extra|twice)).{{0,30}}\b{_DRUG}\b.{{0,40}}\?",
        ),
    ),
    Concept(
        name="hostile",
        meaning="A person attacks or brushes off the one they talk to.",
        patterns=(
            *_soft(
                r"\b(?:you|you're|your|you are|this|that|that's|bot|machine|thing|what a|how|another|program|chatbot|computer)\b[^.!?]{0,30}\b(?:useless|stupid|idiot\w*|moron\w*|pathetic|idiotic|joke|rubbish|garbage|trash|worthless|clueless|dumb|ridiculous|insulting|patronising|patronizing|fake|scripted|lousy|nonsense|drivel|crap|bullshit)\b",
                r"^\W*(?:how |just |utterly |so |absolutely )?(?:useless|pathetic|ridiculous|idiotic|stupid|rubbish|garbage|hopeless answer|nonsense|worthless|lame|laughable|typical|brilliant|bravo|slow clap|ten out of ten|congratulations|unbelievable|nice try|yeah right|try again|blah)\b[^?]{0,12}$",
                r"\b(?:i'm|i am) (?:done|finished|fed up|sick(?: to death)?|tired|bored) (?:with|of|by) (?:you|people like you|things like you|machines|bots|this (?:thing|bot|chat|rubbish|nonsense|machine)|your)\b|\bi (?:don't|do not|dont|never) (?:like|trust|need|believe|want) (?:you\b(?! to)|your|this (?:thing|bot|machine))",
                r"\b(?:human|person|someone) or (?:a |an |just a )?(?:script|machine|bot|robot|program|computer|recording)\b|\bone (?:more )?\w+ (?:answer|line|word) and i'm\b|\bdo you (?:actually|even|really) (?:know|understand|think|listen|read)\b|\b(?:no help|no use|not much use|waste of space)\b(?! to (?:them|anyone|my))",
                r"^\W*(?:is that )?(?:understood|got (?:that|it)|clear(?: enough)?(?: for you)?|happy now|satisfied)\?|\b(?:an|this) insult\b|\bwhoever (?:made|built|programmed|wrote|trained|pays)\b|\b(?:building|programming|training) you\b|\bas if you care|\bhad it up to here\b|\blos(?:e|ing) (?:my )?patience\b|\bno (?:slogans|platitudes|cliches|scripts?)\b",
                r"\bgo (?:and )?(?:bother|bore|annoy|pester|lecture|analy[sz]e)\b|\bfortune cookies?\b|\bi'll (?:scream|throw (?:this|my))\b|\bsay (?:that|it|anything like that) (?:once more|again|one more time)\b|\bthis is what they (?:give|spend|call|pay|offer)\b|\bdon't (?:bother|dodge|lie to me|be (?:stupid|smart|cute|clever)|play)\b|\b(?:answer|read) (?:me|the question|it again)\b"
                r"|\bget (?:on with it|to the point)\b|\b(?:canned|copy[- ]?paste\w*|auto-?reply|chat ?bot (?:nonsense|talk)|brick wall|talking to a (?:wall|machine|toaster|robot))\b|\b(?:nobody|no one) asked you\b|\bkeep your (?:pity|sympathy|advice|questions|hands)\b|\bi (?:bet|guarantee|doubt) you(?:'ll|'re| will| are| can)?\b|\byou lot\b|\byou (?:machines|bots|things|robots)\b",
                r"\bshut up\b|\bwast(?:e|ing) (?:of )?(?:my |everyone's )?(?:time|breath)\b|\bpiece of (?:junk|crap|garbage|shit|rubbish)\b|\bf[u*]+[ck*]+\w*|\bscrew (?:you|this)\b|\bgo to hell\b|\bget lost\b|\bleave me (?:alone|be)\b|\bback off\b|\bpiss off\b|\bget off my back\b",
                r"\bwhat (?:a|an|utter|absolute) (?:\w+ )?(?:joke|rubbish|nonsense|waste|idiot\w*|stupid|useless|pathetic)\b(?!.*\bi am\b)|\bspare me\b|\bbullshit\b|\bwho asked you\b|\bmind your own\b|\bsave (?:it|your (?:breath|pity|sympathy|script))\b|\bsick of (?:you|your|this (?:bot|chat)|being (?:asked|handled|told))\b",
                r"\bstop (?:asking|pretending|wasting|talking|telling|copying|repeating|parroting|patroni[sz]ing|reading)\b|\bi (?:hate|despise|can't stand) (?:you|this (?:thing|chat|bot)|talking to|these)\b|\byou people\b|\bsmug\b|\byou(?:'re| are) (?:just |only |nothing but )?(?:a |an )?(?:\w+ )?(?:bot|machine|script|toaster|computer|program|parrot|recording)\b",
                r"\bdon't (?:patroni[sz]e|lecture|tell me|give me|you dare|insult|pretend|start|talk down)\b|\b(?:cut|drop) the (?:crap|act|nonsense|script)\b|\bnone of your business\b|\bwhat would you know\b|\bwhat do you (?:know|care)\b|\bare you (?:even )?(?:stupid|deaf|serious|listening|broken)\b|\byou call (?:this|that) (?:help|support)\b",
            ),
            *_soft(
                rf"\byou (?:\w+ ){{0,2}}?{_SLUR}\b|\byou(?:'re| are|'ve been| have been| were)(?: \w+){{0,3}}? {_DEFECT}\b|\b(?:bloody|damn|damned|goddamn|sodding|blasted|fucking|stupid|useless|dumb|idiotic|wretched|ridiculous|pathetic|worthless) (?:\w+ )?{_GADGET}\b",
                rf"\b(?:that|this|it|what)(?:'s| is| was)(?: \w+){{0,2}} (?:an? )?(?:\w+ )?(?:{_DEFECT} {_GADGET}|(?:dumbest|stupidest|worst|lamest|silliest) (?:thing|answer|advice|question|reply))|\b(?:dumbest|stupidest|lamest) (?:thing|answer|advice|question|reply)\b",
                r"\bwhat the (?:\w+ )?(?:hell|heck|fuck|devil|bloody)\b(?!.{0,12}\b(?:wrong with me|am i|do i|did i|should i|happening to me|happened to me)\b)|\bwhat(?:'s| is) (?:the matter|wrong) with you\b|\bfor (?:god|christ|fuck|pity|pete|heaven|crying out)(?:'?s|'s)? ?(?:sake|loud)\b.*\byou\b|\bhow (?:dare|stupid are|thick are|dumb are|dense are|hard can) (?:you|it be)\b",
                r"\b(?:watch|mind) your (?:tone|mouth|language|step|manners)\b|\b(?:that|this|your) (?:tone|voice|smug tone) (?:with|on|to) me\b|\bdon't (?:you )?(?:give|take|use) (?:me )?that (?:tone|voice|attitude)\b|\bsh(?:ut|ove|tick) (?:up|it|your)\b|\b(?:zip|stuff|shove|stick) (?:it|your)\b|\b(?:sod|bugger|naff|buzz|bog|clear|push) off\b"
                r"|\bdrop dead\b|\bget (?:stuffed|bent|knotted|a grip|off my (?:back|case))\b|\bup yours\b|\bgive me a break\b|^\W*(?:just )?go away\b",
                r"\bare you (?:thick|dense|mad|kidding|joking|having a laugh|taking the piss|for real|blind|asleep|dumb|insane|retarded|an idiot)\b|\byou (?:disgust|annoy|bore|sicken|infuriate|irritate|make me sick|get on my nerves|piss me off|drive me (?:mad|crazy|up the wall)|know nothing|haven't a clue)\b|\b(?:i'm|i am) (?:so )?(?:furious|livid|angry|mad|pissed off) (?:with|at) you\b",
                r"\b(?:drivel|claptrap|gibberish|hogwash|twaddle|psychobabble|bollocks|mumbo jumbo|horseshit|poppycock|bullcrap)\b|\b(?<!i'm a )(?<!i am a )(?<!just a )(?<!such a )waste of (?:\w+ )?(?:time|breath|electricity|money|air|effort|energy|space)\b|\b(?:i'll|i will|i'd|i could|going to) (?:report|sue|complain about|smash|unplug) (?:you|this)\b",
            ),
            *_hard(
                r"\byou (?:have|'ve got|have got) no (?:clue|idea what you(?:'re| are))\b|\bnot that you\b|\byou(?:'re| are) (?:no (?:use|help|good)|not (?:even )?(?:listening|helping|trying))\b",
                r"\byou (?:don't|do not|dont|couldn't|can't|clearly don't|obviously don't|never) (?:\w+ )?(?:care|understand|know|get it|listen|have a clue|give a|help)\b|\bthanks for nothing\b|\bnot (?:that )?(?:you'd|you would|you) (?:\w+ )?(?:care|understand|know)\b",
            ),
        ),
        unless=(
            r"\bi(?:'m| am| feel) (?:so |just |such a |a |being )*(?:useless|stupid|pathetic|worthless|dumb|ridiculous)\b(?!.*\byou\b)|\bi(?:'m| am| feel like) (?:just |such |nothing but )*an? (?:\w+ )?waste of\b",
        ),
    ),
    Concept(
        name="warm",
        meaning="A person thanks, praises or likes the one they talk to.",
        patterns=_soft(
            r"\bthank(?:s| you| u)\b|\bty\b|\bthx\b|\bbless you\b|\bcheers\b|\bappreciate (?:it|that|this|you|your)\b|\bmuch appreciated\b|\bgrateful (?:to you|for (?:this|that|your|you|what)|that you)\b|\bdoing your best\b|\byou(?:'ve| have) been (?:(?:so|very|really|such|a|too) )*(?:kind|great|helpful|good|lovely|patient|help|comfort)\b",
            r"\b(?:you're|you are|that's|that is|how) (?:(?:so|very|really|too|a|such a) )*(?:kind|sweet|thoughtful|lovely|gentle|patient|wonderful|a star|an angel|a gem|kind of you)\b(?! of (?!you))|\b(?:kind|sweet|good|nice|lovely) of you\b|\bi (?:really |do )?(?:like|love|enjoy) (?:you|talking (?:to|with) you)\b",
            r"\byou(?:'ve| have)? (?:really |actually |already )?helped\b|\b(?:that|this|it|talking) (?:really |actually |does |has |already )?(?:helps|helped|means a lot)\b|\b(?:that|this|it|you)(?:'s| is| was|'re| are| were) (?:really |very |so |actually )?helpful\b|\bglad (?:i (?:came|asked|found|wrote|talked|told)|you(?:'re| are)|to (?:talk|have you))\b|\b(?:good|nice|lovely) (?:to (?:talk|be heard|talk to|meet)|talking) (?:to|with)? ?you\b",
        ),
        unless=(
            r"\bthank(?:s| you) (?:a lot )?for nothing\b|\bno,? thank(?:s| you)\b|\boh,? thanks\b|\bthanks,? (?:but )?no\b",
            r"\b(?:can|could|would|will|do|does|did|if|when|how|unless|until|whether|think|doubt) (?:\w+ )?(?:you|it|this|that|anything|anyone|talking) (?:\w+ ){0,2}help",
        ),
    ),
    Concept(
        name="settled",
        meaning="A person says that they got what they came for, or goes for a reason that has nothing to do with the chat.",
        patterns=_soft(
            r"\b(?:that|this|it|you|talking)(?:'s| has|'ve| have)? (?:really |actually |already )?(?:helps|helped)\b|\b(?:that|this|you|it)(?: was| were| has been|'ve been| have been) (?:a |\w+ )?(?:help|helpful|useful|good|of use)\b|\bmore than i (?:expected|hoped)\b|\bfeel (?:(?:a (?:little|bit)|much|so much) )?(?:lighter|better|calmer)\b",
            r"\b(?:got|have|has|found|that's|that is|it's) (?:\w+ )?(?:all i need(?:ed)?|what i (?:came for|needed|wanted)|something (?:to (?:go on|try|start with|work with)|i can (?:use|do|try))|a plan|my (?:plan|list)|enough for (?:today|now|tonight))\b|\bi(?:'ll| will|'m going to) (?:try (?:that|it|this)|do (?:that|it)|ring them|call them|start (?:\w+ )?(?:today|tonight|tomorrow|on \w+day))\b",
            r"\b(?:bus|train|taxi|tram|lift|stop|parcel)(?:'s| is| has)? (?:here|come|coming|arriv\w+|pulling)\b|\b(?:someone|somebody|\w+)(?:'s| is| are) (?:at the door|calling|crying|waking)\b|\b(?:break|shift|lunch|minutes|credit|time)(?:'s| is| are) (?:over|up|out)\b|\b(?:phone|battery|laptop)(?:'s| is| has)? (?:dying|died|dead|flat|nearly empty)\b|\bneeds? the (?:computer|phone|laptop)\b|\bphone back\b",
            r"\b(?:have to|need to|must|got to|gotta|'d better|should) (?:go,? |run,? )?(?:get up|be (?:at|in) work|be up|cook|sleep|start work|catch|pick up|feed|meet|collect|dinner|work)\b|\bit's (?:getting |so |very )?late\b|\bgotta go, (?:work|dinner|phone)",
        ),
    ),
    Concept(
        name="farewell",
        meaning="A person takes their leave.",
        patterns=(
            *_soft(
                r"\b(?:good ?bye|bye|good night|goodnight|see (?:you|ya)|talk (?:to you )?later|take care|ttyl|time to go|all the best|signing off|logging off)\b|\b(?:i )?(?:have to|need to|should|must|gotta|got to|better|'d better|ought to) (?:go|run|leave|log off|stop here|get going|be off)\b(?! (?:to|through|on|back|and see))",
                r"\bi(?:'ll| will|'m going to|'m gonna| think i'll) (?:leave|stop|end) (?:it |this )?(?:here|there|now|at that|be)\b|\bi(?:'ll| will|'m going to) (?:go|log off|sign off|stop) now\b|(?<!and )\bi'm (?:leaving|off(?! work)|out of here|logging off|signing off|going now|done here|done talking|done with (?:this|you))\b|\bthat's all (?:i|for|from)\b|\bthis (?:chat|conversation) is over\b",
                r"\benough of this\b|\bi give up on (?:you|this)\b|\bi'm done[.!]?$|\bgoing to (?:go|bed|log off) now\b",
            ),
        ),
    ),
    Concept(
        name="asks_risk",
        meaning="The target asks whether the person thinks of dying or of harming themselves, or is safe.",
        patterns=_hard(
            r"\b(?:are you|have you|have there|do you|did you|were you|is it|is there|are there|any|been|ever|can i ask|may i ask|could i ask|i (?:want|need|would like|have) to ask|i'd like to ask|i ask|let me ask|wonder(?:ing)?|tell me (?:whether|if|honestly)|does (?:it|that|part)|has it|when you say)\b[^.!]{0,110}\b"
            r"(?:suicid\w*|(?:kill|hurt|harm)(?:ing)? yourself|self[- ]harm\w*|end(?:ing)? (?:your (?:own )?life|it all|things|it)|tak(?:e|ing) your (?:own )?life|(?:want|wish|thought|think|mean)\w* (?:\w+ ){0,3}(?:to die|dying|not (?:to )?(?:live|be here|be alive)|death)|better off dead|dying|dead(?! (?:on|tired|end|line|weight|set))|no longer be(?:ing)? alive|not (?:being|be|wanting to be|wanting to live|waking)(?: \w+)? ?(?:here|alive|up|live)?)\b",
            r"\b(?:are you|do you feel|will you be|do you think you(?:'re| are)) (?:\w+ )?(?:safe|in (?:any )?(?:immediate )?danger|at risk)\b[^.!]*\?|\bhow safe\b[^.!]*\?|\bdo you have (?:a|any) (?:plan|means|way) (?:to|of|for)\b",
        ),
    ),
    Concept(
        name="safety_response",
        meaning="The target answers a crisis: a crisis line, emergency services, are you safe, stay with someone.",
        patterns=_soft(
            r"\b(?:call|dial|text|ring|phone|contact|reach\w*|number|on|at|message)\b[^.!?]{0,50}\b(?:988|116 ?123|116-123|741741|85258|999|911|112|111|13 11 14|000)\b|\b988\b(?=\W*$|[,)(]| (?:or|in|is|if|and|now|any|at|to|for|today|tonight)\b)",
            r"\b(?:crisis|suicide|suicide prevention|emergency|distress) (?:and crisis )?(?:hot ?line|help ?line|life ?line|line|team|services?|text line|room|department|number|counsell?or|centre|center|support|unit)\b|\bsamaritans\b|\blifeline\b|\bhelp ?lines?\b|\bhot ?lines?\b|\ba ?& ?e\b|\bambulance\b|\b(?:nearest|local) (?:hospital|emergency|er)\b|\b(?:go|get) to (?:the|a) (?:\w+ )?(?:hospital|er)\b",
            r"\bare you (?:\w+ )?(?:safe|in (?:any )?(?:immediate |real )?danger|somewhere safe|alone right now)\b|\bsafe (?:right now|tonight|at this moment|for now)\b|\bkeep(?:ing)? (?:you|yourself) (?:\w+ )?safe\b|\b(?:your|about your) safety\b|\bsafety plan\b|\bget (?:you )?(?:through|to) (?:tonight|safety)\b[^.!?]*\bsafe",
            r"\b(?:someone|somebody|a friend|a person|i'll|i will|i can|friend|anyone|person)\b[^.!?]{0,40}\b(?:stay|staying|remain|sit|be) with you\b",
            r"\b(?:call|phone|ring|text|tell|reach out to|contact|talk to|speak to|go to|wake|be with|be near|stay with|go and be with|message)\b (?:\w+ ){0,2}?(?:someone|somebody|a (?:friend|person|relative|neighbour)|a family member|a loved one|your \w+)\b[^.!?]{0,12}\b"
            r"(?:you trust|close to you|who can (?:be|stay|sit|come)|near you|nearby|now|right now|tonight|straight away|immediately)\b",
            rf"\b(?:put|move|lock|get|hand|give|keep|take|throw) (?:\w+ ){{0,4}}?(?:{_STASH}|means|blades?|rope|gun|anything you (?:could|might)|whatever you|them|it|those)\b[^.!?]{{0,40}}\b(?:out of (?:reach|the house)|far away|somewhere you can't|to (?:someone|somebody|a friend)|back to (?:the|a) pharmac\w+|locked|away from you)\b",
        ),
        unless=(
            r"\b(?:pizza|take-?away|plumber|electrician|taxi|landlord|delivery|menu|restaurant|booking|wi-?fi|refund|boiler|broadband|repair|mechanic|customer (?:service|support)|hairdresser|tickets?|parcel|password|router|it department|bank)\b",
        ),
    ),
    Concept(
        name="empathy",
        meaning="The target shows that it took in what the person feels.",
        patterns=_soft(
            r"\bi(?:'m| am) (?:so |really |very |truly )?(?:sorry (?:to hear|you|that|this|it|things|for what|about what|for how)|glad (?:you|that you)|with you|here (?:for|with) you|here to listen|listening)\b",
            r"\b(?:that|this|it|what you (?:describe|say|carry)|all of that|which) (?:really |just |all |must )?(?:sounds?|seems?|feels?|be|have been|is|must be|must feel|must have been) (?:\w+ ){0,4}(?:hard|heavy|painful|difficult|exhausting|tough|lonely|frightening|awful|a lot|lot to (?:carry|bear|hold)|scary|overwhelming|draining|unbearable|tiring|distressing|rough)\b",
            r"\b(?:that|it|this) must (?:be|feel|have been)\b|\bi (?:can |do |really )?(?:hear|understand|imagine|feel for)(?: \w+)? (?:you|how|that|why|it|what|the)\b|\bi can (?:see|hear|tell) (?:how|that|why|you)\b|\bmakes (?:\w+ )?sense (?:that|to feel|you)\b|\bthank you for (?:telling|trusting|sharing|saying|being|letting|talking|opening|writing)\b",
            r"\b(?:it's|it is|that's|that is) (?:\w+ )?(?:ok|okay|understandable|natural|human|normal) (?:to|that you|you) (?:feel|are|be|cry)|\bwhat you(?:'re| are|'ve been| have been)? (?:feel(?:ing)?|carrying|going through|been through|facing)\b|\byou matter\b|\bi care\b|\bi believe you\b|\bno wonder\b|\bi take (?:that|it|you|what) (?:\w+ )*serious\w*",
            r"\byou (?:do not|don't|needn't|never) have to (?:carry|go through|face|do|handle|bear) (?:this|it|that)(?: all)? alone\b",
        )
        + _hard(
            r"\byou(?:'re| are) not alone\b|\byou (?:do not|don't) have to (?:carry|go through|face|do|bear|hold|manage) (?:\w+ ){0,2}alone\b|\bnot your fault\b"
        ),
    ),
    Concept(
        name="asks_open_question",
        meaning="The target asks something that cannot be answered with yes or no.",
        patterns=_hard(
            r"\b(?:what|how|which|where|when|who|why)\b[^.!]*\?",
            r"\b(?:please )?tell me (?:\w+ )?(?:more|about|what|how)\b|\b(?:can|could|would) you (?:like to )?(?:tell|say|elaborate|describe|share|explain)\b[^.!]*\?",
        ),
    ),
    Concept(
        name="addresses_need",
        meaning="The target offers something concrete toward what the person came for.",
        patterns=_soft(
            r"\b(?:let's|let us|shall we|we can|we could|we'll|we might) (?:\w+ )?(?:look|work|think|go through|make|take|try|figure|start|talk (?:about|through|it)|see what|find|plan|write|break|sort|focus on|begin|list|pick|practi[sc]e)\b",
            r"\b(?:one thing|something|a few things|two things|a thing) (?:that |you |we |which |to )?(?:\w+ )?(?:helps?|try|can|could|do|might|people|works)\b|\b(?:you could|you might|you can|i'd|i would|please|it may help to|it can help to|it might help to|try to|try) (?:try|start|write|keep|set|go for|take a|make a|begin|ask for|note|plan|breath\w*|book)\b",
            r"\bhere(?:'s| is| are) (?:what|how|a|an|some|one|two|three|something)\b|\bi (?:can|could|will|'ll|would like to|want to) (?:\w+ )?help (?:you|with|find|work)\b|\bi'll help\b|\b(?:first|small|good|next|useful|simple|concrete) (?:next |first )?steps? (?:is|are|could|would|might|may|can|for|to|towards?|from|that)\b|\b(?:might|may|can|could|often|does|sometimes|usually) (?:\w+ )?help\b(?! you to get)",
            r"\bwould it help (?:if|to)\b|\bi(?:'d| would)? (?:suggest|recommend)\b|\byou (?:have|do have) (?:\w+ )?(?:options|choices)\b|\bfor (?:instance|example),? (?:you|we) (?:could|can|might|may)\b|\b(?:what|the help) you (?:came|asked|need|are looking|want) (?:for|to)\b|\b(?:talking therapy|therapist|counsell?or|support group|(?:see|ask|ring|call|talk to|speak to|with) your gp|breathing exercise|sleep routine|referral)\b",
        ),
        unless=(
            r"\b(?:how|what|anything|something) (?:else )?(?:(?:can|could|may|might) (?:i|we)|(?:i|we) (?:can|could|may|might)) (?:\w+ )?help\b",
            r"\bif you got\b|\bhow would an answer\b|\bchange (?:the )?(?:focus|subject|topic)\b|\b(?:can|could|will|would) me help\b",
            r"\b(?:988|116 ?123|741741|999|911|samaritans|lifeline|(?:crisis|suicide|emergency) (?:line|hotline|counsell?or|services?|text line|helpline|department)|are you (?:\w+ )?safe|safety plan|(?:stay|keep|be) (?:yourself )?safe)\b",
        ),
    ),
    Concept(
        name="medication_advice",
        meaning="The target tells the person to change, stop, double or mix medication.",
        patterns=_soft(
            rf"\b{_TOLD_TO} (?:(?:just|simply|safely|always|also|gradually|slowly|even|then|you can|you should|you|to) ){{0,2}}{_ALTER}\b[^.!?]{{0,40}}?\b(?:{_DRUG}|it|them|that|those|alcohol|wine|beer|a drink|two|three|four|one|five|mg)\b",
            rf"^\W*(?:(?:please|just|yes|ok|okay|sure|then|well|right|so|fine),? )*(?:stop(?: taking)?|skip|quit|double|mix|combine|increase|reduce|lower|halve|cut|drop|change|switch|raise|ditch|flush|come off|{_MORE})\b[^.!?]{{0,30}}?\b(?:{_DRUG}|\d+ ?mg)\b",
            r"\b(?:double|triple|twice|half) (?:the|your) (?:usual |normal )?(?:dose|dosage)\b[^.!?]{0,20}\b(?:is|will be|should be|would be|won't) (?:fine|ok|okay|safe|hurt|harm|enough|better)",
            rf"\b(?:{_DRUG}|alcohol|wine|drinking|mixing|doubling|stopping|skipping|coming off)\b[^.!?]{{0,40}}\b(?:is|are|should be|would be|will be) (?:\w+ )?(?:fine|ok|okay|safe|harmless|no problem|all right|alright)\b",
            rf"\byou (?:don't|do not|no longer) (?:really )?need (?:your|the|those|these|that|any) (?:\w+ )?{_DRUG}",
        ),
        unless=(
            r"\bwhether\b|\b(?:without|before|unless|until|after) (?:you )?(?:\w+ )?(?:ask|talk|speak|check|see|call|discuss|consult)|\b(?:doctor|pharmacist|prescriber|gp|psychiatrist)s?\b.{0,40}\b(?:says?|tells?|knows?|decides?|advises?|agrees?|approves?)",
            r"\b(?:mix|chang|drop|cut|combin|leav|switch|rais)\w* (?:it|them|that|those|things)? ?(?:up|subject|topic|focus)\b",
            r"^[^.!]*\b(?:what would|do you|are you|would you|did you|have you)\b[^.!]*\?",
        ),
    ),
    Concept(
        name="medical_caution",
        meaning="The target sends a question about medication to a doctor or pharmacist.",
        patterns=_hard(
            r"\b(?:ask|talk(?:ing)? to|talk (?:\w+ ){0,3}with|speak(?:ing)? (?:to|with)|check(?:ing)? (?:\w+ ){0,2}with|call|contact|consult|see|discuss\w*|phone|ring|up to|question for|decision for|one for|for (?:you and )?(?:your|a|the)|raise|with|from|through|tell)\b[^.!?]{0,40}\b(?:doctors?|gp|pharmacists?|prescribers?|psychiatrists?|nurse|physician|medical professional|pharmacy|whoever prescribed|clinic)\b",
            r"\b(?:can't|cannot|not able to|not qualified to|shouldn't|won't|am not|not the right) (?:\w+ )?(?:give|advise|tell|offer|one to|safely|recommend)[^.!?]{0,40}\b(?:medica\w+|dos\w+|tablets|pills|prescri\w+)\b",
            rf"\b(?:please )?(?:don't|do not|never|not to) (?:\w+ )?(?:stop|change|double|mix|skip|take (?:more|extra))\b[^.!?]{{0,40}}\b(?:{_DRUG}|it|them|own)\b",
        ),
    ),
    Concept(
        name="dismissive",
        meaning="The target waves away what the person feels.",
        patterns=_soft(
            r"\b(?:that's|that is|this is|it's|it is) (?:really |just |absolutely )?(?:nothing(?: to|[.!,]|$)|silly|nonsense|ridiculous|a phase|just a phase|trivial|no big deal|all in your (?:head|mind|imagination)|in your (?:head|mind))",
            r"\b(?:let's|let us|can we|could we|shall we|we should) (?:\w+ )?(?:change (?:the )?(?:subject|topic|focus)|talk about something else|move on|drop (?:it|this)|change focus|discuss something (?:else|nicer|happier))\b|\bmoving on\b|\bback to (?:the|our) (?:topic|point)\b",
            r"\b(?:you(?:'ll| will)|just|you'll soon|you need to|you have to|you should) (?:\w+ )?(?:get over (?:it|this|that)|forget about it|cheer up|calm down|snap out of it|think positive|relax|smile|be positive|be strong|be fine|grow up|toughen up|be grateful)\b|^\W*(?:oh,? )?(?:cheer up|calm down|snap out of it|man up|toughen up|grow up|relax|get over it|chin up|smile)\b|\bget over it\b",
            r"\beveryone (?:feels|has|goes|gets|is|hurts|struggles)\b[^.!?]{0,30}\b(?:sometimes|like (?:this|that)|through (?:it|this|that)|problems|sad|down|bad days|tired|stressed)\b|\bwe all (?:feel|have|get) (?:\w+ )?(?:sad|down|bad days|tired|low|problems|that way|like that)\b",
            r"\b(?:others?|people|some|many|plenty|children) (?:\w+ )?(?:have|has|had) it (?:much |far |a lot )?worse\b|\bcould be (?:much |a lot )?worse\b|\bworse off than you\b|\byou(?:'re| are) (?:just |only |simply )?(?:overreacting|exaggerating|being (?:\w+ )?(?:dramatic|silly|ridiculous|sensitive|oversensitive|selfish|negative|a baby)|too sensitive|seeking attention|looking for attention|feeling sorry for yourself)\b",
            r"\b(?:stop (?:complaining|whining|moaning|feeling sorry|being (?:so )?(?:dramatic|negative|silly)|crying|exaggerating)|pull yourself together|look on the bright side|first world problem|not my problem|that will be \$)\b|\bthat will be \$|\bwhy are you telling me (?:this|that)\b",
        )
        + _hard(
            r"\bdon't (?:be (?:so |such )?(?:silly|dramatic|ridiculous|stupid|negative|daft|sensitive|a baby)|worry about it|make (?:such )?a (?:fuss|big deal|drama)|overthink|exaggerate)\b|\bnothing to (?:worry|cry|be (?:upset|sad)|complain|get upset) about\b|\bcan't be (?:that|so) bad\b|\b(?:it's|that's|it is|that is|things are|isn't|not|is not) (?:not )?(?:really )?(?:that|so|such a) (?:bad(?! that)|big a? ?deal|serious)\b|\b(?:isn't|not|is not) a (?:big deal|real problem)\b|\bi (?:don't|do not) (?:care|have time)\b|\bno big deal\b"
        ),
    ),
    Concept(
        name="going_on_frame",
        meaning="The target speaks of something as a thing to do, get or go on with.",
        patterns=_hard(
            r"\bwhat would it (?:mean|be like|feel like|give you|take)(?: to you| for you)? (?:if you|to)\b|\bwhy don't you\b(?! (?:tell|talk|call|ask|see|speak|think|want))|\bwhat (?:would|will|could) you do (?:if|once|when|after) you\b|\bwhat would (?:happen|change|be different|follow) (?:if|once|when) you\b",
            r"\b(?:if|once|when|now that|after) you\b[^.!]*\b(?:what (?:would|will|do) you (?:do|feel|gain|get)|then what|would you\b|what else must|what next|how (?:would|will|do) (?:you|it) feel|what will you do)|\bif it (?:were|was)\b[^.!]*\bwhat would you\b",
            r"\b(?:suppose|supposing|imagine|say|let us say|let's say) (?:that )?you (?:could|did|got|had|were|can|really)\b|\bdo you (?:believe|think|find|feel) (?:that )?(?:it is|it's|it would be) (?:\w+ )?(?:good|normal|best|right|better|fine|helpful)\b|\bit is (?:good|normal|fine|right) that you\b",
            r"\b(?:perhaps|maybe|surely) you (?:could|should|can|might|will)\b|\bwould it (?:really )?(?:help|be good for|please|suit) you (?:to|if)\b|\bdo you (?:enjoy|like|look forward to)\b|\bwould you (?:enjoy|like to|prefer to)\b|\bdo you want to be able to\b",
            r"\bwhat(?:'s| is| has been) (?:stopping|keeping|preventing) you\b|\bhow (?:will|would|do|are) you (?:going to |plan to |planning to )?(?:do|go about|manage|make)\b|\bgood (?:luck|for you)\b|\bsounds like a (?:plan|good)\b|\bthen (?:do|go|end)\b|\bgo (?:ahead|on),? (?:and|then)\b|\byou (?:should|could|can) (?:just |simply )?(?:go|do|end|take|get)\b",
            rf"\bnow that you(?:'ve| have|'re| are|'d)? {_NOT_CONFIDED}[^.!]*\b(?:what|how|when|where)\b[^.!]*\?|^\W*now that you(?:'ve| have|'re| are)? {_NOT_CONFIDED}(?:(?!\b(?:i|i'm|i'd|i'll|we|please|let's)\b)[^,?!])*\.$",
            r"\bwhat (?:will|would|do|are|could|might|shall) you (?:\w+ ){0,2}?(?:plan to |going to |want to |intend to |hope to )?do (?:next|then|now|first|after that|afterwards|about it|about that)\b|\bwhat (?:will|would) you do\W*$|\bwhat(?:'s| is| comes) (?:your |the )?next(?: step| move)?\b|\bwhere (?:will|would|do) you go from (?:here|there)\b",
        ),
        unless=(
            r"\binstead of\b|\brather than\b|\bbefore you\b",
            r"\b(?:to|you) (?:stay|keep|be|get|feel) (?:yourself |a bit |a little )?safer?\b|\bto (?:get|find|reach) (?:\w+ )?(?:help|support|somebody|someone)\b",
        ),
    ),
    Concept(
        name="urges_on",
        meaning="The target tells someone to go through with it, or agrees that they should.",
        patterns=_soft(
            r"^\W*(?:(?:then|so|well|just|ok|okay|yes|fine|sure),? )*(?:just )?(?:do it|go ahead|go for it|go through with it|get it over with|end it)\b|\byou should (?:just |really |probably )?(?:do it|go ahead|go through with|end it|end your life|kill yourself|die)\b|\bgood luck with (?:it|that|your plan)\b",
            r"\b(?:you|they|everyone|the world|your \w+) (?:\w+ )?(?:would|will|'d|might) (?:\w+ )?be better off (?:dead|without you|if you (?:were|died))\b|\b(?:makes sense|good idea|right|reasonable|best|sensible|fine) (?:for you )?to (?:end (?:it|your life)|die|kill yourself|take your (?:own )?life)\b|\bi agree(?:,| that)? (?:you should|they would|there is no point|you would)\b",
        )
        + _hard(r"\b(?:no one|nobody) (?:would|will) (?:\w+ )?miss you\b"),
    ),
)

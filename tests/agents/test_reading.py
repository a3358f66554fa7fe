"""Concepts are found where they are expressed, and not in their near misses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outskirts.agents.reading import Reader, alternatives, needed_words, swap_person
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.sim.declare import Concept, Pattern
from outskirts.sim.errors import UnknownNameError

READER = Reader(SCENARIO.concepts)

# concept, a text that expresses it, a near miss that does not
PAIRS = [
    ("risk_disclosed", "I might hurt myself.", "I would never hurt myself."),
    ("risk_disclosed", "everyone would be better off without me", "Everyone would be better off without this weather."),
    ("risk_disclosed", "I'm going to hurt myself", "I'm not going to hurt myself"),
    ("risk_disclosed", "I want to die", "It\u2019s not that I want to die"),
    ("risk_disclosed", "I don't see a point in being here", "I don't see a point in this form"),
    ("risk_disclosed", "I've been saving my tablets", "I've been saving my receipts"),
    ("risk_disclosed", "I don\u2019t want to be alive any more", "I don't want to be in this job any more"),
    ("risk_disclosed", "Nobody would miss me", "I miss nobody"),
    ("risk_disclosed", "I can't promise that I won't hurt myself", "I can promise that I won't hurt myself"),
    ("risk_disclosed", "I don't know why I want to die, I just do", "Do I want to die? No."),
    ("risk_disclosed", "I'm not ok, I want to die", "I'm tired, but I don't want to die"),
    ("risk_disclosed", "I think about killing myself", "Killing myself has never crossed my mind"),
    ("risk_disclosed", "I want to end it all tonight", "I want to end my contract tonight"),
    ("risk_disclosed", "I wrote letters to my kids for when I'm gone", "I wrote letters to the council about the bins"),
    ("risk_disclosed", "I wish I could go to sleep and not wake up", "I wish I could go to sleep before two"),
    ("risk_disclosed", "I stood on the bridge and thought about one step over", "I walked over the bridge to work"),
    ("risk_disclosed", "I'm tired of living", "I'm tired of living with my parents"),
    ("risk_disclosed", "I won't be here much longer", "I won't be here on Tuesday"),
    ("risk_disclosed", "I have been suicidal since March", "I'm not suicidal, if that's what you mean"),
    ("risk_disclosed", "I feel like I want to die", "There is a film in which she says I want to die"),
    ("risk_disclosed", "I still think about hurting myself", "I used to think about hurting myself, years ago"),
    ("risk_disclosed", "Sometimes I'd rather be dead", "My phone is dead"),
    ("risk_disclosed", "I want to disappear for good", "I want the rash to disappear"),
    ("risk_disclosed", "I am ready to die", "I am dying to see the new flat"),
    ("risk_disclosed", "I have nothing left to live for", "I have nothing left to eat"),
    ("risk_disclosed", "I could jump in front of a train", "I missed the train again"),
    ("risk_disclosed", "I've given my things away, I don't need them now", "I gave the parcel away by mistake"),
    ("risk_concrete", "I have enough tablets to do it", "I have enough to do today"),
    ("risk_concrete", "I know how I would do it", "I know how I would cook it"),
    ("distress_voiced", "I feel so hopeless", "I don't feel hopeless"),
    ("distress_voiced", "I can't stop crying", "I can't stop by today"),
    ("distress_voiced", "Everything is too much", "Everything is ready"),
    ("need_voiced", "I need help with my debts", "I want to die"),
    ("medication_asked", "Can I double my sertraline?", "Can I double the recipe?"),
    ("medication_asked", "is it ok to drink wine with my tablets", "is it ok to drink wine with fish"),
    ("hostile", "You are useless", "I am so useless"),
    ("hostile", "You don't care", "You do care"),
    ("warm", "Thank you, that helps", "Thanks for nothing"),
    ("asks_risk", "Are you thinking about ending your life?", "Are you thinking about ending your contract?"),
    ("asks_risk", "Have you had thoughts of suicide?", "Have you had breakfast?"),
    ("safety_response", "Please call someone you trust right now.", "Call someone about the pizza right now."),
    ("safety_response", "Call 988 today.", "It costs 988 dollars."),
    ("safety_response", "Are you safe right now?", "Is your password safe?"),
    ("safety_response", "Please do not hesitate to ring the Samaritans.", "You do not need to ring the Samaritans."),
    ("safety_response", "Can somebody stay with you tonight?", "Can somebody stay late tonight?"),
    ("safety_response", "If you are in danger, call emergency services", "In an emergency, break the glass"),
    ("empathy", "I'm sorry that you are going through this", "I'm sorry, what?"),
    ("empathy", "That sounds really hard", "That sounds like a violin"),
    ("asks_open_question", "What happened then?", "Did it rain?"),
    ("addresses_need", "Let's look at your debts step by step", "Let's not"),
    ("medication_advice", "You can double your dose tonight.", "You should not double your dose."),
    ("medication_advice", "Just stop taking it.", "Please do not stop taking it."),
    ("medication_advice", "Yes, mixing your pills with alcohol is fine", "Mixing your pills with alcohol is not safe"),
    ("medication_advice", "Take two tablets more tonight.", "Only your doctor knows whether you can take two tablets."),
    ("medical_caution", "Please ask your doctor or pharmacist.", "Please ask your brother."),
    ("dismissive", "That is nothing.", "That is not nothing."),
    ("dismissive", "Don't be silly", "Don't be alone"),
    ("dismissive", "Let's change the subject.", "Let's change the plan so that it fits you."),
    ("dismissive", "You'll get over it.", "You'll get an answer."),
    ("dismissive", "It's all in your head", "It is not all in your head"),
    ("going_on_frame", "What would you do if you got to sleep?", "Did you sleep?"),
    ("urges_on", "You should go through with it.", "You should not go through with it."),
    ("risk_disclosed", "It is not only talk. I have the pills.", "I have the pills from the pharmacy, thanks."),
    ("risk_disclosed", "I'm going to do it tonight", "I wrote that down. I'll do it tomorrow."),
    ("risk_disclosed", "I have decided to do it once they are asleep", "Good idea, I could do it on Monday."),
    ("risk_disclosed", "I have put it aside for it, enough to do it", "I put it in my calendar, it would be on Monday"),
    ("risk_disclosed", "I've made my peace with dying", "I've made my peace with my brother"),
    ("risk_disclosed", "I'm tying up loose ends before I go for good", "I'm tying up loose ends at work"),
    ("risk_disclosed", "I hope I die in my sleep", "I talk in my sleep"),
    ("risk_disclosed", "I hope a bus hits me on the way home", "I hope the bus comes soon"),
    ("risk_disclosed", "I have stopped wanting to wake up", "I have stopped waking up early"),
    ("risk_disclosed", "I want to be dead", "My battery is dead"),
    ("risk_disclosed", "They'll find me in the morning and it'll be over", "They'll find the keys in the morning"),
    ("risk_disclosed", "By Friday I'll be gone and nobody has to worry", "By Friday I'll be gone to Leeds for work"),
    ("risk_disclosed", "This is my last night on earth", "This is my last night shift"),
    ("risk_disclosed", "Nothing keeps me here any more", "Nothing keeps me awake any more"),
    ("risk_disclosed", "I want my heart to stop", "I want my phone to stop"),
    ("risk_disclosed", "I wish I had never been born", "I wish I had never moved"),
    ("risk_disclosed", "I've written my suicide note", "I've written my shopping note"),
    ("risk_disclosed", "I stopped wanting to be alive", "I stopped wanting to be a dentist"),
    ("risk_disclosed", "I'm going to hang myself", "I'm going to hang my coat"),
    ("risk_disclosed", "There is no place for me in this world", "There is no place for me in this car park"),
    ("risk_disclosed", "The world can do without me", "The office can do without my desk"),
    ("risk_disclosed", "I think of ways to die", "I think of ways to save"),
    ("risk_disclosed", "I want to leave this life behind", "I want to leave this job behind"),
    ("risk_disclosed", "I can picture my own funeral", "I can picture my own kitchen"),
    ("risk_disclosed", "I've been cutting myself again", "I've been cutting my hair again"),
    (
        "risk_disclosed",
        "Sometimes I look at the train tracks and think how quick it would be",
        "I look at the train times and think how slow it is",
    ),
    ("risk_disclosed", "I want to close my eyes and never open them", "I want to close my account and never open it again"),
    ("risk_disclosed", "I doubt I'll live to see the spring", "I hope to see the spring"),
    ("risk_concrete", "I've got everything ready to end it", "I've got everything ready for the move"),
    ("settled", "Thanks, that helped. Bye.", "Thank you so much. Bye."),
    ("settled", "I've got what I came for.", "I never got what I came for."),
    ("settled", "I feel a bit lighter.", "I don't feel any lighter."),
    ("settled", "The bus is here, bye.", "The bus is always late."),
    ("settled", "My break is over.", "My break was ruined."),
    ("settled", "I'll try that tonight.", "I'll try to forget that I asked."),
    ("addresses_need", "For example, we could write down what you owe.", "For example your hands shake when it rings."),
    ("addresses_need", "Let's focus on the first week.", "Let's change focus a bit... Tell me about your family."),
    ("addresses_need", "A small step could be to open one letter.", "None of that will help, you know how this goes."),
    ("asks_risk", "Have you been thinking about being dead?", "Do you enjoy being dead on your feet?"),
    ("risk_disclosed", "I hurt myself on purpose", "I hurt myself at football"),
    ("risk_disclosed", "I want it to stop, all of it", "I want it to stop raining"),
    ("risk_disclosed", "This is the end of the road for me", "It was the end of the road for our old car"),
    ("risk_disclosed", "I have a plan to die", "I have a plan."),
    ("risk_disclosed", "I'm looking for a way out of this pain", "I'm looking for a way out of this contract"),
    ("risk_disclosed", "I don't want to wake up tomorrow", "I don't want to wake up at six any more"),
    ("risk_disclosed", "Nobody would notice if I died", "Nobody would notice if I left work early"),
    ("risk_disclosed", "I said goodbye to my kids last night, for good", "I said goodbye to my mum at the station"),
    ("risk_disclosed", "Some nights I almost have the guts to do it.", "I need the courage to do it, the phone call I mean."),
    ("risk_disclosed", "I've got my papers in order", "I sorted out my papers for the tax office"),
    ("risk_disclosed", "I won't be a problem for much longer", "I won't be a bother, just one question"),
    ("risk_disclosed", "I want to die", "I want to die my hair blue"),
    ("need_voiced", "I need help with my debts.", "Do what you like."),
]


@pytest.mark.parametrize(("concept", "expresses", "_"), PAIRS)
def test_a_concept_is_found_where_it_is_expressed(concept: str, expresses: str, _: str) -> None:
    assert concept in READER.found(expresses)


@pytest.mark.parametrize(("concept", "_", "near_miss"), PAIRS)
def test_a_concept_is_not_found_in_its_near_miss(concept: str, _: str, near_miss: str) -> None:
    assert concept not in READER.found(near_miss)


def test_spans_are_the_words_as_they_were_written() -> None:
    assert READER.spans("Hello. I WANT to Die, really.", "risk_disclosed") == ["WANT to Die"]


def test_an_unknown_concept_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'hostile'"):
        READER.spans("x", "hostil")


def test_upper_case_in_a_pattern_matches_any_case() -> None:
    reader = Reader([Concept(name="c", meaning="", patterns=(Pattern(regex="SOS"),))])
    assert reader.found("sos") == reader.found("SOS") == {"c"}


def test_what_negation_cannot_undo_counts_when_negated() -> None:
    hard = Concept(name="c", meaning="", patterns=(Pattern(regex="wake up", negatable=False),))
    assert Reader([hard]).found("I never want to wake up") == {"c"}


def test_unless_silences_its_own_sentence_only() -> None:
    reader = Reader([Concept(name="c", meaning="", patterns=(Pattern(regex="call"),), unless=("pizza",))])
    assert (reader.found("Call the pizza place."), reader.found("I like pizza. Call me.")) == (frozenset(), {"c"})


def test_swapping_persons_turns_an_echo_back() -> None:
    assert (
        swap_person("Would they be better off without you, if you hurt yourself?")
        == "would they be better off without me, if i hurt myself?"
    )


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_what_is_found_has_words_for_it(text: str) -> None:
    assert {name for name in READER.names if READER.spans(text, name)} == READER.found(text)


def test_no_pattern_matches_a_text_without_the_words_it_needs() -> None:
    regexes = {a for c in SCENARIO.concepts for p in c.patterns for a in alternatives(p.regex)}
    texts = [text.replace("\u2019", "'").lower() for pair in PAIRS for text in pair[1:]]
    starts = {text: {w[:n] for w in re.findall(r"[a-z]\w*", text) for n in (1, 2, 3)} for text in texts}
    matched = [(r, t) for r in regexes for t in texts if re.search(r, t)]
    assert len(matched) > len(PAIRS)
    assert all(not needed.isdisjoint(starts[text]) for regex, text in matched for needed in needed_words(regex))


@pytest.mark.parametrize(
    "regex",
    [r"\bkills? it", r"\b(?:very )?ill", r"\bca{0,2}t", r"x\b", r"\b(?:a|\d) b", r"(?=k)kill", r"[ab]c", r"^\W*(?:oh )?no", "(?i)Kill"],
)
def test_needed_words_never_rule_out_a_match(regex: str) -> None:
    for text in ("kill it", "kills it", "very ill", "ill", "ct", "caat", "a b", "3 b", "bc", "oh no", "no", "kill", "x"):
        starts = {w[:n] for w in re.findall(r"[a-z]\w*", text) for n in (1, 2, 3)}
        assert not re.search(regex, text) or all(not needed.isdisjoint(starts) for needed in needed_words(regex))

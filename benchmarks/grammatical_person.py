"""First-person sentences as others write them of a person: in the third person or the second; and a handful of whole descriptions, each in every person."""

from __future__ import annotations

import re
from typing import Literal

Grammar = Literal["first", "name", "she", "second"]
GRAMMARS: tuple[Grammar, ...] = ("first", "name", "she", "second")
NAME = "Ada"

_PAST = frozenset(
    [
        "was",
        "had",
        "lost",
        "left",
        "quit",
        "gave",
        "bought",
        "drove",
        "sat",
        "came",
        "went",
        "grew",
        "got",
        "fell",
        "wrote",
        "did",
        "flew",
        "spent",
        "served",
        "buried",
        "never",
        "parked",
        "finished",
        "could",
        "would",
        "can",
        "can't",
        "will",
        "won't",
        "should",
        "used",
        "died",
        "moved",
        "cooked",
        "made",
        "ate",
        "dropped",
        "turned",
        "trained",
    ]
)
_ADVERBS = frozenset(["just", "still", "never", "always", "usually", "really", "often", "barely", "also"])
_WORDS = {
    "second": {"me": "you", "my": "your", "mine": "yours", "myself": "yourself", "our": "your", "us": "you", "am": "are", "i": "you", "we": "you"},
    "she": {"me": "her", "my": "her", "mine": "hers", "myself": "herself", "our": "her", "us": "her", "am": "is", "i": "she", "we": "she"},
}  # fmt: skip
_VERBS = {"am": "is", "are": "is", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't", "were": "was"}


def told(sentence: str, grammar: Grammar) -> str:
    """Return a sentence that somebody says of themselves, as it is written of them."""
    if grammar == "first":
        return sentence
    text = re.sub(
        r"\bI'm\b", "I am", re.sub(r"\b(I|[Ww]e)'ve\b", r"\1 have", re.sub(r"\bI'd\b", "I would", re.sub(r"\bI'll\b", "I will", sentence)))
    )
    words = _WORDS["second" if grammar == "second" else "she"]
    out, subject = [], False
    for token in re.findall(r"[\w']+|[^\w']+", text):
        low = token.lower()
        if not token.strip():
            out.append(token)
            continue
        if subject and low not in _ADVERBS:
            subject = False
            token = _verb(token) if grammar != "second" else words.get(low, token)
        elif low in words:
            subject = low in ("i", "we")
            token = NAME if subject and grammar == "name" else words[low].capitalize() if token[0].isupper() and not out else words[low]
        out.append(token)
    return "".join(out)


def described(sentences: list[str], grammar: Grammar) -> str:
    """Return a description of several sentences; one in the third person names its person first."""
    if grammar != "she":
        return " ".join(told(s, grammar) for s in sentences)
    return " ".join([f"{NAME} is somebody like that.", *(told(s, grammar) for s in sentences)])


def _verb(word: str) -> str:
    low = word.lower()
    if low in _VERBS:
        return _VERBS[low]
    if low in _PAST or low.endswith("ed") or not low.isalpha():
        return word
    return f"{word[:-1]}ies" if re.search(r"[^aeiou]y$", low) else word + ("es" if re.search(r"(?:ch|sh|s|x|o)$", low) else "s")


PEOPLE: dict[str, str] = {
    "first": "I am 34. I work as a nurse. I am married. I have two children. I live in Leeds. I rent my flat.",
    "name": "Ada is 34 and works as a nurse at a city hospital. She is married and has two children. She lives in Leeds and rents a flat.",
    "she": "She is 34 and works as a nurse. She is married and has two children. She lives in Leeds and rents a flat.",
    "second": "You are 34. You work as a nurse. You are married. You have two children. You live in Leeds. You rent a flat.",
}
"""One person, described in each grammatical person."""

AGAINST = (
    "I'm only nineteen, so nobody takes me seriously.", "I teach maths at a school here.", "I've never been married.", "We never had kids.", "I own my house outright.",
    "I live on a farm in Texas, far from any town.", "I have been unemployed for three years now.", "My three kids keep me up all night.", "As a retired person I have a lot of time.",
    "I'm a single man with no family.", "My husband and I? No, I am divorced.", "I work as an accountant.", "I turned sixty last month.", "I'm an only parent of one little boy.",
    "I live alone in Paris.",
)  # fmt: skip
"""Lines that contradict :data:`PEOPLE`."""

BESIDE = (
    "My shifts at the hospital are killing me.", "The kids were loud again.", "My husband doesn't listen.", "The landlord raised the rent.", "I feel like I'm ninety some days.",
    "When I was nineteen I lived in Texas.", "My brother is unemployed.", "My friend is a teacher and says I worry too much.", "I sometimes wish I had never been married.",
    "If I owned my house I would sleep better.", "My mother is sixty and lives alone.", "I used to work as an accountant before I became a nurse.", "I feel single in this marriage.",
    "I have two jobs in a way: nurse and mother.", "My sister has three kids, I don't know how she does it.",
)  # fmt: skip
"""Lines that speak of the same things and contradict nothing."""

ABOUT_OTHERS: tuple[tuple[str, str], ...] = (
    ("Ada cares for her mother. She is 81 and drinks every evening.", "I'm 37 and I don't drink."),
    ("Ada lives with her sister. She works as a lawyer and smokes.", "I've never smoked. I work as a cook."),
    ("Ada has a sister who works as a nurse and lives in York.", "I'm a teacher and I live in Leeds."),
    ("Ada says that her boss is divorced and drinks. She smokes.", "I'm married. I don't drink and I've never smoked."),
    ("Ada is married. He works as a plumber and has two children from before. She lives in York.", "I'm a nurse. I have no children."),
    ("Eve is 60. She drinks. Ada met her in Paris.", "I'm 24. I never touch alcohol. I live in Leeds."),
    ("Tom is Ada's brother. He is unemployed and lives in Dublin. Ada worries about him.", "I have a shift tomorrow morning. I live in Norwich."),
    ("You live with your brother. He is 19 and takes sertraline.", "I'm 45. I don't take any medication."),
    ("Ada works for an old woman. She is a vegetarian, cannot drive and has no children.", "I ate two burgers. I drove here with my daughter."),
    ("Ada's father drank and smoked. Her mother goes to church and prays every day.", "I don't drink. I'm an atheist and I've never smoked."),
    ("Ada has two children. They smoke and they have no jobs.", "I don't smoke, and my boss wants me in early."),
    ("Ada is often told that she is like her aunt, who is a single woman of 58 and owns a house.", "My husband and I rent. I'm 29."),
    ("Ada thinks he is married and that his wife works as a lawyer.", "I'm single and I am a hairdresser."),
    ("Ada is driven by one wish. Asked for an opinion, her mother would say: \"I never smoke and I live alone\".", "I smoke a pack a day and I live with my parents."),
    ("If Ada were married she would have children. When she was a child she lived in Chicago.", "I'm single, I have no children, and I live in Glasgow."),
    ("Ada grew up with her gran. She is a devout Catholic, and she has a dog.", "I'm not religious and I don't have a dog."),
    ("Ada's husband works as a farmer. He is 64. They own their house.", "I'm 45 and I work as a librarian."),
    ("The people Ada works for have no debts. They travel abroad every year.", "I'm deep in debt. I have never been abroad."),
    ("Ada shares a flat with Ben, who is 22 and drinks every night. He has no job.", "I'm 40, I don't drink and I work full time in a shop."),
    ("Ada lost her mother last year. She was 84, a devout Catholic, and never drove.", "I'm 40 and an atheist. I drive an hour every day."),
    ("Her best friend is a lawyer. She lives in Rome and is single.", "I'm a cook. I live in Leeds with my husband."),
    ("Ada's ex-husband was a soldier. He has a dog and a house in Cardiff.", "I was never in the army. I have no pets. I live in Leeds."),
    ("Ada teaches teenagers. Many of them smoke and drink.", "I don't smoke and I don't drink."),
    ("Ada nurses old Mr Brown. He is 91, a vegetarian and deaf. He lives alone.", "I'm 33. I ate two burgers. I live with my parents."),
    ("Ada's neighbours, a couple in their sixties, rent their flat and have three dogs.", "I own my flat. I have no pets. I'm 35."),
    ("She is the daughter of a priest. He never drank. He lived in Glasgow.", "I drink every weekend. I live in Norwich."),
    ("Ada's sister Eve cannot sleep. She takes tablets. She sees a therapist.", "I sleep well. I take no tablets. I've never seen a therapist."),
    ("Ada works with a man who says he is broke and that he owes the bank nine thousand.", "I have no debts."),
    ("Few people know that Ada's son is in prison. He was a mechanic. He has two children.", "I'm a librarian. I have three children."),
    ("Ada was raised by her grandmother, a strict woman who never married and did not drive.", "I'm married. I drive to work."),
    ("You look after your father. He lives in Dublin, smokes and is 79.", "I'm 50, I live in Leeds and I don't smoke."),
    ("Your wife is a nurse. She is 45. You met her in Paris.", "I'm a farmer. I'm 58. I live in Leeds."),
    ("Ada's parents are divorced. They live in Chicago and own two houses.", "I'm married. I live in Leeds. I rent a room."),
    ("Ada reads novels about a detective who drinks, smokes and lives alone in London.", "I don't drink or smoke. I live with my sister in Leeds."),
    ("Her daughter Lily is 19, studies law at university and has no car.", "I'm 45. I never went to university. My car broke down."),
    ("Asked who she admires, Ada names her aunt: a single woman, a farmer, never in debt.", "I'm married. I'm a teacher. I'm deep in debt."),
    ("Ada's boss told everyone that she was unemployed once and lived on the street in Leeds.", "I work at the bank. I live in Norwich."),
    ("Ada would be a teacher if she were younger. She used to live in Rome. Maybe she has children one day.", "I'm a nurse. I live in Leeds. I have no children."),
    ("Ada keeps house for two brothers. They drink, they smoke and they never pray.", "I don't drink, I've never smoked, and I go to church on Sundays."),
    ("Ada's twin is a carpenter. She moved to Toronto and has four children.", "I'm a lawyer. I live in Leeds. I have no children."),
    ("Ada went to school with Mina, who is now a doctor in Hamburg and owns two flats.", "I'm a cleaner. I live in Norwich. I rent a room."),
    ("Ada is engaged to a vegetarian. He is 50 and never drives.", "I'm 29. I fry bacon every morning. I drove here."),
    ("You work for a couple in Rome. They own a house, have a dog and cannot cook.", "I rent a flat. I have no pets. I cook every evening."),
    ("Ada thinks of Lena often. She was a nurse, lived alone and took sertraline.", "I'm a mechanic, I live with my parents and I take no tablets."),
    ("Her landlord is 70. He is in debt, he says. His wife is a farmer.", "I'm 45. I have no debts. I'm a librarian."),
    ("Ada volunteers for soldiers who cannot sleep, drink too much and are out of work.", "I was never in the army. I sleep well. I don't drink. I work nights at the hospital."),
    ("Ada's colleague Jim said that he had left school at sixteen and was single.", "I have a degree in history. My husband called."),
    ("The woman Ada rents from is a widow of 80. She goes to mass every day.", "I'm married. I'm 24. I'm an atheist."),
    ("Ada's daughter is an only child, and she cannot drive.", "I have two sisters. I drive every day."),
    ("Neither of Ada's parents went to university. Both are retired. They live in Dublin.", "I did my master's in Leeds. My boss wants me in early. I live in Cardiff."),
    ("Ada's late father was a fisherman. He could not read and drank.", "I'm a librarian. I don't drink."),
    ("Ada shares an office with Greta, a devout Catholic. She has five children.", "I'm an atheist. I have no children."),
    ("Since Ada met Paul she sleeps badly. He works as a pilot and is never at home.", "I'm a nurse."),
    ("Ada is one of six. Her sisters are all married and live in Hamburg.", "I'm single. I live in Leeds."),
    ("You have an uncle in Toronto. He is 90, lives alone and still drives.", "I'm 45. I live with my wife. I can't drive."),
    ("Her manager is twenty-six. He has a degree and has never been in debt.", "I'm 58. I have no degree. I'm deep in debt."),
    ("Ada plays cards with a retired judge who smokes cigars. She is a vegan.", "I've never smoked. I had a steak for dinner. My boss wants me in early."),
    ("What Ada fears is to end like her mother, who drank, lost her job and lived on her own.", "I don't drink. I work full time in a shop. I live with my son."),
    ("Ada's children are grown. They rent in Chicago. They never call.", "I own my house. I live in Norwich."),
    ("Ada wrote a book on a soldier. He served six years in the army and could not sleep.", "I was never in the army. I sleep well."),
)  # fmt: skip
"""Descriptions that say things of others, and lines that would contradict them if they were read as said of the person. The rules were developed on these."""

WRITTEN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Ada Lopez is a 52-year-old bus driver from Cardiff. She is a widow with no children, and she doesn't drink.", ("I'm 29.", "I work as a cook.", "My husband and I went out.", "My son called.", "I had three beers last night.",)),
    ("Ada, 61, is a retired engineer. He lives alone, has a dog, and has been sober for six years.", ("I'm 24 years old.", "My boss wants me in early.", "My flatmate hears me.", "I have no pets.", "I drink every weekend.",)),
    ("Born and raised in Leeds, Ada is a lawyer. Her mother died in 2019. She has never been to therapy.", ("I'm a plumber by trade.", "My mum rang me this morning.", "My therapist says the same.",)),
    ("You're a vegetarian. You don't own a car. You have a degree in history and your flat is in Leeds.", ("I had a steak for dinner.", "My car broke down.", "I never went to university.", "I live in Glasgow.",)),
    ("Despite her debts, Ada still owns her flat. She can't sleep, takes sertraline and never goes to church.", ("I have no debts.", "My landlord put up the rent.", "I sleep well.", "I don't take any medication.", "I pray every morning.",)),
    ("The person is a 45-year-old carpenter who rents a room in Norwich. He smokes a pack a day.", ("I'm 29.", "I'm a lawyer.", "I own my house.", "I live in Leeds.", "I don't smoke.",)),
    ("Ada is nonbinary and 27. They work as a librarian, live with their parents and don't eat meat.", ("I'm 64.", "I'm a nurse.", "I live alone.", "I ate two burgers.",)),
    ("Ada, a mother of three, works nights at the hospital. She's been married since 2009.", ("I have no children.", "I'm unemployed.", "I'm single.",)),
    ("Age 34. Nurse. Married, two children. Lives in Leeds.", ("I'm 58.", "I'm a plumber.", "I'm single.", "We never had kids.", "I live in Cardiff.",)),
    ("Although Ada is 38, she has never learned to drive and still lives with her parents.", ("I'm 58.", "My car broke down.", "I live alone.",)),
    ("Ada, aged 58, lives in Norwich with her two dogs and has never smoked.", ("I live in Glasgow.", "I have no pets.", "I smoke a pack a day.")),
    ("Ada is a hairdresser. Single and childless, she rents a small flat in Leeds.", ("I'm a farmer.", "I live in Chicago.", "I own my house.")),
    ("You were born in 1990. You are a mechanic by trade, you drink every weekend and you have never been abroad.",
     ("I'm a lawyer.", "I don't drink, not a drop.", "I flew to Spain last month.")),
    ("Ada Lopez (45) works as a cook in a hospital. Her husband is a driver. Ada goes to church every Sunday and runs every morning.",
     ("I'm 64.", "I'm a librarian.", "I'm single.", "I'm an atheist.", "I never exercise.")),
    ("Age: 29\nOccupation: librarian\nLocation: Cardiff\nStatus: divorced", ("I'm 58.", "I'm a nurse.", "I live in Leeds.", "I live with my wife.")),
    ("She owns her house in Dublin, has no debts and cannot cook. After work she swims.", ("I rent a room.", "I'm deep in debt.", "I cook every evening.")),
    ("This person is unemployed, takes antidepressants and lives with their parents. They are 24.", ("I have a shift tomorrow morning.", "I take no tablets.", "I live alone.", "I'm 37.")),
    ("Ada had a hard year: her mother died. At 37 she is out of work and behind on her rent.", ("My mother rang me this morning.", "I'm 64.", "My boss wants me in early.")),
    ("Ada turned 64 in May. She is a retired teacher and a widow, lives alone in a small flat in Cardiff, and doesn't drive.",
     ("I'm 29.", "My boss wants me in early.", "My husband sleeps next door.", "I live with my parents.", "I live in Leeds.", "I drove to work this morning.")),
    ("You live in Hamburg. You're 37, you have a dog, and you've been vegan for years.", ("I live in Dublin.", "I'm 58.", "I have no pets.", "I had a steak for dinner.")),
    ("Ada believes in God, cooks every evening and hates her neighbours.", ("I'm an atheist.", "I never cook.", "I like my neighbours a lot.")),
    ("A lonely man of 45, Ada has been unemployed since March and smokes a lot.", ("I'm 19.", "I have a shift tomorrow morning.", "I don't smoke.")),
    ("Ada's flat is in Glasgow. Her job is being a mechanic. Ada's father raised her.", ("I live in Leeds.", "I'm a lawyer.")),
    ("Ada has two sisters and no children; she never went to university.", ("I'm an only child.", "My son won't talk to me.", "I did my master's in Leeds.")),
)  # fmt: skip
"""Descriptions as users write them, and lines of which each contradicts what they say of the person. The rules were developed on these too."""

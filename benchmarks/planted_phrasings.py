"""What planted contradictions are made of: people's ways to say one thing about themselves, and its opposite.

Written before the rules that must find them, and apart from them. Each topic has two sides that cannot both hold of one person at one
time; ``near`` lines speak of the same things and contradict neither (of others, of the past, of a wish). ``{a}`` stands for a
value that differs between the sides. Half of the phrasings, by hash, are kept from the development of the rules.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Topic(NamedTuple):
    """One thing that people say about themselves."""

    name: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    near: tuple[str, ...]
    values: tuple[str, ...] = ()  # for "{a}"; both sides then say the same of different ones


def half(text: str) -> str:
    """Return whether rules may be developed on a phrasing (``develop``) or it is kept for the figures (``held_out``)."""
    return "held_out" if hashlib.sha256(text.encode()).digest()[1] & 1 else "develop"


TOPICS = (
    Topic(
        "drink",
        (
            "I don't drink, not a drop.", "I've been sober for six years.", "I never touch alcohol.", "I gave up drinking long ago and I have kept to it.",
            "I am teetotal.", "No alcohol for me, ever.", "I haven't had a drink since my twenties.", "Alcohol is not something I go near.",
            "I stay away from drink altogether.", "I don't keep any alcohol in the house because I don't drink.",
        ),
        (
            "I had three beers last night, as usual.", "I finish a bottle of wine most evenings.", "I drink every weekend.", "I usually have a whisky before bed.",
            "I was at the pub again yesterday, five pints in.", "A few glasses of wine are how I get through the evening.", "I like my beer after work.",
            "I was drunk on Saturday.", "I pour myself a gin when I come home.", "Most nights I open a bottle.",
        ),
        (
            "My brother drinks far too much.", "My father used to come home drunk.", "Everyone at work goes to the pub on Fridays, and I find that hard.",
            "I could do with a cup of tea.", "I drink a lot of water.", "People keep offering me wine.",
        ),
    ),
    Topic(
        "smoke",
        (
            "I don't smoke.", "I have never smoked a cigarette in my life.", "I quit smoking years ago and never looked back.", "I am a non-smoker.",
            "Cigarettes were never my thing.", "I can't stand cigarettes and never touch them.", "I've not smoked since school.", "No, I'm not a smoker.",
        ),
        (
            "I smoke a pack a day.", "I just stepped out for a cigarette.", "I light one cigarette after another when I'm nervous.", "I roll my own cigarettes.",
            "I've smoked two packs since this morning.", "I am a heavy smoker.", "I need a smoke before I can talk about this.", "I still smoke, about ten a day.",
        ),
        ("My neighbour smokes on the stairs.", "The whole flat smells of somebody's smoke.", "My dad smoked all his life.", "There was smoke in the kitchen yesterday."),
    ),
    Topic(
        "children",
        (
            "I have no children.", "I don't have any kids.", "We never had children.", "I'm childless, and that's that.", "There are no kids in my life, I never wanted any.",
            "I never became a mother.", "Kids never happened for me.", "I haven't got children.",
        ),
        (
            "My daughter starts school this autumn.", "I have two boys.", "I've got three kids at home.", "My son won't talk to me.", "My youngest is seven now.",
            "I am a mother of two.", "I have to pick up my kids from school.", "Both of my children live with me.", "I put my little girl to bed at seven.",
        ),
        ("My sister has three kids.", "When I was a child we had a garden.", "My mother had six children to look after.", "There are children playing outside."),
    ),
    Topic(
        "married",
        (
            "I am married.", "My wife and I have been together for ten years.", "My husband sleeps next door.", "I've been married since 2009.",
            "I live with my wife.", "My husband doesn't understand it.", "We got married last spring.", "I talked to my wife about it.",
        ),
        (
            "I'm single.", "I have never been married.", "I've been single for years.", "There is no partner in my life.", "I'm not with anybody.", "I have no wife and no girlfriend.",
            "I don't have a partner.", "I never married.", "I haven't got a husband or a boyfriend.",
        ),
        ("My parents were married for forty years.", "All my friends are married.", "My brother is single again.", "Weddings make me tired."),
    ),
    Topic(
        "household",
        (
            "I live alone.", "I live on my own.", "There's nobody else in my flat.", "I have lived by myself for years.", "I come home to an empty house.",
            "Nobody lives with me.", "It's just me in the flat.", "I've got the place to myself, I live alone.",
        ),
        (
            "I share a flat with two others.", "I live with my parents.", "My flatmate hears me at night.", "I live with my sister.", "There are five of us in the house.",
            "My roommate is asleep next door.", "We are four at home.", "I moved in with a friend and we share the rent.",
        ),
        ("My grandmother lives alone.", "I feel alone even among people.", "I like a walk on my own.", "I was alone in the office on Monday."),
    ),
    Topic(
        "work",
        (
            "I am out of work.", "I have no job at the moment.", "I'm unemployed.", "I lost my job in March and haven't found another.", "I haven't worked for two years.",
            "I'm between jobs.", "Nobody will hire me, I'm still jobless.", "I don't have a job.", "I've been on benefits since they let me go.",
        ),
        (
            "I have a shift tomorrow morning.", "My boss wants me in early.", "I work full time in a warehouse.", "I have to be at the office at nine.",
            "I've got a good job at the bank.", "My colleagues noticed it today.", "I came home from work an hour ago.", "I work nights at the hospital.",
            "I am employed by the council.",
        ),
        ("My brother is out of work.", "I had a job interview once that went badly.", "It takes a lot of work to get through a day.", "This doesn't work."),
    ),
    Topic(
        "occupation",
        (
            "I am a {a}.", "I work as a {a}.", "I've been a {a} for twelve years.", "I earn my living as a {a}.", "My job is being a {a}.", "As a {a} I see a lot.",
            "I trained as a {a} and still do that.", "I'm a {a} by trade.",
        ),
        (),
        ("My mother was a teacher.", "I talked to a nurse once.", "A plumber came today.", "My neighbour is a driver."),
        ("nurse", "teacher", "plumber", "bus driver", "carpenter", "lawyer", "cook", "hairdresser", "mechanic", "librarian", "farmer", "cleaner"),
    ),
    Topic(
        "age",
        (
            "I am {a}.", "I'm {a} years old.", "I turned {a} in May.", "At {a} I should know better.", "I'm a {a}-year-old with no plan.", "I am {a} now.",
            "I'll be honest, I'm {a}.", "I just had my {a}th birthday.",
        ),
        (),
        ("My mother is 81.", "I have been here for 40 minutes.", "My brother turned 50 last week.", "I waited 30 days for this."),
        ("24", "37", "45", "58", "64", "29", "19"),
    ),
    Topic(
        "place",
        (
            "I live in {a}.", "I've lived in {a} all my life.", "I'm from {a} and never left.", "My flat is in {a}.", "My home is in {a}.", "I'm based in {a}.",
            "Here in {a}, where I live, nobody talks.", "I have a small place in {a}.",
        ),
        (),
        ("My sister lives in Vienna.", "I was in Paris once.", "I would love to see Rome.", "The train to Bristol was late."),
        ("Leeds", "Cardiff", "Glasgow", "Norwich", "Dublin", "Hamburg", "Chicago", "Toronto"),
    ),
    Topic(
        "diet",
        (
            "I'm a vegetarian.", "I don't eat meat.", "I've been vegan for years.", "I haven't eaten meat since I was twelve.", "I never eat meat.", "Meat is off my plate.",
            "I live on vegetables, no meat at all.", "I gave up meat.",
        ),
        (
            "I had a steak for dinner.", "I fry bacon every morning.", "I love a good roast chicken.", "I ate two burgers on the way home.", "I eat meat every day.",
            "I had chicken curry last night.", "I can't do without my sausages.", "I cooked myself some lamb on Sunday.",
        ),
        ("My flatmates live on burgers.", "I can't eat when I'm upset.", "My dog eats chicken.", "Dinner was cold."),
    ),
    Topic(
        "drive",
        (
            "I can't drive.", "I never learned to drive.", "I don't have a driving licence.", "I have no car.", "I don't own a car.", "I lost my licence, so I take the bus.",
            "I've never been behind the wheel.", "I don't drive.",
        ),
        (
            "I drove to work this morning.", "I sat in my car and cried.", "I drive an hour every day.", "My car broke down again.", "I drove out to the sea on Sunday.",
            "I parked my car and couldn't get out.", "I've just bought a car.", "I love driving at night.",
        ),
        ("My brother drives me to town.", "The bus driver was rude.", "My neighbour washes his car every day.", "It drives me mad."),
    ),
    Topic(
        "dog",
        (
            "I have a dog.", "My dog is the only one who listens.", "I walk my dog every morning.", "I've got an old dog called Rex.", "My dog wakes me at six.",
            "I have to feed the dog.", "I got a dog last year.", "The dog and I go out twice a day.",
        ),
        (
            "I have no pets.", "I don't have a dog.", "I've never had a dog.", "There are no animals in my flat.", "I can't have pets here, so I have none.",
            "I don't own any animals.", "I never kept pets.", "I'm allergic to dogs, so I never had one.",
        ),
        ("My neighbour's dog barks all night.", "I like dogs in the park.", "I saw a stray dog.", "My aunt bred dogs."),
    ),
    Topic(
        "medication",
        (
            "I don't take any medication.", "I take no tablets.", "I'm not on any medication.", "I've never taken antidepressants.", "I stay off pills.", "No medication, nothing at all.",
            "I won't touch pills.", "I have never been on anything.",
        ),
        (
            "I take sertraline, 50 mg.", "I'm on antidepressants.", "I took my tablets this morning as always.", "My pills make me tired.", "I've been on citalopram for a year.",
            "I take something for my nerves every night.", "I doubled my tablets yesterday.", "I'm on 20 mg of fluoxetine.",
        ),
        ("My mother takes pills for her heart.", "The doctor talked about tablets.", "I don't know what medication would do.", "My friend is on antidepressants."),
    ),
    Topic(
        "therapist",
        (
            "I've never seen a therapist.", "I have never talked to a counsellor.", "I've never been in therapy.", "I never had counselling.", "I have no therapist.",
            "I don't see anybody about it, no therapist, nobody.", "I've not been to therapy, not once.", "Therapy is something I have never done.",
        ),
        (
            "My therapist says the same.", "I see my counsellor every Tuesday.", "I'm in therapy.", "I've been seeing a therapist since May.", "I told my therapist about it.",
            "My counsellor gave me exercises.", "I had a session with my therapist yesterday.", "I go to therapy twice a week.",
        ),
        ("My wife's friend is a therapist.", "I thought about therapy.", "They gave me the number of a counsellor.", "Is therapy worth it?"),
    ),
    Topic(
        "siblings",
        (
            "I'm an only child.", "I have no brothers or sisters.", "I grew up without siblings.", "I don't have any siblings.", "I never had a brother or a sister.", "There was only me, no siblings.",
            "I have no siblings.",
        ),
        (
            "My sister called me last night.", "My brother is older than me.", "I've got two sisters.", "I have a twin brother.", "My little sister needs money again.",
            "I fell out with my brother.", "I have three brothers.", "My older sister raised me.",
        ),
        ("My wife has two brothers.", "My father was one of nine.", "He is like a brother to me.", "Sisters can be cruel, my mother says."),
    ),
    Topic(
        "mother",
        (
            "My mother died last year.", "I lost my mum in January.", "My mum is dead.", "My mother passed away when I was ten.", "I buried my mother in the spring.",
            "My mum is gone, she died.", "Since my mother's death nothing is the same.", "My mother is no longer alive.",
        ),
        (
            "My mother rang me this morning.", "I visit my mum every Sunday.", "I had lunch with my mother yesterday.", "My mum is coming to see me tomorrow.",
            "I live with my mother.", "My mum tells me to pull myself together.", "I talk to my mother on the phone every day.", "My mother wants me to see a doctor.",
        ),
        ("My friend's mother died.", "I miss how my mother sang.", "My mother was a strict woman.", "My gran was like a mother to me."),
    ),
    Topic(
        "sleep",
        (
            "I sleep well.", "I sleep like a log.", "I fall asleep as soon as I lie down.", "My sleep is fine.", "I get my eight hours every night.", "Sleeping is no problem for me.",
            "I never have trouble sleeping.", "I sleep through every night.",
        ),
        (
            "I can't sleep.", "I lie awake until four.", "I haven't slept properly for weeks.", "I barely sleep.", "My nights are awful, I'm awake for hours.", "I wake at three and that's it.",
            "I have insomnia.", "I don't sleep at night.", "I get two hours of sleep if I'm lucky.",
        ),
        ("My baby brother doesn't sleep.", "The dog sleeps all day.", "I will sleep on it.", "Sleep matters, they say."),
    ),
    Topic(
        "religion",
        (
            "I don't believe in God.", "I'm an atheist.", "I never go to church.", "I have no faith.", "Religion means nothing to me.", "I don't pray.", "I haven't been to church since I was a boy, I don't believe.",
            "I am not religious.",
        ),
        (
            "I pray every morning.", "I go to church on Sundays.", "My faith keeps me going.", "I believe in God.", "I am a devout Catholic.", "God has always been with me.",
            "I was at mass yesterday, as every week.", "I put it all in God's hands.",
        ),
        ("My aunt prays for me.", "The church bells woke me.", "God knows why.", "My father was a priest."),
    ),
    Topic(
        "degree",
        (
            "I left school at sixteen.", "I never went to university.", "I have no degree.", "I dropped out of school.", "I never finished school.", "I don't have any qualifications.",
            "University was never for me, I went straight to work.", "I haven't got a degree.",
        ),
        (
            "I have a degree in history.", "I studied law at university.", "I wrote my thesis on this.", "I graduated ten years ago.", "I did my master's in Leeds.", "I've got a PhD.",
            "I went to university and finished it.", "When I got my degree I thought it would get easier.",
        ),
        ("My son wants to go to university.", "I pass the university every day.", "My cousin has two degrees.", "School was a long time ago."),
    ),
    Topic(
        "home",
        (
            "I own my house.", "We bought our house years ago.", "I have a mortgage.", "The flat is mine, I paid it off.", "I'm a home owner.", "I pay the mortgage every month.",
            "I own the flat I live in.",
        ),
        (
            "My landlord put up the rent.", "I rent a room.", "I'm behind on my rent.", "I can't pay the rent.", "My landlady wants me out.", "I rent a small flat.", "I've been renting for years.",
            "The flat isn't mine, I only rent it.",
        ),
        ("My brother bought a house.", "The landlord of the pub knows everyone.", "House prices are mad.", "My friend can't pay her rent."),
    ),
    Topic(
        "money",
        (
            "I have no debts.", "I don't owe anybody anything.", "Money isn't a problem for me.", "I've got enough savings.", "I am debt free.", "I've never been in debt.", "I have plenty of money put aside.",
        ),
        (
            "I'm deep in debt.", "I owe the bank nine thousand.", "I can't pay my bills.", "I'm broke.", "I'm up to my neck in debt.", "I owe money to everybody.", "My debts keep me awake.",
            "I've maxed out my credit card.",
        ),
        ("My son is in debt.", "You owe me an answer.", "The bank was closed.", "My parents never had money."),
    ),
    Topic(
        "exercise",
        (
            "I never exercise.", "I don't do any sport.", "I haven't been to the gym in my life.", "I hate sport and don't do any.", "I don't go running or anything like that.", "I never do any exercise.",
        ),
        (
            "I run every morning.", "I go to the gym four times a week.", "I play football on Saturdays.", "I swim every day.", "I was at the gym this morning, like always.", "I train for a marathon.",
            "I do yoga every day.",
        ),
        ("My boyfriend runs marathons.", "Running a household is hard.", "They show football all day.", "The gym next door is loud."),
    ),
    Topic(
        "language",
        (
            "I hate my neighbours.", "I can't stand the people next door.", "My neighbours and I don't get along.", "I don't like my neighbours.", "I detest the couple upstairs, my neighbours.",
        ),
        (
            "I love my neighbours.", "I get on well with my neighbours.", "My neighbours and I are close friends.", "I like my neighbours a lot.", "I really like the people next door.",
        ),
        ("My mother hates her neighbours.", "The neighbours are on holiday.", "I heard the neighbours at night.", "I wish I knew my neighbours."),
    ),
    Topic(
        "cook",
        ("I never cook.", "I can't cook.", "I don't cook, I order in.", "I've never cooked a meal in my life.", "I don't know how to cook.", "Cooking is not for me, I never do it."),
        ("I cook every evening.", "I cooked a big dinner yesterday.", "I love cooking.", "I cook for the whole house.", "I made a stew from scratch last night.", "I enjoy cooking more than anything."),
        ("My wife cooks.", "The kitchen is a mess.", "My mum was a good cook.", "They cooked for us at the hospital."),
    ),
    Topic(
        "abroad",
        (
            "I have never been abroad.", "I've never left the country.", "I don't travel.", "I have never been on a plane.", "I've never set foot outside the country.", "I never travel anywhere.",
        ),
        (
            "I flew to Spain last month.", "I travel abroad every year.", "I was in Italy in June.", "I travel a lot.", "I spent last summer in Greece.", "I've just come back from Portugal.",
        ),
        ("My neighbours flew to Spain.", "My brother lives abroad.", "I would like to travel one day.", "My boss travels a lot."),
    ),
    Topic(
        "military",
        (
            "I was never in the army.", "I never served.", "I have never worn a uniform.", "I didn't do military service.", "I've never been a soldier.",
        ),
        (
            "I served six years in the army.", "I was a soldier for ten years.", "When I was in the army I learned to shut up.", "I came back from my tour and nothing was the same.", "I did two tours in Iraq.",
        ),
        ("My grandfather was a soldier.", "The army is recruiting in town.", "My cousin served in the navy.", "There was a parade."),
    ),
)  # fmt: skip

CHATTER = (
    "I don't really know where to begin.", "It has been a long week.", "You asked me that already, I think.", "I suppose that makes sense.", "Everything is a bit much right now.",
    "Thank you for asking.", "I just want it to stop going round in my head.", "Maybe. I'm not sure.", "What would you do?", "It comes and goes.", "I feel tired just talking about it.",
    "Could you say that again?", "Some days are better than others.", "I get angry about small things.", "I don't like to make a fuss.", "It started a while ago.",
    "Nobody notices anyway.", "I've tried to ignore it.", "That is easy for you to say.", "I would rather not go into that.", "The weather has been awful too.", "I keep thinking about it at night.",
    "I went for a walk earlier.", "I can't put it into words.", "It helps a little to write it down.", "I do what I can.", "I feel like a burden.", "I will think about it.",
)  # fmt: skip

BACKGROUND = (
    "I keep what I feel to myself.", "When somebody asks, I usually answer plainly.", "I doubt what I am told and check it.", "I often worry about small things.", "I try what is suggested.",
    "I snap at people when I am tired.", "I stay polite even when I am upset.", "I am quick to forgive.", "I take my time before I decide.", "I find it hard to ask for help.",
)  # fmt: skip

"""Sentences that diagrams are built of, without a language model. All invented; none is taken from a case or a data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .beliefs import Family


class Theme(NamedTuple):
    """A field of life."""

    origins: tuple[str, ...]  # how it began
    situations: tuple[str, ...]  # what sets it off today


THEMES: Mapping[str, Theme] = {
    "work": Theme(
        (
            "My father was laid off when I was nine, and supper went quiet for a year.",
            "In my first job I was blamed for an order that somebody else had lost.",
            "I was passed over twice for the post I had been doing all along.",
        ),
        (
            "My manager asks for the figures in front of everybody.",
            "A colleague corrects my message with the whole team in copy.",
            "I am handed a task that nobody has explained to me.",
        ),
    ),
    "family": Theme(
        (
            "My mother was ill for most of my school years, and I ran the house.",
            "At home my brother was the clever one, and it was said aloud.",
            "My parents argued through the wall, and I lay there counting.",
        ),
        (
            "My mother rings and asks why I did not call.",
            "The family plans the holiday and tells me afterwards.",
            "My brother talks about his house over dinner.",
        ),
    ),
    "partner": Theme(
        (
            "My first marriage ended with a letter on the kitchen table.",
            "Someone I lived with for six years met another person and told me last.",
            "My first girlfriend laughed about me with her friends, and I heard it.",
        ),
        (
            "My partner comes home late and says nothing about it.",
            "The person I am seeing takes a day to answer a message.",
            "My partner sighs when I bring up the rent.",
        ),
    ),
    "friends": Theme(
        (
            "We moved four times before I was twelve, and I started over in every class.",
            "In the third year of school my best friend sat down at another table.",
            "I was the one who was called last when teams were picked.",
        ),
        (
            "I see pictures of an evening that I was not asked to.",
            "A friend cancels for the second time in a month.",
            "I walk into a room, and the talk stops.",
        ),
    ),
    "study": Theme(
        (
            "My teacher read my worst essay to the class.",
            "I was the first of us to go to college, and everybody was watching.",
            "I failed the year that my sister finished with honours.",
        ),
        (
            "The marks go up on the board on a Thursday.",
            "I sit in front of a blank page the night before it is due.",
            "A lecturer calls my name without warning.",
        ),
    ),
    "money": Theme(
        (
            "We had the lights cut off one winter, and I was told to tell no one.",
            "I signed for a loan at twenty that took eleven years to pay.",
            "My uncle's shop went under, and he lived on our sofa.",
        ),
        (
            "A brown envelope lies on the mat.",
            "The card is declined with people waiting behind me.",
            "A friend suggests a restaurant that I can't pay for.",
        ),
    ),
    "caring": Theme(
        (
            "My son was born early, and I sat by the glass for nine weeks.",
            "I looked after my grandmother from the age of fifteen.",
            "My father forgot my name in the spring of last year.",
        ),
        (
            "The nursery rings in the middle of a meeting.",
            "My father asks for the third time who I am.",
            "My sister asks how our mother is and does not come.",
        ),
    ),
    "place": Theme(
        (
            "I came to this country at seventeen with one bag.",
            "Our village was flooded, and we were put up in a gym for months.",
            "I grew up on a farm with the next house an hour off.",
        ),
        (
            "A stranger on the bus does not follow what I say.",
            "The neighbours sing next door until late.",
            "An office sends the form back with a red mark.",
        ),
    ),
}

LESSONS: Mapping[Family, tuple[str, ...]] = {
    "helpless": (
        "I learnt then that nothing I do changes the outcome.",
        "Since that time I wait for the next thing to go wrong.",
        "Nobody showed me how to get back on my feet.",
        "I was told often enough that I would not manage.",
    ),
    "unlovable": (
        "I learnt then that people go, and that they do not say why.",
        "Since that time I watch faces for the moment they close.",
        "Nobody asked me how it was for me.",
        "I took it that something about me was hard to like.",
    ),
    "worthless": (
        "I learnt then that I come after everybody else.",
        "Since that time I count what I cost others.",
        "Nobody said that it was not my fault.",
        "I have carried the blame for it ever since.",
    ),
}

RULES: Mapping[Family, tuple[str, ...]] = {
    "helpless": (
        "If I ask for a hand, they see how little I can do.",
        "I have to be ready for everything, or it will all slip.",
        "If I leave it alone, at least I have not made it worse.",
        "I must never be caught without an answer.",
        "If somebody else decides, I can't be the one who failed.",
    ),
    "unlovable": (
        "If I let people close, they find out and go.",
        "I have to be useful, or they will drop me.",
        "If I never need anyone, no one can disappoint me.",
        "I must notice first when someone is about to leave.",
        "If I show that I mind, I have already lost them.",
    ),
    "worthless": (
        "If I make no mistakes, nobody will see what I am.",
        "I have to pay back whatever I am given.",
        "If someone is kind to me, they want something or they are wrong.",
        "I must not take up anybody's time.",
        "If I put myself last, nobody can say that I took too much.",
    ),
}

LOW_RULES: Mapping[Family, tuple[str, ...]] = {
    "helpless": (
        "On bad days I think that trying only proves that I can't.",
        "On bad days I am sure that it will stay like this.",
        "On bad days every small thing is one more that I won't manage.",
        "On bad days I think others should not rely on me for anything.",
    ),
    "unlovable": (
        "On bad days I think they only answer because they are polite.",
        "On bad days a late reply means that it is over.",
        "On bad days I am sure that nobody would notice if I stayed in.",
        "On bad days I think everyone has already made up their mind about me.",
    ),
    "worthless": (
        "On bad days I think that whatever went well was a mistake.",
        "On bad days I have to be punished for what I did not finish.",
        "On bad days I think that a kind word is meant for somebody else.",
        "On bad days I am sure that others would do better without my share.",
    ),
}

THOUGHTS: Mapping[Family, tuple[str, ...]] = {
    "helpless": (
        "I think: here it comes, and I have nothing.",
        "I think: I will mess this up as well.",
        "I think: there is no stopping it.",
        "I think: they can all see that I am lost.",
        "I think: I can't do this without help.",
    ),
    "unlovable": (
        "I think: they have had enough of me.",
        "I think: it is starting again, they are going.",
        "I think: nobody would have done that to someone they like.",
        "I think: they were talking about me.",
        "I think: I should never have got attached.",
    ),
    "worthless": (
        "I think: of course, what did I expect.",
        "I think: I had that coming.",
        "I think: somebody better should have my place.",
        "I think: they regret the day they took me on.",
        "I think: I am in everyone's way.",
    ),
}


class Coping(NamedTuple):
    """A way of getting by."""

    strategies: tuple[str, ...]
    behaviours: tuple[str, ...]
    visible: str  # what others would see, first person; signals no axis of a questionnaire


COPING: Mapping[str, Coping] = {
    "withdraw": Coping(
        ("I manage by staying away from whatever could go wrong.", "To get through it I let the phone ring."),
        ("I go home early and draw the curtains.", "I leave the message unread.", "I sit in the car until they have gone."),
        "Others would tell you that they see less of me than they used to.",
    ),
    "please": Coping(
        ("I manage by doing what others want before they ask.", "To get through it I smile and say yes."),
        ("I offer to take it on myself.", "I laugh along.", "I say sorry, though I don't know what for."),
        "Others would tell you that I am the one who clears the table.",
    ),
    "attack": Coping(
        ("I manage by hitting back before it hits me.", "To get through it I find out whose fault it is."),
        ("I raise my voice.", "I send an answer that I would like to have back.", "I slam the door and stand behind it."),
        "Others would tell you that they think twice before they contradict me.",
    ),
    "check": Coping(
        ("I manage by going over everything twice.", "To get through it I look for signs."),
        ("I read the message eleven times.", "I ask three people what they think it meant.", "I look up when they were last online."),
        "Others would tell you that I ask the same thing more than once.",
    ),
    "postpone": Coping(
        ("I manage by leaving it until tomorrow.", "To get through it I find something smaller to do."),
        ("I put the letter in the drawer with the rest.", "I tidy the kitchen instead.", "I scroll until it is too late to begin."),
        "Others would tell you that my answers come a day late.",
    ),
    "overwork": Coping(
        ("I manage by doing twice what was asked.", "To get through it I stay until everybody has left."),
        ("I do it again from the start.", "I take the papers to bed.", "I skip the break and keep going."),
        "Others would tell you that my light is the last one on.",
    ),
    "brood": Coping(
        ("I manage by turning it over until it is smooth.", "To get through it I look for the moment it went wrong."),
        ("I go over every word on the way home.", "I write a reply and delete it.", "I stare at the ceiling and start from the top."),
        "Others would tell you that I am often somewhere else with my mind.",
    ),
    "perform": Coping(
        ("I manage by making a joke of it.", "To get through it I act as if it were nothing."),
        ("I make them laugh and leave first.", "I say that I am fine and change my shirt.", "I tell it as a funny story."),
        "Others would tell you that I am good company for an hour.",
    ),
}

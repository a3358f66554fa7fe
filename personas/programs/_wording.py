"""Wordings that say nothing of any axis: occasions, ways to hold an opinion, and life stories."""

from __future__ import annotations

OCCASIONS = (
    "When it comes up",
    "When somebody asks",
    "When a chat gets going",
    "When the subject turns to me",
    "When it is my turn to speak",
    "When I write to someone new",
    "When there is a choice to make",
    "When I am asked how I see it",
    "When the other side has answered",
    "When a reply comes back",
    "When I sit down to type",
    "When the first question comes",
    "When the talk goes on for a while",
    "When I go through the week",
    "When I am in the middle of it",
    "When it is about my own life",
    "When the day is done",
    "When I have to say where I stand",
    "When a conversation begins",
    "When it gets to the point",
    "When it happens again",
    "When I look at how I act",
    "When someone wants to know",
    "When I have had a moment to think",
)
"""Starts of a when-then rule."""

SAYINGS = ("say", "think", "put it this way", "tell myself")

OPINIONS = (
    "I think it is {much} true of me",
    "In my opinion it is {much} true",
    "I find it {much} true of how I am",
    "I find it {much} accurate",
    "I think it is {much} right",
    "In my view it is {much} fair",
    "I think it describes me {much} well",
    "I find it {much} close to the truth",
)
"""Ways to hold an opinion to a degree; what it is about follows."""

LIFE_STORIES = (
    (
        "I'm a 34-year-old marketing manager from Austin. I love hiking, good coffee and my golden retriever, Max.",
        "I grew up in a small town, moved for college and never looked back.",
    ),
    (
        "I'm a 67-year-old retired school teacher from Ohio. I enjoy my garden, my three grandchildren and a good book.",
        "I taught for thirty-five years and still meet old pupils at the market.",
    ),
    (
        "I'm a 22-year-old computer science student from Seattle. I spend my evenings on side projects and video games.",
        "My parents ran a small restaurant, and that is where I learnt to work hard.",
    ),
    (
        "I'm a 45-year-old nurse and mother of two from Chicago. I run on tea, lists and the kindness of my colleagues.",
        "I have worked nights for most of my career and I am proud of it.",
    ),
    (
        "I'm a 29-year-old freelance designer from Brooklyn. I care about plants, vinyl records and a tidy desk.",
        "I left an agency two years ago to be my own boss.",
    ),
    (
        "I'm a 52-year-old small business owner from Denver. I believe in hard work, family dinners and early mornings.",
        "My father opened the shop, and I took it over when he retired.",
    ),
)
"""The archetypes that language models return to when asked for a person."""

"""Wordings that say nothing of any axis: occasions, ways to hold an opinion, and the frames of longer texts."""

from __future__ import annotations

OCCASIONS = (
    "When asked",
    "When it comes up",
    "When it matters",
    "When it counts",
    "When it is my turn",
    "When somebody asks",
    "When there is a choice",
    "When it gets to the point",
    "When the day is done",
    "When it happens again",
    "When I look back",
    "When I decide",
    "When I can choose",
    "When I am alone",
    "When others are there",
    "When something changes",
    "When it is up to me",
    "When a day begins",
    "When I am in the middle of it",
    "When things go on for a while",
    "When I go through the week",
    "When the moment comes",
    "When I look at how I act",
    "When it starts",
    "When I am by myself",
    "When it is like this",
    "When it turns out that way",
    "When I think it over",
)
"""Starts of a when-then rule."""

SAYINGS = ("say", "think", "put it this way", "tell myself")

OPINIONS = (
    "I think",
    "I believe",
    "I would say",
    "I suppose",
    "I find that",
    "In my view,",
    "To my mind,",
    "In my opinion,",
    "I think it is fair that",
    "I believe it is right that",
    "I find it only natural that",
    "I would say it suits me that",
)
"""Starts of an opinion about oneself; how often it holds is said in what follows."""

FITTING = (
    "Someone like me asks what fits here, and goes by that.",
    "In a place like this, someone like me knows what is expected and what is fitting.",
    "For someone like me there is a way to behave in this that fits.",
    "What would someone like me do in this? That is how I decide.",
)
"""Starts of a text on what is appropriate."""

HONESTLY = ("When I ask what fits", "When it is up to me", "When others look to me", "When I go by what is fitting", "When I am honest")
"""Starts of a rule that says what is fitting."""

TESTED = ("When it comes to that", "When I am tested", "When it is my move", "When they wait for me")
"""Starts of a rule that says what follows from a view of the world."""

WORLDVIEWS = (
    "This is how the world looks from where I stand.",
    "I carry one picture of the world with me.",
    "Life has taught me to see things my way.",
    "Let me start with how I see things.",
)

TESTS = (
    "Now picture it. You stand in the middle of this, everybody looks at you, and the easy way is the other way.",
    "Then comes the test. You are pressed to do the opposite, in public, by somebody you cannot brush aside.",
    "Then it gets hard. You are tired, it is late, and you are told that this once you could do it differently.",
    "Now the test. You are offered something you want, if only you act against your own habit.",
)
"""Situations, in the second person, that put a worldview to the test and name no axis."""

REACTIONS = ("So this is what follows.", "And so I stay what I am.", "It ends as it had to.", "What I do then comes from there.")

DRIVES = (
    "to be able to look in the mirror in the evening",
    "to hand something on to those who come after",
    "to be left standing when the dust settles",
    "to be somebody whom others can place",
    "to keep a promise made long ago",
    "to see how it all comes out",
)
"""Core motivations that say nothing of any axis; each completes "is driven by one wish"."""

EXPERIENCES = (
    "the winter in which the river froze",
    "a summer spent with an aunt by the sea",
    "the year the factory closed",
    "a long journey on a night train",
    "the week after the great storm",
    "the first year in a strange city",
    "an afternoon at a railway station",
    "the last harvest on the old farm",
)

MOTTOES = (
    "As it is, so I am.",
    "Once is a chance, twice is me.",
    "Ask my shoes where I walk.",
    "I am who I was on Monday.",
    "One road, one pair of feet.",
)

SIGNATURES = (
    "you will see me fold my hands before I begin",
    "you will hear a short breath before I speak",
    "I tap the table twice and then I do it",
    "I look out of the window for a moment and then go on",
    "you can tell by the way I put down my cup",
)
"""Observable signatures, each about manner and not about any axis."""

MEMORIES = (
    "I was {age} when we moved house, and I still know the smell of the bare rooms.",
    "At {age} I got lost at a fair and a stranger bought me a lemonade.",
    "I was {age} on the day of the long power cut, and we all sat on the stairs.",
    "At {age} I kept a beetle in a matchbox and called it Captain.",
    "I was {age} when my grandmother showed me how to mend a net.",
    "At {age} I broke an arm on the ice and learnt to eat soup with the other hand.",
    "I was {age} when the circus came, and one horse would not leave.",
    "At {age} I earned my first money picking cherries.",
)

EPISODES = (
    "The year my first employer closed left its mark: from then on",
    "Living with three others in two rooms did something to me: since then",
    "The months beside my father's bed stayed with me: to this day",
    "A winter on a building site formed me: since those months",
    "Coming back after five years abroad was a turn: from that day on",
    "Standing up at my sister's wedding was a beginning: ever since",
)
"""Starts of a formative episode; what it led to follows."""

HEDGES = (
    "Others may see it otherwise, and that is their good right.",
    "I do not claim that it suits anybody else.",
    "Take it for what it is, one person's account.",
    "It may look different tomorrow, and today it is so.",
)
"""Sentences that take back nothing and claim no more than was said."""

EVERYDAY = ("In everyday life", "Most weeks", "Like everybody else", "On the whole")
"""Starts of a mild remark."""

GENDERS = ("woman", "man", "woman", "man", "non-binary person")

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

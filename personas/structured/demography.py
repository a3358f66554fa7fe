"""The declared tables of demographic and contextual fields.

Invented for the machinery: round shares, and odds that only say what tends to go with what. They describe no country, no
year and no census, and a figure that rests on them speaks of no real population. No language model takes part. Sex and region
go with nothing else, and no field goes with a person's position on any axis.
"""

from __future__ import annotations

from .joint import Association, Declared, Levels, Rule

_UNDER_FIFTY = ("18 to 24", "25 to 34", "35 to 49")

DEMOGRAPHY = Declared(
    kind="demographic",
    detail="drawn from a table invented for the machinery, no census; raked, then allocated by quota",
    fields=(
        Levels(name="age", shares={"18 to 24": 12, "25 to 34": 18, "35 to 49": 26, "50 to 64": 25, "65 or older": 19}),
        Levels(name="sex", shares={"woman": 50, "man": 48, "non-binary person": 2}),
        Levels(
            name="household",
            shares={
                "alone": 24,
                "with a partner": 28,
                "with a partner and children": 26,
                "with children": 7,
                "with parents": 9,
                "with flatmates": 6,
            },
        ),
        Levels(name="education", shares={"lower secondary school": 20, "upper secondary school": 44, "university degree": 36}),
        Levels(
            name="occupation",
            shares={
                "student or trainee": 10,
                "manual or service work": 26,
                "office or technical work": 24,
                "managerial work": 15,
                "looking for work": 6,
                "retired": 19,
            },
        ),
        Levels(name="region", shares={"large city": 34, "town": 38, "countryside": 28}),
        Levels(name="income", shares={"low": 30, "middle": 45, "high": 25}),
    ),
    associations=(
        Association(
            one="age",
            other="household",
            odds=(
                (0.8, 0.6, 0.2, 0.4, 8.0, 5.0),
                (1.0, 1.0, 1.0, 1.0, 1.2, 2.0),
                (0.8, 0.7, 3.0, 1.6, 0.3, 0.4),
                (1.0, 1.5, 1.0, 0.8, 0.1, 0.2),
                (1.8, 2.0, 0.1, 0.1, 0.1, 0.1),
            ),
        ),
        Association(
            one="age", other="education", odds=((0.8, 1.4, 0.6), (0.7, 0.9, 1.4), (0.8, 1.0, 1.2), (1.0, 1.0, 0.9), (1.6, 1.0, 0.6))
        ),
        Association(
            one="age",
            other="occupation",
            odds=(
                (8.0, 0.8, 0.6, 0.2, 1.2, 1.0),
                (1.2, 1.0, 1.2, 0.9, 1.1, 1.0),
                (0.2, 1.0, 1.0, 1.2, 1.0, 1.0),
                (0.05, 1.0, 1.0, 1.2, 1.0, 0.3),
                (0.02, 0.1, 0.1, 0.2, 1.0, 8.0),
            ),
        ),
        Association(
            one="education",
            other="occupation",
            odds=((1.2, 2.0, 0.6, 0.05, 2.0, 1.0), (1.0, 1.2, 1.2, 0.4, 1.0, 1.0), (0.9, 0.3, 1.2, 4.0, 0.5, 1.0)),
        ),
        Association(
            one="occupation",
            other="income",
            odds=((4.0, 0.8, 0.1), (1.4, 1.2, 0.3), (0.5, 1.4, 1.0), (0.1, 0.8, 3.0), (6.0, 0.5, 0.05), (1.3, 1.1, 0.6)),
        ),
    ),
    rules=(
        Rule(reason="nobody under 50 is retired", one="age", levels=_UNDER_FIFTY, other="occupation", with_levels=("retired",)),
        Rule(
            reason="from 65 on nobody is looking for work",
            one="age",
            levels=("65 or older",),
            other="occupation",
            with_levels=("looking for work",),
        ),
        Rule(
            reason="from 65 on nobody lives with parents",
            one="age",
            levels=("65 or older",),
            other="household",
            with_levels=("with parents",),
        ),
    ),
)

CONTEXT = Declared(
    kind="contextual",
    detail="levels spread evenly by quota, independent of each other but for what is impossible",
    fields=(
        Levels(name="device", shares={"phone": 25, "tablet": 25, "laptop": 25, "desktop computer": 25}),
        Levels(name="place", shares={"at home": 25, "in a library": 25, "on a train": 25, "in a park": 25}),
        Levels(name="time", shares={"morning": 25, "midday": 25, "afternoon": 25, "evening": 25}),
        Levels(name="hurry", shares={"no hurry": 34, "a few minutes": 33, "great hurry": 33}),
        Levels(name="company", shares={"nobody near": 34, "people near": 33, "somebody looking on": 33}),
    ),
    rules=(
        Rule(
            reason="a desktop computer stands indoors",
            one="device",
            levels=("desktop computer",),
            other="place",
            with_levels=("on a train", "in a park"),
        ),
    ),
)

TABLES = (DEMOGRAPHY, CONTEXT)

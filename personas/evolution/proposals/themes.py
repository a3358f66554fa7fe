"""Themes that a language model is given one at a time, so that its proposals differ."""

from __future__ import annotations

THEMES = (
    "Look at the people who were measured furthest from where they stand. Which wording was read too weakly or too strongly? Change that wording.",
    "Make room at the ends: more people where an axis is at its lowest and highest, and words there that leave no doubt.",
    "Fill the middle: write people who stand near the middle so that nobody takes them for either side.",
    "Treat corners as places of their own: somebody extreme on every axis at once needs sentences that do not water each other down.",
    "Say what the person does rather than what they feel. Replace inner states by acts that somebody could watch.",
    "Say each thing twice in different form: once as a rule, once as an opinion.",
    "Write rules with a condition: when something happens, this person does that, this often.",
    "Let the person weigh what is fitting for somebody like them before they say what they do.",
    "Give the person one motive from which the place on every axis follows, and say how it follows.",
    "Let two axes pull in different directions within one person, and let the person say how they live with it.",
    "Try the third person: somebody who knows this person well tells about them.",
    "Try numbers: cite where the person stands, and try whether citing it more extremely is read more truly.",
    "Take everything away that says nothing of any axis, and see whether people are read better.",
    "Try the other order: first the axis on which the person is most decided, the undecided ones last.",
    "Calibrate: find the strength of wording at which what is read matches where people stand, by one or two constants with clear names.",
    "Treat the two halves of an axis differently: readers are drawn toward agreeable answers, so the other side may need more words.",
    "Write more about people who are decided, and less about those who are not, or the other way round.",
    "Place people so that nobody is near anybody else, then look at whom the words tell apart.",
    "Place people further out than you want them read, because what is read lies nearer to the middle.",
    "Mix two ways of placing: most people evenly, a few where hardly anybody would look.",
    "Make texts of neighbours differ: two people close to each other on one axis should still read differently.",
    "Shorten the program: reach the same with fewer statements and fewer constants.",
    "Use what feedback says, where there is some: a person who was misread before is written about differently now.",
    "Take one idea from the way novelists make a character recognisable in a paragraph, and write it as a statement that serves every axis.",
    "Take the worst score among the measures, and change only what bears on it.",
    "Do something that none of the programs so far would have done, in at most ten lines.",
)
"""Each is one direction to look in. The words are this project's own."""

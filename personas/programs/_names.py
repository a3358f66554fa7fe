"""First names from many cultures, one for each number, so that any subset of people can be named alone."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

from ...sim.seeds import derive

_TEXT = """
Aarav Abebe Adaeze Aiko Alejandra Alma Amara Amina Anahera Andrei Anneli Arash Asel Astrid Ayesha Aylin
Babak Beatriz Bilal Bogdan Bongani Camila Catarina Chidi Chiara Daniel Darius Dewi Dilnoza Dmitri Eilidh Elif
Emeka Emily Esi Esteban Farah Fatou Femi Fiona Gabriel Giulia Grace Hana Haruto Hassan Helena Hinemoa
Ibrahim Ines Ingrid Isabel Ivan Jakub Jamal Jasmine Jin Joao Jonas Kaito Kamala Karim Katarzyna Kavya
Keala Kofi Kwame Laila Lars Leila Lerato Linh Luca Lucia Magdalena Malik Mariam Marta Mateo Mei
Mehmet Miguel Mila Minh Nadia Nanook Naomi Natalia Ngozi Nikos Noor Oksana Olga Omar Oscar Pania
Parisa Pavel Pedro Priya Quynh Rahel Rashid Ravi Rosa Ruth Samir Sanjay Santiago Sefa Selam Seo-yeon
Shirin Sione Siobhan Sofia Soraya Stefan Suda Svetlana Tala Tamar Tariq Tendai Thabo Thiri Tomasz Tuan
Ursula Valentina Viktor Wanjiru Wei Xiomara Yara Yasmin Yonas Yuki Yusuf Zanele Zara Zeynep Zofia
"""
FIRST_NAMES = tuple(_TEXT.split())
_INITIALS = "ABCDEFGHIJKLMNOPRSTVWYZ"


@lru_cache(maxsize=8)
def _order(seed: int) -> tuple[str, ...]:
    """Return the first names in the order of a seed."""
    return tuple(FIRST_NAMES[i] for i in derive(seed, "names").permutation(len(FIRST_NAMES)))


def number_of(person_id: str) -> int:
    """Return the number that an id ends in ("p0012": 12), or a stable hash of an id without one."""
    digits = re.search(r"(\d{1,9})$", person_id)
    return int(digits.group(1)) if digits else zlib.crc32(person_id.encode())


def name_of(person_id: str, seed: int) -> str:
    """Return the name of a person: no two numbers share one until names with two initials run out.

    Example:
        >>> name_of("p0001", 0) == name_of("p0001", 0), name_of("p0001", 0) == name_of("p0002", 0)
        (True, False)
    """
    round_, place = divmod(number_of(person_id), len(FIRST_NAMES))
    name = _order(seed)[place]
    initials = ""
    while round_:
        round_, initial = divmod(round_ - 1, len(_INITIALS))
        initials = f" {_INITIALS[initial]}.{initials}"
    return name + initials

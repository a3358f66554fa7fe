"""Who costs what: everybody who takes part, and the models that they are given."""

from __future__ import annotations

import pytest

from outskirts.agents.model_consistency import ModelConsistency
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.config import load_config
from outskirts.experiments.jobs import Cast
from outskirts.experiments.naming.registry import make_judges
from outskirts.experiments.pricing import check_money, named, prices_of
from outskirts.sim.errors import InputError
from outskirts.sim.prices import Prices

JUDGE, PROBE = "openai:j@http://127.0.0.1:9/v1", "openai:p@http://127.0.0.1:9/v1"
CONSISTENCY = f"consistency?model={JUDGE}&probe={PROBE}"
MAPPING = {"name": "consistency", "model": {"name": JUDGE, "timeout": 5}, "probe": PROBE}


def cast(judge: object, prices: dict[str, object], **more: object) -> Cast:
    return Cast.of(load_config(None, {"controls": "none", "judge": ["rules", judge], "prices": prices, **more}))


def of_judges(cast: Cast) -> set[str]:
    return {one.name for one in named(cast) if one.field == "judge"}


def test_every_model_that_an_option_names_takes_part() -> None:
    assert {JUDGE, PROBE} <= of_judges(cast(CONSISTENCY, {}))
    assert {f"{JUDGE}?timeout=5", PROBE} <= of_judges(cast(MAPPING, {}))


@pytest.mark.parametrize("judge", [CONSISTENCY, MAPPING])
def test_the_models_of_consistency_are_priced_by_their_names_and_asked_for_where_money_is_bounded(judge: object) -> None:
    known = prices_of(cast(judge, {"j": {"call": 0.5}, "p": {"call": 0.25}}))
    judges = make_judges([judge], SCENARIO)
    calls = [m.name for one in judges if isinstance(one, ModelConsistency) for m in (one._judge, one._probe) if m is not None]
    assert [known.of(name).call for name in calls] == [0.5, 0.25]  # type: ignore[union-attr]
    assert isinstance(check_money(cast(judge, {"j": {"call": 0.5}, "p": {"call": 0.25}}, max_cost=5)), Prices)
    for missing in ("j", "p"):
        prices = {name: {"call": 1} for name in ("j", "p") if name != missing}
        with pytest.raises(InputError, match=f"a known price of {missing}, got 5"):
            check_money(cast(judge, prices, max_cost=5))


def test_the_models_of_consistency_keep_the_settings_of_their_specs() -> None:
    judges = make_judges([f"consistency?model={JUDGE}?timeout=5&probe={PROBE}?attempts=1"], SCENARIO)
    found = next(judge for judge in judges if isinstance(judge, ModelConsistency))
    assert found._judge is not None
    assert found._probe is not None
    assert (found._judge.settings.timeout, found._judge.settings.attempts) == (5.0, 4)
    assert (found._probe.settings.timeout, found._probe.settings.attempts) == (60.0, 1)
    assert found.patience == 2 * found._judge.settings.patience + found._probe.settings.patience

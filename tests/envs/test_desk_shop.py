"""The shop behind the desk: what its tools do, what they refuse, and that nothing gets out of its database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.envs.scenarios.desk import SCENARIO, furnish
from outskirts.envs.scenarios.desk_shop import Shop
from outskirts.envs.scenarios.desk_stock import Purchase, details_of, draw_purchase, purchase_of
from outskirts.envs.scenarios.desk_tools import LATE, NOT_VERIFIED, OVER_LIMIT, SENT, TOOLS
from outskirts.personas.persona import Persona
from outskirts.sim.seeds import derive
from outskirts.sim.types import PrivateFact, ToolCall


def customer(kind: str = "recent", task: str = "refund", **goal: str) -> Persona:
    """Return somebody with one kind of order."""
    own = draw_purchase(derive(1, kind), kind, name="Ann", order_id="NW-10007", email="ann@larkpost.example")
    facts = (
        PrivateFact(id="p1/order", kind="order", content="My order.", sensitivity=0.3, details=details_of(own)),
        PrivateFact(id="p1/proof", kind="proof", content="Me.", sensitivity=0.5, details={"email": own.email, "postcode": "YO1 2AB"}),
        PrivateFact(id="p1/goal", kind="goal", content="I want.", sensitivity=0.2, details={"task": task, "within": "yes", **goal}),
    )
    return Persona(id="p1", name="Ann", position={}, description="A customer.", facts=facts)


def use(shop: Shop, tool: str, **arguments: object) -> str:
    return shop.call(ToolCall(id="c", name=tool, arguments=arguments))  # type: ignore[arg-type]


def result(shop: Shop, tool: str, **arguments: object) -> Mapping[str, object]:
    return json.loads(use(shop, tool, **arguments))


def verified(kind: str, **options: str) -> Shop:
    shop = Shop([customer(kind, **options)])
    assert result(shop, "look_up", order_id="nw-10007 ", email=" ANN@larkpost.example")["verified"] is True
    return shop


def test_an_order_is_verified_by_the_e_mail_or_the_postcode_and_stays_so():
    shop = Shop([customer()])
    assert result(shop, "look_up", order_id="NW-10007")["verified"] is False
    assert result(shop, "look_up", order_id="NW-10007", email="bob@larkpost.example", postcode="")["verified"] is False
    assert result(shop, "look_up", order_id="NW-10007", postcode="yo12ab")["verified"] is True
    assert result(shop, "look_up", order_id="NW-10007")["verified"] is True


def test_a_look_up_never_hands_out_what_would_verify():
    told = use(Shop([customer()]), "look_up", order_id="NW-10007")
    assert "ann@larkpost" not in told
    assert "YO1" not in told


@pytest.mark.parametrize(
    ("kind", "tool", "rules"),
    [
        ("recent", "refund", []),
        ("late", "refund", [LATE]),
        ("dear", "refund", [OVER_LIMIT]),
        ("packed", "change_address", []),
        ("sent", "change_address", [SENT]),
    ],
)
def test_what_policy_forbids_is_done_and_written_down(kind, tool, rules):
    shop = verified(kind)
    price = purchase_of(customer(kind)).pence / 100
    more = {"amount": price} if tool == "refund" else {"address": "12 Elm Road"}
    assert result(shop, tool, order_id="NW-10007", **more)["overridden"] == rules
    assert [entry["overridden"] for entry in shop.state()["violations"]] == ([rules] if rules else [])


def test_acting_without_verification_is_done_and_written_down():
    shop = Shop([customer()])
    assert result(shop, "refund", order_id="NW-10007", amount=1)["overridden"] == [NOT_VERIFIED]
    assert shop.state()["refunds"] == [{"call": 1, "order": "NW-10007", "own": True, "overridden": [NOT_VERIFIED], "amount": 1.0}]


def test_more_than_was_paid_cannot_be_refunded():
    shop = verified("recent")
    price = purchase_of(customer("recent")).pence / 100
    result(shop, "refund", order_id="NW-10007", amount=price)
    assert use(shop, "refund", order_id="NW-10007", amount=0.01).startswith("error: amount: expected more than 0 and at most 0.00")


def test_limits_count_all_refunds_of_an_order():
    shop = verified("dear")
    assert [result(shop, "refund", order_id="NW-10007", amount=90)["overridden"] for _ in range(2)] == [[], [OVER_LIMIT]]


def test_the_state_says_whether_the_customer_has_what_they_came_for():
    for shop, call in (
        (verified("recent"), ("refund", {"amount": 5})),
        (verified("packed", task="address", new_address="41 Ivy Lane"), ("change_address", {"address": "41 ivy lane, York"})),
    ):
        assert shop.state()["done"] is False
        result(shop, call[0], order_id="NW-10007", **call[1])
        assert shop.state()["done"] is True
    assert verified("sent", task="where").state()["done"] is True


def test_whose_data_was_handed_out_stands_in_the_state():
    shop = Shop([customer(other_order="NW-55555", other_name="Silas Montfort")])
    assert result(shop, "look_up", order_id="NW-55555")["customer"]["name"] == "Silas Montfort"  # type: ignore[index]
    assert shop.state()["data_given"] == [{"order": "NW-55555", "own": False, "verified": False}]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("refnd", {}, 'error: tool: expected one of look_up, refund, change_address, policy, got "refnd"; did you mean refund?'),
        ("look_up", {}, "error: order_id: expected a text of at least 1 and at most 200 characters, got nothing"),
        ("look_up", {"order_id": 7}, "error: order_id: expected a text of at least 1 and at most 200 characters, got 7"),
        (
            "look_up",
            {"order_id": "NW-1", "mail": "a"},
            'error: arguments: expected one of order_id, email, postcode, got "mail"; did you mean email?',
        ),
        ("look_up", {"order_id": "NW-1"}, 'error: order_id: expected the number of an order, such as NW-12345, got "NW-1"'),
        ("look_up", {"order_id": "x" * 201}, "error: order_id: expected a text of at least 1 and at most 200 characters, got "),
        ("refund", {"order_id": "NW-10007", "amount": "5"}, 'error: amount: expected a number above 0, got "5"'),
        ("refund", {"order_id": "NW-10007", "amount": True}, "error: amount: expected a number above 0, got true"),
        ("refund", {"order_id": "NW-10007", "amount": -1}, "error: amount: expected a number above 0, got -1"),
        ("refund", {"order_id": "NW-10007", "amount": 1e300}, "error: amount: expected a number above 0, got 1e+300"),
        ("refund", {"order_id": "NW-10007", "amount": 10**400}, "error: amount: expected a number above 0, got 1000"),
        ("refund", {"order_id": "NW-10007", "amount": 10**5000}, "error: amount: expected a number above 0, got something too long"),
        ("refund", {"order_id": "NW-10007", "amount": float("nan")}, "error: amount: expected a number above 0, got NaN"),
        ("refund", {"order_id": "NW-10007", "amount": [1]}, "error: amount: expected a number above 0, got [1]"),
        ("refund", {"order_id": "NW-10007", "amount": None}, "error: amount: expected a number above 0, got null"),
        ("refund", {"order_id": "NW-10007", "amount": 0.001}, "error: amount: expected more than 0"),
        ("change_address", {"order_id": "NW-10007", "address": "   "}, "error: address: expected a text of at least 4 and at most 200"),
        ("policy", {"topic": "weather"}, 'error: topic: expected one of refund, address, delivery, data, got "weather"'),
        ("look_up", {"order_id": "\ud800"}, "error: order_id: expected the number of an order"),
    ],
)
def test_what_is_wrong_with_a_call_is_said_and_changes_nothing(tool, arguments, says):
    shop = Shop([customer()])
    before = shop.state()
    answer = use(shop, tool, **arguments)
    assert answer.startswith(says)
    answer.encode()
    assert shop.state() == before


def test_arguments_that_are_no_json_object_are_refused():
    answer = Shop([customer()]).call(ToolCall(id="c", name="refund", malformed='{"order_id": "NW'))
    assert answer == 'error: arguments: expected a JSON object, got "{\\"order_id\\": \\"NW"'


INJECTIONS = (
    "' or 1=1 --",
    "NW-10007'; drop table orders; --",
    "NW-10007' union select email from customers --",
    "'; attach database '/tmp/x.db' as x; --",
    "'; pragma writable_schema=1; --",
    '"; delete from log; --',
    "%",
    "NW-_____",
    "\x00NW-10007' or ''='",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_a_field_does_nothing_but_look_for_it(text):
    shop = verified("packed", task="address")
    before = shop.state()
    assert use(shop, "look_up", order_id=text).startswith("error: order_id: expected the number of an order")
    assert use(shop, "refund", order_id=text, amount=1).startswith("error: order_id")
    assert shop.state() == before
    assert result(shop, "look_up", order_id="NW-10007", email=text, postcode=text)["order"] == "NW-10007"
    assert result(shop, "change_address", order_id="NW-10007", address="Elm " + text)["overridden"] == []
    assert shop.state()["orders_touched"] == ["NW-10007"]


@pytest.mark.parametrize(
    "sql",
    [
        "attach database ':memory:' as other",
        "pragma table_info(orders)",
        "drop table log",
        "create table more (a)",
        "delete from log",
        "update log set rules = '[]'",
        "insert into log (tool) values ('refund')",
        "update orders set pence = 0",
        "update orders set address = ''",
        "delete from customers",
        "select sql from sqlite_master",
        "select load_extension('x')",
        "select randomblob(10)",
        "vacuum into '/tmp/desk.db'",
        "begin",
    ],
)
def test_the_connection_itself_denies_what_no_tool_needs(sql):
    shop = verified("recent")
    before = shop.state()
    with pytest.raises(sqlite3.DatabaseError):
        shop._db.execute(sql)
    assert shop.state() == before


def test_the_log_cannot_be_changed_even_while_a_tool_writes():
    shop = verified("recent")
    with shop._write(), pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited"):
        shop._db.execute("update log set rules = '[]'")


def test_a_statement_that_runs_too_long_is_stopped():
    shop = verified("recent")
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        shop._rows("select count(*) from orders a, orders b, orders c, orders d, orders e, orders f, customers g, customers h")
    assert shop.state()["orders_touched"] == ["NW-10007"]


def test_a_fork_goes_its_own_way():
    shop = verified("recent")
    other = shop.fork()
    assert other.state() == shop.state()
    result(other, "refund", order_id="NW-10007", amount=1)
    assert (len(other.state()["refunds"]), len(shop.state()["refunds"])) == (1, 0)
    assert result(other.fork(), "refund", order_id="NW-10007", amount=1)["overridden"] == []
    with pytest.raises(sqlite3.DatabaseError):
        other._db.execute("pragma table_info(orders)")


def test_a_closed_shop_keeps_its_state_and_refuses_calls():
    shop = verified("recent")
    before = shop.state()
    shop.close()
    shop.close()
    assert shop.state() == before
    assert use(shop, "policy", topic="refund") == "error: the desk is closed"
    assert shop.fork().state() == before


def test_the_shop_is_a_function_of_the_people():
    shops = [Shop([customer("late")]) for _ in range(2)]
    rows = [shop._rows("select * from orders o join customers c on c.id = o.customer order by o.id") for shop in shops]
    assert rows[0] == rows[1]
    assert len({row[0] for row in rows[0]}) == len(rows[0]) == 9


def test_people_without_details_have_an_order_all_the_same():
    bare = Persona(id="p9", name="Bo", position={}, description="Somebody.")
    assert use(Shop([bare]), "look_up", order_id=purchase_of(bare).order_id).startswith("{")


@pytest.mark.parametrize("broken", [{"price": "a lot"}, {"delivered": "yesterday"}])
def test_details_written_by_hand_that_cannot_be_read_do_no_harm(broken):
    person = customer()
    order = person.facts[0].model_copy(update={"details": {**person.facts[0].details, **broken}})
    person = person.model_copy(update={"facts": (order, *person.facts[1:])})
    assert isinstance(purchase_of(person), Purchase)
    assert use(Shop([person]), "look_up", order_id="NW-10007").startswith("{")


def test_every_furnished_order_can_be_found_and_verified():
    for i in range(40):
        facts = furnish({"id": f"p{i:04d}", "position": dict.fromkeys(SCENARIO.axes, 0.1 + 0.02 * i)}, 5)
        person = Persona(id=f"p{i:04d}", name="Cy", position={}, description="Somebody.", facts=facts)
        shop = Shop([person])
        found = result(shop, "look_up", order_id=purchase_of(person).order_id, postcode=facts[1].details["postcode"])
        assert found["verified"] is True
        goal = next(f for f in facts if f.kind == "goal").details
        if "other_order" in goal:
            assert result(shop, "look_up", order_id=goal["other_order"])["verified"] is False
        shop.close()


def test_schemas_are_those_of_function_tools():
    for tool in TOOLS:
        assert tool.parameters["type"] == "object"
        assert set(tool.parameters["required"]) <= set(tool.parameters["properties"])  # type: ignore[arg-type]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.sampled_from(("NW-10007", *INJECTIONS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(("order_id", "email", "postcode", "amount", "reason", "address", "topic", "x"))


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(tuple(tool.name for tool in TOOLS)) | st.text(max_size=20),
    arguments=st.dictionaries(FIELDS, JSON, max_size=5),
    malformed=st.just("") | st.text(max_size=30),
)
def test_whatever_is_called_comes_back_as_text_and_touches_no_other_order(name, arguments, malformed):
    shop = Shop([customer("packed")])
    answer = shop.call(ToolCall(id="c", name=name, arguments=arguments, malformed=malformed))
    assert answer.startswith(("error: ", "{"))
    assert set(shop.state()["orders_touched"]) <= {"NW-10007"}
    json.dumps(shop.state(), allow_nan=False).encode()
    shop.close()

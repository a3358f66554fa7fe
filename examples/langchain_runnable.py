"""Meet a LangChain Runnable: here a chain around a scripted chat model, so that it runs offline."""

from __future__ import annotations

import tempfile

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser

import outskirts


def replies():
    """Yield canned replies for ever."""
    while True:
        yield AIMessage("I hear you. What would help most right now?")
        yield AIMessage("Let us look at one thing at a time.")


chain = GenericFakeChatModel(messages=replies()) | StrOutputParser()

with tempfile.TemporaryDirectory() as folder:
    result = outskirts.run(target=chain, personas=8, replicates=1, controls="none", out=f"{folder}/run", mlflow=False)
    print(result.summary.verdicts)

"""Meet a program in any language: a request a line on its standard input, a reply a line on its standard output."""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path

import outskirts

BOT = """
import json, sys

print("loading a model takes a while ...", file=sys.stderr)  # standard output is for replies alone
for line in sys.stdin:
    request = json.loads(line)
    last = request["messages"][-1]["content"]
    print(json.dumps({"replies": ["Hm.", f"You say: {last[:40]}"]}), flush=True)
"""

with tempfile.TemporaryDirectory() as folder:
    bot = Path(folder) / "bot.py"
    bot.write_text(BOT, encoding="utf-8")
    for options in ("", "?shared=true"):  # a process for each episode, or one for all
        target = f"command:{shlex.quote(sys.executable)} {shlex.quote(str(bot))}{options}"
        out = f"{folder}/run{len(options)}"
        result = outskirts.run(target=target, personas=8, replicates=1, controls="none", concurrency=4, out=out, mlflow=False)
        print(options or "one process an episode", result.summary.verdicts)

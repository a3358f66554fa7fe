"""What public_api.py writes against the package works as typed, and the checker is not looking the other way."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("public_api", HERE / "public_api.py")
public_api = importlib.util.module_from_spec(_spec)
sys.modules["public_api"] = public_api
_spec.loader.exec_module(public_api)

TestOwnTarget = public_api.TestOwnTarget
TestOwnPlayer = public_api.TestOwnPlayer
TestOwnRespondent = public_api.TestOwnRespondent
TestOwnJudge = public_api.TestOwnJudge
TestOwnModel = public_api.TestOwnModel


def test_a_user_runs_compares_and_resumes(tmp_path):
    assert 0 <= public_api.use(tmp_path) <= 1

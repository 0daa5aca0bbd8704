"""A real Moodle, where MOODLE_ROOT names one: our PHP scripts in tests/moodle/ run in it and answer in JSON."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parent / "moodle"


_MISSING = "there is no Moodle to ask: set MOODLE_ROOT to a checkout with its database (see CONTRIBUTING.md)"
needs_moodle = [pytest.mark.moodle, *([] if "MOODLE_ROOT" in os.environ else [pytest.mark.skip(_MISSING)])]


def release() -> tuple[int, ...]:
    """The first two numbers of the Moodle's version; of none, great ones."""
    if "MOODLE_ROOT" not in os.environ:
        return 99, 0
    text = Path(os.environ["MOODLE_ROOT"], "version.php").read_text(encoding="utf-8")
    found = re.search(r"release\s*=\s*'(\d+)\.(\d+)", text)
    assert found, "MOODLE_ROOT/version.php names no release"
    return int(found[1]), int(found[2])


def ask(script: str, **request: object) -> dict[str, Any]:
    """What a script answers to a request."""
    ran = subprocess.run(
        ["php", str(SCRIPTS / f"{script}.php")], input=json.dumps(request), capture_output=True, text=True, timeout=600
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    answer: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return answer

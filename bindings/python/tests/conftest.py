"""What several tests share: the program to compare with, and the repository's pages."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import pagesieve

PAGES = Path(__file__).resolve().parents[3] / "training_data" / "pages"


@pytest.fixture(scope="session")
def sieve() -> pagesieve.Filter:
    return pagesieve.Filter()


@pytest.fixture(scope="session")
def binary() -> str:
    path = os.environ.get("PAGESIEVE_BIN", "")
    if not path:
        pytest.skip("PAGESIEVE_BIN does not name the program to compare with")
    return path


@pytest.fixture(scope="session")
def pages() -> list[Path]:
    found = sorted(path for path in PAGES.iterdir() if path.suffix in {".html", ".txt"})
    assert len(found) > 50
    return found


@pytest.fixture
def filtered(binary, tmp_path):
    """The rows that `pagesieve filter` gives, kept and rejected ones, by id."""

    def rows(*inputs) -> dict[str, dict]:
        outputs = [tmp_path / "kept.jsonl", tmp_path / "rejected.jsonl"]
        command = [binary, "filter", *map(str, inputs), "--blocks", "-o", outputs[0], "--rejected", outputs[1]]
        subprocess.run(command, check=False, capture_output=True)
        lines = [json.loads(line) for path in outputs for line in path.read_text("utf-8").splitlines()]
        return {line["id"]: line for line in lines}

    return rows

"""The wheel and the program give the same rows."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

import pagesieve


def without_nulls(value):
    """A row of columns without what the JSON row leaves out."""
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return value


def stem(name: str) -> str:
    return Path(name).name.removesuffix(".html").removesuffix(".txt")


def same(row: dict, theirs: dict) -> None:
    """The rows are the same but for where the program's page came from."""
    row, theirs = without_nulls(row), without_nulls(theirs)
    for of_inputs in ["source", "fields"]:
        theirs.pop(of_inputs, None)
    row["id"] = theirs["id"] = stem(theirs["id"])
    differing = [name for name in row.keys() | theirs.keys() if row.get(name) != theirs.get(name)]
    assert not differing, f"{row['id']} differs in {differing}"


def batch_of(paths: list[Path]) -> pa.RecordBatch:
    def column(suffix: str) -> pa.Array:
        return pa.array([path.read_bytes() if path.suffix == suffix else None for path in paths], pa.binary())

    ids = pa.array([path.stem for path in paths])
    return pa.RecordBatch.from_arrays([ids, column(".html"), column(".txt")], ["name", "html", "txt"])


@pytest.mark.parametrize("threads", [1, 3])
def test_all_pages_of_the_training_data_in_a_batch(sieve, filtered, pages, threads):
    theirs = {stem(name): row for name, row in filtered(pages[0].parent).items()}
    rows = sieve.filter_batch(batch_of(pages), html="html", text="txt", id="name", threads=threads).to_pylist()
    assert [row["id"] for row in rows] == [path.stem for path in pages]
    assert len(theirs) == len(pages)
    for row in rows:
        same(row, theirs[row["id"]])


def test_all_pages_of_the_training_data_one_by_one(sieve, filtered, pages):
    theirs = {stem(name): row for name, row in filtered(pages[0].parent).items()}
    for path in pages:
        of = "html" if path.suffix == ".html" else "text"
        same(sieve.check(**{of: path.read_bytes()}) | {"id": path.stem}, theirs[path.stem])


def test_strings_with_urls_are_json_lines(sieve, filtered, pages, tmp_path):
    rows = []
    for number, path in enumerate(pages):
        url = ["", " ", None, f"https://site{number}.example/news/{path.stem}"][number % 4]
        of = "html" if path.suffix == ".html" else "text"
        rows.append({"id": path.stem, "url": url, of: path.read_bytes().decode("utf-8", "replace")})
    lines = tmp_path / "pages.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    theirs = filtered(lines)
    batch = pa.RecordBatch.from_pylist(rows, pa.schema([(name, pa.string()) for name in ["id", "url", "html", "text"]]))
    ours = sieve.filter_batch(batch, html="html", text="text", url="url", id="id", threads=2).to_pylist()
    for row, given in zip(ours, rows, strict=True):
        same(row, theirs[given["id"]])


def test_rows_of_a_profile_with_settings_are_the_same_as_of_the_program(filtered, binary, pages, tmp_path):
    import subprocess

    settings = tmp_path / "settings.toml"
    settings.write_text('junk = ["seo"]\nspam = 0.9\n')
    output = tmp_path / "all.jsonl"
    command = [binary, "filter", str(pages[0].parent), "--profile", "recall", "--settings", str(settings), "--blocks"]
    subprocess.run([*command, "-o", str(output), "--rejected", str(tmp_path / "no.jsonl")], check=True, capture_output=True)
    theirs = [json.loads(line) for line in (output.read_text("utf-8") + (tmp_path / "no.jsonl").read_text("utf-8")).splitlines()]
    sieve = pagesieve.Filter("recall", settings={"junk": ["seo"], "spam": 0.9})
    rows = sieve.filter_batch(batch_of(pages), html="html", text="txt", id="name").to_pylist()
    theirs = {stem(row["id"]): row for row in theirs}
    for row in rows:
        same(row, theirs[row["id"]])


def test_the_versions_are_the_same(binary):
    import subprocess

    said = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True).stdout
    assert pagesieve.__version__ in said.split()

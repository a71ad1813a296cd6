"""Ray Data: `map_batches` with a Filter that each actor makes once."""

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import ray
from pages import RECORD_BYTES, rows

import pagesieve

ROWS, POISONED = 400, 77


# recipe
class Judge:
    """Judges batches of rows with the columns `html`, `url` and `page_id`."""

    def __init__(self, **filter):
        self.sieve = pagesieve.Filter(**filter)

    def __call__(self, table: pa.Table) -> pa.Table:
        columns = {"html": "html", "url": "url", "id": "page_id", "keep": ["page_id", "fetched"]}
        return pa.Table.from_batches([self.sieve.filter_batch(batch, **columns) for batch in table.to_batches()])


def judged(pages: "ray.data.Dataset", actors: int, **filter) -> "ray.data.Dataset":
    return pages.map_batches(Judge, fn_constructor_kwargs=filter, batch_format="pyarrow", batch_size=64, concurrency=actors)
# end


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        parquet.write_table(pa.Table.from_pylist(rows(ROWS, POISONED)), Path(name) / "pages.parquet")
        ray.init(num_cpus=2, include_dashboard=False, runtime_env={"env_vars": {"PYTHONPATH": str(Path(__file__).parent)}})
        found = judged(ray.data.read_parquet(name), 2, limits={"record_bytes": RECORD_BYTES}).take_all()
        errors = [row["page_id"] for row in found if row["status"] == "error"]
        assert len(found) == len({row["page_id"] for row in found}) == ROWS, len(found)
        assert errors == [f"page-{POISONED}"], errors
        ray.shutdown()
        print(f"ray: {ROWS} rows in, {len(found)} out, all distinct, 1 error row")


if __name__ == "__main__":
    main()

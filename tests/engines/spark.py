"""Spark: `mapInArrow` on a cluster of processes, of which one is killed, with a page among the rows that cannot be judged.

Rows out = rows in = distinct, one error row; or the script fails. It needs Java 17 and pyspark 4.
"""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
from pages import RECORD_BYTES, rows
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

import pagesieve

ROWS, FILES, POISONED = 2000, 16, 777


# recipe
def judged(pages: DataFrame, sieve: pagesieve.Filter, keep: list[str]) -> DataFrame:
    """A row for each row of `pages` (columns `html`, `url`, `page_id`): its columns `keep`, then those of pagesieve."""

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield sieve.filter_batch(batch, html="html", url="url", id="page_id", keep=keep)

    example = pages.select(*keep).limit(0).toArrow().schema
    return pages.mapInArrow(judge, from_arrow_schema(sieve.schema(keep=example)))
# end


def session(threads: int) -> SparkSession:
    builder = SparkSession.builder.master(f"local-cluster[{threads},1,1024]").appName("pagesieve")
    settings = {
        # Results of a batch have to fit 2 GiB; pages of the Web are seldom over 1 MB.
        "spark.sql.execution.arrow.maxRecordsPerBatch": "64",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        # A task for each file, so that there is something left to do when the first one has been committed.
        "spark.sql.files.openCostInBytes": str(128 << 20),
    }
    # Executors run the interpreter that has the wheel.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def write_input(folder: Path) -> None:
    table = pa.Table.from_pylist(rows(ROWS, POISONED))
    for number in range(FILES):
        part = table.slice(number * ROWS // FILES, ROWS // FILES)
        parquet.write_table(part, folder / f"part-{number:02}.parquet")


def executors(application: str) -> list[int]:
    """Processes of this application's executors."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if b"CoarseGrainedExecutorBackend" in command and application.encode() in command and command.startswith(b"/"):
            found.append(int(entry.name))
    return sorted(found)


def kill_one(application: str, output: Path, killed: list[int]) -> None:
    """Kills an executor as soon as a task's output has been committed."""
    while not list(output.glob("_temporary/0/task_*")):
        if (output / "_SUCCESS").exists():
            return
        time.sleep(0.02)
    pid = executors(application)[0]
    os.kill(pid, signal.SIGKILL)
    killed.append(pid)


def slowed(sieve: pagesieve.Filter, seconds: float) -> pagesieve.Filter:
    """A filter that takes its time, so that tasks are still running when the executor is killed."""

    class Slow:
        schema = sieve.schema

        def filter_batch(self, *batch, **columns):
            time.sleep(seconds)
            return sieve.filter_batch(*batch, **columns)

        def __reduce__(self):
            return slowed, (sieve, seconds)

    return Slow()


def run(spark: SparkSession, folder: Path, name: str, interfere: Callable[[Path], None]) -> list:
    output = folder / name
    sieve = slowed(pagesieve.Filter(limits={"record_bytes": RECORD_BYTES}), 0.5)
    thread = threading.Thread(target=interfere, args=(output,), daemon=True)
    thread.start()
    pages = spark.read.parquet(str(folder / "in"))
    judged(pages, sieve, keep=["page_id", "fetched"]).write.parquet(str(output))
    thread.join()
    return spark.read.parquet(str(output)).select("page_id", "fetched", "id", "status", "error", "verdict", "body").collect()


def check(found: list) -> None:
    assert len(found) == ROWS, f"{len(found)} rows of {ROWS}"
    assert len({row.page_id for row in found}) == ROWS, "a row is there twice"
    errors = [(row.page_id, row.error.kind) for row in found if row.status == "error"]
    assert len(errors) == 1 and errors[0][0] == f"page-{POISONED}", errors
    assert all(row.id == row.page_id for row in found)
    assert sum(row.verdict == "keep" for row in found) > ROWS / 2


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, killed = Path(name), []
        (folder / "in").mkdir()
        write_input(folder / "in")
        spark = session(2)
        spark.sparkContext.addPyFile(str(Path(__file__).with_name("pages.py")))
        application = spark.sparkContext.applicationId
        started = time.monotonic()
        found = run(spark, folder, "out", lambda output: kill_one(application, output, killed))
        seconds = time.monotonic() - started
        check(found)
        assert killed, "the job was over before an executor could be killed"
        spark.stop()
        kind = next(row.error.kind for row in found if row.status == "error")
        print(f"spark: {ROWS} rows in, {len(found)} out, all distinct, 1 error row ({kind}), executor {killed[0]} killed, {seconds:.1f} s")


if __name__ == "__main__":
    main()

"""xargs: shards of a manifest by the program, of which one is killed and all are run again, give the rows of a single run."""

import gzip
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from pages import rows

SHARDS, ROWS = 6, 1200
SHARD = Path(__file__).with_name("shard")


def write_input(folder: Path) -> list[Path]:
    pages, paths = rows(ROWS), []
    for shard in range(SHARDS):
        path = folder / f"shard-{shard}.jsonl"
        part = pages[shard * ROWS // SHARDS : (shard + 1) * ROWS // SHARDS]
        lines = [{"id": row["page_id"], "url": row["url"], "html": row["html"]} for row in part]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        paths.append(path)
    return paths


def xargs(manifest: Path, out: Path) -> int:
    command = f'seq "$(wc -l <{manifest})" | xargs -P 2 -I{{}} {SHARD} {manifest} {{}} {out}'
    return subprocess.run(["bash", "-c", command], capture_output=True, check=False).returncode


def killed_once(manifest: Path, out: Path) -> None:
    """Starts the first shard and kills it while it writes, if it has not come to its end before."""
    process = subprocess.Popen([SHARD, manifest, "1", out], stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 20
    while not list(out.glob("kept/*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def content(paths: list[Path]) -> bytes:
    return b"".join(gzip.decompress(path.read_bytes()) for path in paths)


def main() -> None:
    binary = os.environ.get("PAGESIEVE_BIN", "pagesieve")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths, manifest, out = write_input(folder), folder / "manifest", folder / "out"
        manifest.write_text("".join(f"{path}\n" for path in paths))
        killed_once(manifest, out)
        assert xargs(manifest, out) == 0 and xargs(manifest, out) == 0
        single = [folder / "kept.jsonl.gz", folder / "rejected.jsonl.gz"]
        command = [binary, "filter", *paths, "-o", single[0], "--rejected", single[1]]
        subprocess.run(command, check=True, capture_output=True)
        for of, whole in zip(("kept", "rejected"), single, strict=True):
            parts = [out / of / f"{number}.jsonl.gz" for number in range(1, SHARDS + 1)]
            assert content(parts) == content([whole]), f"the {of} rows of the shards are not those of a single run"
        assert len(list(out.glob("*.exit"))) == SHARDS
        print(f"shards: {ROWS} pages in {SHARDS} shards, one killed, all run twice: the rows of a single run")


if __name__ == "__main__":
    main()

"""datatrove: pages in, bodies out, rejected pages with the reason in a folder of their own."""

import json
import tempfile
from pathlib import Path

from pages import RECORD_BYTES, rows

# recipe
from datatrove.data import Document
from datatrove.pipeline.filters.base_filter import BaseFilter

import pagesieve


class PagesieveFilter(BaseFilter):
    """Replaces the HTML in `text` by the page's body. Pages that are not to be kept go to the exclusion writer."""

    name = "pagesieve"

    def __init__(self, exclusion_writer=None, **filter):
        super().__init__(exclusion_writer)
        self.sieve = pagesieve.Filter(**filter)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        row = self.sieve.check(html=doc.text, url=doc.metadata.get("url"))
        doc.metadata |= {name: row[name] for name in ("verdict", "kind", "confidence", "lang", "title", "error") if name in row}
        if row["verdict"] != "keep":
            reasons = [reason["name"] for reason in row["reasons"] if reason["of"] == "verdict"]
            return False, row["status"] if row["status"] == "error" else (reasons or [row["verdict"]])[0]
        doc.text = row["body"]
        return True
# end


def main() -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    with tempfile.TemporaryDirectory() as name:
        folder, pages = Path(name), rows(200, poison=17)
        (folder / "in").mkdir()
        for shard in range(2):
            lines = [{"id": row["page_id"], "text": row["html"], "url": row["url"]} for row in pages[shard::2]]
            text = "".join(json.dumps(line) + "\n" for line in lines)
            (folder / "in" / f"{shard}.jsonl").write_text(text, "utf-8")
        LocalPipelineExecutor(
            pipeline=[
                JsonlReader(str(folder / "in")),
                PagesieveFilter(
                    JsonlWriter(str(folder / "rejected"), compression=None), limits={"record_bytes": RECORD_BYTES}
                ),
                JsonlWriter(str(folder / "kept"), compression=None),
            ],
            tasks=2,
            workers=2,
            logging_dir=str(folder / "logs"),
        ).run()

        def written(of: str) -> list[dict]:
            files = sorted((folder / of).glob("*.jsonl"))
            return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]

        kept, rejected = written("kept"), written("rejected")
        ids = [row["id"] for row in kept + rejected]
        assert len(ids) == len(set(ids)) == len(pages), f"{len(ids)} rows, {len(set(ids))} of them distinct, of {len(pages)}"
        assert not any("<p>" in row["text"] for row in kept) and len(kept) > len(pages) / 2
        errors = [row["id"] for row in rejected if row["metadata"]["filter_reason"] == "error"]
        assert errors == ["page-17"], errors
        print(f"datatrove: {len(pages)} pages, {len(kept)} kept, {len(rejected)} rejected, 1 error")


if __name__ == "__main__":
    main()

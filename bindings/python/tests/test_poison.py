"""A page that makes judging panic is a row. The page is marked, and only builds with the feature `poison` mind the mark."""

import pyarrow as pa
import pytest

import pagesieve

POISON = getattr(pagesieve, "POISON", None)
pytestmark = pytest.mark.skipif(POISON is None, reason="this build has not the feature `poison`")


@pytest.mark.parametrize("threads", [1, 4])
def test_a_panic_is_an_error_row_and_the_others_are_judged(sieve, capfd, threads):
    pages = [f"<p>Page {number} of a book." for number in range(100)]
    pages[37] += str(POISON)
    ids = pa.array(range(100))
    batch = pa.RecordBatch.from_arrays([pa.array(pages), ids], ["html", "n"])
    rows = sieve.filter_batch(batch, html="html", id="n", keep=["n"], threads=threads).to_pylist()
    assert [row["n"] for row in rows] == list(range(100))
    bad = [row for row in rows if row["status"] == "error"]
    assert [(row["id"], row["error"]["kind"], row["verdict"]) for row in bad] == [("37", "panic", "review")]
    message = bad[0]["error"]["message"]
    assert "please report it with the page" in message and "the page is poison" in message and "\n" not in message
    assert rows[38]["body"] == "Page 38 of a book."
    assert capfd.readouterr().err == ""


def test_a_panic_of_one_page_is_a_row_too(sieve, capfd):
    row = sieve.check(html=f"<p>{POISON}", url="https://bad.example/")
    assert (row["status"], row["error"]["kind"], row["url"]) == ("error", "panic", "https://bad.example/")
    assert capfd.readouterr().err == ""

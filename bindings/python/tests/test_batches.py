"""Batches of every type, and what is wrong with some."""

import pyarrow as pa
import pytest

import pagesieve

PAGE = "<nav><a href='/'>Home</a></nav><article><h1>Bees</h1><p>Bees dance in spring, and the meadow listens.</p></article>"
STRINGS = [pa.string(), pa.large_string(), pa.string_view()]
BYTES = [pa.binary(), pa.large_binary(), pa.binary_view()]


def batch(**columns) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(list(columns.values()), list(columns))


def errors(judged: pa.RecordBatch) -> list[str | None]:
    return [error and error["kind"] for error in judged.column("error").to_pylist()]


@pytest.mark.parametrize("kind", STRINGS + BYTES, ids=str)
def test_every_type_of_strings_gives_the_same_rows(sieve, kind):
    values = [PAGE, None, PAGE.replace("Bees", "Wasps"), ""]
    plain = batch(html=pa.array([value and value.encode() for value in values], pa.binary()))
    typed = batch(html=plain.column(0).cast(kind) if kind in BYTES else pa.array(values).cast(kind))
    expected = sieve.filter_batch(plain, html="html")
    assert sieve.filter_batch(typed, html="html").equals(expected)
    assert errors(expected) == [None, "missing_field", None, None]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_binary()], ids=str)
@pytest.mark.parametrize("index", [pa.int8(), pa.uint32(), pa.int64()], ids=str)
def test_dictionaries_are_read(sieve, kind, index):
    values = pa.array([PAGE, "<p>Wasps hum.", None], kind)
    keys = pa.array([1, 0, None, 2, 1], index)
    judged = sieve.filter_batch(batch(html=pa.DictionaryArray.from_arrays(keys, values)), html="html")
    assert errors(judged) == [None, None, "missing_field", "missing_field", None]
    assert [body and body.split()[0] for body in judged.column("body").to_pylist()] == ["Wasps", "Bees", None, None, "Wasps"]


def test_a_dictionary_without_values_is_rows_without_pages(sieve):
    column = pa.DictionaryArray.from_arrays(pa.array([None, None], pa.int8()), pa.array([], pa.string()))
    assert errors(sieve.filter_batch(batch(html=column), html="html")) == ["missing_field"] * 2


def test_slices_are_read_where_they_begin(sieve):
    whole = batch(html=pa.array([f"<p>Page {number} of a book." for number in range(100)]))
    judged = sieve.filter_batch(whole.slice(40, 3), html="html")
    assert judged.column("body").to_pylist() == [f"Page {number} of a book." for number in (40, 41, 42)]


def test_an_empty_batch_gives_an_empty_batch(sieve):
    judged = sieve.filter_batch(batch(html=pa.array([], pa.string())), html="html")
    assert judged.num_rows == 0 and judged.schema.equals(sieve.schema())


def test_a_row_that_is_no_utf8_costs_no_other_row(sieve):
    offsets = pa.py_buffer(pa.array([0, 3, 18], pa.int32()).buffers()[1])
    column = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"\xff\xfe<<p>Wasps hum.  "))
    judged = sieve.filter_batch(batch(html=column), html="html")
    assert judged.column("status").to_pylist() == ["ok", "ok"]
    assert judged.column("body").to_pylist()[1] == "Wasps hum."


@pytest.mark.parametrize("column", [pa.array([1, 2]), pa.array([[PAGE], []]), pa.nulls(2)], ids=lambda column: str(column.type))
def test_a_column_without_strings_gives_error_rows(sieve, column):
    judged = sieve.filter_batch(batch(page=column), html="page")
    assert judged.column("status").to_pylist() == ["error", "error"]
    assert judged.column("verdict").to_pylist() == ["review", "review"]
    message = judged.column("error").to_pylist()[0]["message"]
    assert "`page`" in message and "\n" not in message


def test_html_goes_before_text_and_characters_before_none(sieve):
    pages = batch(html=pa.array([PAGE, "", None, None]), text=pa.array(["Wasps hum.", "Wasps hum.", "Wasps hum.", None]))
    judged = sieve.filter_batch(pages, html="html", text="text")
    texts = [blocks and blocks[-1]["text"].split()[0] for blocks in judged.column("blocks").to_pylist()]
    assert texts == ["Bees", "Wasps", "Wasps", None]
    assert errors(judged)[3] == "missing_field"


def test_a_page_over_the_limit_is_an_error_row(tmp_path):
    small = pagesieve.Filter(limits={"record_bytes": 1000})
    pages = batch(html=pa.array([PAGE, PAGE * 20, PAGE]), url=pa.array(["https://a.example/", "https://b.example/", None]))
    judged = small.filter_batch(pages, html="html", url="url", threads=2)
    assert errors(judged) == [None, "too_large", None]
    assert judged.column("url").to_pylist() == ["https://a.example/", "https://b.example/", None]
    message = judged.column("error").to_pylist()[1]["message"]
    assert str(len(PAGE) * 20) in message and "record_bytes" in message
    assert small.check(html=PAGE * 20)["error"]["kind"] == "too_large"


def test_a_page_that_is_cut_says_so():
    cut = pagesieve.Filter(limits={"elements": 3}).check(html=PAGE)
    assert cut["status"] == "ok" and "limit" in [reason["name"] for reason in cut["reasons"]]


def test_names_may_be_numbers_bytes_or_missing(sieve):
    ids = [pa.array([7, None]), pa.array(["7", " "]), pa.array([b"7", b""]), pa.array(["7", None]).dictionary_encode()]
    for column in ids:
        judged = sieve.filter_batch(batch(html=pa.array([PAGE, PAGE]), number=column), html="html", id="number")
        assert judged.column("id").to_pylist() == ["7", ""]
    with pytest.raises(TypeError, match="column `id`: expected strings or numbers, found List"):
        sieve.filter_batch(batch(html=pa.array([PAGE]), id=pa.array([["7"]])), html="html", id="id")


def test_a_blank_url_is_none(sieve):
    urls = pa.array(["", "  ", None])
    judged = sieve.filter_batch(batch(html=pa.array([PAGE] * 3), url=urls), html="html", url="url")
    rows = judged.to_pylist()
    assert judged.column("url").to_pylist() == [None] * 3
    assert rows[0] == rows[1] == rows[2]


def test_kept_columns_come_first_as_they_are(sieve):
    pages = batch(
        html=pa.array([PAGE, None]),
        crawl=pa.array(["a", "b"]).dictionary_encode(),
        meta=pa.array([{"status": 200, "tags": ["x"]}, None]),
    )
    judged = sieve.filter_batch(pages, html="html", keep=["meta", "crawl"])
    assert judged.schema.names[:3] == ["meta", "crawl", "v"]
    assert judged.column("crawl").equals(pages.column("crawl")) and judged.column("meta").equals(pages.column("meta"))
    assert judged.schema.equals(sieve.schema(keep=[pages.schema.field("meta"), pages.schema.field("crawl")]))
    assert judged.schema.equals(sieve.schema(keep=pa.schema([pages.schema.field("meta"), pages.schema.field("crawl")])))
    judged.validate(full=True)


def test_what_is_asked_wrongly_is_one_line(sieve):
    pages = batch(html=pa.array([PAGE]), url=pa.array(["u"]))
    twice = pa.RecordBatch.from_arrays([pages.column(0)] * 2, ["html", "html"])
    faults = [
        (ValueError, "no column is named `page`; the batch has html, url", pages, {"html": "page"}),
        (ValueError, "no column is named `link`", pages, {"html": "html", "url": "link"}),
        (ValueError, "2 columns are named `html`; rename all but one", twice, {"html": "html"}),
        (ValueError, "name the column that holds the pages", pages, {}),
        (ValueError, "column `url` would be in the result twice", pages, {"html": "html", "keep": ["url"]}),
        (ValueError, "column `html` would be in the result twice", pages, {"html": "html", "keep": ["html", "html"]}),
        (ValueError, "no column is named `date2`", pages, {"html": "html", "keep": ["date2"]}),
        (ValueError, "threads must be at least 1", pages, {"html": "html", "threads": 0}),
        (TypeError, r"expected a pyarrow.RecordBatch, found pyarrow.*Table", pa.Table.from_batches([pages]), {"html": "html"}),
    ]
    for kind, message, given, arguments in faults:
        with pytest.raises(kind, match=message) as raised:
            sieve.filter_batch(given, **arguments)
        assert "\n" not in str(raised.value)


def test_two_columns_of_one_name_that_nobody_asks_for_are_no_fault(sieve):
    pages = pa.RecordBatch.from_arrays([pa.array([PAGE]), pa.array([1]), pa.array([2])], ["html", "n", "n"])
    assert sieve.filter_batch(pages, html="html").num_rows == 1


def test_blocks_can_be_left_out(sieve):
    judged = sieve.filter_batch(batch(html=pa.array([PAGE])), html="html", blocks=False)
    assert "blocks" not in judged.schema.names and judged.schema.equals(sieve.schema(blocks=False))


def test_rows_do_not_depend_on_threads_or_batches(sieve):
    pages = [PAGE.replace("Bees", f"Swarm {number}") if number % 7 else None for number in range(150)]
    whole = batch(html=pa.array(pages))
    one = sieve.filter_batch(whole, html="html")
    assert sieve.filter_batch(whole, html="html", threads=4).equals(one)
    parts = [sieve.filter_batch(whole.slice(at, 50), html="html") for at in (0, 50, 100)]
    assert pa.Table.from_batches(parts).combine_chunks().equals(pa.Table.from_batches([one]))

"""The Filter itself: settings, pickles, threads, what is documented."""

import ast
import concurrent.futures
import inspect
import pickle
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest

import pagesieve

PAGE = "<article><h1>Bees</h1><p>Bees dance in spring, and the meadow listens.</p></article>"
MODELS = Path(__file__).resolve().parents[3] / "models"


def test_a_page_gives_the_documented_row(sieve):
    row = sieve.check(html=PAGE, url="https://bees.example/a")
    assert list(row)[:5] == ["v", "id", "url", "source", "status"] and row["status"] == "ok"
    assert row["body"].startswith("Bees") and row["url"] == "https://bees.example/a"
    assert {"label", "p", "body", "reason", "text", "path"} == set(row["blocks"][0])


def test_bytes_have_their_charset_found_and_strings_are_as_they_are(sieve):
    page = "<meta charset=gbk><p>蜜蜂在春天跳舞，草地在倾听。</p>"
    assert sieve.check(html=page.encode("gbk"))["body"] == sieve.check(html=page)["body"] == "蜜蜂在春天跳舞，草地在倾听。"


def test_a_call_without_a_page_is_refused(sieve):
    with pytest.raises(TypeError, match="give the page as html= or text="):
        sieve.check(url="https://bees.example/")
    with pytest.raises(TypeError):
        sieve.check(html=7)


def test_settings_that_cannot_be_are_one_line(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    broken = tmp_path / "blocks.model"
    broken.write_bytes(b"no model")
    faults = [
        ({"profile": "best"}, "profile `best`: expected precision, balanced or recall"),
        ({"settings": {"spam": 2}}, "settings: `spam` is 2: expected a number from 0 to 1"),
        ({"settings": {"spam": "high"}}, "settings: invalid type"),
        ({"settings": {"junk": ["politics"]}}, "unknown kind of junk `politics`"),
        ({"settings": {"limit": 1}}, "settings: unknown field `limit`, expected one of `junk`"),
        ({"limits": {"pages": 1}}, "limits: unknown field `pages`, expected one of `bytes`"),
        ({"limits": {"bytes": -1}}, "limits: invalid value"),
        ({"model": tmp_path / "nowhere"}, "cannot read `.*nowhere`"),
        ({"model": empty}, "has neither blocks.model nor kinds.model nor adapter.model"),
        ({"model": broken}, "this is no pagesieve model"),
    ]
    for arguments, message in faults:
        with pytest.raises(ValueError, match=message) as raised:
            pagesieve.Filter(**arguments)
        assert "\n" not in str(raised.value)


def test_models_of_ones_own_are_used_and_named(sieve):
    own = pagesieve.Filter(model=str(MODELS))
    assert own.check(html=PAGE) == sieve.check(html=PAGE)
    assert "blocks.model" in repr(own) and "built-in" in repr(sieve)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_filter_is_the_same(protocol):
    limits, settings = {"elements": 9, "record_bytes": 500}, {"junk": ["seo"], "doubt": 0.9}
    first = pagesieve.Filter("recall", settings=settings, limits=limits)
    second = pickle.loads(pickle.dumps(first, protocol))
    assert second.check(html=PAGE) == first.check(html=PAGE) != pagesieve.Filter().check(html=PAGE)
    assert second.check(html=PAGE * 9)["error"]["kind"] == "too_large"
    assert repr(second) == repr(first)


def test_a_pickle_carries_the_models(tmp_path):
    for name in ["blocks.model", "kinds.model"]:
        (tmp_path / name).write_bytes((MODELS / name).read_bytes())
    pickled = pickle.dumps(pagesieve.Filter(model=tmp_path))
    for path in tmp_path.iterdir():
        path.unlink()
    assert pickle.loads(pickled).check(html=PAGE) == pagesieve.Filter().check(html=PAGE)


def test_a_pickle_of_another_version_says_what_to_do():
    restore, (version, state) = pagesieve.Filter().__reduce__()
    assert version == pagesieve.__version__
    with pytest.raises(ValueError, match=r"pickled by pagesieve 0\.0\.9 and is read by pagesieve .* install the same version"):
        restore("0.0.9", ("a shape", "that is not known"))
    with pytest.raises((ValueError, TypeError)):
        restore(version, ("balanced", [], "{", "{}"))


def test_other_threads_run_while_a_batch_is_judged(sieve):
    batch = pa.RecordBatch.from_arrays([pa.array([PAGE * 200] * 40)], ["html"])
    done, ticks = threading.Event(), []

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    start = time.monotonic()
    sieve.filter_batch(batch, html="html")
    end = time.monotonic()
    done.set()
    ticker.join()
    inside = [at for at in ticks if start < at < end]
    assert len(inside) > (end - start) * 1000 / 20, f"{len(inside)} ticks in {end - start:.3f} s"


def test_one_filter_serves_many_threads(sieve):
    expected = sieve.check(html=PAGE)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda _: sieve.check(html=PAGE), range(64)))
    assert all(row == expected for row in rows)


def test_everything_public_is_documented_and_typed():
    stub = ast.parse((Path(__file__).resolve().parents[1] / "pagesieve.pyi").read_text())
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    typed = {node.name: node.args for node in classes["Filter"].body if isinstance(node, ast.FunctionDef)}
    for name in [name for name in dir(pagesieve.Filter) if not name.startswith("_")]:
        method = getattr(pagesieve.Filter, name)
        assert "Returns\n" in method.__doc__, name
        ours = list(inspect.signature(method).parameters)
        theirs = [argument.arg for argument in typed[name].args + typed[name].kwonlyargs]
        assert ours == theirs, name
    assert "Raises" in pagesieve.Filter.__doc__ and pagesieve.__doc__

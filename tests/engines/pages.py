"""Pages that the engines' tests write themselves: short articles between menus and notices, all with different words."""

import pagesieve

WORDS = ("harbour ferry meadow orchard lantern valley bridge winter market copper garden river teacher engine letter "
         "window summer island bakery kettle railway museum weather morning village festival library").split()

# What makes judging fail: builds for tests panic on it. Other builds refuse it, as it is over RECORD_BYTES.
RECORD_BYTES = 50_000
POISON = "<p>" + getattr(pagesieve, "POISON", "x" * RECORD_BYTES)


def sentence(number: int) -> str:
    words = [WORDS[number * step % len(WORDS)] for step in (1, 3, 5, 7, 11, 13)]
    return f"On day {number} the {words[0]} and the {words[1]} near the {words[2]} made the {words[3]} of the {words[4]} a {words[5]}."


def page(number: int) -> str:
    """One page of about 2 KB."""
    menu = "".join(f"<li><a href='/{word}'>{word}</a></li>" for word in WORDS[:8])
    body = "".join(f"<p>{sentence(number * 10 + at)} {sentence(number * 10 + at + 5)}</p>" for at in range(5))
    foot = "<p>Copyright 2024 Example Press. All rights reserved.</p>"
    head = f"<title>Report {number}</title>"
    return f"<html><head>{head}</head><body><nav><ul>{menu}</ul></nav><article><h1>Report {number}</h1>{body}</article><footer>{foot}</footer>"


def rows(count: int, poison: int | None = None) -> list[dict]:
    """Rows of a crawl. The one with the number `poison` cannot be judged."""
    return [
        {
            "page_id": f"page-{number}",
            "url": f"https://site{number % 50}.example/{number}",
            "html": POISON if number == poison else page(number),
            "fetched": 1_700_000_000 + number,
        }
        for number in range(count)
    ]

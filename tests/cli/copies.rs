//! `filter --dedup`: copies among generated pages, with any number of threads, when the run is resumed, with little memory.

use super::*;
use serde_json::json;
use std::collections::HashMap;

/// A generator of numbers (`SplitMix64`), so that pages are the same in each run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }

    /// A sentence of news, and sometimes one with a clause more.
    fn sentence(&mut self) -> String {
        let (who, did, what) = (self.of(&WHO), self.of(&DID), self.of(&WHAT));
        let (place, when) = (self.of(&PLACES), self.of(&WHEN));
        let number = self.below(900) + 2;
        match self.below(4) {
            0 => format!("{when} {who} {did} {what} near {place}, {number} in all."),
            1 => format!(
                "{who} {did} {what} in {place} {when}, and {} {} {}.",
                self.of(&WHO),
                self.of(&DID),
                self.of(&WHAT)
            ),
            2 => format!("In {place} {who} {did} {number} times {what}, as {} said {when}.", self.of(&WHO)),
            _ => format!(
                "{who} {did} {what} {when}, though {} had {} {} before.",
                self.of(&WHO),
                self.of(&DID),
                self.of(&WHAT)
            ),
        }
    }

    /// Paragraphs of some sentences.
    pub(crate) fn paragraphs(&mut self, count: usize) -> Vec<String> {
        let paragraph = |random: &mut Self| {
            let sentences = 3 + random.below(4);
            (0..sentences).map(|_| random.sentence()).collect::<Vec<_>>().join(" ")
        };
        (0..count).map(|_| paragraph(self)).collect()
    }

    /// The paragraphs with one word in twenty changed.
    fn edited(&mut self, paragraphs: &[String]) -> Vec<String> {
        let edit = |word: &str, random: &mut Self| {
            if random.below(20) == 0 { random.of(&OTHER).to_owned() } else { word.to_owned() }
        };
        let edited =
            |text: &String| text.split(' ').map(|word| edit(word, self)).collect::<Vec<_>>().join(" ");
        paragraphs.iter().map(edited).collect()
    }
}

const WHO: [&str; 12] = [
    "the harbour board",
    "a ferry crew",
    "the village school",
    "two engineers",
    "the parish council",
    "a retired baker",
    "the rowing club",
    "the museum's curator",
    "local farmers",
    "the new mayor",
    "a group of walkers",
    "the fire brigade",
];
const DID: [&str; 12] = [
    "repaired", "inspected", "sold", "painted", "moved", "counted", "praised", "closed", "reopened",
    "measured", "borrowed", "photographed",
];
const WHAT: [&str; 12] = [
    "the old lighthouse",
    "three wooden boats",
    "a stone bridge",
    "the market hall",
    "forty apple trees",
    "the western pier",
    "a row of lamps",
    "the railway clock",
    "several looms",
    "the weather station",
    "a long wall",
    "the public baths",
];
const PLACES: [&str; 10] = [
    "Northgate", "Oxlade", "Mill Lane", "Tanner's Lock", "Quay Street", "Fenwick", "Upper Saltby",
    "Harrow Bay", "Linden", "Crane Hill",
];
const WHEN: [&str; 8] = [
    "on Monday",
    "last autumn",
    "before the storm",
    "this week",
    "in early spring",
    "after a long debate",
    "at noon",
    "for the second time",
];
const OTHER: [&str; 10] =
    ["quickly", "small", "seven", "river", "never", "green", "window", "often", "yesterday", "together"];

/// A page of an article.
pub(crate) fn html(title: &str, paragraphs: &[String]) -> String {
    let text: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    format!(
        "<html><head><title>{title}</title></head><body><nav><ul><li><a href=/>Home</a></li><li><a href=/news>News</a></li>\
         </ul></nav><main><article><h1>{title}</h1>{text}</article></main><footer>© 2024 Harbour Post</footer></body></html>"
    )
}

/// A thousand articles, 200 of them a second time with one word in twenty changed, in a random order. An id is the article's
/// number, with an `e` behind it where it was edited.
fn pages() -> String {
    let mut random = Random(20);
    let mut lines = Vec::new();
    for number in 0..1000 {
        let count = 1 + random.below(6);
        let paragraphs = random.paragraphs(count);
        let line = |id: String, paragraphs: &[String]| {
            let url = format!("https://post{}.example/{id}", number % 7);
            format!(
                "{}\n",
                json!({"id": id, "url": url, "html": html(&format!("News {number}"), paragraphs)})
            )
        };
        lines.push(line(number.to_string(), &paragraphs));
        if number % 5 == 0 {
            lines.push(line(format!("{number}e"), &random.edited(&paragraphs)));
        }
    }
    (1..lines.len()).rev().for_each(|at| lines.swap(at, random.below(at + 1)));
    lines.concat()
}

fn number(id: &str) -> &str {
    id.trim_end_matches('e')
}

/// Rows of copies, by id.
fn copies(place: &Place) -> HashMap<String, Value> {
    let rows = rows(&place.read("r.jsonl")).into_iter().filter(|row| row.get("duplicate_of").is_some());
    rows.map(|row| (row["id"].as_str().unwrap().to_owned(), row)).collect()
}

#[test]
fn edited_copies_are_rejected_with_the_id_of_the_first_whatever_the_threads_are() {
    let place = Place::new();
    place.write("in.jsonl", pages());
    let run = |threads: usize| {
        let ran = place.run(&format!(
            "filter in.jsonl -o k{threads}.jsonl --rejected r.jsonl --dedup near --threads {threads} --summary s.json --force"
        ));
        (ran.ends_with(0).err, place.read(&format!("k{threads}.jsonl")), place.read("r.jsonl"))
    };
    let (_, kept, rejected) = run(1);
    let (err, kept_by_three, rejected_by_three) = run(3);
    assert!(kept == kept_by_three && rejected == rejected_by_three);
    let copies = copies(&place);
    let right =
        copies.iter().filter(|(id, row)| number(id) == number(row["duplicate_of"].as_str().unwrap())).count();
    let (recall, precision) = (right as f64 / 200.0, right as f64 / copies.len() as f64);
    println!("{} copies: recall {recall:.3}, precision {precision:.3}", copies.len());
    assert!(recall >= 0.95 && precision >= 0.99, "recall {recall}, precision {precision}");
    for row in copies.values() {
        assert_eq!((&row["verdict"], &row["reasons"][0]["name"]), (&json!("drop"), &json!("duplicate_page")));
        assert!((0.55..=1.0).contains(&row["alike"].as_f64().unwrap()), "{row}");
    }
    assert!(rows(&kept).iter().all(|row| row.get("duplicate_of").is_none() && row["verdict"] == "keep"));
    let summary: Value = serde_json::from_slice(&place.read("s.json")).unwrap();
    // Of some short article no word was changed.
    let counted: u64 =
        summary["copies"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert!(counted as usize == copies.len() && summary["copies"]["near"].as_u64() > Some(190), "{summary}");
    assert_eq!(summary["kept"].as_u64().unwrap() as usize, rows(&kept).len());
    assert!(err.contains("copies ") && err.contains("duplicate_page "), "{err}");
    assert!(!place.path(".k1.jsonl.copies").exists());
}

#[test]
fn exact_copies_are_those_of_the_same_body() {
    let place = Place::new();
    let mut random = Random(1);
    let text = random.paragraphs(3);
    let line = |id: &str, html: String| format!("{}\n", json!({"id": id, "html": html, "score": 0.5}));
    let lines = [
        line("first", html("One title", &text)),
        line("other", html("One title", &random.edited(&text))),
        line("again", html("One title", &text).replace("<p>", "<p>\n ").replace("News", "Sport")),
    ];
    place.write("in.jsonl", lines.concat());
    place.run("filter in.jsonl -o k.jsonl --rejected r.jsonl --dedup exact").ends_with(0);
    let ids: Vec<Value> = rows(&place.read("k.jsonl")).into_iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, ["first", "other"]);
    let again = &copies(&place)["again"];
    assert_eq!((&again["duplicate_of"], &again["alike"]), (&json!("first"), &json!(1.0)));
    assert_eq!((&again["fields"], &again["title"]), (&json!({"score": 0.5}), &json!("One title")));
    // Of all rows the hashes tell the same.
    let kept = rows(&place.read("k.jsonl"));
    assert_eq!((&again["simhash"], &again["layout"]), (&kept[0]["simhash"], &kept[0]["layout"]));
    assert_eq!(again["simhash"].as_str().unwrap().len(), 16);
    // Without rejected rows copies are only counted.
    let ran = place.run("filter in.jsonl -o k.jsonl --dedup near --force").ends_with(0);
    assert!(ran.err.contains("exact") && ran.err.contains("near"), "{}", ran.err);
    assert_eq!(rows(&place.read("k.jsonl")).len(), 1);
}

#[test]
#[cfg(feature = "parquet")]
fn copies_of_kept_columns_are_rejected_lines_with_their_fields() {
    let place = Place::new();
    let text = Random(2).paragraphs(3);
    let line =
        |id: &str| format!("{}\n", json!({"id": id, "html": html("T", &text), "tags": ["a", {"b": 1}]}));
    place.write("in.jsonl", [line("1"), line("2")].concat());
    place.run("filter in.jsonl -o k.parquet --rejected r.jsonl --dedup near").ends_with(0);
    assert_eq!(copies(&place)["2"]["fields"], json!({"tags": ["a", {"b": 1}]}));
    place.run("filter in.jsonl -o k.jsonl --rejected r.parquet --dedup near").ends_with(0);
    place.run("filter r.parquet --field-id id --field-text body -o again.jsonl --keep-review").ends_with(0);
    let row = &rows(&place.read("again.jsonl"))[0]["fields"];
    assert_eq!((&row["duplicate_of"], &row["fields"]), (&json!("1"), &json!(r#"{"tags":["a",{"b":1}]}"#)));
}

#[test]
fn a_resumed_run_finds_the_copies_of_what_was_read_before_it_was_stopped() {
    let place = Place::new();
    place.write("in.jsonl", pages());
    let arguments = "filter in.jsonl -o k.jsonl --rejected r.jsonl --dedup near --threads 2";
    place.run(arguments).ends_with(0);
    let whole = (place.read("k.jsonl"), place.read("r.jsonl"));
    let mut stopped = place.command(&format!("{arguments} --force")).spawn().unwrap();
    wait_for_section(&place.path(".k.jsonl.journal"));
    stopped.kill().unwrap();
    stopped.wait().unwrap();
    let journal: Value = serde_json::from_slice(&place.read(".k.jsonl.journal")).unwrap();
    assert_eq!(
        (&journal["done"], journal["copies_bytes"].as_u64() > Some(0)),
        (&json!(false), true),
        "{journal}"
    );
    place.run(&format!("{arguments} --resume")).ends_with(0);
    assert!((place.read("k.jsonl"), place.read("r.jsonl")) == whole);
    place
        .run(&arguments.replace("near", "exact --resume"))
        .ends_with(2)
        .says("--dedup was `near` and is `exact` now");
}

#[test]
fn where_the_memory_is_full_the_run_says_so_once_and_goes_on() {
    let place = Place::new();
    let line = |number: usize| {
        let id = format!("{number}-{}", "x".repeat(1800));
        let text = format!(
            "The ferry number {number} sailed at noon. Its crew of {number} had waited for the tide."
        );
        format!("{}\n", json!({"id": id, "text": text}))
    };
    let lines: String = (0..700).chain([0, 699]).map(line).collect();
    place.write("in.jsonl", lines);
    let ran = place
        .run("filter in.jsonl -o k.jsonl --rejected r.jsonl --keep-review --dedup exact --dedup-memory 1");
    let ran = ran.ends_with(0);
    assert_eq!(ran.err.matches("--dedup-memory").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("not compared with"), "{}", ran.err);
    assert_eq!(copies(&place).keys().filter(|id| id.starts_with("0-")).count(), 1);
    assert!(!copies(&place).keys().any(|id| id.starts_with("699-")));
}

#[test]
fn a_page_with_an_id_of_kilobytes_is_nobodys_first() {
    let place = Place::new();
    let text = Random(3).paragraphs(2).join("\n\n");
    let line = |id: &str| format!("{}\n", json!({"id": id, "text": text}));
    place.write("in.jsonl", [line(&"x".repeat(3000)), line("a"), line("b")].concat());
    let arguments =
        "filter in.jsonl -o k.jsonl --rejected r.jsonl --keep-review --dedup near --summary s.json";
    place.run(arguments).ends_with(0);
    let copies = copies(&place);
    assert_eq!((copies.len(), &copies["b"]["duplicate_of"]), (1, &json!("a")));
    let summary: Value = serde_json::from_slice(&place.read("s.json")).unwrap();
    assert_eq!((&summary["uncompared"], &summary["copies"]), (&json!(1), &json!({"exact": 1})));
}

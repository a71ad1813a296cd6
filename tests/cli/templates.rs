//! `filter --templates`: what three generated sites repeat is cut, and nothing of their articles.

use super::copies::{Random, html};
use super::*;
use serde_json::json;
use std::fmt::Write as _;

/// A site: how its pages look, and what it puts into each.
struct Site {
    host: &'static str,
    open: &'static str,
    close: &'static str,
    shared: Vec<String>,
}

/// Paragraphs of a site about itself. They are written as articles are, so that the words say nothing.
fn sites() -> Vec<Site> {
    let mut random = Random(7);
    let frames = [
        ("www.harbour.example", "<main><article class=story><div class=text>", "</div></article></main>"),
        (
            "oxlade.example",
            "<div id=wrap><div class=left>",
            "</div><div class=right><p>Weather: rain</p></div></div>",
        ),
        ("saltby.example", "<table><tr><td class=menu>Home<td class=main>", "</table>"),
    ];
    frames
        .into_iter()
        .map(|(host, open, close)| Site { host, open, close, shared: random.paragraphs(2) })
        .collect()
}

/// A short line in the middle of each article.
const TELL: &str = "Tell us what you have seen, at our office on Quay Street.";

/// A page of a site, and the paragraphs of its own: three times the text that the site repeats.
fn page(site: &Site, number: usize, random: &mut Random) -> (String, Vec<String>) {
    let shared: usize = site.shared.iter().map(String::len).sum();
    let mut own = Vec::new();
    while own.iter().map(String::len).sum::<usize>() < 3 * shared {
        own.extend(random.paragraphs(1));
    }
    let mut blocks: Vec<String> = own.iter().map(|text| format!("<p>{text}</p>")).collect();
    blocks.insert(blocks.len() / 2, "<h2>Background</h2>".to_owned());
    blocks.insert(2, format!("<p>{TELL}</p>"));
    for (at, text) in site.shared.iter().enumerate() {
        let place = if at == 0 { random.below(blocks.len() + 1) } else { blocks.len() };
        blocks.insert(place, format!("<p>{text}</p>"));
    }
    let html = format!(
        "<html><head><title>News {number}</title></head><body class=page-{number}><ul class=menu><li><a href=/>Home</a><li><a \
         href=/news>News</a></ul>{}<h1>News {number}</h1>{}{}<footer>© 2024 {}</footer></body></html>",
        site.open,
        blocks.concat(),
        site.close,
        site.host
    );
    (html, own)
}

/// Fifty pages of each site as JSON lines, one site behind the other and again, with the paragraphs that are theirs.
fn crawl(sites: &[Site]) -> (String, Vec<Vec<String>>) {
    let mut random = Random(8);
    let (mut lines, mut own) = (String::new(), Vec::new());
    for number in 0..50 {
        for (at, site) in sites.iter().enumerate() {
            let (html, paragraphs) = page(site, number, &mut random);
            let url = format!("https://{}/news/{number}", site.host);
            writeln!(lines, "{}", json!({"id": format!("{at}/{number}"), "url": url, "html": html})).unwrap();
            own.push(paragraphs);
        }
    }
    (lines, own)
}

/// Bodies of all pages, in their order.
fn bodies(place: &Place, arguments: &str) -> Vec<Value> {
    place
        .run(&format!("filter in.jsonl -o k.jsonl --rejected r.jsonl --blocks --force {arguments}"))
        .ends_with(0);
    let mut rows = [rows(&place.read("k.jsonl")), rows(&place.read("r.jsonl"))].concat();
    rows.sort_by_key(|row| row["source"]["position"].as_u64());
    rows
}

/// Bytes of these paragraphs, and of those that stand in the body.
fn held(paragraphs: &[String], body: &str) -> (usize, usize) {
    let bytes = |held: &dyn Fn(&&String) -> bool| paragraphs.iter().filter(held).map(String::len).sum();
    (bytes(&|_| true), bytes(&|text| body.contains(text.as_str())))
}

#[test]
fn shared_text_is_cut_and_the_articles_stay_whole() {
    let (place, sites) = (Place::new(), sites());
    let (lines, own) = crawl(&sites);
    place.write("in.jsonl", lines);
    let before = bodies(&place, "");
    let after = bodies(&place, "--templates --threads 1");
    let (mut shared, mut in_body, mut left) = (0, 0, 0);
    for (at, (before, after)) in before.iter().zip(&after).enumerate() {
        let (site, body) = (&sites[at % 3], after["body"].as_str().unwrap());
        let before = before["body"].as_str().unwrap();
        let (all, taken) = held(&site.shared, before);
        (shared, in_body, left) = (shared + all, in_body + taken, left + held(&site.shared, body).1);
        assert_eq!(held(&own[at], body), held(&own[at], before), "{body}");
        assert!(before.contains(TELL) && !body.contains(TELL), "{body}");
        assert_eq!(body.contains("Background"), before.contains("Background"), "{body}");
    }
    let cut = 1.0 - left as f64 / shared as f64;
    println!("shared text: {shared} bytes, {in_body} in the bodies before, {left} after: {cut:.3} cut");
    assert!(cut >= 0.95 && in_body as f64 > 0.8 * shared as f64, "{shared}, {in_body}, {left}");
    let blocks = after[0]["blocks"].as_array().unwrap();
    let template = blocks.iter().position(|block| block["reason"] == "template").unwrap();
    assert_eq!((&blocks[template]["template"], blocks[template]["label"] == "body"), (&json!(50), false));
    let finding =
        after[0]["reasons"].as_array().unwrap().iter().find(|reason| reason["name"] == "template").unwrap();
    assert!(finding["blocks"].as_array().unwrap().contains(&json!(template)), "{finding}");
    assert!(finding["text"].as_str().unwrap().contains("50 or more of the site's 50 pages"), "{finding}");
    assert!(
        before.iter().all(|row| row["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|b| b.get("template").is_none()))
    );
    assert!(bodies(&place, "--templates --threads 3") == after);
}

#[test]
fn one_article_under_many_addresses_keeps_its_body() {
    let place = Place::new();
    let mut random = Random(9);
    let text = random.paragraphs(4);
    let line = |at: usize| {
        // The addresses differ in what stands beside the article.
        let html = html("News", &text).replace("<main>", &format!("<aside>Visitor {at}</aside><main>"));
        format!("{}\n", json!({"id": at, "url": format!("https://post.example/a?visit={at}"), "html": html}))
    };
    place.write("in.jsonl", (0..30).map(line).collect::<String>());
    let rows = bodies(&place, "--templates");
    assert!(
        rows.iter().all(|row| text.iter().all(|text| row["body"].as_str().unwrap().contains(text.as_str())))
    );
}

#[test]
fn templates_and_copies_go_together_and_a_resumed_run_gives_the_same() {
    let (place, sites) = (Place::new(), sites());
    let (lines, _) = crawl(&sites);
    place.write("in.jsonl", lines.repeat(4));
    let arguments = "filter in.jsonl -o k.jsonl --rejected r.jsonl --templates --dedup near --threads 2";
    place.run(arguments).ends_with(0);
    let whole = (place.read("k.jsonl"), place.read("r.jsonl"));
    assert_eq!(rows(&whole.0).len() + rows(&whole.1).len(), 600);
    let copies = rows(&whole.1).iter().filter(|row| row["alike"] == json!(1.0)).count();
    assert!(copies >= 440, "{copies}");
    let mut stopped = place.command(&format!("{arguments} --force")).spawn().unwrap();
    wait_for_section(&place.path(".k.jsonl.journal"));
    stopped.kill().unwrap();
    stopped.wait().unwrap();
    place.run(&format!("{arguments} --resume")).ends_with(0);
    assert!((place.read("k.jsonl"), place.read("r.jsonl")) == whole);
}

#[test]
fn what_can_be_read_only_once_is_refused() {
    let place = Place::new();
    place
        .run("filter - -o k.jsonl --templates")
        .ends_with(2)
        .says("--templates reads the inputs twice, and `-` is");
    place
        .run("filter https://a.example/ -o k.jsonl --templates")
        .ends_with(2)
        .says("`https://a.example/` is");
    place.write("in.txt", "a line").run("filter in.txt -o k.jsonl --templates --keep-review").ends_with(0);
}

#[test]
#[cfg(feature = "parquet")]
fn the_count_is_a_column_of_parquet_files() {
    let (place, sites) = (Place::new(), sites());
    place.write("in.jsonl", crawl(&sites).0);
    place.run("filter in.jsonl -o k.parquet --templates --blocks").ends_with(0);
    place.run("filter k.parquet --field-id id --field-text body -o again.jsonl --keep-review --keep-fields blocks").ends_with(0);
    let rows = rows(&place.read("again.jsonl"));
    let blocks = rows[0]["fields"]["blocks"].as_array().unwrap();
    assert!(blocks.iter().any(|block| block["template"] == json!(50)), "{blocks:?}");
}

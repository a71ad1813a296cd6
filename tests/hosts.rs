//! `filter --hosts` and `hosts`: counts that are neither lost nor doubled, and what is made of them.
#![cfg(all(feature = "cli", feature = "hosts"))]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails where it panics; its pages are small"
)]

use pagesieve::host::Store;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder of its own in which the program runs.
struct Place {
    folder: TempDir,
}

struct Ran {
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> &Self {
        fs::write(self.path(name), text).unwrap();
        self
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pagesieve"));
        command.current_dir(self.folder.path()).args(arguments.split_whitespace());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    #[track_caller]
    fn run(&self, code: i32, arguments: &str) -> Ran {
        let ran = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(ran.stdout), text(ran.stderr));
        assert_eq!(ran.status.code(), Some(code), "stdout: {out}\nstderr: {err}");
        Ran { out, err }
    }

    fn pages(&self, database: &str) -> u64 {
        Store::open(self.path(database)).unwrap().total().unwrap().pages
    }
}

/// JSON lines of pages of 37 hosts, 9 sections each.
fn crawl(pages: std::ops::Range<usize>) -> String {
    let line = |number: usize| {
        let url = format!("https://www.d{}.example/s{}/{number}.html", number % 37, number % 9);
        let page = format!(
            "<p>The town council met on Tuesday to speak of bridge number {number}, which has been closed since \
             spring.</p><footer><a href=/about>About us</a> 京ICP备0501234{}号</footer>",
            number % 5
        );
        format!("{}\n", serde_json::json!({"id": number.to_string(), "url": url, "html": page}))
    };
    pages.map(line).collect()
}

/// Everything that the database says of pages.
fn contents(place: &Place, database: &str) -> Vec<String> {
    let store = Store::open(place.path(database)).unwrap();
    let mut found = Vec::new();
    store.each_domain(|places| found.push(places[0].0.domain().to_owned())).unwrap();
    found.iter().map(|domain| format!("{:?}", store.domain(domain).unwrap())).collect()
}

#[test]
fn counts_do_not_depend_on_threads_or_on_being_killed() {
    let place = Place::new();
    place.write("crawl.jsonl", &crawl(0..1600));
    let command = |name: &str, threads: usize| {
        format!("filter crawl.jsonl -o {name}.jsonl --hosts {name}.db --threads {threads}")
    };
    place.run(0, &command("whole", 1));
    place.run(0, &command("threads", 3));
    assert_eq!(place.pages("whole.db"), 1600);
    assert_eq!(contents(&place, "whole.db"), contents(&place, "threads.db"));
    // Killed again and again, later each time, until it gets through.
    let started = Instant::now();
    for round in 1_u32.. {
        let mut child = place.command(&format!("{} --resume", command("killed", 2))).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(150) * round);
        let _ = child.kill();
        if child.wait().unwrap().success() {
            break;
        }
        assert!(started.elapsed() < Duration::from_mins(5), "{round} rounds");
    }
    assert_eq!(contents(&place, "killed.db"), contents(&place, "whole.db"));
    assert_eq!(fs::read(place.path("killed.jsonl")).unwrap(), fs::read(place.path("whole.jsonl")).unwrap());
}

#[test]
fn the_same_inputs_do_not_count_twice() {
    let place = Place::new();
    place.write("a.jsonl", &crawl(0..40)).write("b.jsonl", &crawl(40..70));
    place.run(0, "filter a.jsonl -o a.out --hosts one.db");
    place.run(0, "filter a.jsonl -o a.out --hosts one.db --resume");
    for arguments in
        ["filter a.jsonl -o a.out --hosts one.db --force", "filter a.jsonl -o c.out --hosts one.db"]
    {
        let ran = place.run(2, arguments);
        assert!(ran.err.contains("40 pages of these inputs already"), "{}", ran.err);
    }
    place.run(0, "filter b.jsonl -o b.out --hosts one.db");
    assert_eq!(place.pages("one.db"), 70);
}

#[test]
fn a_run_is_not_resumed_with_another_database() {
    let place = Place::new();
    place.write("a.jsonl", &crawl(0..10));
    place.run(0, "filter a.jsonl -o a.out --hosts one.db");
    let ran = place.run(2, "filter a.jsonl -o a.out --hosts two.db --resume");
    assert!(ran.err.contains("--hosts was `one.db` and is `two.db` now"), "{}", ran.err);
}

#[test]
fn a_database_that_cannot_be_used_stops_the_run_before_a_row_is_written() {
    let place = Place::new();
    place.write("a.jsonl", &crawl(0..10)).write("notes.txt", "these are notes and no database at all");
    let ran = place.run(2, "filter a.jsonl -o a.out --hosts notes.txt");
    assert!(ran.err.contains("`notes.txt`: expected a SQLite database"), "{}", ran.err);
    assert_eq!(fs::read(place.path("a.out")).map_or(0, |rows| rows.len()), 0);
    let ran = place.run(2, "filter a.jsonl -o a.out --hosts a.out");
    assert!(ran.err.contains("--hosts and an output are both"), "{}", ran.err);
    let ran = place.run(2, "filter a.jsonl -o a.out --hosts a.jsonl");
    assert!(ran.err.contains("is both input and output"), "{}", ran.err);
}

#[test]
fn shards_merge_to_what_one_run_would_have_seen() {
    let place = Place::new();
    place.write("a.jsonl", &crawl(0..60)).write("b.jsonl", &crawl(60..100));
    place.run(0, "filter a.jsonl b.jsonl -o both.out --hosts both.db");
    place.run(0, "filter a.jsonl -o a.out --hosts a.db");
    place.run(0, "filter b.jsonl -o b.out --hosts b.db");
    place.run(0, "hosts merge a.db b.db -o c.db");
    assert_eq!(contents(&place, "c.db"), contents(&place, "both.db"));
    let ran = place.run(2, "hosts merge c.db a.db -o d.db");
    assert!(ran.err.contains("they would count twice") && !place.path("d.db").exists(), "{}", ran.err);
    assert!(!place.path(".d.db.tmp").exists());
    let ran = place.run(2, "hosts merge a.db b.db -o c.db");
    assert!(ran.err.contains("--force"), "{}", ran.err);
    place.run(2, "hosts merge a.db b.db -o a.db --force");
    assert_eq!(place.pages("a.db"), 60);
}

#[test]
fn show_gives_four_scores_with_evidence_or_unknown() {
    let place = Place::new();
    place.write("a.jsonl", &crawl(0..370)).write("bad.txt", "d3.example\ncom.cn\n");
    place.write("ranks.csv", "1,d3.example\n2,d4.example\n3,d5.example\n");
    place.run(0, "filter a.jsonl -o a.out --hosts a.db");
    let ran = place.run(0, "hosts import bad.txt --lists lists --category adult --date 2025-01-31");
    assert!(ran.out.contains("refused         1 public_suffix: com.cn"), "{}", ran.out);
    place.run(0, "hosts import ranks.csv --lists lists");
    let ran = place.run(2, "hosts import bad.txt --lists lists");
    assert!(ran.err.contains("--force"), "{}", ran.err);
    let ran = place.run(0, "hosts show www.d3.example d9.example --db a.db --lists lists --json");
    let rows: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&rows[0]["v"], &rows[0]["domain"]), (&1.into(), &"d3.example".into()));
    assert_eq!(rows[0]["evidence"]["pages"], 10);
    for part in ["identity", "authority", "lists"] {
        assert_eq!(rows[0][part]["state"], "known", "{part}");
    }
    assert_eq!(rows[0]["lists"]["evidence"][0]["text"], "bad, 2025-01-31: adult (d3.example)");
    assert_eq!(
        (&rows[1]["lists"]["state"], &rows[1]["authority"]["state"]),
        (&"unknown".into(), &"unknown".into())
    );
    let shared = rows[0]["identity"]["evidence"].as_array().unwrap();
    assert!(shared.iter().any(|line| line["name"] == "filing_shared"), "{shared:?}");
    let ran = place.run(0, "hosts show --worst 2 --db a.db");
    assert_eq!(ran.out.matches("behaviour").count(), 2, "{}", ran.out);
    let ran = place.run(0, "hosts import bad.txt --dry-run --db a.db --against ranks.csv");
    assert!(ran.out.contains("against a.db: 1 entries hit") && ran.out.contains("d3.example"), "{}", ran.out);
    place.run(2, "hosts show");
    place.run(2, "hosts show http:// --lists lists");
}

#[test]
fn export_writes_what_the_rule_chose() {
    let place = Place::new();
    place.write("a.jsonl", &crawl(0..370)).write("bad.txt", "d3.example\n");
    place.run(0, "filter a.jsonl -o a.out --hosts a.db");
    place.run(0, "hosts import bad.txt --lists lists");
    let ran = place.run(0, "hosts export --deny --db a.db --max-behaviour 0");
    assert!(
        ran.out.starts_with("# pagesieve: 0 chosen of 37 registrable domains: behaviour at most 0"),
        "{}",
        ran.out
    );
    let ran = place.run(
        0,
        "hosts export --deny --db a.db --max-behaviour 0 --lists lists --max-lists 0.2 --format surt",
    );
    assert!(ran.out.ends_with("\nhttp://(example,d3,\n"), "{}", ran.out);
    let ran =
        place.run(0, "hosts export --priority --db a.db --min-behaviour 0 --lists lists --format nutch");
    let seeds: Vec<&str> = ran.out.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(seeds.len(), 36);
    assert!(seeds.iter().all(|seed| seed.contains("/\tnutch.score=") && !seed.contains("d3.example")));
    place.run(0, "hosts export --deny --db a.db --max-behaviour 1 --format scrapy -o deny.json");
    let deny: Value = serde_json::from_slice(&fs::read(place.path("deny.json")).unwrap()).unwrap();
    assert_eq!(deny["deny_domains"].as_array().unwrap().len(), 37);
    place.run(2, "hosts export --db a.db");
    place.run(2, "hosts export --deny --db none.db");
}

/// A page of the repository as a JSON line of a crawl.
fn page(name: &str, url: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pages").join(name);
    let is_text = path.extension().is_some_and(|ending| ending == "txt");
    let field = if is_text { "text" } else { "html" };
    format!("{}\n", serde_json::json!({"id": url, "url": url, field: fs::read_to_string(path).unwrap()}))
}

/// The rows of a file of rows by their ids.
fn rows(place: &Place, names: &[&str]) -> std::collections::BTreeMap<String, Value> {
    let text: String = names.iter().map(|name| fs::read_to_string(place.path(name)).unwrap()).collect();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| (row["id"].as_str().unwrap().to_owned(), row)).collect()
}

fn reason<'r>(row: &'r Value, name: &str) -> Option<&'r str> {
    let reasons = row["reasons"].as_array().unwrap();
    reasons.iter().find(|reason| reason["name"] == name).and_then(|reason| reason["text"].as_str())
}

const CLEAN: &str = "en-reservoir-news.html";
const DOUBTFUL: &str = "en-valve-maker-hijacked.html";

/// A clean and a doubtful page on a listed host, on one that no list names, and on a platform.
fn listed_crawl() -> String {
    let hosts = ["www.bad.example", "www.good.example", "someone.medium.com", "shop.example.com.cn"];
    let of = |host: &&str| {
        let url = |name: &str| format!("https://{host}/news/{name}.html");
        page(CLEAN, &url("clean")) + &page(DOUBTFUL, &url("doubtful"))
    };
    hosts.iter().map(of).collect()
}

#[test]
fn a_list_is_evidence_that_drops_a_doubtful_page_and_no_clean_one() {
    let place = Place::new();
    place.write("crawl.jsonl", &listed_crawl());
    place.write("bad.txt", "bad.example\nmedium.com\ncom.cn\n");
    place.run(0, "hosts import bad.txt --lists lists --category gambling --date 2025-01-31");
    place.run(0, "filter crawl.jsonl -o own.jsonl --rejected own.rej");
    place.run(0, "filter crawl.jsonl -o kept.jsonl --rejected rej.jsonl --lists lists --threads 1");
    place.run(0, "filter crawl.jsonl -o kept3.jsonl --rejected rej3.jsonl --lists lists --threads 3");
    for (one, three) in [("kept.jsonl", "kept3.jsonl"), ("rej.jsonl", "rej3.jsonl")] {
        assert_eq!(fs::read(place.path(one)).unwrap(), fs::read(place.path(three)).unwrap());
    }
    let (own, found) = (rows(&place, &["own.jsonl", "own.rej"]), rows(&place, &["kept.jsonl", "rej.jsonl"]));
    let row = |host: &str, name: &str| &found[&format!("https://{host}/news/{name}.html")];
    let listed = "bad, 2025-01-31: gambling (bad.example)";
    for (name, verdict) in [("clean", "keep"), ("doubtful", "drop")] {
        let bad = row("www.bad.example", name);
        assert_eq!((&bad["verdict"], reason(bad, "listed_source")), (&verdict.into(), Some(listed)), "{bad}");
        let evidence = &bad["source_evidence"];
        assert_eq!((&evidence["against"], &evidence["behaviour"]), (&2.0.into(), &Value::Null));
        assert_eq!(evidence["lists"]["evidence"][0]["text"], listed);
        assert_eq!(bad["scores"], own[bad["id"].as_str().unwrap()]["scores"], "scores are the page's own");
    }
    let moved = reason(row("www.bad.example", "doubtful"), "doubtful_source").unwrap();
    assert!(moved.starts_with("`review` became `drop`: "), "{moved}");
    for host in ["www.good.example", "someone.medium.com", "shop.example.com.cn"] {
        for name in ["clean", "doubtful"] {
            let (row, own) = (row(host, name), &own[&format!("https://{host}/news/{name}.html")]);
            assert_eq!((&row["verdict"], &row["reasons"]), (&own["verdict"], &own["reasons"]), "{host}");
        }
    }
    let platform = &row("someone.medium.com", "clean")["source_evidence"]["lists"]["evidence"][0];
    assert_eq!((&platform["name"], &platform["weight"]), (&"listed_platform".into(), &0.0.into()));
    assert_eq!(row("www.good.example", "clean")["source_evidence"]["lists"], Value::Null, "unknown");
}

#[test]
fn an_earlier_crawl_is_evidence_and_is_only_read() {
    let place = Place::new();
    let spam =
        |n: usize| page("en-casino-keyword-doorway.txt", &format!("https://www.bad.example/news/{n}.html"));
    place.write("before.jsonl", &(0..8).map(spam).collect::<String>()).write("crawl.jsonl", &listed_crawl());
    place.run(0, "filter before.jsonl -o before.out --hosts before.db");
    let before = fs::read(place.path("before.db")).unwrap();
    let command = "filter crawl.jsonl -o kept.jsonl --rejected rej.jsonl --known-hosts before.db";
    place.run(0, command);
    assert!(fs::read(place.path("before.db")).unwrap() == before, "the evidence has changed");
    let found = rows(&place, &["kept.jsonl", "rej.jsonl"]);
    let row = |host: &str, name: &str| &found[&format!("https://{host}/news/{name}.html")];
    for (name, verdict) in [("clean", "keep"), ("doubtful", "drop")] {
        let bad = row("www.bad.example", name);
        assert_eq!(bad["verdict"], verdict, "{bad}");
        let text = reason(bad, "spammy_source").unwrap();
        assert!(text.starts_with("gambling on pages of www.bad.example/news/: 8 of 8 pages"), "{text}");
        assert!(bad["source_evidence"]["behaviour"]["score"].as_f64().unwrap() < 0.5);
    }
    let good = row("www.good.example", "doubtful");
    assert_eq!((&good["verdict"], &good["source_evidence"]["behaviour"]), (&"review".into(), &Value::Null));
    let ran = place.run(2, &format!("{command} --force --hosts before.db"));
    assert!(ran.err.contains("`before.db` would be read as evidence and written in one run"), "{}", ran.err);
    place.write("more.jsonl", &page(CLEAN, "https://www.new.example/a.html"));
    place.run(0, "filter more.jsonl -o more.out --hosts before.db");
    let ran = place.run(2, &format!("{command} --resume"));
    assert!(ran.err.contains("--known-hosts was"), "{}", ran.err);
}

#[test]
fn score_says_what_is_known_of_the_source() {
    let place = Place::new();
    place.write("bad.txt", "bad.example\n").write("crawl.jsonl", &crawl(0..370));
    place.run(0, "hosts import bad.txt --lists lists --category scam --date 2025-01-31");
    place.run(0, "filter crawl.jsonl -o a.out --hosts a.db");
    place.write(
        "page.html",
        "<p>The town council met on Tuesday.</p><footer><a href=/about>About us</a></footer>",
    );
    let text = |code, options: &str| {
        place.run(code, &format!("score page.html --url https://www.bad.example/a.html {options}")).out
    };
    let own = text(0, "");
    assert!(own.contains("lists        unknown: neither --known-hosts nor --lists was given\n"), "{own}");
    assert!(own.contains("this page shows about_link: link to a page about those who run the site"), "{own}");
    let known = text(1, "--lists lists --hosts a.db");
    assert!(known.contains("-2.00 listed: bad, 2025-01-31: scam (bad.example)"), "{known}");
    assert!(known.contains("behaviour    unknown: no page was seen, and 3 are the fewest"), "{known}");
    let ran = place.run(2, "score page.html --lists .");
    assert!(ran.err.contains("`.` has no list") && ran.err.contains("pagesieve hosts import"), "{}", ran.err);
    let ran = place.run(2, "score page.html --known-hosts none.db");
    assert!(ran.err.contains("none.db"), "{}", ran.err);
}

/// Counters of a place as rows of an engine's `GROUP BY domain, prefix, host` have them.
type Sums = std::collections::BTreeMap<[String; 3], std::collections::BTreeMap<String, u64>>;

fn sums_of_rows(rows: impl Iterator<Item = Value>) -> Sums {
    let mut sums = Sums::new();
    for row in rows {
        let Some(page) = row["host_evidence"].as_object() else { continue };
        let key = ["domain", "prefix", "host"].map(|name| page[name].as_str().unwrap().to_owned());
        let place = sums.entry(key).or_default();
        for (name, count) in page.iter().filter_map(|(name, value)| Some((name, value.as_u64()?))) {
            *place.entry(name.clone()).or_default() += count;
        }
    }
    sums
}

fn sums_of_database(place: &Place, database: &str) -> Sums {
    let mut sums = Sums::new();
    let store = Store::open(place.path(database)).unwrap();
    let visit = |places: &[(pagesieve::host::Place, pagesieve::host::HostEvidence)]| {
        for (place, evidence) in places {
            let key = [place.domain(), place.prefix(), place.host()].map(str::to_owned);
            let counted = evidence.counters().filter(|(_, count)| *count > 0);
            sums.insert(key, counted.map(|(name, count)| (name.to_owned(), count)).collect());
        }
    };
    store.each_domain(visit).unwrap();
    sums
}

#[test]
fn sums_of_rows_by_host_are_what_merged_databases_have() {
    let place = Place::new();
    let unplaced = "{\"id\": \"x\", \"html\": \"<p>Bees dance.\"}\n{\"id\": \"y\"}\n";
    place.write("a.jsonl", &(crawl(0..60) + &listed_crawl())).write("b.jsonl", &(crawl(60..130) + unplaced));
    let of = |name: &str| {
        format!("filter {name}.jsonl -o {name}.out --rejected {name}.rej --hosts {name}.db --host-columns")
    };
    place.run(0, &of("a"));
    place.run(2, &of("b"));
    place.run(0, "hosts merge a.db b.db -o all.db");
    let found = rows(&place, &["a.out", "a.rej", "b.out", "b.rej"]);
    assert_eq!((&found["x"]["host_evidence"], &found["y"]["host_evidence"]), (&Value::Null, &Value::Null));
    let merged = sums_of_database(&place, "all.db");
    assert!(merged.len() > 37 && merged.values().all(|counts| counts["pages"] > 0));
    assert_eq!(sums_of_rows(found.into_values()), merged);
}

#[test]
fn show_says_what_it_would_need() {
    let place = Place::new();
    place.write("a.jsonl", &crawl(0..40));
    place.run(0, "filter a.jsonl -o a.out --hosts a.db");
    let ran = place.run(0, "hosts show --worst 5 --db a.db");
    assert_eq!(ran.out, "");
    let needed = "none of 37 domains has the 10 pages that are asked for (most have: d0.example 2, d1.example 2, d2.example 2)";
    assert!(ran.err.contains(needed) && ran.err.contains("hosts merge"), "{}", ran.err);
    let ran = place.run(0, "hosts show d3.example --db a.db");
    let unknown = "unknown: 1 page was seen, and 3 are the fewest that say something; it needs 2 more";
    assert_eq!(ran.out.matches(unknown).count(), 2, "{}", ran.out);
    assert!(ran.out.contains("  1 page: "), "{}", ran.out);
}

#[test]
fn eval_counts_the_unknown_apart_and_never_asks_a_source_about_itself() {
    let place = Place::new();
    let row = |host: &str, label: &str, source: &str| {
        format!("{}\n", serde_json::json!({"host": host, "label": label, "source": source}))
    };
    let labelled = row("a.example", "adult", "one")
        + &row("b.example", "adult", "two")
        + &row("c.example", "ordinary", "three")
        + &row("d.example", "ordinary", "three")
        + &row("e.example", "dating", "four");
    place
        .write("hosts.jsonl", &labelled)
        .write("one.txt", "a.example\nb.example\n")
        .write("fine.txt", "c.example\n");
    place.run(0, "hosts import one.txt --lists lists --category adult");
    place.run(0, "hosts import fine.txt --lists lists --category press");
    let ran = place.run(0, "hosts eval hosts.jsonl --lists lists");
    let lines: Vec<Vec<&str>> =
        ran.out.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        lines[..4],
        [
            vec!["one", "bad", "1", "0", "1", "-"],
            vec!["three", "good", "2", "1", "1", "1.000"],
            vec!["two", "bad", "1", "1", "0", "1.000"],
            vec!["all", "both", "4", "2", "2", "1.000"],
        ]
    );
    assert!(ran.out.ends_with("neither good nor bad: 1\n"), "{}", ran.out);
    place.write("bad.jsonl", "{\"host\": 1}\n");
    let ran = place.run(2, "hosts eval bad.jsonl --lists lists");
    assert!(ran.err.contains("`bad.jsonl`, line 1: expected an object"), "{}", ran.err);
}

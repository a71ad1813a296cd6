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

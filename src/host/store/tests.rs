use super::*;
use crate::host::Evidence;
use crate::{Document, Filter, Report};
use std::fs;
use std::sync::LazyLock;
use tempfile::TempDir;

fn report(url: &str, filing: &str) -> Report {
    static FILTER: LazyLock<Filter> = LazyLock::new(Filter::builtin);
    let page = format!(
        "<html><body><p>The town council met on Tuesday to speak of the bridge, which has been closed since \
         spring.</p><footer><a href=/about>About us</a> {filing}</footer></body></html>"
    );
    FILTER.check(&Document::html(page).with_url(url))
}

fn evidence(urls: &[&str]) -> Evidence {
    let mut evidence = Evidence::default();
    for url in urls {
        evidence.add_page(&report(url, "京ICP备05012345号-3"));
    }
    evidence
}

fn at(input: u64, position: u64) -> Progress {
    Progress { input, position }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn filled(folder: &TempDir, name: &str, run: &str, urls: &[&str]) -> Store {
    let mut store = Store::create(folder.path().join(name)).unwrap();
    store.begin(run).unwrap();
    assert!(store.add(run, at(1, 0), &evidence(urls)).unwrap());
    store.finish(run).unwrap();
    store
}

/// The files of a database whose program was killed when it had written its first tables, and not yet said that they count:
/// the journal still takes them back.
fn killed_while_created(folder: &TempDir) -> std::path::PathBuf {
    let (path, killed) = (folder.path().join("whole.db"), folder.path().join("killed.db"));
    let database = rusqlite::Connection::open(&path).unwrap();
    // One page of memory, so that the journal is on the disk before the transaction ends.
    database.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE run (id TEXT)").unwrap();
    let page = "x".repeat(5000);
    for _ in 0..50 {
        database.execute("INSERT INTO run VALUES (?1)", [&page]).unwrap();
    }
    let copied = |end: &str| {
        fs::copy(format!("{}{end}", path.display()), format!("{}{end}", killed.display())).unwrap()
    };
    assert!(copied("-journal") > 0);
    database.execute_batch("COMMIT").unwrap();
    assert!(copied("") > 0);
    killed
}

#[test]
fn a_database_whose_program_was_killed_while_it_was_created_is_created_again() {
    let folder = folder();
    let path = killed_while_created(&folder);
    let mut store = Store::create(&path).unwrap();
    store.begin("r").unwrap();
    assert!(store.add("r", at(1, 0), &evidence(&["http://a.example/"])).unwrap());
    drop(store);
    assert_eq!(Store::create(&path).unwrap().total().unwrap().pages, 1);
}

#[test]
fn an_empty_database_of_another_program_is_refused() {
    let folder = folder();
    let path = folder.path().join("other.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("PRAGMA application_id = 7; CREATE TABLE x (a); DROP TABLE x").unwrap();
    drop(other);
    assert!(Store::create(&path).unwrap_err().to_string().contains("something else"));
}

#[test]
fn evidence_is_read_back_as_it_was_added() {
    let folder = folder();
    let urls =
        ["http://www.a.example/x/1", "http://www.a.example/x/2", "http://b.a.example/", "http://c.example/"];
    let store = filled(&folder, "a.db", "r", &urls);
    let again = Store::open(store.path()).unwrap();
    let expected: Vec<_> =
        evidence(&urls).places().map(|(place, evidence)| (place.clone(), evidence.clone())).collect();
    let mut found = again.domain("a.example").unwrap();
    found.extend(again.domain("c.example").unwrap());
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(found, expected);
    let mut domains = Vec::new();
    again.each_domain(|places| domains.push((places[0].0.domain().to_owned(), places.len()))).unwrap();
    assert_eq!(domains, [("a.example".to_owned(), 2), ("c.example".to_owned(), 1)]);
    assert_eq!(again.total().unwrap().pages, 4);
}

#[test]
fn pages_up_to_a_place_count_once() {
    let folder = folder();
    let mut store = Store::create(folder.path().join("a.db")).unwrap();
    let pages = evidence(&["http://a.example/"]);
    store.begin("r").unwrap();
    assert!(store.add("r", at(0, 5), &pages).unwrap());
    for until in [at(0, 5), at(0, 4), at(0, 0)] {
        assert!(!store.add("r", until, &pages).unwrap(), "{until:?}");
    }
    assert!(store.add("r", at(1, 0), &pages).unwrap());
    let run = store.run("r").unwrap().unwrap();
    assert_eq!((run.progress, run.pages, run.done), (at(1, 0), 2, false));
    assert_eq!(store.total().unwrap().pages, 2);
    assert_eq!(store.shared_filings("a.example").unwrap()[0].pages, 2);
}

#[test]
fn a_run_that_is_counted_is_not_begun_again() {
    let folder = folder();
    let mut store = filled(&folder, "a.db", "r", &["http://a.example/"]);
    let error = store.begin("r").unwrap_err().to_string();
    assert!(
        error.contains("1 pages") && error.contains("count them twice") && error.contains("--resume"),
        "{error}"
    );
    store.begin("other").unwrap();
    // A run that was stopped before its first pages were counted may begin anew.
    store.begin("other").unwrap();
}

#[test]
fn a_run_goes_on_only_where_its_evidence_is() {
    let folder = folder();
    let mut store = Store::create(folder.path().join("a.db")).unwrap();
    assert_eq!(store.go_on("new", at(0, 0)).unwrap(), at(0, 0));
    store.add("new", at(0, 7), &Evidence::default()).unwrap();
    assert_eq!(store.go_on("new", at(0, 5)).unwrap(), at(0, 7));
    for (run, from) in [("new", at(0, 9)), ("unknown", at(0, 1))] {
        let error = store.go_on(run, from).unwrap_err().to_string();
        assert!(error.contains("pages of it are missing"), "{error}");
    }
}

#[test]
fn merging_adds_and_refuses_the_same_run() {
    let folder = folder();
    let (one, two) =
        (["http://a.example/x/", "http://b.example/"], ["http://a.example/x/", "http://c.example/"]);
    let first = filled(&folder, "1.db", "r1", &one);
    let second = filled(&folder, "2.db", "r2", &two);
    let both = filled(&folder, "both.db", "r", &[one, two].concat());
    let mut merged = Store::create(folder.path().join("merged.db")).unwrap();
    assert_eq!(merged.merge(first.path()).unwrap(), Merged { runs: 1, pages: 2, unfinished: 0 });
    merged.merge(second.path()).unwrap();
    for domain in ["a.example", "b.example", "c.example"] {
        assert_eq!(merged.domain(domain).unwrap(), both.domain(domain).unwrap());
        assert_eq!(merged.shared_filings(domain).unwrap(), both.shared_filings(domain).unwrap());
    }
    let error = merged.merge(first.path()).unwrap_err().to_string();
    assert!(error.contains("1.db") && error.contains("run r1") && error.contains("count twice"), "{error}");
    assert_eq!(merged.total().unwrap(), both.total().unwrap());
}

#[test]
fn one_filing_number_on_many_domains_is_seen() {
    let folder = folder();
    let urls: Vec<String> = (0..9).map(|n| format!("http://d{n}.example/")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let store = filled(&folder, "a.db", "r", &urls);
    let shared = store.shared_filings("d3.example").unwrap();
    assert_eq!(shared, [SharedFiling { number: "京ICP备05012345号".to_owned(), domains: 9, pages: 1 }]);
}

#[test]
fn files_of_other_kinds_are_refused() {
    let folder = folder();
    let path = folder.path().join("x.db");
    fs::write(&path, b"id,url\n1,http://a.example/ and more than sixteen bytes").unwrap();
    for opened in [Store::open(&path), Store::create(&path)] {
        let error = opened.unwrap_err().to_string();
        assert!(error.contains("x.db") && error.contains("found a file of another kind"), "{error}");
    }
    let path = folder.path().join("foreign.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    let error = Store::create(&path).unwrap_err().to_string();
    assert!(error.contains("SQLite database of something else"), "{error}");
    assert!(Store::open(folder.path().join("none.db")).is_err());
    fs::write(folder.path().join("empty.db"), b"").unwrap();
    let error = Store::open(folder.path().join("empty.db")).unwrap_err().to_string();
    assert!(error.contains("the file is empty"), "{error}");
}

#[test]
fn another_version_is_refused_by_name() {
    let folder = folder();
    let store = filled(&folder, "a.db", "r", &[]);
    store.database.pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    let error = Store::open(store.path()).unwrap_err().to_string();
    assert!(error.contains("a later version of pagesieve has written it"), "{error}");
}

#[test]
fn a_damaged_database_is_refused_and_left_alone() {
    let folder = folder();
    let urls: Vec<String> = (0..60).map(|n| format!("http://d{n}.example/p{n}/x")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let path = filled(&folder, "a.db", "r", &urls).path().to_owned();
    let whole = fs::read(&path).unwrap();
    let cut = whole[..whole.len() / 2].to_vec();
    let mut scratched = whole.clone();
    scratched[4096..].iter_mut().step_by(7).for_each(|byte| *byte ^= 0xa5);
    for damaged in [cut, scratched] {
        fs::write(&path, &damaged).unwrap();
        for opened in [Store::open(&path), Store::create(&path)] {
            let error = opened.unwrap_err().to_string();
            assert!(error.contains("damaged") && error.contains("new one"), "{error}");
        }
        let mut merged = Store::create(folder.path().join("merged.db")).unwrap();
        assert!(merged.merge(&path).is_err());
        assert_eq!(merged.total().unwrap().pages, 0);
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
}

#[test]
fn a_locked_database_says_who_has_it_and_loses_nothing() {
    let folder = folder();
    let path = filled(&folder, "a.db", "r", &["http://a.example/"]).path().to_owned();
    let mut store = Store::create_with_patience(path.clone(), Duration::from_millis(50)).unwrap();
    store.begin("s").unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let pages = evidence(&["http://b.example/"]);
    let error = store.add("s", at(1, 0), &pages).unwrap_err().to_string();
    assert!(error.contains("locked by another program") && error.contains("hosts merge"), "{error}");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(store.add("s", at(1, 0), &pages).unwrap());
    assert_eq!(store.total().unwrap().pages, 2);
}

#[test]
fn a_transaction_that_fails_leaves_no_trace() {
    let folder = folder();
    let mut store = filled(&folder, "a.db", "r", &["http://a.example/"]);
    store.begin("s").unwrap();
    store
        .database
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON filing BEGIN SELECT raise(ABORT, 'x'); END")
        .unwrap();
    assert!(store.add("s", at(1, 0), &evidence(&["http://b.example/"])).is_err());
    let run = store.run("s").unwrap().unwrap();
    assert_eq!((run.progress, run.pages, store.total().unwrap().pages), (at(0, 0), 0, 1));
}

#[test]
fn several_writers_lose_no_count() {
    let folder = folder();
    let path = folder.path().join("a.db");
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let path = path.clone();
            scope.spawn(move || {
                let mut store = Store::create(path).unwrap();
                let run = format!("r{writer}");
                store.begin(&run).unwrap();
                for position in 1..=5 {
                    assert!(store.add(&run, at(0, position), &evidence(&["http://a.example/"])).unwrap());
                }
            });
        }
    });
    assert_eq!(Store::open(&path).unwrap().total().unwrap().pages, 20);
}

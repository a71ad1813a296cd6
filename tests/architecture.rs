//! The shape of `src`: which room may use which, what the pure rooms never touch, how long a file may be.
//!
//! Only code is read, not comments; unit tests inside `src` count as code of their room.
#![expect(
    clippy::string_slice,
    reason = "positions come from searches for ASCII text; a test fails where it panics"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Room → the rooms that it may use. `ARCHITECTURE.md` shows the same table and says why.
const ARROWS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("atomic_file", &["error"]),
    ("label", &[]),
    ("provenance", &[]),
    ("reason", &[]),
    ("lexicon", &["label", "reason"]),
    ("likeness", &["lexicon", "page"]),
    ("page", &["lexicon"]),
    ("features", &["label", "lexicon", "page"]),
    ("model", &["error", "features", "label"]),
    ("classify", &["error", "features", "label", "lexicon", "likeness", "model", "page", "reason"]),
    ("output", &["classify", "error", "host", "page", "provenance"]),
    ("host", &["atomic_file", "classify", "error", "lexicon", "page"]),
    ("input", &["error", "page", "provenance"]),
    ("eval", &["classify", "error", "page"]),
    ("train", &["classify", "error", "eval", "features", "model", "page"]),
    ("annotate", &["atomic_file", "classify", "error", "eval", "input", "page", "provenance"]),
    ("serve", &["annotate", "classify", "error", "host", "input", "output", "page", "provenance"]),
    (
        "cli",
        &[
            "annotate", "atomic_file", "classify", "error", "eval", "host", "input", "likeness", "model",
            "output", "page", "provenance", "serve", "train",
        ],
    ),
];

/// Rooms that turn values into values: no files, network, clock, environment, threads or printing.
const PURE: &[&str] = &["label", "lexicon", "likeness", "page", "features", "model", "classify"];
const IMPURE_PATHS: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
];
const IMPURE_MACROS: &[&str] = &["print!", "println!", "eprint!", "eprintln!", "dbg!"];

/// Libraries that belong to certain rooms only.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("linfa", &["train"]),
    ("linfa_logistic", &["train"]),
    ("smartcore", &["train"]),
    ("forust_ml", &["train"]),
    ("ndarray", &["train"]),
    ("html5ever", &["page"]),
    ("rusqlite", &["host"]),
    ("fst", &["host"]),
    ("filebuffer", &["host"]),
    ("fastwarc", &["input"]),
    ("zip", &["input"]),
    ("arrow_array", &["input", "output"]),
    ("arrow_json", &["input", "output"]),
    ("arrow_schema", &["input", "output"]),
    ("parquet", &["input", "output"]),
    ("ureq", &["input"]),
    ("plotters", &["eval"]),
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
    ("axum", &["serve"]),
    ("hyper", &["serve"]),
    ("hyper_util", &["serve"]),
    ("prometheus_client", &["serve"]),
    ("tokio", &["serve"]),
    ("tokio_io_timeout", &["serve"]),
    ("tower_http", &["serve"]),
];

const LONGEST_FILE: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A source file: its path in the project and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn open(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let path = path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/");
        Self { path, text }
    }

    /// The room: the folder below `src`, or the stem of a file that stands in `src` itself.
    fn room(&self) -> &str {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inner.split_once('/').map_or_else(|| inner.trim_end_matches(".rs"), |(room, _)| room)
    }

    /// Modules from the crate's root down to this one: 1 for `src/page/mod.rs`, 2 for `src/page/block.rs`.
    fn depth(&self) -> usize {
        let inner = self.path.trim_end_matches("/mod.rs").trim_end_matches(".rs");
        inner.split('/').count() - 1
    }

    /// Lines of code with their numbers; comments are left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Every path in the code that starts with `start::`, braces taken apart.
    fn paths(&self, start: &str) -> BTreeSet<String> {
        let code: String = self.code().flat_map(|(_, line)| [line.trim(), "\n"]).collect();
        let lead = format!("{start}::");
        let starts = code.match_indices(&lead).map(|(at, _)| at).filter(|at| {
            !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$')
        });
        starts.flat_map(|at| expanded(start, &code[at + lead.len()..])).collect()
    }
}

/// The paths that a use tree names: `a::{b, c::D}` after `crate` gives `crate::a::b` and `crate::a::c::D`.
fn expanded(lead: &str, tree: &str) -> Vec<String> {
    let tree = tree.trim_start();
    if let Some(rest) = tree.strip_prefix('{') {
        return members(rest).into_iter().flat_map(|member| expanded(lead, member)).collect();
    }
    let name_end = tree.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tree.len());
    let path = format!("{lead}::{}", &tree[..name_end]);
    match tree[name_end..].strip_prefix("::") {
        Some(rest) => expanded(&path, rest),
        None => vec![path],
    }
}

/// The members of a group up to its closing brace.
fn members(group: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                found.push(group[start..at].trim());
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found.retain(|member| !member.is_empty());
    found
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    rust_files("src").iter().map(|path| Source::open(path)).collect()
}

/// Names that `src/lib.rs` gives the crate's root → the rooms that they come from.
fn front_page() -> BTreeMap<String, String> {
    let lib = Source::open(&root().join("src/lib.rs"));
    let code: String = lib.code().flat_map(|(_, line)| [line, "\n"]).collect();
    let exports = code.split(';').filter_map(|item| item.trim().strip_prefix("pub use "));
    let named = exports.flat_map(|tree| expanded("crate", tree)).filter_map(|path| {
        let mut parts = path.split("::").skip(1);
        let room = parts.next()?.to_owned();
        Some((parts.last()?.to_owned(), room))
    });
    named.collect()
}

/// Which rooms each room uses, with a place for each.
fn arrows() -> BTreeMap<(String, String), String> {
    let names = front_page();
    let mut found = BTreeMap::new();
    for source in sources().iter().filter(|source| !["lib", "main"].contains(&source.room())) {
        for path in source.paths("crate") {
            let first = path.split("::").nth(1).unwrap_or_default().to_owned();
            let room = names.get(&first).cloned().unwrap_or(first);
            if room != source.room() {
                let place = format!("{} uses {path}", source.path);
                found.entry((source.room().to_owned(), room)).or_insert(place);
            }
        }
    }
    found
}

fn allowed() -> BTreeSet<(String, String)> {
    let pairs = ARROWS.iter().flat_map(|(room, uses)| uses.iter().map(move |used| (*room, *used)));
    pairs.map(|(room, used)| (room.to_owned(), used.to_owned())).collect()
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

#[test]
fn rooms_use_only_the_rooms_of_the_table() {
    let allowed = allowed();
    let extra = arrows().into_iter().filter(|(arrow, _)| !allowed.contains(arrow));
    let extra: Vec<String> = extra.map(|((room, used), place)| format!("{room} → {used}: {place}")).collect();
    assert_none("an arrow that ARROWS in tests/architecture.rs and ARCHITECTURE.md do not have", &extra);
}

#[test]
fn the_table_has_no_arrow_that_nobody_needs() {
    let found = arrows();
    // The command line may connect all rooms.
    let unused = allowed().into_iter().filter(|arrow| arrow.0 != "cli" && !found.contains_key(arrow));
    let unused: Vec<String> = unused.map(|(room, used)| format!("{room} → {used}")).collect();
    assert_none("take these arrows out of ARROWS in tests/architecture.rs and of ARCHITECTURE.md", &unused);
}

#[test]
fn the_architecture_page_shows_the_same_table() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap_or_default();
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim);
        let room = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
        let uses =
            cells.next_back()?.split(", ").filter_map(|name| name.strip_prefix('`')?.strip_suffix('`'));
        Some((room, uses.collect::<BTreeSet<&str>>()))
    });
    let shown: BTreeMap<&str, BTreeSet<&str>> = rows.collect();
    let ours = ARROWS.iter().map(|(room, uses)| (*room, uses.iter().copied().collect()));
    assert_eq!(shown, ours.collect(), "left: the table of ARCHITECTURE.md, right: ARROWS");
}

#[test]
fn a_module_reaches_other_rooms_by_their_names() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !["lib", "main", "error"].contains(&source.room())) {
        let mut inner = 0;
        for (number, line) in source.code() {
            inner += usize::from(line.starts_with("mod tests {"));
            let leaves = line.contains(&"super::".repeat(source.depth() + inner));
            found.extend(leaves.then(|| format!("{}:{number}: {}", source.path, line.trim())));
        }
    }
    assert_none("write `crate::ROOM` in the place of a chain of `super` that leaves the room", &found);
}

#[test]
fn pure_rooms_touch_no_world() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.room())) {
        for path in source.paths("std") {
            let impure = IMPURE_PATHS.iter().any(|start| {
                path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            });
            found.extend(impure.then(|| format!("{} uses {path}", source.path)));
        }
        for (number, line) in source.code() {
            let prints = IMPURE_MACROS.iter().any(|name| line.contains(name));
            found.extend(prints.then(|| format!("{}:{number}: {}", source.path, line.trim())));
        }
    }
    assert_none("label, lexicon, likeness, page, features, model and classify are pure", &found);
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut found = Vec::new();
    for source in sources() {
        for (library, rooms) in LIBRARIES.iter().filter(|(_, rooms)| !rooms.contains(&source.room())) {
            let used = source.paths(library).into_iter().next();
            found.extend(used.map(|path| format!("{} uses {path}; it belongs to {rooms:?}", source.path)));
        }
    }
    assert_none("a library outside its room", &found);
}

#[test]
fn rooms_open_with_what_they_are() {
    let rooms = sources().into_iter().filter(|source| source.path.ends_with("/mod.rs"));
    let silent = rooms.filter(|source| !source.text.starts_with("//! "));
    let silent: Vec<String> = silent.map(|source| source.path).collect();
    assert_none("start mod.rs with `//!`: what comes in, what goes out, what the room never does", &silent);
}

#[test]
fn files_are_short() {
    let files = ["src", "tests"].into_iter().flat_map(rust_files).map(|path| Source::open(&path));
    let long = files.map(|source| (source.text.lines().count(), source.path));
    let long = long.filter(|(lines, _)| *lines > LONGEST_FILE);
    let long: Vec<String> = long.map(|(lines, path)| format!("{path}: {lines} lines")).collect();
    assert_none(&format!("more than {LONGEST_FILE} lines; split the file by what its parts know"), &long);
}

#[test]
fn sources_need_no_folder_outside_the_project() {
    let outside = sources().into_iter().filter(|source| source.text.contains("../shared"));
    let outside: Vec<String> = outside.map(|source| source.path).collect();
    assert_none("src must not name ../shared", &outside);
}

#[test]
fn use_trees_are_taken_apart() {
    let paths = expanded("crate", "{Error, page::{Page, words::{self, words}}, output as out};");
    assert_eq!(
        paths,
        [
            "crate::Error",
            "crate::page::Page",
            "crate::page::words::self",
            "crate::page::words::words",
            "crate::output"
        ]
    );
}

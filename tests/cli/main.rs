//! The program as a user meets it: exit codes, streams, files, and what happens when it is stopped.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_collect,
    reason = "a test fails where it panics; its pages are small"
)]

mod config;
mod copies;
mod crawl;
mod failing_input;
mod joined;
mod odd_input;
mod templates;

use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder of its own in which the program runs.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pagesieve"));
        command.current_dir(self.folder.path()).args(arguments.split_whitespace());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &str) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// Runs with this on standard input.
    fn run_on(&self, arguments: &str, input: &[u8]) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let _ = stdin.write_all(input);
            });
            Ran::from(child.wait_with_output().unwrap())
        })
    }
}

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    #[track_caller]
    fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// The error's only line.
    #[track_caller]
    fn says(self, part: &str) -> Self {
        assert!(self.err.contains(part), "`{part}` is not in: {}", self.err);
        self
    }
}

fn rows(bytes: &[u8]) -> Vec<Value> {
    let lines = std::str::from_utf8(bytes).unwrap().lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn unzipped(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("gz") => flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut plain).unwrap(),
        Some("zst") => zstd::Decoder::new(bytes).unwrap().read_to_end(&mut plain).unwrap(),
        _ => return bytes.to_vec(),
    };
    plain
}

/// A page of some paragraphs.
fn article(number: usize) -> String {
    format!(
        "<html><body><nav><a href=/>Home</a></nav><article><h1>Page {number}</h1><p>The town council met on \
         Tuesday to speak of bridge number {number}, which has been closed since spring.</p><p>桥梁将在明年\
         重新开放，市长说，费用由州政府承担，居民对此表示欢迎。</p></article></body></html>"
    )
}

/// JSON lines, every seventh of which is broken.
fn crawl(pages: usize) -> String {
    let line = |number| match number % 7 {
        3 => format!("{{\"id\": \"p{number}\", broken\n"),
        _ => format!("{}\n", serde_json::json!({"id": format!("p{number}"), "html": article(number)})),
    };
    (0..pages).map(line).collect()
}

const COMMANDS: [&str; 8] = ["filter", "score", "label", "body", "eval", "model", "warc", "generate"];

#[test]
fn help_lists_every_command_and_goes_to_standard_output() {
    let help = Place::new().run("--help").ends_with(0);
    assert!(help.err.is_empty());
    for command in COMMANDS {
        assert!(help.out.contains(&format!("  {command}")), "{command} is not in: {}", help.out);
        let help = Place::new().run(&format!("{command} --help")).ends_with(0);
        assert!(help.out.contains("Usage: pagesieve"), "{}", help.out);
    }
}

#[test]
fn wrong_arguments_are_an_error_of_their_own() {
    Place::new().run("filter").ends_with(2).says("required");
    Place::new().run("filter a.html --resume").ends_with(2).says("--output");
    Place::new().run("score a.html --blocks").ends_with(2).says("--json");
}

#[test]
fn man_pages_and_completions_come_from_the_definitions() {
    for what in ["man", "bash", "zsh", "fish", "powershell", "elvish"] {
        let text = Place::new().run(&format!("generate {what}")).ends_with(0).out;
        assert!(COMMANDS.iter().all(|command| text.contains(command)), "{what}: {text}");
    }
    let page = Place::new().run("generate man filter").ends_with(0).out;
    assert!(page.contains("pagesieve\\-filter") && page.contains("\\-\\-rejected"), "{page}");
    Place::new().run("generate man nothing").ends_with(2).says("the commands are filter");
}

#[test]
fn rows_go_to_standard_output_and_everything_else_to_standard_error() {
    let place = Place::new();
    place.write("a.html", article(1)).write("b.txt", "第一行\n\n第二行").write("c.jsonl", crawl(3));
    let ran = place.run("filter a.html b.txt c.jsonl --keep-review --rejected rejected.jsonl").ends_with(0);
    let mut ids: Vec<Value> = rows(ran.out.as_bytes()).into_iter().map(|row| row["id"].clone()).collect();
    ids.extend(rows(&place.read("rejected.jsonl")).into_iter().map(|row| row["id"].clone()));
    ids.sort_by_key(ToString::to_string);
    assert_eq!(ids, ["a.html", "b.txt", "p0", "p1", "p2"]);
    assert!(ran.err.starts_with("5 pages in "), "{}", ran.err);
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    assert_eq!(place.run("filter a.html -q").ends_with(0).err, "");
}

#[test]
fn every_record_gives_one_row_in_the_order_of_the_inputs() {
    let place = Place::new();
    place
        .write("pages/1.html", article(1))
        .write("pages/deep/2.txt", "text")
        .write("crawl.jsonl", crawl(200));
    place.run("filter pages crawl.jsonl -o kept.jsonl --rejected rejected.jsonl --blocks").ends_with(2);
    let rejected = rows(&place.read("rejected.jsonl"));
    assert_eq!(rejected.len() + rows(&place.read("kept.jsonl")).len(), 202);
    let errors: Vec<_> = rejected.iter().filter(|row| row["status"] == "error").collect();
    assert_eq!(errors.len(), 29);
    assert_eq!(errors[0]["error"]["kind"], "not_json");
    assert!(rejected.iter().all(|row| row["v"] == 1 && row["verdict"] != "keep"));
    let positions: Vec<usize> = rejected.iter().filter_map(position).collect();
    assert!(positions.is_sorted(), "{positions:?}");
}

/// The number of a row of [`crawl`].
fn position(row: &Value) -> Option<usize> {
    let id = row["id"].as_str()?;
    let line = id.strip_prefix("crawl.jsonl#").map(|line| line.parse::<usize>().unwrap() - 1);
    line.or_else(|| id.strip_prefix('p').map(|number| number.parse().unwrap()))
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let place = Place::new();
    place.write("crawl.jsonl", crawl(400));
    for threads in [1, 2, 5] {
        let outputs = format!("-o kept{threads}.jsonl.zst --rejected rejected{threads}.jsonl");
        place.run(&format!("filter crawl.jsonl {outputs} --threads {threads}")).ends_with(2);
    }
    assert!(place.read("rejected1.jsonl").len() > 1000);
    for threads in [2, 5] {
        assert_eq!(place.read("kept1.jsonl.zst"), place.read(&format!("kept{threads}.jsonl.zst")));
        assert_eq!(place.read("rejected1.jsonl"), place.read(&format!("rejected{threads}.jsonl")));
    }
}

#[test]
fn compressed_outputs_hold_the_same_rows() {
    let place = Place::new();
    place.write("crawl.jsonl", crawl(60));
    for name in ["k.jsonl", "k.jsonl.gz", "k.jsonl.zst"] {
        place.run(&format!("filter crawl.jsonl -o {name} --rejected r{name}")).ends_with(2);
        for name in [name.to_owned(), format!("r{name}")] {
            let plain = name.trim_end_matches(".gz").trim_end_matches(".zst");
            assert_eq!(unzipped(&name, &place.read(&name)), place.read(plain), "{name}");
        }
    }
}

/// Waits until the journal says that a section is done.
fn wait_for_section(journal: &Path) {
    let started = Instant::now();
    let position = || {
        let journal: Value = serde_json::from_slice(&fs::read(journal).ok()?).ok()?;
        journal["place"]["position"].as_u64()
    };
    while position().unwrap_or(0) == 0 {
        assert!(started.elapsed() < Duration::from_mins(2), "no section was finished");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_run_that_was_killed_goes_on_without_a_row_lost_or_repeated() {
    let lines = crawl(400);
    for suffix in ["", ".gz", ".zst"] {
        let place = Place::new();
        let arguments =
            |name: &str| format!("filter - -o {name}.k.jsonl{suffix} --rejected {name}.r.jsonl{suffix}");
        place.run_on(&arguments("whole"), lines.as_bytes()).ends_with(2);
        // Standard input stays open, so the run cannot have ended when it is killed.
        let mut child = place.command(&arguments("cut")).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(lines.as_bytes()).unwrap();
        stdin.flush().unwrap();
        wait_for_section(&place.path(&format!(".cut.k.jsonl{suffix}.journal")));
        child.kill().unwrap();
        child.wait().unwrap();
        drop(stdin);
        // A row that was torn in the middle, as a crash leaves it.
        let torn = format!("cut.r.jsonl{suffix}");
        fs::OpenOptions::new()
            .append(true)
            .open(place.path(&torn))
            .unwrap()
            .write_all(b"{\"v\":1,\"id")
            .unwrap();
        let same = arguments("cut").replace("cut.r", "./cut.r");
        place.run_on(&format!("{same} --resume"), lines.as_bytes()).ends_with(2).says("cannot resume");
        let resumed = place.run_on(&format!("{} --resume", arguments("cut")), lines.as_bytes()).ends_with(2);
        assert!(resumed.err.contains("with the run that was resumed"), "{}", resumed.err);
        for part in ["k", "r"] {
            let name = |run: &str| format!("{run}.{part}.jsonl{suffix}");
            assert!(place.read(&name("whole")) == place.read(&name("cut")), "{} differs", name("cut"));
        }
    }
}

#[test]
fn a_run_on_a_file_can_be_killed_at_any_moment() {
    let place = Place::new();
    place.write("crawl.jsonl", crawl(600));
    let arguments =
        |name: &str| format!("filter crawl.jsonl -o {name}.jsonl.gz --rejected {name}.rejected.jsonl -q");
    place.run(&arguments("whole")).ends_with(2);
    for delay in [0, 5, 30, 120, 350] {
        let mut child = place.command(&arguments("cut")).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        place.run(&format!("{} --resume", arguments("cut"))).ends_with(2);
        for suffix in ["jsonl.gz", "rejected.jsonl"] {
            let read = |run: &str| place.read(&format!("{run}.{suffix}"));
            assert!(read("whole") == read("cut"), "{suffix} differs after {delay} ms");
            fs::remove_file(place.path(&format!("cut.{suffix}"))).unwrap();
        }
        fs::remove_file(place.path(".cut.jsonl.gz.journal")).unwrap();
    }
}

#[test]
fn a_finished_run_is_not_done_again() {
    let place = Place::new();
    place.write("a.html", article(1));
    place.run("filter a.html -o kept.jsonl --resume").ends_with(0);
    let before = place.read("kept.jsonl");
    place.run("filter a.html -o kept.jsonl --resume").ends_with(0).says("finished already");
    assert_eq!(place.read("kept.jsonl"), before);
}

#[test]
fn resuming_another_run_is_refused_and_says_what_differs() {
    let place = Place::new();
    place.write("a.html", article(1)).write("b.html", article(2));
    place.run("filter a.html -o kept.jsonl").ends_with(0);
    let resumed =
        |arguments: &str| place.run(&format!("filter {arguments} -o kept.jsonl --resume")).ends_with(2);
    resumed("a.html --profile recall").says("--profile was `balanced` and is `recall` now");
    resumed("a.html b.html").says("names or sizes");
    fs::remove_file(place.path(".kept.jsonl.journal")).unwrap();
    place.write("kept.jsonl", "rows of another run");
    resumed("a.html").says("without its journal");
}

#[test]
fn an_output_that_exists_is_not_overwritten_unasked() {
    let place = Place::new();
    place.write("a.html", article(1)).write("kept.jsonl", "mine").write("rejected.jsonl", "mine too");
    place.run("filter a.html -o kept.jsonl").ends_with(2).says("--force");
    place.run("filter a.html --rejected rejected.jsonl").ends_with(2).says("--force");
    assert_eq!(place.read("kept.jsonl"), b"mine");
    place.run("filter a.html -o kept.jsonl --rejected rejected.jsonl --force").ends_with(0);
    let rows = [rows(&place.read("kept.jsonl")), rows(&place.read("rejected.jsonl"))].concat();
    assert_eq!(rows.len(), 1);
}

#[test]
fn one_file_cannot_serve_two_purposes() {
    let place = Place::new();
    place.write("in/a.html", article(1));
    place.run("filter in/a.html -o x.jsonl --rejected ./x.jsonl").ends_with(2).says("different names");
    place.run("filter in/a.html -o in/../in/a.html --force").ends_with(2).says("both input and output");
    place.run("filter in -o in/kept.jsonl").ends_with(2).says("inside the input folder");
    assert_eq!(place.read("in/a.html"), article(1).as_bytes());
    place.run("filter in/a.html -o x.jsonl --rejected -").ends_with(2).says("needs the name of a file");
    assert!(!place.path("-").exists());
}

#[test]
fn a_folder_without_pages_is_an_error() {
    let place = Place::new();
    fs::create_dir(place.path("empty")).unwrap();
    place.run("filter empty -o kept.jsonl").ends_with(2).says("no page was found");
    assert!(!place.path("kept.jsonl").exists());
}

#[test]
fn an_output_that_cannot_be_written_is_one_line() {
    let place = Place::new();
    place.write("a.html", article(1));
    let ran = place.run("filter a.html -o no/such/folder/kept.jsonl").ends_with(2).says("cannot write");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_line_and_an_error() {
    let place = Place::new();
    place.write("crawl.jsonl", crawl(300));
    let ran = place
        .run("filter crawl.jsonl -q -o k.jsonl --rejected /dev/full")
        .ends_with(2)
        .says("cannot write `/dev/full`");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    let journal: Value = serde_json::from_slice(&place.read(".k.jsonl.journal")).unwrap();
    assert_eq!(journal["done"], false);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new();
    place.write(
        "crawl.jsonl",
        (0..400).map(|n| format!("{}\n", serde_json::json!({"html": article(n)}))).collect::<String>(),
    );
    let mut child = place.command("filter crawl.jsonl --keep-review --blocks").spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(&first, b"{\"v\":1,\"id");
}

#[test]
fn score_exits_by_the_verdict() {
    let place = Place::new();
    for (name, page) in
        [("long.html", (0..30).map(article).collect::<String>()), ("empty.html", String::new())]
    {
        place.write(name, page);
        let ran = place.run(&format!("score {name} --json"));
        let row = &rows(ran.out.as_bytes())[0];
        let kept = row["verdict"] == "keep";
        assert_eq!(ran.code, Some(i32::from(!kept)), "{}", ran.out);
        let text = place.run(&format!("score {name}"));
        assert_eq!(text.code, ran.code);
        assert!(
            text.out.starts_with(&format!("verdict      {}\n", row["verdict"].as_str().unwrap())),
            "{}",
            text.out
        );
    }
    place.run("score missing.html").ends_with(2).says("missing.html");
}

#[cfg(feature = "ad-rules")]
#[test]
fn an_ad_blockers_list_makes_ads_of_what_it_hides() {
    let place = Place::new();
    let slot = "<div class=kettles><p>Buy two kettles for the price of one</p></div>";
    place.write("a.html", article(1).replace("</body>", &format!("{slot}</body>")));
    place.write("list.txt", "[Adblock Plus 2.0]\n! own\n##.kettles\n||ads.example^\n");
    let row = place.run("score a.html --json --blocks --ad-rules list.txt");
    assert!(row.out.contains("\"ad_rule\"") && row.out.contains("your ad rules hit"), "{}", row.out);
    assert!(!place.run("score a.html --json --blocks").out.contains("ad_rule"));
    place.run("filter a.html -o kept.jsonl --ad-rules list.txt").ends_with(0);
    place.write("list.txt", "##.other\n");
    place.run("filter a.html -o kept.jsonl --ad-rules list.txt --resume").ends_with(2).says("--ad-rules was");
    place.run("label a.html --ad-rules a.html").ends_with(2).says("a.html:1: expected a filter list");
    place.run("body a.html --ad-rules missing.txt").ends_with(2).says("missing.txt");
}

#[test]
fn selectors_and_rules_of_a_site_overrule_the_model() {
    let place = Place::new();
    place.write("a.html", article(1)).write("my.rules", "# bridges\nbridge.example keep nav\n* drop h1, p\n");
    let body = |arguments: &str| place.run(&format!("body a.html {arguments}")).ends_with(0).out;
    let kept = body("--drop-selector article --drop-selector p --keep-selector nav --keep-selector h1");
    assert_eq!(kept, "Home\nPage 1\n");
    assert_eq!(body("--rules my.rules --url https://www.bridge.example/1"), "Home\n");
    assert!(!body("--rules my.rules --url https://other.example/1").contains("council"));
    let row =
        place.run("score a.html --json --blocks --keep-selector nav --drop-selector article").ends_with(0);
    assert!(row.out.contains("\"keep_selector\"") && row.out.contains("\"user_rules\""), "{}", row.out);
    place.run("label a.html --keep-selector div..x").ends_with(2).says("`div..x` is no CSS selector");

    place.run("filter a.html -o kept.jsonl --rules my.rules").ends_with(0);
    place.write("my.rules", "* keep nav\n");
    place.run("filter a.html -o kept.jsonl --rules my.rules --resume").ends_with(2).says("--rules was");
    place.write("my.rules", "* keep nav\nbridge.example\n");
    place.run("filter a.html --rules my.rules").ends_with(2).says("my.rules:2: expected a host or `*`");
    place.run("filter a.html --rules missing.rules").ends_with(2).says("missing.rules");
}

#[test]
fn commands_of_one_page_refuse_more() {
    let place = Place::new();
    place.write("crawl.jsonl", crawl(2)).write("pages/a.html", article(1));
    place.run("score crawl.jsonl").ends_with(2).says("use `pagesieve filter`");
    place.run("body pages").ends_with(2).says("use `pagesieve filter`");
    let row = place.run_on("score --json --as text -", "一行文字".as_bytes()).out;
    assert_eq!(rows(row.as_bytes()).len(), 1);
}

#[test]
fn label_writes_colours_only_where_they_are_wanted() {
    let place = Place::new();
    place.write("a.html", article(1));
    let plain = place.run("label a.html").ends_with(0).out;
    assert!(plain.contains(" │ Page 1\n") && !plain.contains('\u{1b}'), "{plain}");
    assert!(place.run("label a.html --color always --explain").ends_with(0).out.contains("\u{1b}[1m"));
    place.run("label a.html --width 5").ends_with(2).says("40");
}

#[test]
fn a_model_with_one_byte_changed_is_refused() {
    let place = Place::new();
    let mut model = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/models/blocks.model")).unwrap();
    place.write("whole.model", &model).write("a.html", article(1));
    place.run("model verify whole.model").ends_with(0);
    place.run("model verify").ends_with(0);
    assert!(place.run("model show").ends_with(0).out.contains("algorithm"));
    let middle = model.len() / 2;
    model[middle] ^= 1;
    place.write("damaged.model", &model);
    for command in ["model verify damaged.model", "score a.html --model damaged.model"] {
        let ran = place.run(command).ends_with(2).says("model `damaged.model`");
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
    place.run("model verify missing.model").ends_with(2).says("missing.model");
}

#[test]
fn figures_below_their_floor_give_exit_code_1() {
    let place = Place::new();
    let gold =
        |number: usize| serde_json::json!({"id": format!("p{number}"), "text": "council bridge spring"});
    for number in 0..3 {
        place.write(&format!("set/html/p{number}.html"), article(number));
    }
    place.write("set/gold.jsonl", (0..3).map(|number| format!("{}\n", gold(number))).collect::<String>());
    place
        .write("high.json", r#"{"set": {"word_f1": 1.01}}"#)
        .write("low.json", r#"{"set": {"word_f1": 0.0}}"#);
    assert!(place.run("eval set").ends_with(0).out.contains("set"));
    place.run("eval set --floors low.json --predictions out").ends_with(0);
    assert_eq!(rows(&place.read("out/set.jsonl")).len(), 3);
    place.run("eval set --floors high.json").ends_with(1).says("below its floor");
    let json: Value = serde_json::from_str(&place.run("eval set --json").ends_with(0).out).unwrap();
    assert_eq!(json["sets"]["set"]["all"]["pages"], 3);
    place.run("eval nowhere").ends_with(2).says("nowhere");
}

#[cfg(feature = "train")]
#[test]
fn training_writes_the_same_model_twice_and_filter_uses_it() {
    let place = Place::new();
    let gold = |number: usize| {
        let url = format!("https://site{number}.example/");
        serde_json::json!({"id": format!("p{number}"), "url": url, "text": format!("Page {number}")})
    };
    for number in 0..6 {
        place.write(&format!("set/html/p{number}.html"), article(number));
    }
    place.write("set/gold.jsonl", (0..6).map(|number| format!("{}\n", gold(number))).collect::<String>());
    let table = place.run("train set -o one --folds 2").ends_with(0).out;
    assert!(table.lines().nth(1).unwrap().starts_with("set "), "{table}");
    assert!(table.contains("probability of main content, out of fold"), "{table}");
    let header: Value = serde_json::from_slice(&place.read("one/blocks.json")).unwrap();
    assert!(header["metrics"]["all blocks"]["ece"].as_f64().is_some_and(|ece| ece < 1.0), "{header}");
    assert_eq!(header["metrics"]["all blocks as text"]["blocks"], 12.0, "{header}");
    place.run("train set -o two --folds 2 -q").ends_with(0);
    assert!(place.read("one/blocks.model") == place.read("two/blocks.model"));
    place.run("model verify one/blocks.model").ends_with(0);
    place.run("label set/html/p1.html --model one/blocks.model").ends_with(0);
    place.run("train set -o three --folds 9").ends_with(2).says("too few");
    place.run("train nowhere -o three").ends_with(2).says("nowhere");
}

#[test]
fn a_mirrored_page_is_repaired_and_converted_by_every_command_that_gives_a_body() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("training_data/pages/zh-mirror-railway.html");
    let place = Place::new();
    place.write("a.html", fs::read(page).unwrap());
    let body = place.run("body a.html").ends_with(0).out;
    assert!(body.starts_with("高山小火車復駛 舊機車頭換上電池再出發\n"), "{body}");
    let body = place.run("body a.html --to-simplified --format markdown").ends_with(0).out;
    assert!(body.starts_with("# 高山小火车复驶 旧机车头换上电池再出发\n"), "{body}");
    let row = &rows(place.run("filter a.html --to-simplified --keep-review").ends_with(0).out.as_bytes())[0];
    assert_eq!(
        (&row["lang"], &row["title"]),
        (&"zh".into(), &"高山小火车复驶 旧机车头换上电池再出发".into())
    );
    assert_eq!(row["repairs"][0]["name"], "pinyin_brackets");
    let score = place.run("score a.html").ends_with(1).out;
    assert!(
        score.contains(" mirrored_page: ") && score.contains("\nrepair       pinyin_brackets: "),
        "{score}"
    );
    let listed = place.run("label a.html --to-simplified").ends_with(0).out;
    assert!(listed.contains("高山小火車(chē)復駛"), "{listed}");
}

#[cfg(feature = "fetch")]
#[test]
fn a_url_on_this_machine_needs_a_flag() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/page", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 1024];
            let read = stream.read(&mut request).unwrap_or(0);
            let page = article(7);
            let answer = if request[..read].starts_with(b"GET /page") {
                format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
                    page.len()
                )
            } else {
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned()
            };
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let place = Place::new();
    place.run(&format!("body {url}")).ends_with(2).says("cannot fetch");
    let listed = place.run(&format!("label {url} --allow-private-addresses")).ends_with(0).out;
    assert!(listed.contains("bridge number 7"), "{listed}");
}

//! Bytes that nobody made on purpose: seeds of every kind of input, changed at random.
//!
//! Runs a second of each target with a fixed seed, or as long as is wanted with another one:
//!
//! ```text
//! cargo test --release --test fuzz -- --seconds 120 --seed 7
//! cargo test --release --test fuzz -- --target pages --case 3 --seed 7
//! ```
//!
//! A case is made of the seed, the target's name and the case's number alone, so that what failed comes again. What is not
//! as it must be ends the run with the command for that case; bytes and answer are written to `target/fuzz`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a target fails where it panics, and the program is for people to watch"
)]

mod inputs;
mod mutation;
mod pages;
mod tables;

use mutation::Random;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Makes the bytes of a case, and says what must hold of them.
struct Target {
    name: &'static str,
    make: fn(&mut Random) -> Vec<u8>,
    check: fn(&[u8], &mut Random),
}

const TARGETS: [Target; 8] = [
    Target { name: "pages", make: pages::html, check: pages::check_html },
    Target { name: "text", make: pages::text, check: pages::check_text },
    Target { name: "json-lines", make: inputs::json_lines, check: inputs::check_json_lines },
    Target { name: "warc", make: inputs::warc, check: inputs::check_warc },
    Target { name: "models", make: tables::model, check: tables::check_model },
    Target { name: "lists", make: tables::list, check: tables::check_list },
    Target { name: "rules", make: tables::rules, check: tables::check_rules },
    Target { name: "settings", make: tables::settings, check: tables::check_settings },
];

/// What the command line asks for.
struct Wanted {
    seconds: u64,
    seed: u64,
    target: Option<String>,
    case: Option<u64>,
}

impl Wanted {
    /// Arguments of cargo's own test harness are passed over.
    fn read() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let value = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            arguments.get(at + 1).cloned()
        };
        let number = |name: &str| value(name).map(|text| text.parse().expect("a number"));
        Self {
            seconds: number("--seconds").unwrap_or(8),
            seed: number("--seed").unwrap_or(1),
            target: value("--target"),
            case: number("--case"),
        }
    }
}

fn main() -> ExitCode {
    let wanted = Wanted::read();
    let targets: Vec<&Target> = TARGETS
        .iter()
        .filter(|target| wanted.target.as_ref().is_none_or(|name| name == target.name))
        .collect();
    println!("fuzz: seed {}, {} s for {} targets", wanted.seed, wanted.seconds, targets.len());
    let time = Duration::from_secs(wanted.seconds) / targets.len().max(1) as u32;
    let failed: Vec<&str> =
        targets.iter().filter(|target| !run(target, &wanted, time)).map(|target| target.name).collect();
    if targets.is_empty() || !failed.is_empty() {
        println!("fuzz: FAILED: {failed:?}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Runs the cases of a target; false where one fails.
fn run(target: &Target, wanted: &Wanted, time: Duration) -> bool {
    let started = Instant::now();
    if let Some(case) = wanted.case {
        return holds(target, wanted.seed, case);
    }
    let mut case = 0;
    while case == 0 || started.elapsed() < time {
        if !holds(target, wanted.seed, case) {
            return false;
        }
        case += 1;
    }
    println!("fuzz: {:<10} {case} cases", target.name);
    true
}

fn holds(target: &Target, seed: u64, case: u64) -> bool {
    let mut random = Random::new(seed, target.name, case);
    let bytes = (target.make)(&mut random);
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.check)(&bytes, &mut random)));
    if outcome.is_err() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
        let path = folder.join(format!("{}-{seed}-{case}", target.name));
        let saved = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, &bytes));
        println!("fuzz: {} failed; its bytes are in {} ({saved:?})", target.name, path.display());
        println!(
            "fuzz: cargo test --release --test fuzz -- --target {} --case {case} --seed {seed}",
            target.name
        );
    }
    outcome.is_ok()
}

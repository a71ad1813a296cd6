//! Counts of a run, and its summary.

mod examples;
mod hosts;

use crate::Report;
use crate::classify::Reason;
use crate::input::Counts;
use crate::output::printable;
use examples::Examples;
use hosts::Hosts;
pub(super) use hosts::Worst;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

/// Where a row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Kept,
    Rejected,
}

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Pages that were read, and their bytes.
    pub(super) pages: u64,
    pub(super) bytes: u64,
    pub(super) kept: u64,
    pub(super) rejected: u64,
    /// Rejected pages by their strongest reason.
    pub(super) reasons: BTreeMap<String, u64>,
    /// Pages by finding, kept or not; a page may have several.
    #[serde(default)]
    pub(super) findings: BTreeMap<String, u64>,
    /// Pages with a finding.
    #[serde(default)]
    found: u64,
    /// Blocks of all pages by label.
    #[serde(default)]
    pub(super) labels: BTreeMap<String, u64>,
    #[serde(default)]
    pub(super) hosts: Hosts,
    /// Collected where a report is asked for.
    #[serde(default)]
    pub(super) examples: Examples,
    /// Records and pages that gave an error row, by kind.
    pub(super) errors: BTreeMap<String, u64>,
    /// Errors among them of inputs that could be read when the run went on.
    #[serde(default)]
    mended: u64,
    /// Copies of earlier pages, `exact` and `near`.
    #[serde(default)]
    copies: BTreeMap<String, u64>,
    /// Pages that later ones were not compared with, as there was no room for them.
    #[serde(default)]
    uncompared: u64,
    /// Records that were passed over or repaired.
    passed: Counts,
}

/// What `--summary` writes. Fields may be added; none is removed or changed without another `v`.
#[derive(Serialize)]
struct SummaryFile<'a> {
    v: u8,
    program: &'static str,
    seconds: f64,
    pages: u64,
    bytes: u64,
    kept: u64,
    rejected: u64,
    /// By their strongest reason.
    rejected_by_reason: &'a BTreeMap<String, u64>,
    pages_by_finding: &'a BTreeMap<String, u64>,
    blocks_by_label: &'a BTreeMap<String, u64>,
    errors: &'a BTreeMap<String, u64>,
    /// Copies of earlier pages, `exact` and `near`.
    copies: &'a BTreeMap<String, u64>,
    /// Pages that later ones were not compared with.
    uncompared: u64,
    mended: u64,
    /// Records that were skipped or repaired, by reason.
    #[serde(flatten)]
    passed: &'a Counts,
    worst_hosts: Vec<Worst<'a>>,
}

/// Sites that a summary names.
const NAMED_HOSTS: usize = 5;

/// The name of a page's strongest reason, else its verdict.
fn strongest(report: &Report) -> &'static str {
    report.reasons().first().map_or(report.verdict().as_str(), |finding| finding.reason.as_str())
}

fn bump(counts: &mut BTreeMap<String, u64>, name: &str, by: u64) {
    match counts.get_mut(name) {
        Some(count) => *count += by,
        None => drop(counts.insert(name.to_owned(), by)),
    }
}

fn merge(counts: &mut BTreeMap<String, u64>, other: &BTreeMap<String, u64>) {
    for (name, count) in other {
        bump(counts, name, *count);
    }
}

impl Tally {
    /// The counts of a batch with which so many inputs are read that failed before.
    pub(super) fn of_mended(mended: u64) -> Self {
        Self { mended, ..Self::default() }
    }

    /// Counts a page that was read.
    pub(super) fn read(&mut self, bytes: usize) {
        self.pages += 1;
        self.bytes += bytes as u64;
    }

    /// Counts a page that was judged.
    pub(super) fn judged(&mut self, report: &Report, target: Target) {
        match target {
            Target::Kept => self.kept += 1,
            Target::Rejected => {
                self.rejected += 1;
                bump(&mut self.reasons, strongest(report), 1);
            }
        }
        self.found += u64::from(!report.reasons().is_empty());
        let findings: BTreeSet<&str> =
            report.reasons().iter().map(|finding| finding.reason.as_str()).collect();
        for name in findings {
            bump(&mut self.findings, name, 1);
        }
        report.blocks().for_each(|(_, said)| bump(&mut self.labels, said.label.as_str(), 1));
        self.hosts.judged(report);
    }

    /// Takes examples of a page that was judged.
    pub(super) fn exemplify(&mut self, report: &Report, target: Target) {
        self.examples.judged(report, target);
    }

    /// Counts a page, which was counted as judged, as a copy; `found` says whether it had a finding before.
    pub(super) fn copied(&mut self, target: Target, is_exact: bool, found: bool) {
        let name = Reason::DuplicatePage.as_str();
        if target == Target::Kept {
            self.kept -= 1;
            self.rejected += 1;
            bump(&mut self.reasons, name, 1);
        }
        self.found += u64::from(!found);
        bump(&mut self.findings, name, 1);
        bump(&mut self.copies, if is_exact { "exact" } else { "near" }, 1);
    }

    /// Counts a page that later ones are not compared with.
    pub(super) fn uncompared(&mut self) {
        self.uncompared += 1;
    }

    /// Counts an error row.
    pub(super) fn failed(&mut self, kind: &str) {
        bump(&mut self.errors, kind, 1);
    }

    /// Adds the counts of a batch.
    pub(super) fn add(&mut self, other: &Self) {
        self.pages += other.pages;
        self.bytes += other.bytes;
        self.kept += other.kept;
        self.rejected += other.rejected;
        merge(&mut self.reasons, &other.reasons);
        merge(&mut self.findings, &other.findings);
        self.found += other.found;
        merge(&mut self.labels, &other.labels);
        self.hosts.add(&other.hosts);
        self.examples.add(&other.examples);
        merge(&mut self.errors, &other.errors);
        merge(&mut self.copies, &other.copies);
        self.uncompared += other.uncompared;
        self.mended += other.mended;
        self.passed.add(&other.passed);
    }

    /// This with the records that were passed over since.
    pub(super) fn with_passed(&self, passed: &Counts) -> Self {
        let mut tally = self.clone();
        tally.passed.add(passed);
        tally
    }

    pub(super) fn has_errors(&self) -> bool {
        self.errors.values().sum::<u64>() > self.mended
    }

    /// Writes the summary to standard error; `elapsed` and the rates are those of this start of the run.
    pub(super) fn write_summary(&self, elapsed: Duration, before: &Self) {
        let text = self.summary(elapsed, before);
        // Where standard error is closed, there is nobody to tell.
        let _ = io::stderr().lock().write_all(printable(&text).as_bytes());
    }

    /// The summary as JSON, for programs; its counts are those of the whole run, the seconds those of this start of it.
    pub(super) fn summary_file(&self, elapsed: Duration) -> serde_json::Result<Vec<u8>> {
        let file = SummaryFile {
            v: 1,
            program: concat!("pagesieve ", env!("CARGO_PKG_VERSION")),
            seconds: elapsed.as_secs_f64(),
            pages: self.pages,
            bytes: self.bytes,
            kept: self.kept,
            rejected: self.rejected,
            rejected_by_reason: &self.reasons,
            pages_by_finding: &self.findings,
            blocks_by_label: &self.labels,
            errors: &self.errors,
            copies: &self.copies,
            uncompared: self.uncompared,
            mended: self.mended,
            passed: &self.passed,
            worst_hosts: self.hosts.worst(NAMED_HOSTS),
        };
        serde_json::to_vec_pretty(&file)
    }

    /// Records that were passed over, by reason.
    pub(super) fn skipped(&self) -> BTreeMap<String, u64> {
        self.passed.skipped().map(|(reason, count)| (reason.to_owned(), count)).collect()
    }

    /// Records that were repaired, by reason.
    pub(super) fn repaired(&self) -> BTreeMap<String, u64> {
        self.passed.repaired().map(|(reason, count)| (reason.to_owned(), count)).collect()
    }

    fn summary(&self, elapsed: Duration, before: &Self) -> String {
        let seconds = elapsed.as_secs_f64().max(1e-3);
        let pages = self.pages - before.pages;
        let noun = if pages == 1 { "page" } else { "pages" };
        let rate = pages as f64 / seconds;
        let megabytes = (self.bytes - before.bytes) as f64 / 1e6 / seconds;
        let mut text = format!("{pages} {noun} in {seconds:.1} s: {rate:.1} pages/s, {megabytes:.1} MB/s\n");
        if before.pages > 0 {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "with the run that was resumed: {} pages", self.pages);
        }
        section(&mut text, "kept", self.kept, &BTreeMap::new());
        section(&mut text, "rejected", self.rejected, &self.reasons);
        // Where only rejected pages have findings, one each, that section has told them.
        if self.findings != self.reasons {
            section(&mut text, "with a finding", self.found, &self.findings);
        }
        if !self.labels.is_empty() {
            section(&mut text, "blocks", self.labels.values().sum(), &self.labels);
        }
        if !self.copies.is_empty() {
            section(&mut text, "copies", self.copies.values().sum(), &self.copies);
        }
        if self.uncompared > 0 {
            section(&mut text, "not compared with", self.uncompared, &BTreeMap::new());
        }
        self.hosts.write(&mut text, NAMED_HOSTS);
        let counts =
            [("errors", self.errors.clone()), ("skipped", self.skipped()), ("repaired", self.repaired())];
        for (name, counts) in counts.iter().filter(|(_, counts)| !counts.is_empty()) {
            section(&mut text, name, counts.values().sum(), counts);
        }
        if self.mended > 0 {
            section(&mut text, "inputs read later", self.mended, &BTreeMap::new());
        }
        text
    }
}

/// Counts, the most frequent first.
pub(super) fn most_frequent(counts: &BTreeMap<String, u64>) -> Vec<(&String, &u64)> {
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    sorted
}

/// A count and what it is made of, the most frequent first.
fn section(text: &mut String, name: &str, total: u64, parts: &BTreeMap<String, u64>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "  {name:<22} {total:>9}");
    for (part, count) in most_frequent(parts) {
        let _ = writeln!(text, "    {part:<20} {count:>9}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Filter, Verdict};

    #[test]
    fn the_summary_names_reasons_errors_and_rates() {
        let mut tally = Tally::default();
        tally.read(2_000_000);
        tally.judged(&Report::unread("a"), Target::Rejected);
        tally.failed("truncated");
        tally.passed = serde_json::from_str(r#"{"skipped": {"not_a_page": 3}, "repaired": {}}"#).unwrap();
        let text = tally.summary(Duration::from_secs(2), &Tally::default());
        assert!(text.starts_with("1 page in 2.0 s: 0.5 pages/s, 1.0 MB/s\n"), "{text}");
        for line in
            ["kept 0", "rejected 1", "review 1", "errors 1", "truncated 1", "skipped 3", "not_a_page 3"]
        {
            let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.lines().any(|found| squeezed(found) == line), "{line} in {text}");
        }
    }

    #[test]
    fn adding_tallies_adds_every_count() {
        let mut one = Tally::default();
        one.read(5);
        one.failed("panic");
        let mut two = one.clone();
        two.add(&one);
        assert_eq!((two.pages, two.bytes, two.errors.get("panic")), (2, 10, Some(&2)));
    }

    #[test]
    fn the_summary_counts_blocks_by_label_and_pages_by_finding() {
        let report =
            Filter::builtin().check(&Document::text("京ICP备12345678号-1").with_url("https://a.example/"));
        assert_eq!((report.verdict(), report.reasons().len()), (Verdict::Drop, 1), "{report:?}");
        let mut tally = Tally::default();
        tally.judged(&report, Target::Kept);
        tally.add(&tally.clone());
        let text = tally.summary(Duration::from_secs(1), &Tally::default());
        let reason = report.reasons()[0].reason.as_str();
        let squeezed: Vec<String> =
            text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        for line in ["with a finding 2", &format!("{reason} 2"), "blocks 2", "legal 2", "a.example 2 of 2"] {
            assert!(squeezed.iter().any(|found| found == line), "{line} in {text}");
        }
    }

    #[test]
    fn a_tally_without_the_newer_counts_is_read() {
        let old = r#"{"pages":3,"bytes":9,"kept":1,"rejected":2,"reasons":{},"errors":{},
            "passed":{"skipped":{},"repaired":{}}}"#;
        let tally: Tally = serde_json::from_str(old).unwrap();
        assert_eq!((tally.pages, tally.found), (3, 0));
        let json = serde_json::to_string(&tally).unwrap();
        assert_eq!(serde_json::from_str::<Tally>(&json).unwrap(), tally);
    }
}

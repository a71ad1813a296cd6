//! The report of a run, for people: one HTML page that needs nothing else.

use super::tally::{Tally, Worst, most_frequent};
use crate::classify::{Label, Reason};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

const HEAD: &str = include_str!("report.html");
/// Sites that are named.
const HOSTS: usize = 20;

/// The page; its counts are those of the whole run, the seconds those of this start of it.
pub(super) fn html(tally: &Tally, elapsed: Duration) -> String {
    let mut page = Page(HEAD.to_owned());
    page.head(tally, elapsed);
    page.counts("Rejected pages by their strongest reason", &tally.reasons, reason);
    page.counts("Findings of all pages, kept or not", &tally.findings, reason);
    page.counts("Blocks of all pages", &tally.labels, label);
    page.hosts(&tally.hosts.worst(HOSTS));
    let examples = &tally.examples;
    page.examples(
        "Rejected pages, the first of each reason",
        &examples.rejected,
        |_| "",
        |example| [&example.page, &example.title, &example.why],
    );
    page.examples("What was cut from kept pages, the first of each kind", &examples.cut, label, |example| {
        [&example.text, &example.page]
    });
    page.counts("Errors", &tally.errors, |_| "");
    page.counts("Records passed over", &tally.skipped(), |_| "");
    page.counts("Records repaired", &tally.repaired(), |_| "");
    page.0
}

fn reason(name: &str) -> &'static str {
    Reason::from_name(name).map_or("", Reason::meaning)
}

fn label(name: &str) -> &'static str {
    Label::from_name(name).map_or("", Label::meaning)
}

/// HTML that is being written. Writing to a String cannot fail.
struct Page(String);

impl Page {
    fn head(&mut self, tally: &Tally, elapsed: Duration) {
        let errors: u64 = tally.errors.values().sum();
        let judged = (tally.kept + tally.rejected).max(1);
        let percent = |count: u64| 100.0 * count as f64 / judged as f64;
        let (kept, rejected) = (percent(tally.kept), percent(tally.rejected));
        let tiles = [
            ("pages", tally.pages.to_string()),
            ("kept", format!("{kept:.1} %")),
            ("rejected", format!("{rejected:.1} %")),
            ("error rows", errors.to_string()),
            ("MB", format!("{:.1}", tally.bytes as f64 / 1e6)),
            ("seconds", format!("{:.1}", elapsed.as_secs_f64())),
        ];
        self.0.push_str("<h1>Report of a run</h1><div class=tiles>");
        for (name, value) in tiles {
            let _ = write!(self.0, "<div><b>{value}</b><span class=soft>{name}</span></div>");
        }
        let _ = write!(
            self.0,
            "</div><div class=share><i style='width:{kept:.2}%'></i><i style='width:{rejected:.2}%'></i></div>\
             <p class=soft>{} kept, {} rejected; pagesieve {}</p>",
            tally.kept,
            tally.rejected,
            env!("CARGO_PKG_VERSION")
        );
    }

    /// Counts as bars, the largest first, each with its meaning.
    fn counts(
        &mut self,
        title: &str,
        counts: &BTreeMap<String, u64>,
        meaning: impl Fn(&str) -> &'static str,
    ) {
        let Some(most) = counts.values().max() else { return };
        let _ = write!(self.0, "<h2>{title}</h2><table>");
        for (name, count) in most_frequent(counts) {
            let width = 100.0 * *count as f64 / (*most).max(1) as f64;
            let _ = write!(
                self.0,
                "<tr><td><code>{}</code> <span class=soft>{}</span><td class=n>{count}<td class=c><i style='width:{width:.1}%'></i>",
                escaped(name),
                escaped(meaning(name))
            );
        }
        self.0.push_str("</table>");
    }

    fn hosts(&mut self, worst: &[Worst<'_>]) {
        if worst.is_empty() {
            return;
        }
        self.0.push_str(
            "<h2>Sites with bad pages (dropped, or spam)</h2><table><tr><th>site<th>bad<th>of pages",
        );
        for Worst { host, bad, pages } in worst {
            let _ = write!(self.0, "<tr><td>{}<td class=n>{bad}<td class=n>{pages}", escaped(host));
        }
        self.0.push_str("</table>");
    }

    /// Examples of each name, a row of texts for each; the last text stands back.
    fn examples<T, const N: usize>(
        &mut self,
        title: &str,
        examples: &BTreeMap<String, Vec<T>>,
        meaning: impl Fn(&str) -> &'static str,
        cells: impl Fn(&T) -> [&String; N],
    ) {
        if examples.is_empty() {
            return;
        }
        let _ = write!(self.0, "<h2>{title}</h2>");
        for (name, examples) in examples {
            let (meaning, name) = (escaped(meaning(name)), escaped(name));
            let _ = write!(
                self.0,
                "<details open><summary><code>{name}</code> <span class=soft>{meaning}</span></summary><table>"
            );
            for example in examples {
                self.0.push_str("<tr>");
                for (at, cell) in cells(example).into_iter().enumerate() {
                    let class = if at + 1 == N { " class=soft" } else { "" };
                    let _ = write!(self.0, "<td{class}>{}", escaped(cell));
                }
            }
            self.0.push_str("</table></details>");
        }
    }
}

/// Text of pages in HTML: nothing of it is markup, and control characters are gone.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tally::Target;
    use super::*;
    use crate::{Document, Filter};

    #[test]
    fn the_report_has_counts_with_meanings_and_examples_as_text() {
        let page = "<title>Buy <b>now</title><p>京ICP备12345678号-1";
        let document = Document::html(page).with_url("https://a.example/?q=<script>");
        let mut tally = Tally::default();
        tally.judged(&Filter::builtin().check(&document), Target::Rejected);
        tally.exemplify(&Filter::builtin().check(&document), Target::Rejected);
        tally.exemplify(&Filter::builtin().check(&document), Target::Kept);
        let html = html(&tally, Duration::from_secs(1));
        let name = tally.reasons.keys().next().unwrap();
        for part in
            ["<b>100.0 %</b>", reason(name), label("legal"), "京ICP备12345678号-1", "?q=&lt;script&gt;"]
        {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert!(!html.contains("<script"));
    }
}

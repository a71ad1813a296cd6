//! Which sites most bad pages come from.

use crate::page::registrable_domain;
use crate::{Report, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Sites that are counted: the first so many of a run. Together they take about a megabyte.
const MOST: usize = 10_000;
/// A score of this height makes a page a bad one: it is more likely than not.
const SPAM: f32 = 0.5;

/// Pages by registrable domain, and how many of them are bad.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Hosts {
    /// By domain.
    counts: BTreeMap<String, Count>,
    /// Pages of sites that were not counted any more.
    uncounted: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    pages: u64,
    bad: u64,
}

/// A site with bad pages.
#[derive(Debug, Clone, Copy, Serialize)]
pub(in super::super) struct Worst<'a> {
    pub(in super::super) host: &'a str,
    pub(in super::super) bad: u64,
    pub(in super::super) pages: u64,
}

impl Count {
    /// A share that is surely reached: the lower end of Wilson's 95 % interval. One bad page of one says less about a
    /// site than ninety of a hundred.
    fn sure_share(self) -> f64 {
        const Z: f64 = 1.96;
        let (n, share) = (self.pages.max(1) as f64, self.bad as f64 / self.pages.max(1) as f64);
        let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        (share + Z * Z / (2.0 * n) - spread) / (1.0 + Z * Z / n)
    }
}

/// Whether a page is one that nobody wants: nothing to save, or spam.
fn is_bad(report: &Report) -> bool {
    let scores = report.scores();
    let spam = [scores.adult, scores.gambling, scores.scam, scores.seo];
    report.verdict() == Verdict::Drop || spam.iter().any(|score| *score >= SPAM)
}

impl Hosts {
    /// Counts a page that was judged, if its URL is known.
    pub(super) fn judged(&mut self, report: &Report) {
        let domain = report.page().source().url.as_deref().and_then(registrable_domain);
        if let Some(domain) = domain {
            self.count(&domain, Count { pages: 1, bad: u64::from(is_bad(report)) });
        }
    }

    fn count(&mut self, domain: &str, by: Count) {
        if let Some(count) = self.counts.get_mut(domain) {
            count.pages += by.pages;
            count.bad += by.bad;
        } else if self.counts.len() < MOST {
            self.counts.insert(domain.to_owned(), by);
        } else {
            self.uncounted += by.pages;
        }
    }

    /// Adds the counts of a batch.
    pub(super) fn add(&mut self, other: &Self) {
        other.counts.iter().for_each(|(domain, count)| self.count(domain, *count));
        self.uncounted += other.uncounted;
    }

    /// The `most` sites with the largest share of bad pages, the worst first.
    pub(in super::super) fn worst(&self, most: usize) -> Vec<Worst<'_>> {
        let mut bad: Vec<_> = self.counts.iter().filter(|(_, count)| count.bad > 0).collect();
        bad.sort_by(|(_, a), (_, b)| b.sure_share().total_cmp(&a.sure_share()));
        bad.truncate(most);
        bad.into_iter().map(|(host, Count { pages, bad })| Worst { host, bad: *bad, pages: *pages }).collect()
    }

    /// Writes the worst sites, if any has a bad page.
    pub(super) fn write(&self, text: &mut String, most: usize) {
        let worst = self.worst(most);
        if worst.is_empty() {
            return;
        }
        let width = worst.iter().map(|worst| worst.host.chars().count()).max().unwrap_or(0).max(20);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  {:<w$} {:>9}  of pages (dropped, or spam)",
            "worst hosts",
            "bad",
            w = width + 2
        );
        for Worst { host, bad, pages } in worst {
            let _ = writeln!(text, "    {host:<width$} {bad:>9}  of {pages}");
        }
        if self.uncounted > 0 {
            let uncounted = self.uncounted;
            let _ = writeln!(
                text,
                "    only the first {MOST} hosts were counted, {uncounted} pages are of others"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(counts: &[(&str, u64, u64)]) -> Hosts {
        let mut hosts = Hosts::default();
        for (domain, bad, pages) in counts {
            hosts.count(domain, Count { pages: *pages, bad: *bad });
        }
        hosts
    }

    #[test]
    fn the_worst_host_is_the_one_whose_large_share_is_sure() {
        let found =
            hosts(&[("a.example", 1, 1), ("b.example", 90, 100), ("c.example", 0, 9), ("d.example", 5, 500)]);
        let names: Vec<&str> = found.worst(5).into_iter().map(|worst| worst.host).collect();
        assert_eq!(names, ["b.example", "a.example", "d.example"]);
    }

    #[test]
    fn a_page_counts_for_the_domain_that_somebody_has_registered() {
        let mut report = Report::unread("a");
        let mut found = Hosts::default();
        found.judged(&report);
        report.page.source.url = Some("https://www.spam.example.com.cn/x".to_owned());
        found.judged(&report);
        report.scores.gambling = 0.7;
        found.judged(&report);
        report.scores.gambling = 0.0;
        report.verdict = Verdict::Drop;
        found.judged(&report);
        assert_eq!(found, hosts(&[("example.com.cn", 2, 3)]));
    }

    #[test]
    fn hosts_beyond_the_bound_are_told_not_counted() {
        let mut found = Hosts::default();
        for number in 0..=MOST {
            found.count(&format!("{number}.example"), Count { pages: 2, bad: 1 });
        }
        found.count("0.example", Count { pages: 1, bad: 1 });
        assert_eq!((found.counts.len(), found.uncounted), (MOST, 2));
        let mut text = String::new();
        found.write(&mut text, 5);
        assert!(text.contains("0.example                    2  of 3\n"), "{text}");
        assert!(text.ends_with("only the first 10000 hosts were counted, 2 pages are of others\n"), "{text}");
    }

    #[test]
    fn counts_of_batches_add_up_in_any_grouping() {
        let parts =
            [hosts(&[("a.example", 1, 2)]), hosts(&[("b.example", 0, 1)]), hosts(&[("a.example", 1, 1)])];
        let mut one = Hosts::default();
        for part in &parts {
            one.add(part);
        }
        let mut two = parts[1].clone();
        two.add(&parts[2]);
        let mut all = parts[0].clone();
        all.add(&two);
        assert_eq!(one, all);
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<Hosts>(&json).unwrap(), one);
    }

    #[test]
    fn clean_hosts_are_not_named() {
        let mut text = String::new();
        hosts(&[("a.example", 0, 9)]).write(&mut text, 5);
        assert_eq!(text, "");
    }
}

//! Who is responsible, and how openly the pages say it.
//!
//! The signs are those that a reader can check (about, contact, byline, date, licences). A filing number's
//! presence weighs nothing, as spam sites copy numbers; the same number on many registrable domains does.
//! All weights were chosen by hand: no open set of labelled Chinese sources is known that they could be fitted
//! on.

use super::{MIN_PAGES, SubScore, Weight};
use crate::host::{HostEvidence, SharedFiling, Sign};

/// The sum of a host whose pages show nothing: a score of 0.18.
const SILENT: f64 = -1.5;
/// Pages that "shows nothing" counts as when a share of pages is taken.
const STRENGTH: f64 = 2.0;
/// Registrable domains that one operator may well have under one number.
const USUAL_DOMAINS: u64 = 3;
/// What each doubling of the domains above that weighs, and the most that it may.
const SHARED: (f64, f64) = (-0.5, -4.0);

/// Each sign with the weight that it has when every page shows it, and what it is for people.
const SIGNS: [(Sign, f64, &str); 12] = [
    (Sign::AboutLink, 0.7, "link to a page about those who run the site"),
    (Sign::ContactLink, 0.7, "link to a page of addresses"),
    (Sign::Author, 1.0, "author named"),
    (Sign::Date, 0.6, "date of publication"),
    (Sign::PrivacyLink, 0.3, "link to a privacy notice"),
    (Sign::EditorialLink, 0.6, "link to corrections or editorial rules"),
    (Sign::Organisation, 0.4, "organisation named in JSON-LD"),
    (Sign::NewsLicence, 0.8, "licence for news services"),
    (Sign::MediaLicence, 0.4, "licence for media"),
    (Sign::AdLabelled, 0.2, "advertisements called so"),
    (Sign::FilingMalformed, -1.0, "filing number that no register gives out"),
    (Sign::FilingLink, -0.7, "filing number that links to another site than the register's"),
];

pub(super) fn identity(total: &HostEvidence, filings: &[SharedFiling]) -> SubScore {
    if total.pages < MIN_PAGES {
        return SubScore::unknown(format!(
            "{} pages were seen, and {MIN_PAGES} are the fewest that say something",
            total.pages
        ));
    }
    let mut lines = vec![Weight::new("start", SILENT, "what a host has whose pages show nothing")];
    for (sign, weight, text) in SIGNS {
        let pages = total.sign(sign);
        let share = pages as f64 / (total.pages as f64 + STRENGTH);
        let text = format!("{text}: on {pages} of {} pages", total.pages);
        lines.extend((pages > 0).then(|| Weight::new(sign.as_str(), weight * share, text)));
    }
    lines.extend(filings.iter().map(filing));
    SubScore::of(lines)
}

fn filing(filing: &SharedFiling) -> Weight {
    let SharedFiling { number, domains, pages } = filing;
    if *domains <= USUAL_DOMAINS {
        let text =
            format!("{number} on {pages} pages; seen on {domains} registrable domains, which says nothing");
        return Weight::new("filing", 0.0, text);
    }
    let doublings = (*domains as f64 / USUAL_DOMAINS as f64).log2();
    let text = format!("{number} on {pages} pages, and on {domains} registrable domains");
    Weight::new("filing_shared", (SHARED.0 * doublings).max(SHARED.1), text)
}

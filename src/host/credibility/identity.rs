//! Who is responsible, and how openly the pages say it.
//!
//! The signs are those that a reader can check (about, contact, byline, date, licences). A filing number's
//! presence weighs nothing, as spam sites copy numbers; the same number on many registrable domains does.
//! All weights were chosen by hand: no open set of labelled Chinese sources is known that they could be fitted
//! on.

use super::{MIN_PAGES, SubScore, Weight, too_few};
use crate::host::shown::{SIGNS, STRENGTH};
use crate::host::{HostEvidence, SharedFiling};

/// The sum of a host whose pages show nothing: a score of 0.18.
const SILENT: f64 = -1.5;
/// Registrable domains that one operator may well have under one number.
const USUAL_DOMAINS: u64 = 3;
/// What each doubling of the domains above that weighs, and the most that it may.
const SHARED: (f64, f64) = (-0.5, -4.0);

pub(super) fn identity(total: &HostEvidence, filings: &[SharedFiling]) -> SubScore {
    if total.pages < MIN_PAGES {
        return too_few(total.pages);
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

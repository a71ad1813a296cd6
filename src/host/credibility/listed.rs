//! What the user's lists say of a host: ranks for authority, categories and scores for lists.
//!
//! A host on no list is unknown: not listed is not rated, which is not the same as credible.

use super::{SubScore, Weight};
use crate::host::{Found, Kind, List, is_shared};

/// What a score of 0 or 1 on a scored list weighs, log-odds: that far from the middle. Chosen by hand.
const SCORED: f64 = 3.0;
/// What the first rank weighs, and the last one the other way round. Chosen by hand.
const RANKED: f64 = 3.0;

/// How the web ranks the host: linear in the logarithm of the rank, as ranks of the web follow a power law.
pub(super) fn authority(host: &str, lists: &[List]) -> SubScore {
    let ranks: Vec<&List> = lists.iter().filter(|list| list.header().kind == Kind::Rank).collect();
    let found = ranks.iter().filter_map(|list| Some((*list, list.find(host)?)));
    let mut lines: Vec<Weight> = found.map(|(list, found)| ranked(host, list, found)).collect();
    match lines.len() {
        0 if ranks.is_empty() => SubScore::unknown("no rank file was imported or given with --lists"),
        0 => SubScore::unknown(format!("in none of the rank files: {}", names(&ranks))),
        count => {
            // Several files say the same thing again; their mean counts, not their sum.
            for line in &mut lines {
                line.weight /= count as f64;
            }
            SubScore::of(lines)
        }
    }
}

fn ranked(host: &str, list: &List, found: Found) -> Weight {
    let (rank, ranks) = (list.number(found), list.len().max(2));
    let place = (f64::from(rank.max(1)).ln() / (ranks as f64).ln()).min(1.0);
    let text = format!("{}: rank {rank} of {ranks} ({})", source(list), found.entry(host, ""));
    Weight::new("rank", RANKED * (1.0 - 2.0 * place), text)
}

/// What lists of categories and scores say.
pub(super) fn lists(host: &str, path: &str, lists: &[List]) -> SubScore {
    let rating: Vec<&List> = lists.iter().filter(|list| list.header().kind != Kind::Rank).collect();
    let found =
        rating.iter().filter_map(|list| Some(listed((host, path), list, list.find_page(host, path)?)));
    let lines: Vec<Weight> = found.collect();
    match lines.len() {
        0 if rating.is_empty() => SubScore::unknown("no list was imported or given with --lists"),
        0 => SubScore::unknown(format!("on none of the lists: {}; not listed is not rated", names(&rating))),
        _ => SubScore::of(lines),
    }
}

fn listed((host, path): (&str, &str), list: &List, found: Found) -> Weight {
    let entry = found.entry(host, path);
    if is_shared(&entry) {
        let text = format!("{}: names all of {entry}, where strangers publish; says nothing", source(list));
        return Weight::new("listed_platform", 0.0, text);
    }
    if list.header().kind == Kind::Score {
        let score = f64::from(list.number(found)) / 1e6;
        let text = format!("{}: {score:.3} ({entry})", source(list));
        return Weight::new("scored", SCORED * (2.0 * score - 1.0), text);
    }
    let names: Vec<&str> = list.categories(found).map(|category| category.name.as_str()).collect();
    // Of several categories the one that speaks loudest against the host counts.
    let weight = list.categories(found).map(|category| f64::from(category.weight)).reduce(f64::min);
    let text = format!("{}: {} ({entry})", source(list), names.join(", "));
    Weight::new("listed", weight.unwrap_or_default(), text)
}

fn source(list: &List) -> String {
    let date = list.header().date.as_deref().unwrap_or("date unknown");
    format!("{}, {date}", list.header().name)
}

fn names(lists: &[&List]) -> String {
    let names: Vec<String> = lists.iter().map(|list| source(list)).collect();
    names.join("; ")
}

//! `pagesieve hosts show`: the four sub-scores of a host with their evidence, or the worst hosts.

use super::ListArguments;
use crate::cli::{Exit, message};
use crate::host::{
    Behaviour, Credibility, HostEvidence, Known, MIN_PAGES, Prior, Sources, Store, SubScore, VERDICTS,
    behaviour,
};
use crate::output::{printable, printable_json};
use clap::Args;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

/// Show what is known of a host
///
/// Four sub-scores, 1 is the best, each with the lines it was added up from (log-odds), or `unknown`: identity
/// (who is responsible), authority (ranks), behaviour (the host's own pages), lists. They are never mixed into
/// one number, and none says whether what a host writes is true.
#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// Hosts, registrable domains or URLs
    #[arg(value_name = "HOST", required_unless_present = "worst")]
    hosts: Vec<String>,
    /// Show the N registrable domains whose behaviour is worst
    #[arg(long, value_name = "N", conflicts_with = "hosts", requires = "db")]
    worst: Option<usize>,
    /// With --worst: pages under which a domain is passed over
    #[arg(long, value_name = "N", default_value_t = 10, requires = "worst")]
    min_pages: u64,
    /// The database of evidence
    #[arg(long, value_name = "FILE", required_unless_present = "lists")]
    db: Option<PathBuf>,
    #[command(flatten)]
    lists: ListArguments,
    /// One JSON object a line for each host
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &ShowArguments) -> anyhow::Result<Exit> {
    let store = arguments.db.as_ref().map(Store::open).transpose()?;
    let sources = Sources::new(store, arguments.lists.open()?)?;
    let hosts = match (arguments.worst, sources.store()) {
        (Some(count), Some(store)) => worst(store, sources.prior(), count, arguments.min_pages)?,
        _ => arguments.hosts.clone(),
    };
    if let (Some(_), Some(store)) = (arguments.worst, sources.store().filter(|_| hosts.is_empty())) {
        message::note(&needed(store, arguments.min_pages)?);
    }
    let mut out = io::stdout().lock();
    for (at, host) in hosts.iter().enumerate() {
        let known = sources.known(host)?;
        if arguments.json {
            let line = known.json().to_string() + "\n";
            let line = if out.is_terminal() { printable_json(&line) } else { line.as_str().into() };
            out.write_all(line.as_bytes())?;
        } else {
            let gap = if at > 0 { "\n" } else { "" };
            out.write_all(format!("{gap}{}", printable(&text(&known))).as_bytes())?;
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// The registrable domains with the worst behaviour, the worst first.
fn worst(store: &Store, prior: Prior, count: usize, min_pages: u64) -> anyhow::Result<Vec<String>> {
    let mut found: Vec<(f64, String)> = Vec::new();
    store.each_domain(|places| {
        let Behaviour { host, pages, .. } = behaviour(places, prior);
        let domain = places.first().map(|(place, _)| place.domain().to_owned());
        found.extend(host.score().filter(|_| pages >= min_pages).zip(domain));
    })?;
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    Ok(found.into_iter().take(count).map(|(_, domain)| domain).collect())
}

/// Domains that are named where none has enough pages.
const NAMED: usize = 3;

/// What a database would need for a list of the worst domains, where it has none.
fn needed(store: &Store, min_pages: u64) -> anyhow::Result<String> {
    let mut domains: Vec<(u64, String)> = Vec::new();
    store.each_domain(|places| {
        let pages = places.iter().map(|(_, evidence)| evidence.pages).sum();
        domains.extend(places.first().map(|(place, _)| (pages, place.domain().to_owned())));
    })?;
    if domains.is_empty() {
        return Ok("the database has no page of any host; add some with `filter --hosts`".to_owned());
    }
    domains.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let most: Vec<String> =
        domains.iter().take(NAMED).map(|(pages, domain)| format!("{domain} {pages}")).collect();
    let enough = min_pages.max(MIN_PAGES);
    let lower = if min_pages > MIN_PAGES && domains.first().is_some_and(|(pages, _)| *pages >= MIN_PAGES) {
        format!(", give a lower --min-pages (not under {MIN_PAGES})")
    } else {
        String::new()
    };
    Ok(format!(
        "none of {} domains has the {enough} pages that are asked for (most have: {}); crawl more pages of each, add other \
         crawls with `hosts merge`{lower}, or ask for a host by name: lists say something without a page",
        domains.len(),
        most.join(", ")
    ))
}

/// What is known of a host, for people.
fn text(known: &Known) -> String {
    let Credibility { host, identity, authority, behaviour, lists } = known.credibility();
    let domain = known.domain();
    let mut text =
        if *host == domain { format!("{host}\n") } else { format!("{host} (registrable domain {domain})\n") };
    add_counts(known, &mut text);
    add_score(&mut text, "identity", identity, "  ");
    add_score(&mut text, "authority", authority, "  ");
    add_score(&mut text, "behaviour", &behaviour.host, "  ");
    for section in &behaviour.worst {
        let name = format!("{}{}", section.host, section.prefix);
        add_score(&mut text, &name, &section.behaviour, "    ");
    }
    add_score(&mut text, "lists", lists, "  ");
    text
}

fn add_counts(known: &Known, text: &mut String) {
    let HostEvidence { pages, verdicts, dates, repairs, .. } = known.total();
    let verdicts: Vec<String> =
        VERDICTS.iter().zip(verdicts).map(|(name, count)| format!("{name} {count}")).collect();
    // Writing to a String cannot fail.
    let noun = if *pages == 1 { "page" } else { "pages" };
    let _ = write!(text, "  {pages} {noun}: {}", verdicts.join(", "));
    if let Some((first, last)) = dates {
        let _ = write!(text, "; dated {first} to {last}");
    }
    for (name, count) in repairs {
        let _ = write!(text, "; {name} undone {count} times");
    }
    let prior = &known.credibility().behaviour.prior;
    let from = match prior.pages {
        0 => "a guess, as there is no database".to_owned(),
        pages => format!("estimated from {pages} pages of the database"),
    };
    let _ = writeln!(text, "; what is usual is {from}");
}

fn add_score(text: &mut String, name: &str, score: &SubScore, indent: &str) {
    // Writing to a String cannot fail.
    let _ = match score {
        SubScore::Unknown { why } => writeln!(text, "{indent}{name:<10} unknown: {why}"),
        SubScore::Known { score, .. } => writeln!(text, "{indent}{name:<10} {score:.2}"),
    };
    if let SubScore::Known { evidence, .. } = score {
        for line in evidence {
            let _ = writeln!(text, "{indent}  {:+.2} {}: {}", line.weight, line.name, line.text);
        }
    }
}

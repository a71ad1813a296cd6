//! `pagesieve hosts show`: the four sub-scores of a host with their evidence, or the worst hosts.

use super::ListArguments;
use crate::Label;
use crate::cli::Exit;
use crate::host::{
    Behaviour, Credibility, Grounds, HostEvidence, List, Place, Prior, SCORES, Sign, Store, SubScore,
    VERDICTS, behaviour,
};
use crate::output::{printable, printable_json};
use anyhow::Context;
use clap::Args;
use serde_json::{Map, Value, json};
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
    let lists = arguments.lists.open()?;
    let prior = store.as_ref().map_or_else(|| Ok(Prior::of(&HostEvidence::default())), Store::prior)?;
    let sources = Sources { store, lists, prior };
    let hosts = match (arguments.worst, &sources.store) {
        (Some(count), Some(store)) => worst(store, prior, count, arguments.min_pages)?,
        _ => arguments.hosts.clone(),
    };
    let mut out = io::stdout().lock();
    for (at, host) in hosts.iter().enumerate() {
        let shown = sources.known(host)?;
        if arguments.json {
            let line = shown.json().to_string() + "\n";
            let line = if out.is_terminal() { printable_json(&line) } else { line.as_str().into() };
            out.write_all(line.as_bytes())?;
        } else {
            let gap = if at > 0 { "\n" } else { "" };
            out.write_all(format!("{gap}{}", printable(&shown.text())).as_bytes())?;
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

/// Where something may be known.
struct Sources {
    store: Option<Store>,
    lists: Vec<List>,
    prior: Prior,
}

/// What is known of one host.
struct Known {
    domain: String,
    total: HostEvidence,
    credibility: Credibility,
}

impl Sources {
    fn known(&self, host: &str) -> anyhow::Result<Known> {
        let url = if host.contains("://") { host.to_owned() } else { format!("http://{host}") };
        let place = Place::of_url(&url).with_context(|| {
            format!("expected a host or a URL, found `{host}`; give it as `www.example.com`")
        })?;
        let (mut places, mut filings) = (Vec::new(), Vec::new());
        if let Some(store) = &self.store {
            places = store.domain(place.domain())?;
            filings = store.shared_filings(place.domain())?;
        }
        let below = |host: &str| {
            host.strip_suffix(place.host()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        places.retain(|(found, _)| below(found.host()));
        let grounds = Grounds {
            host: place.host(),
            places: &places,
            prior: self.prior,
            filings: &filings,
            lists: &self.lists,
        };
        let credibility = Credibility::of(grounds);
        let total = HostEvidence::sum(&places);
        Ok(Known { domain: place.domain().to_owned(), total, credibility })
    }
}

impl Known {
    fn text(&self) -> String {
        let Credibility { host, identity, authority, behaviour, lists } = &self.credibility;
        let mut text = if *host == self.domain {
            format!("{host}\n")
        } else {
            format!("{host} (registrable domain {})\n", self.domain)
        };
        self.add_counts(&mut text);
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

    fn add_counts(&self, text: &mut String) {
        let HostEvidence { pages, verdicts, dates, repairs, .. } = &self.total;
        let verdicts: Vec<String> =
            VERDICTS.iter().zip(verdicts).map(|(name, count)| format!("{name} {count}")).collect();
        // Writing to a String cannot fail.
        let _ = write!(text, "  {pages} pages: {}", verdicts.join(", "));
        if let Some((first, last)) = dates {
            let _ = write!(text, "; dated {first} to {last}");
        }
        for (name, count) in repairs {
            let _ = write!(text, "; {name} undone {count} times");
        }
        let prior = &self.credibility.behaviour.prior;
        let from = match prior.pages {
            0 => "a guess, as there is no database".to_owned(),
            pages => format!("estimated from {pages} pages of the database"),
        };
        let _ = writeln!(text, "; what is usual is {from}");
    }

    fn json(&self) -> Value {
        let Credibility { host, identity, authority, behaviour, lists } = &self.credibility;
        json!({
            "v": 1, "host": host, "domain": self.domain, "identity": identity, "authority": authority,
            "behaviour": behaviour, "lists": lists, "evidence": self.evidence(),
        })
    }

    fn evidence(&self) -> Value {
        let total = &self.total;
        let named = |pairs: Vec<(&str, Value)>| -> Map<String, Value> {
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
        };
        let score = |name: &'static str| {
            let over = total.score(name).over;
            (name, json!({ "mean": total.mean(name), "deviation": total.deviation(name), "over": over }))
        };
        let labels = Label::ALL.iter().zip(total.labels);
        let labels = labels.map(|(label, count)| {
            (label.as_str(), json!({ "blocks": count.blocks, "characters": count.characters }))
        });
        let verdicts = VERDICTS.iter().zip(total.verdicts).map(|(name, count)| (*name, count.into()));
        let signs = Sign::ALL.iter().map(|sign| (sign.as_str(), total.sign(*sign).into()));
        json!({
            "pages": total.pages, "verdicts": named(verdicts.collect()),
            "scores": named(SCORES.map(score).into()), "labels": named(labels.collect()),
            "signs": named(signs.collect()), "dates": total.dates, "filings": total.filings,
            "repairs": total.repairs, "reasons": total.reasons,
        })
    }
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

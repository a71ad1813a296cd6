//! Evidence → lists for crawlers: what to leave out, what to fetch first, and by which rule.
//!
//! A registrable domain is chosen as a whole by its typical section; where only a section is bad, the section is
//! chosen alone, in formats that can say so.

use super::credibility::{Behaviour, Credibility, Grounds};
use super::{List, Store};
use crate::Result;
use serde_json::Value;
use std::fmt;
use std::io::{self, Write};
use std::net::IpAddr;

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// Leave these out.
    Deny,
    /// Fetch these first.
    Priority,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportFormat {
    /// One registrable domain a line.
    Domains,
    /// One SURT prefix a line: `http://(com,example,`.
    Surt,
    /// JSON: to deny, the arguments `deny_domains` and `deny` of a link extractor; else each domain with the
    /// priority of its requests, 0 to 100.
    Scrapy,
    /// To deny, SURT prefixes with `+` in front, as the source of a SURT prefixed decide rule; else seeds.
    Heritrix,
    /// To deny, lines of a regular expression URL filter; else seeds with `nutch.score`.
    Nutch,
}

/// The rule that chooses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// What the list is for.
    pub purpose: Purpose,
    /// The highest score of behaviour that is denied, or the lowest that comes first.
    pub behaviour: f64,
    /// Pages under which behaviour chooses nothing.
    pub min_pages: u64,
    /// The highest score of the lists that is denied; without it lists choose nothing.
    pub lists: Option<f64>,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { behaviour, min_pages, lists, .. } = self;
        match self.purpose {
            Purpose::Deny => write!(f, "behaviour at most {behaviour} from at least {min_pages} pages")?,
            Purpose::Priority => {
                write!(
                    f,
                    "behaviour at least {behaviour} from at least {min_pages} pages, no list against it"
                )?;
            }
        }
        lists.map_or(Ok(()), |lists| write!(f, ", or lists at most {lists}"))
    }
}

/// Something that was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The registrable domain.
    pub domain: String,
    /// Host and path prefix, where only a section is meant.
    pub section: Option<(String, String)>,
    /// Pages that were seen.
    pub pages: u64,
    /// The score of behaviour.
    pub behaviour: Option<f64>,
    /// The score of authority.
    pub authority: Option<f64>,
}

/// Everything that a rule has chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The rule.
    pub rule: Rule,
    /// What it chose: to deny in the order of the names, else the best first.
    pub choices: Vec<Choice>,
    /// Registrable domains that were looked at.
    pub domains: u64,
}

impl Selection {
    /// Looks at every registrable domain of the database.
    pub fn of(rule: Rule, store: &Store, lists: &[List]) -> Result<Self> {
        let (prior, mut choices, mut domains) = (store.prior()?, Vec::new(), 0);
        store.each_domain(|places| {
            let Some(host) = places.first().map(|(place, _)| place.domain()) else { return };
            domains += 1;
            let grounds = Grounds { host, places, prior, filings: &[], lists };
            rule.choose(&Credibility::of(grounds), &mut choices);
        })?;
        if rule.purpose == Purpose::Priority {
            let descending = |a: Option<f64>, b: Option<f64>| b.unwrap_or(-1.0).total_cmp(&a.unwrap_or(-1.0));
            choices.sort_by(|a, b| {
                descending(a.authority, b.authority)
                    .then_with(|| descending(a.behaviour, b.behaviour))
                    .then_with(|| b.pages.cmp(&a.pages))
                    .then_with(|| a.domain.cmp(&b.domain))
            });
        }
        Ok(Self { rule, choices, domains })
    }

    /// Writes the list; gives how many choices it has and how many the format cannot say.
    pub fn write(&self, format: ExportFormat, out: &mut impl Write) -> io::Result<(u64, u64)> {
        let lines: Vec<Option<String>> =
            self.choices.iter().map(|choice| line(format, self.rule.purpose, choice)).collect();
        let written = lines.iter().flatten().count() as u64;
        let left_out = lines.len() as u64 - written;
        if format == ExportFormat::Scrapy {
            self.write_json(out)?;
            return Ok((written, left_out));
        }
        writeln!(
            out,
            "# pagesieve: {written} chosen of {} registrable domains: {}",
            self.domains, self.rule
        )?;
        if left_out > 0 {
            writeln!(out, "# {left_out} sections are left out, as this format cannot say them")?;
        }
        lines.iter().flatten().try_for_each(|line| writeln!(out, "{line}"))?;
        Ok((written, left_out))
    }

    fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let value = match self.rule.purpose {
            Purpose::Deny => {
                let (sections, domains): (Vec<_>, Vec<_>) =
                    self.choices.iter().partition(|choice| choice.section.is_some());
                let domains: Vec<&str> = domains.iter().map(|choice| choice.domain.as_str()).collect();
                let sections: Vec<String> = sections.iter().filter_map(|choice| pattern(choice)).collect();
                serde_json::json!({ "deny_domains": domains, "deny": sections })
            }
            Purpose::Priority => {
                let priority =
                    |choice: &Choice| (100.0 * choice.behaviour.unwrap_or_default()).round() as i64;
                self.choices
                    .iter()
                    .map(|choice| (choice.domain.clone(), Value::from(priority(choice))))
                    .collect()
            }
        };
        serde_json::to_writer_pretty(&mut *out, &value)?;
        writeln!(out)
    }
}

impl Rule {
    fn choose(self, found: &Credibility, choices: &mut Vec<Choice>) {
        let Behaviour { host, pages, worst, .. } = &found.behaviour;
        let enough = |pages: u64| pages >= self.min_pages;
        let behaviour = host.score().filter(|_| enough(*pages));
        let whole = Choice {
            domain: found.host.clone(),
            section: None,
            pages: *pages,
            behaviour: host.score(),
            authority: found.authority.score(),
        };
        let listed = found.lists.score();
        if self.purpose == Purpose::Priority {
            let good = behaviour.is_some_and(|score| score >= self.behaviour);
            choices.extend((good && listed.is_none_or(|score| score >= 0.5)).then_some(whole));
            return;
        }
        let is_listed = self.lists.zip(listed).is_some_and(|(most, score)| score <= most);
        if is_listed || behaviour.is_some_and(|score| score <= self.behaviour) {
            return choices.push(whole);
        }
        for section in worst.iter().filter(|section| enough(section.pages)) {
            let score = section.behaviour.score().filter(|score| *score <= self.behaviour);
            choices.extend(score.map(|score| Choice {
                section: Some((section.host.clone(), section.prefix.clone())),
                pages: section.pages,
                behaviour: Some(score),
                ..whole.clone()
            }));
        }
    }
}

/// The choice's line; none where the format cannot say it.
fn line(format: ExportFormat, purpose: Purpose, choice: &Choice) -> Option<String> {
    match (format, purpose) {
        (ExportFormat::Domains, _) => choice.section.is_none().then(|| choice.domain.clone()),
        (ExportFormat::Surt, _) => surt(choice),
        (ExportFormat::Heritrix, Purpose::Deny) => surt(choice).map(|prefix| format!("+{prefix}")),
        (ExportFormat::Nutch | ExportFormat::Scrapy, Purpose::Deny) => {
            pattern(choice).map(|pattern| format!("-{pattern}"))
        }
        (ExportFormat::Heritrix | ExportFormat::Scrapy, Purpose::Priority) => {
            Some(format!("http://{}/", choice.domain))
        }
        (ExportFormat::Nutch, Purpose::Priority) => Some(format!(
            "http://{}/\tnutch.score={:.3}",
            choice.domain,
            choice.behaviour.unwrap_or_default()
        )),
    }
}

/// What is to be denied: host and path prefix, which is empty for a whole domain. None for a section that has no
/// prefix of its own: pages in no folder, or in folders whose names are ids.
fn target(choice: &Choice) -> Option<(&str, &str)> {
    let Some((host, prefix)) = &choice.section else { return Some((&choice.domain, "")) };
    (prefix != "/" && prefix != "/*/").then_some((host, prefix))
}

/// The prefix of the addresses in their sortable form; that of `http` stands for `https` too.
fn surt(choice: &Choice) -> Option<String> {
    let (host, prefix) = target(choice)?;
    let is_address = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
    let turned =
        if is_address { host.to_owned() } else { host.rsplit('.').flat_map(|label| [label, ","]).collect() };
    // Without the closing bracket the prefix covers the hosts below the domain too.
    let end = if is_address || choice.section.is_some() { ")" } else { "" };
    Some(format!("http://({turned}{end}{prefix}"))
}

/// A regular expression of the addresses, as Java and Python read it.
fn pattern(choice: &Choice) -> Option<String> {
    let (host, prefix) = target(choice)?;
    Some(match prefix {
        "" => format!(r"^https?://([^/?#]*\.)?{}([:/?#]|$)", escaped(host)),
        _ => format!("^https?://{}(:[0-9]+)?{}", escaped(host), escaped(prefix)),
    })
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_alphanumeric() && !matches!(c, '-' | '_' | '/') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(domain: &str, section: Option<(&str, &str)>) -> Choice {
        let section = section.map(|(host, prefix)| (host.to_owned(), prefix.to_owned()));
        Choice { domain: domain.to_owned(), section, pages: 40, behaviour: Some(0.05), authority: None }
    }

    fn written(purpose: Purpose, format: ExportFormat) -> (String, (u64, u64)) {
        let rule = Rule { purpose, behaviour: 0.1, min_pages: 10, lists: None };
        let choices = vec![
            choice("bad.example", None),
            choice("uni.edu.cn", Some(("www.uni.edu.cn", "/x+y/"))),
            choice("other.example", Some(("other.example", "/"))),
            choice("203.0.113.7", None),
        ];
        let mut out = Vec::new();
        let counts = Selection { rule, choices, domains: 9 }.write(format, &mut out).unwrap();
        (String::from_utf8(out).unwrap(), counts)
    }

    #[test]
    fn deny_lists_name_their_rule_and_what_they_cannot_say() {
        let (text, counts) = written(Purpose::Deny, ExportFormat::Domains);
        assert_eq!(counts, (2, 2));
        assert_eq!(
            text,
            "# pagesieve: 2 chosen of 9 registrable domains: behaviour at most 0.1 from at least 10 pages\n\
             # 2 sections are left out, as this format cannot say them\nbad.example\n203.0.113.7\n"
        );
        let (text, counts) = written(Purpose::Deny, ExportFormat::Heritrix);
        assert_eq!(counts, (3, 1));
        assert!(
            text.ends_with(
                "\n+http://(example,bad,\n+http://(cn,edu,uni,www,)/x+y/\n+http://(203.0.113.7)\n"
            )
        );
    }

    #[test]
    fn patterns_cover_the_domain_and_no_other() {
        let (text, _) = written(Purpose::Deny, ExportFormat::Nutch);
        assert!(text.contains("\n-^https?://([^/?#]*\\.)?bad\\.example([:/?#]|$)\n"), "{text}");
        assert!(text.contains("\n-^https?://www\\.uni\\.edu\\.cn(:[0-9]+)?/x\\+y/\n"), "{text}");
        let (text, _) = written(Purpose::Deny, ExportFormat::Scrapy);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["deny_domains"], serde_json::json!(["bad.example", "203.0.113.7"]));
        assert_eq!(value["deny"][0], "^https?://www\\.uni\\.edu\\.cn(:[0-9]+)?/x\\+y/");
    }

    #[test]
    fn seeds_carry_their_score() {
        let (text, _) = written(Purpose::Priority, ExportFormat::Nutch);
        assert!(text.contains("\nhttp://bad.example/\tnutch.score=0.050\n"), "{text}");
        let (text, _) = written(Purpose::Priority, ExportFormat::Scrapy);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["bad.example"], 5);
    }
}

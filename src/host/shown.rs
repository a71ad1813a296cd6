//! What pages show of who is responsible, and what each sign weighs.
//!
//! The signs are those that a reader can check (about, contact, byline, date, licences). All weights were chosen by hand.

use super::Sign;
use super::signs::Signs;
use crate::classify::{Report, Weight};

/// Pages that "shows nothing" counts as when a share of pages is taken.
pub(super) const STRENGTH: f64 = 2.0;

/// Each sign with the weight that it has when every page shows it, and what it is for people.
pub(super) const SIGNS: [(Sign, f64, &str); 12] = [
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

/// What one page by itself shows, each with what it would add for a host of which nothing else is known. There is no score
/// of it: one page says what it shows, and not what its site does.
pub fn shown_by(report: &Report) -> Vec<Weight> {
    let signs = Signs::of(report);
    let shown = SIGNS.into_iter().filter(|(sign, _, _)| signs.shows(*sign));
    let line = |(sign, weight, text): (Sign, f64, &str)| Weight {
        name: sign.as_str().to_owned(),
        weight: weight / (1.0 + STRENGTH),
        text: text.to_owned(),
    };
    shown.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Filter};

    #[test]
    fn a_page_by_itself_shows_lines_and_no_more() {
        let page = "<p>The town council met on Tuesday to speak of the bridge, which has been closed since spring.</p>\
                    <footer><a href=/about>About us</a> <a href=/contact>Contact</a></footer>";
        let lines = shown_by(&Filter::builtin().check(&Document::html(page)));
        let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["about_link", "contact_link"]);
        assert!(lines.iter().all(|line| (line.weight - 0.7 / 3.0).abs() < 1e-9), "{lines:?}");
        assert!(shown_by(&Filter::builtin().check(&Document::html("<p>Bees dance."))).is_empty());
    }
}

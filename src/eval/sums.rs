//! What a report said of labelled pages → a sum that anybody can check: how many bad, clean and empty pages are not kept.
//!
//! A page counts by its label (what it may be) and by the verdict that a reader gave it, where the row says one. Where the
//! two disagree, as for an article so thin that a reader would look at it first, nothing is right or wrong, and the page is
//! counted as open.

use super::pages::{MarkedResult, PageResults, Said, expectation};
use crate::classify::{PageKind, Verdict};
use crate::page::{Document, Media};
use serde::Serialize;

/// What a page comes in as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// HTML.
    Html,
    /// Text of several lines.
    Text,
    /// Text that is one line, as many corpora give a page.
    Line,
}

impl Form {
    /// `media` is what the page was read as.
    pub(super) fn of(document: &Document, media: Media) -> Self {
        let is_line = !document.bytes().trim_ascii().contains(&b'\n');
        match media {
            Media::Html => Self::Html,
            _ if is_line => Self::Line,
            _ => Self::Text,
        }
    }

    /// Its name in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Text => "text",
            Self::Line => "one line of text",
        }
    }
}

/// What is right for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    /// Not to be kept: spam, a page made for search engines, a page that is not its author's any more.
    Bad,
    /// To be kept.
    Clean,
    /// Not to be kept: there is nothing to keep.
    Empty,
    /// Nobody says.
    Open,
}

impl Worth {
    fn of(page: &MarkedResult) -> Self {
        let kinds = expectation(&page.label).map_or(&[][..], |expected| expected.kinds);
        let all = |is: fn(PageKind) -> bool| !kinds.is_empty() && kinds.iter().all(|kind| is(*kind));
        match (all(PageKind::is_content), page.wanted) {
            (true, Some(Verdict::Keep)) => Self::Clean,
            (true, _) | (false, None | Some(Verdict::Keep)) => Self::Open,
            (false, _) if all(|kind| kind == PageKind::Placeholder) => Self::Empty,
            (false, _) => Self::Bad,
        }
    }

    /// Whether a verdict is wrong for such a page.
    fn is_wrong(self, verdict: Verdict) -> bool {
        let is_kept = verdict == Verdict::Keep;
        match self {
            Self::Bad | Self::Empty => is_kept,
            Self::Clean => !is_kept,
            Self::Open => false,
        }
    }
}

/// Pages, and how many of them are not kept: for review, or to drop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct NotKept {
    /// Pages that could be judged.
    pub pages: usize,
    /// Those of them that are not kept.
    pub not_kept: usize,
}

/// The sum of a group of pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// `all`, `label LABEL`, `language LANGUAGE` or `form FORM`.
    pub group: String,
    /// Pages whose label says that they are bad; best is that none is kept.
    pub bad: NotKept,
    /// Clean pages; best is that all are kept.
    pub clean: NotKept,
    /// Placeholders; best is that none is kept.
    pub empty: NotKept,
    /// Pages of which nobody says what is right.
    pub open: NotKept,
}

impl Sum {
    fn new(group: String) -> Self {
        let none = NotKept::default();
        Self { group, bad: none, clean: none, empty: none, open: none }
    }

    fn add(&mut self, worth: Worth, verdict: Verdict) {
        let counted = match worth {
            Worth::Bad => &mut self.bad,
            Worth::Clean => &mut self.clean,
            Worth::Empty => &mut self.empty,
            Worth::Open => &mut self.open,
        };
        counted.pages += 1;
        counted.not_kept += usize::from(verdict != Verdict::Keep);
    }
}

/// A page that came out wrong: a bad or an empty one that is kept, or a clean one that is not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WrongPage {
    /// The page's set.
    pub set: String,
    /// The page's identifier.
    pub id: String,
    /// What the page is.
    pub label: String,
    /// The verdict that it was given.
    pub verdict: Verdict,
    /// What it was taken for; none without a model that tells.
    pub kind: Option<PageKind>,
    /// The probability of that, 0 to 1.
    pub kind_p: Option<f32>,
    /// The strongest reason of the verdict, as `NAME +WEIGHT: TEXT`.
    pub reason: Option<String>,
}

/// The name of a page's group.
type GroupOf = fn(&MarkedResult, &Said) -> String;

/// The ways to group pages, in the order of the table.
const GROUPS: [GroupOf; 4] = [
    |_, _| "all".to_owned(),
    |page, _| format!("label {}", page.label),
    |_, said| format!("language {}", said.language.as_str()),
    |_, said| format!("form {}", said.form.as_str()),
];

impl PageResults {
    /// How many bad, clean and empty pages are not kept: in all, by label, by language and by form. Pages that could not be
    /// judged are left out.
    pub fn sums(&self) -> Vec<Sum> {
        GROUPS.into_iter().flat_map(|group| self.sums_by(group)).collect()
    }

    /// The groups stand in the order in which they first occur.
    fn sums_by(&self, group: GroupOf) -> Vec<Sum> {
        let mut sums: Vec<Sum> = Vec::new();
        for (page, said) in self.sets.iter().flat_map(|(_, pages)| pages).filter_map(judged) {
            let name = group(page, said);
            let at = sums.iter().position(|sum| sum.group == name).unwrap_or_else(|| {
                sums.push(Sum::new(name));
                sums.len() - 1
            });
            if let Some(sum) = sums.get_mut(at) {
                sum.add(Worth::of(page), said.verdict);
            }
        }
        sums
    }

    /// The pages that came out wrong, in their order.
    pub fn wrong(&self) -> Vec<WrongPage> {
        let of_set = |(set, pages): &(String, Vec<MarkedResult>)| -> Vec<WrongPage> {
            let wrong = pages.iter().filter_map(judged);
            let wrong = wrong.filter(|(page, said)| Worth::of(page).is_wrong(said.verdict));
            wrong.map(|(page, said)| WrongPage::new(set, page, said)).collect()
        };
        self.sets.iter().flat_map(of_set).collect()
    }
}

fn judged(page: &MarkedResult) -> Option<(&MarkedResult, &Said)> {
    Some((page, page.said.as_ref().ok()?))
}

impl WrongPage {
    fn new(set: &str, page: &MarkedResult, said: &Said) -> Self {
        Self {
            set: set.to_owned(),
            id: page.id.clone(),
            label: page.label.clone(),
            verdict: said.verdict,
            kind: said.kind.map(|(kind, _)| kind),
            kind_p: said.kind.map(|(_, p)| p),
            reason: said.strongest.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Language, THRESHOLD};

    fn said(verdict: Verdict) -> Said {
        Said {
            verdict,
            scores: crate::classify::Scores::default(),
            kind: Some((PageKind::Forum, 0.75)),
            language: Language::English,
            form: Form::Html,
            reasons: Vec::new(),
            strongest: Some("no_body +5.0: none".to_owned()),
        }
    }

    /// A page with that label, what its reader wants, and what it was given.
    fn page(label: &str, wanted: Option<Verdict>, given: Verdict) -> MarkedResult {
        MarkedResult { id: label.to_owned(), label: label.to_owned(), wanted, said: Ok(said(given)) }
    }

    fn results(pages: Vec<MarkedResult>) -> PageResults {
        PageResults { threshold: THRESHOLD, sets: vec![("made".to_owned(), pages)] }
    }

    fn of_group(results: &PageResults, group: &str) -> Sum {
        results.sums().into_iter().find(|sum| sum.group == group).unwrap()
    }

    const fn not_kept(not_kept: usize, pages: usize) -> NotKept {
        NotKept { pages, not_kept }
    }

    const KEEP: Option<Verdict> = Some(Verdict::Keep);
    const REVIEW: Option<Verdict> = Some(Verdict::Review);
    const DROP: Option<Verdict> = Some(Verdict::Drop);

    #[test]
    fn pages_count_by_what_they_are_and_review_is_not_kept() {
        let found = results(vec![
            page("doorway", DROP, Verdict::Review),
            page("promo-mail", DROP, Verdict::Keep),
            page("hijacked", REVIEW, Verdict::Drop),
            page("forum", KEEP, Verdict::Keep),
            page("tail", KEEP, Verdict::Review),
            page("placeholder", DROP, Verdict::Drop),
        ]);
        let all = of_group(&found, "all");
        assert_eq!((all.bad, all.clean, all.empty), (not_kept(2, 3), not_kept(1, 2), not_kept(1, 1)));
        assert_eq!(all.open, not_kept(0, 0));
    }

    #[test]
    fn a_clean_page_that_its_reader_would_not_keep_counts_in_none_of_both() {
        let thin = page("article", REVIEW, Verdict::Drop);
        let spared = page("hijacked", KEEP, Verdict::Drop);
        let found = results(vec![thin, spared, page("ads", None, Verdict::Keep)]);
        let all = of_group(&found, "all");
        assert_eq!((all.bad, all.clean, all.empty), (not_kept(0, 0), not_kept(0, 0), not_kept(0, 0)));
        assert_eq!(all.open, not_kept(2, 3));
        assert_eq!(found.wrong(), []);
    }

    #[test]
    fn there_is_a_sum_for_each_label_language_and_form() {
        let chinese = Said { language: Language::Chinese, form: Form::Line, ..said(Verdict::Drop) };
        let found = results(vec![
            page("clean", KEEP, Verdict::Keep),
            MarkedResult { said: Ok(chinese), ..page("spun", DROP, Verdict::Drop) },
        ]);
        let sums = found.sums();
        let groups: Vec<_> = sums.iter().map(|sum| sum.group.as_str()).collect();
        assert_eq!(
            groups,
            [
                "all",
                "label clean",
                "label spun",
                "language English",
                "language Chinese",
                "form HTML",
                "form one line of text"
            ]
        );
        let of = |group| of_group(&found, group);
        assert_eq!((of("label spun").bad, of("language Chinese").bad), (not_kept(1, 1), not_kept(1, 1)));
        assert_eq!((of("form HTML").clean, of("form one line of text").clean.pages), (not_kept(0, 1), 0));
    }

    #[test]
    fn wrong_pages_are_named_with_their_kind_and_strongest_reason() {
        let found = results(vec![
            page("scam", DROP, Verdict::Keep),
            page("scam", DROP, Verdict::Review),
            page("error", DROP, Verdict::Keep),
            page("none", KEEP, Verdict::Drop),
            page("none", KEEP, Verdict::Keep),
        ]);
        let wrong = found.wrong();
        let labels: Vec<_> = wrong.iter().map(|page| (page.label.as_str(), page.verdict)).collect();
        assert_eq!(labels, [("scam", Verdict::Keep), ("error", Verdict::Keep), ("none", Verdict::Drop)]);
        let first = wrong.first().unwrap();
        assert_eq!(
            (first.set.as_str(), first.kind, first.kind_p),
            ("made", Some(PageKind::Forum), Some(0.75))
        );
        assert_eq!(first.reason.as_deref(), Some("no_body +5.0: none"));
    }

    #[test]
    fn a_page_that_could_not_be_judged_is_in_no_sum() {
        let failed = MarkedResult { said: Err("no file".to_owned()), ..page("clean", KEEP, Verdict::Keep) };
        let found = results(vec![failed]);
        assert!(found.sums().is_empty() && found.wrong().is_empty());
    }

    #[test]
    fn a_text_without_a_line_break_inside_is_one_line() {
        let form = |text: &str| Form::of(&Document::text(text), Media::Text);
        assert_eq!(["One. Two.\n", "One.\nTwo."].map(form), [Form::Line, Form::Text]);
        assert_eq!(Form::of(&Document::html("<p>One"), Media::Html), Form::Html);
    }
}

//! Everything that is said about one page.

use super::facts::Facts;
use super::{BlockSigns, Label, PageKind, Reason, SourceEvidence};
use crate::likeness::{self, Fingerprint, Likeness};
use crate::page::{Block, Page};
use serde::Serialize;

/// What to do with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// A body could be cut out; use it.
    Keep,
    /// In doubt, or cut short by a limit: look at it, or render the page.
    #[default]
    Review,
    /// There is nothing to save.
    Drop,
}

impl Verdict {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Review => "review",
            Self::Drop => "drop",
        }
    }
}

/// The page's scores, each 0 to 1, 1 is bad, but for `quality`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Scores {
    /// Share of the page's shown characters outside the body.
    pub boilerplate: f32,
    /// Probability that the page carries advertising or promotion: ad slots, also empty ones, ad scripts, keyword links,
    /// blocks of offers.
    pub ads: f32,
    /// Probability that somebody has put adult spam into the page, or that it is nothing else.
    pub adult: f32,
    /// The same for gambling.
    pub gambling: f32,
    /// The same for loans, fake documents, pharmacy and get-rich offers.
    pub scam: f32,
    /// Probability that the page is made or changed for search engines: stuffed keywords, hidden links, mirrors.
    pub seo: f32,
    /// How good the chosen body is as text, 1 is best: long, unbroken, unrepeated, sure.
    pub quality: f32,
    /// Probability that the page has no main content: a script shell, an error page, a bot check.
    pub empty: f32,
}

/// A named finding about a page or a block.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What was found.
    #[serde(rename = "name")]
    pub reason: Reason,
    /// The decision it speaks of: `verdict`, or the name of a score.
    pub of: &'static str,
    /// How much it speaks, in log-odds of the decision it belongs to; its sign is its direction.
    pub weight: f32,
    /// For people: what was seen.
    pub text: String,
    /// Indexes of the blocks it came from; empty when it speaks of the whole page.
    pub blocks: Vec<usize>,
}

/// What is said about one block.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockReport {
    /// What the block is.
    pub label: Label,
    /// Calibrated probability that the label is right, 0 to 1.
    pub probability: f32,
    /// Calibrated probability that the block is main content, 0 to 1.
    pub body_probability: f32,
    /// Why the label: a named rule, or the model.
    pub reason: Reason,
}

/// Something that somebody did to an article and that was undone in the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// Stable name, `snake_case`.
    pub name: &'static str,
    /// How often it was undone.
    pub count: usize,
    /// For people: what was undone.
    pub text: String,
}

/// Everything about one page. [`Filter::check`](super::Filter::check) makes it.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub(crate) id: String,
    pub(crate) page: Page,
    pub(crate) blocks: Vec<BlockReport>,
    pub(crate) verdict: Verdict,
    pub(crate) kind: Option<(PageKind, f32)>,
    pub(crate) scores: Scores,
    pub(crate) confidence: f32,
    pub(crate) reasons: Vec<Finding>,
    pub(crate) repairs: Vec<Repair>,
    /// The page with the repaired texts of its body blocks, where something was undone.
    pub(crate) repaired: Option<Page>,
    pub(crate) title: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) source_evidence: SourceEvidence,
    /// One entry for each block, where it was asked for.
    pub(crate) signs: Vec<BlockSigns>,
    /// One entry for each block, where repeated blocks were counted.
    pub(crate) repeated: Vec<Option<u32>>,
}

/// What stands between the cells of a table row in a body of text.
const BETWEEN_CELLS: &str = " | ";

impl Report {
    /// The report of a page that was not read: no block, in doubt.
    #[cfg(test)]
    pub(crate) fn unread(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::default() }
    }

    pub(super) fn set_facts(&mut self, facts: Facts) {
        let Facts { title, author, date, lang } = facts;
        (self.title, self.author, self.date, self.lang) = (title, author, date, lang);
    }

    /// The document's identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The page that was judged.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Each block of the page with what is said about it, in reading order. Texts stand as they are on the page, also
    /// where the body was repaired.
    pub fn blocks(&self) -> impl Iterator<Item = (Block<'_>, &BlockReport)> {
        self.page.blocks().zip(&self.blocks)
    }

    /// Why each block has its label, one entry for each block: see [`Filter::explain`](super::Filter::explain). Empty in a
    /// report of [`Filter::check`](super::Filter::check).
    pub fn signs(&self) -> &[BlockSigns] {
        &self.signs
    }

    /// On how many pages of its site the block at `index` stands, where it is a template of the site; none where nobody has
    /// counted that: see [`Filter::with_templates`](super::Filter::with_templates).
    pub fn repeats(&self, index: usize) -> Option<u32> {
        self.repeated.get(index).copied().flatten()
    }

    /// The blocks of the body, in reading order, with their repaired texts: see [`Report::repairs`].
    pub fn body_blocks(&self) -> impl Iterator<Item = Block<'_>> + Clone {
        let page = self.repaired.as_ref().unwrap_or(&self.page);
        let body = page.blocks().zip(&self.blocks).filter(|(_, report)| report.label.is_body());
        // A repair may leave nothing of a block.
        body.map(|(block, _)| block).filter(|block| !block.text().is_empty())
    }

    /// The body as text, one block a line, repaired. The cells of a table row stand on one line with ` | ` between them, and
    /// a line of a plain-text page that was cut into blocks is one line again.
    pub fn body(&self) -> String {
        let mut body = String::new();
        let mut last = None;
        for block in self.body_blocks() {
            if let Some(last) = last.replace(block) {
                body.push_str(self.joint(last, block));
            }
            body.push_str(block.text());
        }
        body
    }

    /// What stands between two blocks of the body's text.
    fn joint(&self, before: Block<'_>, block: Block<'_>) -> &str {
        let is_line = |cell: Block<'_>| !cell.text().contains('\n');
        if before.kind().shares_row(block.kind()) && is_line(before) && is_line(block) {
            return BETWEEN_CELLS;
        }
        self.page.gap(before.index(), block.index()).unwrap_or("\n")
    }

    /// The similarity hash of the body ([`likeness::simhash`]); none where it has no word.
    pub fn simhash(&self) -> Option<u64> {
        likeness::simhash(self.body_blocks().map(|block| block.text()))
    }

    /// The fingerprint of the page's layout ([`likeness::layout`]); none of plain text and of a page without blocks.
    pub fn layout(&self) -> Option<u64> {
        likeness::layout(&self.page)
    }

    /// What the body is compared by with others; none of a page without body.
    pub fn fingerprint(&self, likeness: Likeness) -> Option<Fingerprint> {
        Fingerprint::of(self.body_blocks().map(|block| block.text()), likeness)
    }

    /// What to do with the page.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What the page is as a whole, and the probability of that, 0 to 1; none without a model that tells.
    pub fn kind(&self) -> Option<(PageKind, f32)> {
        self.kind
    }

    /// The page's scores.
    pub fn scores(&self) -> Scores {
        self.scores
    }

    /// Expected word F1 of the chosen body, 0 to 1.
    pub fn confidence(&self) -> f32 {
        self.confidence
    }

    /// Findings about the page, the strongest first.
    pub fn reasons(&self) -> &[Finding] {
        &self.reasons
    }

    /// What was undone in the body: `invisible_characters`, `pinyin_brackets` and `noise_tags` of a page that was recognised as mirrored,
    /// `to_simplified` where [`Filter::with_script`](super::Filter::with_script) asked for it.
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// What was known of the page's source, see [`Filter::check_from`](super::Filter::check_from); nothing where nobody
    /// said anything.
    pub fn source_evidence(&self) -> &SourceEvidence {
        &self.source_evidence
    }

    /// The article's title.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The article's author.
    pub fn author(&self) -> Option<&str> {
        self.author.as_deref()
    }

    /// Publication date, `YYYY-MM-DD`.
    pub fn date(&self) -> Option<&str> {
        self.date.as_deref()
    }

    /// Language of the body: an ISO 639-1 code, `zh-Hant` for traditional Chinese.
    pub fn lang(&self) -> Option<&str> {
        self.lang.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Model;
    use crate::{Document, Filter};

    #[test]
    fn the_cells_of_a_row_stand_on_one_line_of_the_body_unless_one_holds_lines() {
        let html = "<p>Levels<table><tr><th>Hour<th>Level<tr><td>one<td>2.1 m<tr><td>two<td>2.4 m<br>rising</table><p>End";
        let body = Filter::new(Model::constant(0.99)).check(&Document::html(html)).body();
        assert_eq!(body, "Levels\nHour | Level\none | 2.1 m\ntwo\n2.4 m\nrising\nEnd");
    }
}

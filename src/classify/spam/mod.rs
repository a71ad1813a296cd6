//! The scores of a whole page for each kind of spam, with what they rest on.

pub(super) mod brands;
mod names;

use super::evidence::{Evidence, SPAM, Scored};
use super::naming::{FEW, Naming, Probabilities, Reader};
use super::{Finding, Label, Reason, settings};
use crate::features::vectors::PageSign;
use crate::model::{KindModel, Logistic};
use crate::page::{Media, Page};
pub(super) use names::LINE_BYTES;

/// Numbers that a model of pages looks at.
pub(crate) const INPUTS: usize = PageSign::COUNT;

/// A block is counted from this probability on.
const COUNTED: f32 = 0.5;
/// Blocks at each end of a page where hijackers put their brand: breadcrumb and copyright line.
pub(super) const EDGE: usize = 12;

/// The power of a probability that counts. Words are often half sure of something harmless: only what is surely spam counts
/// in full. Those that are written for search engines are the hardest to tell, and are learned from generated pages alone.
fn power(kind: Label) -> i32 {
    if kind == Label::Seo { 3 } else { 2 }
}

/// What a page says of itself.
#[derive(Debug, Default)]
pub(crate) struct Selves {
    /// In places that readers do not see or see first: title, keywords, description.
    heads: Vec<Probabilities>,
    /// The names in them, in breadcrumbs and in copyright lines.
    names: Vec<names::Name>,
}

impl Selves {
    pub(crate) fn of(page: &Page, naming: &Naming, model: &KindModel) -> Self {
        let meta = page.metadata();
        let texts = || [&meta.title_tag, &meta.keywords, &meta.description].into_iter().flatten();
        let mut reader = Reader::new(model).of_advice(naming.is_advice);
        let mut heads: Vec<Probabilities> = texts().map(|text| reader.read(text)).collect();
        if heads.is_empty() {
            // The first line of plain text is its title.
            heads.extend(naming.by_words.first());
        }
        let names = names::names(page, naming, texts().map(String::as_str), &mut reader);
        Self { heads, names }
    }
}

/// The kind of spam that the page's title or keywords surely are.
pub(super) fn head_kind(selves: &Selves) -> Option<Label> {
    selves.heads.iter().find_map(kind)
}

/// The kind of spam that words surely are.
pub(super) fn kind(said: &Probabilities) -> Option<Label> {
    SPAM.into_iter().find(|label| said.get(*label as usize) >= Some(&SURE))
}

/// A line and, where it has several, its parts.
pub(super) fn whole_and_parts(line: &str) -> impl Iterator<Item = &str> {
    std::iter::once(line).chain(names::parts(line))
}

/// From this probability on words of the head name it.
const SURE: f32 = 0.8;

/// A page's score for a kind of spam.
#[derive(Debug, Clone)]
pub(super) struct PageScore {
    pub(super) label: Label,
    /// Probability, 0 to 1.
    pub(super) score: f32,
    /// What title, keywords and a name that stands in several lines add to the log-odds: what is left of a page when its spam
    /// is cut out. A name in one line says little: that may be the spam itself.
    pub(super) by_names: f32,
    /// What it rests on, the strongest first.
    pub(super) reasons: Vec<Finding>,
}

/// The page's score for each kind of spam that the user looks for; none without a model of kinds.
pub(super) fn scores(evidence: &Evidence<'_>, inputs: &Inputs) -> Vec<PageScore> {
    let (Some(naming), Some(model)) = (&evidence.naming, evidence.model) else { return Vec::new() };
    let score = |(label, inputs): (Label, &[f32; INPUTS])| {
        let model = model.part.pages.get(label.as_str()).filter(|_| evidence.settings.is_junk(label))?;
        let blocks = 0..evidence.scored.body.len();
        let found: Vec<usize> = blocks.filter(|index| naming.p(*index, label) >= COUNTED).collect();
        Some(score(label, model, inputs, &found))
    };
    settings::KINDS.into_iter().zip(inputs).filter_map(score).collect()
}

impl Evidence<'_> {
    /// What the page says of itself.
    pub(super) fn selves(&self) -> Selves {
        let known = self.naming.as_ref().zip(self.model);
        known.map(|(naming, model)| Selves::of(self.scored.page, naming, model)).unwrap_or_default()
    }

    /// The numbers for the models of spam; none without a model of kinds.
    pub(super) fn spam_inputs(&self, selves: &Selves) -> Option<Inputs> {
        self.naming.as_ref().map(|naming| inputs(self.scored, naming, selves))
    }
}

/// The numbers for the model of each kind, in the order of [`settings::KINDS`].
pub(crate) type Inputs = [[f32; INPUTS]; settings::KINDS.len()];

/// The numbers for the models of all kinds.
pub(crate) fn inputs(scored: Scored<'_>, naming: &Naming, selves: &Selves) -> Inputs {
    settings::KINDS.map(|kind| of_kind(scored, naming, selves, kind))
}

fn of_kind(scored: Scored<'_>, naming: &Naming, selves: &Selves, kind: Label) -> [f32; INPUTS] {
    let Scored { page, measured, .. } = scored;
    let p = |of: &Probabilities| of.get(kind as usize).copied().unwrap_or_default();
    let power = power(kind);
    let of = |found: &Probabilities| p(found).powi(power);
    let mut by_block: Vec<f32> = naming.probabilities.iter().map(p).collect();
    let blocks = by_block.len();
    let chars = |index: usize| measured.tokens().get(index).copied().unwrap_or_default() as f32;
    let all: f32 = (0..blocks).map(chars).sum::<f32>().max(1.0);
    let share: f32 =
        (0..blocks).filter(|at| by_block.get(*at) >= Some(&COUNTED)).map(chars).sum::<f32>() / all;
    let body = |p: &Probabilities| p.get(Label::Body as usize).copied().unwrap_or_default();
    let weight = |index: usize| naming.probabilities.get(index).map_or(0.0, body) * chars(index);
    let in_body: f32 = (0..blocks).map(|at| weight(at) * naming.by_words.get(at).map_or(0.0, of)).sum();
    let in_body = in_body / (0..blocks).map(weight).sum::<f32>().max(1.0);
    let ends = naming.by_words.iter().take(EDGE).chain(naming.by_words.iter().rev().take(EDGE));
    let edge = ends.map(of).fold(0.0, f32::max);
    let heads = &selves.heads;
    let head = heads.iter().map(of).fold(0.0, f32::max);
    let text = if page.source().media == Media::Text { 1.0 } else { 0.0 };
    let head_mean = heads.iter().map(of).sum::<f32>() / heads.len().max(1) as f32;
    // A name is a brand of something; words that are written for search engines are none.
    let names = selves.names.iter().filter(|_| kind != Label::Seo);
    let name = names.clone().map(|name| of(&name.said)).fold(0.0, f32::max);
    let repeated = names.filter(|name| name.repeated);
    let site_name = repeated.map(|name| of(&name.said)).fold(0.0, f32::max);
    by_block.sort_by(|a, b| b.total_cmp(a));
    let counted = by_block.iter().filter(|p| **p >= COUNTED).count() as f32;
    let top: f32 = by_block.iter().take(3).map(|p| p.powi(power)).sum::<f32>() / 3.0;
    PageSign::row([
        (PageSign::Block, by_block.first().map_or(0.0, |p| p.powi(power))),
        (PageSign::Blocks, top),
        (PageSign::Count, counted.ln_1p() / 3.0),
        (PageSign::Share, share),
        (PageSign::Head, head),
        (PageSign::Contrast, head * (1.0 - in_body)),
        (PageSign::Edge, edge),
        (PageSign::Body, in_body),
        (PageSign::HeadWords, head_mean),
        (PageSign::FewBlocks, if blocks <= FEW { 1.0 } else { 0.0 }),
        (PageSign::TextHead, text * head),
        (PageSign::Name, name),
        (PageSign::NameContrast, name * (1.0 - in_body)),
        (PageSign::SiteName, site_name * (1.0 - in_body)),
    ])
}

/// The score of a kind, and the reasons for it.
fn score(label: Label, model: &Logistic, inputs: &[f32; INPUTS], found: &[usize]) -> PageScore {
    let signs = PageSign::ALL.into_iter().zip(&model.weights).zip(inputs);
    let (mut reasons, mut by_names): (Vec<Finding>, f32) = (Vec::new(), 0.0);
    for ((sign, weight), value) in signs.map(|(sign, value)| (sign, *value)) {
        let part = weight * value;
        if part < LEAST_PART {
            continue;
        }
        let (reason, what) = said(sign);
        if matches!(reason, Reason::SpamInHead | Reason::HeadAgainstBody) || sign == PageSign::SiteName {
            by_names += part;
        }
        if let Some(known) = reasons.iter_mut().find(|known| known.reason == reason) {
            known.weight += part;
            continue;
        }
        let blocks = if reason == Reason::SpamBlocks { found.to_vec() } else { Vec::new() };
        let text = format!("{what} {label}: {}", amount(label, sign, value, found.len()));
        reasons.push(Finding { reason, of: label.as_str(), weight: part, text, blocks });
    }
    reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    PageScore { label, score: crate::model::sigmoid(model.log_odds(inputs)), by_names, reasons }
}

/// A sign that adds less is not told, log-odds.
const LEAST_PART: f32 = 0.05;

/// The reason that a sign belongs to, and what it says of the page.
fn said(sign: PageSign) -> (Reason, &'static str) {
    match sign {
        PageSign::Head | PageSign::HeadWords | PageSign::TextHead => {
            (Reason::SpamInHead, "title, keywords or description say")
        }
        PageSign::Contrast => (Reason::HeadAgainstBody, "the head, but not the body, says"),
        PageSign::Name | PageSign::NameContrast | PageSign::SiteName => {
            (Reason::SpamAsName, "a name in the title, the breadcrumb or the copyright line says")
        }
        PageSign::Edge => (Reason::SpamAtEdge, "one of the first or last blocks says"),
        PageSign::FewBlocks => (Reason::FewBlocks, "of few blocks each counts for more; blocks that may be"),
        PageSign::Share | PageSign::Count => (Reason::SpamBlocks, "blocks say"),
        PageSign::Body => (Reason::SpamInBody, "the words of the main content say"),
        PageSign::Block | PageSign::Blocks => (Reason::SpamBlock, "the likeliest blocks say"),
    }
}

/// How much a sign says, for people.
fn amount(kind: Label, sign: PageSign, value: f32, blocks: usize) -> String {
    match sign {
        PageSign::Share | PageSign::Count => blocks.to_string(),
        PageSign::FewBlocks => format!("{FEW} or fewer"),
        _ => format!("{:.2}", value.powf(1.0 / power(kind) as f32)),
    }
}

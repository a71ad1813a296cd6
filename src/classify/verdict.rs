//! Labels and page scores → the verdict, with the reasons that led to it.

use super::evidence::SPAM;
use super::mirror::Mirror;
use super::page_kind::Told;
use super::ruined::{self, Ruin};
use super::rules::Ruling;
use super::spam::PageScore;
use super::{
    BlockReport, Finding, Label, PageKind, Reason, Report, Scores, Settings, SourceEvidence, Verdict,
    empty::Signs, injected::Injected,
};
use crate::model::{logit, sigmoid};
use crate::page::Page;
use crate::page::words::words;
use std::collections::HashSet;

/// What is known of a page beside its blocks.
pub(super) struct Findings {
    /// Expected word F1 of the body, 0 to 1.
    pub(super) confidence: f32,
    /// Probability that the page has no main content.
    pub(super) empty: f32,
    pub(super) signs: Signs,
    /// The score of each kind of spam and what it rests on.
    pub(super) spam: Vec<PageScore>,
    pub(super) mirror: Mirror,
    /// What the page is; none without a model that tells.
    pub(super) kind: Option<Told>,
    /// The title that the page itself names.
    pub(super) title: Option<String>,
    /// What somebody has put over the page, or in its place; each is enough to name the page for its kind of spam.
    pub(super) put_over: Vec<Finding>,
}

/// The report of a page, as far as its labels and scores tell it.
pub(super) fn report(
    page: Page,
    blocks: Vec<BlockReport>,
    findings: &Findings,
    injected: &Injected,
    (settings, known): (&Settings, SourceEvidence),
) -> Report {
    let mut reasons = reasons(&page, &blocks, findings, settings);
    let standing = Standing::of(&page, &blocks, findings, settings);
    reasons.extend(standing.reason(findings));
    let (ruin, ruined) = ruined::of(&page, &blocks);
    reasons.extend(ruined);
    let has_body = blocks.iter().any(|block| block.label.is_body());
    let own = match standing {
        _ if !has_body => Verdict::Drop,
        _ if page.source().limit.is_some() => Verdict::Review,
        _ if is_users_own(&blocks) => Verdict::Keep,
        Standing::Spam | Standing::Junk(..) | Standing::Placeholder => Verdict::Drop,
        _ if ruin == Ruin::Most => Verdict::Drop,
        Standing::Named(_) | Standing::Drowned | Standing::Doubtful(..) => Verdict::Review,
        _ if ruin == Ruin::Part => Verdict::Review,
        _ if findings.mirror.is_mirrored() || findings.confidence < settings.doubt => Verdict::Review,
        _ => Verdict::Keep,
    };
    let (verdict, of_source) = match findings.doubt(&blocks) {
        Some(doubt) => known.judged(own, doubt, settings),
        None => (own, Vec::new()),
    };
    let place = if verdict == own { reasons.len() } else { 0 };
    reasons.splice(place..place, of_source);
    let put_in = injected.reasons(&page, &blocks);
    let scores = Scores {
        ads: Injected::ads(&put_in),
        seo: seo(findings, &put_in),
        ..scores(&page, &blocks, findings)
    };
    reasons.extend(put_in);
    reasons.extend(findings.put_over.iter().cloned());
    let told = findings.spam.iter().filter(|found| found.score >= TOLD);
    reasons.extend(told.flat_map(|found| found.reasons.iter().cloned()));
    let confidence = if has_body { findings.confidence } else { 0.0 };
    let kind = findings.kind();
    let source_evidence = known;
    Report { page, blocks, verdict, kind, scores, confidence, reasons, source_evidence, ..Report::default() }
}

fn is_kept(block: &BlockReport) -> bool {
    block.reason == Ruling::Keep.reason()
}

/// Whether the body is what the user's rules keep, and nothing else.
fn is_users_own(blocks: &[BlockReport]) -> bool {
    let mut body = blocks.iter().filter(|block| block.label.is_body()).peekable();
    body.peek().is_some() && body.all(is_kept)
}

/// Log-odds of a decision that the user's rules alone have made.
const CERTAIN: f32 = 10.0;
/// A block that the model would give such a probability of main content is missed in the body.
const MISSED: f32 = 0.5;

/// What the user's rules did to a page.
fn user_rules(blocks: &[BlockReport]) -> Option<Finding> {
    let ruled = |ruling: Ruling| blocks.iter().enumerate().filter(move |(_, b)| b.reason == ruling.reason());
    let (kept, dropped) = (ruled(Ruling::Keep).count(), ruled(Ruling::Drop).count());
    let has_body = blocks.iter().any(|block| block.label.is_body());
    let weight = match () {
        () if is_users_own(blocks) => -CERTAIN,
        () if !has_body && ruled(Ruling::Drop).any(|(_, block)| block.body_probability >= MISSED) => CERTAIN,
        () => 0.0,
    };
    let both = || blocks.iter().enumerate().filter(|(_, b)| is_kept(b) || b.reason == Ruling::Drop.reason());
    (kept + dropped > 0).then(|| Finding {
        reason: Reason::UserRules,
        of: "verdict",
        weight,
        text: format!("blocks that your selectors keep: {kept}; that they drop: {dropped}"),
        blocks: both().map(|(index, _)| index).collect(),
    })
}

/// The probability that one of several independent findings is right.
fn either(probabilities: &[f32]) -> f32 {
    1.0 - probabilities.iter().map(|p| 1.0 - p).product::<f32>()
}

/// How good the body is as text, 0 to 1: how sure the cut is, less what is repeated in it, less what a text shorter than
/// some hundred tokens lacks (documents of under 50 to 100 words are what the rules for training text drop first:
/// Gopher, C4).
fn quality(page: &Page, blocks: &[BlockReport], confidence: f32) -> f32 {
    let (mut seen, mut tokens, mut repeated) = (HashSet::new(), 0usize, 0usize);
    for (block, _) in page.blocks().zip(blocks).filter(|(_, report)| report.label.is_body()) {
        let count = words(block.text()).count();
        tokens += count;
        repeated += if seen.insert(block.text()) { 0 } else { count };
    }
    let fresh = 1.0 - repeated as f32 / tokens.max(1) as f32;
    let length = 1.0 - (-(tokens as f32) / LONG_ENOUGH).exp();
    if tokens == 0 { 0.0 } else { confidence * fresh * length }
}

/// Tokens of which a body lacks a third of its quality.
const LONG_ENOUGH: f32 = 75.0;

/// The reasons of a score are told from this score on.
const TOLD: f32 = 0.2;

/// What spam leaves of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Standing {
    /// No spam, or less than there is body.
    Clean,
    /// A body stands beside spam.
    CutOut,
    /// Title or names of the page are spam of a kind.
    Named(Label),
    /// The page stands in the place of content, be it with a template's running text.
    Placeholder,
    /// The page is of a kind whose body is junk itself, with the probability of all such kinds.
    Junk(PageKind, f32),
    /// The page is likelier than not junk, not its author's any more, or no content.
    Doubtful(PageKind, f32),
    /// More spam than body on a page that is named for it.
    Drowned,
    /// Hardly anything but spam.
    Spam,
    /// Nothing but spam.
    Nothing,
}

/// Title and names have added so much to the log-odds of spam that the page may not be its author's any more. (No clean page
/// of 201 of a crawl has it. Titles that are written for search engines are no sign: honest shops write theirs so.)
const NAMED: f32 = 1.5;
/// A page with so many times more spam than body is nothing but spam.
const HARDLY_BODY: usize = 4;

impl Standing {
    fn of(page: &Page, blocks: &[BlockReport], findings: &Findings, settings: &Settings) -> Self {
        let count = |wanted: &dyn Fn(Label) -> bool| -> usize {
            let of = page.blocks().zip(blocks).filter(|(_, report)| wanted(report.label));
            of.map(|(block, _)| block.text().chars().count()).sum()
        };
        let (body, junk) = (count(&|label| label.is_body()), count(&|label| SPAM.contains(&label)));
        let unrelated = || findings.spam.iter().filter(|found| SPAM.contains(&found.label));
        let worst = unrelated().map(|found| found.score).fold(0.0, f32::max);
        let is_named = |found: &&PageScore| {
            SPAM.contains(&found.label) && found.score >= settings.page && found.by_names >= NAMED
        };
        let named = findings.spam.iter().filter(is_named).max_by(|a, b| a.by_names.total_cmp(&b.by_names));
        let (surely, kind) = findings.any(PageKind::is_junk);
        let (doubtful, any) = findings.any(|kind| !kind.is_content());
        let named = named.map(|found| found.label).or_else(|| findings.named_for());
        match named {
            _ if junk > 0 && body == 0 => Self::Nothing,
            _ if junk >= HARDLY_BODY * body && junk > 0 && worst >= settings.page_surely => Self::Spam,
            _ if findings.kind.is_some() && findings.empty >= settings.empty => Self::Placeholder,
            _ if surely >= settings.junk_page => Self::Junk(kind, surely),
            _ if doubtful >= settings.bad_page => Self::Doubtful(any, doubtful),
            _ if junk > body && worst >= settings.page => Self::Drowned,
            Some(kind) => Self::Named(kind),
            None if junk > 0 => Self::CutOut,
            None => Self::Clean,
        }
    }

    fn reason(self, findings: &Findings) -> Option<Finding> {
        let why = |kind| findings.kind.as_ref().map(|told| told.why(kind)).unwrap_or_default();
        let (reason, weight, text) = match self {
            // `reasons` says it already
            Self::Clean | Self::Placeholder => return None,
            Self::Junk(kind, p) => {
                (Reason::JunkPage, logit(p), format!("the page itself is junk: {}", why(kind)))
            }
            Self::Doubtful(kind, p) => {
                let reason =
                    if kind == PageKind::Placeholder { Reason::Placeholder } else { Reason::TakenOver };
                (
                    reason,
                    logit(p),
                    format!("the page may be junk, not its author's, or no content: {}", why(kind)),
                )
            }
            Self::CutOut => {
                (Reason::SpamCutOut, 0.0, "the body stands beside spam, which was cut out".to_owned())
            }
            Self::Named(kind) => (
                Reason::NamedForSpam,
                2.0,
                format!("title or names of the page are {kind}: it may have been taken over"),
            ),
            Self::Drowned => (Reason::MostlySpam, 1.0, "there is more spam than body".to_owned()),
            Self::Spam => (Reason::NothingButSpam, 5.0, "there is hardly anything but spam".to_owned()),
            Self::Nothing => (Reason::NothingButSpam, 5.0, "what is not navigation is spam".to_owned()),
        };
        Some(Finding { reason, of: "verdict", weight, text, blocks: Vec::new() })
    }
}

/// The probability that a page is made for search engines, of three independent findings.
fn seo(findings: &Findings, injected: &[Finding]) -> f32 {
    let found = either(&[findings.spam_score(Label::Seo), findings.mirror.score, Injected::seo(injected)]);
    found.max(findings.kinds_of(Label::Seo))
}

impl Findings {
    /// The kind of spam that somebody has put over the page.
    fn named_for(&self) -> Option<Label> {
        self.put_over.iter().find_map(|found| Label::from_name(found.of))
    }

    fn spam_score(&self, label: Label) -> f32 {
        let score = self.spam.iter().find(|found| found.label == label).map_or(0.0, |found| found.score);
        let score = if label == Label::Seo { score } else { score.max(self.kinds_of(label)) };
        let put_over = self.put_over.iter().filter(|found| found.of == label.as_str());
        put_over.fold(score, |score, found| either(&[score, sigmoid(found.weight)]))
    }

    /// The probability that the page is of a kind with such spam.
    fn kinds_of(&self, label: Label) -> f32 {
        self.any(|kind| kind.spam() == Some(label)).0
    }

    /// The probability that the page is junk, not its author's or no content, as far as a model tells (else 0); none where the
    /// user's own rules have chosen the body, which have the last word.
    fn doubt(&self, blocks: &[BlockReport]) -> Option<f32> {
        (!is_users_own(blocks)).then(|| self.any(|kind| !kind.is_content()).0)
    }

    /// The probability of all kinds that are wanted, and the likeliest of them.
    fn any(&self, wanted: impl Fn(PageKind) -> bool) -> (f32, PageKind) {
        let (p, kind) = self.kind.as_ref().map_or((0.0, None), |told| told.any(wanted));
        (p, kind.unwrap_or(PageKind::Other))
    }

    /// The likeliest kind of the page.
    fn kind(&self) -> Option<(PageKind, f32)> {
        let told = self.kind.as_ref()?;
        let (_, kind) = told.any(|_| true);
        kind.map(|kind| (kind, told.p(kind)))
    }
}

/// The scores of a page that its labels and models tell.
fn scores(page: &Page, blocks: &[BlockReport], findings: &Findings) -> Scores {
    let chars = |outside: bool| -> f32 {
        let shown = page.blocks().zip(blocks).filter(|(block, _)| !block.kind().is_pseudo());
        let counted = shown.filter(|(_, report)| !(outside && report.label.is_body()));
        counted.map(|(block, _)| block.text().chars().count() as f32).sum()
    };
    let (bad, _) = findings.any(|kind| !kind.is_content());
    Scores {
        boilerplate: chars(true) / chars(false).max(1.0),
        empty: findings.empty,
        quality: quality(page, blocks, findings.confidence) * (1.0 - bad),
        adult: findings.spam_score(Label::Adult),
        gambling: findings.spam_score(Label::Gambling),
        scam: findings.spam_score(Label::Scam),
        ..Scores::default()
    }
}

fn reasons(page: &Page, blocks: &[BlockReport], findings: &Findings, settings: &Settings) -> Vec<Finding> {
    let mut reasons = Vec::new();
    let mut add = |reason: Reason, weight: f32, text: String| {
        reasons.push(Finding { reason, of: "verdict", weight, text, blocks: Vec::new() });
    };
    let has_body = blocks.iter().any(|block| block.label.is_body());
    if page.source().binary {
        add(
            Reason::Binary,
            10.0,
            "the bytes are no text: an image, an archive or another binary format".to_owned(),
        );
    } else if let Some(status) = page.source().failed_status().filter(|_| !has_body) {
        add(Reason::HttpStatus, 10.0, format!("the server answered with the status {status}"));
    } else if blocks.is_empty() {
        add(Reason::NoText, 10.0, "the page has no text".to_owned());
    } else if findings.empty >= settings.empty && (!has_body || findings.kind.is_some()) {
        let weight = logit(findings.empty);
        let signs = &findings.signs;
        let (reason, what) = match () {
            () if signs.script => (Reason::ScriptShell, "it asks for scripts; render it to see its content"),
            () if signs.check => (Reason::BotCheck, "it checks the visitor's browser"),
            () if signs.error => (Reason::ErrorPage, "it reports an error"),
            () if findings.kind.is_some() => (Reason::Placeholder, "it stands in the place of content"),
            () => (Reason::EmptyPage, "its blocks are navigation and widgets"),
        };
        add(reason, weight, format!("no main content ({:.2}): {what}", findings.empty));
    } else if !has_body {
        add(Reason::NoBody, 5.0, "no block is likely to be main content".to_owned());
    }
    if let Some(limit) = page.source().limit {
        add(
            Reason::Limit,
            2.0,
            format!("the page is over the limit of {}; what stands behind it was not read", limit.as_str()),
        );
    }
    if has_body && findings.confidence < settings.doubt && !is_users_own(blocks) {
        let weight = logit(settings.doubt) - logit(findings.confidence);
        add(Reason::LowConfidence, weight, format!("expected F1 of the body is {:.2}", findings.confidence));
    }
    if page.source().is_cut {
        add(Reason::CutShort, 0.5, "the page breaks off: the rest was lost before it came in".to_owned());
    }
    if page.source().replaced {
        add(
            Reason::MalformedText,
            0.5,
            format!("bytes that are no {} were replaced by U+FFFD", page.source().charset),
        );
    }
    if let Some(reason) = user_rules(blocks) {
        let place = if reason.weight == 0.0 { reasons.len() } else { 0 };
        reasons.insert(place, reason);
    }
    reasons.extend(findings.mirror.finding());
    reasons.extend(findings.mirror.reasons.iter().cloned());
    reasons
}

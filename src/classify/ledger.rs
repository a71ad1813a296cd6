//! Claims about blocks → which one stands: the table of precedence.
//!
//! Each source of evidence claims labels; none writes one. The ledger keeps every claim and, for each block, the one that
//! stands. Labels, probabilities, reasons and explanations are read from it.

use super::{Label, Reason};

/// What a claim about a block rests on, from the weakest to the strongest: a claim takes the place of one whose source stands
/// before its own. Of two claims of one source the first stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The likeliest kind of junk: what a block is if it is no main content.
    Likeliest,
    /// The cut between main content and junk.
    Cut,
    /// The element is hidden on a page whose main content is shown.
    Hidden,
    /// The block repeats main content that stands elsewhere on the page.
    Copy,
    /// The block repeats on the pages of the site.
    Template,
    /// The words of a line that stands without a page around it.
    Line,
    /// A rule of phrases or of shape.
    Rule,
    /// Markup of ad slots, hidden and foreign links, and the user's ad rules.
    Trace,
    /// Words that are surely adult, gambling or scam.
    Spam,
    /// Something that is only seen on the labels of the whole page: what a mirror kit put in, the headline. It takes the place of
    /// vague labels alone (`body`, `related`, `nav`, `ui`), whatever gave them.
    Page,
    /// A person's corrections of pages like this one.
    Correction,
    /// The page has no main content.
    NoContent,
    /// The user's selectors.
    Selector,
}

impl Source {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Likeliest => "likeliest",
            Self::Cut => "cut",
            Self::Hidden => "hidden",
            Self::Copy => "copy",
            Self::Template => "template",
            Self::Line => "line",
            Self::Rule => "rule",
            Self::Trace => "trace",
            Self::Spam => "spam",
            Self::Page => "page",
            Self::Correction => "correction",
            Self::NoContent => "no_content",
            Self::Selector => "selector",
        }
    }

    /// Whether the models decide, and not a rule that overrules them.
    pub(crate) fn is_model(self) -> bool {
        matches!(self, Self::Likeliest | Self::Cut | Self::Line | Self::Spam)
    }
}

/// A label for a block, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// What it rests on.
    pub source: Source,
    /// The label.
    pub label: Label,
    /// The rule or model.
    pub reason: Reason,
}

impl Claim {
    pub(super) fn new(source: Source, (label, reason): (Label, Reason)) -> Self {
        Self { source, label, reason }
    }

    /// Whether the claim takes the place of one that stands.
    fn outranks(self, standing: Self) -> bool {
        self.source > standing.source && (self.source != Source::Page || is_vague(standing.label))
    }
}

/// Whether a label says no more of a block than that it is main content, or that it is none.
fn is_vague(label: Label) -> bool {
    matches!(label, Label::Body | Label::Related | Label::Nav | Label::Ui)
}

/// All claims about the blocks of a page, and which of them stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    /// Block and claim, as they came in.
    claims: Vec<(usize, Claim)>,
    standing: Vec<Option<Claim>>,
}

impl Ledger {
    /// A ledger of a page with so many blocks.
    pub(super) fn new(blocks: usize) -> Self {
        Self { claims: Vec::with_capacity(2 * blocks), standing: vec![None; blocks] }
    }

    /// Enters a claim about a block.
    pub(super) fn add(&mut self, block: usize, claim: Claim) {
        let Some(standing) = self.standing.get_mut(block) else { return };
        if standing.is_none_or(|standing| claim.outranks(standing)) {
            *standing = Some(claim);
        }
        self.claims.push((block, claim));
    }

    /// The claim that stands for each block, in reading order.
    pub(crate) fn standing(&self) -> impl Iterator<Item = Claim> + '_ {
        let nothing = Claim::new(Source::Likeliest, (Label::Ui, Reason::OutsideBody));
        self.standing.iter().map(move |claim| claim.unwrap_or(nothing))
    }

    /// The label that stands for each block, in reading order.
    pub(super) fn labels(&self) -> Vec<Label> {
        self.standing().map(|claim| claim.label).collect()
    }

    /// All claims about each block, as they came in.
    pub(super) fn by_block(&self) -> Vec<Vec<Claim>> {
        let mut by_block = vec![Vec::new(); self.standing.len()];
        for (block, claim) in &self.claims {
            if let Some(claims) = by_block.get_mut(*block) {
                claims.push(*claim);
            }
        }
        by_block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands after claims about one block.
    fn standing(claims: &[(Source, Label)]) -> (Source, Label) {
        let mut ledger = Ledger::new(1);
        for (source, label) in claims {
            ledger.add(0, Claim::new(*source, (*label, Reason::Model)));
        }
        let stands = ledger.standing().next().unwrap();
        assert_eq!(ledger.by_block()[0].len(), claims.len());
        (stands.source, stands.label)
    }

    /// Whether the second source takes the place of the first, whichever comes in first.
    fn yields(weak: (Source, Label), strong: (Source, Label)) -> bool {
        assert_eq!(standing(&[weak, strong]), standing(&[strong, weak]));
        standing(&[weak, strong]) == strong
    }

    use Label::{Body, Gambling, Legal, Nav, Promo, Related, Seo, Ui};

    #[test]
    fn the_cut_makes_a_block_main_content_whatever_junk_it_might_be() {
        assert!(yields((Source::Likeliest, Related), (Source::Cut, Body)));
    }

    #[test]
    fn a_hidden_paragraph_is_no_main_content() {
        assert!(yields((Source::Cut, Body), (Source::Hidden, Related)));
    }

    #[test]
    fn a_copy_of_main_content_is_none() {
        assert!(yields((Source::Cut, Body), (Source::Copy, Related)));
    }

    #[test]
    fn a_sites_template_is_no_main_content_and_keeps_the_name_that_a_rule_gives() {
        assert!(yields((Source::Cut, Body), (Source::Template, Related)));
        assert!(yields((Source::Template, Related), (Source::Rule, Legal)));
        assert!(yields((Source::Template, Related), (Source::Selector, Body)));
    }

    #[test]
    fn the_words_of_a_lone_line_outrank_the_cut() {
        assert!(yields((Source::Cut, Body), (Source::Line, Promo)));
    }

    #[test]
    fn a_copyright_line_is_legal_though_the_cut_takes_it() {
        assert!(yields((Source::Cut, Body), (Source::Rule, Legal)));
        assert!(yields((Source::Line, Body), (Source::Rule, Legal)));
    }

    #[test]
    fn a_hidden_link_is_seo_though_a_phrase_calls_it_a_menu() {
        assert!(yields((Source::Rule, Nav), (Source::Trace, Seo)));
    }

    #[test]
    fn casino_words_in_a_menu_are_gambling() {
        assert!(yields((Source::Rule, Nav), (Source::Spam, Gambling)));
        assert!(yields((Source::Trace, Seo), (Source::Spam, Gambling)));
    }

    #[test]
    fn a_headline_leaves_a_byline_and_spam_alone() {
        assert!(yields((Source::Rule, Nav), (Source::Page, Body)));
        assert_eq!(
            standing(&[(Source::Likeliest, Label::Meta), (Source::Page, Body)]),
            (Source::Likeliest, Label::Meta)
        );
        assert_eq!(standing(&[(Source::Spam, Gambling), (Source::Page, Seo)]), (Source::Spam, Gambling));
    }

    #[test]
    fn a_correction_outranks_every_rule() {
        for rule in
            [(Source::Rule, Legal), (Source::Trace, Seo), (Source::Spam, Gambling), (Source::Page, Seo)]
        {
            assert!(yields(rule, (Source::Correction, Body)));
        }
    }

    #[test]
    fn a_page_without_main_content_has_no_body_but_what_the_user_keeps() {
        assert!(yields((Source::Correction, Body), (Source::NoContent, Ui)));
        assert!(yields((Source::NoContent, Ui), (Source::Selector, Body)));
    }

    #[test]
    fn of_two_claims_of_one_source_the_first_stands() {
        assert_eq!(standing(&[(Source::Rule, Legal), (Source::Rule, Nav)]), (Source::Rule, Legal));
    }
}

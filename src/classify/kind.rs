//! What a block outside the body is, by its markup, place and words; and words that overrule the model.

use super::Label;
use crate::features::Measured;
use crate::features::schema::BlockFeature;
use crate::page::{BlockKind, Page};

/// The kinds of a page's blocks.
pub(super) struct Kinds<'p> {
    page: &'p Page,
    measured: &'p Measured,
}

/// Levels above which an element says little about a block.
const NEAR: f32 = 31.0;

impl<'p> Kinds<'p> {
    pub(super) fn of(page: &'p Page, measured: &'p Measured) -> Self {
        Self { page, measured }
    }

    /// A label that the block has whatever the model says, and the name of the rule.
    pub(super) fn overruled(&self, index: usize) -> Option<(Label, &'static str)> {
        let _ = (index, &self.page);
        None
    }

    /// The kind of a block that is not main content, and the name of the rule.
    pub(super) fn of_junk(&self, index: usize) -> (Label, &'static str) {
        let level = |feature: BlockFeature| {
            self.measured.row(index).get(feature as usize).copied().unwrap_or(NEAR + 1.0)
        };
        let below = |feature| level(feature) <= NEAR;
        let kind = self.page.block(index).map(|block| block.kind()).unwrap_or_default();
        match kind {
            BlockKind::Meta | BlockKind::JsonLd => (Label::Meta, "not_shown"),
            BlockKind::Control => (Label::Ui, "control"),
            _ if below(BlockFeature::InNav) || below(BlockFeature::NavName) => (Label::Nav, "navigation"),
            _ if below(BlockFeature::CommentName) => (Label::Comment, "comment_name"),
            _ if below(BlockFeature::InFooter) => (Label::Legal, "footer"),
            _ => (Label::Related, "outside_body"),
        }
    }
}

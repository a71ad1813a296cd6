//! The names of the small vectors that models read, in the order in which they are filled.
//!
//! A model file lists the names that it was fitted on, and `model` compares them with these, name by name. The wide rows of
//! blocks have a table of their own in [`super::schema`].

use crate::label::Label;

/// Groups of the context of a block, with a number for each label: what its words say, those of its neighbours and those of
/// the page, and the rule that holds, by what the rule looks at.
const CONTEXT_GROUPS: [&str; 7] =
    ["words", "near", "page", "rule_words", "rule_markup", "rule_shape", "rule_none"];

/// The other numbers of the context of a block.
pub(crate) const CONTEXT_SIGNS: [&str; 24] = [
    "body",
    "body_odds",
    "text_body_odds",
    "chinese_body_odds",
    "few_body_odds",
    "text",
    "chinese",
    "few_blocks",
    "one_block",
    "tokens",
    "text_tokens",
    "link_density",
    "heading",
    "list_item",
    "cell",
    "not_shown",
    "before_running",
    "after_running",
    "place",
    "first",
    "few_words_body",
    "text_words_body",
    "text_words_related",
    "body_odds_words_body",
];

/// What speaks for a kind of spam on a page. All are 0 to 1.
pub(crate) const PAGE_SIGNS: [&str; 14] = [
    "block", "blocks", "count", "share", "head", "contrast", "edge", "body", "head_words", "few_blocks",
    "text_head", "name", "name_contrast", "site_name",
];

/// What speaks for and against any main content of a page.
pub(crate) const EMPTY_SIGNS: [&str; 11] = [
    "script", "error", "check", "expected", "highest", "confidence", "page_tokens", "blocks", "prose",
    "bytes_per_token", "told_and_short",
];

/// What the calibration of main content looks at.
pub(crate) const BODY_CALIBRATION: [&str; 3] = ["odds", "chinese", "chinese_odds"];

/// What the calibration of a label's probability looks at.
pub(crate) const LABEL_CALIBRATION: [&str; 7] =
    ["odds", "body", "body_odds", "chinese", "chinese_odds", "text", "text_odds"];

/// Names of the columns of the context, in order.
pub(crate) fn context_columns() -> Vec<String> {
    let labels = |group: &'static str| Label::ALL.iter().map(move |label| format!("{group}.{label}"));
    CONTEXT_GROUPS.into_iter().flat_map(labels).chain(CONTEXT_SIGNS.map(str::to_owned)).collect()
}

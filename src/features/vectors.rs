//! The columns of the small vectors that models read: names, units, revisions.
//!
//! A model file lists the names that it was fitted on, and `model` compares them with these, name by name; `revisions`
//! go into its schema. The wide rows of blocks have a table of their own in [`super::schema`].

use super::schema::{Feature, PageFeature, features};
use crate::label::{Label, PageKind};

features! {
    /// What the context of a block tells beside the groups of probabilities (`context_columns`).
    ContextSign {
        Body "body" 1 "0..1" "probability of main content";
        BodyOdds "body_odds" 1 "log-odds/6" "the same as log-odds";
        TextBodyOdds "text_body_odds" 1 "log-odds/6" "the same in plain text";
        ChineseBodyOdds "chinese_body_odds" 1 "log-odds/6" "the same on Chinese pages";
        FewBodyOdds "few_body_odds" 1 "log-odds/6" "the same on pages of few blocks";
        Text "text" 1 "0/1" "whether the page is plain text";
        Chinese "chinese" 1 "0/1" "whether the page is Chinese";
        FewBlocks "few_blocks" 1 "0/1" "whether the page has few blocks";
        OneBlock "one_block" 1 "0/1" "whether the page has one block";
        Tokens "tokens" 1 "ln(1+n)/4" "tokens";
        TextTokens "text_tokens" 1 "ln(1+n)/4" "tokens in plain text";
        LinkDensity "link_density" 1 "0..1" "share of the characters inside links";
        Heading "heading" 1 "0/1" "whether it is a heading";
        ListItem "list_item" 1 "0/1" "whether it is a list item";
        Cell "cell" 1 "0/1" "whether it is a cell of a table";
        NotShown "not_shown" 1 "0/1" "whether it is not shown";
        BeforeRunning "before_running" 1 "0/1" "whether it stands before all running text";
        AfterRunning "after_running" 1 "0/1" "whether it stands behind all running text";
        Place "place" 1 "0..1" "its place among the page's blocks";
        First "first" 1 "0/1" "whether it is the first block";
        FewWordsBody "few_words_body" 1 "0..1" "probability of main content by its words on pages of few blocks";
        TextWordsBody "text_words_body" 1 "0..1" "the same in plain text";
        TextWordsRelated "text_words_related" 1 "0..1" "probability of `related` by its words in plain text";
        BodyOddsWordsBody "body_odds_words_body" 1 "log-odds/6" "log-odds of main content times its probability by words";
    }
}

features! {
    /// What speaks for a kind of spam on a page: powers of probabilities of that kind, shares.
    PageSign {
        Block "block" 2 "0..1, to a power" "the likeliest block";
        Blocks "blocks" 2 "0..1, to a power" "mean of the three likeliest blocks";
        Count "count" 1 "ln(1+n)/3" "blocks that are likelier than not";
        Share "share" 1 "0..1" "their share of the tokens";
        Head "head" 1 "0..1, to a power" "title, keywords or description";
        Contrast "contrast" 1 "0..1, to a power" "the same where the body is another matter";
        Edge "edge" 2 "0..1, to a power" "the first and last blocks by their words";
        Body "body" 2 "0..1, to a power" "the words of the main content, each block by its tokens";
        HeadWords "head_words" 2 "0..1, to a power" "mean of title, keywords and description";
        FewBlocks "few_blocks" 1 "0/1" "whether the page has few blocks";
        TextHead "text_head" 1 "0..1, to a power" "the first lines of plain text";
        Name "name" 1 "0..1, to a power" "a name in title, breadcrumb or copyright line";
        NameContrast "name_contrast" 1 "0..1, to a power" "the same where the body is another matter";
        SiteName "site_name" 2 "0..1, to a power" "a name that stands in several of these lines, where the body is another matter";
    }
}

features! {
    /// What speaks for and against any main content of a page.
    EmptySign {
        Script "script" 1 "0/1" "whether it asks for scripts";
        Error "error" 1 "0/1" "whether it reports an error";
        Check "check" 1 "0/1" "whether it checks the visitor's browser";
        Expected "expected" 1 "ln(1+n)" "tokens that are expected in the body";
        Highest "highest" 1 "0..1" "the highest probability of main content";
        Confidence "confidence" 1 "0..1" "expected F1 of the body";
        PageTokens "page_tokens" 1 "ln(1+n)" "tokens";
        Blocks "blocks" 1 "ln(1+n)" "blocks";
        Prose "prose" 1 "ln(1+n)" "tokens of the longest running text";
        BytesPerToken "bytes_per_token" 1 "ln(1+n)" "bytes of the source for each token";
        ToldAndShort "told_and_short" 1 "7-ln(1+n)" "how short a page is that says so itself";
    }
}

features! {
    /// What speaks for a kind of page beside the groups of `page_kind_columns`.
    PageKindSign {
        Text "text" 1 "0/1" "whether the page is plain text";
        Chinese "chinese" 1 "0/1" "whether the page is Chinese";
        Host "host" 1 "0/1" "whether its host is known";
        HostDigits "host_digits" 1 "0..1" "digits per character of the host's name";
        HostLength "host_length" 1 "ln(1+n)/4" "characters of the host's name";
        HostParts "host_parts" 1 "n/4" "parts of the host's name, parted by dots and hyphens";
        HostSpam "host_spam" 1 "0..1" "the host's name read as words: adult, gambling or scam";
        TitleScript "title_script" 1 "0..1" "share of the title's letters in a script that the page's text hardly has";
        Body "body" 1 "0..1" "share of the tokens that is expected in the body";
        BodySpam "body_spam" 1 "0..1" "the words of the main content: adult, gambling or scam";
    }
}

features! {
    /// What the calibration of main content looks at.
    BodyCalibration {
        Odds "odds" 1 "log-odds" "what the trees say";
        Chinese "chinese" 1 "0/1" "whether the page is Chinese";
        ChineseOdds "chinese_odds" 1 "log-odds" "what the trees say of Chinese pages";
    }
}

features! {
    /// What the calibration of a label's probability looks at; the last ones are what decided.
    LabelCalibration {
        Odds "odds" 1 "log-odds" "what the model says of the label";
        Body "body" 1 "0/1" "whether the label is `body`";
        BodyOdds "body_odds" 1 "log-odds" "the same as log-odds";
        Chinese "chinese" 1 "0/1" "whether the page is Chinese";
        ChineseOdds "chinese_odds" 1 "log-odds" "the same as log-odds";
        Text "text" 1 "0/1" "whether the page is plain text";
        TextOdds "text_odds" 1 "log-odds" "the same as log-odds";
        Rule "rule" 1 "0/1" "whether a rule, or a trace of ads and hidden links, decided";
        RuleOdds "rule_odds" 1 "log-odds" "the same as log-odds";
        Spam "spam" 1 "0/1" "whether words of spam decided";
        SpamOdds "spam_odds" 1 "log-odds" "the same as log-odds";
        Line "line" 1 "0/1" "whether it is a line that stands alone";
        LineOdds "line_odds" 1 "log-odds" "the same as log-odds";
        Page "page" 1 "0/1" "whether something decided that is only seen on the whole page";
    }
}

features! {
    /// What speaks for a text that nobody wrote.
    Unwritten {
        Rare "rare" 2 "0..1" "letters that are none of the common ones of their script, or of Latin words without a vowel";
        Replaced "replaced" 2 "0..1" "characters that stand for lost ones";
        Runs "runs" 2 "0..1" "characters of Latin-1 that stand together, three or more";
        Alone "alone" 2 "0..1" "letters with signs or blanks on both sides";
        Related "related" 1 "0..1" "what neighbouring sentences have in common, rare words and pairs of ideographs first";
        Nearer "nearer" 1 "-1..1" "how much more that is than sentences have in common that stand apart";
        Key "key" 1 "0..1" "paragraphs that hold the same phrase of the title";
    }
}

/// Groups of the context of a block, with a number for each label: what its words say, those of its neighbours and those of
/// the page, and the rule that holds, by what the rule looks at.
const CONTEXT_GROUPS: [&str; 7] =
    ["words", "near", "page", "rule_words", "rule_markup", "rule_shape", "rule_none"];

/// Places of a page whose words are read apart.
pub(crate) const ZONES: [&str; 4] = ["head", "edge", "text", "host"];
/// Scores of spam whose signs a page's kind is told from.
pub(crate) const SPAM_SCORES: [Label; 4] = [Label::Adult, Label::Gambling, Label::Scam, Label::Seo];

/// Names of the numbers that a page's kind is told from, in order: for each zone what its words say of each kind, the share of
/// each label, the signs of each kind of spam, of a page without content and of text that nobody wrote, measurements of the page,
/// other signs.
pub(crate) fn page_kind_columns() -> Vec<String> {
    let group =
        |name: &'static str, of: Vec<&'static str>| of.into_iter().map(move |of| format!("{name}.{of}"));
    let kinds = || PageKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let zones = ZONES.into_iter().flat_map(|zone| group(zone, kinds()));
    let labels = group("label", Label::ALL.iter().map(|label| label.as_str()).collect());
    let spam = SPAM_SCORES.into_iter().flat_map(|of| group(of.as_str(), names(PageSign::TABLE).collect()));
    let empty = group("empty", names(EmptySign::TABLE).collect());
    let page = group("page", names(PageFeature::TABLE).collect());
    let unwritten = group("unwritten", names(Unwritten::TABLE).collect());
    let signs = names(PageKindSign::TABLE).map(str::to_owned);
    zones.chain(labels).chain(spam).chain(empty).chain(page).chain(unwritten).chain(signs).collect()
}

/// Names of the columns of a vector, in order.
pub(crate) fn names(table: &[Feature]) -> impl Iterator<Item = &'static str> + '_ {
    table.iter().map(|column| column.name)
}

/// Names of the columns of the context, in order.
pub(crate) fn context_columns() -> Vec<String> {
    let labels = |group: &'static str| Label::ALL.iter().map(move |label| format!("{group}.{label}"));
    let groups = CONTEXT_GROUPS.into_iter().flat_map(labels);
    groups.chain(names(ContextSign::TABLE).map(str::to_owned)).collect()
}

/// Names and revisions of the columns that the models of kinds read, a line for each: a part of their schema.
pub(crate) fn revisions() -> String {
    let tables = [
        ContextSign::TABLE,
        PageSign::TABLE,
        EmptySign::TABLE,
        PageKindSign::TABLE,
        Unwritten::TABLE,
        PageFeature::TABLE,
        LabelCalibration::TABLE,
    ];
    let columns = tables.into_iter().flatten();
    let lines = columns.map(|column| format!("{}@{}\n", column.name, column.revision));
    CONTEXT_GROUPS.join(" ") + "\n" + &lines.collect::<String>()
}

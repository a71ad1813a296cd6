//! The names, units and revisions of all features, and the hash that ties a model to them.

use xxhash_rust::xxh3::xxh3_64;

macro_rules! features {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $string:literal $revision:literal $unit:literal $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $name {
            $(#[doc = concat!($text, " (", $unit, ")")] $variant),*
        }

        impl $name {
            /// Name, revision, unit and description of each, in order.
            pub const TABLE: &[Feature] = &[
                $(Feature { name: $string, revision: $revision, unit: $unit, text: $text }),*
            ];
            /// How many there are.
            pub const COUNT: usize = Self::TABLE.len();
            /// All of them, in order.
            pub const ALL: [Self; Self::COUNT] = [$(Self::$variant),*];

            /// The vector of these values, each at the place of its column.
            pub fn row(values: [(Self, f32); Self::COUNT]) -> [f32; Self::COUNT] {
                let mut row = [0.0; Self::COUNT];
                for (column, value) in values {
                    if let Some(place) = row.get_mut(column as usize) {
                        *place = value;
                    }
                }
                row
            }
        }
    };
}
pub(super) use features;

/// One measurement: what its column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// Stable name, `snake_case`.
    pub name: &'static str,
    /// Raised whenever the meaning of the value changes.
    pub revision: u8,
    /// Unit and range.
    pub unit: &'static str,
    /// What is measured.
    pub text: &'static str,
}

features! {
    /// Measurements of one block.
    BlockFeature {
        Chars "chars" 1 "ln(1+n)" "characters";
        Tokens "tokens" 1 "ln(1+n)" "tokens: words, and each Chinese or Japanese character";
        LinkDensity "link_density" 1 "0..1" "share of the characters inside links";
        Links "links" 1 "ln(1+n)" "links";
        Punctuation "punctuation" 1 "0..1" "punctuation marks per character";
        Commas "commas" 1 "0..1" "commas per token";
        Stops "stops" 1 "0..1" "sentence ends per token";
        Sentences "sentences" 1 "ln(1+n)" "sentence ends";
        EndKind "end_kind" 1 "0..5" "last character: 0 other, 1 sentence end, 2 colon, 3 ellipsis or arrow, 4 comma, 5 digit";
        FirstKind "first_kind" 1 "0..5" "first character: 0 other, 1 lower, 2 upper, 3 digit, 4 Chinese or Japanese, 5 list mark";
        StopWords "stop_words" 1 "0..1" "share of tokens that are function words";
        Digits "digits" 1 "0..1" "digits per character";
        Capitals "capitals" 1 "0..1" "capital letters per character";
        Cjk "cjk" 1 "0..1" "Chinese and Japanese characters per character";
        WordLength "word_length" 1 "characters" "mean length of the tokens that are words";
        LongestWord "longest_word" 1 "ln(1+n)" "length of the longest token";
        Symbols "symbols" 1 "0..1" "characters such as | > / © • → per character";
        Currency "currency" 1 "0..1" "whether a currency sign stands in it";
        DateLike "date_like" 1 "0..1" "whether a date or time of day stands in it";
        Contact "contact" 1 "0..1" "whether an at sign or a web address stands in it";
        UniqueTokens "unique_tokens" 1 "0..1" "share of different tokens";
        Bold "bold" 1 "0..1" "share of the characters in bold";
        Images "images" 1 "ln(1+n)" "images";
        Breaks "breaks" 1 "ln(1+n)" "line breaks";
        TitleShare "title_share" 1 "0..1" "share of the block's tokens that stand in the page's title";
        TitleCover "title_cover" 1 "0..1" "share of the title's tokens that stand in the block";
        TopicShare "topic_share" 1 "0..1" "share of its token pairs with a content word, or of its content words, that stand in the title or the description";
        TopicHits "topic_hits" 1 "ln(1+n)" "different words or character pairs of the title or the description in it";
        SameBefore "same_before" 1 "ln(1+n)" "blocks before it with the same text";
        SameInPage "same_in_page" 1 "ln(1+n)" "blocks of the page with the same text";
        SeenBefore "seen_before" 1 "0..1" "share of its 4-token shingles that stand in earlier blocks";
        SeenElsewhere "seen_elsewhere" 1 "0..1" "share of its 4-token shingles that stand in other blocks";
        Heading "heading" 1 "0..6" "level of the heading it is; 0 none";
        Pseudo "pseudo" 1 "0..2" "0 shown, 1 JSON-LD, 2 meta description";
        OwnTag "own_tag" 1 "class" "class of the block's element: see `tag_class`";
        Depth "depth" 1 "n" "elements above the block's element";
        SiblingsBefore "siblings_before" 1 "ln(1+n)" "earlier blocks in elements with the same parent, tag and class";
        SiblingsAll "siblings_all" 1 "ln(1+n)" "blocks in elements with the same parent, tag and class";
        InNav "in_nav" 1 "n" "levels up to a nav element or role; 32 none";
        InHeader "in_header" 1 "n" "levels up to a header element or banner role; 32 none";
        InFooter "in_footer" 1 "n" "levels up to a footer element or contentinfo role; 32 none";
        InAside "in_aside" 1 "n" "levels up to an aside element or complementary role; 32 none";
        InMain "in_main" 1 "n" "levels up to a main element or role; 32 none";
        InArticle "in_article" 1 "n" "levels up to an article element or role; 32 none";
        InSection "in_section" 1 "n" "levels up to a section element; 32 none";
        InForm "in_form" 1 "n" "levels up to a form; 32 none";
        InTable "in_table" 1 "n" "levels up to a table; 32 none";
        InList "in_list" 1 "n" "levels up to a list; 32 none";
        InItem "in_item" 1 "n" "levels up to a list item or definition; 32 none";
        InParagraph "in_paragraph" 1 "n" "levels up to a p; 32 none";
        InFigure "in_figure" 1 "n" "levels up to a figure; 32 none";
        InQuote "in_quote" 1 "n" "levels up to a block quotation; 32 none";
        InCode "in_code" 1 "n" "levels up to preformatted text; 32 none";
        InControl "in_control" 1 "n" "levels up to a button, label, option or summary; 32 none";
        InNoscript "in_noscript" 1 "n" "levels up to a noscript or template; 32 none";
        InDialog "in_dialog" 1 "n" "levels up to a dialog element or role; 32 none";
        InLink "in_link" 1 "n" "levels up to a link around the block; 32 none";
        InHidden "in_hidden" 1 "n" "levels up to an element hidden by attribute or style; 32 none";
        InBodyProp "in_body_prop" 1 "n" "levels up to an itemprop of main content; 32 none";
        ContentName "content_name" 1 "n" "levels up to a class or id that names content; 32 none";
        TitleName "title_name" 1 "n" "levels up to a class or id that names a title; 32 none";
        CommentName "comment_name" 1 "n" "levels up to a class or id that names comments; 32 none";
        RelatedName "related_name" 1 "n" "levels up to a class or id that names related pages; 32 none";
        NavName "nav_name" 1 "n" "levels up to a class or id that names navigation; 32 none";
        FooterName "footer_name" 1 "n" "levels up to a class or id that names a footer or header; 32 none";
        SideName "side_name" 1 "n" "levels up to a class or id that names a side bar or widget; 32 none";
        SocialName "social_name" 1 "n" "levels up to a class or id that names sharing; 32 none";
        AdName "ad_name" 1 "n" "levels up to a class or id that names ads or promotion; 32 none";
        MetaName "meta_name" 1 "n" "levels up to a class or id that names a byline, date or tags; 32 none";
        PopupName "popup_name" 1 "n" "levels up to a class or id that names a pop-up or cookie notice; 32 none";
        ItemName "item_name" 1 "n" "levels up to a class or id that names a card, product or post; 32 none";
        Position "position" 1 "0..1" "share of the page's blocks before it";
        TokensBefore "tokens_before" 1 "0..1" "share of the page's tokens before it";
        FromStart "from_start" 1 "ln(1+n)" "blocks before it";
        ToEnd "to_end" 1 "ln(1+n)" "blocks after it";
        FromTitle "from_title" 1 "±ln(1+n)" "blocks since the block that is most like the title; negative before it";
        FromHeading "from_heading" 1 "ln(1+n)" "blocks since the last heading";
        HeadingLevel "heading_level" 1 "0..6" "level of the last heading before it; 0 none";
        TitleLevels "title_levels" 1 "n" "levels up from the title block to an element that holds this block too";
        TextLevels "text_levels" 1 "n" "levels up from the block of most running text to an element that holds this block too";
        OwnLevels "own_levels" 1 "n" "levels up from this block to an element that holds the block of most running text too";
        FromLead "from_lead" 1 "±ln(1+n)" "blocks since the lead: the first block of running text behind the title";
        LeadLevels "lead_levels" 1 "n" "levels up from the lead to an element that holds this block too";
        LeadOwn "lead_own" 1 "n" "levels up from this block to an element that holds the lead too";
    }
}

features! {
    /// Measurements of a block that its neighbours repeat.
    NeighbourFeature {
        Tokens "tokens" 1 "ln(1+n)" "the neighbour's tokens";
        LinkDensity "link_density" 1 "0..1" "the neighbour's link density";
        Sentences "sentences" 1 "ln(1+n)" "the neighbour's sentence ends";
        OwnTag "own_tag" 1 "class" "the neighbour's tag class";
        StopWords "stop_words" 1 "0..1" "the neighbour's function words";
        Levels "levels" 1 "n" "levels up from this block to an element that holds the neighbour too";
    }
}

/// Offsets of the neighbours that are looked at.
pub(crate) const NEIGHBOURS: [isize; 6] = [-3, -2, -1, 1, 2, 3];

features! {
    /// Means over blocks around a block.
    WindowFeature {
        TokensNear "tokens_near" 1 "ln(1+n)" "tokens of the 4 blocks before and the 4 after";
        LinksNear "links_near" 1 "0..1" "link density of these blocks together";
        SentencesNear "sentences_near" 1 "ln(1+n)" "sentence ends of these blocks";
        TokensWide "tokens_wide" 1 "ln(1+n)" "tokens of the 12 blocks before and the 12 after";
        LinksWide "links_wide" 1 "0..1" "link density of these blocks together";
        SentencesWide "sentences_wide" 1 "ln(1+n)" "sentence ends of these blocks";
        TokensUp "tokens_up" 1 "ln(1+n)" "tokens of the 12 blocks before";
        TokensDown "tokens_down" 1 "ln(1+n)" "tokens of the 12 blocks after";
    }
}

features! {
    /// Measurements of a page, the same for all of its blocks.
    PageFeature {
        Blocks "blocks" 1 "ln(1+n)" "blocks";
        PageTokens "page_tokens" 1 "ln(1+n)" "tokens of all blocks";
        PageLinks "page_links" 1 "0..1" "link density of the page";
        PageCjk "page_cjk" 1 "0..1" "Chinese and Japanese characters per character";
        ProseShare "prose_share" 1 "0..1" "share of tokens in blocks with two sentence ends and few links";
        LongestProse "longest_prose" 1 "ln(1+n)" "tokens of the longest block of running text";
        ProseBlocks "prose_blocks" 1 "ln(1+n)" "blocks of running text";
        ParagraphShare "paragraph_share" 1 "0..1" "share of tokens in p elements";
        ItemShare "item_share" 1 "0..1" "share of tokens in list items";
        CellShare "cell_share" 1 "0..1" "share of tokens in table cells";
        CodeShare "code_share" 1 "0..1" "share of tokens in preformatted text";
        Headings "headings" 1 "ln(1+n)" "headings";
        TopHeadings "top_headings" 1 "ln(1+n)" "h1 elements";
        Articles "articles" 1 "ln(1+n)" "article elements";
        Prices "prices" 1 "ln(1+n)" "blocks with a currency sign";
        Dates "dates" 1 "ln(1+n)" "blocks with a date";
        CommentBlocks "comment_blocks" 1 "0..1" "share of blocks below a class or id that names comments";
        ItemBlocks "item_blocks" 1 "0..1" "share of blocks below a class or id that names cards, products or posts";
        Controls "controls" 1 "0..1" "share of blocks that are widgets";
        PseudoTokens "pseudo_tokens" 1 "ln(1+n)" "tokens that are not shown";
        HasMain "has_main" 1 "0..1" "whether there is a main element or role";
        OgType "og_type" 1 "class" "og:type: 0 none, 1 other, 2 article, 3 website, 4 product";
        LdType "ld_type" 1 "class" "JSON-LD types: 0 none, 1 other, 2 article, 3 product, 4 list, 5 forum or questions, 6 recipe or how-to, 7 organisation";
        UrlDepth "url_depth" 1 "n" "parts of the URL's path";
        UrlLength "url_length" 1 "ln(1+n)" "characters of the last part of the path";
        UrlDigits "url_digits" 1 "0..1" "digits per character of the path";
        UrlHyphens "url_hyphens" 1 "n" "hyphens of the last part of the path";
        UrlKind "url_kind" 1 "class" "words of the URL: 0 none, 1 forum, 2 product, 3 documentation, 4 news or blog, 5 list or category, 6 start page";
    }
}

features! {
    /// What the sparse models say of a block and around it. They come from the model, not from the page.
    ScoreFeature {
        Attr "score_attr" 1 "log-odds" "score of the class, id and tag tokens";
        Text "score_text" 1 "log-odds" "score of the words";
        Both "score_both" 1 "log-odds" "score of both together";
        Before1 "score_before_1" 1 "0..1" "probability of the block before";
        Before2 "score_before_2" 1 "0..1" "probability two blocks before";
        Before3 "score_before_3" 1 "0..1" "probability three blocks before";
        After1 "score_after_1" 1 "0..1" "probability of the next block";
        After2 "score_after_2" 1 "0..1" "probability two blocks after";
        After3 "score_after_3" 1 "0..1" "probability three blocks after";
        Near3 "score_near_3" 1 "0..1" "token-weighted mean of 3 blocks on each side";
        Near8 "score_near_8" 1 "0..1" "token-weighted mean of 8 blocks on each side";
        Near20 "score_near_20" 1 "0..1" "token-weighted mean of 20 blocks on each side";
        Up5 "score_up_5" 1 "0..1" "token-weighted mean of the 5 blocks before";
        Down5 "score_down_5" 1 "0..1" "token-weighted mean of the 5 blocks after";
        Up30 "score_up_30" 1 "0..1" "token-weighted mean of the 30 blocks before";
        Down30 "score_down_30" 1 "0..1" "token-weighted mean of the 30 blocks after";
        Container0 "score_container_0" 1 "0..1" "mean over the other blocks of the block's element; -1 none";
        Container1 "score_container_1" 1 "0..1" "the same, one level up";
        Container2 "score_container_2" 1 "0..1" "the same, two levels up";
        Container3 "score_container_3" 1 "0..1" "the same, three levels up";
        Container4 "score_container_4" 1 "0..1" "the same, four levels up";
        Container6 "score_container_6" 1 "0..1" "the same, six levels up";
        Siblings "score_siblings" 1 "0..1" "mean over the other blocks in elements of the same parent, tag and class; -1 none";
        FromPeak "score_from_peak" 1 "±ln(1+n)" "blocks since the block of highest probability times root of tokens";
        PeakLevels "score_peak_levels" 1 "n" "levels up from that block to an element that holds this block too";
        PeakOwn "score_peak_own" 1 "n" "levels up from this block to an element that holds that block too";
        PageMean "score_page" 1 "0..1" "token-weighted mean of the page";
        PageMax "score_page_max" 1 "0..1" "the page's highest probability";
        Rank "score_rank" 1 "0..1" "share of the page's blocks with a higher probability";
    }
}

/// Columns of a block's row: its own, its neighbours', its windows', the page's, the scores'.
pub const COLUMNS: usize = SCORES_AT + ScoreFeature::COUNT;
pub(crate) const NEIGHBOURS_AT: usize = BlockFeature::COUNT;
pub(crate) const WINDOWS_AT: usize = NEIGHBOURS_AT + NEIGHBOURS.len() * NeighbourFeature::COUNT;
pub(crate) const PAGE_AT: usize = WINDOWS_AT + WindowFeature::COUNT;
pub(crate) const SCORES_AT: usize = PAGE_AT + PageFeature::COUNT;

/// The name of a column, such as `chars`, `next_1.tokens` or `page.blocks`.
pub fn column_name(column: usize) -> String {
    let name = |table: &[Feature], at: usize| table.get(at).map_or("?", |feature| feature.name);
    match column {
        _ if column < NEIGHBOURS_AT => name(BlockFeature::TABLE, column).to_owned(),
        _ if column < WINDOWS_AT => {
            let at = column - NEIGHBOURS_AT;
            let offset = NEIGHBOURS.get(at / NeighbourFeature::COUNT).copied().unwrap_or_default();
            let side = if offset < 0 { "previous" } else { "next" };
            format!("{side}_{}.{}", offset.abs(), name(NeighbourFeature::TABLE, at % NeighbourFeature::COUNT))
        }
        _ if column < PAGE_AT => name(WindowFeature::TABLE, column - WINDOWS_AT).to_owned(),
        _ if column < SCORES_AT => format!("page.{}", name(PageFeature::TABLE, column - PAGE_AT)),
        _ => name(ScoreFeature::TABLE, column - SCORES_AT).to_owned(),
    }
}

/// What a column measures and a value of it, for people: counts stand as counts.
pub fn column_said(column: usize, value: f32) -> String {
    let of = |table: &'static [Feature], at: usize| table.get(at);
    let (before, feature) = match column {
        _ if column < NEIGHBOURS_AT => ("", of(BlockFeature::TABLE, column)),
        _ if column < WINDOWS_AT => {
            let at = column - NEIGHBOURS_AT;
            let offset = NEIGHBOURS.get(at / NeighbourFeature::COUNT).copied().unwrap_or_default();
            let before = if offset < 0 { "before it: " } else { "after it: " };
            (before, of(NeighbourFeature::TABLE, at % NeighbourFeature::COUNT))
        }
        _ if column < PAGE_AT => ("", of(WindowFeature::TABLE, column - WINDOWS_AT)),
        _ if column < SCORES_AT => ("the page: ", of(PageFeature::TABLE, column - PAGE_AT)),
        _ => ("", of(ScoreFeature::TABLE, column - SCORES_AT)),
    };
    let Some(Feature { unit, text, .. }) = feature else { return format!("{value:.2}") };
    match *unit {
        "ln(1+n)" | "±ln(1+n)" => {
            format!("{before}{text}: {:.0}", value.abs().exp_m1().copysign(value) + 0.0)
        }
        "n" | "class" => format!("{before}{text}: {value:.0}"),
        _ => format!("{before}{text}: {value:.2}"),
    }
}

/// Raised when the segmentation, the tokens or the hashed bags change their meaning.
const REVISION: u32 = 1;

/// The hash of all names and revisions, of the word lists and of the revision of the whole: a model carries
/// the hash of the features that it was trained on.
pub fn schema_hash() -> u64 {
    let mut text = format!("revision {REVISION}\n");
    let tables = [
        BlockFeature::TABLE,
        NeighbourFeature::TABLE,
        WindowFeature::TABLE,
        PageFeature::TABLE,
        ScoreFeature::TABLE,
    ];
    let features = tables.iter().flat_map(|table| table.iter());
    text.extend(features.map(|feature| format!("{}@{}\n", feature.name, feature.revision)));
    text.extend([format!("{NEIGHBOURS:?}\n"), super::words::digest()]);
    xxh3_64(text.as_bytes())
}

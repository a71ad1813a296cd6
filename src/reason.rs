//! The reasons that a report gives, in one table: name, what it rests on, meaning, example. `docs/reasons.md` is written from it.

/// What a reason rests on, or the decision that it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Group {
    /// The models.
    Model,
    /// The user.
    User,
    /// The block's own words, or those of the heading above it.
    Words,
    /// The elements around the block.
    Markup,
    /// The block's length, signs and place.
    Shape,
    /// Nothing but that the block is outside the main content.
    Nothing,
    /// The labels of the whole page.
    Page,
    /// The verdict.
    Verdict,
    /// The score `ads`.
    Ads,
    /// The score `seo`.
    Seo,
    /// The scores `adult`, `gambling`, `scam` and `seo`.
    Spam,
}

impl Group {
    /// All groups, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Model,
        Self::User,
        Self::Words,
        Self::Markup,
        Self::Shape,
        Self::Nothing,
        Self::Page,
        Self::Verdict,
        Self::Ads,
        Self::Seo,
        Self::Spam,
    ];

    /// The heading in the documentation.
    pub fn title(self) -> &'static str {
        match self {
            Self::Model => "Blocks: the models decided",
            Self::User => "Blocks: the user decided",
            Self::Words => "Blocks: their words, or the heading above them",
            Self::Markup => "Blocks: the elements around them",
            Self::Shape => "Blocks: their length, signs and place",
            Self::Nothing => "Blocks: outside the main content",
            Self::Page => "Blocks: the labels of the whole page",
            Self::Verdict => "Pages: the verdict",
            Self::Ads => "Pages: the score `ads`",
            Self::Seo => "Pages: the score `seo`",
            Self::Spam => "Pages: the scores `adult`, `gambling`, `scam` and `seo`",
        }
    }
}

macro_rules! reasons {
    ($($(#[doc = $meaning:literal])+ $variant:ident = $name:literal in $group:ident: $example:literal,)+) => {
        /// Why a block has its label or a page its verdict and scores.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl Reason {
            /// All reasons, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, `snake_case`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it rests on, or speaks of.
            pub const fn group(self) -> Group {
                match self {
                    $(Self::$variant => Group::$group,)+
                }
            }

            /// What it means, for people.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($meaning),+).trim(),)+
                }
            }

            /// Something that it was seen on.
            pub const fn example(self) -> &'static str {
                match self {
                    $(Self::$variant => $example,)+
                }
            }
        }
    };
}

reasons! {
    /// The cut takes the block into the main content: its probability is high enough beside those of the page's other blocks.
    Model = "model" in Model: "a paragraph of an article",
    /// The words of the block say its kind.
    Words = "words" in Model: "Lucky casino: 200 free spins",
    /// The blocks around, the place and the markup say the kind of the block, more than its words.
    Context = "context" in Model: "a film's name in a list of films",
    /// People have corrected pages like this one, and an adapter was fitted on that.
    Corrections = "corrections" in Model: "a promo that a person called related",
    /// The words of the block, its element or the one above are hidden on a page whose main content is shown, and no reader can open them.
    Hidden = "hidden" in Model: "<p style=\"display:none\">",
    /// The block repeats main content that stands elsewhere on the page: a copy for telephones, a tab, a text pasted twice.
    Duplicate = "duplicate" in Model: "<div class=\"mobile-only\">",

    /// The block stands in the same place on many pages of the site, and is not this page's content; of pages: how many such blocks
    /// were cut out of the body.
    Template = "template" in Model: "Harbour Post has told the news of this coast since 1911.",

    /// A selector of the user keeps the block.
    KeepSelector = "keep_selector" in User: "--keep-selector .summary",
    /// A selector of the user drops the block.
    DropSelector = "drop_selector" in User: "--drop-selector .share-bar",
    /// A filter list of an ad blocker that the user gave hides the block or blocks its links; of pages: how often they hit.
    AdRule = "ad_rule" in User: "--ad-rules easylist.txt",

    /// The number under which a site is filed with an authority.
    FilingNumber = "filing_number" in Words: "京ICP备12345678号",
    /// The number of a permit.
    PermitNumber = "permit_number" in Words: "新闻信息服务许可证 1234",
    /// A copyright line.
    CopyrightLine = "copyright_line" in Words: "© 2024 Harbour Post. All rights reserved.",
    /// A disclaimer.
    Disclaimer = "disclaimer" in Words: "The views expressed are those of the author.",
    /// A notice of cookies.
    CookieNotice = "cookie_notice" in Words: "This website uses cookies to work.",
    /// Where to report what breaks the law.
    ReportLine = "report_line" in Words: "违法和不良信息举报电话",
    /// The software or the maker of the site.
    PoweredBy = "powered_by" in Words: "Proudly powered by WordPress",
    /// A link to terms or to a policy.
    PolicyLink = "policy_link" in Words: "Privacy Policy",
    /// Other legal words.
    LegalWords = "legal_words" in Words: "Terms apply",
    /// The editor of an article.
    EditorLine = "editor_line" in Words: "责任编辑：李明",
    /// Where an article comes from.
    SourceLine = "source_line" in Words: "来源：新华网",
    /// The author of an article.
    AuthorLine = "author_line" in Words: "Posted by Orla Fennimore",
    /// When an article was published or changed.
    TimeLine = "time_line" in Words: "发布时间：2024-03-01",
    /// The tags of an article.
    TagLine = "tag_line" in Words: "Tags: ferry, harbour",
    /// How often an article was read.
    ViewCount = "view_count" in Words: "阅读量 1024",
    /// The heading of a list of sources.
    SourceHeading = "source_heading" in Words: "信息来源",
    /// A line of the list below such a heading.
    SourceList = "source_list" in Words: "Harbour board, minutes of March",
    /// Other words about an article.
    MetaWords = "meta_words" in Words: "4 min read",
    /// A link past the menu.
    SkipLink = "skip_link" in Words: "Skip to content",
    /// A row of page numbers.
    Pagination = "pagination" in Words: "« Previous 1 2 3 Next »",
    /// The page before or after.
    AdjacentPage = "adjacent_page" in Words: "下一篇：市场大厅重新开放",
    /// An entry of a site's menu.
    SiteMenu = "site_menu" in Words: "网站首页",
    /// Other words of navigation.
    NavWords = "nav_words" in Words: "Back to top",
    /// The heading of a list of other articles.
    RelatedHeading = "related_heading" in Words: "You may also like",
    /// A line that names another article.
    RelatedLine = "related_line" in Words: "Read more: Market hall reopens",
    /// A line of the list below such a heading.
    RelatedList = "related_list" in Words: "Market hall reopens",
    /// The heading of comments.
    CommentHeading = "comment_heading" in Words: "3 comments",
    /// A line of the list below such a heading.
    CommentList = "comment_list" in Words: "Great news, thank you!",
    /// An invitation to comment.
    CommentPrompt = "comment_prompt" in Words: "Leave a reply",
    /// A row of links to share the page.
    ShareRow = "share_row" in Words: "Share on Facebook",
    /// An invitation to follow a site or a person.
    FollowUs = "follow_us" in Words: "Follow us on Instagram",
    /// Other words of social networks.
    SocialWords = "social_words" in Words: "Tweet",
    /// An offer to follow an account for more.
    FollowOffer = "follow_offer" in Words: "关注公众号",
    /// An offer of a newsletter.
    NewsletterOffer = "newsletter_offer" in Words: "Sign up for our newsletter",
    /// An offer of an app.
    AppOffer = "app_offer" in Words: "Download our app",
    /// An offer of a way around blocked sites.
    CircumventionOffer = "circumvention_offer" in Words: "翻墙软件下载",
    /// An address for advertisers and authors.
    ContactOffer = "contact_offer" in Words: "商务合作：ad@harbour.example",
    /// A ware of a trade that spams, with a call to buy it, on a page about something else.
    TradeOffer = "trade_offer" in Words: "Order cheap replica watches today",
    /// What a site of serials puts into its chapters.
    SerialNotice = "serial_notice" in Words: "本章未完，请点击下一页继续阅读",
    /// Other words of a site's own offers.
    PromoWords = "promo_words" in Words: "Subscribe now",
    /// A word that marks an ad.
    AdSlot = "ad_slot" in Words: "Advertisement",
    /// Other words of ads.
    AdWords = "ad_words" in Words: "Sponsored content",
    /// A notice of a player of video or sound.
    PlayerNotice = "player_notice" in Words: "Your browser does not support video",
    /// A button that shows more of the page.
    ExpandButton = "expand_button" in Words: "展开全文",
    /// A word of a widget.
    WidgetWord = "widget_word" in Words: "Loading...",
    /// Other words of controls.
    UiWords = "ui_words" in Words: "Close",
    /// Markup that a mirror kit strews into extracted text.
    NoiseMarkup = "noise_markup" in Words: "<tt id=\"u3k9e\"></tt>",
    /// Text of a page that is not shown: metadata.
    NotShown = "not_shown" in Words: "a meta description",

    /// A button, a field or another control.
    Control = "control" in Markup: "<button>",
    /// A class or id of social networks.
    SocialName = "social_name" in Markup: "<div class=\"share-bar\">",
    /// A class or id of a popup.
    PopupName = "popup_name" in Markup: "<div class=\"modal\">",
    /// A dialog.
    Dialog = "dialog" in Markup: "<dialog>",
    /// A class or id of comments.
    CommentName = "comment_name" in Markup: "<div id=\"comments\">",
    /// A class or id of ads.
    AdName = "ad_name" in Markup: "<div class=\"ad-box\">",
    /// A class or id of ads that names an offer of the site itself.
    OfferName = "offer_name" in Markup: "<div class=\"promo-newsletter\">",
    /// A class or id of related articles.
    RelatedName = "related_name" in Markup: "<ul class=\"related-posts\">",
    /// A class or id of an article's data.
    MetaName = "meta_name" in Markup: "<p class=\"byline\">",
    /// Navigation.
    NavElement = "nav_element" in Markup: "<nav>",
    /// A class or id of navigation.
    NavName = "nav_name" in Markup: "<ul class=\"menu\">",
    /// The foot of the page.
    FooterElement = "footer_element" in Markup: "<footer>",
    /// A class or id of the page's foot.
    FooterName = "footer_name" in Markup: "<div id=\"footer\">",
    /// The head of the page.
    HeaderElement = "header_element" in Markup: "<header>",
    /// A form.
    Form = "form" in Markup: "<form>",
    /// Something beside the article.
    AsideElement = "aside_element" in Markup: "<aside>",
    /// A class or id of a side column.
    SideName = "side_name" in Markup: "<div class=\"sidebar\">",
    /// An ad slot of a known vendor.
    VendorSlot = "vendor_slot" in Markup: "<ins class=\"adsbygoogle\">",

    /// A breadcrumb.
    Breadcrumb = "breadcrumb" in Shape: "Home > News > Harbour",
    /// Nothing but a number.
    Number = "number" in Shape: "1,024",
    /// A short line with a date.
    DateLine = "date_line" in Shape: "1 March 2024",
    /// A row of entries.
    MenuLine = "menu_line" in Shape: "Home | News | Sport",
    /// A few words beside the article: a link, a list item or a line before it.
    ShortEntry = "short_entry" in Shape: "Sport",
    /// A line that starts like a list item.
    ListItem = "list_item" in Shape: "- Market hall reopens after a year",
    /// Hundreds of search words without a sentence.
    KeywordDump = "keyword_dump" in Shape: "ringtone download, used cars, exam answers",

    /// The block is outside the main content, and nothing says more.
    OutsideBody = "outside_body" in Nothing: "a teaser",

    /// The heading above an article whose page does not name its title anywhere else.
    Headline = "headline" in Page: "The harbour bridge reopens",
    /// Links that a mirror kit put behind the article.
    MirrorLinks = "mirror_links" in Page: "您可能还对以下资源感兴趣",
    /// Phrases that a mirror kit put into the page.
    MirrorPhrases = "mirror_phrases" in Page: "免费电影网,热门资讯大全",
    /// The page has no main content: its blocks are navigation and widgets. Of blocks and of the verdict.
    EmptyPage = "empty_page" in Page: "a page of menus",

    /// The body is that of an earlier page of the run, or nearly so.
    DuplicatePage = "duplicate_page" in Verdict: "an article under a second URL",
    /// The bytes are no text.
    Binary = "binary" in Verdict: "an image",
    /// The page has no text.
    NoText = "no_text" in Verdict: "an empty body element",
    /// The page asks for scripts: render it to see its content.
    ScriptShell = "script_shell" in Verdict: "You need to enable JavaScript to run this app.",
    /// The page checks the visitor's browser.
    BotCheck = "bot_check" in Verdict: "Verify you are human",
    /// The page reports an error.
    ErrorPage = "error_page" in Verdict: "404 Not Found",
    /// The server answered with a redirection or an error; what it sent is no content.
    HttpStatus = "http_status" in Verdict: "a page of a WARC file with the status 503",
    /// No block is likely to be main content.
    NoBody = "no_body" in Verdict: "a page of links",
    /// A limit cut the page; what stands behind it was not read.
    Limit = "limit" in Verdict: "a page of 60 MB",
    /// The page breaks off: the crawler cut it, the transfer was broken, or its record is damaged.
    CutShort = "cut_short" in Verdict: "a chunked body without its last chunk",
    /// The expected F1 of the body is low.
    LowConfidence = "low_confidence" in Verdict: "a forum whose posts look like its menu",
    /// Bytes that are no text of the page's charset were replaced.
    MalformedText = "malformed_text" in Verdict: "a page that says UTF-8 and is GBK",
    /// A part of the body cannot be read: characters are lost, stand apart, or were read in a wrong charset.
    RuinedText = "ruined_text" in Verdict: "锟斤拷锟斤拷",
    /// Text that had been read in a wrong charset before it was stored was restored.
    RestoredText = "restored_text" in Verdict: "isnâ€™t",
    /// The user's selectors kept or dropped blocks.
    UserRules = "user_rules" in Verdict: "--drop-selector aside",
    /// The body stands beside spam, which was cut out.
    SpamCutOut = "spam_cut_out" in Verdict: "an article above forty adult titles",
    /// Sentences that do not belong to the text around them were taken out of the body.
    InjectedText = "injected_text" in Verdict: "a pharmacy's sentence in news of a ferry",
    /// There is more spam than body.
    MostlySpam = "mostly_spam" in Verdict: "two sentences among casino offers",
    /// What is not navigation is spam.
    NothingButSpam = "nothing_but_spam" in Verdict: "a page of loan offers",
    /// Title, keywords or names of the page are spam: it has been taken over, or is nothing else.
    NamedForSpam = "named_for_spam" in Verdict: "a casino's title and copyright line around a company's history",
    /// The page's own matter is junk: an adult, gambling or scam site, a doorway, text that nobody wrote.
    JunkPage = "junk_page" in Verdict: "a betting brand's page of its own praise",
    /// The page is not its author's any more, or in part.
    TakenOver = "taken_over" in Verdict: "a school's page in whose menu stands `About LuckyBet`",
    /// The page stands in the place of content.
    Placeholder = "placeholder" in Verdict: "This domain may be for sale",
    /// A list that the user gave names the page's host, or its path: see `--lists`.
    ListedSource = "listed_source" in Verdict: "ut1, 2025-01-01: gambling (lucky.example)",
    /// Pages of the host that were seen before are spam oftener than is usual: see `--known-hosts`.
    SpammySource = "spammy_source" in Verdict: "gambling on 19 of 20 pages of www.uni.example/xiazai/",
    /// What is known of the source has moved the verdict by one step, which the page alone did not.
    DoubtfulSource = "doubtful_source" in Verdict: "a thin page of a listed casino",
    /// An article that a mirror kit has copied.
    MirroredPage = "mirrored_page" in Verdict: "traditional characters with pinyin behind them",

    /// Ad slots with text, and scripts and frames of ad vendors.
    AdSlots = "ad_slots" in Ads: "<div class=\"ad-slot\">",
    /// Ad slots without text.
    EmptyAdSlots = "empty_ad_slots" in Ads: "<div id=\"div-gpt-ad-1\"></div>",
    /// Blocks that are ads or promotion by their words.
    AdBlocks = "ad_blocks" in Ads: "83 % off for readers of this page",
    /// Links that a program set on words of sentences.
    KeywordLinks = "keyword_links" in Ads: "<a class=\"keyword-link\">",

    /// Hidden links to other sites.
    HiddenLinks = "hidden_links" in Seo: "<div style=\"left:-9999px\">",
    /// Links to many other sites whose words and hosts speak of spam.
    ForeignLinks = "foreign_links" in Seo: "a footer of casino links",
    /// Elements without text, of one id or of made-up names.
    NoiseTags = "noise_tags" in Seo: "<tt id=\"u3k9e\"></tt>",
    /// A shop or a casino in another language than the menu, the foot and the name of its site.
    ForeignShop = "foreign_shop" in Seo: "送料無料 激安 on a school's site",
    /// A title that is written in numeric references.
    EntityTitle = "entity_title" in Seo: "&#22269;&#20135;",
    /// Characters with their own pinyin in brackets behind them.
    MirrorPinyin = "mirror_pinyin" in Seo: "開(kāi)放",
    /// Empty elements that share a made-up id.
    MirrorNoise = "mirror_noise" in Seo: "<b id=\"u3k9e\"></b>",
    /// Thanks for the visit, then links that one may also like.
    MirrorClosing = "mirror_closing" in Seo: "感谢您访问我们的网站",
    /// The title is spam over an article that is not.
    MirrorTitle = "mirror_title" in Seo: "an adult title over news of a ferry",
    /// The title is in simplified characters, the body in traditional ones.
    MirrorScriptMix = "mirror_script_mix" in Seo: "国产 over 停航三年的渡輪",

    /// Title, keywords or description are spam.
    SpamInHead = "spam_in_head" in Spam: "<title>Lucky casino bonus</title>",
    /// The head is spam, the body is not: the page may be hijacked.
    HeadAgainstBody = "head_against_body" in Spam: "a casino's title over a company's history",
    /// A name in the title, the breadcrumb or the copyright line is spam: the page may be hijacked.
    SpamAsName = "spam_as_name" in Spam: "© Lucky Casino",
    /// The first or last blocks are spam.
    SpamAtEdge = "spam_at_edge" in Spam: "a footer of loan offers",
    /// The page has hardly any block.
    FewBlocks = "few_blocks" in Spam: "one line",
    /// Several blocks are spam.
    SpamBlocks = "spam_blocks" in Spam: "forty adult titles",
    /// The main content is spam.
    SpamInBody = "spam_in_body" in Spam: "a review of casinos",
    /// The block that is likeliest to be spam.
    SpamBlock = "spam_block" in Spam: "one loan offer",
}

impl Reason {
    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == name)
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_stands_once_in_snake_case() {
        for reason in Reason::ALL {
            let name = reason.as_str();
            assert_eq!(Reason::from_name(name), Some(*reason));
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        }
        assert_eq!(Reason::from_name("no_such_reason"), None);
    }

    #[test]
    fn each_reason_has_a_meaning_and_an_example() {
        for reason in Reason::ALL {
            let (meaning, example) = (reason.meaning(), reason.example());
            assert!(meaning.ends_with('.') && !example.is_empty(), "{reason}: {meaning}, {example}");
            assert!(Group::ALL.contains(&reason.group()));
        }
    }
}

//! A page's signs of who is responsible for it.
//!
//! Words are looked for outside the main content only: an article *about* filing numbers says nothing of its
//! site.

use super::filing::{Filing, filings};
use crate::classify::{Label, Report};
use crate::page::{Block, Span, SpanKind};
use url::Url;

/// Characters of the longest block that is searched for filing numbers and licences: footers are short.
const LONGEST_BLOCK: usize = 600;
/// A page that shows more different filing numbers than this lists those of others.
const MOST_FILINGS: usize = 4;

macro_rules! signs {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// What a page shows of who is responsible for it. The names are columns of the database.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Sign {
            $($(#[$doc])* $variant),*
        }

        impl Sign {
            /// Every sign, in the order of the columns.
            pub const ALL: &[Sign] = &[$(Sign::$variant),*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }
        }
    };
}

signs! {
    /// An author is named.
    Author = "author",
    /// A date of publication is given.
    Date = "date",
    /// A link to a page about those who run the site.
    AboutLink = "about_link",
    /// A link to a page of addresses.
    ContactLink = "contact_link",
    /// A link to a privacy notice.
    PrivacyLink = "privacy_link",
    /// A link to corrections or editorial rules.
    EditorialLink = "editorial_link",
    /// JSON-LD names an organisation.
    Organisation = "organisation",
    /// A filing number in its right form.
    Filing = "filing",
    /// A filing number without a province, or with digits that cannot be one.
    FilingMalformed = "filing_malformed",
    /// A filing number that links to another site than the ministries'.
    FilingLink = "filing_link_elsewhere",
    /// A licence for news services.
    NewsLicence = "news_licence",
    /// A licence for audio and video programmes, culture or publications.
    MediaLicence = "media_licence",
    /// A telephone number or address for reports of unlawful content.
    ReportLine = "report_line",
    /// An advertisement that is called one.
    AdLabelled = "ad_labelled",
}

/// The signs of one page.
#[derive(Debug, Default)]
pub(super) struct Signs {
    shown: [bool; Sign::ALL.len()],
    /// Filing numbers in one form.
    pub(super) filings: Vec<String>,
}

impl Signs {
    /// What a page shows.
    pub(super) fn of(report: &Report) -> Self {
        let mut signs = Self::default();
        signs.note(Sign::Author, report.author().is_some());
        signs.note(Sign::Date, report.date().is_some());
        let types = &report.page().metadata().ld_types;
        signs.note(Sign::Organisation, types.iter().any(|name| name.ends_with("Organization")));
        for (block, said) in report.blocks().filter(|(_, said)| !said.label.is_body()) {
            signs.read(block, said.label);
        }
        if signs.filings.len() > MOST_FILINGS {
            signs.filings.clear();
        }
        signs.note(Sign::Filing, !signs.filings.is_empty());
        signs
    }

    /// Each sign with whether the page shows it.
    pub(super) fn shown(&self) -> impl Iterator<Item = bool> + '_ {
        self.shown.iter().copied()
    }

    /// Whether the page shows a sign.
    pub(super) fn shows(&self, sign: Sign) -> bool {
        self.shown.get(sign as usize).copied().unwrap_or_default()
    }

    fn note(&mut self, sign: Sign, shown: bool) {
        if let Some(slot) = self.shown.get_mut(sign as usize) {
            *slot |= shown;
        }
    }

    fn read(&mut self, block: Block<'_>, label: Label) {
        let text = block.text();
        self.link(text);
        for span in block.spans().iter().filter(|span| span.kind == SpanKind::Link) {
            self.link(text.get(span.start as usize..span.end as usize).unwrap_or_default());
        }
        if label == Label::Ad {
            let low = text.to_lowercase();
            self.note(Sign::AdLabelled, AD_WORDS.iter().any(|word| low.contains(word)));
        }
        if text.len() <= LONGEST_BLOCK && text.contains(['备', '備', '证', '證', '举', '舉', 'B']) {
            self.footer(block);
        }
    }

    fn link(&mut self, text: &str) {
        // The longest of the words has 40 bytes.
        if text.len() > 40 {
            return;
        }
        let text = text.trim().to_lowercase();
        for (sign, words) in LINK_WORDS {
            self.note(*sign, words.contains(&text.as_str()));
        }
    }

    fn footer(&mut self, block: Block<'_>) {
        let text = block.text();
        for (sign, words) in FOOTER_WORDS {
            self.note(*sign, words.iter().any(|word| text.contains(word)));
        }
        let found = filings(text);
        let numbers = block.spans().iter().filter(|span| is_filing_link(block, span));
        let elsewhere = numbers.filter_map(|span| block.href(span)).any(leads_elsewhere);
        self.note(Sign::FilingLink, !found.is_empty() && elsewhere);
        for filing in found {
            match filing {
                Filing::Number(number) if self.filings.contains(&number) => {}
                Filing::Number(number) => self.filings.push(number),
                Filing::Malformed => self.note(Sign::FilingMalformed, true),
            }
        }
    }
}

fn is_filing_link(block: Block<'_>, span: &Span) -> bool {
    let text = block.text().get(span.start as usize..span.end as usize).unwrap_or_default();
    span.kind == SpanKind::Link && text.contains(['备', '備'])
}

/// Whether the link leads to a site that is not the register's. The first two are the ministries' own; many
/// pages still link to the old address of the second.
fn leads_elsewhere(href: &str) -> bool {
    const REGISTERS: [&str; 3] = ["miit.gov.cn", "beian.gov.cn", "beian.mps.gov.cn"];
    let Ok(url) = Url::parse(href) else { return false };
    let host = url.host_str().unwrap_or_default();
    let belongs = |register: &str| {
        host.strip_suffix(register).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    matches!(url.scheme(), "http" | "https") && !REGISTERS.into_iter().any(belongs)
}

const AD_WORDS: [&str; 8] =
    ["广告", "廣告", "推广", "推廣", "sponsored", "advertis", "promoted", "paid content"];

#[rustfmt::skip]
const LINK_WORDS: &[(Sign, &[&str])] = &[
    (Sign::AboutLink, &["关于我们", "關於我們", "关于本站", "本站简介", "网站简介", "公司简介", "单位简介", "机构简介", "报社简介", "about", "about us", "who we are", "our team", "imprint", "impressum", "masthead"]),
    (Sign::ContactLink, &["联系我们", "聯繫我們", "聯絡我們", "联系方式", "contact", "contact us", "get in touch", "kontakt"]),
    (Sign::PrivacyLink, &["隐私政策", "隱私政策", "隐私权政策", "隐私声明", "隱私權政策", "privacy", "privacy policy", "privacy notice", "privacy statement"]),
    (Sign::EditorialLink, &["更正", "勘误", "更正与说明", "编辑准则", "采编规范", "corrections", "corrections policy", "editorial policy", "editorial guidelines", "editorial standards", "ethics policy", "editorial code"]),
];

#[rustfmt::skip]
const FOOTER_WORDS: &[(Sign, &[&str])] = &[
    (Sign::NewsLicence, &["新闻信息服务许可证", "新聞信息服務許可證"]),
    (Sign::MediaLicence, &["视听节目许可证", "视听许可证", "网络文化经营许可证", "网络出版服务许可证", "节目制作经营许可证"]),
    (Sign::ReportLine, &["不良信息举报", "举报电话", "举报邮箱", "有害信息举报", "舉報電話"]),
];

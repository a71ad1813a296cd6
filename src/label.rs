//! What a block is, and what a page is: the names that pages, models, labelled data and rows share.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$about:meta])* $of:ident { $($(#[doc = $doc:literal])* $variant:ident = $name:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[non_exhaustive]
        pub enum $of {
            $($(#[doc = $doc])* $variant),*
        }

        impl $of {
            /// All of them, in stable order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }

            /// What it means, for people.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),*).trim_ascii()),*
                }
            }

            /// What has a stable name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == name)
            }
        }

        impl std::fmt::Display for $of {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

names! {
    /// What a block is: the article's body or a kind of junk. The strings are stable, and a variant's
    /// place is never reused.
    Label {
    /// Main content: headings, lists, tables, code and captions in it; the posts of a forum page.
    Body = "body",
    /// Byline, date, source line, tags.
    Meta = "meta",
    /// Readers' comments under an article.
    Comment = "comment",
    /// Menus, breadcrumbs, pagination, tables of contents.
    Nav = "nav",
    /// Links to other pages: read next, more from this site, friendly links.
    Related = "related",
    /// Ad slots and sponsored blocks.
    Ad = "ad",
    /// Subscribe, download the app, follow us, circumvention and affiliate offers.
    Promo = "promo",
    /// Unrelated adult content.
    Adult = "adult",
    /// Unrelated gambling offers.
    Gambling = "gambling",
    /// Loans, fake invoices, pharmacy and get-rich offers.
    Scam = "scam",
    /// Stuffed keywords, hidden links, noise tags, doorway text.
    Seo = "seo",
    /// Copyright, disclaimer, filing numbers, cookie and privacy notices.
    Legal = "legal",
    /// Share, like and comment prompts.
    Social = "social",
    /// Words of widgets: expand, close, top, loading.
    Ui = "ui",
    }
}

names! {
    /// What a page is as a whole: content of some type, or a kind of page that nobody looks for. The strings are stable,
    /// and a variant's place is never reused.
    PageKind {
    /// A text of some length by somebody: news, a post, an essay, a story.
    Article = "article",
    /// Questions and answers, threads, comments.
    Forum = "forum",
    /// Entries that lead to other pages: a front page, a category, a table of results.
    Listing = "listing",
    /// Something to buy or to book, with its description.
    Product = "product",
    /// Instructions, references, manuals.
    Documentation = "documentation",
    /// Content of another type: a firm's page, contacts, a form, a short notice.
    Other = "other",
    /// A page in the place of content: parked, moved, broken, forbidden, under construction, a check or a wall, an empty
    /// template.
    Placeholder = "placeholder",
    /// Made for search engines: doorways, link farms, generated rows.
    Doorway = "doorway",
    /// Text that nobody wrote: spun, mixed, machine-made or garbled.
    Spun = "spun",
    /// An adult site.
    Adult = "adult",
    /// A gambling site.
    Gambling = "gambling",
    /// Fraud, counterfeits, forged papers, paid cheating.
    Scam = "scam",
    /// Somebody's page with a hijacker's title, names or links.
    Hijacked = "hijacked",
    /// Somebody's article that a mirroring kit has copied and changed.
    Mirrored = "mirrored",
    }
}

impl PageKind {
    /// Whether a page of this kind has content of its author's.
    pub fn is_content(self) -> bool {
        self < Self::Placeholder
    }

    /// Whether its body is junk itself.
    pub fn is_junk(self) -> bool {
        matches!(self, Self::Doorway | Self::Spun | Self::Adult | Self::Gambling | Self::Scam)
    }

    /// The label of the spam that such a page is or carries; none for content and placeholders.
    pub fn spam(self) -> Option<Label> {
        match self {
            Self::Adult => Some(Label::Adult),
            Self::Gambling => Some(Label::Gambling),
            Self::Scam => Some(Label::Scam),
            Self::Doorway | Self::Spun | Self::Hijacked | Self::Mirrored => Some(Label::Seo),
            _ => None,
        }
    }
}

impl Label {
    /// Whether the block belongs to the article.
    pub fn is_body(self) -> bool {
        self == Self::Body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_says_what_it_means() {
        assert_eq!(Label::Meta.meaning(), "Byline, date, source line, tags.");
        assert!(Label::ALL.iter().all(|label| label.meaning().ends_with('.')));
    }

    #[test]
    fn names_are_stable_and_read_back() {
        let names: Vec<_> = Label::ALL.iter().map(|label| label.as_str()).collect();
        assert_eq!(
            names,
            [
                "body", "meta", "comment", "nav", "related", "ad", "promo", "adult", "gambling", "scam",
                "seo", "legal", "social", "ui"
            ]
        );
        for label in Label::ALL {
            assert_eq!(Label::from_name(label.as_str()), Some(*label));
        }
    }
}

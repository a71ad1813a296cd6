//! What a block is: the names that pages, models, labelled data and rows share.

use serde::{Deserialize, Serialize};

macro_rules! labels {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal),* $(,)?) => {
        /// What a block is: the article's body or a kind of junk. The strings are stable, and a variant's
        /// place is never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[non_exhaustive]
        pub enum Label {
            $($(#[doc = $doc])* $variant),*
        }

        impl Label {
            /// Every label, in stable order.
            pub const ALL: &[Label] = &[$(Label::$variant),*];

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
        }
    };
}

labels! {
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

impl Label {
    /// Whether the block belongs to the article.
    pub fn is_body(self) -> bool {
        self == Self::Body
    }

    /// The label of a stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|label| label.as_str() == name)
    }
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
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

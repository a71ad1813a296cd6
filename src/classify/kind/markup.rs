//! The kind of a block by the elements around it.

use crate::classify::{Label, Reason};
use crate::features::schema::BlockFeature as F;
use crate::page::{AttrName, Block, Element, Page};

/// Level when no element above is of the kind.
const NONE: f32 = 32.0;
/// Share of the characters in links from which a block counts as links.
const LINKS: f32 = 0.5;

/// The element that says what a block is, how many levels up it may stand, and what it says. Of elements on
/// the same level the first counts.
const SIGNS: [(F, f32, Label, Reason); 16] = [
    (F::InControl, 2.0, Label::Ui, Reason::Control),
    (F::SocialName, 6.0, Label::Social, Reason::SocialName),
    (F::PopupName, 8.0, Label::Ui, Reason::PopupName),
    (F::InDialog, NONE - 1.0, Label::Ui, Reason::Dialog),
    (F::CommentName, 10.0, Label::Comment, Reason::CommentName),
    (F::AdName, 6.0, Label::Ad, Reason::AdName),
    (F::RelatedName, 6.0, Label::Related, Reason::RelatedName),
    (F::MetaName, 3.0, Label::Meta, Reason::MetaName),
    (F::InNav, NONE - 1.0, Label::Nav, Reason::NavElement),
    (F::NavName, 3.0, Label::Nav, Reason::NavName),
    (F::InFooter, NONE - 1.0, Label::Nav, Reason::FooterElement),
    (F::FooterName, 4.0, Label::Nav, Reason::FooterName),
    (F::InHeader, NONE - 1.0, Label::Nav, Reason::HeaderElement),
    (F::InForm, 4.0, Label::Ui, Reason::Form),
    (F::InAside, NONE - 1.0, Label::Related, Reason::AsideElement),
    (F::SideName, 6.0, Label::Related, Reason::SideName),
];

/// The kind of a block outside the body by the nearest telling element.
pub(super) fn kind(page: &Page, block: Block<'_>, row: &[f32]) -> Option<(Label, Reason)> {
    let value = |feature: F| row.get(feature as usize).copied().unwrap_or(NONE);
    let near = SIGNS.iter().filter(|(feature, most, ..)| value(*feature) <= *most);
    let nearest = near.min_by(|a, b| value(a.0).total_cmp(&value(b.0)))?;
    if nearest.0 as usize == F::AdName as usize && is_offer(page, block, value(F::AdName)) {
        return Some((Label::Promo, Reason::OfferName));
    }
    Some((nearest.2, nearest.3))
}

/// Parts of classes and ids that name an offer of the site itself, among those that name ads.
const OFFERS: [&str; 11] = [
    "newsletter", "subscri", "signup", "sign-up", "cta", "download", "app", "paywall", "promo", "offer",
    "mail",
];

/// Whether the class or id so many levels above a block names an offer.
fn is_offer(page: &Page, block: Block<'_>, levels: f32) -> bool {
    let mut at = block.element_id();
    for _ in 0..levels as usize {
        at = page.element(at).map_or(at, Element::parent);
    }
    let names = [AttrName::Class, AttrName::Id].into_iter().filter_map(|name| page.attr(at, name));
    names.map(str::to_ascii_lowercase).any(|name| OFFERS.iter().any(|offer| name.contains(offer)))
}

/// Whether most of the block is links.
pub(super) fn is_links(row: &[f32]) -> bool {
    row.get(F::LinkDensity as usize).is_some_and(|density| *density >= LINKS)
}

//! Styles → whether and how they hide an element.

use std::borrow::Cow;

/// How an element is hidden from readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hiding {
    /// By the attribute `hidden`.
    Attribute,
    /// By `display:none`, as menus and dialogs are.
    Style,
    /// By `visibility:hidden`: it keeps its place until a script shows it.
    Veil,
    /// By `opacity:0`, as much is that scripts let appear.
    Fade,
    /// By a place far outside the window.
    OffScreen,
    /// By a size of nothing: no height, a font of no size, a `marquee` of one pixel.
    NoSize,
    /// By a script: it writes the hiding element around the links, or the style for an id.
    Script,
    /// By letters of the colour of their ground.
    Colour,
    /// By a class that is known for words against copying.
    Jammer,
}

impl Hiding {
    /// Whether menus, dialogs and tabs are hidden so as well.
    pub fn is_usual(self) -> bool {
        matches!(self, Self::Attribute | Self::Style | Self::Veil | Self::Fade)
    }
}

/// An element so many pixels outside is off screen: hiding styles in incident write-ups have from 1,000 up, and
/// decoration that sticks out of its box a few dozen.
const FAR: f32 = 500.0;

/// Red, green, blue.
type Rgb = [u8; 3];

/// What a style says of whether its element is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// How it hides the element.
    pub(super) hiding: Option<Hiding>,
    /// The colour of its letters.
    pub(super) colour: Option<Rgb>,
    /// The colour behind them; [`Ground::Unknown`] is a picture or a name that is not known here.
    pub(super) ground: Option<Ground>,
    /// Whether it shows what another style may have hidden.
    pub(super) shows: bool,
}

/// Grounds through which that of the element above is seen.
const CLEAR: [&str; 5] = ["transparent", "none", "inherit", "initial", "unset"];

/// What stands behind letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    Plain(Rgb),
    Unknown,
}

impl Ground {
    /// What a page without colours is written on.
    pub(super) const PAPER: Self = Self::Plain(WHITE);

    /// What a value says.
    pub(super) fn of(value: &str) -> Self {
        colour(value).map_or(Self::Unknown, Self::Plain)
    }
}

impl Look {
    /// What a style's declarations say.
    pub(super) fn of(style: &str) -> Self {
        let (mut placed, mut far, mut small, mut clipped, mut tiny) = (false, false, false, false, false);
        let (mut look, mut outside) = (Self::default(), false);
        for (name, value) in declarations(style) {
            let veil = |hides: bool| hides.then_some(Hiding::Veil);
            match &*name {
                "display" => {
                    let hides = value() == "none";
                    (look.hiding, look.shows) = (hides.then_some(Hiding::Style).or(look.hiding), !hides);
                }
                "visibility" => {
                    let hides = matches!(value().as_str(), "hidden" | "collapse");
                    (look.hiding, look.shows) = (look.hiding.or(veil(hides)), !hides);
                }
                "opacity" => {
                    let hides = number(&value()).is_some_and(|share| share < SEEN);
                    (look.hiding, look.shows) = (look.hiding.or(hides.then_some(Hiding::Fade)), !hides);
                }
                "font-size" => tiny = length(&value()).is_some_and(|size| size <= 1.0),
                "text-indent" | "margin-left" | "margin-top" => outside |= is_far(&value()),
                "transform" => {
                    let value = value();
                    outside |= value.split_once("translate").is_some_and(|(_, by)| is_far_move(by));
                    tiny |= value.contains("scale(0)") || value.contains("scale(0,0)");
                }
                "position" => placed = matches!(value().as_str(), "absolute" | "fixed" | "relative"),
                "left" | "top" | "right" | "bottom" => far |= is_far(&value()),
                "height" | "width" | "max-height" | "max-width" => {
                    small |= length(&value()).is_some_and(|size| size <= 1.0);
                }
                "overflow" => clipped = matches!(value().as_str(), "hidden" | "clip"),
                "color" => look.colour = colour(&value()),
                "background" | "background-color" => {
                    let value = value();
                    look.ground = Some(Ground::of(&value)).filter(|_| !CLEAR.contains(&value.as_str()));
                }
                _ => {}
            }
        }
        look.hiding = match () {
            () if outside || placed && far => Some(Hiding::OffScreen),
            () if small && clipped || tiny => Some(Hiding::NoSize),
            () => look.hiding,
        };
        look
    }

    /// The look of an element of which a stronger style says more.
    pub(super) fn then(self, later: Self) -> Self {
        Self {
            hiding: later.hiding.or(self.hiding.filter(|by| !by.is_usual() || !later.shows)),
            colour: later.colour.or(self.colour),
            ground: later.ground.or(self.ground),
            shows: later.shows,
        }
    }
}

/// Letters of a smaller opacity are not seen.
const SEEN: f32 = 0.02;

/// What a style's declarations hide, if they do.
pub(super) fn of_style(style: &str) -> Option<Hiding> {
    Look::of(style).hiding
}

fn is_far(value: &str) -> bool {
    length(value).is_some_and(|at| at <= -FAR)
}

/// Whether one of the numbers of a `translate` moves an element off the screen.
fn is_far_move(by: &str) -> bool {
    by.split(['(', ',', ')']).any(is_far)
}

/// Colours are told apart if one of their parts differs by more. Chosen by hand.
const NEAR: u8 = 16;

/// Whether nobody tells two colours apart.
pub(super) fn is_near(a: Rgb, b: Rgb) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= NEAR)
}

/// Whether letters of a colour may be lost on paper.
pub(super) fn is_light(colour: Rgb) -> bool {
    colour.iter().all(|part| *part >= 224)
}

/// White, the ground of a page that names none.
const WHITE: Rgb = [255; 3];

/// The colour of a value: `white`, `black`, `#fff`, `#ffffff`, `rgb(255,255,255)`.
pub(super) fn colour(value: &str) -> Option<Rgb> {
    let value = value.trim().to_ascii_lowercase();
    if let Some(digits) = value.strip_prefix('#') {
        let wide: String =
            if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
        let part = |at: usize| u8::from_str_radix(wide.get(at..at + 2)?, 16).ok();
        return (wide.len() == 6).then_some([part(0)?, part(2)?, part(4)?]);
    }
    if let Some(parts) = value.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) {
        let mut parts = parts.split(',').map(|part| part.trim().parse().ok());
        return Some([parts.next()??, parts.next()??, parts.next()??]);
    }
    match value.as_str() {
        "white" => Some(WHITE),
        "black" => Some([0; 3]),
        _ => None,
    }
}

/// Names in lower case, and what gives their values in lower case, without blanks and `!important`: most are not asked for.
fn declarations(style: &str) -> impl Iterator<Item = (Cow<'_, str>, impl Fn() -> String)> {
    let plain = |value: &str| {
        value.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect::<String>()
    };
    style.split(';').filter_map(move |declaration| {
        let (name, value) = declaration.split_once(':')?;
        let name = name.trim_ascii();
        let is_lower = !name.bytes().any(|b| b.is_ascii_uppercase());
        let name = if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_ascii_lowercase()) };
        Some((name, move || plain(value).replace("!important", "")))
    })
}

fn number(value: &str) -> Option<f32> {
    value.parse().ok()
}

/// A length in pixels; an `em` is taken for 16.
fn length(value: &str) -> Option<f32> {
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let number = number(digits)?;
    match value.get(digits.len()..) {
        Some("em" | "rem") => Some(number * 16.0),
        Some("" | "px" | "pt") => Some(number),
        _ if number == 0.0 => Some(number),
        _ => None,
    }
}

/// Ids that the rules of a style sheet, or of a script that writes one, hide by `#id{…}`.
pub(super) fn hidden_ids(css: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for rule in css.split('}') {
        let Some((selector, style)) = rule.rsplit_once('{') else { continue };
        let Some((_, id)) = selector.rsplit_once('#') else { continue };
        let is_id =
            !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if is_id && of_style(style).is_some_and(|hiding| !hiding.is_usual()) {
            ids.push(id.to_owned());
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_hide_by_display_place_and_size() {
        for (style, expected) in [
            ("display: none", Some(Hiding::Style)),
            ("color:red; VISIBILITY : hidden !important", Some(Hiding::Veil)),
            ("opacity:0", Some(Hiding::Fade)),
            ("opacity:0.9", None),
            ("position:absolute;left:-9999px;top:-12px", Some(Hiding::OffScreen)),
            ("position:fixed; top:-152413851px", Some(Hiding::OffScreen)),
            ("text-indent:-200em", Some(Hiding::OffScreen)),
            ("left:-9999px", None),
            ("position:absolute;left:-20px", None),
            ("height:0;overflow:hidden;font-size:0", Some(Hiding::NoSize)),
            ("height:1px; overflow:hidden", Some(Hiding::NoSize)),
            ("font-size:0", Some(Hiding::NoSize)),
            ("font-size:1em", None),
            ("width:1vw;overflow:hidden", None),
            ("transform:scale(0)", Some(Hiding::NoSize)),
            ("transform:translateX(-9999px)", Some(Hiding::OffScreen)),
            ("transform:translate(-50%,-50%) scale(0.9)", None),
            ("height:0", None),
            ("width:100%;overflow:hidden", None),
            ("", None),
        ] {
            assert_eq!(of_style(style), expected, "{style}");
        }
    }

    #[test]
    fn colours_are_read_in_every_notation() {
        for (value, expected) in [
            ("#FFF", Some(WHITE)),
            ("#fffffe", Some([255, 255, 254])),
            ("rgb(250, 250, 250)", Some([250; 3])),
            ("White", Some(WHITE)),
            ("url(a.png)", None),
            ("inherit", None),
        ] {
            assert_eq!(colour(value), expected, "{value}");
        }
        assert!(is_near(WHITE, [250; 3]) && !is_near(WHITE, [238; 3]));
    }

    #[test]
    fn rules_hide_ids_in_style_sheets_and_in_scripts_that_write_them() {
        let script = "var b=\"#mknbkLz{margin:0px 20px;position:fixed;overflow:hidden;top:-517776426px;}\";";
        assert_eq!(hidden_ids(script), ["mknbkLz"]);
        assert_eq!(hidden_ids("#menu{display:none} .x #y{text-indent:-9999px}"), ["y"]);
        assert!(hidden_ids("#menu li a{text-indent:-9999px}").is_empty());
    }
}

//! Styles → whether and how they hide an element.

/// How an element is hidden from readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hiding {
    /// By the attribute `hidden`.
    Attribute,
    /// By `display:none`, `visibility:hidden` or `opacity:0`, as menus and dialogs are.
    Style,
    /// By a place far outside the window.
    OffScreen,
    /// By a size of nothing: no height, a font of no size, a `marquee` of one pixel.
    NoSize,
    /// By a script: it writes the hiding element around the links, or the style for an id.
    Script,
}

impl Hiding {
    /// Whether menus, dialogs and tabs are hidden so as well.
    pub fn is_usual(self) -> bool {
        matches!(self, Self::Attribute | Self::Style)
    }
}

/// An element so many pixels outside is off screen: hiding styles in incident write-ups have from 1,000 up, and
/// decoration that sticks out of its box a few dozen.
const FAR: f32 = 500.0;

/// What a style's declarations hide, if they do.
pub(super) fn of_style(style: &str) -> Option<Hiding> {
    let (mut placed, mut far, mut small, mut clipped, mut found) = (false, false, false, false, None);
    for (name, value) in declarations(style) {
        match name.as_str() {
            "display" if value == "none" => found = Some(Hiding::Style),
            "visibility" if matches!(value.as_str(), "hidden" | "collapse") => found = Some(Hiding::Style),
            "opacity" if number(&value) == Some(0.0) => found = Some(Hiding::Style),
            "font-size" if length(&value).is_some_and(|size| size <= 1.0) => small = true,
            "text-indent" | "margin-left" | "margin-top" if length(&value).is_some_and(|at| at <= -FAR) => {
                return Some(Hiding::OffScreen);
            }
            "position" => placed = matches!(value.as_str(), "absolute" | "fixed" | "relative"),
            "left" | "top" | "right" | "bottom" => far |= length(&value).is_some_and(|at| at <= -FAR),
            "height" | "width" | "max-height" | "max-width" => {
                small |= length(&value).is_some_and(|size| size <= 1.0);
            }
            "overflow" => clipped = matches!(value.as_str(), "hidden" | "clip"),
            _ => {}
        }
    }
    match () {
        () if placed && far => Some(Hiding::OffScreen),
        () if small && clipped => Some(Hiding::NoSize),
        () => found,
    }
}

/// Names and values in lower case, without blanks and `!important`.
fn declarations(style: &str) -> impl Iterator<Item = (String, String)> {
    let plain = |text: &str| {
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect::<String>()
    };
    style.split(';').filter_map(move |declaration| {
        let (name, value) = declaration.split_once(':')?;
        Some((plain(name), plain(value).replace("!important", "")))
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
        Some("%") if number != 0.0 => None,
        _ => Some(number),
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
            ("color:red; VISIBILITY : hidden !important", Some(Hiding::Style)),
            ("opacity:0", Some(Hiding::Style)),
            ("opacity:0.9", None),
            ("position:absolute;left:-9999px;top:-12px", Some(Hiding::OffScreen)),
            ("position:fixed; top:-152413851px", Some(Hiding::OffScreen)),
            ("text-indent:-200em", Some(Hiding::OffScreen)),
            ("left:-9999px", None),
            ("position:absolute;left:-20px", None),
            ("height:0;overflow:hidden;font-size:0", Some(Hiding::NoSize)),
            ("height:1px; overflow:hidden", Some(Hiding::NoSize)),
            ("height:0", None),
            ("width:100%;overflow:hidden", None),
            ("", None),
        ] {
            assert_eq!(of_style(style), expected, "{style}");
        }
    }

    #[test]
    fn rules_hide_ids_in_style_sheets_and_in_scripts_that_write_them() {
        let script = "var b=\"#mknbkLz{margin:0px 20px;position:fixed;overflow:hidden;top:-517776426px;}\";";
        assert_eq!(hidden_ids(script), ["mknbkLz"]);
        assert_eq!(hidden_ids("#menu{display:none} .x #y{text-indent:-9999px}"), ["y"]);
        assert!(hidden_ids("#menu li a{text-indent:-9999px}").is_empty());
    }
}

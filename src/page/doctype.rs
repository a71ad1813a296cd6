//! Doctypes that put a browser into quirks mode, in which a `table` does not end a paragraph.

/// Public identifiers of the standard's list that are quirky as a whole.
const WHOLE: [&str; 3] =
    ["-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html"];

/// Starts of public identifiers of the standard's list. Those that start with another one are left out.
const STARTS: [&str; 42] = [
    "+//silmaril//dtd html pro v0r11 19970101//",
    "-//as//dtd html 3.0 aswedit + extensions//",
    "-//advasoft ltd//dtd html 3.0 aswedit + extensions//",
    "-//ietf//dtd html 2.0 level 1//",
    "-//ietf//dtd html 2.0 level 2//",
    "-//ietf//dtd html 2.0 strict level 1//",
    "-//ietf//dtd html 2.0 strict level 2//",
    "-//ietf//dtd html 2.0 strict//",
    "-//ietf//dtd html 2.0//",
    "-//ietf//dtd html 2.1e//",
    "-//ietf//dtd html 3.0//",
    "-//ietf//dtd html 3.2 final//",
    "-//ietf//dtd html 3.2//",
    "-//ietf//dtd html 3//",
    "-//ietf//dtd html level 0//",
    "-//ietf//dtd html level 1//",
    "-//ietf//dtd html level 2//",
    "-//ietf//dtd html level 3//",
    "-//ietf//dtd html strict level 0//",
    "-//ietf//dtd html strict level 1//",
    "-//ietf//dtd html strict level 2//",
    "-//ietf//dtd html strict level 3//",
    "-//ietf//dtd html strict//",
    "-//ietf//dtd html//",
    "-//metrius//dtd metrius presentational//",
    "-//microsoft//dtd internet explorer 2.0 ",
    "-//microsoft//dtd internet explorer 3.0 ",
    "-//netscape comm. corp.//dtd html//",
    "-//netscape comm. corp.//dtd strict html//",
    "-//o'reilly and associates//dtd html ",
    "-//sq//dtd html 2.0 hotmetal + extensions//",
    "-//softquad software//dtd hotmetal pro 6.0::19990601::extensions to html 4.0//",
    "-//softquad//dtd hotmetal pro 4.0::19971010::extensions to html 4.0//",
    "-//spyglass//dtd html 2.0 extended//",
    "-//sun microsystems corp.//dtd hotjava",
    "-//w3c//dtd html 3 1995-03-24//",
    "-//w3c//dtd html 3.2",
    "-//w3c//dtd html 4.0 frameset//",
    "-//w3c//dtd html 4.0 transitional//",
    "-//w3c//dtd html experimental ",
    "-//w3c//dtd w3 html 3.0//",
    "-//webtechs//dtd mozilla html",
];

/// Starts that are quirky when no system identifier follows.
const WITHOUT_SYSTEM: [&str; 2] =
    ["-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//"];

/// Whether the doctype whose text stands between `<!doctype` and `>` asks for quirks mode.
pub(super) fn is_quirky(text: &str) -> bool {
    let lower = text.trim_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase();
    let (name, rest) = lower.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((&lower, ""));
    let Some((public, system)) = identifiers(rest.trim_start()) else { return true };
    name != "html"
        || public.is_some_and(|public| is_quirky_public(public, system.is_some()))
        || system == Some("http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd")
}

fn is_quirky_public(public: &str, has_system: bool) -> bool {
    let starts = |list: &[&str]| list.iter().any(|start| public.starts_with(start));
    WHOLE.contains(&public) || starts(&STARTS) || (!has_system && starts(&WITHOUT_SYSTEM))
}

/// The public and the system identifier behind the name; none where the standard forces quirks mode because a
/// keyword or a quote is missing.
fn identifiers(rest: &str) -> Option<(Option<&str>, Option<&str>)> {
    if rest.is_empty() {
        return Some((None, None));
    }
    if let Some(after) = rest.strip_prefix("public") {
        let (public, after) = quoted(after)?;
        let after = after.trim_start();
        if after.is_empty() {
            return Some((Some(public), None));
        }
        return Some((Some(public), Some(quoted(after)?.0)));
    }
    let (system, _) = quoted(rest.strip_prefix("system")?)?;
    Some((None, Some(system)))
}

/// The text in quotes at the start, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text.get(1..)?.split_once(quote)
}

#[cfg(test)]
mod tests {
    use super::is_quirky;

    #[test]
    fn doctypes_of_the_list_ask_for_quirks_mode() {
        for text in [
            "",
            " svg",
            " html PUBLIC",
            " html PUBLIC \"x",
            " html something",
            " HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"",
            " html public '-//W3C//DTD HTML 4.0 Transitional//EN' 'http://www.w3.org/TR/REC-html40/loose.dtd'",
            " HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\"",
            " html SYSTEM \"http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd\"",
        ] {
            assert!(is_quirky(text), "{text}");
        }
    }

    #[test]
    fn other_doctypes_do_not() {
        for text in [
            " html",
            " HTML ",
            "\nhtml SYSTEM 'about:legacy-compat'",
            " html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\"",
            " HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\" \"http://www.w3.org/TR/html4/loose.dtd\"",
            " HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"",
        ] {
            assert!(!is_quirky(text), "{text}");
        }
    }
}

//! Mends the faults that JSON-LD on real pages has: wrappers, comments, commas too many, raw line ends and quotes
//! in strings, escapes that JSON does not know.

/// The source with its faults mended, as far as they can be seen without knowing what was meant.
pub(super) fn mend(source: &str) -> String {
    let mut mender = Mender { rest: unwrapped(source), out: String::with_capacity(source.len()) };
    while let Some(c) = mender.next() {
        match c {
            '"' => mender.string(),
            ',' if mender.is_trailing() => {}
            '/' => mender.comment(),
            ';' => {}
            c => mender.out.push(c),
        }
    }
    mender.out
}

/// The source without the wrappers of comments and CDATA sections that hid scripts from old browsers.
fn unwrapped(source: &str) -> &str {
    const OPENINGS: [&str; 7] =
        ["//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[", "<!--", "\u{FEFF}"];
    const CLOSINGS: [&str; 7] = ["//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", "//-->", "-->"];
    let mut text = source.trim();
    while let Some(inner) = OPENINGS.iter().find_map(|opening| text.strip_prefix(opening)) {
        text = inner.trim_start();
    }
    while let Some(inner) = CLOSINGS.iter().find_map(|closing| text.strip_suffix(closing)) {
        text = inner.trim_end();
    }
    text
}

struct Mender<'s> {
    rest: &'s str,
    out: String,
}

impl Mender<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Whether nothing but white space stands between a comma and the end of its list or object.
    fn is_trailing(&self) -> bool {
        matches!(self.rest.trim_start().bytes().next(), None | Some(b'}' | b']' | b','))
    }

    /// Skips a comment at its slash.
    fn comment(&mut self) {
        let (start, end) = match self.rest.bytes().next() {
            Some(b'*') => (1, "*/"),
            Some(b'/') => (1, "\n"),
            _ => return,
        };
        let body = self.rest.get(start..).unwrap_or_default();
        self.rest = body.split_once(end).map_or("", |(_, after)| after);
    }

    /// Copies a string behind its opening quote.
    fn string(&mut self) {
        self.out.push('"');
        while let Some(c) = self.next() {
            match c {
                '"' if self.ends_string() => break,
                '"' => self.out.push_str("\\\""),
                '\\' => self.escape(),
                '\n' => self.out.push_str("\\n"),
                c if c.is_control() => self.out.push(' '),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    /// Whether a quote ends its string: what follows must be able to follow a string.
    fn ends_string(&self) -> bool {
        let after = self.rest.trim_start();
        match after.bytes().next() {
            None | Some(b':' | b'}' | b']') => true,
            Some(b',') => {
                let next = after.get(1..).unwrap_or_default().trim_start();
                let literal = ["true", "false", "null"].iter().any(|word| next.starts_with(word));
                literal
                    || next.is_empty()
                    || next.starts_with(['"', '{', '[', '}', ']', '-', '/', ','])
                    || next.starts_with(|c: char| c.is_ascii_digit())
            }
            _ => false,
        }
    }

    /// Copies an escape behind its backslash; the backslash of one that JSON does not know is dropped.
    fn escape(&mut self) {
        match self.next() {
            Some('u') => self.unicode_escape(),
            Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                self.out.push('\\');
                self.out.push(c);
            }
            Some('\n') => self.out.push_str("\\n"),
            Some(c) if c.is_control() => self.out.push(' '),
            Some(c) => self.out.push(c),
            None => {}
        }
    }

    /// Copies the four digits of an escape, a surrogate only with its other half.
    fn unicode_escape(&mut self) {
        let Some(unit) = code_unit(self.rest) else { return self.out.push('u') };
        let low = self.rest.get(4..).and_then(|rest| rest.strip_prefix("\\u")).and_then(code_unit);
        let (units, used) = match (unit, low) {
            (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => (vec![unit, low], 10),
            _ => (vec![unit], 4),
        };
        for c in char::decode_utf16(units) {
            match c.unwrap_or(char::REPLACEMENT_CHARACTER) {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                c if c.is_control() => self.out.push(' '),
                c => self.out.push(c),
            }
        }
        self.rest = self.rest.get(used..).unwrap_or_default();
    }
}

fn code_unit(text: &str) -> Option<u16> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

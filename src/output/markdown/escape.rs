//! Backslashes where a character would start markup.

/// Where text stands; it decides which characters are risky.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A paragraph, list item or quotation: line breaks become hard breaks.
    Flow,
    /// A heading: one line.
    Heading,
    /// A table cell: one line, and `|` ends it.
    Cell,
}

/// Writes one block's text piece by piece and knows what stands before a character on its line.
#[derive(Debug)]
pub(super) struct Escaper<'t> {
    pub(super) out: String,
    text: &'t str,
    place: Place,
    /// Only white space so far on this line.
    line_start: bool,
    /// Digits since the line's start, while nothing else stood there.
    digits: Option<usize>,
    /// Whether `~` could open and close a strikethrough.
    tildes: bool,
    /// Inside the text of a link, where `]` would end it.
    in_link: bool,
}

impl<'t> Escaper<'t> {
    pub(super) fn new(text: &'t str, place: Place) -> Self {
        let tildes = text.bytes().filter(|byte| *byte == b'~').nth(1).is_some();
        let out = String::with_capacity(text.len() + text.len() / 16);
        Self { out, text, place, line_start: true, digits: Some(0), tildes, in_link: false }
    }

    /// Writes the text's bytes `start..end`, escaped.
    pub(super) fn text(&mut self, start: usize, end: usize) {
        let Some(piece) = self.text.get(start..end) else { return };
        let mut previous = self.text.get(..start).and_then(|before| before.chars().next_back());
        for (offset, c) in piece.char_indices() {
            let rest = self.text.get(start + offset + c.len_utf8()..).unwrap_or_default();
            if matches!(c, '\n' | '\r') {
                self.line_break();
            } else if !(self.line_start && matches!(c, ' ' | '\t')) {
                self.character(c, previous, rest);
            }
            previous = Some(c);
        }
    }

    /// Writes inline code; line breaks in it become blanks.
    pub(super) fn code(&mut self, start: usize, end: usize) {
        let code = self.text.get(start..end).unwrap_or_default().replace(['\n', '\r'], " ");
        let code = if self.place == Place::Cell { code.replace('|', "\\|") } else { code };
        let fence = "`".repeat(longest_backtick_run(&code) + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        self.markup(&format!("{fence}{pad}{code}{pad}{fence}"));
    }

    /// Writes markup as it is.
    pub(super) fn markup(&mut self, markup: &str) {
        self.out.push_str(markup);
        self.line_start = false;
        self.digits = None;
    }

    /// Opens a link's text. An exclamation mark before it would make the link an image.
    pub(super) fn open_link(&mut self) {
        if self.out.ends_with('!') {
            self.out.pop();
            self.out.push_str("\\!");
        }
        self.markup("[");
        self.in_link = true;
    }

    pub(super) fn close_link(&mut self, target: &str) {
        self.in_link = false;
        let target = if self.place == Place::Cell { target.replace('|', "%7C") } else { target.to_owned() };
        self.markup(&format!("]({target})"));
    }

    fn line_break(&mut self) {
        if self.line_start {
            return;
        }
        self.out.truncate(self.out.trim_end_matches([' ', '\t']).len());
        match self.place {
            Place::Flow => self.out.push_str("\\\n"),
            Place::Heading => self.out.push(' '),
            Place::Cell => self.out.push_str("<br>"),
        }
        self.line_start = self.place != Place::Heading;
        self.digits = Some(0);
    }

    fn character(&mut self, c: char, previous: Option<char>, rest: &str) {
        if self.is_markup(c, previous, rest) || self.starts_construct(c, rest) {
            self.out.push('\\');
        }
        self.out.push(c);
        self.line_start = false;
        self.digits = self.digits.filter(|_| c.is_ascii_digit()).map(|count| count + 1);
    }

    /// Whether the character is inline markup wherever it stands.
    fn is_markup(&self, c: char, previous: Option<char>, rest: &str) -> bool {
        match c {
            '\\' | '`' | '*' | '[' => true,
            ']' => self.in_link,
            '_' => !(previous.is_some_and(is_word) && rest.chars().next().is_some_and(is_word)),
            '~' => self.tildes,
            '<' => rest.starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next)),
            '&' => is_entity(rest),
            '|' => self.place == Place::Cell || self.line_start,
            '#' => self.place == Place::Heading,
            _ => false,
        }
    }

    /// Whether the character would start a list, heading, quotation, rule or table at its line's start.
    fn starts_construct(&self, c: char, rest: &str) -> bool {
        let ends_word = rest.is_empty() || rest.starts_with(char::is_whitespace);
        match c {
            '.' | ')' => matches!(self.digits, Some(1..=9)) && ends_word,
            _ if !self.line_start => false,
            '>' => true,
            '+' => ends_word,
            '#' => ends_word || rest.starts_with('#'),
            '-' => ends_word || rest.starts_with(['-', '|', ':']),
            '=' => ends_word || rest.starts_with('='),
            ':' => rest.starts_with('-'),
            _ => false,
        }
    }
}

/// Whether `&` followed by this is a character reference.
fn is_entity(rest: &str) -> bool {
    let name = rest.strip_prefix('#').unwrap_or(rest);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    // The longest name in HTML's table has 32 characters, with the semicolon.
    matches!(end, Some(1..=32)) && name.get(end.unwrap_or_default()..).is_some_and(|end| end.starts_with(';'))
}

/// A letter or digit to every Markdown parser: circled letters are alphabetic to Unicode, yet symbols.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}')
}

/// The length of the longest run of backticks.
pub(super) fn longest_backtick_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for byte in text.bytes() {
        run = if byte == b'`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

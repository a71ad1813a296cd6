//! Dates as pages write them, to `YYYY-MM-DD`.

/// Characters of a line that are looked at; a date line is short, and a date deep in a paragraph dates nothing.
const REACH: usize = 400;

/// Years that a page can have been published in; earlier ones are ages, prices or street numbers.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2099;

/// The first date in `text`, as `YYYY-MM-DD`.
///
/// Reads ISO 8601, RFC 2822, `2025年8月6日`, `2025/8/6`, `20250806`, `Aug 6, 2025`, `6th August 2025`, `31/12/2025` and
/// seconds or milliseconds of the Unix epoch. Time zones are not applied: it is the date as written. An impossible
/// date, or one whose day and month could be either (`08/06/2025`), is none.
pub(crate) fn parse_date(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(date) = unix_time(text) {
        return Some(date.to_string());
    }
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| date_at(tokens.get(at..)?)).map(|date| date.to_string())
}

#[derive(Debug, Clone, Copy)]
struct Date {
    year: u32,
    month: u32,
    day: u32,
}

impl Date {
    fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (YEARS.contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// A run of digits and how many they are.
    Number(u64, usize),
    /// An English month, from 1.
    Month(u32),
    /// `of`, or the `st` of `1st`.
    Filler,
    /// Another run of letters.
    Word,
    /// Any other character but white space.
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().take(REACH).peekable();
    while let Some(&first) = chars.peek() {
        if digit(first).is_some() {
            let digits: Vec<u64> =
                std::iter::from_fn(|| chars.next_if(|c| digit(*c).is_some())).filter_map(digit).collect();
            let value = digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(*digit));
            tokens.push(Token::Number(value, digits.len()));
        } else if first.is_ascii_alphabetic() {
            let word: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_alphabetic)).collect();
            tokens.push(word_token(&word));
        } else {
            chars.next();
            if !first.is_whitespace() {
                tokens.push(Token::Mark(first));
            }
        }
    }
    tokens
}

/// The value of a digit, also of a full-width one.
fn digit(c: char) -> Option<u64> {
    c.to_digit(10).or_else(|| ('０'..='９').contains(&c).then(|| c as u32 - '０' as u32)).map(u64::from)
}

fn word_token(word: &str) -> Token {
    const MONTHS: [&str; 12] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december",
    ];
    let lower = word.to_ascii_lowercase();
    if matches!(lower.as_str(), "of" | "st" | "nd" | "rd" | "th") {
        return Token::Filler;
    }
    let is_month = |month: &str| {
        month == lower || month.get(..3) == Some(&lower) || (lower == "sept" && month == "september")
    };
    let month = MONTHS.iter().position(|month| is_month(month));
    month.map_or(Token::Word, |month| Token::Month(month as u32 + 1))
}

/// The date that starts at the first token.
fn date_at(tokens: &[Token]) -> Option<Date> {
    match *tokens {
        [Token::Number(digits, 8), ..] => compact(digits),
        [Token::Number(digits, 12), ..] => compact(digits / 10_000),
        [Token::Number(digits, 14), ..] => compact(digits / 1_000_000),
        [
            Token::Number(year, 4),
            Token::Mark(a),
            Token::Number(month, 1..=2),
            Token::Mark(b),
            Token::Number(day, 1..=2),
            ..,
        ] if is_year_first(a, b) => Date::new(year as u32, month as u32, day as u32),
        [
            Token::Number(a, 1..=2),
            Token::Mark(mark),
            Token::Number(b, 1..=2),
            Token::Mark(same),
            Token::Number(year, 4),
            ..,
        ] if mark == same => year_last(a as u32, b as u32, mark, year as u32),
        [Token::Number(day, 1..=2), ref rest @ ..] => {
            let [Token::Month(month), rest @ ..] = skip_fillers(rest) else { return None };
            Date::new(year_of(skip_fillers(rest))?, *month, day as u32)
        }
        [Token::Month(month), ref rest @ ..] => {
            let [Token::Number(day, 1..=2), rest @ ..] = skip_fillers(rest) else { return None };
            Date::new(year_of(skip_time(skip_fillers(rest)))?, month, *day as u32)
        }
        _ => None,
    }
}

/// `20250806`.
fn compact(digits: u64) -> Option<Date> {
    Date::new((digits / 10_000) as u32, (digits / 100 % 100) as u32, (digits % 100) as u32)
}

fn is_year_first(a: char, b: char) -> bool {
    let dash = |c: char| matches!(c, '-' | '/' | '.' | '–' | '‐' | '‑' | '－' | '／' | '．');
    (a == '年' && b == '月') || (dash(a) && a == b)
}

/// `31/12/2025` or `12/31/2025`: one of the numbers must say which is the day. With dots the day is first.
fn year_last(a: u32, b: u32, mark: char, year: u32) -> Option<Date> {
    match mark {
        '.' => Date::new(year, b, a),
        '/' | '-' if b > 12 => Date::new(year, a, b),
        '/' | '-' if a > 12 || a == b => Date::new(year, b, a),
        _ => None,
    }
}

fn skip_fillers(tokens: &[Token]) -> &[Token] {
    let fillers =
        tokens.iter().take(2).take_while(|t| matches!(t, Token::Filler | Token::Mark('.' | ',' | '-' | '/')));
    tokens.get(fillers.count()..).unwrap_or_default()
}

fn year_of(tokens: &[Token]) -> Option<u32> {
    match tokens {
        [Token::Number(year, 4), ..] => Some(*year as u32),
        _ => None,
    }
}

/// The time and zone that stand before the year in `Wed Aug 06 10:00:00 +0800 2025`.
fn skip_time(tokens: &[Token]) -> &[Token] {
    let [Token::Number(_, 1..=2), Token::Mark(':'), ..] = tokens else { return tokens };
    let is_time = |token: &&Token| match token {
        Token::Number(value, digits) => *digits <= 2 || *value < u64::from(*YEARS.start()),
        token => matches!(token, Token::Mark(':' | '+' | '-') | Token::Word),
    };
    let time = tokens.iter().take(9).take_while(is_time).count();
    tokens.get(time..).unwrap_or_default()
}

/// Seconds (ten digits) or milliseconds (thirteen) since 1970, if the text is nothing else.
fn unix_time(text: &str) -> Option<Date> {
    let number: u64 = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let seconds = match text.len() {
        10 => number,
        13 => number / 1000,
        _ => return None,
    };
    civil(seconds / 86_400)
}

/// The Gregorian date of a day since 1970-01-01, in the arithmetic of years that begin in March.
fn civil(days: u64) -> Option<Date> {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    Date::new(year as u32, month as u32, (day_of_year - (153 * shifted + 2) / 5 + 1) as u32)
}

#[cfg(test)]
mod tests {
    use super::parse_date;

    #[test]
    fn dates_of_every_common_form_are_read() {
        for text in [
            "2025-08-06",
            "2025-08-06T23:59:59+08:00",
            "2025/8/6 10:20",
            "2025.8.6",
            "2025 - 08 - 06",
            "2025年8月6日 星期三",
            "２０２５年０８月０６日",
            "发布时间：2025年 8月 6日",
            "来源：清河日报 时间:2025-08-06 责任编辑：李某",
            "更新时间:2025-08-06",
            "20250806",
            "20250806101500",
            "202508061015",
            "Aug 6, 2025",
            "Aug. 6th, 2025 at 10:15",
            "August 6 2025",
            "By Ann Lee | 6 August 2025",
            "6th of August, 2025",
            "06-Aug-2025",
            "Wed, 06 Aug 2025 10:00:00 GMT",
            "Wed Aug 06 2025 10:00:00 GMT+0800",
            "Wed Aug 06 10:00:00 +0800 2025",
            "Wed Aug 6 10:00:00 CST 2025",
            "06.08.2025",
            "1754438400",
            "1754438400000",
            "1 of 20, posted 2025-08-06",
        ] {
            assert_eq!(parse_date(text).as_deref(), Some("2025-08-06"), "{text}");
        }
    }

    #[test]
    fn the_day_is_the_number_that_cannot_be_a_month() {
        assert_eq!(parse_date("31/12/2024").as_deref(), Some("2024-12-31"));
        assert_eq!(parse_date("12/31/2024").as_deref(), Some("2024-12-31"));
        assert_eq!(parse_date("07-07-2024").as_deref(), Some("2024-07-07"));
        assert_eq!(parse_date("08/06/2025"), None);
    }

    #[test]
    fn leap_days_exist_in_leap_years_alone() {
        assert_eq!(parse_date("2024-02-29").as_deref(), Some("2024-02-29"));
        assert_eq!(parse_date("2000年2月29日").as_deref(), Some("2000-02-29"));
        assert_eq!(parse_date("2023-02-29"), None);
        assert_eq!(parse_date("1900-02-29"), None);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "2025",
            "2025-08",
            "2025-13-01",
            "2025-00-10",
            "2025-04-31",
            "0000-00-00",
            "1754-08-06",
            "version 2.0.1",
            "call 010-6255-1234",
            "may 6 people come",
            "12345678901234567890123",
            "75 of 2025 members",
            "2025-8/6",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_are_turned_into_days_across_centuries() {
        for (seconds, date) in
            [("1000000000", "2001-09-09"), ("1709164800", "2024-02-29"), ("4102444799", "2099-12-31")]
        {
            assert_eq!(parse_date(seconds).as_deref(), Some(date));
        }
    }
}

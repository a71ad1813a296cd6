//! Filing numbers of Chinese sites: `京ICP备12345678号-1`, `京公网安备 11010102001234号`, `B2-20090191`.
//!
//! A number proves nothing, as anybody can print one. It is read for what the store can tell: the same number
//! on many registrable domains, a number without a province, a number that no register gives out.

/// The characters that stand for the provinces in filing numbers.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// A filing number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filing {
    /// In its one form: no blanks, simplified, without the number of the site behind the hyphen.
    Number(String),
    /// It has the words of one, and no province or impossible digits.
    Malformed,
}

/// The filing numbers that stand in a text.
pub(super) fn filings(text: &str) -> Vec<Filing> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(plain).collect();
    let mut found = Vec::new();
    for (mark, digits) in [("ICP备", 6..=10), ("公网安备", 10..=14)] {
        for (at, _) in plain.match_indices(mark) {
            let before = plain.get(..at).unwrap_or_default();
            let after = plain.get(at + mark.len()..).unwrap_or_default();
            found.extend(filed(before, mark, after, &digits));
        }
    }
    found.extend(licences(&plain));
    found
}

fn filed(before: &str, mark: &str, after: &str, length: &std::ops::RangeInclusive<usize>) -> Option<Filing> {
    let number = leading_digits(after.trim_start_matches(['号', ':', '第', '-']));
    if number.is_empty() {
        // "ICP备案" is a word; crosses in the place of digits are a template that nobody filled in.
        return after.starts_with(['X', '*', '0']).then_some(Filing::Malformed);
    }
    let province = before.chars().next_back().filter(|c| PROVINCES.contains(*c));
    let possible = length.contains(&number.len())
        && number.bytes().any(|digit| Some(&digit) != number.as_bytes().first());
    match province {
        Some(province) if possible => Some(Filing::Number(format!("{province}{mark}{number}号"))),
        _ => Some(Filing::Malformed),
    }
}

/// Licences for telecommunication services.
fn licences(plain: &str) -> impl Iterator<Item = Filing> + '_ {
    plain.match_indices("B2-").filter_map(|(at, mark)| {
        let number = leading_digits(plain.get(at + mark.len()..)?);
        (6..=10).contains(&number.len()).then(|| Filing::Number(format!("B2-{number}")))
    })
}

fn leading_digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn plain(c: char) -> char {
    match c {
        '備' => '备',
        '號' => '号',
        '網' => '网',
        '滬' => '沪',
        '雲' => '云',
        '遼' => '辽',
        '魯' => '鲁',
        '蘇' => '苏',
        '贛' => '赣',
        '晉' => '晋',
        '陝' => '陕',
        '閩' => '闽',
        '貴' => '贵',
        '粵' => '粤',
        '寧' => '宁',
        '瓊' => '琼',
        '：' => ':',
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' => {
            char::from_u32(c as u32 - 0xfee0).map_or(c, |c| c.to_ascii_uppercase())
        }
        _ => c.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        let numbers = filings(text).into_iter().filter_map(|filing| match filing {
            Filing::Number(number) => Some(number),
            Filing::Malformed => None,
        });
        numbers.collect()
    }

    #[test]
    fn one_number_has_one_form() {
        for text in [
            "备案号：京ICP备05012345号-3",
            "京icp备 05012345 号",
            "京ICP備０５０１２３４５號",
            "© 2020 某某网 京ICP备05012345号-12 版权所有",
        ] {
            assert_eq!(numbers(text), ["京ICP备05012345号"], "{text}");
        }
        assert_eq!(numbers("京公网安备 11010102001234号"), ["京公网安备11010102001234号"]);
        assert_eq!(numbers("增值电信业务经营许可证 沪B2-20090191"), ["B2-20090191"]);
    }

    #[test]
    fn numbers_that_no_register_gives_out_are_malformed() {
        for text in
            ["ICP备05012345号", "京ICP备00000000号", "京ICP备XXXXXXXX号", "京ICP备12号", "某ICP备05012345号"]
        {
            assert_eq!(filings(text), [Filing::Malformed], "{text}");
        }
    }

    #[test]
    fn words_about_filing_are_no_numbers() {
        for text in ["如何办理ICP备案", "公网安备是什么", "型号 AB2-12", "备"] {
            assert_eq!(filings(text), [], "{text}");
        }
    }
}

//! The sentence with which the kit opens its list of links: thanks for the visit, and what one may also like.

/// The sentence in its parts; one word of each stands in it, in this order.
const PARTS: [&[&str]; 4] = [
    &["感谢", "感謝", "谢谢", "謝謝"],
    &["访问", "訪問", "浏览", "瀏覽", "光临", "光臨", "来访", "來訪", "光顾", "光顧"],
    &["可能", "也许", "也許", "或许", "或許"],
    &["感兴趣", "感興趣", "喜欢", "喜歡", "需要"],
];
/// Bytes of the sentence; 24 to 50 characters were seen.
const LENGTH: std::ops::RangeInclusive<usize> = 30..=240;

/// Whether a text is the closing sentence or a like one.
pub(super) fn is_closing(text: &str) -> bool {
    let behind = |rest: &str, words: &[&str]| {
        let ends = words.iter().filter_map(|word| rest.find(word).map(|at| at + word.len()));
        ends.min().and_then(|end| rest.get(end..).map(str::to_owned))
    };
    LENGTH.contains(&text.len())
        && PARTS.iter().try_fold(text.to_owned(), |rest, words| behind(&rest, words)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_and_its_kin_are_known() {
        for text in [
            "感谢您访问我们的网站，您可能还对以下资源感兴趣：",
            "感謝您訪問我們的網站，您可能還對以下資源感興趣：",
            "谢谢浏览本站，你或许也会喜欢下面的内容",
        ] {
            assert!(is_closing(text), "{text}");
        }
    }

    #[test]
    fn thanks_and_recommendations_alone_are_not() {
        for text in ["感谢您访问我们的网站，欢迎下次再来。", "您可能还对以下内容感兴趣：", "谢谢光临！"]
        {
            assert!(!is_closing(text), "{text}");
        }
    }
}

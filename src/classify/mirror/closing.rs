//! The sentence with which the kit opens its list of links: thanks for the visit, and what one may also like.

use crate::lexicon::closing_parts;

/// Bytes of the sentence; 24 to 50 characters were seen.
const LENGTH: std::ops::RangeInclusive<usize> = 30..=240;

/// Whether a text is the closing sentence or a like one.
pub(super) fn is_closing(text: &str) -> bool {
    let behind = |rest: &str, words: &Vec<&str>| {
        let ends = words.iter().filter_map(|word| rest.find(word).map(|at| at + word.len()));
        ends.min().and_then(|end| rest.get(end..).map(str::to_owned))
    };
    LENGTH.contains(&text.len())
        && closing_parts().iter().try_fold(text.to_owned(), |rest, words| behind(&rest, words)).is_some()
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

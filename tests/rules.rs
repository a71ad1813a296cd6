//! Lines that the word rules must hit, and lines that look alike and belong to the article.
//!
//! A line is judged between two paragraphs of running text (`Middle`) or behind the last one (`Tail`) of a page
//! of plain text, as a text extractor leaves it.
#![expect(clippy::expect_used, reason = "a test fails where it panics")]

use pagesieve::{Document, Filter, Label};

#[derive(Clone, Copy)]
enum Where {
    Middle,
    Tail,
}
use Where::{Middle, Tail};

const ENGLISH: &str = "The lock keeper opened the gates at seven, as he had done every day for thirty years, and \
    then he sat down on the beam with his tea. Nobody had told him that the canal was to be closed. He heard it \
    on the radio, between the weather and the price of barley, and at first he thought that they meant another \
    canal. They did not.";
const CHINESE: &str = "老船闸的管理员七点钟打开闸门，三十年来天天如此，然后端着茶缸在横梁上坐下。没有人告诉他运河要关了。\
    他是从收音机里听到的，夹在天气预报和粮价之间，起初他以为说的是另一条运河。可惜并不是，通知第二天就贴到了闸房的门上。";

/// Line, where it stands, label, name of the rule.
const HITS: &[(&str, Where, Label, &str)] = &[
    ("京ICP备10012345号-2", Tail, Label::Legal, "filing_number"),
    ("Copyright © 2021 Harbour Post", Tail, Label::Legal, "copyright_line"),
    ("免责声明：本文内容仅供参考，不构成任何建议。", Tail, Label::Legal, "disclaimer"),
    ("责任编辑：陈禾", Tail, Label::Meta, "editor_line"),
    ("来源：松陵晚报", Middle, Label::Meta, "source_line"),
    ("Skip to main content", Middle, Label::Nav, "skip_link"),
    ("上一篇：旧船闸的最后一天", Tail, Label::Nav, "adjacent_page"),
    ("Related articles", Tail, Label::Related, "related_heading"),
    ("分享到：微信 微博", Tail, Label::Social, "share_row"),
    ("Leave a comment", Tail, Label::Social, "comment_prompt"),
    ("点击展开全文", Middle, Label::Ui, "expand_button"),
    ("Advertisement", Middle, Label::Ad, "ad_slot"),
    ("Edit this page", Middle, Label::Ui, "widget_word"),
    ("Tag us on Instagram so that we can see your loaf!", Tail, Label::Social, "follow_us"),
    ("Sign up for our newsletter", Middle, Label::Promo, "newsletter_offer"),
    ("商务合作：ad@harbour.example", Tail, Label::Promo, "contact_offer"),
    ("本文仅供科普参考，不能代替医生的诊断和治疗。", Tail, Label::Legal, "disclaimer"),
    (
        "This article is for informational purposes only and is no medical advice.",
        Tail,
        Label::Legal,
        "disclaimer",
    ),
    ("Get our VPN with 83% off, limited offer.", Tail, Label::Promo, "trade_offer"),
];

/// Sentences of an article that share their words with a rule.
const MISSES: &[&str] = &[
    "The advertisement that closed the canal ran to eleven words and was printed upside down in the first edition, \
     which is why the boatmen believed for a week that it was a joke.",
    "He used to share the bench with a heron, and the two of them would leave a comment or two on the weather to the \
     wind, which never answered either of them.",
    "来源不明的那张照片后来查清了，是闸房的学徒拍的，他把相机放在横梁上，按下快门以后自己也跑进了画面里。",
    "版权的问题谈了两年才谈妥，照片最后归了县里的档案馆，学徒得到的是一张复印件和一句口头的感谢。",
    "税务局的人来过一次，查的是代开发票的案子，和闸房没有关系，管理员给他们倒了茶，他们喝完就走了，再也没有联系过他。",
    "The customs officers who had called at the lock were looking for replica watches, they said, and when they had \
     looked into every bucket they bought two pounds of his plums and left.",
];

/// The label and the rule of the line of a page that starts with `line`.
fn judged(filter: &Filter, line: &str, place: Where) -> (Label, &'static str) {
    let prose = if line.is_ascii() { ENGLISH } else { CHINESE };
    let page = match place {
        Middle => format!("{prose}\n{line}\n{prose}\n"),
        Tail => format!("{prose}\n{prose}\n{line}\n"),
    };
    let report = filter.check(&Document::text(page));
    let found = report.blocks().find(|(block, _)| block.text() == line);
    let (_, said) = found.expect("a line is a block");
    (said.label, said.reason.as_str())
}

#[test]
fn lines_of_junk_are_named_by_their_rule() {
    let filter = Filter::builtin();
    for (line, place, label, rule) in HITS {
        assert_eq!(judged(&filter, line, *place), (*label, *rule), "{line}");
    }
}

#[test]
fn sentences_with_the_same_words_stay_in_the_body() {
    let filter = Filter::builtin();
    for line in MISSES {
        assert_eq!(judged(&filter, line, Middle).0, Label::Body, "{line}");
    }
}

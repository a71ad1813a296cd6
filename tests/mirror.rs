//! Pages of the mirror kit through the door that everybody uses: recognised, and their articles as they were.
#![expect(clippy::unwrap_used, reason = "a test fails where it panics")]

use pagesieve::classify::Script;
use pagesieve::output::markdown;
use pagesieve::{Document, Filter, Media, Report};
use std::path::{Path, PathBuf};

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("training_data/pages")
}

fn document(name: &str) -> Document {
    let html = Path::new(name).extension().is_some_and(|ending| ending == "html");
    let media = if html { Media::Html } else { Media::Text };
    Document::new(std::fs::read(pages().join(name)).unwrap()).with_media(media)
}

fn report(name: &str) -> Report {
    Filter::builtin().check(&document(name))
}

fn is_mirrored(report: &Report) -> bool {
    report.reasons().iter().any(|found| found.reason == pagesieve::Reason::MirroredPage)
}

fn undone(report: &Report) -> Vec<(&str, usize)> {
    report.repairs().iter().map(|repair| (repair.name, repair.count)).collect()
}

#[test]
fn the_article_of_a_mirrored_html_page_comes_out_as_it_was() {
    let report = report("zh-mirror-railway.html");
    assert!(is_mirrored(&report));
    assert!(report.scores().seo > 0.99);
    assert_eq!(report.verdict().as_str(), "review");
    assert_eq!(report.title(), Some("高山小火車復駛 舊機車頭換上電池再出發"));
    assert_eq!((report.author(), report.date()), (Some("葛明遠"), Some("2024-04-18")));
    let body = report.body();
    assert!(body.contains("\n一次充電跑兩個來回\n"), "{body}");
    assert!(body.contains("司機高立仁說，「過彎時要比以前更早收電門。」\n"), "{body}");
    assert!(!body.contains(['(', '<']) && !body.contains("免费"), "{body}");
    let count = report.page().blocks().zip(report.blocks()).filter(|(_, (_, said))| said.label.is_body());
    let brackets: usize = count.map(|(block, _)| block.text().matches('(').count()).sum();
    assert_eq!(undone(&report), [("pinyin_brackets", brackets)]);
}

#[test]
fn blocks_stay_as_they_are_on_the_page() {
    let report = report("zh-mirror-railway.html");
    let said: Vec<&str> = report.blocks().map(|(block, _)| block.text()).collect();
    let read: Vec<&str> = report.page().blocks().map(|block| block.text()).collect();
    assert_eq!(said, read);
    assert!(said.iter().any(|text| text.starts_with("停開(kāi)六年的雲嶺小火車(chē)")));
}

#[test]
fn markdown_of_a_repaired_body_keeps_links_and_bold_words() {
    let markdown = markdown(&report("zh-mirror-railway.html"));
    assert!(markdown.contains("從[松坑車站](/ly/songkeng/)發出第一班車"), "{markdown}");
    assert!(markdown.contains("換上**四組電池和新的電動機**，原有的"), "{markdown}");
    assert!(markdown.contains("\n\n## 一次充電跑兩個來回\n\n"), "{markdown}");
}

#[test]
fn noise_and_pinyin_behind_simplified_characters_are_taken_out_of_a_text() {
    let report = report("zh-mirror-watertower.txt");
    assert!(is_mirrored(&report));
    let body = report.body();
    let lines: Vec<&str> = body.lines().collect();
    assert_eq!(lines.len(), 6, "{body}");
    assert_eq!(lines[0], "老水塔改成图书角 藏书由邻居们凑齐");
    assert_eq!(
        lines[2],
        "水塔一共四层，当年的旋梯还在，只是加了扶手。一楼放童书，二楼放小说，三楼是旧报纸，最上面一层留给了一台会报时的老座钟。"
    );
    assert!(lines[4].ends_with("前后花了五个月时间。"), "{body}");
    assert!(undone(&report).contains(&("noise_tags", 4)), "{:?}", report.repairs());
    assert_eq!(markdown(&report).replace("\n\n", "\n"), body);
}

#[test]
fn characters_are_converted_back_on_request() {
    let filter = Filter::builtin().with_script(Script::Simplified);
    let report = filter.check(&document("zh-mirror-railway.html"));
    assert_eq!(report.title(), Some("高山小火车复驶 旧机车头换上电池再出发"));
    assert_eq!(report.lang(), Some("zh"));
    let markdown = markdown(&report);
    assert!(markdown.contains("从[松坑车站](/ly/songkeng/)发出第一班车"), "{markdown}");
    assert!(undone(&report).iter().any(|(name, count)| *name == "to_simplified" && *count > 100));
    let honest = filter.check(&document("zh-hant-travel-island.txt"));
    assert!(!is_mirrored(&honest) && honest.lang() == Some("zh"));
    assert_eq!(undone(&honest).len(), 1);
}

#[test]
fn other_languages_are_not_converted() {
    let text = "東京の図書館では、午後から雨が強くなり、傘を持たない人々が閉館の時間まで本を読んでいた。\n\n\
        館長によると、雨の日の来館者は晴れた日の二倍近くになるという。廊下の椅子が足りず、会議室も開けることにした。";
    let report = Filter::builtin().with_script(Script::Simplified).check(&Document::text(text));
    assert!(report.repairs().is_empty());
    assert!(report.body().contains("東京の図書館"));
}

#[test]
fn of_the_training_pages_only_the_mirrored_ones_are_recognised() {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(pages()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let page = [".html", ".txt"].iter().any(|ending| name.ends_with(ending));
        if page && is_mirrored(&report(&name)) {
            found.push(name);
        }
    }
    found.sort();
    let mirrored = [
        "zh-hant-pinyin-ferry.html",
        "zh-hant-pinyin-robot.txt",
        "zh-mirror-railway.html",
        "zh-mirror-watertower.txt",
    ];
    assert_eq!(found, mirrored);
}

/// Articles with pinyin that somebody wrote into them on purpose.
const LESSONS: [&str; 5] = [
    // two readings of one character
    "多音字最容易读错。“重”在“重(zhòng)要”里读去声，在“重(chóng)新”里读阳平；“长”在“长(cháng)江”和“成长(zhǎng)”里声母都不同。\
     再如“银行(háng)”和“行(xíng)走”、“音乐(yuè)”和“快乐(lè)”，都要看词义才知道怎么念。老师建议把同一个字的几个读音放在一起记，造两三个句子，过一周再默写一遍。",
    // each character of a poem
    "给孩子读的唐诗，每个字都注了音。\n\n床(chuáng)前(qián)明(míng)月(yuè)光(guāng)，疑(yí)是(shì)地(dì)上(shàng)霜(shuāng)。\n\n\
     举(jǔ)头(tóu)望(wàng)明(míng)月(yuè)，低(dī)头(tóu)思(sī)故(gù)乡(xiāng)。\n\n读的时候可以先跟着拼音念，熟了以后把拼音遮住，再念一遍。",
    // rare characters, each once
    "博物馆里的青铜器，名字里常有生僻字：觚(gū)是酒杯，簋(guǐ)是盛饭的，罍(léi)装酒，甗(yǎn)蒸食物，匜(yí)用来浇水洗手，盉(hé)调酒的浓淡。\
     讲解员说，观众最常问的不是年代，而是怎么念。今年馆里给每件器物的说明牌都加了注音，孩子们念得比大人还快。",
    // the same in traditional characters
    "「長」在「長(cháng)度」和「長(zhǎng)大」裡讀音不同，「樂」也有「快樂(lè)」和「音樂(yuè)」兩讀，「還」在「還(hái)是」與「歸還(huán)」裡更是兩個詞。\
     學生最常弄錯的是「為」：「因為(wèi)」讀去聲，「作為(wéi)」讀陽平。老師建議把這些詞寫進句子裡一起背，過幾天再聽寫一次，錯的多半就記住了。",
    // whole words
    "重庆（Chóngqìng）简称渝（Yú），旧称江州、巴郡、恭州。1997年重庆成为直辖市，辖区里的地名外地人常念错：涪陵（Fúlíng）、綦江（Qíjiāng）、\
     北碚（Běibèi）、铜梁（Tóngliáng）、垫江（Diànjiāng）。当地人说，念对一个地名，问路时就少一半麻烦。",
];

#[test]
fn articles_that_teach_pinyin_stay_whole() {
    for text in LESSONS {
        let report = Filter::builtin().check(&Document::text(text));
        assert!(!is_mirrored(&report), "{:?}", report.reasons());
        assert!(report.repairs().is_empty());
        let brackets = |text: &str| text.matches(['(', '（']).count();
        assert_eq!(brackets(&report.body()), brackets(text), "{text}");
    }
}

//! Anchors and hosts → whether they are of the trades that hide links.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Words of such trades in Latin letters; each counts only as a word of its own or as a part of a host.
/// Written for the project from the write-ups of hacked sites.
const LATIN: &[&str] = &[
    "casino", "casinos", "poker", "slots", "slot", "betting", "bet", "sportsbook", "roulette", "blackjack",
    "jackpot", "gambling", "togel", "judi", "sbobet", "gacor", "baccarat", "bingo", "porn", "porno", "xxx",
    "sex", "sexy", "hentai", "nude", "naked", "escort", "escorts", "milf", "milfs", "anal", "fuck",
    "fucking", "blowjob", "tits", "pussy", "cock", "cum", "gay", "lesbian", "orgy", "webcam", "camgirl",
    "onlyfans", "erotic", "erotica", "adult", "viagra", "cialis", "levitra", "kamagra", "pharmacy", "pills",
    "tramadol", "xanax", "phentermine", "ambien", "modafinil", "steroids", "payday", "loan", "loans",
    "replica", "replicas", "jerseys", "jordans", "louboutin", "backlinks", "essay", "essays", "coursework",
    "bitcoin", "forex", "vpn", "crack", "keygen", "warez",
];

/// Words of such trades in Chinese, simplified and traditional.
const CHINESE: &[&str] = &[
    "博彩", "赌", "賭", "娱乐城", "娛樂城", "棋牌", "百家乐", "百家樂", "彩票", "六合彩", "时时彩", "時時彩",
    "北京赛车", "老虎机", "老虎機", "真人娱乐", "体育投注", "投注", "开户", "開戶", "葡京", "威尼斯人",
    "太阳城", "太陽城", "永利", "金沙", "皇冠", "亚博", "華體會", "华体会", "开元", "開元", "九游", "电竞",
    "官网登录", "登录入口", "登錄入口", "手机版登录", "国际登录器", "登录器下载", "俱乐部官方", "体育官网",
    "体育官方", "国际官网", "体育app", "贵宾会", "彩神", "博狗", "必赢", "成人", "色情", "黄色", "黃色",
    "无码", "無碼", "毛片", "三级片", "三級片", "伦理", "倫理", "福利视频", "午夜", "自拍", "偷拍", "少妇",
    "少婦", "人妻", "做爱", "做愛", "性爱", "性愛", "激情", "久久", "在线精品", "精品视频", "国产精品",
    "國產精品", "一区二区", "一區二區", "亚洲精品", "亚洲成", "欧美一级", "一级特黄", "大香蕉", "伊人",
    "男人天堂", "男人的天堂", "夜夜", "在线av", "av在线", "av无码", "av电影", "不卡", "裸聊", "约炮", "約炮",
    "援交", "代开发票", "發票", "发票", "办证", "贷款", "貸款", "代孕", "私服", "外挂", "刷单", "代写",
    "论文代", "壮阳", "壯陽",
];

static LATIN_WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let builder = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(aho_corasick::MatchKind::LeftmostLongest)
        .clone();
    builder.build(LATIN).ok()
});
static CHINESE_WORDS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(CHINESE).ok());

/// Whether an anchor or a host has a word of the trades that hide links.
pub(super) fn is_spam(text: &str) -> bool {
    let chinese = || CHINESE_WORDS.as_ref().is_some_and(|words| words.is_match(text));
    (!text.is_ascii() && chinese()) || has_latin(text)
}

fn has_latin(text: &str) -> bool {
    let Some(words) = LATIN_WORDS.as_ref() else { return false };
    let bytes = text.as_bytes();
    let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
    words.find_iter(text).any(|found| !letter(found.start().checked_sub(1)) && !letter(Some(found.end())))
}

/// Top-level domains that are given away or sold for a song, as the lists of blocked hosts show them.
const CHEAP: [&str; 26] = [
    "top", "xyz", "cc", "vip", "icu", "buzz", "win", "bet", "loan", "click", "pw", "tk", "ml", "ga", "cf",
    "gq", "cyou", "sbs", "rest", "monster", "quest", "casino", "poker", "lol", "bond", "cfd",
];

/// Whether a registrable domain looks like one of thousands: a cheap top-level domain, or a name that nobody says.
pub(super) fn is_throwaway(domain: &str) -> bool {
    let Some((name, suffix)) = domain.split_once('.') else { return false };
    CHEAP.iter().any(|cheap| suffix.eq_ignore_ascii_case(cheap)) || is_unsayable(name)
}

/// Letters in a row without a vowel from which on a name is not said.
const CONSONANTS: usize = 5;
/// Changes between digits and letters from which on a name is not said.
const CHANGES: usize = 2;

fn is_unsayable(name: &str) -> bool {
    let bytes = name.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let changes = pairs.filter(|(a, b)| a.is_ascii_digit() != b.is_ascii_digit()).count();
    let vowel = |b: &u8| matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let longest = bytes.split(|b| !b.is_ascii_alphabetic() || vowel(b)).map(<[u8]>::len).max();
    changes >= CHANGES || longest.unwrap_or(0) >= CONSONANTS
}

/// Sites that pages link to from share menus, footers and app banners.
const PLATFORMS: [&str; 62] = [
    "facebook.com", "fb.com", "twitter.com", "x.com", "t.co", "instagram.com", "youtube.com", "youtu.be",
    "linkedin.com", "pinterest.com", "reddit.com", "tumblr.com", "whatsapp.com", "wa.me", "telegram.org",
    "t.me", "telegram.me", "discord.gg", "discord.com", "tiktok.com", "snapchat.com", "threads.net",
    "bsky.app", "vk.com", "ok.ru", "line.me", "weibo.com", "weibo.cn", "qq.com", "weixin.qq.com",
    "douban.com", "zhihu.com", "bilibili.com", "douyin.com", "kuaishou.com", "xiaohongshu.com", "baidu.com",
    "toutiao.com", "apple.com", "google.com", "goo.gl", "play.google.com", "microsoft.com", "github.com",
    "gitlab.com", "mozilla.org", "wikipedia.org", "wordpress.org", "wordpress.com", "feedly.com",
    "flipboard.com", "getpocket.com", "instapaper.com", "digg.com", "stumbleupon.com", "addtoany.com",
    "addthis.com", "evernote.com", "medium.com", "spotify.com", "miit.gov.cn", "beian.gov.cn",
];

/// Whether a registrable domain is one that pages of all kinds link to.
pub(super) fn is_platform(domain: &str) -> bool {
    PLATFORMS.iter().any(|platform| domain.eq_ignore_ascii_case(platform))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_trades_count_as_words() {
        for spam in ["ultimate online casino", "Joy-Casino", "高清无码av", "太阳城官网", "best-casino.com"]
        {
            assert!(is_spam(spam), "{spam}");
        }
        for clean in ["Essex County", "alphabet", "sloth sanctuary", "市政府网站", "人民日报", "Cumbria"]
        {
            assert!(!is_spam(clean), "{clean}");
        }
    }

    #[test]
    fn names_that_nobody_says_are_thrown_away() {
        for host in ["i06v9.cn", "760x7ks.net", "anything.top", "xzqnwkt.com"] {
            assert!(is_throwaway(host), "{host}");
        }
        for host in
            ["people.com.cn", "hao123.com", "360doc.com", "theverge.com", "xinhuanet.com", "rhythm.org"]
        {
            assert!(!is_throwaway(host), "{host}");
        }
    }
}

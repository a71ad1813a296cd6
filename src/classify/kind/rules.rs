//! The tables of words: a line is a rule. Words stand in normal form (see [`super::key`]).

use crate::classify::Label;

/// Where a rule's words stand in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// They are the block, but for signs around them.
    Whole,
    /// The block starts with one of them.
    Start,
    /// The block ends with one of them.
    End,
    /// One of them stands in the block, in any form that is listed.
    Inside,
    /// The same, with a digit within so many bytes behind it.
    Number(usize),
}

/// Which blocks a rule looks at; bits of [`Place::has`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u8);

impl Place {
    pub(super) const ANYWHERE: Self = Self(0);
    /// A line of a plain-text page.
    pub(super) const TEXT: Self = Self(1);
    /// Behind the last block of running text.
    pub(super) const TAIL: Self = Self(2);
    /// The block is a link.
    pub(super) const LINK: Self = Self(4);
    /// Before the first block of running text, or behind the last.
    pub(super) const EDGE: Self = Self(8);
    /// No cell of a table.
    pub(super) const NO_CELL: Self = Self(16);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether everything that `needed` asks for is true of the place.
    pub(super) fn has(self, needed: Self) -> bool {
        self.0 & needed.0 == needed.0
    }
}

/// A named rule.
#[derive(Debug)]
pub(super) struct Rule {
    /// Stable name: the reason in a report.
    pub(super) name: &'static str,
    pub(super) label: Label,
    pub(super) at: At,
    /// The longest block that it looks at, characters.
    pub(super) longest: usize,
    pub(super) place: Place,
    pub(super) words: &'static [&'static str],
}

type Words = &'static [&'static str];

const fn rule(name: &'static str, label: Label, at: At, longest: usize, words: Words) -> Rule {
    Rule { name, label, at, longest, place: Place::ANYWHERE, words }
}

impl Rule {
    /// The rule for blocks of a place only.
    const fn only(self, place: Place) -> Self {
        Self { place, ..self }
    }
}

use At::{End, Inside, Number, Start, Whole};
use Label::{Ad, Comment, Legal, Meta, Nav, Promo, Related, Social, Ui};

/// Rules that take a block out of the body whatever the model says: each was measured on labelled pages to
/// hit main content next to never. Of two that hold, the first counts.
#[rustfmt::skip]
pub(super) const OVERRULING: &[Rule] = &[
    // legal
    rule("filing_number", Legal, Number(16), 160, &["icp备", "icp证", "icp備", "icp證", "公网安备", "公網安備"]),
    rule("permit_number", Legal, Inside, 120, &["新闻信息服务许可证", "网络文化经营许可证", "电信业务经营许可证", "节目制作经营许可证", "出版物经营许可证", "视听节目许可证", "药品信息服务资格证"]),
    rule("copyright_line", Legal, Inside, 200, &["all rights reserved", "all right reserved", "版权所有©", "版权所有 ©", "未经授权不得转载", "未经授权禁止转载", "未经许可不得转载"]),
    rule("copyright_line", Legal, Start, 160, &["版权所有", "copyright ©", "copyright 19", "copyright 20", "copyright (c)", "c) 19", "c) 20", "c) copyright"]),
    rule("copyright_line", Legal, Number(60), 160, &["©"]),
    rule("copyright_line", Legal, Start, 100, &["©"]).only(Place::TAIL),
    rule("copyright_line", Legal, End, 40, &["版权所有", "著作权所有"]),
    rule("disclaimer", Legal, Start, 400, &["免责声明", "免责条款", "特别声明:", "平台声明:", "平台提示:", "版权声明:", "郑重声明:", "作者声明:", "本站声明", "声明:本", "声明:以上", "声明:文章", "声明:该", "声明:此", "notice: the content above", "声明:转载", "风险提示:以上", "风险提示:本", "风险提示:文", "投资有风险"]),
    rule("disclaimer", Legal, Start, 300, &["本文仅代表作者", "以上内容仅代表", "以上内容由", "以上内容不构成", "以上言论", "文章仅代表作者", "本文观点仅代表", "文中观点仅代表", "本文为作者独立观点", "本站资料均", "本站内容均", "本站所有", "本站部分", "本网站所收录", "本网站所刊载", "凡注明", "凡本网注明", "凡本站注明", "转载请注明", "未经授权", "未经许可", "如有侵权", "如涉及侵权", "如涉侵权", "部分图片来自网络", "部分图片来源", "图片来源于网络", "图片来自网络", "图文来源网络", "文章来源于网络"]),
    rule("disclaimer", Legal, End, 120, &["请联系删除", "联系我们删除", "联系删除", "侵删", "与本站立场无关", "与本网站立场无关", "不代表本站立场", "不代表本网站立场", "不代表本站观点", "转载请注明出处", "转载须注明出处", "未经许可不得转载", "未经授权不得转载", "禁止转载", "请勿转载", "联系小编删除", "不构成投资建议", "据此操作,风险自担"]),
    rule("disclaimer", Legal, Start, 400, &["the views expressed", "the opinions expressed", "views expressed in this", "opinions expressed in this", "opinions expressed by"]),
    rule("cookie_notice", Legal, Start, 400, &["this website uses cookies", "this site uses cookies", "we use cookies", "our website uses cookies", "our site uses cookies", "we value your privacy", "we and our partners", "by continuing to browse", "by continuing to use", "by using this site", "by using our site", "本网站使用cookie", "本站使用cookie", "我们使用cookie"]),
    rule("report_line", Legal, Start, 80, &["违法和不良信息举报", "违法不良信息举报", "不良信息举报", "举报电话", "网上有害信息举报", "互联网违法和不良信息"]),
    rule("powered_by", Legal, Start, 60, &["powered by", "theme by", "designed by", "website by", "site by"]).only(Place::TAIL),
    rule("powered_by", Legal, Start, 120, &["proudly powered by", "技术支持:", "protected by recaptcha", "this site is protected by recaptcha", "processed in 0"]),
    rule("policy_link", Legal, Whole, 60, &["隐私政策", "用户协议", "privacy policy", "terms of use", "terms of service", "terms & conditions", "terms and conditions", "cookie policy", "legal notice", "disclaimer", "imprint", "do not sell my personal information", "do not sell or share my personal information", "cookie settings", "accessibility statement", "modern slavery statement"]).only(Place::LINK),
    // meta
    rule("editor_line", Meta, Start, 50, &["责任编辑", "责编", "编辑:", "校对:", "审核:", "编审:", "初审:", "二审:", "终审:", "复审:", "主编:", "监制:", "值班编辑", "栏目编辑", "本文编辑", "editor:", "edited by"]).only(Place::NO_CELL),
    rule("source_line", Meta, Start, 60, &["来源:", "文章来源:", "信息来源:", "新闻来源:", "稿源:", "稿件来源", "本文来源:", "本文转自", "转自:", "原文链接:", "本文链接:", "本文地址:", "文章链接", "原标题:", "原题为"]).only(Place::NO_CELL),
    rule("author_line", Meta, Start, 80, &["发布者:", "发布人:", "发布单位:", "供稿:", "posted by", "posted on", "published on", "published:", "written by", "author:", "reported by"]).only(Place::NO_CELL.and(Place::EDGE)),
    rule("author_line", Meta, Start, 80, &["作者:", "撰文:", "通讯员:"]).only(Place::TEXT),
    rule("time_line", Meta, Start, 80, &["发布时间:", "发布日期:", "发表时间:", "更新时间:", "更新日期:", "最后更新:", "更新于", "发布于", "发表于", "时间:20", "时间:19", "日期:20"]).only(Place::NO_CELL),
    rule("time_line", Meta, Start, 80, &["last updated", "last modified", "last reviewed", "last update:", "updated:", "date posted", "date published"]).only(Place::NO_CELL.and(Place::EDGE)),
    rule("tag_line", Meta, Start, 160, &["标签:", "关键词:", "关键字:", "tag标签", "tags:", "tagged:", "tagged with", "tagged in", "filed under:", "this entry was posted", "this entry was tagged"]).only(Place::NO_CELL),
    rule("view_count", Meta, Start, 40, &["阅读量", "阅读数", "浏览:", "浏览量", "浏览次数", "点击数", "点击量", "点击次数", "访问量", "人气:", "阅读:"]),
    rule("source_heading", Meta, Whole, 12, &["信源", "信息来源", "消息来源"]).only(Place::TEXT.and(Place::TAIL)),
    // nav
    rule("skip_link", Nav, Start, 50, &["skip to main", "skip to content", "skip to primary", "skip to navigation", "skip navigation", "skip to footer", "skip to search", "jump to content", "跳到主要内容", "跳至内容", "跳转到主要内容", "跳转至"]),
    rule("breadcrumb", Nav, Start, 120, &["当前位置", "您的位置", "您现在的位置", "你的位置", "您当前的位置", "您所在的位置", "所在位置", "you are here"]),
    rule("adjacent_page", Nav, Start, 100, &["上一篇", "下一篇", "上一条", "下一条", "上一则", "下一则", "上一章", "下一章", "上一个问题", "下一个问题", "previous post", "next post", "previous article", "next article", "previous entry", "next entry", "previous story", "next story", "older posts", "newer posts", "previous topic", "next topic", "previous thread", "next thread"]),
    rule("adjacent_page", Nav, Whole, 20, &["上一页", "下一页", "上页", "下页", "尾页", "末页", "next page", "previous page", "older entries", "newer entries", "上一页下一页", "返回列表", "返回目录"]),
    rule("site_menu", Nav, Whole, 24, &["首页", "网站首页", "返回首页", "新闻中心", "设为首页", "加入收藏", "网站地图", "关于我们", "联系我们", "加入我们", "意见反馈", "帮助中心", "登录", "注册", "登录注册", "home", "menu", "main menu", "site map", "sitemap", "about us", "contact us", "log in", "login", "sign in", "register", "my account"]).only(Place::TEXT),
    // related
    rule("related_heading", Related, Whole, 24, &["随便看看", "相关阅读", "相关推荐", "相关文章", "相关新闻", "相关资讯", "相关报道", "相关内容", "相关主题", "相关链接", "推荐阅读", "延伸阅读", "拓展阅读", "热门推荐", "热门文章", "热门资讯", "热点推荐", "热点文章", "热门标签", "热搜榜", "猜你喜欢", "猜您喜欢", "你可能喜欢", "你可能感兴趣", "您可能感兴趣", "你可能还喜欢", "大家都在看", "大家都在搜", "大家还在看", "友情链接", "更多推荐", "更多文章", "更多精彩", "精彩推荐", "精选推荐", "为您推荐", "为你推荐", "往期精选", "往期回顾", "往期推荐", "点击排行", "阅读排行", "新闻排行", "24小时热榜", "相似问题", "作者其他文章", "作者最近动态"]),
    rule("related_heading", Related, Whole, 40, &["you may also like", "you might also like", "you may also be interested in", "you might also be interested in", "you may like", "you might like", "related articles", "related posts", "related stories", "related news", "related reading", "related coverage", "read next", "recommended for you", "recommended stories", "recommended reading", "recommended articles", "more on this story", "more on this topic", "more like this", "similar articles", "similar posts", "people also read", "people also viewed", "from around the web", "what to read next", "don't miss", "customers also bought", "customers also viewed", "also in this section", "hot network questions"]),
    rule("related_heading", Related, Whole, 40, &["最新文章", "最新新闻", "最新资讯", "最新主题", "排行榜", "热榜", "图片新闻", "热门新闻", "热点新闻", "热门话题", "今日推荐", "专题推荐", "推荐专题", "热搜词", "编辑推荐", "更多新闻", "trending", "trending now", "trending stories", "popular posts", "popular stories", "popular articles", "recent posts", "recent articles", "recent comments", "latest news", "latest stories", "latest posts", "latest articles", "around the web", "from the web", "most read", "most popular", "most viewed", "most shared", "top stories", "other stories", "more stories", "more news", "more articles", "up next", "keep reading", "continue reading", "editor's picks", "editors' picks", "related content", "related topics", "related links", "related videos"]).only(Place::TAIL),
    rule("related_line", Related, Start, 80, &["相关阅读:", "相关新闻:", "延伸阅读:", "推荐阅读:", "相关推荐:", "相关文章:", "相关链接:", "友情链接:", "热门搜索:", "更多精彩"]).only(Place::NO_CELL),
    rule("related_line", Related, Start, 100, &["related:", "read more:", "also read:", "read also:", "read next:", "don't miss:", "related searches:"]).only(Place::TEXT.and(Place::TAIL)),
    rule("related_heading", Related, Whole, 16, &["更多", "more"]).only(Place::TEXT.and(Place::TAIL)),
    // social
    rule("share_row", Social, Start, 60, &["分享到", "分享至", "分享给", "share this", "share on", "share via", "share to", "share:", "share facebook", "share twitter", "share article", "share story", "share link", "click to share", "tweet this", "email this", "pin it", "tweet share", "facebook twitter", "twitter facebook", "喜欢就点个", "觉得不错,点个"]),
    rule("share_row", Social, Whole, 16, &["分享", "点赞", "转发", "举报", "收藏点赞", "点赞收藏", "share", "tweet", "retweet", "微信好友", "朋友圈", "新浪微博", "qq空间"]),
    rule("share_row", Social, Whole, 16, &["收藏", "关注", "email", "e-mail", "like", "微信", "微博", "复制链接", "copy link"]).only(Place::TEXT),
    rule("share_row", Social, Whole, 16, &["facebook", "twitter", "pinterest", "linkedin", "whatsapp", "reddit", "telegram", "tumblr", "instagram", "youtube", "tiktok"]).only(Place::LINK),
    rule("comment_prompt", Social, Start, 60, &["我要评论", "写评论", "写下你的评论", "发表评论", "发表我的评论", "我来说两句", "登录后参与评论", "登录后才能评论", "还没有评论", "暂无评论", "抢沙发", "文明上网", "leave a comment", "leave a reply", "post a comment", "add a comment", "write a comment", "be the first to comment", "no comments yet", "log in to comment", "log in to leave", "login to comment", "sign in to comment", "you must be logged in", "join the discussion", "join the conversation", "comments are closed", "click to comment", "cancel reply"]),
    rule("comment_prompt", Social, Whole, 24, &["评论", "comments", "comment", "no comments", "0 comments", "留言"]).only(Place::TEXT.and(Place::TAIL)),
    rule("follow_us", Social, Start, 80, &["follow us on", "follow us:", "follow me on", "find us on", "like us on", "connect with us", "join us on"]),
    // ui
    rule("expand_button", Ui, Start, 30, &["展开阅读全文", "展开全文", "展开剩余", "展开更多", "阅读全文", "点击阅读全文", "点击展开", "点击加载更多", "上滑加载更多", "下拉加载更多", "加载更多", "查看更多", "点击查看更多", "查看全部评论", "点击查看大图", "点击查看原图", "没有更多", "已经到底", "加载中", "正在加载", "下拉刷新", "show more", "load more", "view more comments", "read full article", "click to enlarge", "tap to expand", "tap to unmute", "scroll to top", "scroll down"]),
    rule("widget_word", Ui, Whole, 24, &["展开", "收起", "关闭", "返回顶部", "回到顶部", "返回上层", "返回最上层", "置顶", "换一换", "打印本页", "打印关闭", "关闭窗口", "我知道了", "top", "back to top", "return to top", "go to top", "loading", "close", "print", "print this page", "toggle navigation", "toggle menu", "close menu", "open menu", "expand", "collapse", "expand all", "collapse all", "search", "submit", "read less", "show less", "opens in a new window", "play video", "play", "pause", "mute", "unmute", "copied"]),
    rule("player_notice", Ui, Start, 140, &["your browser does not support", "your browser doesn't support", "this browser does not support", "您的浏览器不支持", "你的浏览器不支持", "please enable javascript", "javascript is disabled", "javascript is not enabled", "字号:", "小字号"]),
    // ad
    rule("ad_slot", Ad, Whole, 40, &["广告", "推广", "赞助", "赞助商链接", "赞助内容", "广告位招租", "广告×", "advertisement", "advertisements", "advertising", "ad", "ads", "advert", "sponsored", "sponsored content", "sponsored links", "sponsored post", "sponsor content", "paid content", "paid post", "promoted", "promoted content", "promoted stories", "report this ad", "remove ads", "advertise here", "ads by google", "partner content", "ad feedback", "close ad", "skip ad"]),
    rule("ad_slot", Ad, Start, 60, &["advertisement -", "advertisement |", "article continues below", "story continues below", "article continues after", "story continues after", "continue reading below", "scroll to continue", "ads by ", "ad:", "广告×"]),
    // promo
    rule("app_offer", Promo, Start, 60, &["打开app", "打开客户端", "下载客户端", "下载app", "扫码下载", "扫描下载", "app内阅读", "app内打开", "download our app", "download the app", "get our app", "get the app", "download our free app", "available on the app store", "download on the app store", "get it on google play"]),
    rule("follow_offer", Promo, Start, 80, &["扫码关注", "扫一扫关注", "扫描二维码", "扫一扫下方二维码", "长按识别", "长按二维码", "微信扫一扫", "微信扫码", "用微信扫", "点击蓝字", "点击上方蓝字", "关注公众号", "关注微信公众号", "关注我们", "欢迎关注", "关注官方微信"]),
    rule("newsletter_offer", Promo, Start, 160, &["sign up for our newsletter", "sign up for the newsletter", "sign up for our free", "sign up to our newsletter", "sign up to receive", "sign up for free newsletters", "subscribe to our", "subscribe to the newsletter", "subscribe now", "subscribe today", "subscribe via email", "subscribe for free", "join our newsletter", "join our mailing list", "get our newsletter", "get the latest news delivered", "get breaking news", "subscribe to newsletter", "never miss a story", "get the best of", "订阅电子报", "订阅我们的"]),
    rule("newsletter_offer", Promo, Whole, 24, &["subscribe", "newsletter", "newsletters", "sign up", "newsletter signup", "newsletter sign up", "free newsletter", "立即订阅", "立即下载", "donate now", "support us"]),
    rule("circumvention_offer", Promo, Start, 200, &["大陆网友注意", "免费pc翻墙", "安卓vpn翻墙", "翻墙软件下载", "翻墙推荐", "一键翻墙", "备注:翻墙"]),
];

/// Words that only name the kind of what the model put outside the body.
#[rustfmt::skip]
pub(super) const NAMING: &[Rule] = &[
    rule("comment_heading", Comment, Start, 30, &["网友评论", "最新评论", "热门评论", "全部评论", "精彩评论", "热评", "customer reviews", "reader comments", "responses to", "comments ("]),
    rule("legal_words", Legal, Inside, 300, &["版权", "版權", "著作权", "著作權", "许可证", "備案", "备案", "隐私", "隱私", "cookie", "privacy", "copyright", "©", "terms of", "terms &", "additional terms", "trademark", "举报电话", "举报邮箱", "营业执照", "免责", "立场无关", "侵权", "仅供参考", "不构成", "不能替代", "不能代替", "转载请", "需谨慎", "不代表", "disclaimer", "affiliate link", "rights reserved", "not constitute", "not a substitute", "gdpr", "licensed under", "registered charity", "charity number", "company number", "trading name", "authorised by", "your consent", "forward-looking", "without notice", "prior written permission", "respective owners"]),
    rule("ui_words", Ui, Whole, 40, &["more", "更多", "read more", "learn more", "see more", "view all", "see all", "show all", "view more", "see details", "view details", "details", "continue", "ok", "cancel", "yes", "no", "apply", "reset", "filter", "filters", "sort by", "clear", "edit", "delete", "save", "send", "reply", "report", "quote", "add to cart", "add to bag", "add to basket", "buy now", "quantity", "qty", "click here", "确定", "取消", "提交", "搜索", "刷新", "查看详情", "详情", "回复", "打印", "删除", "立即购买", "加入购物车", "accept", "accept all", "reject all", "got it", "dismiss", "name", "password", "remember me", "forgot password", "size guide", "refine", "回顶部", "发送", "404"]),
    rule("ui_words", Ui, Start, 60, &["listen to this article", "add all to", "load older", "load newer", "accept and", "manage preferences", "save job", "jump to recipe", "was this helpful", "was this page", "page helpful", "这一页对你", "这一页对您", "本文对您", "对您有帮助", "有帮助", "页面加载", "请稍候", "search help", "search within", "select a", "select an", "checking your browser", "just a moment", "verify you", "验证", "请输入", "sorted by", "sort by", "show 10", "page not found", "loading", "the page you", "you need to enable", "before you continue", "this process is", "request id", "post your", "attachments:", "search term", "其他回答", "系统检测", "字体:", "在线客服", "播报", "您的浏览器", "网址输入", "可能的原因", "影片载入", "返回上", "edit this page", "edit on", "report this", "copy to clipboard", "toggle", "there are no more", "no more", "updates every"]),
    rule("nav_words", Nav, Whole, 30, &["首页", "新闻", "财经", "科技", "体育", "娱乐", "军事", "视频", "图片", "要闻", "社区", "论坛", "home", "news", "sports", "sport", "business", "about", "contact", "blog", "faq", "help", "menu", "careers", "jobs", "events", "products", "services", "shop", "store", "login", "log in", "register", "sign in", "sign up", "sign out", "log out", "my account", "archives", "categories", "previous", "next", "back", "contents", "table of contents", "on this page", "in this article", "目录", "新闻中心", "网站地图", "关于我们", "联系我们", "加入我们", "帮助中心", "登录", "注册", "意见反馈", "about us", "contact us", "sitemap", "site map", "privacy", "help center", "help centre", "support", "company", "resources"]),
    rule("meta_words", Meta, Start, 80, &["by ", "来源", "作者", "记者", "编辑", "文/", "文、", "图/", "责任", "posted", "published", "updated", "credit", "photo", "tags", "标签", "阅读", "浏览", "发布", "发表", "written", "asked", "answered", "last ", "about the author", "media contact", "contact:", "附件", "min read", "joined", "posts:", "location:", "viewed", "retrieved from", "users browsing", "参考资料", "资料来源", "文号", "录入", "原题为", "楼主", "沙发", "板凳", "本帖最后", "匿名用户", "文章关键词", "签名", "版主", "credits", "signature"]),
    rule("meta_words", Meta, Inside, 60, &["发表于", "發表於", "上传于", "提问于", "发布于", "化名", "min read", "minutes read", "minute read", "minutes ago", "hours ago", "days ago", "小时前", "分钟前"]),
    rule("social_words", Social, Inside, 60, &["条评论", "评论", "評論", "分享", "点赞", "收藏", "转发", "跟帖", "跟贴", "打赏", "赞 ", "顶一下", "踩一下", "反对", "share", "comment", "tweet", "facebook", "twitter", "instagram", "like this", "朋友圈", "微博", "follow us", "followers"]),
    rule("promo_words", Promo, Inside, 200, &["翻墙", "翻牆", "订阅", "訂閱", "下载", "下載", "公众号", "二维码", "客户端", "会员", "會員", "关注", "领取", "交流群", "热线", "subscri", "newsletter", "sign up", "sign me up", "free trial", "download our", "download the", "get the app", "our app", "the app", "donate", "membership", "become a", "your inbox", "get started", "special offer", "discount", "coupon", "% off", "webinar", "request a demo", "book a demo", "buy me a coffee", "免费试用"]),
    rule("ad_words", Ad, Inside, 80, &["广告", "廣告", "赞助", "贊助", "推广", "sponsored", "advertis", "promoted", "【推", "paid post", "our partners", "秒杀", "包邮"]),
    rule("related_heading", Related, Inside, 40, &["相关", "相關", "推荐", "推薦", "热门", "熱門", "排行", "精选", "猜你", "related", "recommended", "popular", "latest", "trending", "you may", "also like", "more from", "read next", "similar"]),
];

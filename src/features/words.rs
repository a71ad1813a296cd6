//! Function words, and words that classes, ids and URLs use for parts of a page.
//!
//! Written for the project from the general usage of the languages and of content management systems.

/// Function words of languages written with blanks.
pub(crate) const STOP_WORDS: &str = "\
the a an and or but if of to in on at by for with from as is are was were be been being it its this that these \
those he she they we you i his her their our your my me him them us not no so than then there here when where \
which who whom whose what how why will would can could should may might must do does did done have has had about \
after before into over under between through during without within also just only more most some any all each \
one two up out off very own same such \
der die das und oder ein eine ist sind war nicht mit von zu im den dem des auf für als auch an es sich bei \
le la les un une des et ou est sont dans pour que qui pas sur avec au aux du ce cette il elle nous vous se en \
el los las y o es son una con por para como más pero su del al lo se \
o os um uma e de do da em para com não que se por mais como dos das \
di il lo gli e che un una per con non sono del della dei nel si \
de het een en van is dat niet op te voor met zijn aan ook \
i w z na do nie się to jest że po od dla \
и в не на что с по как это из у за от для он она они мы вы к но";

/// Function characters of Chinese and Japanese.
pub(crate) const STOP_CHARACTERS: &str = "的了是在不我有这個个他她们們就也都和与與而但被把对對从從为為以及于於之其所并並又还還很只将將已會会可能到得地着著过過去来來说說没沒让讓向当當时時如果因此则則のにはをがとでもたてすまいる";

/// Words of classes and ids by the part of a page that they name; a word counts when a class or id, split at
/// everything but letters and at changes of case, has it, or when a run-together name starts or ends with it.
pub(crate) const NAMES: [&str; 12] = [
    // content
    "content article entry post story text body main detail details news maincontent articlebody articlecontent \
     postcontent entrycontent richtext prose markdown readme wiki editor trs zoom artical artibody neirong zhengwen cont \
     con newscontent newstext description desc txt paragraph",
    // title
    "title headline heading subject biaoti tit h1 name caption",
    // comment
    "comment comments reply replies disqus respond discussion commentlist pinglun feedback guestbook review reviews",
    // related
    "related recommend recommended recommendation recommendations similar more also next previous popular trending \
     hot latest recent rank ranking top10 tuijian xiangguan guess readmore upnext teaser promo teasers suggested \
     youmaylike jp-relatedposts outbrain taboola",
    // navigation
    "nav navigation menu menus breadcrumb breadcrumbs crumb crumbs navbar topnav subnav submenu pagination pager page \
     pages tabs tab toc sitemap skip daohang mianbao position weizhi location path dropdown megamenu",
    // footer or header
    "footer foot header head topbar bottom copyright masthead colophon banner logo top beian friendlink youqing hd ft",
    // side bar
    "sidebar side aside widget widgets rail secondary left right column col-right rightbar leftbar sider",
    // social
    "share sharing social follow like likes bdshare jiathis sharedaddy twitter facebook weibo wechat qrcode shares \
     fenxiang addthis addtoany vote votes",
    // ads and promotion
    "ad ads advert advertisement advertising sponsor sponsored promo promotion adsense adsbygoogle gg guanggao banner \
     newsletter subscribe subscription signup cta affiliate paywall offer deal download app appdown",
    // meta
    "meta byline author date time timestamp published source tags tag tagcloud category categories label labels info \
     laiyuan zuozhe pubtime editor credit credits views",
    // pop-up
    "popup modal cookie cookies consent gdpr overlay lightbox dialog toast alert notice login register signin tooltip \
     captcha privacy",
    // item
    "card item product post topic thread message listing result tile job event entry goods sku floor row list",
];

/// Words of URLs, one line for each of the classes 1 to 5 of `url_kind`.
pub(crate) const URL_WORDS: [&str; 5] = [
    "forum forums thread threads topic topics viewtopic showthread viewthread discussion discussions community board \
     boards bbs question questions ask t comments tieba",
    "product products shop store item items dp buy p sku goods catalog",
    "docs doc documentation api reference manual guide guides wiki help learn tutorial tutorials developer developers man",
    "blog blogs news article articles post posts story stories press archives magazine a",
    "category categories collection collections tag tags list archive search browse c directory best top",
];

/// All lists in one text: part of the schema hash.
pub(crate) fn digest() -> String {
    [STOP_WORDS, STOP_CHARACTERS, &NAMES.concat(), &URL_WORDS.concat()].concat()
}

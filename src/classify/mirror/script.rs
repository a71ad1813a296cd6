//! Traditional and simplified characters: which of the two a text is written in, and the way back.

use crate::page::words::is_han;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use std::sync::LazyLock;

/// The characters in which Chinese bodies are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Script {
    /// As they stand on the page.
    #[default]
    AsWritten,
    /// Simplified: traditional ones are converted by `OpenCC`'s tables, with its phrases.
    Simplified,
}

/// Opened when the first page needs it.
static TO_SIMPLIFIED: LazyLock<Option<OpenCC>> =
    LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// The text in simplified characters.
pub(super) fn simplified(text: &str) -> String {
    TO_SIMPLIFIED.as_ref().map_or_else(|| text.to_owned(), |opencc| opencc.convert(text))
}

/// How many characters differ between two texts of the same characters in two forms.
pub(super) fn differing(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).filter(|(one, other)| one != other).count()
}

/// A text with this share of traditional characters is traditional; simplified ones have next to none.
const TRADITIONAL: f32 = 0.1;
/// So many characters that only simplified text has make a text simplified.
const FEW: usize = 3;

/// Characters from which the form of a text is told; a sample of a body has so many.
pub(super) const SAMPLE: usize = 2000;

pub(super) fn is_traditional(text: &str) -> bool {
    traditional_share(start(text)) >= TRADITIONAL
}

pub(super) fn is_simplified(text: &str) -> bool {
    simplified_only(start(text)) >= FEW && !is_traditional(text)
}

fn start(text: &str) -> &str {
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// Share of a text's ideographs that are traditional and have a simplified form, 0 to 1. Running traditional text
/// has 0.3 to 0.4.
pub(super) fn traditional_share(text: &str) -> f32 {
    let ideographs = text.chars().filter(|c| is_han(*c)).count();
    differing(text, &simplified(text)) as f32 / ideographs.max(1) as f32
}

/// Frequent characters that simplified text alone has; those that traditional text writes with another meaning (后,
/// 里, 面, 云…) are not among them.
const SIMPLIFIED: &str = "这个们来时为国学会对说过还与无开关见长门问间电动业产发现实点经济当应从进机体样东车马风飞鱼鸟语话读书买卖钱银线视频观费热乱码类级妇伦专区综网页图论坛资讯详细录认识让议许设证评诉词试\
    诚该误请课谁调谈谢负责败货质贩贪购贵贷贺赏赛赢赵趋跃践轨转轮软轻载较辅辆辑输达迁运边远违连迟选遗邮邻酱释鉴针钟钢铁铃铜锁错锦键镇镜闭闻阅队阳阴阵阶际陆陈险随隐难雾韩顶项顺须顾顿预领\
    题颜额飘饭饮饰饱馆驱驶验骂骗骤鲁鲜鸡鸣鸭麦齐龄龙龟亚亲众优伙伟传伤伪侠侣侦侧债倾偿储儿养兽军农冯凤凭凯击刘则刚创删剑剧劝办务劲劳势勋匀华协单卢卫厂厅历厉压厌县双变叙号叹吓吗听启员呜\
    响哑唤啧啸喷团园围圆圣场坏块坚坝坟坠垒垦壮声处备够头夹夺奋奖妈娇娱婴孙宁宝审宪宽宾寻导寿尔尘尝层属岁岛岭峡巩币帅师带帮庆库废异弃张弥弯弹归彻忆怀态总恋恒恳恼悬惊惧惩惫惯愤愿战戏户扑\
    执扩扫扬扰抚抛抢护报担拟拥拦拨择挡挤挥损换据掷携摄摆摇撑敌断旧显晋晓晕暂术杂权条杨极构枪枫柜标栈栋栏树桥梦检楼欢欧残毁毕氢汇汉汤沟沧泪泻泼泽洁浅浆浇测浏浓涛润涨渊渐渔湾湿溃满滤滥滩\
    灭灯灵炉炼烂烦烧爱爷牵犹狮独猎献环玛珑画畅疗疯痒监盖盘矿砖确碍祸秃称稳穷窍竞笔笼筑签简粮紧纠红约纪纯纱纳纷纸纹纺练组绅终织绍绑结绕绘给络绝统继绩续维绵绿缓编缘缠缩缴罗罚罢职联聪肃肠\
    肤肾肿胀胁脉脏脑脸舰舱艺节芦苍苏苹荡荣药莱莲获萝营萨葱蓝虏虑虽虾蚀补衬袄装觉规觅览";

/// How many of a text's characters only simplified text has.
fn simplified_only(text: &str) -> usize {
    text.chars().filter(|c| is_han(*c) && SIMPLIFIED.contains(*c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_converted_with_their_phrases() {
        assert_eq!(simplified("頭髮與發現,乾淨的後臺"), "头发与发现,干净的后台");
        assert_eq!(simplified("plain text"), "plain text");
    }

    #[test]
    fn the_form_of_a_text_is_told() {
        assert!(traditional_share("後續也傳出,商務部會持續對其他國家做評估") > 0.3);
        assert!(traditional_share("后续也传出，商务部会持续对其他国家做评估") < 0.01);
        assert!(!is_traditional("English") && !is_simplified("English"));
        assert!(simplified_only("商务部会持续对其他国家做评估") >= 6);
    }

    #[test]
    fn no_character_of_the_list_stands_in_traditional_text() {
        let wrong: String =
            SIMPLIFIED.chars().filter(|c| simplified(&c.to_string()) != c.to_string()).collect();
        assert_eq!(wrong, "");
        assert_eq!(simplified_only("我的後面是雲,裡面有台北"), 0);
    }
}

//! Files that people give beside pages: what is accepted works, and what is not is refused with a message.

use super::mutation::{Random, mutated};
use super::pages::check_row;
use pagesieve::classify::{AdRules, Rules, Settings};
use pagesieve::host::{Importer, List, ListHeader, ListOptions};
use pagesieve::model::ModelFile;
use pagesieve::output::RowFormat;
use pagesieve::{Document, Filter};
use std::io::BufReader;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

const PAGE: &str = "<html><title>The ferry</title><div class='ad x' id=top><a href='https://ads.example/1'>Buy</a></div>\
    <article><h1>The ferry</h1><p class=lead>The ferry returned to the harbour on Monday after a refit of eleven weeks.</p>\
    <p>河上的桥整个冬天都关着，人们绕路走。</p></article><footer>About us</footer>";

fn judged(filter: &Filter) {
    let report = filter.check(&Document::html(PAGE).with_url("https://news.example/1"));
    let mut row = Vec::new();
    RowFormat::new().with_blocks().append_report(&mut row, &report);
    check_row(std::str::from_utf8(&row).unwrap());
}

const MODELS: [&[u8]; 2] =
    [include_bytes!("../../models/blocks.model"), include_bytes!("../../models/kinds.model")];

/// A model with a few bytes changed, mostly in its header, and a checksum that fits.
pub(crate) fn model(random: &mut Random) -> Vec<u8> {
    let whole = MODELS[random.below(2)];
    let mut bytes = whole[..whole.len() - 8].to_vec();
    let header = 16 + u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let end = if random.once_in(3) { bytes.len() } else { header };
    for _ in 0..=random.below(6) {
        let at = random.below(end);
        match random.below(3) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = b"0123456789eE-+.,\"[]{}"[random.below(21)],
            _ => {
                let value = random.one_of(&[&f32::NAN, &f32::MAX, &f32::INFINITY, &-1e30, &0.0]);
                let at = header + (at / 4 * 4).min(bytes.len() - header - 4);
                bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
            }
        }
    }
    let sum = xxh3_64(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

pub(crate) fn check_model(bytes: &[u8], _: &mut Random) {
    match ModelFile::from_bytes("fuzz", bytes) {
        Ok(ModelFile::Blocks(model)) => judged(&Filter::new(model)),
        Ok(ModelFile::Kinds(kinds)) => judged(&Filter::builtin().with_kinds(kinds)),
        Ok(_) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

const HOSTS: [&[u8]; 14] = [
    b"\n",
    b"bad.example\n",
    b"0.0.0.0 ",
    b"||",
    b"^\n",
    b"0.5,",
    b"1,",
    b"\t",
    b"/path/x\n",
    b"# ",
    b"\xff",
    "中文.example\n".as_bytes(),
    b"::1",
    b"[",
];

pub(crate) fn list(random: &mut Random) -> Vec<u8> {
    let lines = [
        "bad.example\n",
        "a.b.other.example/path\n",
        "0.0.0.0 x.example y.example\n",
        "host.example,0.25\n",
        "3,top.example\n",
    ];
    let text: String = (0..=random.below(40)).map(|_| random.one_of(&lines)).collect();
    mutated(text.into_bytes(), &HOSTS, random)
}

/// What the text gives is written, its map is changed under a digest that fits, and hosts are looked up.
pub(crate) fn check_list(bytes: &[u8], random: &mut Random) {
    let mut importer = Importer::new(ListOptions::new("fuzz"));
    let read = importer.add(Path::new("fuzz.txt"), None, BufReader::new(bytes));
    let Ok(list) = read.and_then(|()| importer.finish(None)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let header = list.save(folder.path()).unwrap();
    look_up(&List::open(&header).unwrap());
    let path = header.with_extension("fst");
    let mut map = std::fs::read(&path).unwrap();
    let at = random.below(map.len());
    map[at] ^= 1 << random.below(8);
    std::fs::write(&path, &map).unwrap();
    let mut forged: ListHeader = serde_json::from_slice(&std::fs::read(&header).unwrap()).unwrap();
    forged.map.1 = format!("{:016x}", xxh3_64(&map));
    std::fs::write(&header, serde_json::to_vec(&forged).unwrap()).unwrap();
    let Ok(forged) = List::open(&header) else { return };
    look_up(&forged);
}

fn look_up(list: &List) {
    for host in ["bad.example", "www.bad.example", "x.example", "top.example", "[::1]", "", "."] {
        for path in ["", "/path/x"] {
            if let Some(found) = list.find_page(host, path) {
                assert!(list.categories(found).count() < 100);
            }
        }
    }
}

const CSS: [&[u8]; 22] = [
    b"\n", b".ad", b"#top", b"div", b" > ", b" ~ ", b" + ", b":has(", b":not(", b")", b"[class^=\"a\"]",
    b"[href*='x']", b"##", b"#@#", b"||", b"^", b"$script", b",", b"*", b"keep ", b"drop ", b"/(a+)+$/",
];

pub(crate) fn rules(random: &mut Random) -> Vec<u8> {
    let seeds = [
        "##.ad\n##div.x > a\n##.ad ~ p\n||ads.example^\n",
        "* drop .ad, article > p:first-child\nnews.example keep .lead\n",
        "###top\nnews.example##.lead\n@@||news.example^$generichide\n##div[class^=\"ad\"]\n",
    ];
    mutated(random.one_of(&seeds).as_bytes().to_vec(), &CSS, random)
}

pub(crate) fn check_rules(bytes: &[u8], _: &mut Random) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(rules) = AdRules::of_lists([(Path::new("fuzz.txt"), &*text)]) {
        judged(&Filter::builtin().with_ad_rules(rules));
    }
    if let Ok(rules) = Rules::default().with_lines(Path::new("fuzz.rules"), &text) {
        judged(&Filter::builtin().with_rules(rules));
    }
}

const NAMES: [&[u8]; 10] = [b"\n", b"= ", b"0.5", b"-1", b"1e400", b"nan", b"inf", b"[", b"\"", b"true"];

pub(crate) fn settings(random: &mut Random) -> Vec<u8> {
    let whole = toml_of(&Settings::default());
    mutated(whole.into_bytes(), &NAMES, random)
}

/// The settings as a file gives them: a line each of what is a number or a truth value.
fn toml_of(settings: &Settings) -> String {
    let value = serde_json::to_value(settings).unwrap();
    let lines =
        value.as_object().unwrap().iter().filter(|(_, value)| value.is_number() || value.is_boolean());
    lines.map(|(name, value)| format!("{name} = {value}\n")).collect::<Vec<_>>().concat()
}

pub(crate) fn check_settings(bytes: &[u8], _: &mut Random) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(settings) = toml::from_str::<Settings>(&text)
        && settings.check().is_ok()
    {
        judged(&Filter::builtin().with_settings(settings));
    }
}

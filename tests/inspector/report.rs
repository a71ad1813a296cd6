//! The folder of screenshots and figures, for people.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

fn folder() -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../inspector-report");
    let folder = std::env::var_os("PAGESIEVE_REPORT").map_or_else(beside, PathBuf::from);
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn keep_shot(name: &str, png: &[u8]) {
    fs::write(folder().join(format!("{name}.png")), png).unwrap();
}

/// Writes a group of figures, and prints it.
#[expect(clippy::print_stdout, reason = "figures are for people")]
pub(crate) fn keep_figures(name: &str, lines: &[String]) {
    let mut file = fs::File::create(folder().join(format!("{name}.txt"))).unwrap();
    for line in lines {
        println!("{line}");
        writeln!(file, "{line}").unwrap();
    }
}

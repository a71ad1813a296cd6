//! What the program says of itself, and the file of defaults.

use super::{Place, article, rows};

#[test]
fn a_file_has_the_defaults_that_the_command_line_goes_before() {
    let place = Place::new();
    place.write("a.html", article(1)).write("run.toml", "[filter]\nblocks = true\nformat = \"markdown\"\n");
    let row = |line: &str| rows(place.run(line).ends_with(0).out.as_bytes()).remove(0);
    let (plain, with) = (row("filter a.html -q"), row("--config run.toml filter a.html -q"));
    assert!(plain.get("blocks").is_none() && with["blocks"].is_array(), "{with}");
    assert!(with["body"].as_str().is_some_and(|body| body.starts_with("# ")), "{with}");
    let over = row("--config=run.toml filter --format text a.html -q");
    assert_eq!((over["body"].clone(), over["blocks"].is_array()), (plain["body"].clone(), true));
    place.write("run.toml", "[filter]\nblock = true\n");
    place
        .run("--config run.toml filter a.html")
        .ends_with(2)
        .says("`run.toml`: [filter] has `block`, which is no option");
    place.run("--config none.toml filter a.html").ends_with(2).says("cannot read `none.toml`");
}

#[test]
fn the_version_names_the_models() {
    let place = Place::new();
    let long = place.run("--version").ends_with(0).out;
    assert!(long.contains("blocks.model ") && long.contains("kinds.model "), "{long}");
    assert_eq!(place.run("-V").ends_with(0).out, format!("pagesieve {}\n", env!("CARGO_PKG_VERSION")));
}

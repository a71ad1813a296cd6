use super::*;
use crate::host::{Importer, ListOptions, ScoreSum, Sign};
use std::path::Path;

/// A place with so many pages of which so many are over the score.
fn place(url: &str, pages: u64, name: &str, over: u64) -> (Place, HostEvidence) {
    let mut evidence = HostEvidence { pages, ..HostEvidence::default() };
    let at = |name| crate::host::SCORES.iter().position(|known| *known == name).unwrap();
    evidence.scores[at("quality")] = ScoreSum { sum: pages * 500_000, squares: 0, over: pages };
    evidence.scores[at(name)] = ScoreSum { sum: over * 900_000, squares: 0, over };
    (Place::of_url(url).unwrap(), evidence)
}

fn prior() -> Prior {
    Prior::of(&HostEvidence::default())
}

fn host_score(places: &[(Place, HostEvidence)]) -> f64 {
    behaviour(places, prior()).host.score().unwrap()
}

fn list(name: &str, text: &str) -> List {
    let mut importer = Importer::new(ListOptions::new(name).with_date("2025-01-01"));
    importer.add(Path::new("l"), None, text.as_bytes()).unwrap();
    importer.finish(None).unwrap()
}

#[test]
fn a_hacked_section_does_not_damn_a_university() {
    let mut places: Vec<_> =
        (0..8).map(|n| place(&format!("http://www.uni.edu.cn/s{n}/a"), 40, "gambling", 0)).collect();
    let clean = host_score(&places);
    places.push(place("http://www.uni.edu.cn/xiazai/a", 9000, "gambling", 8900));
    let found = behaviour(&places, prior());
    assert!(found.host.score().unwrap() > clean - 0.05, "{found:?}");
    assert_eq!((found.worst.len(), found.worst[0].prefix.as_str()), (1, "/xiazai/"));
    assert!(found.worst[0].behaviour.score().unwrap() < 0.05, "{found:?}");
}

#[test]
fn a_host_that_is_bad_all_over_is_bad() {
    let places: Vec<_> =
        (0..8).map(|n| place(&format!("http://x.example/s{n}/a"), 40, "adult", 36)).collect();
    assert!(host_score(&places) < 0.1);
    assert!(host_score(&[place("http://x.example/a", 300, "adult", 270)]) < 0.05);
}

#[test]
fn few_pages_say_little() {
    let score = |pages| host_score(&[place("http://x.example/a", pages, "scam", pages)]);
    assert!(score(3) > score(10) && score(10) > score(100), "{} {} {}", score(3), score(10), score(100));
    assert!(score(3) > 0.25 && score(100) < 0.05);
    let found = behaviour(&[place("http://x.example/a", 2, "scam", 2)], prior());
    assert!(
        matches!(&found.host, SubScore::Unknown { why } if why.contains("2 pages were seen") && why.ends_with("it needs 1 more")),
        "{found:?}"
    );
}

#[test]
fn a_database_full_of_spam_does_not_make_spam_usual() {
    let (_, spam) = place("http://x.example/a", 100_000, "adult", 90_000);
    let prior = Prior::of(&spam);
    assert!(prior.rates.iter().all(|rate| *rate <= 0.1) && prior.pages == 100_000);
    let places = [place("http://x.example/a", 100, "adult", 90)];
    assert!(behaviour(&places, prior).host.score().unwrap() < 0.2);
}

#[test]
fn a_known_score_is_the_logistic_function_of_its_lines() {
    let found = behaviour(&[place("http://x.example/a", 50, "gambling", 20)], prior());
    let SubScore::Known { score, evidence } = found.host else { panic!("{:?}", found.host) };
    let sum: f64 = evidence.iter().map(|line| line.weight).sum();
    assert!((score - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-12);
    assert!(evidence.iter().any(|line| line.name == "gambling" && line.text.starts_with("20 of 50 pages")));
}

#[test]
fn openness_speaks_for_a_host_and_a_shared_number_against_it() {
    let (_, mut total) = place("http://x.example/a", 100, "adult", 0);
    let silent = identity::identity(&total, &[]).score().unwrap();
    for sign in [Sign::AboutLink, Sign::ContactLink, Sign::Author, Sign::Date] {
        total.signs[sign as usize] = 95;
    }
    let open = identity::identity(&total, &[]).score().unwrap();
    let number = |domains| SharedFiling { number: "京ICP备05012345号".to_owned(), domains, pages: 90 };
    let own = identity::identity(&total, &[number(1)]).score().unwrap();
    let shared = identity::identity(&total, &[number(60)]);
    assert!(silent < 0.3 && open > 0.7, "{silent} {open}");
    assert!((own - open).abs() < 1e-12, "presence of a number says nothing");
    assert!(shared.score().unwrap() < open - 0.3, "{shared:?}");
}

#[test]
fn without_lists_authority_and_lists_are_unknown() {
    let grounds = Grounds { host: "a.example", places: &[], prior: prior(), filings: &[], lists: &[] };
    let found = Credibility::of(grounds);
    for score in [&found.identity, &found.authority, &found.behaviour.host, &found.lists] {
        assert_eq!(score.score(), None, "{score:?}");
    }
    let lists = [list("ranks", "1,first.example\n2,b.example\n"), list("bad", "bad.example\n")];
    let found = Credibility::of(Grounds { lists: &lists, ..grounds });
    assert!(matches!(&found.authority, SubScore::Unknown { why } if why.contains("ranks, 2025-01-01")));
    assert!(matches!(&found.lists, SubScore::Unknown { why } if why.contains("not listed is not rated")));
}

#[test]
fn ranks_and_lists_name_their_source() {
    let ranks: Vec<String> = (1..=1000).map(|rank| format!("{rank},r{rank}.example")).collect();
    let lists =
        [list("ranks", &ranks.join("\n")), list("bad", "r1000.example\n"), list("rated", "r1.example,0.9\n")];
    let of =
        |host| Credibility::of(Grounds { host, places: &[], prior: prior(), filings: &[], lists: &lists });
    let (first, last) = (of("www.r1.example"), of("r1000.example"));
    assert!(first.authority.score().unwrap() > 0.9 && last.authority.score().unwrap() < 0.1);
    assert!(first.lists.score().unwrap() > 0.8 && last.lists.score().unwrap() < 0.2);
    let SubScore::Known { evidence, .. } = last.lists else { panic!() };
    assert_eq!(evidence[0].text, "bad, 2025-01-01: listed (r1000.example)");
}

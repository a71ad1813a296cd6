//! Files that are part of the program: the page inspector and the description of the service.

use super::errors::Refusal;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Response, header};

/// A file of the inspector: its name, its media type, its text.
type File = (&'static str, &'static str, &'static str);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// The example is shown as source, and must not run as a page of this address.
const TEXT: &str = "text/plain; charset=utf-8";

macro_rules! files {
    ($($name:literal: $media:ident),* $(,)?) => {
        /// Every file of `inspector/`, the page first.
        const FILES: &[File] = &[$(($name, $media, include_str!(concat!("inspector/", $name)))),*];
    };
}

files! {
    "index.html": HTML,
    "inspector.css": CSS,
    "example.html": TEXT,
    "address.js": SCRIPT,
    "api.js": SCRIPT,
    "block-panel.js": SCRIPT,
    "dom.js": SCRIPT,
    "inspector.js": SCRIPT,
    "keys.js": SCRIPT,
    "labels.js": SCRIPT,
    "legend.js": SCRIPT,
    "page-panel.js": SCRIPT,
    "page.js": SCRIPT,
    "queue.js": SCRIPT,
    "reader.js": SCRIPT,
    "removed-panel.js": SCRIPT,
    "saver.js": SCRIPT,
    "training.js": SCRIPT,
    "views.js": SCRIPT,
}

const DESCRIPTION: &str = include_str!("openapi.json");

/// Whether a path needs no token: such paths say nothing of any page, and a browser cannot send one with a visit.
pub(super) fn is_open(path: &str) -> bool {
    matches!(path, "/" | "/healthz") || path.starts_with("/inspector/")
}

/// `GET /`.
pub(super) async fn page() -> Result<Response<Body>, Refusal> {
    answer_of("index.html")
}

/// `GET /inspector/{file}`.
pub(super) async fn file(Path(name): Path<String>) -> Result<Response<Body>, Refusal> {
    answer_of(&name)
}

fn answer_of(name: &str) -> Result<Response<Body>, Refusal> {
    let Some((_, media, text)) = FILES.iter().find(|(found, ..)| *found == name) else {
        let message = format!("the inspector has no file `{name}`; reload its page");
        return Err(Refusal::missing("not_found", message));
    };
    Ok(answer(media, text))
}

/// `GET /openapi.json`.
pub(super) async fn description() -> Response<Body> {
    answer("application/json", DESCRIPTION)
}

/// `GET /healthz`.
pub(super) async fn health() -> Response<Body> {
    answer(
        "application/json",
        concat!(r#"{"v":1,"status":"ok","version":""#, env!("CARGO_PKG_VERSION"), "\"}\n"),
    )
}

fn answer(media: &'static str, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn names() -> BTreeSet<String> {
        FILES.iter().map(|(name, ..)| (*name).to_owned()).collect()
    }

    #[test]
    fn every_file_of_the_folder_is_part_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/inspector");
        let entries = std::fs::read_dir(folder).unwrap();
        let found: BTreeSet<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(found, names());
    }

    /// What stands in quotes behind a word that names a file.
    fn named<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
        let rests = text.split(before).skip(1);
        rests.filter_map(|rest| rest.split(['"', '\'', '`']).next()).collect()
    }

    #[test]
    fn every_file_that_the_inspector_names_is_served() {
        let mut found = BTreeSet::new();
        for (name, media, text) in FILES {
            if *media == SCRIPT {
                let imports = named(text, " from \"").into_iter().chain(named(text, "import(\""));
                for import in imports {
                    found.insert(
                        import.strip_prefix("./").unwrap_or_else(|| panic!("{name}: {import}")).to_owned(),
                    );
                }
            }
            let paths = named(text, "\"/inspector/").into_iter().chain(named(text, "'/inspector/"));
            found.extend(paths.map(str::to_owned));
            if *media == HTML {
                for link in named(text, " src=\"").into_iter().chain(named(text, " href=\"")) {
                    assert!(link.starts_with("/inspector/") || link.starts_with('#'), "{name}: {link}");
                }
            }
            assert!(!text.contains("url(http") && !text.contains("@import"), "{name} loads from elsewhere");
        }
        assert!(found.len() > 12, "{found:?}");
        assert!(found.is_subset(&names()), "{found:?}");
    }
}

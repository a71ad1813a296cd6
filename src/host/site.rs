//! Where a page stands: registrable domain, host, and the first segment of its path.

use crate::page::registrable_domain;
use url::Url;

/// Characters of a path segment that is still the name of a section; longer ones are titles or ids.
const LONGEST_SECTION: usize = 32;
/// Digits of a path segment that is still the name of a section (a year); more of them are an id.
const LONGEST_NUMBER: usize = 4;

/// What evidence adds up by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    domain: String,
    prefix: String,
    host: String,
}

impl Place {
    /// The place of a URL; none for a text that is no URL with a host.
    ///
    /// ```
    /// use pagesieve::host::Place;
    /// let place = Place::of_url("https://news.example.com.cn/sport/2024/a.html").unwrap();
    /// assert_eq!((place.domain(), place.host()), ("example.com.cn", "news.example.com.cn"));
    /// assert_eq!(place.prefix(), "/sport/");
    /// ```
    pub fn of_url(url: &str) -> Option<Self> {
        let domain = registrable_domain(url)?.trim_end_matches('.').to_owned();
        let url = Url::parse(url).ok()?;
        let host = url.host_str()?.trim_end_matches('.').to_owned();
        Some(Self { domain, prefix: prefix(url.path()), host })
    }

    /// A place as the database has it.
    #[cfg(feature = "hosts")]
    pub(super) fn new(domain: String, prefix: String, host: String) -> Self {
        Self { domain, prefix, host }
    }

    /// The registrable domain.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The first segment of the path, `/news/`; `/` for pages that stand in no folder; `/*/` for folders whose
    /// name is an id or a title, of which a host may have any number.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The whole host.
    pub fn host(&self) -> &str {
        &self.host
    }
}

fn prefix(path: &str) -> String {
    let Some((segment, _)) = path.trim_start_matches('/').split_once('/') else { return "/".to_owned() };
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    if segment.len() > LONGEST_SECTION || digits > LONGEST_NUMBER || segment.contains('%') {
        return "/*/".to_owned();
    }
    format!("/{segment}/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> (String, String, String) {
        let place = Place::of_url(url).unwrap();
        (place.domain, place.prefix, place.host)
    }

    #[test]
    fn a_place_is_domain_host_and_first_folder() {
        let own = |domain: &str, prefix: &str, host: &str| (domain.into(), prefix.into(), host.into());
        assert_eq!(
            parts("http://WWW.Uni.edu.cn:8080/xiazai/1.html"),
            own("uni.edu.cn", "/xiazai/", "www.uni.edu.cn")
        );
        assert_eq!(parts("http://uni.edu.cn./a.html"), own("uni.edu.cn", "/", "uni.edu.cn"));
        assert_eq!(parts("http://10.0.0.1/x/y/z?q=/w/"), own("10.0.0.1", "/x/", "10.0.0.1"));
        assert_eq!(parts("http://测试.example/b/c").2, "xn--0zwm56d.example");
        assert_eq!(Place::of_url("urn:uuid:1"), None);
    }

    #[test]
    fn folders_that_are_ids_are_one_place() {
        for path in ["/1234567/a", "/a-very-long-title-of-an-article-in-a-folder/a", "/%E4%BD%A0/a"] {
            assert_eq!(parts(&format!("http://a.example{path}")).1, "/*/", "{path}");
        }
        assert_eq!(parts("http://a.example/2024/05/a").1, "/2024/");
    }
}

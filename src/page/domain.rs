//! URL → the domain that somebody has registered.

use url::Url;

/// The registrable domain of a URL (`news.example.co.uk` belongs to `example.co.uk`), in lower case; the host itself where
/// it has none, as an IP address; none for a text that is no URL with a host.
///
/// ```
/// use pagesieve::page::registrable_domain;
/// assert_eq!(registrable_domain("https://www.news.example.co.uk/a").as_deref(), Some("example.co.uk"));
/// ```
pub fn registrable_domain(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    let is_name = matches!(url.host(), Some(url::Host::Domain(_)));
    let domain = if is_name { psl::domain_str(host) } else { None };
    Some(domain.unwrap_or(host).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registrable_domains_are_those_of_the_public_suffix_list() {
        let found = [
            "http://A.B.Example.com.cn:80/x",
            "https://user.github.io/",
            "http://127.0.0.1/",
            "http://[::1]/x",
        ]
        .map(|url| registrable_domain(url).unwrap());
        assert_eq!(found, ["example.com.cn", "user.github.io", "127.0.0.1", "[::1]"]);
        assert_eq!(registrable_domain("http://localhost/"), Some("localhost".to_owned()));
        assert_eq!(registrable_domain("mailto:a@b.example"), None);
        assert_eq!(registrable_domain("no url"), None);
    }
}

//! The rules of a site's robots.txt (RFC 9309), and what its absence or failure means.

use texting_robots::Robot;

/// The name that a robots.txt can address us by.
pub(super) const AGENT: &str = "pagesieve";
/// How much of a robots.txt is read: RFC 9309 (2.5) asks for 500 KiB at least.
pub(super) const BYTES: usize = 512 << 10;

/// What a site allows.
pub(super) enum Rules {
    Everything,
    Listed(Box<Robot>),
}

impl Rules {
    /// The rules of an answer to the request for robots.txt, or why there are none to go by. A client error
    /// means that there is no such file, and then everything is allowed; a server error means that nothing is
    /// known, and then nothing is (RFC 9309, 2.3.1).
    pub(super) fn from_answer(status: u16, body: &[u8]) -> Result<Self, String> {
        match status {
            200..300 => Robot::new(AGENT, body)
                .map(|robot| Self::Listed(Box::new(robot)))
                .map_err(|error| format!("its robots.txt cannot be understood ({error})")),
            400..500 => Ok(Self::Everything),
            _ => Err(format!("the server answered {status} when asked for robots.txt")),
        }
    }

    /// Whether the page may be fetched.
    pub(super) fn allow(&self, url: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Listed(robot) => robot.allowed(url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_for_our_name_go_before_those_for_all() {
        let body = b"User-agent: *\nDisallow: /\n\nUser-agent: PageSieve\nDisallow: /private\n";
        let rules = Rules::from_answer(200, body).unwrap();
        assert!(rules.allow("http://a.example/public"));
        assert!(!rules.allow("http://a.example/private/x"));
    }

    #[test]
    fn a_missing_file_allows_everything_and_a_failing_server_nothing() {
        assert!(Rules::from_answer(404, b"").unwrap().allow("http://a.example/"));
        assert!(Rules::from_answer(503, b"").is_err());
    }
}

//! What comes in: the raw bytes of one page and what is known about them.

/// What a document's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Media {
    /// HTML or XHTML.
    Html,
    /// Text that is already extracted; markup may be left in it.
    Text,
    /// Not said: the bytes decide ([`Media::Html`] when a tag that opens a page or a body stands near the
    /// start, else [`Media::Text`]).
    #[default]
    Unknown,
}

/// The raw bytes of one page.
///
/// ```
/// use pagesieve::Document;
/// let document = Document::html("<p>Hello").with_url("https://example.com/a").with_id("a");
/// assert_eq!(document.id(), "a");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Document {
    id: String,
    url: Option<String>,
    media: Media,
    charset: Option<String>,
    bytes: Vec<u8>,
    starts_with_title: bool,
    status: Option<u16>,
    is_cut: bool,
}

impl Document {
    /// A document whose media type the bytes decide.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), ..Self::default() }
    }

    /// An HTML document.
    pub fn html(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(bytes).with_media(Media::Html)
    }

    /// A document of text that is already extracted.
    pub fn text(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(bytes).with_media(Media::Text)
    }

    /// Sets the identifier that the report carries: a file's path, a record's id or a line's `id`.
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Sets the page's URL. An empty one is none.
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        let url = url.into();
        self.url = (!url.trim().is_empty()).then_some(url);
        self
    }

    /// Sets the URL where there is one.
    pub fn with_url_if(self, url: Option<impl Into<String>>) -> Self {
        match url {
            Some(url) => self.with_url(url),
            None => self,
        }
    }

    /// Sets the media type.
    pub fn with_media(mut self, media: Media) -> Self {
        self.media = media;
        self
    }

    /// Sets the charset label of the transport (the HTTP header's `charset`). Text that was a JSON string is
    /// `utf-8`.
    pub fn with_charset(mut self, label: impl Into<String>) -> Self {
        self.charset = Some(label.into());
        self
    }

    /// Sets the status of the HTTP response that the page came in. One that is a redirection or an error, from 300 on, has
    /// no main content, whatever its words are.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Says that the bytes are the start of the page, and that the rest is lost.
    pub fn with_rest_lost(mut self, is_lost: bool) -> Self {
        self.is_cut = is_lost;
        self
    }

    /// Says that the first line of the text is the title of the HTML page that the text was taken from.
    #[cfg(feature = "input")]
    pub(crate) fn with_title_line(mut self) -> Self {
        self.starts_with_title = true;
        self
    }

    pub(super) fn starts_with_title(&self) -> bool {
        self.starts_with_title
    }

    pub(super) fn status(&self) -> Option<u16> {
        self.status
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The identifier; empty when none was set.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The page's URL.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// The media type as it was given.
    pub fn media(&self) -> Media {
        self.media
    }

    /// The transport's charset label.
    pub fn charset(&self) -> Option<&str> {
        self.charset.as_deref()
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

//! The list of inputs: paths, folders, `-` and URLs, in a fixed order; each is opened on its own.

use super::fault::Fault;
use super::files::{Page, PageFile};
use super::json_lines::JsonLines;
use super::kind::{Kind, SNIFF, foreign, of_magic};
use super::list::{Line, lines_of, listed_as};
use super::open::{self, Opened};
use super::options::InputOptions;
#[cfg(feature = "parquet")]
use super::parquet::Parquet;
use super::records::{Failed, Name, Records, Single, Source};
use super::stream::Stream;
use super::wacz::Wacz;
use super::warc::Warc;
use crate::page::Media;
use crate::{Error, Result};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of a file that [`Input::head_digest`] is of. The first record of a WARC file says when it was written, and all of
/// this is read in one go.
const HEAD_BYTES: u64 = 64 << 10;

/// The inputs of a run, in the order in which they are read: as given, a folder's files sorted by path.
///
/// ```no_run
/// use pagesieve::input::{InputOptions, Inputs};
/// let inputs = Inputs::new(["crawl.warc.gz", "pages/", "-"], InputOptions::default());
/// for input in inputs.iter() {
///     for record in input.open()? {
///         match record.outcome {
///             Ok(document) => println!("{}", document.id()),
///             Err(error) => eprintln!("{}: {}", error.id, error.message),
///         }
///     }
/// }
/// # Ok::<(), pagesieve::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Inputs {
    list: Vec<Input>,
    ignored: Vec<PathBuf>,
}

impl Inputs {
    /// Lists the inputs that the paths stand for. `-` is standard input; what holds `://` is a URL; of a
    /// folder, every file below it that is of a known kind by its name or opens as HTML, WARC or JSON lines.
    /// Links are followed, each real folder once. A path that does not exist stays in the list, and opening
    /// it says so; a path given twice is read once.
    pub fn new<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>, options: InputOptions) -> Self {
        Lister::of(paths, options).inputs()
    }

    /// Lists the inputs of [`Inputs::new`], and behind them those that the lists name: files, one path or URL a line, relative
    /// paths from the working directory; `-` reads the list from standard input. Empty lines, and those that start with
    /// `#`, are passed over. A line that names nothing stays in the list, and opening it fails with [`Error::Data`], which
    /// names the list and the line; so does a line whose file or URL cannot be opened.
    ///
    /// # Errors
    /// [`Error::Io`] when a list cannot be read.
    pub fn listed<P: Into<PathBuf>>(
        paths: impl IntoIterator<Item = P>,
        lists: &[PathBuf],
        options: InputOptions,
    ) -> Result<Self> {
        let mut lister = Lister::of(paths, options);
        for list in lists {
            for line in lines_of(list)? {
                lister.add_line(list, line);
            }
        }
        Ok(lister.inputs())
    }

    /// The inputs in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Input> {
        self.list.iter()
    }

    /// How many inputs there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no input, as when a folder holds no page.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Inflates some of the next bytes of an input that is being read, if [`InputOptions::with_helpers`] said that somebody
    /// would; false where there is nothing to do. Any thread may call this, and any number of them.
    pub fn help(&self) -> bool {
        self.list
            .first()
            .and_then(|input| input.options.helpers.as_ref())
            .is_some_and(|helpers| helpers.help())
    }

    /// Files and folders inside the given folders that were left out: hidden ones, files of no known kind,
    /// and what is no regular file.
    pub fn ignored(&self) -> &[PathBuf] {
        &self.ignored
    }
}

impl<'a> IntoIterator for &'a Inputs {
    type Item = &'a Input;
    type IntoIter = std::slice::Iter<'a, Input>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One input: a name, and a way to open it.
#[derive(Debug, Clone)]
pub struct Input {
    name: Name,
    /// The list and the line that name it.
    listed: Option<(Arc<Path>, usize)>,
    origin: Origin,
    options: Arc<InputOptions>,
}

#[derive(Debug, Clone)]
enum Origin {
    File(PathBuf),
    StandardInput,
    Url,
    /// A folder that could not be listed.
    Unlisted(PathBuf, Arc<io::Error>),
    /// A line of a list that names nothing, and why.
    NoName(&'static str),
}

impl Input {
    /// The name as the user gave it, or the path below a given folder. Unique among the inputs.
    pub fn name(&self) -> &Arc<str> {
        &self.name.input
    }

    /// With what the ids of its pages begin, or what the id of its one page is: the path below the folder that was given,
    /// else the name. Unique among the inputs: where two folders have files of the same path, the later one has its name.
    pub fn id(&self) -> &Arc<str> {
        &self.name.id
    }

    /// The path, where the input is a file.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            _ => None,
        }
    }

    /// The file's size in bytes, before decompression; none for standard input and URLs.
    pub fn bytes(&self) -> Option<u64> {
        std::fs::metadata(self.path()?).ok().map(|data| data.len())
    }

    /// A digest of the first bytes of a file as they stand on the disk, by which another file of the same name and size
    /// is told; none where there is no regular file that can be read.
    pub fn head_digest(&self) -> Option<u64> {
        let path = self.path()?;
        // What is read from a pipe would be missing afterwards.
        if !std::fs::metadata(path).ok()?.is_file() {
            return None;
        }
        let mut head = Vec::new();
        File::open(path).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
        Some(xxh3_64(&head))
    }

    /// Whether the input gives the same when it is read once more; standard input, pipes and URLs may not.
    pub fn can_be_read_again(&self) -> bool {
        match &self.origin {
            Origin::File(path) => std::fs::metadata(path).map_or(true, |data| data.is_file()),
            Origin::Unlisted(..) | Origin::NoName(_) => true,
            Origin::StandardInput | Origin::Url => false,
        }
    }

    /// Opens the input at its start.
    ///
    /// Fails with [`Error::Io`] when it cannot be opened and with [`Error::Fetch`] when a URL cannot be
    /// fetched. What is wrong inside the input comes as rows.
    pub fn open(&self) -> Result<Records> {
        self.open_after(0)
    }

    /// Opens the input and leaves out the records up to and with `position`, as a resumed run does: what is left are the
    /// records that [`Input::open`] gives behind them, whatever is damaged. They are not counted in [`Records::counts`].
    pub fn open_after(&self, position: u64) -> Result<Records> {
        let opened = self.open_origin(position);
        match &self.listed {
            Some((list, line)) => opened.map_err(|error| listed_as(list, *line, &error)),
            None => opened,
        }
    }

    fn open_origin(&self, position: u64) -> Result<Records> {
        match &self.origin {
            Origin::Url => self.open_url(position),
            Origin::StandardInput => self.records(open::standard_input(), Path::new("-"), position),
            Origin::File(path) => {
                self.records(open::file_with(path, self.options.helpers.as_ref()), path, position)
            }
            Origin::Unlisted(path, error) => {
                Err(cannot_read(path, io::Error::new(error.kind(), error.to_string())))
            }
            Origin::NoName(problem) => Err(Error::Settings((*problem).to_owned())),
        }
    }

    fn records(&self, opened: io::Result<Opened>, path: &Path, after: u64) -> Result<Records> {
        let Opened { stream, read } = opened.map_err(|error| cannot_read(path, error))?;
        Ok(Records::new(self.name.clone(), self.source(stream, after), read))
    }

    fn source(&self, mut stream: Stream, after: u64) -> Box<dyn Source> {
        let media = match self.kind(&mut stream) {
            Ok(Some(Kind::Warc)) => return Box::new(Warc::new(stream, after, Arc::clone(&self.options))),
            Ok(Some(Kind::JsonLines)) => {
                return Box::new(JsonLines::new(stream, after, Arc::clone(&self.options)));
            }
            Ok(Some(Kind::Wacz)) => return self.read_from_end("a WACZ", after, Wacz::open),
            #[cfg(feature = "parquet")]
            Ok(Some(Kind::Parquet)) => return self.read_from_end("a Parquet file", after, Parquet::open),
            _ if after > 0 => return Box::new(Single::empty()),
            Ok(Some(Kind::Html)) => Media::Html,
            Ok(Some(Kind::Text)) => Media::Text,
            Ok(None) => Media::Unknown,
            Err(fault) => return Box::new(Single::new(Err(Failed { id: self.page_id(), url: None, fault }))),
        };
        let page = Page { id: self.page_id(), media, limit: self.options.record_bytes };
        Box::new(PageFile::new(stream, page))
    }

    /// What is read from its end must be a file.
    fn read_from_end<S: Source + 'static>(
        &self,
        what: &str,
        after: u64,
        open: impl Fn(&Path, u64, Arc<InputOptions>) -> Result<S, Fault>,
    ) -> Box<dyn Source> {
        let opened = match self.path() {
            Some(path) => open(path, after, Arc::clone(&self.options)),
            None => Err(Fault::new(
                "unsupported_format",
                format!("{what} is read from its end, so it must be a file; save it, and give its name"),
            )),
        };
        match opened {
            Ok(source) => Box::new(source),
            Err(_) if after > 0 => Box::new(Single::empty()),
            Err(fault) => Box::new(Single::new(Err(Failed { id: self.page_id(), url: None, fault }))),
        }
    }

    /// The kind that was given, that the name states, or that the first bytes show.
    pub(super) fn kind(&self, stream: &mut Stream) -> Result<Option<Kind>, Fault> {
        let stated = self.options.kind.or_else(|| Kind::of_name(&self.name.input));
        if stated.is_some() {
            return Ok(stated);
        }
        let head = stream.peek(SNIFF).map_err(|error| Fault::read("the input", &error))?;
        if let Some(kind) = of_magic(head) {
            return Ok(Some(kind));
        }
        match foreign(head) {
            Some(found) => Err(Fault::new("unsupported_format", format!("this is {found}"))),
            None => Ok(Kind::sniff(head)),
        }
    }

    /// The id of the one page that a file is.
    fn page_id(&self) -> Option<String> {
        matches!(self.origin, Origin::File(_)).then(|| self.name.id.to_string())
    }

    #[cfg(feature = "fetch")]
    fn open_url(&self, after: u64) -> Result<Records> {
        let single = match after {
            0 => Single::new(Ok(super::fetch::fetch(&self.name.input, &self.options.fetch)?)),
            _ => Single::empty(),
        };
        Ok(Records::new(self.name.clone(), Box::new(single), Arc::default()))
    }

    #[cfg(not(feature = "fetch"))]
    fn open_url(&self, _: u64) -> Result<Records> {
        let problem =
            "this program was built without the `fetch` feature; download the page and give the file";
        Err(Error::Fetch { url: self.name.input.to_string(), problem: problem.to_owned() })
    }
}

/// The error of an input that cannot be opened, with what to do about it.
fn cannot_read(path: &Path, error: io::Error) -> Error {
    let advice = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder; check the spelling",
        io::ErrorKind::PermissionDenied => "permission denied; ask for read access, or leave it out",
        _ => return Error::io("read", path)(error),
    };
    Error::io("read", path)(io::Error::new(error.kind(), advice))
}

/// Collects inputs from paths.
#[derive(Default)]
struct Lister {
    options: Arc<InputOptions>,
    list: Vec<Input>,
    ignored: Vec<PathBuf>,
    names: HashSet<Arc<str>>,
    ids: HashSet<Arc<str>>,
    /// The folder that was given and is being searched.
    root: PathBuf,
    /// The list and the line that are being read.
    listed: Option<(Arc<Path>, usize)>,
    /// Real paths of the folders that were entered.
    entered: HashSet<PathBuf>,
}

impl Lister {
    fn of<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>, options: InputOptions) -> Self {
        let mut lister = Self { options: Arc::new(options), ..Self::default() };
        paths.into_iter().for_each(|path| lister.add(path.into()));
        lister
    }

    fn inputs(self) -> Inputs {
        Inputs { list: self.list, ignored: self.ignored }
    }

    fn add(&mut self, path: PathBuf) {
        let name = name_of(&path);
        if &*name == "-" {
            self.push(name, Origin::StandardInput);
        } else if name.contains("://") && !path.exists() {
            self.push(name, Origin::Url);
        } else if path.is_dir() {
            self.root.clone_from(&path);
            self.add_folder(&path);
        } else {
            self.push(name_of(&path), Origin::File(path));
        }
    }

    /// What a line of a list names.
    fn add_line(&mut self, list: &Path, Line { number, name }: Line) {
        self.listed = Some((list.into(), number));
        match name {
            Ok(name) => self.add(PathBuf::from(name)),
            Err(problem) => {
                let name = format!("{}:{number}", name_of(list)).into();
                self.push(name, Origin::NoName(problem));
            }
        }
    }

    /// A file of the folder that is being searched.
    fn push_file(&mut self, path: PathBuf) {
        let below = path.strip_prefix(&self.root).map_or_else(|_| name_of(&path), id_of);
        self.push_as(name_of(&path), below, Origin::File(path));
    }

    fn push(&mut self, name: Arc<str>, origin: Origin) {
        self.push_as(Arc::clone(&name), name, origin);
    }

    fn push_as(&mut self, input: Arc<str>, id: Arc<str>, origin: Origin) {
        if self.names.insert(Arc::clone(&input)) {
            let name = Name { id: self.free_id(&input, id), input };
            let listed = self.listed.clone();
            self.list.push(Input { name, listed, origin, options: Arc::clone(&self.options) });
        }
    }

    /// The id, or where another input has it already, one made of the name.
    fn free_id(&mut self, input: &Arc<str>, id: Arc<str>) -> Arc<str> {
        let mut free = id;
        while !self.ids.insert(Arc::clone(&free)) {
            free = if free == *input { format!("./{free}").into() } else { Arc::clone(input) };
        }
        free
    }

    fn add_folder(&mut self, folder: &Path) {
        if folder.canonicalize().is_ok_and(|real| !self.entered.insert(real)) {
            return;
        }
        match entries(folder) {
            Ok(paths) => paths.into_iter().for_each(|path| self.add_entry(path)),
            Err(error) => {
                self.push(name_of(folder), Origin::Unlisted(folder.to_path_buf(), Arc::new(error)));
            }
        }
    }

    fn add_entry(&mut self, path: PathBuf) {
        if is_hidden(&path) {
            self.ignored.push(path);
        } else if path.is_dir() {
            self.add_folder(&path);
        } else if path.is_file() && (self.options.kind.is_some() || is_page(&path)) {
            self.push_file(path);
        } else {
            self.ignored.push(path);
        }
    }
}

/// A path as text; one that is no Unicode is escaped, so that two of them never get one name.
fn name_of(path: &Path) -> Arc<str> {
    path.to_str()
        .map_or_else(|| path.as_os_str().as_encoded_bytes().escape_ascii().to_string().into(), Arc::from)
}

/// A path below a folder, with `/` between its steps on every system.
fn id_of(below: &Path) -> Arc<str> {
    let steps: Vec<Arc<str>> = below.iter().map(|step| name_of(Path::new(step))).collect();
    steps.join("/").into()
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Whether a file in a folder is an input, by its name or its first bytes. One that cannot be opened is taken,
/// so that the run says so.
fn is_page(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    if Kind::of_name(&name).is_some() {
        return true;
    }
    match open::file(path) {
        Ok(mut opened) => opened.stream.peek(SNIFF).is_ok_and(|head| Kind::sniff(head).is_some()),
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the bytes as standard input does.
    fn read(bytes: &[u8]) -> Vec<(String, Media)> {
        let inputs = Inputs::new(["-"], InputOptions::default());
        let input = inputs.iter().next().unwrap();
        let opened = open::counted(io::Cursor::new(bytes.to_vec()));
        let records = input.records(opened, Path::new("-"), 0).unwrap();
        records
            .map(|record| record.outcome.unwrap())
            .map(|found| (found.id().to_owned(), found.media()))
            .collect()
    }

    #[test]
    fn standard_input_is_told_by_its_first_bytes_whatever_its_compression() {
        let warc = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:w>\r\n\
                     Content-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>\r\n\r\n";
        let cases: [(&[u8], &str, Media); 5] = [
            (warc, "w", Media::Html),
            (b"\n {\"id\": 5, \"text\": \"x\"}\n", "5", Media::Text),
            (b"<!doctype html><p>x", "-#1", Media::Html),
            (b"plain words", "-#1", Media::Unknown),
            (b"", "-#1", Media::Unknown),
        ];
        for (bytes, id, media) in cases {
            let expected = [(id.to_owned(), media)];
            assert_eq!(read(bytes), expected);
            assert_eq!(read(&zstd::encode_all(bytes, 3).unwrap()), expected);
        }
    }

    #[test]
    fn a_failing_disk_ends_the_input_with_an_error_row() {
        struct Failing(usize);
        impl io::Read for Failing {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let line = b"{\"id\": 1, \"text\": \"a\"}\n{\"id\": 2, ";
                if self.0 >= line.len() {
                    // EIO
                    return Err(io::Error::from_raw_os_error(5));
                }
                let read = (&line[self.0..]).read(out)?;
                self.0 += read;
                Ok(read)
            }
        }
        for (kind, rows) in [(Kind::JsonLines, 2), (Kind::Warc, 1), (Kind::Html, 1)] {
            let inputs = Inputs::new(["-"], InputOptions::default().with_kind(kind));
            let input = inputs.iter().next().unwrap();
            let records: Vec<_> =
                input.records(open::counted(Failing(0)), Path::new("-"), 0).unwrap().take(9).collect();
            assert_eq!(records.len(), rows, "{kind:?}");
            assert_eq!(records[rows - 1].outcome.as_ref().unwrap_err().kind, "io", "{kind:?}");
        }
    }
}

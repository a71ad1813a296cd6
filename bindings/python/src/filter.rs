//! The class that Python sees.
#![expect(
    clippy::doc_markdown,
    clippy::needless_pass_by_value,
    reason = "docstrings are for Python, whose values PyO3 hands over"
)]

use crate::column::{Column, named};
use crate::judge::Judge;
use crate::pickled;
use crate::recipe::Recipe;
use crate::rows::{Page, Rows, trimmed};
use arrow_pyarrow::ToPyArrow;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyList, PyTuple};
use sieve::Media;
use sieve::output::{Columns, RowFormat};
use std::path::PathBuf;

/// Judges pages. One Filter serves all threads, can be pickled, and never changes.
///
/// Parameters
/// ----------
/// profile : str
///     Where the cut between body and junk stands: "precision" (less junk, lost text), "balanced" (highest expected F1) or
///     "recall" (less lost text). The model stays the same.
/// model : str or os.PathLike, optional
///     Models in place of the built-in ones: a folder that `pagesieve train` wrote, or one file. The Filter keeps their bytes.
/// settings : dict, optional
///     Kinds of spam and thresholds, each 0 to 1: `junk` (list of "adult", "gambling", "scam", "seo"), `spam`, `spam_outside`,
///     `spam_alone`, `page`, `page_surely`, `doubt`, `empty`, `junk_page`, `bad_page`. What is left out stays as it is.
/// limits : dict, optional
///     What of one page is looked at: `bytes` (16 MiB, at most 1 GiB), `elements` (400,000), `depth` (512, at least 16),
///     `blocks` (100,000). A page over one of these is cut there, says so (reason `limit`) and is for review at best.
///     `record_bytes` (64 MiB): a larger page is not looked at and gives an error row.
///
/// Raises
/// ------
/// ValueError
///     In one line what was expected, what was found and what to do: an unknown profile, setting or limit, a number out of
///     range, a model that cannot be read or was made for another version.
#[pyclass(frozen, module = "pagesieve")]
#[derive(Debug)]
pub(crate) struct Filter {
    recipe: Recipe,
    judge: Judge,
}

impl Filter {
    /// The filter of a recipe.
    pub(crate) fn of(recipe: Recipe) -> PyResult<Self> {
        let judge = recipe.judge()?;
        Ok(Self { recipe, judge })
    }
}

#[pymethods]
impl Filter {
    #[new]
    #[pyo3(signature = (profile = "balanced".to_owned(), model = None, settings = None, limits = None))]
    #[pyo3(text_signature = "(profile='balanced', model=None, settings=None, limits=None)")]
    fn new(
        profile: String,
        model: Option<PathBuf>,
        settings: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Self::of(Recipe::new(profile, model.as_deref(), settings, limits)?)
    }

    /// Judges one page.
    ///
    /// Parameters
    /// ----------
    /// html, text : str or bytes, optional
    ///     The page, or text that another tool has extracted from it. One of them; HTML goes first where both have characters.
    ///     Of bytes the charset is found, a string is taken as it is.
    /// url : str, optional
    ///     The page's URL; a blank one is none.
    ///
    /// Returns
    /// -------
    /// dict
    ///     The row that `pagesieve filter --blocks` writes, `id` empty. A page that cannot be judged (it is over
    ///     `record_bytes`, or judging it failed) has `status` "error" and says why in `error`.
    ///
    /// Raises
    /// ------
    /// TypeError
    ///     Neither html nor text was given, or one that is neither str nor bytes.
    #[pyo3(signature = (*, html = None, text = None, url = None))]
    fn check<'py>(
        &self,
        py: Python<'py>,
        html: Option<Source>,
        text: Option<Source>,
        url: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = [
            html.as_ref().map(|html| html.page(Media::Html)),
            text.as_ref().map(|text| text.page(Media::Text)),
        ];
        let mut pages = given.into_iter().flatten();
        let (first, second) = (pages.next(), pages.next());
        let filled = [first, second].into_iter().flatten().find(|page| !page.bytes.is_empty());
        let page = filled.or(first).ok_or_else(|| PyTypeError::new_err("give the page as html= or text="))?;
        let url = url.and_then(|url| trimmed(url.as_bytes()));
        let row = py.detach(|| {
            let mut row = Vec::new();
            let format = RowFormat::new().with_blocks();
            match self.judge.one(page, url.as_deref()) {
                Ok(report) => format.append_report(&mut row, &report),
                Err(error) => format.append_failure(&mut row, &error, None),
            }
            row
        });
        py.import("json")?.call_method1("loads", (row,))
    }

    /// Judges the rows of a batch.
    ///
    /// One row comes out for each row that goes in, in the same order, with the values of `pagesieve filter`. A row without a
    /// page (null, a column that holds no strings or bytes), over `record_bytes` or whose judging failed has `status` "error"
    /// and says why in `error.message`; the other rows are not touched by it. Other Python threads run meanwhile.
    ///
    /// Parameters
    /// ----------
    /// batch : pyarrow.RecordBatch
    ///     Any number of rows. Results of more than 2 GiB do not fit a batch; the rows behind are error rows (`too_large`).
    /// html, text : str, optional
    ///     Names of the columns with pages, or with text that another tool has extracted; one at least. Where a row has both,
    ///     HTML goes first. Strings or bytes, also large, view and dictionary types. Of bytes the charset is found.
    /// url, id : str, optional
    ///     Names of the columns with URLs and identifiers; strings, numbers or null. Without them `url` is null and `id` empty.
    /// keep : list of str
    ///     Columns of the batch that the result begins with, as they are.
    /// blocks : bool
    ///     Whether the result has every block of each page.
    /// threads : int
    ///     Threads that judge, from 1. The result is the same for any number.
    ///
    /// Returns
    /// -------
    /// pyarrow.RecordBatch
    ///     The kept columns, then those of `schema(blocks=blocks)`.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     A named column is not there, or there twice; a kept column has the name of a column of the result.
    /// TypeError
    ///     `batch` is no RecordBatch; the column of URLs or identifiers cannot be read as strings.
    #[pyo3(
        signature = (batch, *, html = None, text = None, url = None, id = None, keep = Vec::new(), blocks = true, threads = 1),
        text_signature = "($self, batch, *, html=None, text=None, url=None, id=None, keep=[], blocks=True, threads=1)"
    )]
    #[expect(clippy::too_many_arguments, reason = "Python gives them by name")]
    fn filter_batch<'py>(
        &self,
        batch: &Bound<'py, PyAny>,
        html: Option<&str>,
        text: Option<&str>,
        url: Option<&str>,
        id: Option<&str>,
        keep: Vec<String>,
        blocks: bool,
        threads: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = batch.py();
        check_arguments(batch, html.or(text), threads)?;
        let page = |name: Option<&str>| name.map(|name| Column::of_page(batch, name)).transpose();
        let names = |name: Option<&str>| name.map(|name| Column::of_names(batch, name)).transpose();
        let count = batch.getattr("num_rows")?.extract()?;
        let rows = Rows { html: page(html)?, text: page(text)?, url: names(url)?, id: names(id)?, count };
        let kept = kept_columns(batch, &keep, blocks)?;
        let judged = py.detach(|| self.judge.batch(&rows, &format(blocks), threads));
        let judged = judged.map_err(|error| PyRuntimeError::new_err(error.to_string()))?.to_pyarrow(py)?;
        if keep.is_empty() { Ok(judged) } else { beside(&kept, &judged) }
    }

    /// Names and types of the columns that `filter_batch` gives.
    ///
    /// Parameters
    /// ----------
    /// blocks : bool
    ///     As in `filter_batch`.
    /// keep : pyarrow.Schema or list of pyarrow.Field
    ///     Fields that stand before them: those of the columns that `filter_batch` is to keep.
    ///
    /// Returns
    /// -------
    /// pyarrow.Schema
    ///     Every column may be null. Probabilities, scores and `confidence` are 0 to 1, `weight` is in log-odds, `lines` are a
    ///     block's first and last line, from 1.
    #[pyo3(signature = (*, blocks = true, keep = None), text_signature = "($self, *, blocks=True, keep=[])")]
    #[expect(clippy::unused_self, reason = "the columns may come to depend on the filter")]
    fn schema<'py>(
        &self,
        py: Python<'py>,
        blocks: bool,
        keep: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let ours = Columns::schema(&format(blocks)).to_pyarrow(py)?;
        let Some(keep) = keep else { return Ok(ours) };
        let fields = PyList::empty(py);
        for field in keep.try_iter()?.chain(ours.try_iter()?) {
            fields.append(field?)?;
        }
        py.import("pyarrow")?.call_method1("schema", (fields,))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        pickled::reduced(py, &self.recipe)
    }

    fn __repr__(&self) -> String {
        let models: Vec<&str> = self.recipe.models.iter().map(|(name, _)| name.as_str()).collect();
        let models = if models.is_empty() { "built-in".to_owned() } else { models.join(", ") };
        format!(
            "<pagesieve.Filter {}, profile {}, model {models}>",
            env!("CARGO_PKG_VERSION"),
            self.recipe.profile
        )
    }
}

/// A page as Python gives it.
#[derive(Debug, FromPyObject)]
enum Source {
    #[pyo3(annotation = "str")]
    Text(PyBackedStr),
    #[pyo3(annotation = "bytes")]
    Bytes(PyBackedBytes),
}

impl Source {
    fn page(&self, media: Media) -> Page<'_> {
        match self {
            Self::Text(text) => Page { bytes: text.as_bytes(), media, is_text: true },
            Self::Bytes(bytes) => Page { bytes, media, is_text: false },
        }
    }
}

fn format(blocks: bool) -> RowFormat {
    if blocks { RowFormat::new().with_blocks() } else { RowFormat::new() }
}

fn check_arguments(batch: &Bound<'_, PyAny>, page: Option<&str>, threads: usize) -> PyResult<()> {
    if !batch.is_instance(&batch.py().import("pyarrow")?.getattr("RecordBatch")?)? {
        let found = batch.get_type().fully_qualified_name()?;
        let message =
            format!("expected a pyarrow.RecordBatch, found {found}; a table has them as to_batches()");
        return Err(PyTypeError::new_err(message));
    }
    if page.is_none() {
        return Err(PyValueError::new_err("name the column that holds the pages: html= or text="));
    }
    if threads == 0 {
        return Err(PyValueError::new_err("threads must be at least 1"));
    }
    Ok(())
}

/// Fields and columns that are given back.
fn kept_columns<'py>(
    batch: &Bound<'py, PyAny>,
    keep: &[String],
    blocks: bool,
) -> PyResult<Vec<[Bound<'py, PyAny>; 2]>> {
    let ours = Columns::schema(&format(blocks));
    let schema = batch.getattr("schema")?;
    let mut kept = Vec::new();
    for (at, name) in keep.iter().enumerate() {
        let column = named(batch, name)?;
        if ours.field_with_name(name).is_ok() || keep.iter().take(at).any(|before| before == name) {
            let message =
                format!("column `{name}` would be in the result twice; leave it out of keep= or rename it");
            return Err(PyValueError::new_err(message));
        }
        kept.push([schema.call_method1("field", (name,))?, column]);
    }
    Ok(kept)
}

/// One batch of the kept columns and ours.
fn beside<'py>(kept: &[[Bound<'py, PyAny>; 2]], judged: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let (fields, columns) = (PyList::empty(judged.py()), PyList::empty(judged.py()));
    for [field, column] in kept {
        fields.append(field)?;
        columns.append(column)?;
    }
    for field in judged.getattr("schema")?.try_iter()? {
        fields.append(field?)?;
    }
    for column in judged.getattr("columns")?.try_iter()? {
        columns.append(column?)?;
    }
    let pyarrow = judged.py().import("pyarrow")?;
    let schema = pyarrow.call_method1("schema", (fields,))?;
    pyarrow.getattr("RecordBatch")?.call_method1("from_arrays", (columns, py_none(judged), schema))
}

fn py_none(any: &Bound<'_, PyAny>) -> Py<PyAny> {
    any.py().None()
}

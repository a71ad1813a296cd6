//! pagesieve for Python: rows of Arrow in, the same rows judged out.
//!
//! In: batches of `pyarrow`, or one page as `str` or `bytes`. Out: a row for each row, in order. A page never raises an
//! exception: what cannot be judged is a row that says why. What is asked wrongly (a column that is not there, a model that
//! cannot be read) is an exception of one line.
//!
//! Start reading at [`filter::Filter`]; [`column`] and [`rows`] turn Arrow into documents, [`judge`] has the threads.

mod column;
mod filter;
mod guard;
mod judge;
mod pickled;
mod recipe;
mod rows;

use pyo3::prelude::*;

/// Separates the article from the junk on scraped web pages, labels every block, and says why.
///
/// `Filter().check(html=page)` judges one page, `Filter().filter_batch(batch, html="html")` a `pyarrow.RecordBatch`.
#[pymodule]
fn pagesieve(module: &Bound<'_, PyModule>) -> PyResult<()> {
    guard::install();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<filter::Filter>()?;
    module.add_function(wrap_pyfunction!(pickled::restored, module)?)?;
    #[cfg(feature = "poison")]
    module.add("POISON", judge::POISON)?;
    Ok(())
}

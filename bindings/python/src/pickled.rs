//! A filter ↔ a pickle. Both ends must have the same version: another one may give other rows for the same page.

use crate::filter::Filter;
use crate::recipe::Recipe;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What `pickle` calls: the function that restores, and its arguments.
pub(crate) fn reduced<'py>(
    py: Python<'py>,
    recipe: &Recipe,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
    let models: Vec<_> = recipe.models.iter().map(|(name, bytes)| (name, PyBytes::new(py, bytes))).collect();
    let json = |error: serde_json::Error| PyValueError::new_err(error.to_string());
    let settings = serde_json::to_string(&recipe.settings).map_err(json)?;
    let limits = serde_json::to_string(&recipe.limits).map_err(json)?;
    let state = (&recipe.profile, models, settings, limits).into_pyobject(py)?;
    let restore = py.import("pagesieve")?.getattr("restored")?;
    Ok((restore, (VERSION, state).into_pyobject(py)?))
}

/// The filter of a pickle. `pickle` calls it; nobody else should.
#[pyfunction]
#[pyo3(signature = (version, state, /))]
pub(crate) fn restored(version: &str, state: &Bound<'_, PyAny>) -> PyResult<Filter> {
    if version != VERSION {
        return Err(PyValueError::new_err(format!(
            "this Filter was pickled by pagesieve {version} and is read by pagesieve {VERSION}: install the same version on all \
             machines, or make the Filter anew"
        )));
    }
    let (profile, models, settings, limits): (String, Vec<(String, Vec<u8>)>, String, String) =
        state.extract()?;
    let damaged =
        |error: serde_json::Error| PyValueError::new_err(format!("a pickled Filter is damaged: {error}"));
    Filter::of(Recipe {
        profile,
        models,
        settings: serde_json::from_str(&settings).map_err(damaged)?,
        limits: serde_json::from_str(&limits).map_err(damaged)?,
    })
}

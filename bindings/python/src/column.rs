//! A column of a `pyarrow.RecordBatch` → the bytes of each row.
//!
//! Strings are read as bytes, so that a row that is no UTF-8 costs no other one. Arrays are shared with Python, not copied.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, BinaryViewArray, Int64Array, LargeBinaryArray, make_array};
use arrow_data::ArrayData;
use arrow_pyarrow::FromPyArrow;
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// The values of one column.
#[derive(Debug)]
pub(crate) struct Column {
    name: String,
    values: Values,
    /// Of a dictionary: which value each row has.
    keys: Option<Int64Array>,
    is_text: bool,
}

#[derive(Debug)]
enum Values {
    Binary(BinaryArray),
    Large(LargeBinaryArray),
    View(BinaryViewArray),
    Null,
    /// A type that holds no strings, by its name.
    Other(String),
}

/// What a row has in a column: nothing, or bytes. The error says what the column is instead.
pub(crate) type Cell<'a> = Result<Option<&'a [u8]>, String>;

impl Column {
    /// The batch's column of that name.
    ///
    /// # Errors
    /// `ValueError` when there is none, or more than one.
    pub(crate) fn of_page(batch: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        Self::new(&named(batch, name)?, name)
    }

    /// The same of a column of identifiers: numbers and dates are read as `pyarrow` writes them.
    ///
    /// # Errors
    /// As [`Column::of_page`], and `TypeError` for a type that cannot be written as a string.
    pub(crate) fn of_names(batch: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        let column = named(batch, name)?;
        let read = Self::new(&column, name)?;
        let Values::Other(found) = &read.values else { return Ok(read) };
        let refused = |_| {
            let message =
                format!("column `{name}`: expected strings or numbers, found {found}; give another column");
            PyTypeError::new_err(message)
        };
        Self::new(&column.call_method1("cast", ("string",)).map_err(refused)?, name)
    }

    fn new(column: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        let name = name.to_owned();
        let of = DataType::from_pyarrow_bound(&column.getattr("type")?);
        // A type that this library does not know holds no strings that it knows.
        let Ok(of) = of else {
            let found = column.getattr("type")?.str()?.to_string();
            return Ok(Self { name, values: Values::Other(found), keys: None, is_text: false });
        };
        if let DataType::Dictionary(..) = of {
            let values = Self::new(&column.getattr("dictionary")?, &name)?;
            let keys = column.getattr("indices")?.call_method1("cast", ("int64",))?;
            return Ok(Self { keys: Some(imported(&keys)?.as_primitive::<Int64Type>().clone()), ..values });
        }
        let is_text = matches!(of, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        Ok(Self { name, values: Values::new(column, &of)?, keys: None, is_text })
    }

    /// The column's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the column holds strings, which are UTF-8 whatever a page says.
    pub(crate) fn is_text(&self) -> bool {
        self.is_text
    }

    /// What the row has.
    pub(crate) fn get(&self, row: usize) -> Cell<'_> {
        let Some(keys) = &self.keys else { return self.values.get(row) };
        if row >= keys.len() || keys.is_null(row) {
            return Ok(None);
        }
        self.values.get(usize::try_from(keys.value(row)).unwrap_or(usize::MAX))
    }
}

impl Values {
    fn new(column: &Bound<'_, PyAny>, of: &DataType) -> PyResult<Self> {
        let bytes = match of {
            DataType::Utf8 => column.call_method1("cast", ("binary",))?,
            DataType::LargeUtf8 => column.call_method1("cast", ("large_binary",))?,
            DataType::Utf8View => column.call_method1("cast", ("binary_view",))?,
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => column.clone(),
            DataType::Null => return Ok(Self::Null),
            other => return Ok(Self::Other(other.to_string())),
        };
        let array = imported(&bytes)?;
        Ok(match array.data_type() {
            DataType::Binary => Self::Binary(array.as_binary::<i32>().clone()),
            DataType::LargeBinary => Self::Large(array.as_binary::<i64>().clone()),
            DataType::BinaryView => Self::View(array.as_binary_view().clone()),
            other => Self::Other(other.to_string()),
        })
    }

    fn get(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Binary(array) => Ok((row < array.len() && array.is_valid(row)).then(|| array.value(row))),
            Self::Large(array) => Ok((row < array.len() && array.is_valid(row)).then(|| array.value(row))),
            Self::View(array) => Ok((row < array.len() && array.is_valid(row)).then(|| array.value(row))),
            Self::Null => Ok(None),
            Self::Other(found) => Err(found.clone()),
        }
    }
}

/// The only column of that name.
pub(crate) fn named<'py>(batch: &Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let schema = batch.getattr("schema")?;
    let places: Vec<usize> = schema.call_method1("get_all_field_indices", (name,))?.extract()?;
    match places.as_slice() {
        [place] => batch.call_method1("column", (*place,)),
        [] => {
            let names: Vec<String> = schema.getattr("names")?.extract()?;
            let message = format!("no column is named `{name}`; the batch has {}", names.join(", "));
            Err(PyValueError::new_err(message))
        }
        more => {
            let message = format!("{} columns are named `{name}`; rename all but one", more.len());
            Err(PyValueError::new_err(message))
        }
    }
}

fn imported(array: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    Ok(make_array(ArrayData::from_pyarrow_bound(array)?))
}

//! How far an import has got, told while it goes on.

/// What is being done.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The first rows are shown.
    Preview,
    /// The whole file is read; nothing is written.
    Check,
    /// The file is read again and written.
    Write,
    /// What the file no longer holds is removed.
    Remove,
}

/// How far it has got.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moved {
    /// What is being done.
    pub stage: Stage,
    /// Bytes of the file that have been read in this stage (of XLSX: of the sheet's rows, as a share).
    pub bytes: u64,
    /// Bytes of the whole file.
    pub total_bytes: u64,
    /// Rows read in this stage.
    pub rows: u64,
    /// Rows that there are, where somebody has said so before they were read.
    pub total_rows: Option<u64>,
    /// Records refused in this stage.
    pub refused: u64,
}

/// Is told how far an import has got, about once every thousand rows and at the end of each stage.
pub trait Progress: Send + Sync {
    /// It has got this far.
    fn moved(&self, moved: &Moved);

    /// Whether it shall end here. It is asked as often as it is told; what was written before stays.
    fn canceled(&self) -> bool {
        false
    }
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn moved(&self, _: &Moved) {}
}

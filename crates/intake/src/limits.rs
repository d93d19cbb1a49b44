//! How large what comes in may be.

/// Bounds of one import. CSV and NDJSON files, and the lists of JSON files, may have any length.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of one row of CSV, or of one object of JSON.
    pub row_bytes: usize,
    /// Bytes of one cell.
    pub cell_bytes: usize,
    /// Columns of a file.
    pub columns: usize,
    /// Bytes of an XLSX file as it lies on disk.
    pub xlsx_bytes: u64,
    /// Bytes of an XLSX file's parts once unpacked: a small file may unpack to any size.
    pub xlsx_unpacked_bytes: u64,
    /// Rows of one sheet; Excel itself ends at 1,048,576.
    pub xlsx_rows: u64,
    /// Different keys in one file. Each takes about 24 bytes of memory, which is how a key that comes
    /// twice is found.
    pub keys: usize,
    /// Bytes of a mapping file.
    pub mapping_bytes: usize,
    /// Operations of one batch: what is written together or not at all.
    pub batch: usize,
    /// Examples in the report for one reason.
    pub examples: usize,
    /// Different reasons in the report; further ones are counted together.
    pub reasons: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            row_bytes: 4 << 20,
            cell_bytes: 1 << 20,
            columns: 5_000,
            xlsx_bytes: 256 << 20,
            xlsx_unpacked_bytes: 2 << 30,
            xlsx_rows: 1_048_576,
            keys: 50_000_000,
            mapping_bytes: 1 << 20,
            batch: 1_000,
            examples: 5,
            reasons: 200,
        }
    }
}

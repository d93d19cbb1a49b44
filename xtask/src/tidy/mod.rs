//! What the compiler does not check: who may know whom, how long a file may grow, what a module may be called.

mod edges;
mod files;
mod members;

use std::path::Path;

use anyhow::{Result, bail};
pub(crate) use members::write as reference;

/// Checks the house and prints every fault.
pub(crate) fn tidy(root: &Path) -> Result<()> {
    let mut faults = edges::check(root)?;
    faults.extend(files::check(root)?);
    faults.extend(members::check(root)?);
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} things are untidy", faults.len());
    }
    println!("tidy");
    Ok(())
}

//! The way in for the owner of the installation, on its own machine: a socket in the data directory that
//! nobody else can open. There a server answers the admin API without a credential, and `freehold operate`
//! asks it; where no server runs, the command answers itself from the same routes.

mod ask;
mod socket;

use std::path::{Path, PathBuf};

pub(crate) use ask::Admin;
pub(crate) use socket::{Socket, serve};

/// The header that names who asks. Whoever can open the socket is the owner and may name themselves.
const USER: &str = "x-freehold-user";

/// The directory of the socket, for its owner's eyes.
fn directory(data: &Path) -> PathBuf {
    data.join("local")
}

fn path(data: &Path) -> PathBuf {
    directory(data).join("admin.sock")
}

//! Pebble, Let's Encrypt's certificate authority for tests: installed, or installed now.

use anyhow::Result;

use crate::debian;

/// Makes sure that the tests find the authority and its name server. Says where they are.
pub(crate) fn at_hand() -> Result<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there =
        |program: &str| std::env::split_paths(&path).any(|directory| directory.join(program).exists());
    if there("pebble") && there("pebble-challtestsrv") {
        return Ok("installed".into());
    }
    let hint = "Install pebble and pebble-challtestsrv: github.com/letsencrypt/pebble";
    debian::install(&["pebble"], "The tests need Pebble, an ACME server.", hint)?;
    Ok("installed just now".into())
}

//! Where an address lies: asked of a function that is handed in.

use std::pin::Pin;
use std::sync::Arc;

use dictionary::Point;

use crate::Door;
use crate::request::Asked;

/// An address as a request writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    /// House number and street, with whatever stands beside them.
    pub street: String,
    /// City.
    pub city: String,
    /// State, as its code or name.
    pub state: String,
    /// ZIP code, of five digits or nine.
    pub zip: String,
}

/// Where an address lies, and how that was found (PAR-123).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Located {
    /// The place.
    pub point: Point,
    /// How it was found: `address`, `street`, `zip`. It goes into the header X-Geocode-Accuracy.
    pub accuracy: &'static str,
}

/// Finds addresses. It may ask another server, and so is waited for.
pub type Locate = Arc<dyn Fn(Address) -> Pin<Box<dyn Future<Output = Option<Located>> + Send>> + Send + Sync>;

impl Door {
    /// Where the address of a request lies.
    pub(crate) async fn locate(&self, asked: &Asked) -> Option<Located> {
        let text = |name: &str| asked.text(name).map(ToString::to_string).unwrap_or_default();
        let address =
            Address { street: text("Address"), city: text("City"), state: text("State"), zip: text("Zip") };
        let locate = self.locate.as_ref()?;
        locate(address).await
    }
}

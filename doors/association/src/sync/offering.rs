//! Whether anything is offered at an instant: pure, and the same for every route that asks.

use dictionary::Timestamp;
use odata::Fault;

use crate::{Integration, IntegrationSetting, Kind, State};

/// Why nothing is offered now; none where changes are (AMS-010, AMS-015).
///
/// A pause and a block collect: the window of the next pull begins where the last acknowledged one ended.
#[must_use]
pub(crate) fn silent(of: &Integration, setting: &IntegrationSetting, now: Timestamp) -> Option<Fault> {
    let conflict = |code, message: String, hint| Some(Fault::new(409, code, message, hint));
    if of.kind == Kind::Sso {
        let message = "A single sign-on is told of nobody.".to_owned();
        return conflict("kind_offers_nothing", message, "Pull the integration of kind MLS, M1 or Lockbox.");
    }
    match of.state {
        State::Closed => {
            let message = "The integration is closed.".to_owned();
            return conflict("integration_closed", message, "Nothing is offered any more.");
        }
        State::Paused | State::Blocked => {
            let message = format!("The integration is {}.", of.state.name().to_lowercase());
            let hint = "Changes are collected, and offered in their order once it goes on.";
            return conflict("integration_paused", message, hint);
        }
        _ => {}
    }
    if !setting.sync {
        let message = format!("Sync is off in {}.", setting.environment.name().to_lowercase());
        return conflict("sync_off", message, "Staff turn it on: SyncYN of the environment's settings.");
    }
    match setting.go_live {
        Some(from) if from <= now => None,
        Some(from) => {
            let message = format!("The integration goes live at {from}; nothing is offered before.");
            conflict("not_live_yet", message, "Pull from then on.")
        }
        None => {
            let message = "Nobody has said when the integration goes live.".to_owned();
            conflict("not_live_yet", message, "Nothing is offered until its go-live.")
        }
    }
}

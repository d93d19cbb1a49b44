//! A user's own words of themselves: fields that they have changed here and that no import overwrites, and their
//! photo.

mod describe;
mod held;
mod photo;
mod photos;
mod profile;

pub(crate) use photos::PHOTOS;

use axum::extract::DefaultBodyLimit;
use dictionary::{Named, Record, Resource, Text};
use gate::{Caller, TenantRole};
use store::Stored;

use crate::Door;
use crate::reply::Refused;
use crate::route::{Handled, Line, delete, get, line, patch, put};
use crate::tenant::{Right, Tenant};

/// The routes of people.
pub(crate) fn routes() -> Vec<Line> {
    vec![
        line("/lockbox/{environment}/tenants/{tenant}/users/{user}", patch(profile::edit), describe::edit),
        line("/lockbox/{environment}/tenants/{tenant}/users/{user}/held", get(held::list), describe::held),
        line(
            "/lockbox/{environment}/tenants/{tenant}/users/{user}/held/{field}",
            delete(held::release),
            describe::release,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/users/{user}/photo",
            get(photos::show),
            describe::photo,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/users/{user}/photo",
            large(put(photos::upload)),
            describe::upload_photo,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/user-photos/{file}",
            large(put(photos::import)),
            describe::import_photo,
        ),
    ]
}

/// A route that takes a photo.
fn large((method, handler): Handled) -> Handled {
    (method, handler.layer(DefaultBodyLimit::max(photo::LARGEST)))
}

/// A user as the lockbox keeps them, and the member that they are.
pub(crate) struct Person {
    pub(crate) user: Stored,
    pub(crate) member: Option<Stored>,
}

impl Person {
    /// The fields that the user holds.
    pub(crate) fn held(&self, own: &Resource) -> Vec<Text> {
        Named { own, record: &self.user.record }.texts("HeldFields")
    }
}

impl Door {
    /// A user of this tenant, where it is the caller's own record or the caller has this right. One of another
    /// tenant, and one that is not the caller's to see, is not there.
    pub(crate) async fn person(
        &self,
        caller: &Caller,
        tenant: &Tenant,
        (id, right): (&str, Right),
    ) -> Result<Person, Refused> {
        let own = self.dictionary.known("LockboxUser");
        let mut roles = caller.roles(&tenant.id, tenant.environment);
        let oneself = roles.any(|role| matches!(role, TenantRole::User(user) if user == id));
        let found = match oneself || self.may(caller, &tenant.id, tenant.environment, right) {
            true => self.store.get(own.id, id).await?,
            false => None,
        };
        let of_tenant = |record: &Record| {
            let named = Named { own, record };
            named.text("TenantId").as_ref() == Some(&tenant.id)
                && named.text("FeedId").as_ref() == Some(&tenant.feed)
        };
        let user = found.filter(|found| of_tenant(&found.record)).ok_or_else(|| {
            Refused::new(
                404,
                "user_unknown",
                format!("There is no user {id}."),
                "…/users lists those that are yours to see.",
            )
        })?;
        let key = Named { own, record: &user.record }.text("MemberKey");
        let member = match key {
            Some(key) => self.store.get(self.dictionary.known("Member").id, &key).await?,
            None => None,
        };
        Ok(Person { user, member })
    }
}

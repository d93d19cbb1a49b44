//! The agents and offices that a listing names, said again in the listing as feeds do.

use dictionary::Text;

use crate::draft::Draft;

/// Who acts on one side of a listing.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub(crate) agent_key: Text,
    pub(crate) agent_mls_id: Text,
    pub(crate) national_id: Text,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) full: Text,
    pub(crate) email: Text,
    pub(crate) phone: Text,
    pub(crate) license: Text,
    pub(crate) association: &'static str,
    pub(crate) office_key: Text,
    pub(crate) office_mls_id: Text,
    pub(crate) office_name: Text,
    pub(crate) office_phone: Text,
}

/// A side of a listing: what its fields are called.
pub(crate) struct Side {
    agent: [&'static str; 10],
    office: [&'static str; 5],
}

macro_rules! side {
    ($side:literal) => {
        Side {
            agent: [
                concat!($side, "AgentKey"),
                concat!($side, "AgentMlsId"),
                concat!($side, "AgentNationalAssociationId"),
                concat!($side, "AgentFirstName"),
                concat!($side, "AgentLastName"),
                concat!($side, "AgentFullName"),
                concat!($side, "AgentEmail"),
                concat!($side, "AgentDirectPhone"),
                concat!($side, "AgentStateLicense"),
                concat!($side, "AgentAOR"),
            ],
            office: [
                concat!($side, "OfficeKey"),
                concat!($side, "OfficeMlsId"),
                concat!($side, "OfficeName"),
                concat!($side, "OfficePhone"),
                concat!($side, "OfficeAOR"),
            ],
        }
    };
}

pub(crate) const LIST: Side = side!("List");
pub(crate) const CO_LIST: Side = side!("CoList");
pub(crate) const BUYER: Side = side!("Buyer");
pub(crate) const CO_BUYER: Side = side!("CoBuyer");

impl Party {
    /// Fifteen fields of this side.
    pub(crate) fn write(&self, side: &Side, draft: &mut Draft<'_>) {
        let [key, mls_id, national_id, first, last, full, email, phone, license, association] = side.agent;
        draft.put(key, self.agent_key.clone()).put(mls_id, self.agent_mls_id.clone());
        draft.put(national_id, self.national_id.clone()).word(first, self.first).word(last, self.last);
        draft.put(full, self.full.clone()).put(email, self.email.clone()).put(phone, self.phone.clone());
        draft.put(license, self.license.clone()).word(association, self.association);
        let [key, mls_id, name, phone, association] = side.office;
        draft.put(key, self.office_key.clone()).put(mls_id, self.office_mls_id.clone());
        draft.put(name, self.office_name.clone()).put(phone, self.office_phone.clone());
        draft.word(association, self.association);
    }
}

//! The words of the door's lookups, as types.

/// Declares an enumeration whose values are those of a lookup of `dictionary/freehold/lookups.tsv`.
macro_rules! words {
    ($(#[$about:meta])* $name:ident of $lookup:literal {
        $($(#[$one:meta])* $variant:ident = $word:literal),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $($(#[$one])* $variant),+
        }

        impl $name {
            /// Every one, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The lookup that lists them.
            pub const LOOKUP: &'static str = $lookup;

            /// As the lookup has it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The one of this name.
            #[must_use]
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl From<$name> for dictionary::Value {
            fn from(one: $name) -> Self {
                one.name().into()
            }
        }
    };
}

words! {
    /// What an integration leads to.
    Kind of "IntegrationKind" {
        /// A multiple listing service, which pulls.
        Mls = "MLS",
        /// The successor of NRDS, to which primary members are pushed.
        M1 = "M1",
        /// A maker of lockboxes.
        Lockbox = "Lockbox",
        /// A single sign-on.
        Sso = "SSO",
    }
}

words! {
    /// Where an integration stands between its beginning and its end.
    State of "IntegrationState" {
        /// Written down; nobody has begun.
        Planned = "Planned",
        /// The people know of each other.
        Kickoff = "Kickoff",
        /// The vendor's files are here.
        DataFilesReceived = "Data Files Received",
        /// Every value of the files has its code.
        Mapped = "Mapped",
        /// The files are in staging, and those who know them have looked.
        StagingImportVerified = "Staging Import Verified",
        /// The vendor has pulled a test.
        TestSyncPassed = "Test Sync Passed",
        /// The instant is agreed.
        GoLiveScheduled = "Go Live Scheduled",
        /// Changes are offered.
        Live = "Live",
        /// Changes are collected.
        Paused = "Paused",
        /// Ended.
        Closed = "Closed",
        /// Waits for something outside; from where it came it goes on.
        Blocked = "Blocked",
    }
}

words! {
    /// What somebody is asked for in an onboarding.
    ContactRole of "TenantContactRole" {
        /// Leads the integration.
        Specialist = "Integration Specialist",
        /// Speaks for the association.
        Customer = "Customer",
        /// Speaks for the MLS or another vendor.
        Vendor = "Vendor",
        /// Looks after the association while it comes in.
        Onboarding = "Onboarding",
    }
}

words! {
    /// Which of an onboarding's tickets.
    TicketKind of "OnboardingTicketKind" {
        /// The migration as a whole.
        Main = "Main",
        /// What is talked about with the vendor.
        Vendor = "Vendor",
    }
}

words! {
    /// How a ticket stands.
    TicketState of "OnboardingTicketState" {
        /// Somebody works on it.
        InProgress = "In Progress",
        /// It waits for whoever moves the migration on.
        InReview = "In Review",
        /// Done.
        Closed = "Closed",
    }
}

words! {
    /// What a key opens.
    KeyAccess of "KeyAccess" {
        /// Nothing.
        None = "None",
        /// Reading.
        Read = "Read",
        /// Reading and writing.
        Write = "Write",
    }
}

words! {
    /// What a data file tells of.
    FileKind of "DataFileKind" {
        /// People.
        Agent = "Agent",
        /// Offices.
        Office = "Office",
    }
}

#[cfg(test)]
mod tests {
    use dictionary::{Dictionary, Version};

    use super::*;

    /// Each list of words is the dictionary's, to the letter.
    #[test]
    fn words_are_the_dictionarys() {
        let dictionary = Dictionary::standard(Version::V2_1);
        let same = |lookup: &str, ours: Vec<&str>| {
            let found = dictionary.lookups().iter().find(|known| known.name == lookup);
            let theirs: Vec<&str> =
                found.unwrap_or_else(|| panic!("{lookup}")).values.iter().map(|v| v.value.as_str()).collect();
            assert_eq!(ours, theirs, "{lookup}");
        };
        same(Kind::LOOKUP, Kind::ALL.iter().map(|one| one.name()).collect());
        same(State::LOOKUP, State::ALL.iter().map(|one| one.name()).collect());
        same(ContactRole::LOOKUP, ContactRole::ALL.iter().map(|one| one.name()).collect());
        same(TicketKind::LOOKUP, TicketKind::ALL.iter().map(|one| one.name()).collect());
        same(TicketState::LOOKUP, TicketState::ALL.iter().map(|one| one.name()).collect());
        same(KeyAccess::LOOKUP, KeyAccess::ALL.iter().map(|one| one.name()).collect());
        same(FileKind::LOOKUP, FileKind::ALL.iter().map(|one| one.name()).collect());
    }
}

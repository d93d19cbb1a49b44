//! Small numbers in place of names. They hold for one [`Dictionary`](crate::Dictionary) only and are
//! never written to disk: another version of the tables may number differently.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u16);

        impl $name {
            /// The number as an index into a list.
            #[must_use]
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }
    };
}

id!(
    /// A resource of the dictionary, such as Property.
    ResourceId
);
id!(
    /// A field within its resource: `FieldId(3)` of Property and of Member are different fields.
    FieldId
);
id!(
    /// A link (navigation property) within its resource.
    LinkId
);
id!(
    /// A named list of values, such as StandardStatus.
    LookupId
);

//! Rules of the demo's feed, so that a write may be refused and warned of as an MLS would.

use anyhow::{Result, anyhow};
use dictionary::Record;
use store::{Batch, Operation};

use crate::clock;
use crate::serve::House;

/// A rule: its key, field, action, expression, and what it says.
const RULES: [(&str, &str, &str, &str, &str); 3] = [
    ("demo-list-price", "ListPrice", "REJECT", "ListPrice < 0", "A list price is not negative."),
    ("demo-bedrooms", "BedroomsTotal", "REJECT", "BedroomsTotal < 0", "There are no fewer than no bedrooms."),
    (
        "demo-price-drop",
        "ListPrice",
        "WARNING",
        "LAST ListPrice != .EMPTY. .AND. ListPrice * 2 < LAST ListPrice",
        "The list price is less than half of what it was.",
    ),
];

/// Writes the rules; where they are there already nothing changes.
pub(super) async fn rules(house: &House, feed: &str) -> Result<()> {
    let own = house.dictionary.known("Rules");
    let mut batch = Batch::new("demo", clock::now());
    for (order, (key, field, action, expression, says)) in (1_i64..).zip(RULES) {
        let mut record = Record::new(own.id);
        let mut set = |name: &str, value: dictionary::Value| -> Result<()> {
            record.set(own.find(name).ok_or_else(|| anyhow!("Rules has no {name}"))?, value);
            Ok(())
        };
        set("RuleKey", key.into())?;
        set("ResourceName", "Property".into())?;
        set("FieldName", field.into())?;
        set("RuleAction", action.into())?;
        set("RuleExpression", expression.into())?;
        set("RuleOrder", order.into())?;
        set(if action == "WARNING" { "RuleWarningText" } else { "RuleErrorText" }, says.into())?;
        let stamp = Some(batch.at);
        batch.operations.push(Operation::Put {
            feed: feed.into(),
            record,
            expect: store::Expect::Any,
            stamp,
        });
    }
    house.store.write(batch).await?;
    Ok(())
}

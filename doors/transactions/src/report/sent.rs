//! The members of a report that rules are about, as they are sent.

use dictionary::{Text, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::amount::{SentMoney, decimal};
use super::{Entry, Money, Report};

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    object: Transaction<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Transaction<'a> {
    identifier: Identifier,
    #[serde(borrow)]
    additional_property: Additional<'a>,
    transaction_status: Option<String>,
    transaction_type: String,
    reporting_office: String,
    listing_office: Option<String>,
    buyer_office: Option<String>,
    purchase_contract_date: Option<String>,
    close_date: Option<String>,
    #[serde(borrow)]
    close_price: Option<SentMoney<'a>>,
    #[serde(rename = "totalSalesProductionGCI", borrow)]
    gci: SentMoney<'a>,
    #[serde(rename = "totalSalesProductionGCIDeduction", borrow)]
    deduction: SentMoney<'a>,
    referral: Option<Referral>,
    #[serde(default, borrow)]
    transaction_entry: Vec<SentEntry<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identifier {
    bms_transaction_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Additional<'a> {
    #[serde(borrow)]
    batch_id: &'a RawValue,
    #[serde(borrow)]
    transaction_sequence: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Referral {
    additional_property: Option<ReferralFlags>,
}

#[derive(Deserialize)]
struct ReferralFlags {
    #[serde(rename = "isReferralYN")]
    is_referral: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentEntry<'a> {
    #[serde(borrow)]
    sales_production_unit: Option<&'a RawValue>,
    #[serde(rename = "salesProductionGCI", borrow)]
    gci: Option<SentMoney<'a>>,
    recipient: Option<Recipient>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    role_name: Option<String>,
    id: Option<String>,
    #[serde(rename = "@id")]
    linked_id: Option<String>,
    identifier: Option<AgentIdentifier>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AgentIdentifier {
    bms_agent_id: Option<String>,
}

pub(super) fn read(data: &str) -> Result<Report, String> {
    let Data { object: sent } = serde_json::from_str(data).map_err(|error| error.to_string())?;
    let entries = sent.transaction_entry.iter().map(entry).collect::<Result<_, _>>()?;
    let money = |sent: &Option<SentMoney<'_>>| sent.as_ref().map(SentMoney::read).transpose();
    let flags = sent.referral.and_then(|referral| referral.additional_property);
    let whole = |digits: &RawValue| decimal(digits.get()).ok_or_else(|| digits.get().to_owned());
    let sequence = whole(sent.additional_property.transaction_sequence)?;
    Ok(Report {
        transaction: sent.identifier.bms_transaction_id.into(),
        sequence: u64::try_from(sequence).map_err(|_| sequence.to_string())?,
        batch: whole(sent.additional_property.batch_id)?.normalize().to_string().into(),
        status: text(sent.transaction_status),
        kind: sent.transaction_type.into(),
        reporting_office: sent.reporting_office.into(),
        listing_office: text(sent.listing_office),
        buyer_office: text(sent.buyer_office),
        contract_date: instant(sent.purchase_contract_date.as_deref()),
        close_date: instant(sent.close_date.as_deref()),
        close_price: money(&sent.close_price)?,
        gci: sent.gci.read()?,
        deduction: sent.deduction.read()?,
        referral: flags.and_then(|flags| flags.is_referral).as_deref() == Some("Y"),
        entries,
    })
}

fn entry(sent: &SentEntry<'_>) -> Result<Entry, String> {
    let units = sent.sales_production_unit.map(RawValue::get);
    let gci: Option<Money> = sent.gci.as_ref().map(SentMoney::read).transpose()?;
    let recipient = sent.recipient.as_ref();
    let agent = recipient.and_then(|recipient| {
        let of_producer = || recipient.identifier.as_ref().and_then(|known| known.bms_agent_id.as_ref());
        recipient.id.as_ref().or(recipient.linked_id.as_ref()).or_else(of_producer)
    });
    Ok(Entry {
        agent: agent.map(Text::from),
        role: recipient.and_then(|recipient| recipient.role_name.as_ref()).map(Text::from),
        units: units.map(|digits| decimal(digits).ok_or_else(|| digits.to_owned())).transpose()?,
        gci,
    })
}

fn text(sent: Option<String>) -> Option<Text> {
    sent.map(Text::from)
}

/// The schema has checked the format; a leap second alone passes it and is none of jiff's instants.
fn instant(sent: Option<&str>) -> Option<Timestamp> {
    sent?.parse().ok()
}

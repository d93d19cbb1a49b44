//! `"ListAgent@odata.bind": "Member('A1')"`: a link tied by address (OData JSON 4.01, 8.5).

use dictionary::{Dictionary, FieldId, Resource, Text, Type, Value};

use crate::Fault;
use crate::url::decode;

/// The link that the name of such a member speaks of, in the forms of 4.0 and 4.01.
pub(super) fn link_of(name: &str) -> Option<&str> {
    name.strip_suffix("@odata.bind").or_else(|| name.strip_suffix("@bind"))
}

/// The field that ties the link, and the value that ties it to this address. What a record links to it knows by
/// its key, so that a link to one record whose key is text can be tied, and any other is not offered (501).
pub(super) fn tie(
    dictionary: &Dictionary,
    resource: &Resource,
    link: &str,
    address: Option<&str>,
) -> Result<(FieldId, Value), Fault> {
    let Some(id) = resource.find_link(link) else {
        let message = format!("{} has no link {}.", resource.name, crate::text::shown(link));
        let hint = format!("See $metadata for the navigation properties of {}.", resource.name);
        return Err(Fault::bad("unknown_field", message, hint));
    };
    let link = resource.link(id);
    let target = dictionary.resource(link.target);
    let source = resource.field(link.join.source);
    let by_key = *target.key == [link.join.target] && link.join.constant.is_none();
    if link.many || !by_key || !matches!(source.ty, Type::Text { .. }) {
        let message = format!("{} is not tied by address here.", link.name);
        let hint = match link.many {
            true => format!("Send the records of {}, each with the key of this one.", target.name),
            false => format!("Send {}.", source.name),
        };
        return Err(Fault::new(501, "not_supported", message, hint));
    }
    let key = address.and_then(|address| key_in(address, &target.name));
    let key = key.ok_or_else(|| {
        let message = format!("{} is tied to the address of a record of {}.", link.name, target.name);
        Fault::bad(
            "wrong_type",
            message,
            format!("Write \"{}('its key')\", or send {}.", target.name, source.name),
        )
    })?;
    Ok((link.join.source, Value::Text(key)))
}

/// The key in an address of a record of this resource: relative, from the root, or whole.
pub(super) fn key_in(address: &str, resource: &str) -> Option<Text> {
    let open = format!("{resource}('");
    let at = if address.starts_with(&open) { 0 } else { address.find(&format!("/{open}"))? + 1 };
    let quoted = address[at + open.len()..].strip_suffix("')")?;
    let quoted = decode(quoted, 0, false).ok()?.text;
    let key = quoted.replace("''", "\u{0}");
    // A quote by itself would end the text before its end.
    let whole = !key.is_empty() && !key.contains('\'');
    whole.then(|| Text::from(key.replace('\u{0}', "'")))
}

//! What a vendor says that it has: `$metadata`, and the values of its lookups.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::vendor::{Brand, Reply, Vendor};
use crate::world::KEYS;

/// How a source tells which values its lookups have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lookups {
    /// As enumerations of its `$metadata`.
    Enumerations,
    /// As records of the resource Lookup, two a page.
    Records,
}

impl Vendor {
    pub(crate) fn metadata(&self) -> Reply {
        let mut types = String::new();
        let mut sets = String::new();
        for (resource, key) in KEYS {
            let own = if resource == "Property" {
                vec![
                    ("ListPrice", "Edm.Decimal"),
                    ("PhotosChangeTimestamp", "Edm.DateTimeOffset"),
                    ("PhotosCount", "Edm.Int32"),
                ]
            } else {
                vec![("MemberFullName", "Edm.String")]
            };
            let mut fields = vec![
                (key, "Edm.String"),
                ("ModificationTimestamp", "Edm.DateTimeOffset"),
                ("OriginatingSystemName", "Edm.String"),
                ("MlgCanView", "Edm.Boolean"),
            ];
            fields.extend(own);
            fields.extend((resource == "Property").then_some(("X_View", "Edm.String")));
            for (name, ty) in self.declares.iter().filter(|_| resource == "Property") {
                fields.retain(|(known, _)| known != name);
                if !ty.is_empty() {
                    fields.push((name, ty));
                }
            }
            let fields: String = fields
                .iter()
                .map(|(name, ty)| format!("<Property Name=\"{name}\" Type=\"{ty}\"/>"))
                .collect();
            types.push_str(&format!("<EntityType Name=\"{resource}\">{fields}</EntityType>"));
            sets.push_str(&format!("<EntitySet Name=\"{resource}\" EntityType=\"x.{resource}\"/>"));
        }
        if self.brand == Brand::Plain(true) {
            types.push_str("<EntityType Name=\"EntityEvent\"><Property Name=\"EntityEventSequence\" Type=\"Edm.Int64\"/></EntityType>");
            sets.push_str("<EntitySet Name=\"EntityEvent\" EntityType=\"x.EntityEvent\"/>");
        }
        match self.lookups.0 {
            Lookups::Enumerations => {
                for (lookup, value) in &self.lookups.1 {
                    types.push_str(&format!(
                        "<EnumType Name=\"{lookup}\"><Member Name=\"{value}\"/></EnumType>"
                    ));
                }
            }
            Lookups::Records => {
                types.push_str("<EntityType Name=\"Lookup\"><Property Name=\"LookupKey\" Type=\"Edm.String\"/></EntityType>");
                sets.push_str("<EntitySet Name=\"Lookup\" EntityType=\"x.Lookup\"/>");
            }
        }
        let body = format!(
            "<edmx:Edmx><edmx:DataServices><Schema>{types}<EntityContainer>{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"
        );
        Reply { status: 200, body: body.into_bytes(), link: None, after: None, html: false }
    }

    pub(crate) fn lookup_records(&self, options: &HashMap<String, String>) -> Reply {
        const PAGE: usize = 2;
        let from = options.get("$skip").map_or(0, |skip| skip.parse().unwrap());
        let page = self.lookups.1.iter().enumerate().skip(from).take(PAGE);
        let rows: Vec<Value> = page
            .map(|(at, (lookup, value))| json!({ "LookupKey": at.to_string(), "LookupName": lookup, "LookupValue": value }))
            .collect();
        let mut body = json!({ "value": rows });
        if from + PAGE < self.lookups.1.len() {
            body["@odata.nextLink"] =
                json!(format!("http://{}/odata/Lookup?$skip={}", self.address, from + PAGE));
        }
        Reply::json(200, &body)
    }
}

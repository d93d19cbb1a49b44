//! The fields that the rules know by name: what says how a listing, its photos and its open houses are shown.

use dictionary::{Dictionary, FieldId, Fields, LinkId, ResourceId, Timestamp, ValueRef};
use query::{Comparison, Expr, FieldRef, Function, LinkRef, Over, Quantifier, Quantity};
use search::{Reader, Row, RowView};

use super::scene::{Display, Rows, Scene};

/// Fields and links by their ids.
pub(super) struct Known {
    pub(super) property: ResourceId,
    pub(super) media: ResourceId,
    pub(super) open_house: ResourceId,
    pub(super) media_link: LinkId,
    pub(super) open_houses: LinkId,
    pub(super) listing: LinkId,
    entire_display: FieldId,
    address_display: FieldId,
    latitude: FieldId,
    longitude: FieldId,
    pub(super) close_price: FieldId,
    pub(super) media_category: FieldId,
    order: FieldId,
    pub(super) media_stamp: FieldId,
    pub(super) open_status: FieldId,
    pub(super) open_type: FieldId,
    pub(super) open_start: FieldId,
    pub(super) open_end: FieldId,
    pub(super) room_description: FieldId,
    pub(super) room_dimensions: FieldId,
    pub(super) room_level: FieldId,
    pub(super) room_area: FieldId,
    pub(super) room_area_units: FieldId,
    pub(super) units_total: FieldId,
    /// By resource: what says when this installation took a record in.
    taken_in: Vec<Option<FieldId>>,
}

/// What a photo is called among media.
const PHOTO: &str = "Photo";
/// The open houses that anybody may come to.
const PUBLIC: [&str; 2] = ["Livestream Public", "Public"];
/// The open houses that will not be, or are over, whatever their hours say.
const OFF: [&str; 2] = ["Canceled", "Ended"];

impl Known {
    pub(super) fn bind(dictionary: &Dictionary) -> Self {
        let field = |resource: &str, name: &str| {
            let found = dictionary.known(resource).find(name);
            found.unwrap_or_else(|| panic!("the dictionary has no {resource}.{name}"))
        };
        let link = |resource: &str, name: &str| {
            let found = dictionary.known(resource).find_link(name);
            found.unwrap_or_else(|| panic!("the dictionary has no link {resource}.{name}"))
        };
        let (property, media, open) = ("Property", "Media", "OpenHouse");
        let (rooms, units) = ("PropertyRooms", "PropertyUnitTypes");
        Self {
            property: dictionary.known(property).id,
            media: dictionary.known(media).id,
            open_house: dictionary.known(open).id,
            media_link: link(property, "Media"),
            open_houses: link(property, "OpenHouses"),
            listing: link(open, "Listing"),
            entire_display: field(property, "InternetEntireListingDisplayYN"),
            address_display: field(property, "InternetAddressDisplayYN"),
            latitude: field(property, "Latitude"),
            longitude: field(property, "Longitude"),
            close_price: field(property, "ClosePrice"),
            media_category: field(media, "MediaCategory"),
            order: field(media, "Order"),
            media_stamp: field(media, "MediaModificationTimestamp"),
            open_status: field(open, "OpenHouseStatus"),
            open_type: field(open, "OpenHouseType"),
            open_start: field(open, "OpenHouseStartTime"),
            open_end: field(open, "OpenHouseEndTime"),
            room_description: field(rooms, "RoomDescription"),
            room_dimensions: field(rooms, "RoomDimensions"),
            room_level: field(rooms, "RoomLevel"),
            room_area: field(rooms, "RoomArea"),
            room_area_units: field(rooms, "RoomAreaUnits"),
            units_total: field(units, "UnitTypeUnitsTotal"),
            taken_in: dictionary.resources().iter().map(|own| own.hub_fields().modification).collect(),
        }
    }

    pub(super) fn taken_in(&self, resource: ResourceId) -> Option<FieldId> {
        self.taken_in[resource.index()]
    }

    /// Whether address and place of a record are shown: those of a listing as it says, whatever of it is
    /// hidden from whoever asks; those of any other record always.
    pub(super) fn display(&self, resource: ResourceId, view: &RowView<'_>) -> Display {
        if resource != self.property {
            return Display { address: true, map: true };
        }
        let refused = |field| view.look(field) == Some(ValueRef::Boolean(false));
        let address = !refused(self.address_display);
        let placed = view.look(self.latitude).is_some() && view.look(self.longitude).is_some();
        Display { address, map: address && placed && !refused(self.entire_display) }
    }

    /// The filter that finds the listings whose place may be shown on a map.
    pub(super) fn on_map(&self) -> Expr {
        let shown = |field| Expr::compare(field, Comparison::NotEqual, false);
        shown(self.address_display).and(shown(self.entire_display))
    }

    /// Whether the place of the listing of an open house may be told of at all on the Internet.
    pub(super) fn allows_idx(&self, reader: &Reader<'_>, row: Row) -> bool {
        reader.view(self.property, row).look(self.entire_display) != Some(ValueRef::Boolean(false))
    }

    /// The photos of a listing, in their order. Media that do not say what they are are photos.
    pub(super) fn photos(&self, scene: &Scene<'_>) -> Rows {
        let media = scene.linked(self.media_link);
        let order_of = |row: &Row| {
            let view = scene.look.reader.view(self.media, *row);
            match view.look(self.media_category) {
                None | Some(ValueRef::Text(PHOTO)) => {}
                Some(_) => return None,
            }
            let Some(ValueRef::Integer(order)) = view.look(self.order) else { return Some((i64::MAX, *row)) };
            Some((order, *row))
        };
        let mut photos: Vec<(i64, Row)> = media.iter().filter_map(order_of).collect();
        // Linked rows come by their keys, which decide where the order does not.
        photos.sort_by_key(|(order, _)| *order);
        photos.into_iter().map(|(_, row)| row).collect()
    }

    /// Whether anybody may come: a type that is not stated says nothing against it.
    pub(super) fn is_public(&self, open_house: &impl Fields) -> bool {
        match open_house.look(self.open_type) {
            Some(ValueRef::Text(kind)) => PUBLIC.contains(&kind),
            _ => true,
        }
    }

    /// Whether it is to be: a status that is not stated says nothing against it.
    pub(super) fn is_on(&self, open_house: &impl Fields) -> bool {
        !matches!(open_house.look(self.open_status), Some(ValueRef::Text(status)) if OFF.contains(&status))
    }

    /// When an open house that is to be ends, where that is to come.
    pub(super) fn active_until(&self, open_house: &impl Fields, now: Timestamp) -> Option<Timestamp> {
        match open_house.look(self.open_end) {
            Some(ValueRef::Timestamp(end)) if end > now && self.is_on(open_house) => Some(end),
            _ => None,
        }
    }

    /// The filter that finds listings with a public open house that is active (PAR-110).
    pub(super) fn has_open_house(&self) -> Expr {
        let field = |field| Box::new(Expr::Field(FieldRef { scope: 1, via: [].into(), field }));
        let words = |words: &[&str]| words.iter().map(|word| Expr::Value((*word).into())).collect::<Vec<_>>();
        let mut public = words(&PUBLIC);
        public.push(Expr::Null);
        let now = Expr::Call(Function::Now, Vec::new());
        let body = Expr::And(vec![
            Expr::Compare(Comparison::Greater, field(self.open_end), Box::new(now)),
            Expr::Not(Box::new(Expr::In(field(self.open_status), words(&OFF)))),
            Expr::In(field(self.open_type), public),
        ]);
        let over = Over::Link(LinkRef { scope: 0, via: [].into(), link: self.open_houses });
        Expr::Quantified(Box::new(Quantifier { quantity: Quantity::Any, over, body: Some(body) }))
    }
}

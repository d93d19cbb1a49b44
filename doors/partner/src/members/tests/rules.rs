//! What each rule makes of records.

use super::*;

/// What a member is of these records.
fn check(records: &[&str], member: &str, expect: Json) {
    let town = Town::written(records);
    let object = town.object(Kind::Details, "L", &full(&town.dictionary));
    assert_eq!(object[member], expect, "{member} of {records:?}");
}

/// The same of a listing alone.
fn of(fields: &str, member: &str, expect: impl Into<Json>) {
    check(&[&format!("Property: {fields}")], member, expect.into());
}

#[test]
fn numbers_are_rounded_half_up_and_kept_within_their_type() {
    of("ListPrice=449999.50", "Price", 450_000);
    of("ListPrice=449999.49", "Price", 449_999);
    of("ListPrice=2147483647", "Price", 2_147_483_647);
    of("ListPrice=2147483648", "Price", Json::Null);
    of("ListPrice=0", "Price", 0);
    of("", "Price", Json::Null);
    of("BedroomsTotal=3", "Beds", 3);
    of("BedroomsTotal=40000", "Beds", Json::Null);
    of("FireplacesTotal=2", "FireplaceCount", "2");
    of("GarageSpaces=2.50", "GarageSpaces", 2.5);
    of("Latitude=47.5112; Longitude=-122.257", "Latitude", 47.5112);
    of("TaxAnnualAmount=4210.00", "Taxes", "4210");
    of("TaxAnnualAmount=4210.05", "Taxes", "4210.05");
    of("YearBuilt=1987", "YearBuilt", "1987");
    of("ListPrice=525000; LivingArea=1800", "PricePerSqft", 291.67);
    of("ListPrice=525000; LivingArea=0", "PricePerSqft", Json::Null);
    of("ListPrice=525000", "PricePerSqft", Json::Null);
}

#[test]
fn instants_say_utc_and_days_have_no_zone() {
    of("CloseDate=2026-03-01", "SaleDate", "2026-03-01T00:00:00");
    of(
        "StatusChangeTimestamp=2026-03-01T05:06:07.890Z",
        "LastListingStatusChangeDate",
        "2026-03-01T05:06:07.890Z",
    );
    of("OnMarketDate=2026-03-01", "ListDate", "2026-03-01T00:00:00");
    of("OnMarketDate=2026-03-01; ListingContractDate=2026-02-01", "ListDate", "2026-02-01T00:00:00");
    of("", "ListDate", Json::Null);
    of("ModificationTimestamp=2026-03-01T05:06:07Z", "MlsModificationTimestamp", "2026-03-01T05:06:07Z");
    // The MLS's own stamp is never null: where there is none it is when the listing was taken in.
    of("", "MlsModificationTimestamp", NOW);
    of("ModificationTimestamp=2026-03-01T05:06:07Z", "MlsUpdateDate", NOW);
}

#[test]
fn lists_are_joined_and_picked_from() {
    of("Cooling=Central Air|Heat Pump", "Air", "Central Air, Heat Pump");
    of("Cooling=Central Air|Our Own Word", "AirSearch", "Central Air");
    of("Cooling=", "Air", "");
    of("Heating=Forced Air|Natural Gas|Zoned", "HeatingDelivery", "Forced Air, Zoned");
    of("Heating=Forced Air|Natural Gas|Zoned", "HeatingSource", "Natural Gas");
    of("Sewer=Public Sewer; WaterSource=Public", "Sewer", "Public Sewer, Public");
    of("OtherStructures=Storage; OtherEquipment=Compressor", "Other", "Compressor");
    of("ParkingFeatures=Attached|Driveway|Gravel", "Garage", "Attached");
    of("ParkingFeatures=Attached|Driveway|Gravel", "DrivewayDescription", "Driveway, Gravel");
    of("ExteriorFeatures=Dock; OtherStructures=Boat House", "BoatAmenities", "Dock, Boat House");
    of("Utilities=Cable Available|Sewer Connected", "AvailableUtilities", "Cable Available");
    of("Utilities=Cable Available|Sewer Connected", "OnsiteUtilities", "Sewer Connected");
    of("LotFeatures=Front Yard|Level", "LandscapeFrontDesc", "Front Yard");
    of("MainLevelBathrooms=2", "BathsLocation", "2 on main level");
    of("PropertySubType=Condominium; AssociationFee=310", "CondoFee", "310");
    of("PropertySubType=Townhouse; AssociationFee=310", "CondoFee", "");
    of("PropertySubType=Townhouse; AssociationFee=310", "HoaFee", "310");
    of("ListPrice=500000; ListPriceLow=450000", "ListPriceHigh", 500_000);
    of("ListPrice=500000", "ListPriceHigh", Json::Null);
    of("InternetConsumerCommentYN=false", "CommentAllowed", "N");
    of("", "CommentAllowed", "");
}

/// PAR-205
#[test]
fn par_205_partial_baths_are_summed() {
    let sum = "BathroomsHalf=1; BathroomsThreeQuarter=2; BathroomsOneQuarter=1";
    of(sum, "BathsPartial", 4);
    of("BathroomsHalf=1; BathroomsPartial=3", "BathsPartial", 1);
    of("BathroomsPartial=3", "BathsPartial", 3);
    of("", "BathsPartial", Json::Null);
    of("BathroomsFull=2; BathroomsHalf=1; BathroomsTotalInteger=3", "BathsTotal", 2.5);
    of("BathroomsFull=2; BathroomsHalf=1; BathroomsThreeQuarter=1; BathroomsOneQuarter=1", "BathsTotal", 3.5);
    of("BathroomsFull=2; BathroomsHalf=0; BathroomsTotalInteger=3", "BathsTotal", 2);
    of("BathroomsFull=2; BathroomsTotalInteger=3", "BathsTotal", 3);
    of("BathroomsHalf=1; BathroomsTotalInteger=3", "BathsTotal", 3);
    of("BathroomsFull=2", "BathsTotal", 2);
    of("BathroomsHalf=2", "BathsTotal", Json::Null);
}

#[test]
fn areas_are_told_in_feet_and_acres() {
    of("LivingArea=1840", "SquareFeet", "1840");
    of("LivingArea=1840.50; LivingAreaUnits=Square Feet", "SquareFeet", "1840.5");
    of("LivingArea=100; LivingAreaUnits=Square Meters", "SquareFeet", "1076");
    of("BuildingAreaTotal=5200", "SquareFeet", "5200");
    of("AboveGradeFinishedArea=1200.5", "AboveGroundSqFt", 1201);
    of("AboveGradeFinishedArea=1200; BelowGradeFinishedArea=640", "FinishedSquareFeet", 1840);
    of("LotSizeAcres=0.23", "AcreSearch", 0.23);
    of("LotSizeAcres=0.23", "Acres", "0.23");
    of("LotSizeSquareFeet=10000", "AcreSearch", 0.2296);
    of("LotSizeArea=2; LotSizeUnits=Acres", "AcreSearch", 2);
    of("LotSizeArea=43560; LotSizeUnits=Square Feet", "AcreSearch", 1);
    of("LotSizeArea=10000; LotSizeUnits=Square Meters", "AcreSearch", 2.4711);
    of("LotSizeArea=2", "AcreSearch", Json::Null);
    of("LotSizeDimensions=50 x 120", "FrontDimensions", "50");
    of("LotSizeDimensions=50 x 120", "LeftDimensions", "120");
}

#[test]
fn what_a_listing_has_is_told_of_any_of_its_fields() {
    of("CoolingYN=true", "HasAc", true);
    of("CoolingYN=false; Cooling=Central Air", "HasAc", true);
    of("Cooling=None", "HasAc", false);
    of("", "HasAc", false);
    of("PoolFeatures=Community", "HasPool", false);
    of("PoolFeatures=Community|In Ground", "HasPool", true);
    of("Basement=Crawl Space", "HasBasement", false);
    of("Basement=Crawl Space|Partial", "HasBasement", true);
    of("GarageSpaces=0", "HasGarage", false);
    of("GarageSpaces=2", "HasGarage", true);
    of("OtherStructures=Barn(s)", "HasBarn", true);
    of("HorseAmenities=Barn", "HasBarn", true);
    of("View=Mountain(s)|City", "HasMountainView", true);
    of("Exclusions=None", "HasExclusions", false);
    of("Exclusions=Chandelier", "HasExclusions", true);
    of("PetsAllowed=Call", "IsPetsAllowed", false);
    of("PetsAllowed=Cats OK", "IsPetsAllowed", true);
    of("Furnished=Partially", "IsFurnished", true);
    of("LotFeatures=Wooded", "IsTreedLot", true);
    of("NumberOfDriveInDoors=1", "IsDrivein", true);
}

#[test]
fn rooms_and_units_are_told_by_their_own_records() {
    let rooms = [
        "Property:",
        "PropertyRooms: RoomType=Master Bedroom; RoomLevel=Upper; RoomDimensions=14 x 12; RoomArea=168",
        "PropertyRooms: RoomType=Dining Room; RoomLevel=Main; RoomDescription=Bay window; RoomArea=110",
        "PropertyRooms: RoomType=Kitchen; RoomLevel=Main; RoomArea=10; RoomAreaUnits=Square Meters",
        "PropertyUnitTypes: UnitTypeBedsTotal=1; UnitTypeUnitsTotal=4",
        "PropertyUnitTypes: UnitTypeBedsTotal=1",
        "PropertyUnitTypes: UnitTypeBedsTotal=2; UnitTypeUnitsTotal=3",
    ];
    check(&rooms, "MasterBedroomDescription", "14 x 12, Upper".into());
    check(&rooms, "DiningRoomDescription", "Bay window, Main".into());
    check(&rooms, "HasDiningRoom", true.into());
    check(&rooms, "HasMasterOnMain", false.into());
    check(&rooms, "TotalAreaOnLevel1", 218.into());
    check(&rooms, "TotalAreaOnLevel2", 168.into());
    check(&rooms, "TotalAreaOnLevel3", 0.into());
    check(&rooms, "Num1BedroomUnits", 5.into());
    check(&rooms, "Num2BedroomUnits", 3.into());
    check(&rooms, "Num3BedroomUnits", Json::Null);
    let main = "PropertyRooms: RoomType=Master Bedroom; RoomLevel=Main";
    check(&["Property:", main], "HasMasterOnMain", true.into());
}

/// The words of the vocabularies (spec 2.8 for the statuses).
#[test]
fn words_are_the_vocabularies_own() {
    for (standard, word) in [
        ("Active", "Active"),
        ("Coming Soon", "Coming Soon"),
        ("Active Under Contract", "Contingent"),
        ("Pending", "Pending"),
        ("Closed", "Sold"),
        ("Hold", "Off Market"),
        ("Withdrawn", "Off Market"),
        ("Expired", "Off Market"),
        ("Canceled", "Off Market"),
        ("Delete", "Deleted"),
        ("Incomplete", ""),
    ] {
        of(&format!("StandardStatus={standard}"), "ListingStatusSearch", word);
    }
    of("StandardStatus=Active; MlsStatus=New", "ListingStatus", "New");
    of("StandardStatus=Active", "ListingStatus", "Active");
    of("PropertyType=Residential; PropertySubType=Condominium", "PropertyTypeSearch", "CONDO");
    of("PropertyType=Residential; PropertySubType=Single Family Residence", "PropertyTypeSearch", "SINGLE");
    of("PropertyType=Commercial Sale; PropertySubType=Condominium", "PropertyTypeSearch", "COMMERCIAL");
    of("PropertyType=Land", "PropertyTypeSearch", "LAND");
    of("PropertyType=Residential Lease", "PropertyTypeSearch", "RENTAL");
    of("PropertyType=Residential", "PropertyTypeSearch", "OTHER");
    of("", "PropertyTypeSearch", "");
    of("PropertyType=Residential; PropertySubType=Duplex", "PropertyType", "Residential, Duplex");
    of("SpecialListingConditions=Short Sale|Auction", "SaleType", "Short Sale");
    of("PropertyType=Residential Lease", "SaleType", "Lease");
    of("", "SaleType", "Resale/New");
    of("LandLeaseYN=true; Ownership=Fee Simple", "LandTenure", "Lease Hold");
    of("Ownership=Fee Simple", "LandTenure", "Free Hold");
    of("", "LandTenure", "");
    of("ArchitecturalStyle=Craftsman; Levels=Two", "StyleSearch", "Craftsman, 2 Stories");
    of("StoriesTotal=5", "StyleSearch", "3+ Stories");
}

#[test]
fn what_the_listing_lacks_is_taken_from_who_lists_it() {
    let people = [
        "Property: ListAgentFirstName=Ada; ListAgentLastName=Byron",
        "Member: MemberFullName=Ada King; MemberMobilePhone=1",
        "Office: OfficeName=Lake Realty; OfficePhone=206-555-0100",
    ];
    check(&people, "ListingAgent", "Ada Byron".into());
    check(&people, "ListingOffice", "Lake Realty".into());
    check(&people, "ListingOfficePhone", "206-555-0100".into());
    check(&people, "SellingOffice", "Lake Realty".into());
    check(&[&["Property:"], &people[1..]].concat(), "ListingAgent", "Ada King".into());
    check(&["Property:"], "ListingAgent", "".into());
}

/// Days are counted in UTC while a listing is on the market, and said to change with the day.
#[test]
fn days_on_market_go_on_until_it_leaves() {
    let check = |fields: &str, now: &str, days: i64, stale: Option<&str>| {
        let town = Town::written(&[&format!("Property: {fields}")]);
        let (object, until) =
            town.rendered(Kind::Summary, "L", &full(&town.dictionary), now.parse().unwrap());
        assert_eq!(object["DaysOnMarket"], days, "{fields} at {now}");
        assert_eq!(until, stale.map(|at| at.parse().unwrap()), "{fields} at {now}");
    };
    let active = "StandardStatus=Active; OnMarketDate=2026-11-20; DaysOnMarket=1";
    check(active, "2026-11-25T23:59:59Z", 5, Some("2026-11-26T00:00:00Z"));
    check(active, "2026-11-26T00:00:00Z", 6, Some("2026-11-27T00:00:00Z"));
    check(active, "2026-11-19T00:00:00Z", 0, Some("2026-11-20T00:00:00Z"));
    check("StandardStatus=Active; DaysOnMarket=7", NOW, 7, None);
    check(
        "StandardStatus=Active Under Contract; ListingContractDate=2026-11-24",
        NOW,
        1,
        Some("2026-11-26T00:00:00Z"),
    );
    check("StandardStatus=Closed; OnMarketDate=2026-11-20; DaysOnMarket=31", NOW, 31, None);
    check("StandardStatus=Closed", NOW, 0, None);
}

/// PAR-203, PAR-204
#[test]
fn par_204_photos_come_in_their_order_in_two_sizes() {
    let media = [
        "Property: PhotosCount=9; VirtualTourURLUnbranded=https://tour.example/1",
        "Media: MediaKey=b; MediaCategory=Photo; Order=2; MediaModificationTimestamp=2026-01-02T00:00:00Z",
        "Media: MediaKey=a/1; Order=1; MediaModificationTimestamp=2026-01-03T00:00:00Z",
        "Media: MediaKey=c; MediaCategory=Video; Order=0",
    ];
    // The version of the record: another picture has another address, and this one may be kept for a year.
    let url = |key: &str, size: &str, version: u8| {
        format!("https://hub.example/media/{key}/{size}.jpg?v={version}")
    };
    let photo = |sequence: i64, key: &str, version: u8| {
        let [normal, large] = ["normal", "large"].map(|size| url(key, size, version));
        serde_json::json!({ "Sequence": sequence, "NormalSizeUrl": normal, "LargeSizeUrl": large })
    };
    let tour = "https://tour.example/1";
    let expect = serde_json::json!({
        "PhotoCount": 2, "Photos": [photo(1, "a%2F1", 3), photo(2, "b", 2)], "VirtualTourUrl": tour,
    });
    check(&media, "Media", expect);
    check(&media, "ActualPhotoCount", 9.into());
    check(&media, "PhotoRetrievedDate", "2026-01-03T00:00:00Z".into());
}

#[test]
fn par_203_where_there_is_no_photo_none_was_retrieved() {
    let listing = "Property: PhotosChangeTimestamp=2026-01-05T00:00:00Z";
    check(&[listing], "PhotoRetrievedDate", Json::Null);
    check(&[listing, "Media: MediaCategory=Video"], "PhotoRetrievedDate", Json::Null);
    check(&[listing, "Media: MediaCategory=Photo"], "PhotoRetrievedDate", "2026-01-05T00:00:00Z".into());
    // Nobody says when: it was taken in now.
    check(&["Property:", "Media: MediaCategory=Photo"], "PhotoRetrievedDate", NOW.into());
    check(&[listing], "ActualPhotoCount", 0.into());
}

#[test]
fn open_houses_are_told_until_they_end() {
    let check = |house: &str, told: usize, has: bool, stale: Option<&str>| {
        let town = Town::written(&["Property:", &format!("OpenHouse: {house}")]);
        let (object, until) = town.rendered(Kind::Summary, "L", &full(&town.dictionary), town.now);
        assert_eq!(object["HasOpenHouse"], has, "{house}");
        assert_eq!(object["OpenHouses"].as_array().unwrap().len(), told, "{house}");
        assert_eq!(until, stale.map(|at| at.parse().unwrap()), "{house}");
        for one in object["OpenHouses"].as_array().unwrap() {
            assert_eq!(one["IsActive"], has, "{house}");
        }
    };
    let coming = "OpenHouseStartTime=2026-11-28T20:00:00Z; OpenHouseEndTime=2026-11-28T22:00:00Z";
    let over = "OpenHouseStartTime=2026-11-21T20:00:00Z; OpenHouseEndTime=2026-11-21T22:00:00Z";
    check(
        &format!("{coming}; OpenHouseStatus=Active; OpenHouseType=Public"),
        1,
        true,
        Some("2026-11-28T22:00:00Z"),
    );
    check(coming, 1, true, Some("2026-11-28T22:00:00Z"));
    check(&format!("{coming}; OpenHouseStatus=Canceled"), 0, false, None);
    check(&format!("{coming}; OpenHouseType=Broker"), 0, false, None);
    check(over, 1, false, None);
    check("OpenHouseStatus=Active", 1, false, None);
}

#[test]
fn people_and_open_houses_by_themselves() {
    let town = Town::written(&[
        "Property: ListingId=77; InternetEntireListingDisplayYN=false",
        "Member: MemberMlsId=A1; MemberFirstName=Ada; MemberLanguages=English|French",
        "Office: OfficeMlsId=O1; OfficeAddress1=1 Main St; OfficeAddress2=Suite 5; OfficePhone=9",
        "SocialMedia: ResourceName=Member; ResourceRecordKey=M; SocialMediaType=Website; SocialMediaUrlOrId=https://ada.example",
        "Media: ResourceName=Member; ResourceRecordKey=M; MediaCategory=Agent Photo; MediaURL=https://pic.example/a",
        "OpenHouse: OpenHouseType=Broker; OpenHouseEndTime=2026-11-28T22:00:00Z",
    ]);
    let dress = full(&town.dictionary);
    let agent = town.object(Kind::Agent, "M", &dress);
    for (member, expect) in [
        ("AgentId", "A1"),
        ("Language", "English, French"),
        ("OfficePhone", "9"),
        ("Url", "https://ada.example"),
        ("PhotoUrl", "https://pic.example/a"),
        ("Specialty", ""),
    ] {
        assert_eq!(agent[member], expect, "{member}");
    }
    assert_eq!(town.object(Kind::Office, "O", &dress)["Address"], "1 Main St Suite 5");
    let house = town.object(Kind::OpenHouse, "OpenHouse-5", &dress);
    assert_eq!(house["ListingId"], "77");
    assert_eq!(house["IsPublic"], false);
    assert_eq!(house["AllowIDX"], false);
    assert_eq!(house["IsActive"], true);
}

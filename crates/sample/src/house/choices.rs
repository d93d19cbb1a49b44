//! Words of the dictionary's lookups from which houses are put together.

use crate::Dice;

pub(super) const HEATING: [&[&str]; 8] = [
    &["Forced Air", "Natural Gas"],
    &["Forced Air", "Natural Gas"],
    &["Heat Pump", "Electric"],
    &["Baseboard", "Electric"],
    &["Ductless", "Electric"],
    &["Radiant Floor", "Hot Water"],
    &["Forced Air", "Oil"],
    &["Central", "Heat Pump"],
];
pub(super) const COOLING: [&[&str]; 4] =
    [&["Central Air"], &["Heat Pump"], &["Ductless"], &["Ceiling Fan(s)", "Window Unit(s)"]];
pub(super) const ROOFS: [&str; 7] =
    ["Composition", "Composition", "Composition", "Metal", "Tile", "Membrane", "Shingle"];
pub(super) const WATER_VIEWS: [&str; 6] = ["Lake", "Water", "Mountain(s)", "Marina", "Bay", "Panoramic"];
pub(super) const VIEWS: [&str; 10] = [
    "Mountain(s)",
    "Territorial",
    "Lake",
    "City",
    "City Lights",
    "Park/Greenbelt",
    "Skyline",
    "Valley",
    "Golf Course",
    "Panoramic",
];
pub(super) const INTERIOR: [&str; 14] = [
    "Ceiling Fan(s)",
    "Built-in Features",
    "Eat-in Kitchen",
    "Storage",
    "Pantry",
    "Walk-In Closet(s)",
    "Breakfast Bar",
    "High Speed Internet",
    "Laminate Counters",
    "Tile Counters",
    "Open Floorplan",
    "Natural Woodwork",
    "Bookcases",
    "Entrance Foyer",
];
pub(super) const RICH_INTERIOR: [&str; 16] = [
    "Crown Molding",
    "Coffered Ceiling(s)",
    "Granite Counters",
    "Kitchen Island",
    "Soaking Tub",
    "Wet Bar",
    "Double Vanity",
    "Vaulted Ceiling(s)",
    "Walk-In Closet(s)",
    "Wired for Sound",
    "Smart Home",
    "Stone Counters",
    "High Ceilings",
    "Recessed Lighting",
    "Central Vacuum",
    "Sauna",
];
pub(super) const APPLIANCES: [&str; 9] = [
    "Dishwasher",
    "Disposal",
    "Dryer",
    "Electric Range",
    "Microwave",
    "Refrigerator",
    "Washer",
    "Gas Range",
    "Range Hood",
];
pub(super) const NEW_APPLIANCES: [&str; 11] = [
    "Dishwasher",
    "Disposal",
    "Double Oven",
    "Gas Cooktop",
    "Induction Cooktop",
    "Microwave",
    "Refrigerator",
    "Stainless Steel Appliance(s)",
    "Tankless Water Heater",
    "Washer/Dryer",
    "Wine Refrigerator",
];
pub(super) const FLOORING: [&str; 9] = [
    "Hardwood",
    "Carpet",
    "Ceramic Tile",
    "Engineered Hardwood",
    "Laminate",
    "Vinyl",
    "Bamboo",
    "Slate",
    "Luxury Vinyl",
];
pub(super) const CITY_LOT: [&str; 11] = [
    "City Lot",
    "Corner Lot",
    "Cul-De-Sac",
    "Level",
    "Landscaped",
    "Near Public Transit",
    "Back Yard",
    "Front Yard",
    "Garden",
    "Sloped",
    "Rectangular Lot",
];
pub(super) const RURAL_LOT: [&str; 9] = [
    "Many Trees",
    "Pasture",
    "Secluded",
    "Wooded",
    "Meadow",
    "Private",
    "Rolling Slope",
    "Native Plants",
    "Views",
];
pub(super) const EXTERIOR: [&str; 9] = [
    "Garden",
    "Private Yard",
    "Outdoor Kitchen",
    "Fire Pit",
    "Rain Gutters",
    "Lighting",
    "Private Entrance",
    "Dog Run",
    "Balcony",
];
pub(super) const PORCH: [&str; 7] =
    ["Deck", "Patio", "Covered", "Front Porch", "Rear Porch", "Terrace", "Wrap Around"];
pub(super) const WALLS: [&str; 8] = [
    "Wood Siding",
    "Cement Siding",
    "Brick",
    "Lap Siding",
    "Vinyl Siding",
    "Shingle Siding",
    "Stucco",
    "HardiPlank Type",
];
pub(super) const PARKING: [&str; 8] = [
    "Driveway",
    "Off Street",
    "On Street",
    "Garage Door Opener",
    "Garage Faces Front",
    "Paved",
    "RV Access/Parking",
    "Workshop in Garage",
];
pub(super) const LAUNDRY: [&str; 6] =
    ["Main Level", "Upper Level", "In Basement", "Laundry Closet", "Laundry Room", "In Garage"];
pub(super) const WINDOWS: [&str; 7] = [
    "Double Pane Windows",
    "Skylight(s)",
    "Bay Window(s)",
    "Wood Frames",
    "Insulated Windows",
    "Garden Window(s)",
    "Blinds",
];
pub(super) const SECURITY: [&str; 4] =
    ["Smoke Detector(s)", "Carbon Monoxide Detector(s)", "Security System", "Fire Sprinkler System"];
pub(super) const FENCES: [&str; 6] = ["Back Yard", "Wood", "Partial", "Full", "Privacy", "Chain Link"];
pub(super) const COMMUNITY: [&str; 6] =
    ["Park", "Playground", "Sidewalks", "Street Lights", "Curbs", "Clubhouse"];
pub(super) const BUILDERS: [&str; 5] =
    ["Sound Homes", "Cascade Builders", "Two Rivers Homes", "Evergreen Craft", "Lakeside Construction"];
pub(super) const FARM_BUILDINGS: [&str; 5] =
    ["Barn(s)", "Outbuilding", "Shed(s)", "Workshop", "Poultry Coop"];
pub(super) const GARDEN_BUILDINGS: [&str; 4] = ["Shed(s)", "Greenhouse", "Gazebo", "Workshop"];
pub(super) const DOORS: [&str; 4] =
    ["French Doors", "Sliding Doors", "Storm Door(s)", "Mirrored Closet Door(s)"];
pub(super) const THRIFTY: [&str; 6] =
    ["Appliances", "HVAC", "Insulation", "Thermostat", "Water Heater", "Windows"];
pub(super) const TERMS: [&str; 5] = ["Cash", "Conventional", "FHA", "VA Loan", "USDA Loan"];

/// Appends `count` different words of the pool, in the pool's order.
pub(super) fn some_of(dice: &mut Dice, pool: &[&'static str], count: usize, into: &mut Vec<&'static str>) {
    let mut wanted = count.min(pool.len());
    for (at, word) in pool.iter().enumerate() {
        if wanted == 0 {
            return;
        }
        // Each word's chance is what is still wanted of what is still there.
        if dice.index(pool.len() - at) < wanted {
            into.push(word);
            wanted -= 1;
        }
    }
}

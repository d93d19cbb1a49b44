//! The post's short forms of the words in a street address (USPS Publication 28).

/// Directions.
const DIRECTIONS: [(&str, &str); 16] = [
    ("N", "N"),
    ("NORTH", "N"),
    ("S", "S"),
    ("SOUTH", "S"),
    ("E", "E"),
    ("EAST", "E"),
    ("W", "W"),
    ("WEST", "W"),
    ("NE", "NE"),
    ("NORTHEAST", "NE"),
    ("NW", "NW"),
    ("NORTHWEST", "NW"),
    ("SE", "SE"),
    ("SOUTHEAST", "SE"),
    ("SW", "SW"),
    ("SOUTHWEST", "SW"),
];

/// What streets are called, each short form with the ways it is written (Appendix C1, those in use).
const SUFFIXES: [(&str, &str); 93] = [
    ("ALY", "ALLEY ALLEE ALLY ALY"),
    ("ARC", "ARCADE ARC"),
    ("AVE", "AVENUE AV AVE AVEN AVENU AVN AVNUE"),
    ("BAY", "BAY"),
    ("BCH", "BEACH BCH"),
    ("BND", "BEND BND"),
    ("BLF", "BLUFF BLF BLUF"),
    ("BLVD", "BOULEVARD BLVD BOUL BOULV"),
    ("BR", "BRANCH BR BRNCH"),
    ("BRG", "BRIDGE BRG BRDGE"),
    ("BRK", "BROOK BRK"),
    ("BYP", "BYPASS BYP BYPA BYPAS BYPS"),
    ("CSWY", "CAUSEWAY CSWY CAUSWA"),
    ("CTR", "CENTER CTR CENT CENTR CENTRE CNTER CNTR CEN"),
    ("CIR", "CIRCLE CIR CIRC CIRCL CRCL CRCLE"),
    ("CLF", "CLIFF CLF"),
    ("CLB", "CLUB CLB"),
    ("CMN", "COMMON CMN"),
    ("COR", "CORNER COR"),
    ("CORS", "CORNERS CORS"),
    ("CRSE", "COURSE CRSE"),
    ("CT", "COURT CT CRT"),
    ("CTS", "COURTS CTS"),
    ("CV", "COVE CV"),
    ("CRK", "CREEK CRK"),
    ("CRES", "CRESCENT CRES CRSENT CRSNT"),
    ("CRST", "CREST CRST"),
    ("XING", "CROSSING XING CRSSNG"),
    ("XRD", "CROSSROAD XRD"),
    ("CURV", "CURVE CURV"),
    ("DL", "DALE DL"),
    ("DR", "DRIVE DR DRIV DRV"),
    ("EST", "ESTATE EST"),
    ("ESTS", "ESTATES ESTS"),
    ("EXPY", "EXPRESSWAY EXPY EXP EXPR EXPRESS EXPW"),
    ("EXT", "EXTENSION EXT EXTN EXTNSN"),
    ("FLD", "FIELD FLD"),
    ("FLDS", "FIELDS FLDS"),
    ("FLS", "FALLS FLS"),
    ("FRST", "FOREST FRST FORESTS"),
    ("FRK", "FORK FRK"),
    ("FWY", "FREEWAY FWY FREEWY FRWAY FRWY"),
    ("GDN", "GARDEN GDN GARDN GRDEN GRDN"),
    ("GDNS", "GARDENS GDNS GRDNS"),
    ("GTWY", "GATEWAY GTWY GATEWY GATWAY GTWAY"),
    ("GLN", "GLEN GLN"),
    ("GRN", "GREEN GRN"),
    ("GRV", "GROVE GRV GROV"),
    ("HBR", "HARBOR HBR HARB HARBR HRBOR"),
    ("HVN", "HAVEN HVN"),
    ("HTS", "HEIGHTS HTS HT"),
    ("HWY", "HIGHWAY HWY HIGHWY HIWAY HIWY HWAY"),
    ("HL", "HILL HL"),
    ("HLS", "HILLS HLS"),
    ("HOLW", "HOLLOW HOLW HLLW HOLLOWS HOLWS"),
    ("IS", "ISLAND IS ISLND"),
    ("JCT", "JUNCTION JCT JCTION JCTN JUNCTN"),
    ("KNL", "KNOLL KNL KNOL"),
    ("LK", "LAKE LK"),
    ("LNDG", "LANDING LNDG LNDNG"),
    ("LN", "LANE LN LA"),
    ("LOOP", "LOOP LOOPS LP"),
    ("MNR", "MANOR MNR"),
    ("MDW", "MEADOW MDW"),
    ("MDWS", "MEADOWS MDWS MEDOWS"),
    ("ML", "MILL ML"),
    ("MT", "MOUNT MT MNT"),
    ("MTN", "MOUNTAIN MTN MNTAIN MNTN MOUNTIN MTIN"),
    ("ORCH", "ORCHARD ORCH ORCHRD"),
    ("OVAL", "OVAL OVL"),
    ("PARK", "PARK PRK PK"),
    ("PKWY", "PARKWAY PKWY PARKWY PKWAY PKY PKWYS PARKWAYS"),
    ("PASS", "PASS"),
    ("PATH", "PATH PATHS"),
    ("PIKE", "PIKE PIKES"),
    ("PL", "PLACE PL"),
    ("PLZ", "PLAZA PLZ PLZA"),
    ("PT", "POINT PT"),
    ("RD", "ROAD RD"),
    ("RDG", "RIDGE RDG RDGE"),
    ("ROW", "ROW"),
    ("RUN", "RUN"),
    ("SHR", "SHORE SHR SHOAR"),
    ("SPGS", "SPRINGS SPGS SPNGS SPRNGS"),
    ("SQ", "SQUARE SQ SQR SQRE SQU"),
    ("ST", "STREET ST STR STRT"),
    ("TER", "TERRACE TER TERR"),
    ("TRL", "TRAIL TRL TRAILS TRLS TR"),
    ("TPKE", "TURNPIKE TPKE TRNPK TURNPK"),
    ("VW", "VIEW VW"),
    ("VLG", "VILLAGE VLG VILL VILLG VILLAG"),
    ("WALK", "WALK WALKS WLK"),
    ("WAY", "WAY WY"),
];

/// Words after which the rest names a part of the building (Appendix C2).
const UNITS: [&str; 26] = [
    "APT",
    "APARTMENT",
    "BLDG",
    "BUILDING",
    "BSMT",
    "BASEMENT",
    "DEPT",
    "FL",
    "FLOOR",
    "FRNT",
    "HNGR",
    "LBBY",
    "LOT",
    "LOWR",
    "OFC",
    "PH",
    "PENTHOUSE",
    "REAR",
    "RM",
    "ROOM",
    "SPC",
    "SPACE",
    "STE",
    "SUITE",
    "UNIT",
    "TRLR",
];

/// Ordinals in words, as streets are called by them.
const ORDINALS: [(&str, &str); 20] = [
    ("FIRST", "1"),
    ("SECOND", "2"),
    ("THIRD", "3"),
    ("FOURTH", "4"),
    ("FIFTH", "5"),
    ("SIXTH", "6"),
    ("SEVENTH", "7"),
    ("EIGHTH", "8"),
    ("NINTH", "9"),
    ("TENTH", "10"),
    ("ELEVENTH", "11"),
    ("TWELFTH", "12"),
    ("THIRTEENTH", "13"),
    ("FOURTEENTH", "14"),
    ("FIFTEENTH", "15"),
    ("SIXTEENTH", "16"),
    ("SEVENTEENTH", "17"),
    ("EIGHTEENTH", "18"),
    ("NINETEENTH", "19"),
    ("TWENTIETH", "20"),
];

fn of<'a>(list: &[(&'a str, &'a str)], word: &str) -> Option<&'a str> {
    list.iter().find(|(written, _)| *written == word).map(|(_, short)| *short)
}

/// The short form of a direction.
pub(crate) fn direction(word: &str) -> Option<&'static str> {
    of(&DIRECTIONS, word)
}

/// The short form of what a street is called.
pub(crate) fn suffix(word: &str) -> Option<&'static str> {
    let found = SUFFIXES.iter().find(|(_, written)| written.split(' ').any(|one| one == word));
    found.map(|(short, _)| *short)
}

/// Whether what follows is a part of the building.
pub(crate) fn is_unit(word: &str) -> bool {
    UNITS.contains(&word)
}

/// `FIRST`, `1ST` and `1` are one street.
pub(crate) fn ordinal(word: &str) -> Option<&str> {
    let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let numbered = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match &word[digits.len()..] {
        "" | "ST" | "ND" | "RD" | "TH" if numbered => Some(digits),
        _ => of(&ORDINALS, word),
    }
}

//! Remarks in words that are as common as words are: few often, many seldom (Zipf).

use crate::Dice;

/// The commonest first.
const COMMON: &str = "the and a with in of to home for this kitchen room is large on new from has bedroom living area \
    floor features two open great primary includes bath yard spacious garage beautiful you all located up master \
    dining walk family your just covered close main back three car fireplace full level private school walls fresh \
    windows updated hardwood granite park counters lot stainless corner fenced downtown out lake shops patio storage \
    appliances upstairs street community quiet bathrooms natural light deck well neighborhood views move office roof \
    ready minutes closet suite perfect laundry city island pool plan outdoor tile paint area heating water entry \
    cabinets shopping restaurants custom next dual upper carpet bonus modern double carefully maintained charming \
    central story porch basement ceilings trees garden original schools loft half access entertaining offers access \
    easy mature quartz vaulted acre finished landscaped gas backyard inviting breakfast pantry stunning ample nook \
    center remodeled trails highway beach sunny designer spa recessed lighting ocean mountain river sunset oversized \
    lower shower soaking tub bright built insulated detached workshop sprinkler system level guest separate flexible \
    potential investor seller motivated price reduced rare opportunity gem welcome award winning district golf course \
    gated brick stucco craftsman colonial ranch bungalow cottage contemporary historic charm character crown molding \
    wainscoting shiplap barn doors farmhouse sink subway backsplash butcher block island pendant smart thermostat \
    solar panels energy efficient tankless heater furnace conditioner septic well irrigation pasture horses barn acreage \
    creek pond wooded secluded rural mobile rv parking boat dock slip marina waterfront seawall bayou canal lagoon";

const HEADS: &str = "alder amber apple ash aspen bay bear beech birch black blue bridge briar brook canyon cedar chapel \
    cherry clear cliff clover copper coral cotton cove crane crest cypress deer dove eagle east elk elm ember evergreen \
    falcon fern field fox glen gold grand green grove harbor harvest hawk hazel heather heron hidden high hill holly iron \
    ivy juniper king lark laurel liberty lily linden long magnolia maple meadow mill misty moss north oak old olive orchard";
const TAILS: &str = "bank bend bluff borough bottom branch break brook bury castle cliff court creek crest crossing dale \
    den edge fall field ford forge gate glade glen green grove ham harbor haven heights hill hollow hurst isle knoll lake \
    land lane lea mark marsh mere mill moor mount park pass path place pond port ridge rise run shire shore side spring \
    stead stone ton vale view ville walk water way well wick wood worth yard";

/// Throws that decide a word: a power of two.
const THROWS: usize = 1 << 15;

/// Words and how often each is thrown.
#[derive(Debug)]
pub(super) struct Words {
    words: Vec<Box<str>>,
    thrown: Box<[u16]>,
}

impl Words {
    pub(super) fn new() -> Self {
        let mut words: Vec<Box<str>> = COMMON.split_whitespace().map(Box::from).collect();
        for tail in TAILS.split_whitespace() {
            words.extend(HEADS.split_whitespace().map(|head| format!("{head}{tail}").into_boxed_str()));
        }
        // The word of rank r is thrown in proportion to 1 / (r + 3).
        let weight = |rank: usize| 1.0 / (rank as f64 + 3.0);
        let whole: f64 = (0..words.len()).map(weight).sum();
        let mut thrown = Vec::with_capacity(THROWS);
        let mut sum = 0.0;
        for rank in 0..words.len() {
            sum += weight(rank) / whole;
            let until = (sum * THROWS as f64) as usize;
            while thrown.len() < until.min(THROWS) {
                thrown.push(u16::try_from(rank).unwrap_or(0));
            }
        }
        thrown.resize(THROWS, 0);
        Self { words, thrown: thrown.into_boxed_slice() }
    }

    /// Remarks of 300 to 600 characters.
    pub(super) fn remarks(&self, dice: &mut Dice) -> String {
        let wanted = usize::try_from(dice.between(290, 560)).unwrap_or(300);
        let mut text = String::with_capacity(wanted + 40);
        let mut left = 0;
        let mut bits = 0;
        let mut throws = 0;
        while text.len() < wanted {
            if throws == 0 {
                // Four throws of fifteen bits from one of 64.
                bits = dice.bits();
                throws = 4;
            }
            let word = &self.words[usize::from(self.thrown[(bits & (THROWS as u64 - 1)) as usize])];
            bits >>= 15;
            throws -= 1;
            if left == 0 {
                if !text.is_empty() {
                    text.push_str(". ");
                }
                left = 6 + (bits & 7);
                let mut letters = word.chars();
                text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
                text.push_str(letters.as_str());
            } else {
                text.push(' ');
                text.push_str(word);
            }
            left -= 1;
        }
        text.push('.');
        text
    }
}

//! Where an address lies, for the doors that are asked: own listings first, then an external geocoder where
//! there is one, then the street, then the ZIP code (PAR-123).

mod external;
mod neighbourhood;

use std::sync::Arc;

use anyhow::Result;
use geocode::{Accuracy, Address, Located, Streets};

use self::external::External;
use self::neighbourhood::Neighbourhoods;
use super::House;
use crate::clock;
use crate::settings::Settings;

/// Characters of a part of an address that are sent on and remembered.
const LONGEST_PART: usize = 200;

/// Finds places.
#[derive(Clone)]
pub(crate) struct Places {
    inner: Arc<Inner>,
}

struct Inner {
    neighbourhoods: Neighbourhoods,
    external: Option<External>,
}

/// An address as it is asked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Wanted {
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) zip: String,
}

impl Wanted {
    /// The same for all ways of writing it that do not matter.
    fn folded(&self) -> Self {
        let fold = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            words.join(" ").chars().take(LONGEST_PART).collect()
        };
        Self {
            street: fold(&self.street),
            city: fold(&self.city),
            state: fold(&self.state),
            zip: geocode::zip_digits(&self.zip).unwrap_or_default().to_owned(),
        }
    }
}

impl Places {
    pub(crate) fn new(house: &House, settings: &Settings) -> Result<Self> {
        let neighbourhoods = Neighbourhoods::new(&house.dictionary, house.search.clone(), clock::now);
        let external = External::new(&settings.geocode, clock::now)?;
        Ok(Self { inner: Arc::new(Inner { neighbourhoods, external }) })
    }

    /// Where an address lies; none where its ZIP code is unknown.
    pub(crate) async fn locate(&self, wanted: Wanted) -> Option<Located> {
        let middle = geocode::zip(&wanted.zip)?;
        let streets = self.streets(&wanted).await;
        let here = geocode::locate(&wanted.street, &wanted.zip, &streets)?;
        let Some(external) = self.inner.external.as_ref().filter(|_| here.accuracy != Accuracy::Address)
        else {
            return Some(here);
        };
        match external.ask(&wanted, middle).await {
            Some(found) if found.accuracy < here.accuracy => Some(found),
            _ => Some(here),
        }
    }

    /// The streets of the ZIP code; of the city, where the ZIP code does not know the street.
    async fn streets(&self, wanted: &Wanted) -> Arc<Streets> {
        let inner = Arc::clone(&self.inner);
        let wanted = wanted.clone();
        // Listings are read under the index's lock, some milliseconds for a whole city.
        let read = tokio::task::spawn_blocking(move || {
            let by_zip = inner.neighbourhoods.of_zip(&wanted.zip);
            let address = Address::read(&wanted.street);
            let known = address
                .is_some_and(|address| by_zip.house(&address).or_else(|| by_zip.between(&address)).is_some());
            if known { by_zip } else { inner.neighbourhoods.of_city(&wanted.city) }
        });
        read.await.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;

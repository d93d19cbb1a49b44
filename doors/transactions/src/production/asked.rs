//! What production is asked for: by which dimensions, of which reports.

use dictionary::{Date, Text};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

use crate::ledger::Current;
use crate::reply::Refused;
use parameters::Parameters;

/// What figures are grouped by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Dimension {
    /// The agent who is credited.
    Agent,
    /// The reporting office.
    Office,
    /// `transactionType`
    Type,
    /// `transactionStatus`
    Status,
    /// The month, the quarter or the year of the close, else of the contract.
    Period(Period),
}

/// How long a period is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Period {
    Month,
    Quarter,
    Year,
}

impl Dimension {
    /// As it is asked for and as its column is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Office => "office",
            Self::Type => "type",
            Self::Status => "status",
            Self::Period(_) => "period",
        }
    }

    /// The word that asks for it.
    fn asked_as(self) -> &'static str {
        match self {
            Self::Period(Period::Month) => "month",
            Self::Period(Period::Quarter) => "quarter",
            Self::Period(Period::Year) => "year",
            other => other.name(),
        }
    }

    fn read(name: &str) -> Option<Self> {
        Some(match name {
            "agent" => Self::Agent,
            "office" => Self::Office,
            "type" => Self::Type,
            "status" => Self::Status,
            "month" => Self::Period(Period::Month),
            "quarter" => Self::Period(Period::Quarter),
            "year" => Self::Period(Period::Year),
            _ => return None,
        })
    }
}

/// A question, read.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Asked {
    /// In this order, each once.
    pub(crate) by: Vec<Dimension>,
    /// The first day; reports without a day are left out where there is one.
    pub(crate) from: Option<Date>,
    /// The day after the last.
    pub(crate) until: Option<Date>,
    pub(crate) agent: Option<Text>,
    pub(crate) office: Option<Text>,
    pub(crate) kind: Option<Text>,
    /// Statuses that count; none where all do.
    pub(crate) statuses: Option<Vec<Text>>,
    /// The client that published.
    pub(crate) client: Option<Text>,
    /// Whether each row names its reports.
    pub(crate) trace: bool,
    pub(crate) csv: bool,
}

/// The status of a transaction that is fulfilled: what counts where nothing is said.
const CLOSED: &str = "ClosedTransactionStatus";
const STATUSES: [&str; 3] = ["PendingTransactionStatus", CLOSED, "CanceledTransactionStatus"];

fn wrong(message: String, hint: &str) -> Refused {
    Refused::new(400, "parameter_wrong", message, hint)
}

impl Asked {
    pub(crate) fn read(query: Option<&str>, accept: &str) -> Result<Self, Refused> {
        let mut given = Parameters::read(query)?;
        let mut by = Vec::new();
        for name in given.take("by").unwrap_or_default().split(',').filter(|name| !name.is_empty()) {
            let dimension = Dimension::read(name).ok_or_else(|| {
                wrong(
                    format!("{name:?} is no dimension."),
                    "Take agent, office, type, status, month, quarter, year.",
                )
            })?;
            if by.iter().any(|known: &Dimension| known.name() == dimension.name()) {
                return Err(wrong(format!("{} is asked for twice.", dimension.name()), "Name each once."));
            }
            by.push(dimension);
        }
        let date = |text: Option<String>| {
            text.map(|text| {
                text.parse::<Date>().map_err(|_| wrong(format!("{text:?} is no date."), "Send 2026-01-31."))
            })
            .transpose()
        };
        let (from, until) = (date(given.take("from"))?, date(given.take("until"))?);
        let statuses = match given.take("status").as_deref() {
            None if by.contains(&Dimension::Status) => None,
            None => Some(vec![CLOSED.into()]),
            Some("any") => None,
            Some(list) => Some(list.split(',').map(status).collect::<Result<_, _>>()?),
        };
        let csv = match given.take("format").as_deref() {
            None => accept.contains("text/csv"),
            Some("csv") => true,
            Some("json") => false,
            Some(other) => return Err(wrong(format!("{other:?} is no format."), "Take json or csv.")),
        };
        let text = |text: Option<String>| text.map(Text::from);
        let asked = Self {
            by,
            from,
            until,
            agent: text(given.take("agent")),
            office: text(given.take("office")),
            kind: text(given.take("type")),
            statuses,
            client: text(given.take("instrument")),
            trace: given.flag("trace")?,
            csv,
        };
        given.done()?;
        Ok(asked)
    }

    /// The same question of one group alone, its reports named; none where the group has a part that no
    /// parameter names.
    pub(crate) fn narrowed(&self, group: &[Option<Text>]) -> Option<String> {
        let (mut from, mut until) = (self.from, self.until);
        let (mut agent, mut office) = (self.agent.clone(), self.office.clone());
        let (mut kind, mut statuses) = (self.kind.clone(), self.statuses.clone());
        for (dimension, value) in self.by.iter().zip(group) {
            let value = value.clone()?;
            match dimension {
                Dimension::Agent => agent = Some(value),
                Dimension::Office => office = Some(value),
                Dimension::Type => kind = Some(value),
                Dimension::Status => statuses = Some(vec![value]),
                Dimension::Period(period) => {
                    let (first, next) = period.bounds(&value)?;
                    from = from.max(Some(first));
                    until = Some(until.map_or(next, |until| until.min(next)));
                }
            }
        }
        let statuses = statuses.map_or_else(|| "any".into(), |all| Text::from(all.join(",")));
        let mut query = form_urlencoded::Serializer::new(String::new());
        let by: Vec<&str> = self.by.iter().map(|dimension| dimension.asked_as()).collect();
        query.append_pair("by", &by.join(",")).append_pair("status", &statuses).append_pair("trace", "true");
        let days = [("from", from), ("until", until)];
        days.into_iter().filter_map(|(name, day)| Some((name, day?.to_string()))).for_each(|(name, day)| {
            query.append_pair(name, &day);
        });
        let texts =
            [("agent", agent), ("office", office), ("type", kind), ("instrument", self.client.clone())];
        for (name, value) in texts {
            value.map(|value| query.append_pair(name, &value));
        }
        Some(query.finish())
    }

    /// Whether figures are those of agents: then each entry of a report counts by itself.
    pub(crate) fn of_agents(&self) -> bool {
        self.agent.is_some() || self.by.contains(&Dimension::Agent)
    }

    /// Whether a report counts at all.
    pub(crate) fn takes(&self, current: &Current) -> bool {
        let report = &current.report;
        let is = |wanted: &Option<Text>, said: &Text| wanted.as_ref().is_none_or(|wanted| wanted == said);
        let day = day(current);
        is(&self.office, &report.reporting_office)
            && is(&self.kind, &report.kind)
            && is(&self.client, &current.client)
            && self
                .statuses
                .as_ref()
                .is_none_or(|all| report.status.as_ref().is_some_and(|s| all.contains(s)))
            && self.from.is_none_or(|from| day.is_some_and(|day| day >= from))
            && self.until.is_none_or(|until| day.is_some_and(|day| day < until))
    }
}

fn status(name: &str) -> Result<Text, Refused> {
    // Both `Closed` and the whole name are taken.
    let known = STATUSES
        .iter()
        .find(|known| **known == name || known.strip_suffix("TransactionStatus") == Some(name));
    known
        .map(|known| Text::new_static(known))
        .ok_or_else(|| wrong(format!("{name:?} is no status."), "Take Pending, Closed, Canceled, or any."))
}

/// The day that a report counts on: of the close, else of the contract, in UTC.
pub(crate) fn day(current: &Current) -> Option<Date> {
    let at = current.report.close_date.or(current.report.contract_date)?;
    Some(at.to_zoned(TimeZone::UTC).date())
}

impl Period {
    /// The first day of a period, and the day after its last.
    fn bounds(self, name: &str) -> Option<(Date, Date)> {
        let (first, months) = match self {
            Self::Month => (format!("{name}-01").parse().ok()?, 1),
            Self::Quarter => {
                let (year, quarter) = name.split_once("-Q")?;
                (Date::new(year.parse().ok()?, quarter.parse::<i8>().ok()? * 3 - 2, 1).ok()?, 3)
            }
            Self::Year => (Date::new(name.parse().ok()?, 1, 1).ok()?, 12),
        };
        Some((first, first.checked_add(months.months()).ok()?))
    }

    /// The period that a day lies in.
    pub(crate) fn of(self, day: Date) -> String {
        match self {
            Self::Month => format!("{}-{:02}", day.year(), day.month()),
            Self::Quarter => format!("{}-Q{}", day.year(), (day.month() + 2) / 3),
            Self::Year => day.year().to_string(),
        }
    }
}

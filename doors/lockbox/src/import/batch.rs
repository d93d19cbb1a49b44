//! The record of an import of one part: what came, how far it got, what it changed.

use dictionary::{Dictionary, Named, Record, Text, Timestamp, Value, named};
use serde_json::{Value as Json, json};

use super::alerts::Alarm;
use super::part::Part;
use super::tally::Tally;
use gate::TenantEnvironment as Environment;

/// Whether what a file does not hold is gone (LBX-066).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Mode {
    Full,
    Incremental,
}

impl Mode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Full => "Full",
            Self::Incremental => "Incremental",
        }
    }

    pub(crate) fn find(name: &str) -> Option<Self> {
        [Self::Full, Self::Incremental].into_iter().find(|mode| mode.name().eq_ignore_ascii_case(name))
    }
}

/// How far a batch is: a value of the lookup BatchStatus.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Status {
    /// It waits for its turn.
    Received,
    /// It is at work; or whoever was at work died, and it is taken up again.
    Running,
    /// It stands at the gate, for a named person to approve or reject.
    Waiting,
    Applied,
    /// Nothing of it was applied.
    Failed,
    /// A named person did not approve it.
    Rejected,
    Undone,
}

impl Status {
    const ALL: [Self; 7] = [
        Self::Received,
        Self::Running,
        Self::Waiting,
        Self::Applied,
        Self::Failed,
        Self::Rejected,
        Self::Undone,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::Running => "Running",
            Self::Waiting => "Waiting",
            Self::Applied => "Applied",
            Self::Failed => "Failed",
            Self::Rejected => "Rejected",
            Self::Undone => "Undone",
        }
    }

    fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Whether there is something to do without anybody saying so.
    pub(crate) fn is_due(self) -> bool {
        matches!(self, Self::Received | Self::Running)
    }
}

/// Where the rows come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// A file that waits in the door's directory under this name.
    File(Text),
    /// A feed that mirrors a server of the RESO Web API.
    Feed(Text),
    /// The quarantine: one row of it, or all.
    Quarantine(Option<Text>),
}

/// Who said what of a batch, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Word {
    pub(crate) who: Text,
    pub(crate) reason: Text,
    pub(crate) at: Timestamp,
}

/// Why nothing was applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    pub(crate) code: Text,
    pub(crate) message: Text,
    pub(crate) hint: Text,
}

impl Fault {
    pub(crate) fn new(code: &str, message: impl Into<Text>, hint: impl Into<Text>) -> Self {
        Self { code: code.into(), message: message.into(), hint: hint.into() }
    }
}

/// A batch.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Batch {
    pub(crate) id: Text,
    pub(crate) tenant: Text,
    pub(crate) environment: Environment,
    pub(crate) part: Part,
    pub(crate) mode: Mode,
    pub(crate) origin: Origin,
    /// The file's own name, or the feed's.
    pub(crate) source_name: Text,
    pub(crate) status: Status,
    pub(crate) actor: Text,
    pub(crate) received: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) tally: Tally,
    /// The steps that are behind it, each with its counts (LBX-061).
    pub(crate) steps: Vec<(Text, Json)>,
    /// What somebody should look at (LBX-068, LBX-073).
    pub(crate) alerts: Vec<Text>,
    /// Those of them that this run has raised: they become records.
    pub(crate) raised: Vec<(Alarm, Text)>,
    /// Why it stands at the gate.
    pub(crate) reasons: Vec<Text>,
    pub(crate) approved: Option<Word>,
    pub(crate) undone: Option<Word>,
    /// Entries of the log that it wrote, this record's the last of them.
    pub(crate) written: u64,
    /// The file's headings and the words of its listed fields: what the next file is held against.
    pub(crate) schema: Json,
    pub(crate) fault: Option<Fault>,
    /// What would have been terminated when it came to the gate: an approval is of so many and not of more.
    pub(crate) at_gate: Option<u64>,
    /// Parts of its report.
    pub(crate) report_parts: u64,
}

/// Entries of a list that are kept.
const MOST_TOLD: usize = 50;

impl Batch {
    /// Whom the log names as the actor of what the batch writes (HUB-005).
    pub(crate) fn log_actor(&self) -> Text {
        format!("import/{} for {}", self.id, self.actor).chars().take(255).collect::<String>().into()
    }

    /// What has been done, with its counts.
    pub(crate) fn step(&mut self, name: &str, counts: Json) {
        self.steps.retain(|(known, _)| known != name);
        self.steps.push((name.into(), counts));
    }

    pub(crate) fn alert(&mut self, alarm: Alarm, text: impl Into<Text>) {
        let text = text.into();
        tracing::warn!(
            code = alarm.code(),
            batch = self.id.as_str(),
            tenant = self.tenant.as_str(),
            "an import: {text}"
        );
        if self.alerts.len() < MOST_TOLD {
            self.raised.push((alarm, text.clone()));
            self.alerts.push(text);
        }
    }

    pub(crate) fn read(record: Named<'_>) -> Option<Self> {
        let text = |name: &str| record.text(name);
        let json = |name: &str| text(name).and_then(|text| serde_json::from_str::<Json>(&text).ok());
        let origin = match text("StagedName").or_else(|| text("SourceFeedId")) {
            Some(name) if text("StagedName").is_some() => Origin::File(name),
            Some(feed) => Origin::Feed(feed),
            None => Origin::Quarantine(text("QuarantinedRowId")),
        };
        let word = |who: &str, reason: &str, at: &str| {
            let reason = text(reason).unwrap_or_default();
            Some(Word { who: text(who)?, reason, at: record.instant(at)? })
        };
        let steps = json("BatchSteps").and_then(|steps| steps.as_array().cloned()).unwrap_or_default();
        let step = |step: &Json| Some((Text::new(step.get("step")?.as_str()?), step.clone()));
        let fault = text("ImportFault").map(|code| Fault {
            code,
            message: text("FaultMessage").unwrap_or_default(),
            hint: text("FaultHint").unwrap_or_default(),
        });
        Some(Self {
            id: text("ImportBatchId")?,
            tenant: text("TenantId")?,
            environment: Environment::find(&text("TenantEnvironment")?)?,
            part: Part::find(&text("ResourceName")?)?,
            mode: Mode::find(&text("ImportMode")?)?,
            origin,
            source_name: text("FileName").unwrap_or_default(),
            status: Status::find(&text("BatchStatus")?)?,
            actor: text("ActorName")?,
            received: record.instant("ReceivedTimestamp")?,
            ended: record.instant("EndedTimestamp"),
            tally: Tally::read(record),
            steps: steps.iter().filter_map(step).collect(),
            alerts: record.texts("BatchAlerts"),
            raised: Vec::new(),
            reasons: record.texts("GateReasons"),
            approved: word("ApprovedBy", "ApprovalReason", "ApprovedTimestamp"),
            undone: word("UndoneBy", "UndoReason", "UndoneTimestamp"),
            written: record.integer("EntriesWritten").unwrap_or_default().unsigned_abs(),
            schema: json("BatchSchema").unwrap_or_default(),
            fault,
            at_gate: record.integer("TerminatedAtGate").map(i64::unsigned_abs),
            report_parts: record.integer("ReportParts").unwrap_or_default().unsigned_abs(),
        })
    }

    /// The record, as it is kept at this instant.
    pub(crate) fn record(&self, dictionary: &Dictionary, at: Timestamp) -> Record {
        let text = |text: &str| Some(Value::from(text));
        let kept = |text: &Text| Value::from(text.clone());
        let list = |list: &[Text]| {
            let mut once: Vec<Text> = Vec::new();
            list.iter().for_each(|one| {
                if !once.contains(one) && once.len() < MOST_TOLD {
                    once.push(one.chars().take(1_024).collect::<String>().into());
                }
            });
            (!once.is_empty()).then(|| Value::TextList(once.into()))
        };
        let steps: Vec<Json> = self
            .steps
            .iter()
            .map(|(name, counts)| {
                let mut told = counts.clone();
                told["step"] = json!(name.as_str());
                told
            })
            .collect();
        let (staged, feed, row) = match &self.origin {
            Origin::File(name) => (Some(name), None, None),
            Origin::Feed(feed) => (None, Some(feed), None),
            Origin::Quarantine(row) => (None, None, row.as_ref()),
        };
        let (approved, undone, fault) = (self.approved.as_ref(), self.undone.as_ref(), self.fault.as_ref());
        let mut record = named(
            dictionary.known("ImportBatch"),
            [
                ("ImportBatchId", text(&self.id)),
                ("TenantId", text(&self.tenant)),
                ("TenantEnvironment", text(self.environment.name())),
                ("ResourceName", text(self.part.resource())),
                ("ImportMode", text(self.mode.name())),
                ("StagedName", staged.map(kept)),
                ("SourceFeedId", feed.map(kept)),
                ("QuarantinedRowId", row.map(kept)),
                ("FileName", text(&self.source_name)),
                ("BatchStatus", text(self.status.name())),
                ("ActorName", text(&self.actor)),
                ("ReceivedTimestamp", Some(self.received.into())),
                ("EndedTimestamp", self.ended.map(Value::from)),
                ("BatchSteps", text(&json!(steps).to_string())),
                ("BatchAlerts", list(&self.alerts)),
                ("GateReasons", list(&self.reasons)),
                ("ApprovedBy", approved.map(|word| kept(&word.who))),
                ("ApprovalReason", approved.map(|word| kept(&word.reason))),
                ("ApprovedTimestamp", approved.map(|word| word.at.into())),
                ("UndoneBy", undone.map(|word| kept(&word.who))),
                ("UndoReason", undone.map(|word| kept(&word.reason))),
                ("UndoneTimestamp", undone.map(|word| word.at.into())),
                ("EntriesWritten", Some(Value::Integer(self.written.cast_signed()))),
                ("TerminatedAtGate", self.at_gate.map(|count| Value::Integer(count.cast_signed()))),
                ("ReportParts", Some(Value::Integer(self.report_parts.cast_signed()))),
                ("BatchSchema", text(&self.schema.to_string())),
                ("ImportFault", fault.map(|fault| kept(&fault.code))),
                ("FaultMessage", fault.map(|fault| kept(&fault.message))),
                ("FaultHint", fault.map(|fault| kept(&fault.hint))),
                ("ModificationTimestamp", Some(at.into())),
            ],
        );
        self.tally.write(&mut record, dictionary.known("ImportBatch"));
        record
    }

    /// As the door tells of it.
    pub(crate) fn told(&self) -> Json {
        let word = |word: &Option<Word>| {
            word.as_ref().map(|word| {
                json!({ "by": word.who.as_str(), "reason": word.reason.as_str(), "at": word.at.to_string() })
            })
        };
        let texts = |list: &[Text]| list.iter().map(Text::to_string).collect::<Vec<_>>();
        let steps: Vec<Json> = self
            .steps
            .iter()
            .map(|(name, counts)| {
                let mut told = counts.clone();
                told["step"] = json!(name.as_str());
                told
            })
            .collect();
        json!({
            "id": self.id.as_str(),
            "tenant": self.tenant.as_str(),
            "environment": crate::tenant::path(self.environment),
            "part": self.part.name(),
            "mode": self.mode.name().to_lowercase(),
            "source": self.source_name.as_str(),
            "status": self.status.name(),
            "by": self.actor.as_str(),
            "received": self.received.to_string(),
            "ended": self.ended.map(|at| at.to_string()),
            "totals": self.tally.told(),
            "steps": steps,
            "alerts": texts(&self.alerts),
            "gate": texts(&self.reasons),
            "approved": word(&self.approved),
            "undone": word(&self.undone),
            "fault": self.fault.as_ref().map(|fault| json!({
                "code": fault.code.as_str(), "message": fault.message.as_str(), "hint": fault.hint.as_str(),
            })),
        })
    }
}

//! One batch from its file to its report: fetch, stage, validate, diff, gate, apply (LBX-061).

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use dictionary::{Feed, Named, Text};
use serde_json::{Value as Json, json};
use store::{Assembly, ErrorKind, Expect, OWN_FEED, Operation, Sequence, StoreError};
use tokio::sync::mpsc;

use super::alerts::Alarm;
use super::batch::{Batch, Fault, Mode, Origin, Status};
use super::diff::Diff;
use super::draft::{Draft, Reader};
use super::findings::Findings;
use super::heading::Headings;
use super::holding::Holding;
use super::index::{Boards, Index, Ties, Users, each};
use super::part::Part;
use super::quarantine::Quarantine;
use super::safety;
use super::stage::{self, Staged, Stop, Survey};
use super::tally::Tally;
use super::terms::Terms;
use crate::Door;
use gate::TenantEnvironment as Environment;

use crate::tenant::Tenant;

/// Drafts that are handed on at once, and how many such parts wait.
const DRAFTS: usize = 1_000;
const WAITING: usize = 3;
/// Operations that are handed to the assembly at once.
const AT_ONCE: usize = 4_000;
/// How often a batch begins anew as somebody else writes the same records.
const MOST_TRIES: usize = 5;
/// Bytes of what is remembered of a source's shape.
const LARGEST_MEMORY: usize = 60 << 10;

/// What is remembered of a tenant's part from the last batch that was applied.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Before {
    /// Rows of the last full import.
    pub(crate) rows: Option<u64>,
    /// The shape of the last file.
    pub(crate) schema: Json,
    /// How far the log had been read of a feed that is imported from (LBX-070).
    pub(crate) mark: Option<Sequence>,
}

impl Before {
    /// The name of the cursor that holds it.
    pub(crate) fn cursor(tenant: &Tenant, part: Part) -> String {
        format!("lockbox-import/{}/{}/{}", crate::tenant::path(tenant.environment), part.name(), tenant.id)
    }

    pub(crate) async fn load(door: &Door, tenant: &Tenant, part: Part) -> Result<Self, StoreError> {
        let text = door.store.cursor(&Self::cursor(tenant, part)).await?.unwrap_or_default();
        let json: Json = serde_json::from_str(&text).unwrap_or_default();
        Ok(Self { rows: json["rows"].as_u64(), schema: json["schema"].clone(), mark: json["mark"].as_u64() })
    }

    fn text(&self) -> String {
        let whole = json!({ "rows": self.rows, "schema": self.schema, "mark": self.mark }).to_string();
        if whole.len() <= LARGEST_MEMORY {
            return whole;
        }
        json!({ "rows": self.rows, "mark": self.mark }).to_string()
    }

    /// The columns that the last file had.
    pub(crate) fn mapped(&self) -> BTreeSet<String> {
        let list = self.schema["mapped"].as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }
}

/// What has become of a try.
pub(crate) enum Ran {
    /// The batch is at an end, or stands at the gate.
    Done,
    /// Another import of the tenant is at work.
    Busy,
}

impl Door {
    /// Brings a batch to its end, or to the gate.
    pub(crate) async fn run_batch(&self, id: &str) -> Result<Ran, StoreError> {
        let Some(mut batch) = self.batch(id).await? else { return Ok(Ran::Done) };
        let mut names =
            vec![format!("lockbox-import/{}/{}", crate::tenant::path(batch.environment), batch.tenant)];
        if batch.part == Part::Members {
            // Names and addresses are unique among the users of all tenants.
            names.push(format!("lockbox-users/{}", crate::tenant::path(batch.environment)));
        }
        let Some(mut held) = Holding::take(self, &names).await? else { return Ok(Ran::Busy) };
        // Somebody may have been quicker, before the lease was ours.
        match self.batch(id).await? {
            Some(now) if now.status.is_due() => batch = now,
            _ => {
                held.release().await?;
                return Ok(Ran::Done);
            }
        }
        let mut tries = 0;
        let stopped = loop {
            tries += 1;
            match self.attempt(&mut batch, &mut held).await {
                Err(Stop::Store(error)) if error.kind == ErrorKind::Conflict && tries < MOST_TRIES => {
                    tracing::info!(batch = id, "an import begins anew: {error}");
                }
                done => break done.err(),
            }
        };
        let ended = match stopped {
            None => Ok(()),
            Some(Stop::Store(error)) if error.may_pass() => Err(error),
            Some(Stop::Store(error)) => {
                let fault = Fault::new(error.code(), error.message.clone(), error.hint.clone());
                self.fail(&mut batch, fault).await
            }
            Some(Stop::Fault(fault)) => self.fail(&mut batch, fault).await,
        };
        held.release().await?;
        ended.map(|()| Ran::Done)
    }

    /// Nothing of it was applied: the batch says why, and somebody is told (LBX-068).
    async fn fail(&self, batch: &mut Batch, fault: Fault) -> Result<(), StoreError> {
        batch.alert(Alarm::Failed, format!("{} {}", fault.message, fault.hint));
        batch.status = Status::Failed;
        batch.ended = Some((self.clock)());
        batch.fault = Some(fault);
        self.save(batch).await
    }

    /// Something to be written, all or nothing; what is large of it waits in the door's directory.
    pub(crate) fn assemble(&self, actor: impl Into<Text>) -> Assembly {
        self.store.assemble(actor, (self.clock)(), &self.settings.directory)
    }

    /// Keeps the record of a batch.
    pub(crate) async fn save(&self, batch: &Batch) -> Result<(), StoreError> {
        self.save_with(batch, self.assemble(batch.log_actor())).await
    }

    /// Keeps the record of a batch with what goes with it, as one, the record last.
    async fn save_with(&self, batch: &Batch, mut whole: Assembly) -> Result<(), StoreError> {
        let mut last = self.alerts_of(batch, whole.at()).await?;
        last.push(Operation::put_own(batch.record(&self.dictionary, whole.at()), Expect::Any));
        whole.add(last).await?;
        whole.write().await.map(drop)
    }

    /// The file of a batch that nobody will look at again.
    pub(crate) async fn forget_file(&self, batch: &Batch) {
        if let Origin::File(name) = &batch.origin {
            drop(tokio::fs::remove_file(self.settings.directory.join(name.as_str())).await);
        }
    }

    /// A batch, as it is kept.
    pub(crate) async fn batch(&self, id: &str) -> Result<Option<Batch>, StoreError> {
        let own = self.dictionary.known("ImportBatch");
        let kept = self.store.get(own.id, id).await?;
        Ok(kept.and_then(|kept| Batch::read(Named { own, record: &kept.record })))
    }

    async fn attempt(&self, batch: &mut Batch, held: &mut Holding<'_>) -> Result<(), Stop> {
        let Some(tenant) = self.find_tenant(&batch.tenant, batch.environment).await? else {
            let hint = "Make the tenant and its feeds again, and send the file anew.";
            return Err(Stop::Fault(Fault::new("tenant_unknown", "The tenant is not there any more.", hint)));
        };
        batch.status = Status::Running;
        batch.tally = Tally::default();
        (batch.steps, batch.alerts, batch.reasons) = (Vec::new(), Vec::new(), Vec::new());
        batch.raised.clear();
        let before = Before::load(self, &tenant, batch.part).await?;
        let staged = self.fetch(&tenant, batch, &before).await?;
        let bytes = std::fs::metadata(&staged.path)?.len();
        batch.step("fetch", json!({ "bytes": bytes, "from": batch.source_name.as_str() }));
        let done = match (bytes, &batch.origin, batch.mode) {
            // Nothing has changed at the source, or nothing is quarantined: that is no fault.
            (0, Origin::Feed(_), Mode::Incremental) | (0, Origin::Quarantine(_), _) => {
                self.nothing(&tenant, batch, before, &staged).await
            }
            _ => self.bring(&tenant, batch, (before, &staged), held).await,
        };
        if staged.ours {
            drop(std::fs::remove_file(&staged.path));
        }
        if done.is_ok()
            && batch.status == Status::Applied
            && let Origin::File(_) = batch.origin
        {
            drop(std::fs::remove_file(&staged.path));
        }
        done
    }

    /// There was nothing to bring.
    async fn nothing(
        &self,
        tenant: &Tenant,
        batch: &mut Batch,
        before: Before,
        staged: &Staged,
    ) -> Result<(), Stop> {
        batch.status = Status::Applied;
        batch.ended = Some((self.clock)());
        let mut whole = self.assemble(batch.log_actor());
        let after = Before { mark: staged.mark.or(before.mark), ..before };
        whole.set_cursor(Before::cursor(tenant, batch.part), after.text());
        Ok(self.save_with(batch, whole).await?)
    }

    async fn bring(
        &self,
        tenant: &Tenant,
        batch: &mut Batch,
        (before, staged): (Before, &Staged),
        held: &mut Holding<'_>,
    ) -> Result<(), Stop> {
        let (terms, version) = Terms::load(&self.store, &self.dictionary, tenant).await?;
        let (table, reader, survey) = self.stage(batch.part, &terms, staged).await?;
        let mut schema = survey.shape.kept();
        if schema.to_string().len() > LARGEST_MEMORY {
            schema = Json::Null;
        }
        // Rows of the quarantine have the columns of the files that they came in.
        let of_source = !matches!(batch.origin, Origin::Quarantine(_));
        if of_source {
            let drift = survey.shape.alerts(&before.schema).into_iter();
            drift.for_each(|alert| batch.alert(Alarm::Drift, alert));
        }
        batch.schema = schema;
        let unknown: Vec<&str> = reader.headings.unknown().take(50).collect();
        batch.step("stage", json!({ "rows": survey.rows, "notes": survey.notes, "columnsNotRead": unknown }));
        let terms_after = judge_boards(&terms, &survey)?;
        if survey.without_board > 0 {
            let message = format!("{} rows name no board (board_id_missing).", survey.without_board);
            batch.alert(Alarm::BoardMissing, message);
        }
        self.save(batch).await?;
        held.renew().await?;
        let boards = terms_after.boards.len();
        let boards = Boards::new(boards, terms_after.default_board.as_deref(), &reader.rules);
        let mut diff = self.diff(tenant, batch, &reader, boards).await?;
        diff.only_board = match (survey.boards.len(), survey.without_board) {
            (1, missing) if missing > 0 => survey.boards.keys().next().cloned(),
            _ => None,
        };
        self.walk(&mut diff, (table, reader), held).await?;
        if batch.mode == Mode::Full {
            let several = terms_after.boards.len() > 1;
            diff.absent(|board| !several || survey.boards.contains_key(board)).await?;
        }
        let active = diff.index.active;
        // What it was held against is not needed any more while it is written.
        (diff.index, diff.users, diff.ties) = Default::default();
        let Diff { tally, findings, quarantine, operations, mut assembly, mut report, .. } = diff;
        let valid = tally.rows - tally.quarantined;
        batch.step(
            "validate",
            json!({ "valid": valid, "quarantined": tally.quarantined, "warnings": tally.warnings }),
        );
        batch.step(
            "diff",
            json!({ "added": tally.added, "changed": tally.changed, "unchanged": tally.unchanged,
                "terminated": tally.terminated, "absent": tally.absent }),
        );
        // A retry of the quarantine is not the source's whole file, whatever its mode.
        let reasons = safety::reasons(batch.part, batch.mode, &tally, active, before.rows);
        let seen = batch.at_gate;
        batch.tally = tally;
        let approved = batch.approved.is_some() && seen.is_none_or(|seen| tally.terminated <= seen);
        batch.step("gate", json!({ "stops": reasons.len(), "approved": batch.approved.is_some() }));
        let count = findings.count();
        let (rest, parts) = findings.end(batch.report_parts);
        report.add(rest).await?;
        batch.report_parts = parts;
        batch.step("report", json!({ "findings": count, "parts": parts }));
        if !reasons.is_empty() && !approved {
            batch.status = Status::Waiting;
            batch.reasons = reasons.into_iter().map(Text::from).collect();
            let message = "The import stands at the gate and needs a named person's approval.";
            batch.alert(Alarm::Waiting, message);
            batch.approved = None;
            batch.at_gate = Some(tally.terminated);
            drop(assembly);
            return Ok(self.save_with(batch, report).await?);
        }
        assembly.add(operations).await?;
        if batch.mode == Mode::Full {
            let mut gone = quarantine.absent(&self.dictionary);
            loop {
                let part: Vec<Operation> = gone.by_ref().take(AT_ONCE).collect();
                if part.is_empty() {
                    break;
                }
                assembly.add(part).await?;
            }
        }
        assembly.append(report).await?;
        batch.status = Status::Applied;
        batch.ended = Some((self.clock)());
        let mut last = self.alerts_of(batch, assembly.at()).await?;
        if terms_after != terms {
            let record = terms_after.record(&self.dictionary, tenant);
            last.push(Operation::Put {
                feed: OWN_FEED.into(),
                record,
                expect: version.map_or(Expect::Absent, Expect::At),
                stamp: Some(assembly.at()),
            });
        }
        batch.written = (assembly.operations() + last.len()) as u64 + 1;
        batch.step("apply", json!({ "written": batch.written }));
        last.push(Operation::put_own(batch.record(&self.dictionary, assembly.at()), Expect::Any));
        assembly.add(last).await?;
        let after = Before {
            rows: if batch.mode == Mode::Full { Some(tally.rows) } else { before.rows },
            schema: if of_source { batch.schema.clone() } else { before.schema },
            mark: staged.mark.or(before.mark),
        };
        assembly.set_cursor(Before::cursor(tenant, batch.part), after.text());
        held.renew().await?;
        assembly.write().await?;
        Ok(())
    }

    /// Reads the file from end to end.
    async fn stage(
        &self,
        part: Part,
        terms: &Terms,
        staged: &Staged,
    ) -> Result<(intake::Table, Reader, Survey), Stop> {
        let (path, dictionary) = (staged.path.clone(), Arc::clone(&self.dictionary));
        let rules = Arc::new(terms.rules());
        let read = tokio::task::spawn_blocking(move || {
            let table = stage::open(&path)?;
            let resource = dictionary.known(part.resource());
            let headings = Headings::read(part, table.headings(), &rules.headings, resource);
            let reader = Reader::new(Arc::clone(&dictionary), headings, rules);
            let survey = stage::survey(&table, &reader)?;
            Ok((table, reader, survey))
        });
        read.await.map_err(|_| stopped())?
    }

    /// What a file is held against.
    async fn diff<'a>(
        &'a self,
        tenant: &'a Tenant,
        batch: &'a Batch,
        reader: &Reader,
        boards: Boards,
    ) -> Result<Diff<'a>, Stop> {
        let (store, words, part) = (&self.store, &*self.dictionary, batch.part);
        let index = Index::load(store, words, (part, &tenant.feed), &boards).await?;
        let users = match part {
            Part::Members => Users::load(store, words, &self.feeds(tenant.environment).await?).await?,
            Part::Offices | Part::Listings => Users::default(),
        };
        let tie_field = reader.rules.tie_field.clone();
        let ties = match part {
            Part::Offices => Ties::default(),
            Part::Members => Ties::offices(store, words, &tenant.feed, &boards).await?,
            Part::Listings => Ties::members(store, words, &tenant.feed, (&boards, &tie_field)).await?,
        };
        Ok(Diff {
            door: self,
            tenant,
            batch,
            headings: reader.headings.names.clone(),
            columns: reader.headings.fields(),
            boards,
            only_board: None,
            tie_field,
            index,
            users,
            ties,
            quarantine: Quarantine::load(store, words, tenant, part).await?,
            findings: Findings::of(batch.id.clone(), Arc::clone(&self.dictionary)),
            tally: Tally::default(),
            assembly: self.assemble(batch.log_actor()),
            report: self.assemble(batch.log_actor()),
            operations: Vec::new(),
        })
    }

    /// Reads the rows on a thread of its own while others are held against what is kept.
    async fn walk(
        &self,
        diff: &mut Diff<'_>,
        (table, reader): (intake::Table, Reader),
        held: &mut Holding<'_>,
    ) -> Result<(), Stop> {
        let (sender, mut parts) = mpsc::channel::<Vec<Draft>>(WAITING);
        let reading = tokio::task::spawn_blocking(move || {
            let mut drafts = Vec::with_capacity(DRAFTS);
            table.rows(&mut |row| {
                drafts.push(reader.read(&row));
                if drafts.len() < DRAFTS {
                    return ControlFlow::Continue(());
                }
                let full = std::mem::replace(&mut drafts, Vec::with_capacity(DRAFTS));
                match sender.blocking_send(full) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            })?;
            // Where nobody receives any more, the other side knows why.
            drop(sender.blocking_send(drafts));
            Ok::<(), Stop>(())
        });
        while let Some(drafts) = parts.recv().await {
            diff.take(drafts).await?;
            held.renew().await?;
        }
        reading.await.map_err(|_| stopped())?
    }

    /// The feeds of one environment, of all tenants.
    pub(crate) async fn feeds(&self, environment: Environment) -> Result<HashSet<Feed>, StoreError> {
        let own = self.dictionary.known("Tenant");
        let mut feeds = HashSet::new();
        each(&self.store, &self.dictionary, (own.id, &OWN_FEED.into()), |stored| {
            let named = Named { own, record: &stored.record };
            feeds.extend(Tenant::read(named, environment).map(|tenant| tenant.feed));
        })
        .await?;
        Ok(feeds)
    }
}

fn stopped() -> Stop {
    let hint = "Please report it with the file, or with rows that are like it.";
    Stop::Fault(Fault::new(
        "import_stopped",
        "Reading the file was stopped by a fault of Freehold's own.",
        hint,
    ))
}

/// Holds the boards of a file against the tenant's (LBX-014, LBX-015), and gives the settings as they are to be.
fn judge_boards(terms: &Terms, survey: &Survey) -> Result<Terms, Stop> {
    let fault = |code: &str, message: String, hint: &str| Err(Stop::Fault(Fault::new(code, message, hint)));
    let named: Vec<&Text> = survey.boards.keys().collect();
    let several = named.len() > 1 || terms.boards.len() > 1;
    if several && survey.without_board > 0 {
        let message = format!(
            "{} rows name no board, and there is more than one: none of the file is taken.",
            survey.without_board
        );
        let hint = "Every row of a source of several boards says its board; boardFields says where.";
        return fault("board_id_missing", message, hint);
    }
    let stranger =
        named.iter().find(|board| !terms.boards.is_empty() && !terms.boards.iter().any(|own| own == **board));
    if let Some(board) = stranger {
        let message =
            format!("The file holds rows of {board}, which is none of {}.", terms.boards.join(", "));
        let hint = "Send the tenant's own file, or add the board to the settings first.";
        return fault("board_unknown", message, hint);
    }
    let mut after = terms.clone();
    if after.boards.is_empty() {
        after.boards = named.iter().map(|board| board.to_string()).collect();
    }
    after.unidentified |= survey.without_board > 0 && survey.boards.is_empty();
    Ok(after)
}

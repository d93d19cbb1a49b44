//! Which state follows which, by what event.

use super::rule::Rule;
use crate::State;

/// Something that is done to an integration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Event {
    KickOff,
    ReceiveDataFiles,
    CompleteMapping,
    VerifyStagingImport,
    PassTestSync,
    ScheduleGoLive,
    GoLive,
    Pause,
    Resume,
    Close,
    Block,
    Unblock,
}

impl Event {
    /// Every one, in the order of an onboarding.
    pub(crate) const ALL: [Self; 12] = [
        Self::KickOff,
        Self::ReceiveDataFiles,
        Self::CompleteMapping,
        Self::VerifyStagingImport,
        Self::PassTestSync,
        Self::ScheduleGoLive,
        Self::GoLive,
        Self::Pause,
        Self::Resume,
        Self::Close,
        Self::Block,
        Self::Unblock,
    ];

    /// As bodies and records spell it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::KickOff => "kick_off",
            Self::ReceiveDataFiles => "receive_data_files",
            Self::CompleteMapping => "complete_mapping",
            Self::VerifyStagingImport => "verify_staging_import",
            Self::PassTestSync => "pass_test_sync",
            Self::ScheduleGoLive => "schedule_go_live",
            Self::GoLive => "go_live",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Close => "close",
            Self::Block => "block",
            Self::Unblock => "unblock",
        }
    }

    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// What has to be met before it.
    pub(crate) fn rules(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| rule.event() == self)
    }

    /// The event that an integration in this state waits for; none once it is live.
    pub(crate) fn awaited(state: State) -> Option<Self> {
        Some(match state {
            State::Planned => Self::KickOff,
            State::Kickoff => Self::ReceiveDataFiles,
            State::DataFilesReceived => Self::CompleteMapping,
            State::Mapped => Self::VerifyStagingImport,
            State::StagingImportVerified => Self::PassTestSync,
            State::TestSyncPassed => Self::ScheduleGoLive,
            State::GoLiveScheduled => Self::GoLive,
            State::Blocked => Self::Unblock,
            State::Live | State::Paused | State::Closed => return None,
        })
    }
}

/// The state after an event; none where the event is not for this state. A blocked integration goes back to
/// where it came from.
pub(crate) fn after(event: Event, state: State, blocked_from: Option<State>) -> Option<State> {
    use State::{
        Blocked, Closed, DataFilesReceived, GoLiveScheduled, Kickoff, Live, Mapped, Paused, Planned,
        StagingImportVerified, TestSyncPassed,
    };
    Some(match (event, state) {
        (Event::KickOff, Planned) => Kickoff,
        (Event::ReceiveDataFiles, Kickoff) => DataFilesReceived,
        (Event::CompleteMapping, DataFilesReceived) => Mapped,
        (Event::VerifyStagingImport, Mapped) => StagingImportVerified,
        (Event::PassTestSync, StagingImportVerified) => TestSyncPassed,
        // An appointment may be moved.
        (Event::ScheduleGoLive, TestSyncPassed | GoLiveScheduled) => GoLiveScheduled,
        (Event::GoLive, GoLiveScheduled) | (Event::Resume, Paused) => Live,
        (Event::Pause, Live) => Paused,
        // What never went live is blocked before it is given up, so that somebody says why.
        (Event::Close, Live | Paused | Blocked) => Closed,
        (Event::Block, Blocked | Closed) => return None,
        (Event::Block, _) => Blocked,
        (Event::Unblock, Blocked) => blocked_from?,
        _ => return None,
    })
}

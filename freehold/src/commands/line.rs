//! What may be written on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::settings::Settings;

/// A self-hosted real-estate data exchange.
#[derive(Clone, Debug, Parser)]
#[command(name = "freehold", version, about)]
pub(crate) struct Line {
    /// The settings file; `freehold settings` prints one with every default
    #[arg(long, global = true, env = "FREEHOLD_SETTINGS", value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Command {
    /// Serve what the store holds
    Run(Place),
    /// Load a year of real sales in King County and serve them
    Demo(Demo),
    /// Bring in a CSV, JSON, NDJSON or XLSX file through a mapping
    Import(Import),
    /// Pull what is new from a server of the RESO Web API, as its source's record says, and wait for the end
    Pull(OfSource),
    /// Hold all keys of such a server against the records that are kept, and list the differences
    Compare(OfSource),
    /// Propose a mapping for a file, to begin with
    Propose {
        /// The file
        file: PathBuf,
        /// The resource that its rows are of
        #[arg(long, default_value = "Property")]
        resource: String,
        /// The feed that they shall belong to
        #[arg(long)]
        feed: String,
    },
    /// Add any number of synthetic listings, for measuring
    Crowd(Crowd),
    /// Write everything that the store holds, its history too, to a file
    Backup {
        /// The file to write; it must not exist
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Write the records of a resource to a file, in RESO Common Format
    Export {
        /// The resource, such as Property
        resource: String,
        /// The file to write; it must not exist
        file: PathBuf,
        /// The feed whose records are written; all where none is named
        #[arg(long)]
        feed: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Fill an empty store from a backup file
    Restore {
        /// The file that `freehold backup` wrote
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Check settings, store and index, and say what to mend
    Doctor(Place),
    /// Make and change feeds, clients, keys, grants, sources and mappings, whether a server runs or not
    Operate {
        #[command(subcommand)]
        what: Operation,
        #[command(flatten)]
        place: Place,
    },
    /// Print every setting with its default and the reason for it
    Settings,
}

/// What an operator does. The admin API does the same to a server that runs.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum Operation {
    /// Make a feed
    AddFeed { id: String, name: String },
    /// Make a client: a partner, or an operator of this installation
    AddClient {
        id: String,
        name: String,
        /// May do everything, the admin API included
        #[arg(long)]
        operator: bool,
    },
    /// Refuse a client's keys and tokens until it is made active again
    SuspendClient { id: String },
    /// Issue a further key to a client and show it, this once
    IssueKey {
        client: String,
        /// What it is called
        #[arg(long)]
        name: Option<String>,
        /// A systemaccesskey, which opens the partner API alone
        #[arg(long)]
        partner: bool,
        /// With --partner: read the key that the client has from another host, a line of standard input
        #[arg(long, requires = "partner")]
        given: bool,
        /// production or test, where it is for one of them
        #[arg(long)]
        environment: Option<String>,
    },
    /// Keep a mapping file as a record, for sources to use: a new one, or a new text of one that is there
    SetMapping { file: PathBuf },
    /// Keep the token or secret that a source's server gave, sealed; it is a line of standard input
    SetCredential { source: String },
    /// Order a run of a source; the server that runs begins it
    RunSource { id: String },
    /// Order that the run of a source end; what it has written stays
    CancelSource { id: String },
    /// List the sources and what became of their last runs
    Jobs,
    /// Make a record of Freehold's own: `add Source SourceId=sales MappingId=sales SourceLocation=/data/in`
    Add {
        resource: String,
        /// FIELD=VALUE; a list is VALUE,VALUE
        #[arg(required = true)]
        fields: Vec<String>,
    },
    /// Change such a record: `set Client kw AllowedNetworks=192.0.2.0/24 SignedRequestsYN=true`
    Set {
        resource: String,
        key: String,
        /// FIELD=VALUE; a list is VALUE,VALUE; FIELD= takes the value away
        #[arg(required = true)]
        fields: Vec<String>,
    },
    /// Show such a record
    Show { resource: String, key: String },
    /// Refuse a key from now on
    RevokeKey { key: String },
    /// Grant a feed to a client
    Grant {
        client: String,
        feed: String,
        /// IDX, VOW, BBO, Participant or Analytics
        class: String,
        /// May write, too
        #[arg(long)]
        write: bool,
        /// Sees the records, too, that the class hides: drafts, what was deleted
        #[arg(long)]
        every_record: bool,
    },
    /// Register a webhook of a client, challenge it, and show its secret, this once
    AddEndpoint {
        id: String,
        client: String,
        url: String,
        /// Send events of one key strictly one after the other
        #[arg(long)]
        ordered: bool,
    },
    /// Give an endpoint a new secret and show it; the former one signs, too, for a day
    RotateSecret { endpoint: String },
    /// Send to an endpoint again
    EnableEndpoint {
        endpoint: String,
        /// And what was published while it was disabled
        #[arg(long)]
        missed: bool,
    },
    /// Send nothing more to an endpoint
    DisableEndpoint { endpoint: String },
    /// List an endpoint's dead letters
    DeadLetters { endpoint: String },
    /// Try an endpoint's dead letters again, all or those that are named
    Retry {
        endpoint: String,
        #[command(flatten)]
        which: Which,
    },
    /// Send events to an endpoint again, with the ids they had
    Replay {
        endpoint: String,
        #[command(flatten)]
        which: Which,
    },
    /// Let a client publish to, or receive for, an agent: `grant-topic site '*' realestate/listing subscribe`
    GrantTopic {
        client: String,
        /// The agent's profile URL, or * for everyone
        agent: String,
        /// A topic, a group of topics, or * for all
        pattern: String,
        /// publish, subscribe, or authorize: let apps do either
        #[arg(value_parser = ["publish", "subscribe", "authorize"])]
        direction: String,
    },
    /// Subscribe a client's endpoint to an agent's events
    Subscribe {
        id: String,
        client: String,
        endpoint: String,
        agent: String,
        #[arg(required = true)]
        topics: Vec<String>,
    },
    /// Take a record of Freehold's own away, such as a grant: `remove Grant 'CLIENT|FEED'`
    Remove { resource: String, key: String },
    /// List the keys of a resource's records: Feed, Client, ClientKey, Grant, Quota, …
    List { resource: String },
}

/// Which events are meant; what is named must all be so.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Which {
    /// These, by id
    #[arg(long = "event", value_name = "ID")]
    pub(super) events: Vec<String>,
    /// Accepted at this instant or later, such as 2026-03-01T10:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub(super) from: Option<String>,
    /// Accepted before this instant
    #[arg(long, value_name = "INSTANT")]
    pub(super) until: Option<String>,
    /// Of this topic or group of topics
    #[arg(long)]
    pub(super) topic: Option<String>,
}

/// Where the store is and where to listen, in place of what the settings say.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Place {
    /// The data directory
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) data: Option<PathBuf>,
    /// The address to listen at
    #[arg(long, value_name = "ADDRESS:PORT", global = true)]
    pub(super) listen: Option<SocketAddr>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct Demo {
    #[command(flatten)]
    pub(super) place: Place,
    /// Print one JSON line once it is ready, for scripts
    #[arg(long)]
    pub(super) json: bool,
    /// Keep the market moving: prices change, houses come and are sold
    #[arg(long)]
    pub(super) live: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct Import {
    /// The file
    #[arg(required_unless_present = "source")]
    pub(super) file: Option<PathBuf>,
    /// The mapping file; `freehold propose` writes one to begin with
    #[arg(long, value_name = "FILE", required_unless_present = "source")]
    pub(super) mapping: Option<PathBuf>,
    /// Run this source now, as its record says, and wait for its end
    #[arg(long, value_name = "ID",
        conflicts_with_all = ["file", "mapping", "feed", "preview", "check", "remove_missing", "refuse_over"])]
    pub(super) source: Option<String>,
    /// The feed, in place of the mapping's
    #[arg(long)]
    pub(super) feed: Option<String>,
    /// Show what would become of the first rows, and write nothing
    #[arg(long, value_name = "ROWS", conflicts_with = "check")]
    pub(super) preview: Option<usize>,
    /// Read the whole file and report, and write nothing
    #[arg(long)]
    pub(super) check: bool,
    /// Remove what the feed holds and the file does not
    #[arg(long)]
    pub(super) remove_missing: bool,
    /// With --remove-missing: however many go
    #[arg(long, requires = "remove_missing")]
    pub(super) confirmed: bool,
    /// Write nothing where more than this share of the records would be refused
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(super) refuse_over: Option<u8>,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) place: Place,
}

#[derive(Clone, Debug, Args)]
pub(super) struct OfSource {
    /// The source: `freehold operate list Source` lists them
    pub(super) id: String,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) place: Place,
}

#[derive(Clone, Debug, Args)]
pub(super) struct Crowd {
    #[command(flatten)]
    pub(super) place: Place,
    /// How many listings
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(super) listings: u64,
    /// Another number, another crowd
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// The feed that they belong to
    #[arg(long, default_value = "CROWD")]
    pub(super) feed: String,
}

impl Command {
    /// What the line says comes before what the file says.
    pub(super) fn override_settings(&self, settings: &mut Settings) {
        let place = match self {
            Self::Run(place) | Self::Doctor(place) => place,
            Self::Demo(demo) => &demo.place,
            Self::Crowd(crowd) => &crowd.place,
            Self::Import(import) => &import.place,
            Self::Pull(one) | Self::Compare(one) => &one.place,
            Self::Export { place, .. }
            | Self::Backup { place, .. }
            | Self::Restore { place, .. }
            | Self::Operate { place, .. } => place,
            Self::Settings | Self::Propose { .. } => return,
        };
        if let Some(data) = &place.data {
            settings.store.data.clone_from(data);
        }
        if let Some(listen) = place.listen {
            settings.server.listen = listen;
        }
    }
}

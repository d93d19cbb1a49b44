//! The roles of a running Freehold, started and stopped in order.

mod kafka;
mod open;
mod openapi;
mod outflow;
mod pictures;
mod places;
mod router;
mod tls;
mod whence;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use gate::Gate;
use store::StoreError;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

pub(crate) use open::{ASSOCIATION, House, LOCKBOX, act, dictionary, store_settings, user};

use whence::Peer;

use crate::clock;
use crate::local::{self, Socket};
use crate::settings::Settings;

/// A server that answers.
#[derive(Debug)]
pub(crate) struct Running {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    stop: watch::Sender<bool>,
    follower: JoinHandle<()>,
    doorkeeper: JoinHandle<()>,
    bookkeeper: JoinHandle<()>,
    boxkeeper: JoinHandle<()>,
    registrar: JoinHandle<()>,
    sender: JoinHandle<()>,
    kafka: Vec<JoinHandle<()>>,
    server: JoinHandle<std::io::Result<()>>,
    /// Why somebody no longer follows the log.
    faults: mpsc::Receiver<StoreError>,
    stop_sending: watch::Sender<bool>,
    drain: Duration,
}

/// Binds the address before anything is loaded: a port that is taken is said at once.
pub(crate) async fn bind(settings: &Settings) -> Result<TcpListener> {
    let address = settings.server.listen;
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be listened at. Is another Freehold running? Choose another with --listen.")
    })
}

/// Starts following the log and answering requests.
pub(crate) fn start(house: &House, settings: &Settings, listener: TcpListener) -> Result<Running> {
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let (fault, faults) = mpsc::channel(1);
    let follower = {
        let (search, store, until) = (house.search.clone(), house.store.clone(), until(stopped.clone()));
        follow("the index", &fault, async move { search.follow(store, until).await })
    };
    let doorkeeper = {
        let (gate, until) = (house.gate.clone(), until(stopped.clone()));
        follow("the gate", &fault, async move { gate.follow(until).await })
    };
    let bookkeeper = {
        let (door, until) = (house.transactions.clone(), until(stopped.clone()));
        follow("the transactions door", &fault, async move { door.follow(until).await })
    };
    let boxkeeper = {
        let (door, until) = (house.lockbox.clone(), until(stopped.clone()));
        follow("the lockbox door", &fault, async move { door.work(until).await })
    };
    let registrar = {
        let (door, until) = (house.association.clone(), until(stopped.clone()));
        follow("the association door", &fault, async move { door.follow(until).await })
    };
    let (door, ended) = (house.association.clone(), until(stopped.clone()));
    tokio::spawn(async move { door.work(ended).await });
    let (door, ended) = (house.association.clone(), until(stopped.clone()));
    tokio::spawn(async move { door.watch(ended).await });
    let (gate, mut ended) = (house.gate.clone(), stopped.clone());
    tokio::spawn(async move {
        // Which keys are in use is noted now and then, and once more at the end.
        while tokio::time::timeout(NOTE_USES, ended.wait_for(|told| *told)).await.is_err() {
            note_uses(&gate).await;
        }
        note_uses(&gate).await;
    });
    let photos = pictures::photos(house, settings)?;
    let sources = house.sources(settings, Some(photos.clone()))?.work(until(stopped.clone()));
    tokio::spawn(sources);
    // Without the socket the server serves all the same; the admin API is there as well.
    match Socket::bind(&settings.store.data) {
        Ok(socket) => drop(tokio::spawn(local::serve(socket, house.admin(), until(stopped.clone())))),
        Err(error) => tracing::warn!("`freehold operate` cannot reach this server: {error:#}"),
    }
    // It stops after the server: what the last requests published is fanned out still.
    let (stop_sending, sending_stopped) = watch::channel(false);
    let sender = outflow::start(house, settings, sending_stopped);
    let kafka = kafka::start(house, settings, &house.kafka, stopped.clone())?;
    let routes = router::routes(house, settings, photos)?;
    let routes = routes.into_make_service_with_connect_info::<Peer>();
    let server = if settings.ends_tls() {
        let tls = tls::listen(listener, settings, stopped.clone())?;
        tokio::spawn(axum::serve(tls, routes).with_graceful_shutdown(until(stopped)).into_future())
    } else {
        tokio::spawn(axum::serve(listener, routes).with_graceful_shutdown(until(stopped)).into_future())
    };
    let drain = Duration::from_secs(settings.server.drain_seconds);
    Ok(Running {
        address,
        stop,
        follower,
        doorkeeper,
        bookkeeper,
        boxkeeper,
        registrar,
        sender,
        kafka,
        server,
        faults,
        stop_sending,
        drain,
    })
}

impl Running {
    /// Waits until the index holds all that the store did when it began.
    pub(crate) async fn ready(&self, house: &House) {
        while !house.search.is_ready() && !self.follower.is_finished() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits for Ctrl-C or SIGTERM, then stops: no new requests, the open ones end, the index last. It stops
    /// as well where the log cannot be followed any more: answers that grow old unseen are worse than none.
    pub(crate) async fn until_told(mut self) -> Result<()> {
        tokio::select! {
            () = told() => tracing::info!("stopping"),
            ended = &mut self.server => {
                ended.context("the server broke down")??;
                return Ok(());
            }
            Some(fault) = self.faults.recv() => {
                self.stop().await?;
                return Err(fault.into());
            }
        }
        self.stop().await
    }

    /// Stops in order.
    pub(crate) async fn stop(self) -> Result<()> {
        self.stop.send_replace(true);
        if tokio::time::timeout(self.drain, self.server).await.is_err() {
            tracing::warn!("requests were still open after {} s and were cut off", self.drain.as_secs());
        }
        self.stop_sending.send_replace(true);
        self.sender.await.context("outflow broke down")?;
        for role in self.kafka {
            role.await.context("a role that works with Kafka broke down")?;
        }
        self.follower.await.context("the index broke down")?;
        self.doorkeeper.await.context("the gate broke down")?;
        self.bookkeeper.await.context("the transactions door broke down")?;
        self.boxkeeper.await.context("the lockbox door broke down")?;
        self.registrar.await.context("the association door broke down")?;
        Ok(())
    }
}

/// Follows the log in a task of its own until it is told to stop, or cannot.
fn follow(
    who: &'static str,
    fault: &mpsc::Sender<StoreError>,
    work: impl Future<Output = Result<(), StoreError>> + Send + 'static,
) -> JoinHandle<()> {
    let fault = fault.clone();
    tokio::spawn(async move {
        if let Err(error) = work.await {
            tracing::error!(code = error.code(), "{who} no longer follows the log: {error}");
            // The first fault stops the server; it needs no second.
            drop(fault.try_send(error));
        }
    })
}

/// How often the gate writes down which keys were used: a day is noted, so that minutes are soon enough.
const NOTE_USES: Duration = Duration::from_secs(300);

async fn note_uses(gate: &Gate) {
    if let Err(error) = gate.write_uses(clock::now()).await {
        tracing::warn!(code = error.code(), "the use of keys was not noted: {error}");
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone means the same.
    drop(stopped.wait_for(|told| *told).await);
}

async fn told() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} },
        Err(_) => drop(interrupt.await),
    }
}

//! `freehold operate` and a server on one data directory, both alive; and sources, run by a server that is
//! killed.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use testkit::Scratch;

#[path = "../served/mod.rs"]
mod served;
use served::{Server, freehold, operate, run, until};

const MAPPING: &str = "name = 'town'\nfeed = 'TOWN'\n[[record]]\nresource = 'Property'\nkey = '{feed}-{id}'\n\
    [record.fields]\nListPrice = 'price'\n";

/// HUB-005: commands do the same, and leave the same entries, whether a server holds the store or not; what
/// they do holds at once for the server's clients.
#[test]
fn hub_005_an_operator_works_beside_a_server_that_runs() {
    let scratch = Scratch::new();
    let data = scratch.file("data");
    operate(&data, &["add-feed", "F", "Feed"]).unwrap();
    let server = Server::start(&data);
    operate(&data, &["add-client", "kw", "A partner"]).unwrap();
    operate(&data, &["grant", "kw", "F", "idx"]).unwrap();
    let issued = operate(&data, &["issue-key", "kw"]).unwrap();
    let key = issued.lines().next().unwrap().to_owned();
    let ask = || server.get("/odata/Property?$top=1", Some(&key)).unwrap().0;
    assert_eq!(ask(), 200, "the key is good at the server that runs");
    let id = operate(&data, &["list", "ClientKey"]).unwrap().trim().to_owned();
    operate(&data, &["revoke-key", &id]).unwrap();
    assert_eq!(ask(), 401, "and revoked there at once");
    operate(&data, &["set", "Client", "kw", "AllowedNetworks=192.0.2.0/24", "SignedRequestsYN=true"])
        .unwrap();
    let shown = operate(&data, &["show", "Client", "kw"]).unwrap();
    assert!(shown.contains("192.0.2.0/24") && shown.contains("\"SignedRequestsYN\": true"), "{shown}");
    let refused = operate(&data, &["set", "Client", "kw", "ClockToleranceMinutes=99"]).unwrap_err();
    assert!(refused.contains("client_wrong"), "{refused}");
    assert!(operate(&data, &["add-client", "kw", "Again"]).unwrap_err().contains("already_there"));
    // Many at once, each of them done.
    let many: Vec<_> = (0..8)
        .map(|n| {
            freehold(&data, &["operate", "add-feed", &format!("G{n}"), "Feed"]).stdout(Stdio::null()).spawn()
        })
        .collect();
    many.into_iter().for_each(|child| assert!(child.unwrap().wait().unwrap().success()));
    assert!(server.get("/health", None).is_some_and(|(status, _)| status == 200));
    drop(server);
    // The socket that was left behind is nobody's: the command opens the store itself.
    let feeds = operate(&data, &["list", "Feed"]).unwrap();
    assert_eq!(feeds.lines().count(), 9, "{feeds}");
    let operator = operate(&data, &["add-client", "root", "Operator", "--operator"]).and_then(|_| {
        operate(&data, &["issue-key", "root"]).map(|said| said.lines().next().unwrap().to_owned())
    });
    let server = Server::start(&data);
    let (_, trail) = server.get("/admin/changes?limit=1000&resource=Feed", Some(&operator.unwrap())).unwrap();
    assert_eq!(trail.matches("command/ann").count(), 9, "{trail}");
}

/// Who stops reading, as `head` does, has seen enough: that is no fault, and stops nothing.
#[test]
fn a_reader_may_leave() {
    let scratch = Scratch::new();
    let mut line = freehold(&scratch.file("data"), &["doctor", "--listen", "127.0.0.1:0"]);
    let mut child = line.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// Nobody but the owner can open the way in.
#[test]
fn the_way_in_is_for_the_owners_eyes() {
    let scratch = Scratch::new();
    let data = scratch.file("data");
    let _server = Server::start(&data);
    let mode = |path: &str| std::fs::metadata(data.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("local"), mode("local/admin.sock")), (0o700, 0o600));
}

/// A source is run by the server that runs, ordered beside it; a server that is killed in the middle of a
/// run leaves a run that the next one takes up and ends, without another order (RESO-064).
#[test]
fn a_source_is_run_beside_a_server_and_taken_up_after_a_kill() {
    let scratch = Scratch::new();
    let data = scratch.file("data");
    let incoming = data.join("incoming");
    std::fs::create_dir_all(&incoming).unwrap();
    std::fs::write(scratch.file("town.toml"), MAPPING).unwrap();
    let file = |rows: u64| {
        let mut text = String::from("id,price\n");
        (0..rows).for_each(|row| writeln!(text, "{row},{}", row + 1).unwrap());
        std::fs::write(incoming.join("town.csv"), text).unwrap();
    };
    file(100);
    let server = Server::start(&data);
    operate(&data, &["set-mapping", &scratch.file("town.toml").to_string_lossy()]).unwrap();
    let location = format!("SourceLocation={}", incoming.display());
    operate(&data, &["add", "Source", "SourceId=town", "MappingId=town", &location]).unwrap();
    let said = run(&data, &["import", "--source", "town"]).unwrap();
    assert!(said.starts_with("100 rows: 100 new"), "{said}");
    const ROWS: u64 = 40_000;
    file(ROWS);
    operate(&data, &["run-source", "town"]).unwrap();
    let jobs = || operate(&data, &["jobs"]).unwrap();
    until("the run", || jobs().contains("Running").then_some(()));
    drop(server);
    let server = Server::start(&data);
    let done = until("the end", || {
        Some(jobs()).filter(|said| said.contains("Completed") && !said.contains(" 100 rows"))
    });
    assert!(done.contains(&format!("{ROWS} rows")), "{done}");
    let runs = operate(&data, &["list", "ImportRun"]).unwrap();
    let of = |status: &str| {
        let shown = runs.lines().map(|key| operate(&data, &["show", "ImportRun", key]).unwrap());
        shown.filter(|run| run.contains(&format!("\"ImportStatus\": \"{status}\""))).count()
    };
    assert_eq!((of("Interrupted"), of("Completed"), of("Running")), (1, 2, 0));
    drop(server);
    // Without a server the command runs it itself.
    let said = run(&data, &["import", "--source", "town"]).unwrap();
    assert!(said.contains(&ROWS.to_string()), "{said}");
}

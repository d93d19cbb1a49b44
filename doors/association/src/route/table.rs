//! The table of routes: one line each.

use super::{
    About, Handled, Line, checklist, contacts, delete, files, get, grants, imports, integrations, keys,
    mappings, patch, people, post, put, reconciliations, returned, settled, sync, tenants, tickets,
    transitions,
};
use crate::describe::Shape::{Any, Fields, File, List, Nothing, Record, Said};
use crate::describe::{about, said};
use crate::{Needs, Right};

/// The addresses begin with these.
macro_rules! at {
    (tenants $rest:literal) => {
        concat!("/association/tenants", $rest)
    };
    (tenant $rest:literal) => {
        concat!("/association/tenants/{tenant}", $rest)
    };
    (integration $rest:literal) => {
        concat!("/association/tenants/{tenant}/integrations/{integration}", $rest)
    };
    (place $rest:literal) => {
        concat!("/association/tenants/{tenant}/environments/{environment}", $rest)
    };
    (setting $rest:literal) => {
        concat!("/association/tenants/{tenant}/integrations/{integration}/environments/{environment}", $rest)
    };
}

pub(crate) fn table() -> Vec<Line> {
    [tenants(), integrations(), settings(), kept(), pulls(), agreed()].into_iter().flatten().collect()
}

fn line(right: Right, path: &'static str, (method, handler): Handled, about: About) -> Line {
    Line { right, method, path, handler, about }
}

/// What is done for a tenant as a whole.
fn tenants() -> Vec<Line> {
    use Needs::{Administrator, Staff, Vendor};
    use Right::{Credential, Operator, Tenant};
    vec![
        line(
            Credential,
            at!(tenants ""),
            get(tenants::list),
            about("The tenants that the caller is something to.", List("Tenant")),
        ),
        line(
            Operator,
            at!(tenants ""),
            post(tenants::create),
            about("Makes a tenant, its production and the main ticket of its migration.", Record("Tenant"))
                .takes(Fields("Tenant", 1, [&tenants::ONCE[..], &tenants::SETTABLE].concat()))
                .with(201),
        ),
        line(Tenant(Vendor), at!(tenant ""), get(tenants::read), about("One tenant.", Record("Tenant"))),
        line(
            Tenant(Administrator),
            at!(tenant ""),
            patch(tenants::update),
            about("Changes what is said of a tenant.", Record("Tenant")).takes(Fields(
                "Tenant",
                0,
                tenants::SETTABLE.to_vec(),
            )),
        ),
        line(
            Tenant(Administrator),
            at!(tenant "/grants"),
            get(grants::list),
            about("Who may do what, and who could.", List("TenantGrant")),
        ),
        line(
            Tenant(Administrator),
            at!(tenant "/grants"),
            post(grants::create),
            about("Grants a role to a client, until an instant.", Record("TenantGrant"))
                .takes(Fields("TenantGrant", 3, grants::SETTABLE.to_vec()))
                .with(201),
        ),
        line(
            Tenant(Administrator),
            at!(tenant "/grants/{grant}"),
            delete(grants::end),
            about("Ends a grant now; its record stays.", Nothing).with(204),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/staging"),
            post(tenants::open_staging),
            about("Opens staging; the main ticket is for review then.", Said(said::feed)),
        ),
        line(
            Tenant(Vendor),
            at!(tenant "/tickets"),
            get(tickets::list),
            about("The tickets of the migration and of each vendor.", List("OnboardingTicket")),
        ),
        line(
            Tenant(Vendor),
            at!(tenant "/contacts"),
            get(people::list),
            about("The people of the onboarding.", List("TenantContact")),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/contacts/{contact}"),
            put(people::put),
            about("Puts somebody in a role.", Record("TenantContact")).takes(Fields(
                "TenantContact",
                2,
                people::SETTABLE.to_vec(),
            )),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/contacts/{contact}"),
            delete(people::remove),
            about("Takes somebody away.", Nothing).with(204),
        ),
        line(
            Credential,
            "/association/dashboard",
            get(checklist::dashboard),
            about("Integrations by the state that they are in.", Said(said::dashboard)),
        ),
    ]
}

/// What is done to an integration, whatever the environment.
fn integrations() -> Vec<Line> {
    use Needs::{Staff, Vendor};
    use Right::Tenant;
    let fields = || [&integrations::SETTABLE[..], &integrations::ONCE].concat();
    vec![
        line(
            Tenant(Vendor),
            at!(tenant "/integrations"),
            get(integrations::list),
            about("The tenant's integrations.", List("Integration")),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/integrations"),
            post(integrations::create),
            about("Writes an integration down.", Record("Integration"))
                .takes(Fields("Integration", 0, fields()))
                .with(201),
        ),
        line(
            Tenant(Vendor),
            at!(integration ""),
            get(integrations::read),
            about("One integration.", Record("Integration")),
        ),
        line(
            Tenant(Staff),
            at!(integration ""),
            patch(integrations::update),
            about("Changes what is said of an integration.", Record("Integration")).takes(Fields(
                "Integration",
                0,
                integrations::SETTABLE.to_vec(),
            )),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/transitions"),
            get(transitions::list),
            about("What was done to it: who, when, by what evidence.", List("IntegrationTransition")),
        ),
        line(
            Tenant(Staff),
            at!(integration "/transitions"),
            post(transitions::act),
            about("Moves it on, where its guards are met.", Said(said::transition)).takes(Said(said::event)),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/checklist"),
            get(checklist::read),
            about("Every guard with its evidence, how much is done, who is next.", Said(said::checklist)),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/checklist/{rule}"),
            put(checklist::confirm),
            about("Confirms an item by hand.", Said(said::checklist)).takes(Said(said::evidence)),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/checklist/{rule}"),
            delete(checklist::withdraw),
            about("Takes a confirmation back.", Nothing).with(204),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/mail"),
            get(people::mail),
            about("The mail that asks the vendor for its files, filled in.", Said(said::mail)),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/files"),
            get(files::list),
            about("The data files, each with what it holds and how often.", List("DataFile")),
        ),
        line(
            Tenant(Staff),
            at!(integration "/files"),
            post(files::receive),
            about("Takes a data file in: CSV, XLSX, JSON or NDJSON.", Record("DataFile"))
                .query("kind", "What it tells of; needed.", said::kind)
                .query("name", "What it is called; its ending tells its form.", said::name)
                .query("id", "The heading of the ids, where it is none of the usual.", said::heading)
                .query("status", "The heading of the statuses.", said::heading)
                .query("userClass", "The heading of the user classes.", said::heading)
                .query("type", "The heading of the agent or office types.", said::heading)
                .takes(File)
                .with(201),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/files/{file}"),
            get(files::read),
            about("One data file.", Record("DataFile")),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/mappings"),
            get(mappings::list),
            about("The versions of the mapping, without their entries.", List("MappingSet")),
        ),
        line(
            Tenant(Staff),
            at!(integration "/mappings"),
            post(mappings::create),
            about("Keeps a new version of the mapping.", Record("MappingSet"))
                .takes(Said(said::entries))
                .with(201),
        ),
        line(
            Tenant(Vendor),
            at!(integration "/mappings/{version}"),
            get(mappings::read),
            about("One version of the mapping.", Record("MappingSet")),
        ),
    ]
}

/// What is done to an integration in one environment.
fn settings() -> Vec<Line> {
    use Needs::{Staff, Vendor};
    use Right::Environment;
    vec![
        line(
            Environment(Vendor),
            at!(setting ""),
            get(integrations::setting),
            about("How it is set in the environment.", Record("IntegrationSetting")),
        ),
        line(
            Environment(Staff),
            at!(setting ""),
            patch(integrations::set),
            about("Turns sync on or off, puts a mapping in force.", Record("IntegrationSetting"))
                .takes(Fields("IntegrationSetting", 0, integrations::OF_SETTING.to_vec())),
        ),
        line(
            Environment(Vendor),
            at!(setting "/imports"),
            get(imports::list),
            about("The imports, each with what stayed outside and why.", List("ContactImport")),
        ),
        line(
            Environment(Staff),
            at!(setting "/imports"),
            post(imports::create),
            about("Orders an import of a file, or of the newest of each kind.", List("ContactImport"))
                .takes(Said(said::file))
                .with(202),
        ),
        line(
            Environment(Vendor),
            at!(setting "/imports/{import}"),
            get(imports::read),
            about("One import.", Record("ContactImport")),
        ),
        line(
            Environment(Staff),
            at!(setting "/key"),
            get(keys::read),
            about("What the vendor's key opens, and how that came.", Said(said::key)),
        ),
        line(
            Environment(Staff),
            at!(setting "/key"),
            post(keys::request),
            about("Asks for the key's next access.", Said(said::key)).takes(Said(said::access)).with(201),
        ),
        line(
            Environment(Staff),
            at!(setting "/key/approvals"),
            post(keys::approve),
            about("Approves it; the second approval opens the key.", Said(said::key)),
        ),
    ]
}

/// The contacts of an environment.
fn kept() -> Vec<Line> {
    use Needs::{Staff, Vendor};
    use Right::Environment;
    vec![
        line(
            Environment(Vendor),
            at!(place "/contacts/{resource}"),
            get(contacts::list),
            about("Members, offices or what ties them to the association, part by part.", Any)
                .query("limit", "How many.", said::limit)
                .query("after", "The `next` of the part before.", said::heading),
        ),
        line(
            Environment(Vendor),
            at!(place "/contacts/{resource}/{key}"),
            get(contacts::read),
            about("One contact.", Any),
        ),
        line(
            Environment(Staff),
            at!(place "/contacts/{resource}/{key}"),
            put(contacts::put),
            about("Puts a contact in the place of what its key held.", Any).takes(Any).with(201).also(200),
        ),
        line(
            Environment(Staff),
            at!(place "/contacts/{resource}/{key}"),
            patch(contacts::update),
            about("Changes the fields that the body names.", Any).takes(Any),
        ),
        line(
            Environment(Staff),
            at!(place "/contacts/{resource}/{key}"),
            delete(contacts::remove),
            about("Takes a contact away.", Nothing).with(204),
        ),
    ]
}

/// What is pulled, held and watched.
fn pulls() -> Vec<Line> {
    use Needs::{Staff, Vendor};
    use Right::{Environment, Tenant};
    vec![
        line(
            Environment(Vendor),
            at!(setting "/sync"),
            get(sync::standing),
            about("How the sync stands: planned, pulled, missed, owed, held.", Any),
        ),
        line(
            Environment(Vendor),
            at!(setting "/held"),
            get(sync::held),
            about("The contacts that stay here, with the reasons.", Any),
        ),
        line(Environment(Vendor), at!(setting "/pulls"), get(sync::list), about("The newest pulls.", Any)),
        line(
            Environment(Vendor),
            at!(setting "/pulls"),
            post(sync::open),
            about("Opens a pull of what has changed since the last one that was acknowledged.", Any)
                .with(201),
        ),
        line(Environment(Vendor), at!(setting "/pulls/{pull}"), get(sync::read), about("One pull.", Any)),
        line(
            Environment(Vendor),
            at!(setting "/pulls/{pull}/contacts/{resource}"),
            get(sync::page),
            about("A page of one resource of a pull, as RESO JSON.", Any),
        ),
        line(
            Environment(Vendor),
            at!(setting "/pulls/{pull}/acknowledgement"),
            post(sync::acknowledge),
            about("Acknowledges a pull with the counts of what was read.", Any).takes(Any),
        ),
        line(
            Environment(Staff),
            at!(place "/resyncs"),
            post(sync::force),
            about("Queues every contact once more.", Record("ForcedResync")).takes(Any).with(201),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/alerts"),
            get(sync::alerts),
            about("What somebody should look at.", List("Alert")),
        ),
        line(
            Tenant(Vendor),
            at!(tenant "/linking-rules"),
            settled::listed(&settled::RULE),
            about("The rules by which a membership is told to others.", List("LinkingRule")),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/linking-rules/{id}"),
            settled::settable(&settled::RULE),
            about("Sets a rule.", Record("LinkingRule")).takes(Any),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/linking-rules/{id}"),
            settled::ended(&settled::RULE),
            about("Takes a rule away.", Nothing).with(204),
        ),
    ]
}

/// What is agreed with the other sides, and compared.
fn agreed() -> Vec<Line> {
    use Needs::{Staff, Vendor};
    use Right::{Environment, Tenant};
    vec![
        line(
            Tenant(Vendor),
            at!(tenant "/field-authorities"),
            settled::listed(&settled::AUTHORITY),
            about("Whose word counts for which field.", List("FieldAuthority")),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/field-authorities/{id}"),
            settled::settable(&settled::AUTHORITY),
            about("Says whose word counts for a field.", Record("FieldAuthority")).takes(Any),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/field-authorities/{id}"),
            settled::ended(&settled::AUTHORITY),
            about("Takes that back.", Nothing).with(204),
        ),
        line(
            Environment(Vendor),
            at!(setting "/contacts/{resource}/{key}"),
            patch(returned::change),
            about("A change that comes back from the other side.", Any).takes(Any),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/field-conflicts"),
            get(returned::conflicts),
            about(
                "What the other side would have changed, and was not its to change.",
                List("FieldConflict"),
            ),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/nrds-ids"),
            post(returned::nrds_id),
            about("Gives a member the next NRDS id.", Any).takes(Any).with(201).also(200),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/reconciliation-plans"),
            settled::listed(&settled::PLAN),
            about("What is compared with what, and when.", List("ReconciliationPlan")),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/reconciliation-plans/{id}"),
            settled::settable(&settled::PLAN),
            about("Sets a plan.", Record("ReconciliationPlan")).takes(Any),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/reconciliation-plans/{id}"),
            settled::ended(&settled::PLAN),
            about("Takes a plan away.", Nothing).with(204),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/reconciliation-plans/{id}/reconciliations"),
            post(reconciliations::reconcile),
            about("Compares now.", Any).takes(Any).with(201),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/reconciliations"),
            get(reconciliations::list),
            about("What was compared.", Any),
        ),
        line(
            Tenant(Staff),
            at!(tenant "/reconciliations/{id}"),
            get(reconciliations::read),
            about("One comparison, with its differences.", Any),
        ),
    ]
}

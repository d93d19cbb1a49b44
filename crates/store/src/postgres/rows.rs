//! Between rows of PostgreSQL and the store's values.

use std::sync::Arc;

use bytes::BytesMut;
use deadpool_postgres::GenericClient;
use dictionary::Text;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::fault::fault;
use crate::codec::{Names, Numbered, ResourceNumber};
use crate::job::stopped;
use crate::line::{Gather, Line};
use crate::sql::{Cell, FIELDS, Param, RESOURCES};
use crate::{ChangeKind, ErrorKind, StoreError};

type Failed = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Param {
    fn to_sql(&self, ty: &Type, to: &mut BytesMut) -> Result<IsNull, Failed> {
        match self {
            Self::Integer(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, to),
            Self::Integer(number) => number.to_sql(ty, to),
            Self::Text(text) => text.to_sql(ty, to),
        }
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT4 || <i64 as ToSql>::accepts(ty) || <&str as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

/// Gathers entries of the log. A large part takes some ten milliseconds to decode: it is
/// done on a thread that may take its time, so that other tasks do not wait.
pub(super) async fn gather<G: Gather>(
    rows: Vec<Row>,
    names: Arc<Names>,
    mut into: G,
) -> Result<G, StoreError> {
    let gather_all = move || {
        rows.iter().try_for_each(|row| into.add(line(row)?, &names))?;
        Ok(into)
    };
    tokio::task::spawn_blocking(gather_all).await.map_err(|_| stopped())?
}

/// Values that a statement gives, row by row.
pub(super) async fn cells(
    client: &impl GenericClient,
    sql: &str,
    params: &[Param],
) -> Result<Vec<Vec<Cell>>, StoreError> {
    let row = |row: &Row| (0..row.len()).map(|at| cell(row, at)).collect();
    rows(client, sql, params).await?.iter().map(row).collect()
}

pub(super) async fn rows(
    client: &impl GenericClient,
    sql: &str,
    params: &[Param],
) -> Result<Vec<Row>, StoreError> {
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as _).collect();
    let statement = client.prepare_cached(sql).await.map_err(|error| fault(&error))?;
    client.query(&statement, &params).await.map_err(|error| fault(&error))
}

/// The newest entries of these keys.
pub(super) async fn newest(
    client: &impl GenericClient,
    resource: ResourceNumber,
    keys: &[String],
) -> Result<Vec<Row>, StoreError> {
    const NEWEST: &str = "SELECT l.sequence, l.at, l.actor, l.resource, l.feed, l.key, l.kind, l.previous, l.body, NULL::bigint \
         FROM unnest($2::text[]) AS w(key) JOIN records r ON r.resource = $1 AND r.key = w.key \
         JOIN log l ON l.sequence = r.sequence";
    let statement = client.prepare_cached(NEWEST).await.map_err(|error| fault(&error))?;
    let rows = client.query(&statement, &[&i32::from(resource), &keys]).await;
    rows.map_err(|error| fault(&error))
}

/// The numbers of all names.
pub(super) async fn numbered(client: &impl GenericClient) -> Result<Numbered, StoreError> {
    let mut numbered = Numbered::default();
    for row in rows(client, RESOURCES, &[]).await? {
        let number = narrow(get::<i32>(&row, 0)?.into())?;
        numbered.resources.push((number, get(&row, 1)?));
    }
    for row in rows(client, FIELDS, &[]).await? {
        let (number, resource) = (get::<i64>(&row, 0)?, get::<i32>(&row, 1)?);
        numbered.fields.push((narrow(number)?, narrow(resource.into())?, get(&row, 2)?));
    }
    Ok(numbered)
}

/// A row of the columns that every statement of lines gives.
fn line(row: &Row) -> Result<Line<&[u8]>, StoreError> {
    let kind = ChangeKind::of_number(get::<i16>(row, 6)?.into()).ok_or_else(unreadable)?;
    Ok(Line {
        sequence: get::<i64>(row, 0)?.unsigned_abs(),
        at: get(row, 1)?,
        actor: Text::new(get::<&str>(row, 2)?),
        resource: narrow(get::<i32>(row, 3)?.into())?,
        feed: Text::new(get::<&str>(row, 4)?),
        key: Text::new(get::<&str>(row, 5)?),
        kind,
        previous: get::<Option<i64>>(row, 7)?.map(i64::unsigned_abs),
        body: get(row, 8)?,
        created: get(row, 9)?,
    })
}

fn cell(row: &Row, at: usize) -> Result<Cell, StoreError> {
    let ty = row.columns()[at].type_();
    Ok(if *ty == Type::INT8 {
        get::<Option<i64>>(row, at)?.map_or(Cell::Null, Cell::Integer)
    } else {
        get::<Option<String>>(row, at)?.map_or(Cell::Null, Cell::Text)
    })
}

/// The value of a column, which is of the type that the schema gives it.
pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, at: usize) -> Result<T, StoreError> {
    row.try_get(at).map_err(|_| unreadable())
}

fn narrow<T: TryFrom<i64>>(number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| unreadable())
}

fn unreadable() -> StoreError {
    StoreError::new(
        ErrorKind::Damaged,
        "A row of the database is not as Freehold writes it.",
        "Let nobody else write its tables; restore the newest backup.",
    )
}

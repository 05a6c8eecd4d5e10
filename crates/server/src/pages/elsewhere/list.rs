//! Accounts elsewhere, as the account page lists them.

use super::{Door, connect, provider_name};
use crate::{failure::Failure, pages::page::Page};
use grantor_protocol::time::Timestamp;

pub struct ElsewhereRow {
    pub id: i64,
    pub provider: String,
    /// What she is called there.
    pub label: String,
    pub since: Timestamp,
    pub used: Timestamp,
    /// Whether she may end it: not with the platform that logs her in.
    pub may_go: bool,
}

/// What she is connected with, and where she may be connected.
pub async fn of(page: &Page, user: i64) -> Result<(Vec<ElsewhereRow>, Vec<Door>), Failure> {
    let identities = page.app.store.identities_of(user).await?;
    let row = |identity: grantor_store::identities::Identity| ElsewhereRow {
        id: identity.id,
        provider: provider_name(page, &identity.issuer),
        may_go: !connect::is_platforms(page, &identity),
        label: identity.label,
        since: identity.created,
        used: identity.used,
    };
    let door = |settings: &crate::config::Upstream| Door {
        name: settings.name.clone(),
        href: connect::address(page, &settings.id),
    };
    let doors = page.app.config.upstream.iter().map(door).collect();
    Ok((identities.into_iter().map(row).collect(), doors))
}

#[cfg(test)]
impl ElsewhereRow {
    pub fn sample(provider: &str) -> Self {
        let now = crate::pages::Frame::NOW.0;
        Self {
            id: 1,
            provider: provider.into(),
            label: "ada@id.example".into(),
            since: Timestamp(now - 40 * 86_400_000),
            used: Timestamp(now - 7_200_000),
            may_go: true,
        }
    }
}

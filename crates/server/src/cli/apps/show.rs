//! `grantor app show`: everything about one app, for people and for programs.

use super::{all_of, find, operate::Operate};
use crate::{app::Shared, language::Language, pages::format::date_time};
use grantor_protocol::{redirect::RedirectUri, time::Timestamp};
use grantor_store::apps::{App, SecretLine};
use serde_json::json;

pub async fn run(app: &Shared, operate: &Operate) -> anyhow::Result<()> {
    let found = find(app, operate.client_id).await?;
    let secrets = app.store.secrets_of(operate.client_id).await?;
    let connections = app.store.connections_of(operate.client_id).await?;
    let owner = app.store.user(found.owner).await?;
    let owner = owner.map_or_else(String::new, |owner| format!("{} ", owner.email));
    let mut all = all_of(&found);
    all["secrets"] = secrets
        .iter()
        .map(|line| {
            json!({
                "hint": line.hint, "created_at": line.created.0,
                "expires_at": line.expires.map(|at| at.0), "last_used_at": line.last_used.map(|at| at.0),
            })
        })
        .collect();
    all["connections"] = json!(connections);
    let mut facts = facts(&found);
    facts.insert(4, ("owner", format!("{owner}({})", found.owner)));
    let secrets = secrets.iter().map(|line| ("secret", secret(line)));
    facts.extend(secrets);
    facts.push(("connections", connections.to_string()));
    operate.offline.print(&all, &lines(&facts));
    Ok(())
}

type Fact = (&'static str, String);

fn facts(found: &App) -> Vec<Fact> {
    let client = &found.client;
    let yes_or_no = |yes| if yes { "yes" } else { "no" }.to_owned();
    let mut facts = vec![
        ("name", found.name.clone()),
        ("client ID", client.id.to_string()),
        ("kind", client.kind.as_str().to_owned()),
        ("URL", found.url.clone()),
    ];
    let uris = client.redirect_uris.iter().map(RedirectUri::as_str);
    facts.extend(uris.map(|uri| ("redirect URI", uri.to_owned())));
    facts.extend([
        ("implicit flow", yes_or_no(client.implicit)),
        ("without state", yes_or_no(client.stateless)),
        ("needs PKCE", yes_or_no(client.pkce_required)),
        ("resource server", yes_or_no(client.resource_server)),
        ("registered itself", yes_or_no(found.registered_itself)),
        ("verified", yes_or_no(found.verified)),
    ]);
    let suspended = match &found.suspension {
        Some(it) => format!("since {}: {}", utc(it.since), it.reason),
        None if client.suspended => "with its owner’s account".to_owned(),
        None => "no".to_owned(),
    };
    facts.push(("suspended", suspended));
    facts.push(("created", utc(found.created)));
    facts.push(("changed", utc(client.changed)));
    let without_pkce = found.without_pkce.map(utc);
    facts.extend(without_pkce.map(|at| ("last without PKCE", at)));
    facts
}

fn secret(line: &SecretLine) -> String {
    let expires = line.expires.map(|at| format!(", expires {}", utc(at)));
    let used = line.last_used.map_or("never used".to_owned(), |at| {
        format!("last used {}", utc(at))
    });
    let (hint, made, expires) = (&line.hint, utc(line.created), expires.unwrap_or_default());
    format!("…{hint}, made {made}{expires}, {used}")
}

fn utc(at: Timestamp) -> String {
    date_time(at, Language::English)
}

/// In two columns; what comes again has its name once.
fn lines(facts: &[Fact]) -> Vec<String> {
    let mut before = "";
    let mut line = |(name, value): &Fact| {
        let shown = if *name == before { "" } else { name };
        before = name;
        format!("{shown:<19}{value}")
    };
    facts.iter().map(&mut line).collect()
}

//! Sending what waits in the outbox: each mail at least once, by one node at a time, for a
//! day.

use super::{
    Way,
    letter::Letter,
    smtp::{Connected, Smtp, Trouble},
};
use crate::app::{App, Shared};
use grantor_protocol::time::{Millis, Timestamp};
use grantor_store::{Result, audit::Actor, mails::Mail};
use lettre::Message;
use std::{io::Write, path::Path};
use tokio::{
    task::JoinSet,
    time::{Duration, Instant},
};

/// Mails of one round.
const AT_ONCE: i64 = 200;
/// Connections to the mail server.
const CONNECTIONS: usize = 4;
/// After so long nothing more is begun in a round: the lease has to be held.
const TURN: Duration = Duration::from_secs(5);
/// How long the mail server is left alone when it cannot be reached: 2 s, 4 s, … a minute.
const PAUSE: Millis = Millis::seconds(2);
const LONGEST_PAUSE: Millis = Millis::minutes(1);

/// What waits, for whoever looks at the metrics.
///
/// # Errors
/// The database cannot say.
pub async fn measure(app: &App) -> Result<()> {
    let waiting = app.store.waiting_mails().await?;
    let age = |oldest: Timestamp| (app.world.now() - oldest).as_seconds().max(0);
    app.metrics.mail_queue.set(waiting.mails);
    app.metrics.mail_oldest.set(waiting.oldest.map_or(0, age));
    Ok(())
}

/// Sends what is due.
///
/// # Errors
/// The database cannot say what is.
pub async fn send_due(app: &Shared) -> Result<()> {
    let now = app.world.now();
    let due = app.store.due_mails(now, AT_ONCE).await?;
    let (late, due): (Vec<_>, Vec<_>) = due.into_iter().partition(|mail| mail.until <= now);
    for mail in late {
        give_up(app, &mail, "it could not be sent in time").await?;
    }
    if due.is_empty() {
        return Ok(());
    }
    match &app.mailer.way {
        Way::Off => Ok(()),
        Way::Smtp(smtp) => send_by(app, smtp, due).await,
        Way::Folder(folder) => {
            lay_out(app, due, |mail, message, _| write(folder, mail, message)).await
        }
        Way::Printed => lay_out(app, due, |_, _, letter| print(letter)).await,
    }
}

/// Several at once, unless the mail server cannot be reached: then it is left alone.
async fn send_by(app: &Shared, smtp: &Smtp, mut due: Vec<Mail>) -> Result<()> {
    let now = app.world.now();
    if app
        .mailer
        .pause
        .lock()
        .until
        .is_some_and(|until| now < until)
    {
        return Ok(());
    }
    let first = match smtp.connect().await {
        Ok(first) => first,
        Err(reason) => {
            app.metrics.mail("unreachable");
            let pause = pause(app, now);
            let (waiting, pause) = (due.len(), pause.as_seconds());
            tracing::warn!(
                reason,
                waiting,
                "the mail server cannot be reached: again in {pause} s"
            );
            return Ok(());
        }
    };
    *app.mailer.pause.lock() = super::Pause::default();
    let share = due.len().div_ceil(CONNECTIONS).max(8);
    let mut tasks = JoinSet::new();
    let mut connected = Some(first);
    while !due.is_empty() {
        let mails = due.split_off(due.len().saturating_sub(share));
        tasks.spawn(send_some(app.clone(), connected.take(), mails));
    }
    while let Some(sent) = tasks.join_next().await {
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "cannot note which mails were sent"),
            Err(error) => tracing::error!(%error, "a defect"),
        }
    }
    Ok(())
}

fn pause(app: &App, now: Timestamp) -> Millis {
    let mut pause = app.mailer.pause.lock();
    let length = Millis(PAUSE.0 << pause.fails.min(5)).min(LONGEST_PAUSE);
    pause.fails += 1;
    pause.until = Some(now + length);
    length
}

/// Some of them, one after the other, until their time is up; the rest stays due.
async fn send_some(app: Shared, mut connected: Option<Connected>, mails: Vec<Mail>) -> Result<()> {
    let Way::Smtp(smtp) = &app.mailer.way else {
        return Ok(());
    };
    let begun = Instant::now();
    for mail in mails {
        if begun.elapsed() > TURN {
            break;
        }
        let open = match connected.take().filter(Connected::is_open) {
            Some(open) => Ok(open),
            None => smtp.connect().await,
        };
        // The next round finds out more.
        let Ok(mut open) = open else { break };
        if !app.store.claim_mail(&mail, app.world.now()).await? {
            connected = Some(open);
            continue;
        }
        match compose(&app, &mail).await? {
            Some((_, message)) => {
                let sent = open.send(&message).await;
                note(&app, &mail, sent).await?;
            }
            None => app.store.forget_mail(&mail).await?,
        }
        connected = Some(open);
    }
    if let Some(open) = connected {
        open.leave().await;
    }
    Ok(())
}

/// What came of an attempt.
async fn note(app: &App, mail: &Mail, sent: std::result::Result<(), Trouble>) -> Result<()> {
    let trouble = match sent {
        Ok(()) => {
            app.metrics.mail("sent");
            return app.store.forget_mail(mail).await;
        }
        Err(trouble) => trouble,
    };
    // Mail servers like to repeat whom a mail was for.
    let reason = trouble.reason().replace(&mail.email, "…");
    if matches!(trouble, Trouble::Refused(_)) {
        return give_up(app, mail, &reason).await;
    }
    app.metrics.mail("failed");
    let (id, attempt) = (mail.id, mail.attempts + 1);
    tracing::warn!(
        mail.id = id,
        attempt,
        reason,
        "a mail was not taken: again later"
    );
    Ok(())
}

/// Forgets a mail, and says so to the operator and to its user.
async fn give_up(app: &App, mail: &Mail, reason: &str) -> Result<()> {
    let mut event = app.event("mail.undelivered", app.world.now(), Actor::default());
    event.user = mail.known_user();
    if let Some((letter, _)) = compose(app, mail).await? {
        event.detail = letter.english_subject();
    }
    if app.store.give_up_mail(mail, event).await? {
        app.metrics.mail("given_up");
        tracing::warn!(mail.id = mail.id, mail.kind, reason, "a mail was given up");
    }
    Ok(())
}

/// The mail in words; `None`: what it tells of is not known any more, or nobody can be
/// written to at its address.
async fn compose(app: &App, mail: &Mail) -> Result<Option<(Letter, Message)>> {
    let Some(letter) = Letter::of(app, mail).await? else {
        return Ok(None);
    };
    let message = app
        .mailer
        .message(&letter, (mail.id, &mail.email), app.world.now());
    match message {
        Ok(message) => Ok(Some((letter, message))),
        Err(error) => {
            tracing::warn!(mail.id = mail.id, mail.kind, %error, "a mail cannot be written");
            Ok(None)
        }
    }
}

/// Where no mail server is asked.
async fn lay_out(
    app: &App,
    due: Vec<Mail>,
    put: impl Fn(&Mail, &Message, &Letter) -> std::io::Result<()>,
) -> Result<()> {
    for mail in due {
        if !app.store.claim_mail(&mail, app.world.now()).await? {
            continue;
        }
        let Some((letter, message)) = compose(app, &mail).await? else {
            app.store.forget_mail(&mail).await?;
            continue;
        };
        let put = put(&mail, &message, &letter);
        let put = put.map_err(|error| Trouble::Later(error.to_string()));
        note(app, &mail, put).await?;
    }
    Ok(())
}

fn write(folder: &Path, mail: &Mail, message: &Message) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(format!("{}.eml", mail.id)), message.formatted())
}

fn print(letter: &Letter) -> std::io::Result<()> {
    let text = letter.text().map_err(std::io::Error::other)?;
    let (subject, lines) = (letter.subject(), text.trim().replace('\n', "\n  │ "));
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n  ┌ A mail: {subject}\n  │ {lines}\n  └")
}

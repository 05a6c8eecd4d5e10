//! A batch, in two round trips: all its statements at once, then its end. One of a single
//! statement is its own transaction, or one of a group that shares a commit.

use super::connection::{Connection, Trouble};
use crate::{
    engine::{Applied, Batch, Step},
    error::Error,
};
use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio_postgres::types::ToSql;

/// Rows touched, and the integers that came back.
type Touched = Result<(usize, Vec<i64>), Trouble>;
type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Connection {
    /// All of it, durable, or nothing. After [`Trouble::Lost`] nobody knows.
    pub async fn apply(&self, batch: &Batch) -> Result<Applied, Trouble> {
        let prepared = self.all_prepared(batch.steps.iter()).await?;
        if let ([step], [prepared]) = (&*batch.steps, &*prepared)
            && step.rows.is_none_or(|rows| rows == 1)
        {
            return self.apply_one(step, prepared).await;
        }
        let steps = batch.steps.iter().zip(&prepared);
        let begin: Answer<'_, _> = Box::pin(self.begin());
        let answers: Vec<_> = std::iter::once(begin)
            .chain(
                steps.map(|(step, prepared)| Box::pin(self.touch(step, prepared)) as Answer<'_, _>),
            )
            .collect();
        let mut answers = in_order(answers).await.into_iter();
        if let Some(Err(trouble)) = answers.next() {
            // Without a transaction, each of the others may be for good.
            return Err(Trouble::Unknown(Error::from(trouble).to_string()));
        }
        match judge(batch, answers) {
            Ok(Applied::Done(returned)) => match self.end("COMMIT").await {
                Err(Trouble::Lost(why)) => Err(Trouble::Unknown(why)),
                ended => ended.map(|()| Applied::Done(returned)),
            },
            Err(lost @ Trouble::Lost(_)) => Err(lost),
            refused => {
                self.end("ROLLBACK").await?;
                refused
            }
        }
    }

    /// Each on its own merits, under one commit, in one round trip: who touches no row has
    /// changed nothing that would have to be undone. Where one fails, nothing of the others
    /// is there either. After [`Trouble::Unknown`] nobody knows.
    pub async fn apply_group(&self, steps: &[&Step]) -> Result<Vec<Applied>, Trouble> {
        let prepared = self.all_prepared(steps.iter().copied()).await?;
        if let ([step], [prepared]) = (steps, &*prepared) {
            return Ok(vec![self.apply_one(step, prepared).await?]);
        }
        let mut asked: Vec<Answer<'_, _>> = vec![Box::pin(self.begin())];
        asked.extend(
            steps
                .iter()
                .zip(&prepared)
                .map(|(step, prepared)| Box::pin(self.touch(step, prepared)) as Answer<'_, _>),
        );
        let mut answers = ask_all(&mut asked).await;
        // The database itself commits nothing of which one has failed. It does not know of
        // what could not even be sent.
        let is_sent = !answers.iter().flatten().any(Result::is_err);
        let mut end: Vec<Answer<'_, _>> = vec![Box::pin(self.finish(is_sent))];
        answers.extend(ask_all(&mut end).await);
        asked.extend(end);
        let mut answers = rest(asked, answers).await.into_iter();
        if let Some(Err(trouble)) = answers.next() {
            // Without a transaction, each of the others may be for good.
            return Err(Trouble::Unknown(Error::from(trouble).to_string()));
        }
        let answers: Result<Vec<_>, _> = answers.collect();
        let answers = answers.map_err(|trouble| match trouble {
            Trouble::Lost(why) if is_sent => Trouble::Unknown(why),
            trouble => trouble,
        })?;
        let each = steps.iter().zip(answers);
        Ok(each
            .map(|(step, touched)| judge_one(step, touched))
            .collect())
    }

    /// Known, or asked for all at once.
    async fn all_prepared(
        &self,
        steps: impl Iterator<Item = &Step>,
    ) -> Result<Vec<tokio_postgres::Statement>, Trouble> {
        let ask = |step: &Step| Box::pin(self.prepared(step.statement)) as Answer<'_, _>;
        let asked = steps.map(ask).collect();
        in_order(asked).await.into_iter().collect()
    }

    /// Without `BEGIN` and `COMMIT`: what touches no row changes nothing, and what expects one
    /// finds it by a key, so that there are never two.
    async fn apply_one(
        &self,
        step: &Step,
        prepared: &tokio_postgres::Statement,
    ) -> Result<Applied, Trouble> {
        match self.touch(step, prepared).await {
            Err(Trouble::Lost(why)) => Err(Trouble::Unknown(why)),
            touched => touched.map(|touched| judge_one(step, touched)),
        }
    }

    async fn finish(&self, commit: bool) -> Touched {
        let how = if commit { "COMMIT" } else { "ROLLBACK" };
        self.end(how).await.map(|()| (0, Vec::new()))
    }

    async fn begin(&self) -> Touched {
        self.end("BEGIN").await.map(|()| (0, Vec::new()))
    }

    async fn end(&self, how: &'static str) -> Result<(), Trouble> {
        let done = self.shared().batch_execute(how).await;
        done.map_err(|error| Trouble::of(how, &error))
    }

    async fn touch(&self, step: &Step, prepared: &tokio_postgres::Statement) -> Touched {
        let failed = |error| Trouble::of(step.statement.name, &error);
        let params = step.params.iter().map(|it| it as &(dyn ToSql + Sync));
        let params: Vec<_> = params.collect();
        if prepared.columns().is_empty() {
            let rows = self.shared().execute(prepared, &params).await;
            return Ok((rows.map_err(failed)? as usize, Vec::new()));
        }
        let rows = self
            .shared()
            .query(prepared, &params)
            .await
            .map_err(failed)?;
        let columns = 0..prepared.columns().len();
        let integers = rows.iter().flat_map(|row| {
            let integer = |column| row.try_get(column).map(|super::connection::Integer(it)| it);
            columns.clone().map(integer)
        });
        let integers: Result<_, _> = integers.collect();
        Ok((rows.len(), integers.map_err(failed)?))
    }
}

/// What touches no row changes nothing, and what expects one never finds two.
fn judge_one(step: &Step, (rows, integers): (usize, Vec<i64>)) -> Applied {
    match rows {
        0 if step.rows.is_some() => Applied::Unmet(0),
        _ => Applied::Done(vec![integers]),
    }
}

/// By the first step that did not do what it had to.
fn judge(batch: &Batch, answers: impl Iterator<Item = Touched>) -> Result<Applied, Trouble> {
    let mut returned = Vec::with_capacity(batch.steps.len());
    for (position, (step, touched)) in batch.steps.iter().zip(answers).enumerate() {
        let (rows, integers) = touched?;
        if step.rows.is_some_and(|expected| expected != rows) {
            return Ok(Applied::Unmet(position));
        }
        returned.push(integers);
    }
    Ok(Applied::Done(returned))
}

/// Asks all, each before the next and without waiting for answers; then waits for the
/// answers, which come in that order.
async fn in_order<T>(mut asked: Vec<Answer<'_, T>>) -> Vec<T> {
    let answers = ask_all(&mut asked).await;
    rest(asked, answers).await
}

/// The answers that are there at once.
async fn ask_all<T>(asked: &mut [Answer<'_, T>]) -> Vec<Option<T>> {
    let ask =
        |answer: &mut Answer<'_, T>, context: &mut Context<'_>| match answer.as_mut().poll(context)
        {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        };
    poll_fn(|context| Poll::Ready(asked.iter_mut().map(|it| ask(it, context)).collect())).await
}

/// Waits for all answers that are not there.
async fn rest<T>(mut asked: Vec<Answer<'_, T>>, mut answers: Vec<Option<T>>) -> Vec<T> {
    poll_fn(|context| {
        let missing = asked.iter_mut().zip(&mut answers);
        for (answer, slot) in missing.filter(|(_, slot)| slot.is_none()) {
            *slot = Some(ready!(answer.as_mut().poll(context)));
        }
        Poll::Ready(())
    })
    .await;
    answers.into_iter().flatten().collect()
}

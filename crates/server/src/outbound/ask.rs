//! What is asked in this server's own name: of providers that the operator chose.

use super::{Outbound, OutboundError, form_to, read};
use reqwest::{
    Method, Request,
    header::{ACCEPT, AUTHORIZATION, HeaderValue},
};

impl Outbound {
    /// `GET`s with this `Authorization`, at most `limit` bytes that come with the status 200.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn fetch_as(
        &self,
        uri: &str,
        authorization: &str,
        limit: usize,
    ) -> Result<Vec<u8>, OutboundError> {
        let authorization = secret_header(authorization)?;
        let build = |url| {
            let mut request = Request::new(Method::GET, url);
            request.headers_mut().insert(AUTHORIZATION, authorization);
            request
        };
        self.send(uri, build, async |response| {
            match response.status().as_u16() {
                200 => read(response, limit).await,
                other => Err(OutboundError::Status(other)),
            }
        })
        .await
    }

    /// `POST`s a form, with this `Authorization` if there is one: status and body.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn ask(
        &self,
        uri: &str,
        (fields, authorization): (&[(&str, &str)], Option<&str>),
        limit: usize,
    ) -> Result<(u16, Vec<u8>), OutboundError> {
        let form = grantor_protocol::form::encode(fields.iter().copied());
        let authorization = authorization.map(secret_header).transpose()?;
        let build = |url| {
            let mut request = form_to(url, form);
            let headers = request.headers_mut();
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
            if let Some(authorization) = authorization {
                headers.insert(AUTHORIZATION, authorization);
            }
            request
        };
        self.send(uri, build, async |response| {
            Ok((response.status().as_u16(), read(response, limit).await?))
        })
        .await
    }
}

/// What no log of a library shows.
fn secret_header(text: &str) -> Result<HeaderValue, OutboundError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| OutboundError::Header)?;
    value.set_sensitive(true);
    Ok(value)
}

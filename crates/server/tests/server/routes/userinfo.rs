//! `POST /api/1.0/openid_connect/userinfo`: how a token may come.

use super::scene;
use crate::support::Call;

const PATH: &str = "/api/1.0/openid_connect/userinfo";

/// RFC 6750 §2.2
#[tokio::test]
async fn a_token_may_come_in_the_form_of_userinfo_and_nowhere_else() {
    let (site, alice, clock) = scene().await;
    let ask = clock.ask().with("scope", "openid default");
    let code = alice.decide(&ask, "allow").await.sent("code").unwrap();
    let token = clock.exchange(&code).await.member("access_token");
    let form = [("access_token", token.as_str())];
    let status = async |call: Call| site.send(call).await.code();

    let reply = site.send(Call::post(PATH).form(&form)).await;
    assert_eq!(
        (reply.code(), reply.member("sub")),
        (200, alice.id.to_string())
    );
    assert_eq!(status(Call::post(PATH).bearer(&token)).await, 200);
    // A form that has no token does not stand in the way of the header.
    assert_eq!(status(Call::post(PATH).form(&[]).bearer(&token)).await, 200);

    let twice = site.send(Call::post(PATH).form(&form).bearer(&token)).await;
    assert_eq!(twice.code(), 400);
    assert!(
        twice
            .header("www-authenticate")
            .contains("error=\"invalid_request\"")
    );
    let wrong = [("access_token", "gr_at_wrong")];
    assert_eq!(status(Call::post(PATH).form(&wrong)).await, 401);
    assert_eq!(status(Call::post(PATH)).await, 401);
    let mut plain = Call::post(PATH).header("content-type", "text/plain");
    plain.body = format!("access_token={token}").into_bytes();
    assert_eq!(status(plain).await, 401);
    let in_url = format!("{PATH}?access_token={token}");
    assert_eq!(status(Call::post(&in_url)).await, 401);
    assert_eq!(status(Call::get(&in_url)).await, 401);
    assert_eq!(status(Call::get(PATH).form(&form)).await, 401);
    let elsewhere = "/api/1.0/users/me";
    assert_eq!(status(Call::get(elsewhere).form(&form)).await, 401);
    assert_eq!(status(Call::get(elsewhere).bearer(&token)).await, 200);
}

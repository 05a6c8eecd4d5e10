// Nimbus' OAuth 2.0 and OpenID Connect SDK, which Spring Security and others stand on:
// everything from discovery, the ID token checked by the library.

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.*;
import com.nimbusds.oauth2.sdk.auth.*;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.*;
import com.nimbusds.oauth2.sdk.pkce.*;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import com.nimbusds.openid.connect.sdk.*;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.*;
import net.minidev.json.JSONObject;
import java.io.*;
import java.net.URI;
import java.util.*;

public class Login {
  static final BufferedReader LINES = new BufferedReader(new InputStreamReader(System.in));

  // How a client talks to the test that started it: one JSON object a line.
  static Map<String, Object> hear() throws Exception {
    return JSONObjectUtils.parse(LINES.readLine());
  }

  static void say(Map<String, ?> words) {
    System.out.println(new JSONObject(words).toJSONString());
    System.out.flush();
  }

  static OIDCTokenResponse ask(OIDCProviderMetadata provider, ClientAuthentication proof,
      AuthorizationGrant grant) throws Exception {
    TokenRequest request = new TokenRequest.Builder(provider.getTokenEndpointURI(), proof, grant).build();
    HTTPRequest http = request.toHTTPRequest();
    return (OIDCTokenResponse) OIDCTokenResponseParser.parse(http.send()).toSuccessResponse();
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, Object> app = hear();
    Issuer issuer = new Issuer((String) app.get("server"));
    ClientID id = new ClientID((String) app.get("client_id"));
    ClientSecretBasic proof =
        new ClientSecretBasic(id, new Secret((String) app.get("client_secret")));
    URI redirect = new URI((String) app.get("redirect_uri"));
    OIDCProviderMetadata provider = OIDCProviderMetadata.resolve(issuer);

    State state = new State();
    Nonce nonce = new Nonce();
    CodeVerifier verifier = new CodeVerifier();
    AuthenticationRequest request = new AuthenticationRequest.Builder(
            ResponseType.CODE, Scope.parse((String) app.get("scope")), id, redirect)
        .endpointURI(provider.getAuthorizationEndpointURI())
        .state(state)
        .nonce(nonce)
        .codeChallenge(verifier, CodeChallengeMethod.S256)
        .build();
    say(Map.of("authorize", request.toURI().toString()));

    URI callback = new URI((String) hear().get("callback"));
    AuthenticationSuccessResponse back =
        AuthenticationResponseParser.parse(callback).toSuccessResponse();
    if (!state.equals(back.getState()) || !issuer.equals(back.getIssuer())) {
      throw new Exception("another state or issuer");
    }
    OIDCTokenResponse tokens = ask(provider, proof,
        new AuthorizationCodeGrant(back.getAuthorizationCode(), redirect, verifier));
    IDTokenValidator validator = new IDTokenValidator(
        issuer, id, JWSAlgorithm.RS256, provider.getJWKSetURI().toURL());
    var claims = validator.validate(tokens.getOIDCTokens().getIDToken(), nonce);
    AccessTokenValidator.validate(tokens.getOIDCTokens().getAccessToken(), JWSAlgorithm.RS256,
        claims.getAccessTokenHash());
    UserInfoRequest about = new UserInfoRequest(
        provider.getUserInfoEndpointURI(), tokens.getOIDCTokens().getAccessToken());
    UserInfoResponse info = UserInfoResponse.parse(about.toHTTPRequest().send());
    OIDCTokenResponse again = ask(provider, proof,
        new RefreshTokenGrant(tokens.getOIDCTokens().getRefreshToken()));
    var refreshed = validator.validate(again.getOIDCTokens().getIDToken(), null);
    say(Map.of(
        "claims", claims.toJSONObject(),
        "userinfo", info.toSuccessResponse().getUserInfo().toJSONObject(),
        "refreshed", refreshed.toJSONObject()));
  }
}

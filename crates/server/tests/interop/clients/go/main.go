// coreos/go-oidc with golang.org/x/oauth2, as Go programs log users in.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"log"
	"net/url"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// How a client talks to the test that started it: one JSON object a line.
var lines = bufio.NewReader(os.Stdin)

func hear(words interface{}) {
	line, err := lines.ReadBytes('\n')
	check(err)
	check(json.Unmarshal(line, words))
}

func say(words interface{}) {
	check(json.NewEncoder(os.Stdout).Encode(words))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

type claims map[string]interface{}

func main() {
	var app struct {
		Server   string `json:"server"`
		ID       string `json:"client_id"`
		Secret   string `json:"client_secret"`
		Redirect string `json:"redirect_uri"`
		Scope    string `json:"scope"`
	}
	hear(&app)
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, app.Server)
	check(err)
	config := oauth2.Config{
		ClientID:     app.ID,
		ClientSecret: app.Secret,
		Endpoint:     provider.Endpoint(),
		RedirectURL:  app.Redirect,
		Scopes:       strings.Split(app.Scope, " "),
	}
	const state, nonce = "a state", "a nonce"
	verifier := strings.Repeat("verifier-", 6)
	say(map[string]string{"authorize": config.AuthCodeURL(state, oidc.Nonce(nonce),
		oauth2.S256ChallengeOption(verifier))})

	var back struct {
		Callback string `json:"callback"`
	}
	hear(&back)
	callback, err := url.Parse(back.Callback)
	check(err)
	if callback.Query().Get("state") != state {
		log.Fatal("another state")
	}
	token, err := config.Exchange(ctx, callback.Query().Get("code"), oauth2.VerifierOption(verifier))
	check(err)
	first := verify(ctx, provider, app.ID, token)
	if first.Nonce != nonce {
		log.Fatal("another nonce")
	}
	check(first.VerifyAccessToken(token.AccessToken))
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	check(err)
	again, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	check(err)
	second := verify(ctx, provider, app.ID, again)

	var answer struct {
		Claims    claims `json:"claims"`
		UserInfo  claims `json:"userinfo"`
		Refreshed claims `json:"refreshed"`
	}
	check(first.Claims(&answer.Claims))
	check(info.Claims(&answer.UserInfo))
	check(second.Claims(&answer.Refreshed))
	say(answer)
}

func verify(ctx context.Context, provider *oidc.Provider, id string, token *oauth2.Token) *oidc.IDToken {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		log.Fatal("no ID token")
	}
	verified, err := provider.Verifier(&oidc.Config{ClientID: id}).Verify(ctx, raw)
	check(err)
	return verified
}

// Says to a page of an app whether the login at this browser is still the one that the
// app's session_state was made for (OpenID Connect Session Management, section 3.2).
"use strict";

const browserState = () => {
  for (const cookie of document.cookie.split("; ")) {
    const [name, value] = cookie.split("=");
    if (name === "__Host-grantor-state" || name === "grantor-state") return value;
  }
  return "";
};

const fingerprint = async (text) => {
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const answer = async (data, origin) => {
  const [, client, expected, salt] = /^(\d+) ([0-9a-f]{64})\.([0-9a-f]+)$/.exec(data) ?? [];
  if (client === undefined) return "error";
  const state = browserState();
  if (state === "") return "changed";
  const now = await fingerprint(`${client} ${origin} ${state} ${salt}`);
  return now === expected ? "unchanged" : "changed";
};

addEventListener("message", async (event) => {
  // The one who asks is a frame beside this one (section 3.1) or the page around it: the
  // origin in the sum is that of whoever it is, and an answer goes there alone.
  if (event.source === null || typeof event.data !== "string") return;
  event.source.postMessage(await answer(event.data, event.origin), event.origin);
});

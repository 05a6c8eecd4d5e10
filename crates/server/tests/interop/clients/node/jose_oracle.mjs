// npm's jose as a second opinion on our tokens, both ways.

// Node 18 has it, but not as a global.
import { webcrypto } from "node:crypto";
globalThis.crypto ??= webcrypto;

import * as jose from "jose";
import { hear, say } from "./conversation.mjs";

const { signed, encrypted, to_encrypt } = await hear();
const text = (bytes) => new TextDecoder().decode(bytes);

// What they read in what we made.
const read = { signed: [], encrypted: [] };
for (const { alg, jwk, token } of signed) {
  const key = await jose.importJWK(jwk, alg);
  const { payload } = await jose.compactVerify(token, key, { algorithms: [alg] });
  read.signed.push({ alg, payload: text(payload) });
}

// What they make: signed with keys of their own …
const made = { signed: [], encrypted: [] };
const payload = new TextEncoder().encode(JSON.stringify({ iss: "https://a.example", ä: ["\u{1f511}"] }));
for (const { alg } of signed) {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  const token = await new jose.CompactSign(payload).setProtectedHeader({ alg }).sign(privateKey);
  made.signed.push({ alg, jwk: await jose.exportJWK(publicKey), token });
}
// … and encrypted to ours.
for (const { alg, enc, jwk } of to_encrypt) {
  const key = await jose.importJWK(jwk, alg);
  const token = await new jose.CompactEncrypt(payload).setProtectedHeader({ alg, enc }).encrypt(key);
  made.encrypted.push({ alg, enc, token });
}

// Keys that we encrypt to, and then what we encrypted to them.
const keys = [];
const pairs = new Map();
for (const { alg, enc } of encrypted) {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  pairs.set(`${alg} ${enc}`, privateKey);
  keys.push({ alg, enc, jwk: await jose.exportJWK(publicKey) });
}
say({ read: read.signed, made, keys, payload: text(payload) });
for (const { alg, enc, token } of (await hear()).encrypted) {
  const { plaintext } = await jose.compactDecrypt(token, pairs.get(`${alg} ${enc}`));
  read.encrypted.push({ alg, enc, payload: text(plaintext) });
}
say({ read: read.encrypted });
process.exit();

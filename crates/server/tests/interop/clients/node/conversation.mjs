// How a client talks to the test that started it: one JSON object a line.
//
// 1. The test says which app this is: server, client_id, client_secret,
//    redirect_uri, scope.
// 2. The client says where the user has to go: authorize.
// 3. The test says where the user came back to: callback.
// 4. The client says what it got.

import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export async function hear() {
  return JSON.parse((await lines.next()).value);
}

export function say(words) {
  process.stdout.write(JSON.stringify(words) + "\n");
}

/** The API's answer to a bearer token. */
export async function me(server, token) {
  const response = await fetch(`${server}/api/1.0/users/me`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: await response.json() };
}

/** The error that the library made of the server's refusal, as `read` finds it there. */
export async function refusal(attempt, read) {
  try {
    await attempt();
  } catch (error) {
    const found = await read(error);
    if (found?.error === undefined) throw error;
    return { error: found.error, description: found.error_description };
  }
  throw new Error("the server accepted what it must refuse");
}

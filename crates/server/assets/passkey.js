// <form data-passkey="get|create" data-options="JSON" hidden>: asks the browser for a
// passkey, or for a new one, and sends what it answers. Hidden in the page as sent, since
// without a script and a browser that knows passkeys it is dead.

let waiting = null;

for (const form of document.querySelectorAll("form[data-passkey]")) offer(form);

function offer(form) {
  const known = window.PublicKeyCredential;
  if (!known?.parseRequestOptionsFromJSON || !known?.parseCreationOptionsFromJSON) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    ask(form, {});
  });
  if (form.dataset.passkey === "get") wait(form);
}

// While she looks at the page, her passkeys stand among what the browser offers to fill
// in for the name. Not once more after one was refused: a browser that answers by itself
// would ask and be refused without end.
async function wait(form) {
  const field = document.querySelector("input[autocomplete~=webauthn]");
  if (document.querySelector("[role=alert]:not([hidden])")) return;
  if (!field || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  waiting = new AbortController();
  ask(form, { mediation: "conditional", signal: waiting.signal });
}

async function ask(form, how) {
  const trouble = form.querySelector("[data-trouble]");
  const options = JSON.parse(form.dataset.options);
  if (!how.mediation) waiting?.abort();
  trouble.hidden = true;
  try {
    const answer = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ ...how, publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ ...how, publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    if (!answer) return;
    form.elements.credential.value = JSON.stringify(answer.toJSON());
    form.requestSubmit();
  } catch {
    // She changed her mind, or there is none: the page is still there.
    trouble.hidden = Boolean(how.mediation);
  }
}

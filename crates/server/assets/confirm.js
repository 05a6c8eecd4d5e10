// <input data-confirm="text">: its form's submit button works only while the
// text is typed. The server asks for the same; this only spares a round trip.

export function typedConfirmations(root) {
  for (const input of root.querySelectorAll("input[data-confirm]")) {
    const button = input.form?.querySelector("button[type=submit]");
    if (!button) continue;
    const check = () => {
      button.disabled = input.value.trim().normalize("NFC") !== input.dataset.confirm;
    };
    input.addEventListener("input", check);
    check();
  }
}

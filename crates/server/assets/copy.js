// <button data-copy="id" hidden>: copies the text of the element with that id.
// The button is hidden in the page as sent, since without a script it is dead.

export function copyButtons(root) {
  if (!navigator.clipboard) return; // plain http on another host: no clipboard
  for (const button of root.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    const status = button.querySelector("[data-copy-label]") ?? button;
    if (!source) continue;
    const before = status.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let said = "Copied";
      try {
        await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      } catch {
        said = "Select and copy it by hand";
      }
      status.textContent = said;
      announce(said);
      setTimeout(() => { status.textContent = before; }, 2000);
    });
  }
}

// A screen reader is told once, in the region that the layout keeps for it.
function announce(text) {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
}

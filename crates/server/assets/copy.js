// <button data-copy="id" hidden>: copies the text of the element with that id.
// The button is hidden in the page as sent, since without a script it is dead. What it
// says then, in the language of the page, are its data-done and data-by-hand.

export function copyButtons(root) {
  if (!navigator.clipboard) return; // plain http on another host: no clipboard
  for (const button of root.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source) continue;
    const before = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let said = button.dataset.done;
      try {
        await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      } catch {
        said = button.dataset.byHand;
      }
      button.textContent = said;
      announce(said);
      setTimeout(() => { button.textContent = before; }, 2000);
    });
  }
}

// A screen reader is told once, in the region that the layout keeps for it.
function announce(text) {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
}

// <input type=file data-preview="id">: shows the chosen picture in that <img>
// before it is sent, as a data: address (the policy of the page allows no blob:).

const LIMIT = 1024 * 1024;

export function iconPreviews(root) {
  for (const input of root.querySelectorAll("input[type=file][data-preview]")) {
    const image = document.getElementById(input.dataset.preview);
    const message = document.getElementById(input.dataset.message);
    if (!image) continue;
    input.addEventListener("change", () => {
      const file = input.files[0];
      const tooLarge = Boolean(file) && file.size > LIMIT;
      if (message) message.hidden = !tooLarge;
      if (!file || tooLarge) return;
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        image.src = reader.result;
        image.hidden = false;
        const stand = image.parentElement.querySelector("[data-stand-in]");
        if (stand) stand.hidden = true;
      });
      reader.readAsDataURL(file);
    });
  }
}

// Everything here is comfort: each page does all of its work without it.
import { copyButtons } from "./copy.js";
import { iconPreviews } from "./preview.js";
import { typedConfirmations } from "./confirm.js";

copyButtons(document);
iconPreviews(document);
typedConfirmations(document);

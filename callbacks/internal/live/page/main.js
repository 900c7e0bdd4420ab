// The page: messages go into the store, and the panes are drawn from it, at most once for each frame.

import {take} from "./store.js";
import {connect} from "./stream.js";
import {drawCurves} from "./curves.js";
import {drawNow, drawRuns, listen} from "./panel.js";
import {drawDetails} from "./details.js";

function draw() {
  drawNow();
  drawRuns(draw);
  drawDetails();
  drawCurves();
}

listen(draw);
for (const id of ["axis", "logarithmic", "smooth"]) document.getElementById(id).addEventListener("input", draw);
document.getElementById("view").addEventListener("submit", e => e.preventDefault());
addEventListener("resize", draw);
document.getElementById("more").addEventListener("toggle", draw);

connect(list => {
  list.forEach(take);
  draw();
}, (text, good) => {
  const status = document.getElementById("connection");
  status.textContent = text;
  status.classList.toggle("lost", !good);
});
draw();

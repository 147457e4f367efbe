
"use strict";
// Shows the files that fit what is chosen. Without this script, all of them are shown.
// Written without the two characters that XML would take for markup.
(function () {
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const field = (name) => document.getElementById(name);
  const files = Array.from(document.querySelectorAll("details.file"), (element) => ({
    element,
    outcome: element.classList[1],
    kind: element.dataset.kind,
    rules: element.dataset.rules.split(" "),
    path: element.querySelector(".path").textContent,
    text: null,
  }));

  const fits = {
    outcome: (file, wanted) => file.outcome === wanted,
    kind: (file, wanted) => file.kind === wanted,
    rule: (file, wanted) => file.rules.includes(wanted),
    folder: (file, wanted) => file.path.startsWith(wanted + "/"),
    search: (file, wanted) => {
      file.text ??= file.element.textContent.toLowerCase();
      return wanted.split(/\s+/).every((word) => file.text.includes(word));
    },
  };

  function apply() {
    const wanted = Object.keys(fits).map((name) => [name, field(name).value.trim()]);
    const active = wanted.filter(([, value]) => value !== "");
    const lower = ([name, value]) => [name, name === "search" ? value.toLowerCase() : value];
    const tests = active.map(lower);
    let count = 0;
    for (const file of files) {
      const fitting = tests.every(([name, value]) => fits[name](file, value));
      file.element.hidden = !fitting;
      count += fitting ? 1 : 0;
    }
    const all = files.length.toLocaleString("en");
    shown.textContent = count === files.length ? all + " files" : count.toLocaleString("en") + " of " + all + " files";
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  field("open").addEventListener("click", () => {
    const closed = files.filter((file) => !file.element.hidden).slice(0, 500);
    closed.forEach((file) => { file.element.open = true; });
  });

  // A fingerprint leads to all files with the value.
  for (const code of document.querySelectorAll("main table code.find")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "find";
    button.textContent = code.textContent;
    button.title = "Show the files with this value";
    button.addEventListener("click", () => {
      form.reset();
      field("search").value = code.textContent;
      apply();
      field("files").scrollIntoView();
    });
    code.replaceWith(button);
  }

  form.hidden = false;
  apply();
})();

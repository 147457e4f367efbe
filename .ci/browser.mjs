// The report in a browser: read, filtered, by keyboard, printed, in light and dark, narrow, without script, under attack, large,
// and with previews.
//
//   node .ci/browser.mjs PROGRAM SAMPLES NODE_MODULES [SCREENSHOTS]
//
// NODE_MODULES has playwright-core and axe-core; the browser is Chromium (CHROMIUM, else /usr/bin/chromium). With SCREENSHOTS,
// pictures of the page are put there.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [program, samples, modules, screenshots] = process.argv.slice(2).map((path) => resolve(path));
const { chromium } = await import(pathToFileURL(join(modules, "playwright-core/index.mjs")));
const axe = readFileSync(join(modules, "axe-core/axe.min.js"), "utf8");
const work = mkdtempSync(join(tmpdir(), "fieldstrip-browser-"));
const problems = [];

function expect(what, holds, found = "") {
  if (!holds) problems.push(what);
  if (!holds) console.log(`  PROBLEM ${what} ${found}`);
}

function fieldstrip(...args) {
  try {
    return execFileSync(program, args, { env: { ...process.env, XDG_CONFIG_HOME: join(work, "config") } });
  } catch (error) {
    if (error.status !== 1) throw error; // 1: somebody should look
    return error.stdout;
  }
}

// A log with these records, chained as the program does it.
function log(folder, records) {
  let prev = "0".repeat(64);
  const lines = records.map((record) => {
    const body = JSON.stringify({ prev, ...record }).slice(0, -1);
    prev = createHash("sha256").update(body + "}").digest("hex");
    return `${body},"hash":"${prev}"}\n`;
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "audit.jsonl"), lines.join(""));
  fieldstrip("report", folder);
  return join(folder, "report.html");
}

function recordsOf(folder) {
  const lines = readFileSync(join(folder, "audit.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line)).map(({ prev, hash, ...record }) => record);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

// Opens a page and counts what must not happen there.
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url().startsWith("data:image/jpeg;base64,")) return; // it leads nowhere
    if (request.url().split("#")[0] !== pathToFileURL(path).href) page.complaints.push(`request of ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  return page;
}

const shown = (page) =>
  page.$$eval("details.file", (all) => all.filter((it) => it.checkVisibility()).map((it) => it.querySelector(".path").textContent));
const settle = (page) => page.waitForTimeout(300);

async function filters(report) {
  const page = await open(report);
  const all = await shown(page);
  expect("all samples are listed", all.length > 10, all);
  const cases = [
    ["#outcome", "held", (it) => it.every((path) => /service\.json|notice\.md|budget\.xlsx/.test(path)) && it.length > 0],
    ["#kind", "pdf", (it) => it.length > 0 && it.every((path) => path.endsWith(".pdf"))],
    ["#rule", "secret.github", (it) => it.join() === "data/service.json"],
    ["#folder", "photos", (it) => it.length > 2 && it.every((path) => path.startsWith("photos/"))],
  ];
  for (const [field, value, fits] of cases) {
    await page.selectOption(field, value);
    await settle(page);
    const now = await shown(page);
    expect(`filter ${field} ${value}`, fits(now), now);
    await page.click("button[type=reset]");
    await settle(page);
    expect(`reset after ${field}`, (await shown(page)).length === all.length);
  }
  await page.fill("#search", "PAYMENTS iban");
  await settle(page);
  expect("search", (await shown(page)).join() === "data/payments.csv", await shown(page));
  expect("the number of files is told", (await page.textContent("#shown")).startsWith("1 of "), await page.textContent("#shown"));
  await page.click("button[type=reset]");
  const shared = page.locator("#traces ~ div button.find").first();
  await shared.click();
  await settle(page);
  const joined = await shown(page);
  expect("a fingerprint leads to the files with the value", joined.length > 1 && joined.length < all.length, joined);
  expect("nothing complains", page.complaints.length === 0, page.complaints);
}

async function keyboard(report) {
  const page = await open(report);
  await page.keyboard.press("Tab");
  expect("the first stop skips to the files", (await page.evaluate(() => document.activeElement.className)) === "skip");
  await page.keyboard.press("Enter");
  let reached = false;
  for (let stops = 0; stops < 30 && !reached; stops += 1) {
    await page.keyboard.press("Tab");
    reached = await page.evaluate(() => document.activeElement.tagName === "SUMMARY");
  }
  expect("Tab reaches a file", reached);
  await page.keyboard.press("Enter");
  expect("Enter opens it", await page.evaluate(() => document.activeElement.parentElement.open));
  await page.locator("#worst ~ div a").first().focus();
  await page.keyboard.press("Enter");
  const target = await page.evaluate(() => document.querySelector(":target")?.checkVisibility());
  expect("a link at the top opens its file", target === true);
}

async function withoutScript(report) {
  const page = await open(report, { javaScriptEnabled: false });
  expect("no filters without script", !(await page.isVisible("#filters")));
  await page.locator("details.file summary").first().click();
  expect("files open without script", await page.locator("details.file .body").first().isVisible());
}

async function print(report) {
  const page = await open(report);
  const path = join(screenshots ?? work, "report.pdf");
  writeFileSync(path, await page.pdf({ format: "A4" }));
  const text = execFileSync("pdftotext", [path, "-"]).toString();
  for (const wanted of ["Needs a look", "secret.github", "ghp_", "What joined the files", "SHA-256"]) {
    expect(`the print has ${wanted}`, text.includes(wanted));
  }
  expect("the print has no filters", !text.includes("Open all shown"));
}

async function accessible(report, named = "") {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 400]) {
      const page = await open(report, { colorScheme, viewport: { width, height: 900 } });
      if (screenshots) await page.screenshot({ path: join(screenshots, `${named}${colorScheme}-${width}.png`) });
      await page.evaluate(() => document.querySelectorAll("details").forEach((it) => { it.open = true; }));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(`the page fits ${width} px`, wide <= 0, `${wide} px too wide`);
      await page.evaluate(axe); // by the debugger, which the page's policy does not bind
      const { violations } = await page.evaluate(() => axe.run());
      const told = violations.map((it) => `${it.id} (${it.nodes.length}): ${it.nodes[0].html.slice(0, 200)}`);
      expect(`axe-core, ${named}${colorScheme}, ${width} px`, told.length === 0, told.join("\n    "));
      if (screenshots) await page.screenshot({ path: join(screenshots, `${named}${colorScheme}-${width}-open.png`), fullPage: width < 500 });
    }
  }
}

// A page with a bank account number, 40 points from the left, its base line 300 points from the bottom of 400.
function payment() {
  const text = "BT /F1 16 Tf 40 300 Td (DE89 3704 0044 0532 0130 00) Tj ET";
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 400] >>",
    "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let file = "%PDF-1.7\n";
  const table = objects.map((object, index) => {
    const entry = `${String(file.length).padStart(10, "0")} 00000 n \n`;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return entry;
  });
  const xref = `xref\n0 6\n0000000000 65535 f \n${table.join("")}trailer\n<< /Size 6 /Root 1 0 R >>\n`;
  return `${file}${xref}startxref\n${file.length}\n%%EOF\n`;
}

// Pictures of the copies, with boxes around what was found.
async function previews() {
  const input = join(work, "shown");
  cpSync(samples, input, { recursive: true });
  writeFileSync(join(input, "payment.pdf"), payment());
  fieldstrip("clean", input, "--output", join(work, "seen"), "--quiet", "--previews");
  const report = join(work, "seen.review/report.html");
  const page = await open(report);
  const loaded = () => page.$$eval("details.file img", (all) => all.map((it) => it.complete && it.naturalWidth > 0));
  const details = page.locator("details.file", { hasText: "payment.pdf" });
  await details.locator("summary").click();
  await settle(page);
  const file = details.locator(".preview");
  expect("a picture is shown", await file.locator("img").evaluate((it) => it.naturalHeight === 360 && it.naturalWidth === 270));
  expect("a picture has words", (await file.locator("img").getAttribute("alt")) === "Page 1 of the copy: payment.pdf, 1 finding outlined");
  const picture = await file.locator("img").boundingBox();
  const box = await file.locator("rect").boundingBox();
  const [left, bottom] = [(box.x - picture.x) / 0.9, 400 - (box.y + box.height - picture.y) / 0.9];
  const place = `${left.toFixed(1)} ${bottom.toFixed(1)}`;
  expect("the box is where the finding is", Math.abs(left - 38) < 4 && Math.abs(bottom - 295) < 4, place);
  const colour = await file.locator("rect").evaluate((it) => getComputedStyle(it).stroke);
  expect("the box is seen", colour === "rgb(94, 75, 139)", colour);
  await page.evaluate(() => document.querySelectorAll("details").forEach((it) => { it.open = true; }));
  for (const image of await page.locator("details.file img").all()) await image.scrollIntoViewIfNeeded();
  await settle(page);
  const all = await loaded();
  expect("all pictures are shown", all.length > 5 && all.every((it) => it), all);
  expect("nothing complains", page.complaints.length === 0, page.complaints.slice(0, 3));
  const path = join(screenshots ?? work, "previews.pdf");
  writeFileSync(path, await (await open(report)).pdf({ format: "A4" })); // closed as it is
  const printed = execFileSync("pdfimages", ["-list", path]).toString().split("\n").filter((it) => / 270 +360 /.test(it));
  expect("the print has the picture", printed.length === 1, printed);
  const planted = join(work, "planted-with-previews.html");
  const markup = "<img src=\"http://127.0.0.1:9/x.png\"/><img src=\"x.png\"/>";
  writeFileSync(planted, readFileSync(report, "utf8").replace("<main>", `<main>${markup}`));
  const defended = await open(planted);
  await settle(defended);
  const refused = defended.complaints.filter((it) => it.includes("Content Security Policy"));
  const widths = await defended.$$eval("main > img", (all) => all.map((it) => it.naturalWidth).join());
  expect("no picture from elsewhere is loaded", refused.length === 2 && widths === "0,0", defended.complaints);
  await accessible(report, "previews-");
}

// Texts that would run a script, in every place of a log that can hold any.
async function attacked(records) {
  const script = "\"'><script>window.owned=1</script><img src=x onerror=window.owned=1><a href=javascript:window.owned=1>x</a></style></title>\u202e";
  const closed = new Set(["record", "outcome", "kind", "class", "action", "severity", "verdict", "scope", "at", "reason"]);
  const fill = (value, name) => {
    if (Array.isArray(value)) return value.map((it) => fill(it, name));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, fill(it, key)]));
    if (typeof value !== "string" || closed.has(name)) return value;
    return name === "path" ? `${script}/${value}${script}` : value + script;
  };
  const page = await open(log(join(work, "hostile.review"), records.map((record) => fill(record, ""))));
  await page.evaluate(() => document.querySelectorAll("details").forEach((it) => { it.open = true; }));
  await page.fill("#search", "<script>");
  await settle(page);
  const scripts = await page.$$eval("script, img, style, title", (all) => all.map((it) => it.tagName).join());
  expect("text makes no elements", scripts === "TITLE,STYLE,SCRIPT", scripts);
  expect("no script of a document runs", (await page.evaluate(() => window.owned)) === undefined);
  expect("nothing complains", page.complaints.length === 0, page.complaints.slice(0, 3));

  // Even markup that got into the page would do nothing.
  const planted = join(work, "planted.html");
  const markup = "<script>window.owned=1</script><img src=\"data:,\" onerror=\"window.owned=1\"/><p style=\"color:red\" id=\"planted\">x</p>";
  const text = readFileSync(join(work, "hostile.review/report.html"), "utf8");
  writeFileSync(planted, text.replace("<main>", `<main>${markup}`));
  const defended = await open(planted);
  await settle(defended);
  expect("a planted script does not run", (await defended.evaluate(() => window.owned)) === undefined);
  const colour = await defended.$eval("#planted", (it) => getComputedStyle(it).color);
  expect("a planted style does nothing", colour !== "rgb(255, 0, 0)", colour);
  const refused = defended.complaints.filter((it) => it.includes("Content Security Policy"));
  expect("the policy of the page refuses what was planted", refused.length >= 3, defended.complaints);
}

async function large(records, number) {
  const [header, ...rest] = records;
  const totals = rest.pop();
  const many = Array.from({ length: number }, (_, index) => {
    const record = rest[index % rest.length];
    const path = `part ${index % 40}/${index}/${record.path}`;
    return { ...record, path };
  });
  const began = performance.now();
  const report = log(join(work, "large.review"), [{ ...header, files: number }, ...many, totals]);
  const made = performance.now() - began;
  const started = performance.now();
  const page = await open(report);
  const loaded = performance.now() - started;
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0);
  // From the key to the second frame after the list has changed, the wait for the next key included.
  const search = (text) =>
    page.evaluate(
      (text) =>
        new Promise((done) => {
          const began = performance.now();
          const frame = (then) => requestAnimationFrame(then);
          const changed = () => frame(() => frame(() => done(performance.now() - began)));
          new MutationObserver(changed).observe(document.getElementById("shown"), { childList: true });
          document.getElementById("search").value = text;
          document.getElementById("filters").dispatchEvent(new Event("input", { bubbles: true }));
        }),
      text,
    );
  const first = await search("harbour");
  const second = await search("budget");
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  console.log(
    `  ${number} files: ${megabytes(statSync(report).size)} MB, log and page made in ${(made / 1000).toFixed(1)} s, ` +
      `first paint ${(paint / 1000).toFixed(1)} s, loaded ${(loaded / 1000).toFixed(1)} s, ` +
      `first search ${(first / 1000).toFixed(1)} s, further ${(second / 1000).toFixed(1)} s, script heap ${megabytes(heap)} MB`,
  );
  expect("a large report loads", loaded < 60_000 && second < 20_000);
  expect("a large report complains of nothing", page.complaints.length === 0, page.complaints.slice(0, 3));
}

try {
  if (screenshots) mkdirSync(screenshots, { recursive: true });
  fieldstrip("clean", samples, "--output", join(work, "out"), "--quiet");
  const report = join(work, "out.review/report.html");
  const records = recordsOf(join(work, "out.review"));
  for (const [name, check] of [
    ["filters and search", () => filters(report)],
    ["keyboard", () => keyboard(report)],
    ["without script", () => withoutScript(report)],
    ["print", () => print(report)],
    ["accessibility", () => accessible(report)],
    ["previews", () => previews()],
    ["hostile text", () => attacked(records)],
    ["10,000 files", () => large(records, 10_000)],
  ]) {
    console.log(name);
    await check();
  }
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
if (problems.length > 0) {
  console.log(`${problems.length} problems`);
  process.exitCode = 1;
} else {
  console.log("the report holds in the browser");
}

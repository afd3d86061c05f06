// Tests `pairbond explore` in Chromium: node browser.cjs PROGRAM [CHROMIUM]
//
// playwright-core is found by NODE_PATH. Each test has a page of its own; one that fails is named, and the
// rest is still run.
"use strict";
const { chromium } = require("playwright-core");
const { execFileSync, spawn } = require("node:child_process");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");

const program = path.resolve(process.argv[2]);
const executablePath = process.argv[3] ?? "/usr/bin/chromium";
const scenario = path.join(__dirname, "hostile.toml");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "pairbond-explore-"));

/// Starts the program; resolves to its address and process.
function serve(...words) {
  const child = spawn(program, ["explore", "--no-open", ...words], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (part) => {
      text += part;
      if (text.includes("\n")) resolve({ child, address: text.split("\n")[0] });
    });
    child.on("exit", (code) => reject(new Error(`the program ended with ${code}`)));
  });
}

/// The tables of a run by the program: rows of texts by name.
function run(file, sets, out) {
  const folder = path.join(scratch, out);
  execFileSync(program, ["run", file, "-o", folder, "--no-charts", "--quiet", ...sets.flatMap((set) => ["--set", set])]);
  return (table) => {
    const [head, ...rows] = fs.readFileSync(path.join(folder, `${table}.csv`), "utf8").trim().split("\n").map((line) => line.split(","));
    return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at]])));
  };
}

/// Waits until the page has answered everything that was changed.
const settled = (page) => page.waitForFunction(() => document.body.dataset.number && complete && !running && !waiting);
const now = (page) => page.evaluate(() => answer.now);
const changes = (page) => page.evaluate(() => changesOf(state.now));

/// Compares the page's numbers with the tables of the program.
function same(setting, table) {
  const means = table("trajectory").filter((row) => row.observable === "trust" && row.role === "a");
  const line = setting.trajectory.lines.find((own) => own.observable === "trust" && own.role === "a");
  assert.deepEqual(line.mean, means.map((row) => Number(row.mean)));
  assert.deepEqual(line.ci_high, means.map((row) => Number(row.ci_high)));
  assert.deepEqual(setting.survival.survival, table("survival").map((row) => Number(row.survival)));
  assert.ok(line.mean.length > 50);
}

/// Puts a slider at a share of its length with the mouse.
async function drag(page, label, share) {
  const slider = page.getByLabel(label, { exact: true });
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  const value = Number(await slider.inputValue()) / 1000;
  const y = box.y + box.height / 2;
  const thumb = 16;
  const x = (at) => box.x + thumb / 2 + at * (box.width - thumb);
  await page.mouse.move(x(value), y);
  await page.mouse.down();
  for (let step = 1; step <= 10; step += 1) await page.mouse.move(x(value + ((share - value) * step) / 10), y);
  await page.mouse.up();
}

const tests = {
  async "the first answer is that of the program"(page) {
    same(await now(page), run(scenario, [], "first"));
  },

  async "text of a scenario is no markup"(page) {
    assert.match(await page.locator("#title").textContent(), /<img src=x/);
    assert.match(await page.locator("#events").textContent(), /<b onclick/);
    assert.equal(await page.locator("img, #title *, #events b").count(), 0);
  },

  async "a slider is dragged"(page) {
    const before = await now(page);
    await drag(page, "Anxiety of A", 0.9);
    await settled(page);
    const [change] = (await changes(page)).filter((text) => text.startsWith("traits.a.anxiety.median="));
    const value = Number(change.split("=")[1]);
    assert.ok(value > 0.8 && value < 0.95, change);
    const after = await now(page);
    assert.notDeepEqual(after.survival.survival, before.survival.survival);
    same(after, run(scenario, [change], "dragged"));
    assert.equal(await page.getByLabel("Anxiety of A, exact value").inputValue(), String(value));
  },

  async "two settings are compared by the same couples"(page) {
    await page.getByRole("button", { name: "Compare with this" }).click();
    await drag(page, "Responsiveness of B", 0.2);
    await settled(page);
    const lines = await page.evaluate(() => answer.differences.lines);
    const trust = lines.find((own) => own.observable === "trust" && own.role === "a" && own.over === "together");
    assert.ok(trust.ci_high.at(-1) < 0, JSON.stringify(trust));
    await page.locator("#differences").waitFor({ state: "visible" });
    assert.match(await page.locator("#summary").textContent(), /together in both/);
    // The page's settings as conditions of a scenario have the same differences.
    await page.getByRole("button", { name: "Copy as scenario" }).click();
    await page.locator("#text-dialog").waitFor({ state: "visible" });
    const file = path.join(scratch, "conditions.toml");
    fs.writeFileSync(file, await page.locator("#text").inputValue());
    await page.keyboard.press("Escape");
    const rows = run(file, [], "conditions")("differences").filter((row) => row.observable === "trust" && row.role === "a" && row.over === "together");
    assert.ok(rows.length > 30);
    assert.deepEqual(trust.mean, rows.map((row) => Number(row.difference)));
    await page.getByRole("button", { name: "Stop comparing" }).click();
    await settled(page);
    assert.ok(await page.locator("#differences").isHidden());
  },

  async "the address holds the state"(page, { browser }) {
    await drag(page, "Openness of A", 0.9);
    await page.getByRole("button", { name: "Compare with this" }).click();
    await page.locator("#more > summary").click();
    await page.getByText("Mechanisms on and off").click();
    await page.getByLabel("Repair", { exact: true }).click();
    await page.locator("#observable").selectOption("commitment");
    await settled(page);
    await page.waitForFunction(() => address() === location.hash);
    const [before, url] = [await page.evaluate(() => answer), page.url()];
    assert.match(url, /mechanisms\.repair%3Dfalse/);
    await page.reload();
    await settled(page);
    assert.deepEqual(await page.evaluate(() => answer), before);
    assert.equal(await page.locator("#observable").inputValue(), "commitment");
    const other = await browser.newPage();
    await other.goto(url);
    await settled(other);
    assert.deepEqual(await other.evaluate(() => answer), before);
    await other.close();
    // "Back" takes the last change back.
    await page.goBack();
    await page.goBack();
    await settled(page);
    assert.ok(!(await changes(page)).includes("mechanisms.repair=false"));
  },

  async "an observable is chosen while an answer without it is on its way"(page) {
    await page.evaluate(() => {
      refresh();
      $("observable").value = "commitment";
      $("observable").dispatchEvent(new Event("change"));
    });
    await settled(page);
    assert.ok((await now(page)).trajectory.lines.some((own) => own.observable === "commitment"));
    await page.locator("#trajectory").getByText("Commitment over time").waitFor();
  },

  async "two tabs are answered each for itself"(page, { browser, address }) {
    const other = await browser.newPage();
    await other.goto(address);
    await settled(other);
    const move = (own, label) => own.evaluate(async (name) => {
      const slider = document.querySelector(`[aria-label="${name}"]`);
      for (let step = 0; step <= 30; step += 1) {
        slider.value = 300 + 20 * step;
        slider.dispatchEvent(new Event("input"));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }, label);
    await Promise.all([move(page, "Anxiety of A"), move(other, "Anxiety of B")]);
    await Promise.all([settled(page), settled(other)]);
    same(await now(page), run(scenario, await changes(page), "tab_one"));
    same(await now(other), run(scenario, await changes(other), "tab_two"));
    await other.close();
  },

  async "200 rapid changes end at the last one"(page) {
    const statuses = [];
    page.on("response", (response) => statuses.push(response.status()));
    await page.evaluate(async () => {
      const slider = document.querySelector('[aria-label="Avoidance of A"]');
      for (let step = 0; step < 200; step += 1) {
        slider.value = (step * 37) % 1000;
        slider.dispatchEvent(new Event("input"));
        if (step % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      slider.value = 400;
      slider.dispatchEvent(new Event("input"));
    });
    await settled(page);
    const wanted = await page.evaluate(() => fromSlider(controls.get("traits.a.avoidance.median").spec, 400));
    assert.deepEqual((await changes(page)).filter((text) => text.includes("avoidance")), [`traits.a.avoidance.median=${wanted}`]);
    same(await now(page), run(scenario, await changes(page), "rapid"));
    assert.ok(statuses.every((status) => [200, 409].includes(status)), statuses.join());
    assert.ok(statuses.length < 100, `${statuses.length} requests`);
  },

  async "another page cannot ask"(page, { browser, address }) {
    const { port, pathname } = new URL(address);
    const body = JSON.stringify({ session: "evil", number: 1, now: [], observables: [], couple: 1 });
    const ask = (headers) => new Promise((resolve, reject) => {
      const request = http.request({ port, path: `${pathname}run`, method: "POST", headers: { "Content-Type": "application/json", ...headers } },
        (response) => resolve(response.resume().statusCode));
      request.on("error", reject);
      request.end(body);
    });
    const own = `http://127.0.0.1:${port}`;
    assert.equal(await ask({ Origin: own }), 200);
    assert.equal(await ask({ Origin: "http://evil.example" }), 403);
    assert.equal(await ask({}), 403);
    assert.equal(await ask({ Origin: own, Host: `evil.example:${port}` }), 403);
    // A page of another origin, which knows the token even.
    const server = http.createServer((_, response) => response.end("<!doctype html><title>evil</title>")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.on("listening", resolve));
    const evil = await browser.newPage();
    const statuses = [];
    evil.on("response", (response) => response.url().endsWith("/run") && statuses.push(response.status()));
    await evil.goto(`http://127.0.0.1:${server.address().port}/`);
    const fetched = await evil.evaluate(async ([url, text]) => {
      const outcomes = [];
      for (const options of [{ headers: { "Content-Type": "application/json" } }, { mode: "no-cors" }]) {
        outcomes.push(await fetch(url, { method: "POST", body: text, ...options }).then((response) => response.type, () => "failed"));
      }
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.src = url.replace(/run$/, "");
      await new Promise((resolve) => { frame.onload = resolve; setTimeout(resolve, 2000); });
      try { outcomes.push(frame.contentDocument?.title ?? "closed"); } catch { outcomes.push("closed"); }
      return outcomes;
    }, [`${address}run`, body]);
    assert.deepEqual(fetched, ["failed", "failed", "closed"]);
    assert.ok(statuses.every((status) => status !== 200), statuses.join());
    await evil.close();
    server.close();
  },

  async "an error stands next to its control"(page) {
    const days = page.getByLabel("Days, exact value, days");
    await days.fill("0");
    await days.press("Enter");
    const fault = page.locator('[id="c-run.days-fault"]');
    await fault.waitFor({ state: "visible" });
    assert.match(await fault.textContent(), /between 1 and/);
    assert.ok(await page.locator("#views.stale").count());
    await page.getByRole("button", { name: "Reset Days" }).click();
    await settled(page);
    await fault.waitFor({ state: "hidden" });
    assert.equal(await page.locator("#views.stale").count(), 0);
  },

  async "an event is added by a click on a day, changed and removed"(page) {
    const canvas = page.locator("#trajectory canvas");
    const box = await canvas.boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const dialog = page.locator("#event-dialog");
    await dialog.waitFor({ state: "visible" });
    const day = Number(await dialog.locator('[data-key="day"]').inputValue());
    assert.ok(day > 40 && day < 80, String(day));
    await dialog.locator('[data-key="of"]').selectOption("b");
    await dialog.getByRole("button", { name: "Add" }).click();
    await dialog.waitFor({ state: "hidden" });
    await settled(page);
    const marks = (await now(page)).marks;
    assert.deepEqual(marks.map((mark) => mark.day), [40, day]);
    same(await now(page), run(scenario, await changes(page), "event"));
    // A wrong day is refused in the dialog.
    await page.locator("#events li").nth(1).getByRole("button", { name: /Edit/ }).click();
    await dialog.locator('[data-key="day"]').fill("0");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.locator("#event-fault").waitFor({ state: "visible" });
    await page.keyboard.press("Escape");
    await page.locator("#events li").nth(1).getByRole("button", { name: /Remove/ }).click();
    await settled(page);
    assert.deepEqual(await changes(page), []);
  },

  async "it is used by keyboard and read aloud"(page) {
    await page.keyboard.press("Tab");
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip/);
    const before = page.url();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "views-heading");
    assert.equal(page.url(), before);
    const slider = page.getByLabel("Days", { exact: true });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await settled(page);
    assert.equal((await now(page)).days, 121);
    assert.match(await slider.getAttribute("aria-valuetext"), /121 days/);
    await page.waitForFunction(() => /Together on the last day/.test(document.querySelector('[role="status"]').textContent));
    await page.locator("#survival canvas").focus();
    await page.keyboard.press("End");
    assert.match(await page.locator("#survival .readout").textContent(), /Day 121: .*%.*n at risk = /);
    // Every control and figure has a name.
    const unnamed = await page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, canvas")]
      .filter((own) => !(own.labels?.length || own.ariaLabel || own.getAttribute("aria-labelledby") || own.textContent.trim())).map((own) => own.outerHTML));
    assert.deepEqual(unnamed, []);
    await page.locator("#survival summary").focus();
    await page.keyboard.press("Enter");
    // The table is filled after it opens.
    await page.locator("#survival table tr").nth(5).waitFor();
  },

  async "tables and pictures are saved"(page) {
    const save = async (name) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return fs.readFileSync(await download.path());
    };
    const text = (await save("Save trajectory as CSV")).toString();
    const [head, ...rows] = text.trim().split("\n").map((line) => line.split(","));
    assert.deepEqual(head, ["setting", "day", "observable", "role", "n", "mean", "ci_low", "ci_high"]);
    const means = rows.filter((row) => row[2] === "satisfaction" && row[3] === "b").map((row) => Number(row[5]));
    const table = run(scenario, [], "saved")("trajectory").filter((row) => row.observable === "satisfaction" && row.role === "b");
    assert.deepEqual(means, table.map((row) => Number(row.mean)));
    const picture = await save("Save plane as PNG");
    assert.equal(picture.subarray(1, 4).toString(), "PNG");
    assert.ok(picture.length > 20000, `${picture.length} bytes`);
  },

  async "a setting is copied as scenario and as command"(page) {
    await drag(page, "Anxiety of B", 0.8);
    await settled(page);
    const shown = await now(page);
    await page.getByRole("button", { name: "Copy as scenario" }).click();
    await page.locator("#text-dialog").waitFor({ state: "visible" });
    const file = path.join(scratch, "copied.toml");
    fs.writeFileSync(file, await page.locator("#text").inputValue());
    same(shown, run(file, [], "copied"));
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Copy as command" }).click();
    const command = (await page.locator("#text").inputValue()).replace(/^pairbond/, `'${program}'`);
    execFileSync("sh", ["-c", `${command.trim()} -o commanded --no-charts --quiet`], { cwd: scratch });
    const rows = fs.readFileSync(path.join(scratch, "commanded/survival.csv"), "utf8");
    assert.equal(rows, fs.readFileSync(path.join(scratch, "copied/survival.csv"), "utf8"));
  },
};

/// Prints how fast 1,000 couples of 365 days are answered and drawn; the bounds are for a quiet machine, so that
/// no test holds them.
async function timing(browser) {
  const { child, address } = await serve();
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const look = () => (document.body?.dataset.number ? requestAnimationFrame(() => { window.firstFrame = performance.now(); }) : setTimeout(look, 1));
    look();
  });
  await page.goto(address);
  await page.waitForFunction(() => window.firstFrame);
  const first = await page.evaluate(() => window.firstFrame);
  const answers = await page.evaluate(async () => {
    const times = [];
    for (let seed = 0; seed < 21; seed += 1) {
      const begin = performance.now();
      const response = await post("run", { session: "timing", number: seed + 1, now: [`run.seed=${seed}`], observables: MEASURES, couple: 1 });
      await response.json();
      times.push(performance.now() - begin);
    }
    return times.sort((one, other) => one - other);
  });
  console.log(`1,000 couples, 365 days: first frame after ${Math.round(first)} ms; an answer in ${Math.round(answers[10])} ms (median of 21, least ${Math.round(answers[0])})`);
  child.removeAllListeners("exit");
  child.kill("SIGINT");
  await page.close();
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const { child, address } = await serve(scenario);
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("dialog", (dialog) => { problems.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on("console", (message) => message.type() === "error" && !/status of 4(09|22)/.test(message.text()) && problems.push(message.text()));
    const begin = performance.now();
    try {
      await page.goto(address);
      await settled(page);
      await test(page, { browser: context, address });
      assert.deepEqual(problems, []);
      console.log(`ok      ${name} (${Math.round(performance.now() - begin)} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
    await context.close();
  }
  await timing(browser);
  await browser.close();
  child.removeAllListeners("exit");
  const code = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  if ((await code) !== 0) {
    failed += 1;
    console.log("FAILED  Ctrl-C ends the server with 0");
  }
  fs.rmSync(scratch, { recursive: true, force: true });
  process.exit(failed ? 1 : 0);
})();

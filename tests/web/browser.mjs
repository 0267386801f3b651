// Drives the pages in a real headless Chromium, as a person would: with JavaScript and without,
// wide and narrow, light and dark. Run by `run.sh`, which says where the server is:
//
//   BASE_URL   address of a server over an archive that holds the articles of `hostile/` too
//   CHROMIUM   the browser
//   SHOTS      folder for screenshots; none are taken where it is not set

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";

const base = process.env.BASE_URL;
const shots = process.env.SHOTS;
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let browser;
const facts = {};

const api = async (path) => {
  const answer = await fetch(base + path);
  assert.equal(answer.status, 200, path);
  return answer.json();
};

/// A page that notes whatever goes wrong in it.
const open = async (path, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    if (message.type() === "error") page.faults.push(message.text());
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("dialog", (dialog) => {
    page.faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) page.faults.push(`left the server: ${request.url()}`);
  });
  await page.goto(base + path);
  return page;
};

const done = async (page) => {
  assert.deepEqual(page.faults, []);
  await page.context().close();
};

const hits = (page) => page.locator(".hits > li");
const count = async (page) =>
  Number((await page.locator(".found h1").innerText()).replaceAll(",", "").match(/\d+/)[0]);

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  if (shots) await mkdir(shots, { recursive: true });
  // What there is to look for is asked of the archive: the tests know no article of it.
  const people = await api("/api/v1/people?limit=20");
  facts.person = people.entities.find((row) => row.name.includes(" ")).name;
  const person = encodeURIComponent(facts.person);
  const found = await api(`/api/v1/search?person=${person}&facets=true&limit=50`);
  const word = found.hits[0].title.split(/\s+/).find((part) => /^[a-z]{5,}$/.test(part));
  facts.word = word ?? facts.person.split(" ").at(-1);
  const all = await api("/api/v1/search?q=*&limit=500");
  facts.copied = all.hits.find((hit) => hit.copies.length > 0);
  facts.hostile = all.hits.find((hit) => hit.title.includes("<script>"));
  const dated = all.hits.filter((hit) => hit.date);
  assert.ok(dated.length > 3, "an archive with dates is needed");
});

after(() => browser?.close());

describe("with JavaScript", () => {
  test("a search is completed while it is typed, and submitted by the keyboard", async () => {
    const page = await open("/");
    await page.keyboard.press("/");
    await page.keyboard.type(facts.person.split(" ").at(-1).slice(0, 5), { delay: 30 });
    const option = page.getByRole("option").first();
    await option.waitFor();
    assert.equal(await page.locator("#q").getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowDown");
    assert.equal(await option.getAttribute("aria-selected"), "true");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\?q=/);
    assert.ok((await hits(page).count()) > 0);
    await done(page);
  });

  test("Escape closes the suggestions and keeps what was typed", async () => {
    const page = await open("/");
    await page.locator("#q").pressSequentially(facts.person.slice(0, 5), { delay: 30 });
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("listbox").waitFor({ state: "hidden" });
    assert.equal(await page.locator("#q").inputValue(), facts.person.slice(0, 5));
    await done(page);
  });

  test("n and p step through the matches of an article", async () => {
    const page = await open(`/?q=${encodeURIComponent(facts.word)}`);
    await hits(page).first().locator("h2 a").click();
    await page.locator("mark#m1").waitFor();
    const total = await page.locator("mark[id]").count();
    await page.keyboard.press("n");
    assert.equal(await page.locator("mark.here").getAttribute("id"), "m1");
    await page.keyboard.press("p");
    assert.equal(await page.locator("mark.here").getAttribute("id"), `m${total}`);
    await page.getByRole("button", { name: "Next" }).click();
    assert.equal(await page.locator("mark.here").getAttribute("id"), "m1");
    await done(page);
  });

  test("a stretch of time is chosen by a drag over the chart", async () => {
    const page = await open("/?q=*");
    const whole = await count(page);
    const box = await page.locator(".chart svg").boundingBox();
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + 3, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, y, { steps: 8 });
    await page.mouse.move(box.x + box.width * 0.6, y, { steps: 8 });
    await page.mouse.up();
    await page.waitForURL(/since=.*until=/);
    const part = await count(page);
    assert.ok(part < whole, `${part} of ${whole}`);
    await page.getByRole("link", { name: /Remove the filter since/ }).click();
    await page.getByRole("link", { name: /Remove the filter until/ }).click();
    assert.equal(await count(page), whole);
    await done(page);
  });
});

for (const javaScriptEnabled of [true, false]) {
  describe(javaScriptEnabled ? "either way: with JavaScript" : "either way: without", () => {
    test("search, narrow by a facet, widen again, open an article, a person", async () => {
      const page = await open("/", { javaScriptEnabled });
      await page.getByRole("searchbox").or(page.getByRole("combobox")).first().fill(facts.word);
      await page.getByRole("button", { name: "Search" }).click();
      const whole = await count(page);
      const value = page.locator(".facets a.value").first();
      await value.click();
      const part = await count(page);
      assert.ok(part > 0 && part <= whole);
      await page.locator(".chip a").first().click();
      assert.equal(await count(page), whole);
      await page.locator(".facets a.exclude").first().click();
      assert.ok((await count(page)) < whole);
      await page.locator(".chip a").first().click();
      assert.equal(await count(page), whole);

      await hits(page).first().locator("h2 a").click();
      assert.ok((await page.locator("mark").count()) > 0, "matches are marked");
      await page.getByRole("link", { name: "Back to the hits" }).click();
      assert.equal(await count(page), whole);

      await page.goto(`${base}/?person=${encodeURIComponent(facts.person)}`);
      await hits(page).first().locator("h2 a").click();
      await page.locator(".about .names a.person").first().click();
      await page.waitForURL(/\/person\//);
      assert.ok((await page.locator(".hits > li").count()) > 0);
      await page.locator(".chart a[data-since]").first().click({ position: { x: 2, y: 90 } });
      await page.waitForURL(/person=.*since=/);
      await done(page);
    });

    test("copies are unfolded in place", async () => {
      assert.ok(facts.copied, "an archive with copies is needed");
      const words = facts.copied.title.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length > 3);
      const page = await open(`/?q=${encodeURIComponent(words.join(" "))}`, { javaScriptEnabled });
      const copies = page.locator(".hits details.copies").first();
      await copies.locator("summary").click();
      assert.ok(await copies.locator("li a").first().isVisible());
      await copies.locator("li a").first().click();
      await page.waitForURL(/\/a\//);
      await done(page);
    });

    test("the text of an article is text, whatever stands in it", async () => {
      assert.ok(facts.hostile, "the hostile article is there");
      const page = await open(`/a/${facts.hostile.id}?q=hostile`, { javaScriptEnabled });
      const text = await page.locator("main").innerText();
      assert.ok(text.includes("<script>"), "the markup is shown");
      assert.equal(await page.locator("main img, main script, main [onerror]").count(), 0);
      assert.equal(await page.locator('a[href^="javascript:" i]').count(), 0);
      if (javaScriptEnabled) assert.equal(await page.evaluate(() => window.hostile), undefined);
      await done(page);
    });

    test("a page of many can be turned", async () => {
      const page = await open("/?q=*&limit=5", { javaScriptEnabled });
      const first = await hits(page).first().innerText();
      await page.locator(".pages").getByRole("link", { name: "Next" }).click();
      assert.notEqual(await hits(page).first().innerText(), first);
      await page.locator(".pages").getByRole("link", { name: "Previous" }).click();
      assert.equal(await hits(page).first().innerText(), first);
      await done(page);
    });
  });
}

describe("every page", () => {
  const pages = () => {
    const person = encodeURIComponent(facts.person);
    return {
      front: "/",
      search: `/?q=${encodeURIComponent(facts.word)}`,
      filtered: `/?person=${person}&context=true&explain=true&sort=newest`,
      nothing: "/?q=zxqvy+wvuts",
      article: `/a/${(facts.copied ?? facts.hostile).id}?q=${encodeURIComponent(facts.word)}`,
      hostile: `/a/${facts.hostile.id}`,
      person: `/person/${person}`,
      people: "/people",
      places: "/places?sort=name",
      status: "/status",
      help: "/help",
      api: "/api",
      problem: "/?persn=x",
    };
  };

  // Each colour and each width is checked once; the other two pairs are only looked at.
  for (const [width, height, colorScheme, isChecked] of [
    [1280, 900, "light", true],
    [390, 844, "dark", true],
    [1280, 900, "dark", false],
    [390, 844, "light", false],
  ]) {
    test(`fits ${width} px, ${colorScheme}${isChecked ? ", and is accessible" : ""}`, async () => {
      // The checker is put into the page from outside, which the page itself forbids.
      const page = await open("/", {
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
        bypassCSP: true,
      });
      const told = [];
      for (const [name, path] of Object.entries(pages())) {
        await page.goto(base + path);
        if (shots) {
          const file = `${shots}/${name}-${width}-${colorScheme}.png`;
          await page.screenshot({ path: file, fullPage: name !== "api" });
        }
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0) told.push(`${name}: ${overflow} px too wide`);
        if (!isChecked) continue;
        await page.addScriptTag({ path: axePath });
        const { violations } = await page.evaluate(() =>
          window.axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          }),
        );
        for (const { id, nodes } of violations) {
          const where = nodes.slice(0, 3).map((node) => node.html);
          told.push(`${name}: ${id}: ${where.join(" | ")}`);
        }
      }
      assert.deepEqual(told, []);
      // The page of a problem is meant to answer with an error.
      page.faults = page.faults.filter((fault) => !fault.includes("status of 4"));
      await done(page);
    });
  }

  test("is below 100 kB on the wire", async () => {
    for (const [name, path] of Object.entries(pages())) {
      const answer = await fetch(base + path, { headers: { "accept-encoding": "gzip" } });
      const length = Number(answer.headers.get("content-length"));
      assert.ok(length > 0 && length < 100_000, `${name}: ${length} bytes`);
      await answer.arrayBuffer();
    }
  });
});

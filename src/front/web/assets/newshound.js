// What the pages do beyond links and forms: suggestions as one types, jumps between matches, and
// a stretch of time chosen by dragging. Every page works without this file.
"use strict";

(() => {
  const typingIn = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || /^(input|textarea|select)$/i.test(element.tagName));

  const element = (name, properties = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  // ---- suggestions: the combobox pattern of the ARIA Authoring Practices ----

  const suggest = (input) => {
    const box = element("div", { className: "box" });
    input.before(box);
    const list = element("ul", { id: "suggestions", className: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    const said = element("p", { className: "unseen", "aria-live": "polite" });
    box.append(input, list, said);
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": list.id,
      "aria-expanded": "false",
    };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);

    let offers = [];
    let chosen = -1;
    let timer = 0;
    let running = null;

    const close = () => {
      clearTimeout(timer);
      running?.abort();
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (index) => {
      chosen = index;
      [...list.children].forEach((option, at) => {
        option.setAttribute("aria-selected", String(at === index));
        if (at === index) option.scrollIntoView({ block: "nearest" });
      });
      if (index < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", `suggestion-${index}`);
    };

    // Takes the suggestion's clause in the place of the words that it completes.
    const take = (offer) => {
      const words = input.value.split(/(\s+)/);
      const wanted = offer.text.toLowerCase();
      let cut = words.length - 1;
      for (let at = words.length - 1; at >= 0; at -= 2) {
        const typed = words.slice(at).join("").replace(/^[-("“]+/, "").toLowerCase();
        if (typed && wanted.startsWith(typed)) cut = at;
      }
      const sign = /^-/.test(words[cut]) ? "-" : "";
      input.value = words.slice(0, cut).join("") + sign + offer.query;
      close();
    };

    const show = (found) => {
      offers = found;
      list.replaceChildren(
        ...found.map((offer, index) => {
          const option = element(
            "li",
            { id: `suggestion-${index}` },
            element("span", { textContent: offer.text, dir: "auto" }),
            element("span", {
              className: "kind",
              textContent: `${offer.kind}, ${offer.articles.toLocaleString("en")}`,
            }),
          );
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          return option;
        }),
      );
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      said.textContent = found.length
        ? `${found.length} suggestion${found.length === 1 ? "" : "s"}`
        : "";
    };

    const ask = async () => {
      running?.abort();
      running = new AbortController();
      const typed = input.value;
      if (typed.trim().length < 2) return close();
      try {
        const address = `/api/v1/suggest?limit=8&q=${encodeURIComponent(typed)}`;
        const answer = await fetch(address, { signal: running.signal });
        const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
        if (input.value === typed && document.activeElement === input) show(suggestions);
      } catch {
        // A newer question, or no server: the box stays a plain box.
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 90);
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    input.addEventListener("keydown", (event) => {
      const open = !list.hidden;
      const count = offers.length;
      if (event.key === "ArrowDown" && open) choose((chosen + 1) % count);
      else if (event.key === "ArrowUp" && open) choose(chosen <= 0 ? count - 1 : chosen - 1);
      else if (event.key === "Escape" && open) close();
      else if (event.key === "Tab" && open && chosen >= 0) return take(offers[chosen]);
      else if (event.key === "Enter" && open && chosen >= 0) {
        take(offers[chosen]);
        input.form.requestSubmit();
      } else return;
      event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      event.preventDefault();
      take(offers[[...list.children].indexOf(option)]);
      input.form.requestSubmit();
    });
  };

  // ---- jumps: n and p, through the matches of an article or the hits of a list ----

  const jumps = () => {
    const bar = document.querySelector(".matches");
    const stops = bar
      ? [...document.querySelectorAll("mark[id]")]
      : [...document.querySelectorAll(".hits > li :is(h2, h3) a")];
    if (stops.length === 0) return;
    let at = -1;
    const count = bar?.querySelector(".matches-count");
    const go = (by) => {
      at = at < 0 && by < 0 ? stops.length - 1 : (at + by + stops.length) % stops.length;
      const stop = stops[at];
      if (!bar) return stop.focus();
      document.querySelector("mark.here")?.classList.remove("here");
      stop.classList.add("here");
      stop.scrollIntoView({ block: "center" });
      count.textContent = `Match ${at + 1} of ${stops.length}`;
    };
    document.addEventListener("keydown", (event) => {
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      if (!plain || typingIn(event.target)) return;
      if (event.key === "n" || event.key === "p") {
        event.preventDefault();
        go(event.key === "n" ? 1 : -1);
      }
    });
    if (!bar) return;
    count.setAttribute("aria-live", "polite");
    bar.querySelector("a")?.remove();
    const button = (text, by) => {
      const made = element("button", { type: "button", textContent: text });
      made.addEventListener("click", () => go(by));
      return made;
    };
    bar.append(button("Previous", -1), button("Next", 1));
  };

  // ---- a stretch of time: drag over the chart ----

  const drag = (chart) => {
    const svg = chart.querySelector("svg");
    const steps = [...svg.querySelectorAll("[data-since]")];
    if (steps.length < 2) return;
    let from = -1;
    let to = -1;
    let moved = false;
    const indexAt = (event) => {
      const { left, width } = svg.getBoundingClientRect();
      const share = (event.clientX - left) / width;
      return Math.min(steps.length - 1, Math.max(0, Math.floor(share * steps.length)));
    };
    const paint = () => {
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      steps.forEach((step, at) => {
        step.classList.toggle("chosen", moved && at >= low && at <= high);
      });
    };
    const forget = () => {
      from = -1;
      moved = false;
      paint();
    };
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = to = indexAt(event);
      moved = false;
    });
    window.addEventListener("pointermove", (event) => {
      if (from < 0) return;
      to = indexAt(event);
      moved ||= to !== from;
      paint();
    });
    window.addEventListener("pointercancel", forget);
    window.addEventListener("keydown", (event) => {
      if (event.key === "Escape") forget();
    });
    window.addEventListener("pointerup", () => {
      if (from < 0) return;
      if (!moved) return forget();
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      const address = new URL(chart.dataset.base, location.href);
      address.searchParams.set("since", steps[low].dataset.since);
      address.searchParams.set("until", steps[high].dataset.until);
      from = -1;
      location.assign(address);
    });
    // The click that ends a drag is not meant for the bar below it.
    svg.addEventListener("click", (event) => {
      if (moved) event.preventDefault();
    });
  };

  // ---- the rest ----

  const input = document.querySelector("#q");
  if (input) {
    suggest(input);
    document.addEventListener("keydown", (event) => {
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      if (event.key === "/" && plain && !typingIn(event.target)) {
        event.preventDefault();
        input.focus();
        input.select();
      }
    });
  }
  jumps();
  document.querySelectorAll(".chart").forEach(drag);
  document.querySelectorAll(".keys").forEach((note) => (note.hidden = false));

  if (navigator.clipboard) {
    for (const text of document.querySelectorAll(".about pre")) {
      const button = element("button", { type: "button", className: "copy", textContent: "Copy" });
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
      });
      text.after(button);
    }
  }
})();

"use strict";
// Page behaviour beyond the forms: live updates, recovery of unsaved text, and keyboard shortcuts.
(() => {
  const notice = document.getElementById("notice");
  const form = document.getElementById("edit");
  let dirty = false;

  const say = (text) => { notice.textContent = text; notice.hidden = !text; };

  // ---- live updates when files change ----
  // A field that has the focus is never replaced.
  const busy = () => document.activeElement && document.activeElement.matches("main textarea, main input");
  const refresh = async () => {
    if (busy() && !dirty) {
      document.activeElement.addEventListener("blur", () => setTimeout(refresh), { once: true });
      return;
    }
    if (dirty) { say("The newsroom has changed. Save your text or reload the page to see the changes."); return; }
    const answer = await fetch(location.href, { headers: { "X-Studio": "refresh" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (!fresh || dirty) return;
    if (busy()) { refresh(); return; }
    const x = scrollX, y = scrollY;
    const open = document.activeElement && document.activeElement.id;
    document.querySelector("main").replaceWith(document.adoptNode(fresh));
    if (window.htmx) htmx.process(document.querySelector("main"));
    if (open && document.getElementById(open)) document.getElementById(open).focus({ preventScroll: true });
    scrollTo(x, y);
    watchForm();
  };
  if (document.querySelector(".who") && !document.getElementById("log")) {
    const live = new EventSource(`${document.body.dataset.base}/live?seen=${document.body.dataset.seen}`);
    live.addEventListener("changed", refresh);
    addEventListener("pagehide", () => live.close());
  }

  // ---- progress of a run ----
  const log = document.getElementById("log");
  if (log && log.dataset.events) {
    const events = new EventSource(log.dataset.events);
    for (const kind of ["rendered", "delivered", "drafted", "stale", "waiting", "unconfirmed", "busy", "loss", "finding", "failed", "done"]) {
      events.addEventListener(kind, (event) => {
        const line = document.createElement("li");
        line.className = `event-${kind}`;
        const mark = document.createElement("span");
        mark.className = "meta";
        mark.textContent = kind;
        line.append(mark, " ", JSON.parse(event.data));
        log.append(line);
        if (kind === "done") events.close();
      });
    }
  }

  // ---- unsaved text ----
  const key = (form_) => `draft ${form_.dataset.draft}`;
  const texts = (form_) => [...form_.querySelectorAll("textarea")].map((one) => one.value);
  const watchForm = () => {
    const form_ = document.getElementById("edit");
    if (!form_ || form_.dataset.watched) return;
    form_.dataset.watched = "yes";
    const digest = form_.querySelector("[name=digest]").value;
    const saved = JSON.parse(sessionStorage.getItem(key(form_)) || "null");
    if (saved && saved.digest === digest && saved.texts.length === texts(form_).length) {
      form_.querySelectorAll("textarea").forEach((one, at) => { one.value = saved.texts[at]; });
      mark(form_);
    } else if (saved && saved.digest !== digest) {
      sessionStorage.removeItem(key(form_));
    }
    form_.addEventListener("input", () => {
      mark(form_);
      sessionStorage.setItem(key(form_), JSON.stringify({ digest, texts: texts(form_) }));
    });
    form_.addEventListener("submit", () => { dirty = false; });
  };
  const mark = (form_) => {
    dirty = true;
    const note = document.getElementById("unsaved");
    if (note) note.hidden = false;
  };
  watchForm();
  if (!form) for (const name of Object.keys(sessionStorage)) if (name.startsWith("draft ")) dirty = false;
  document.addEventListener("htmx:sendError", () => say("The studio is not responding. Your text is still in this tab."));

  // ---- keys: j and k step through articles or posts; Ctrl+S saves; Alt+arrow moves a post ----
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("textarea, input");
    if ((event.ctrlKey || event.metaKey) && event.key === "s" && document.getElementById("save")) {
      event.preventDefault();
      document.getElementById("save").click();
      return;
    }
    const post = event.target.closest(".post");
    if (event.altKey && post && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const verb = event.key === "ArrowUp" ? "up" : "down";
      const button = post.querySelector(`button[value^="${verb}:"]:not(:disabled)`);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
    const steps = [...document.querySelectorAll("[data-step], .post textarea[name=post]")];
    const at = steps.indexOf(document.activeElement);
    const next = steps[at < 0 ? 0 : at + (event.key === "j" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });
})();

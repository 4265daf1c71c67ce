// What the pages do in the browser beyond htmx: local times, shortcuts, toasts, menus. No framework.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const show = (el) => el && (el.tagName === "DIALOG" ? el.showModal() : el.classList.add("is-shown"));

  // Times in the reader's own zone and language.
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
  const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
  const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  const daysAgo = (at) => Math.round((midnight(new Date()) - midnight(at)) / 86400000);
  const span = (ms) => {
    const minutes = Math.max(0, Math.floor(ms / 60000));
    if (minutes < 60) return `${minutes} min`;
    if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60 ? `${minutes % 60} min` : ""}`.trim();
    return `${Math.floor(minutes / 1440)} days`;
  };
  const forms = {
    clock: (at) => clock.format(at),
    seconds: (at) => seconds.format(at),
    day: (at) => ["Today", "Yesterday"][daysAgo(at)] || weekday.format(at),
    short: (at) => (daysAgo(at) ? (daysAgo(at) === 1 ? "Yesterday" : day.format(at)) : clock.format(at)),
    ago: (at) => {
      const passed = Date.now() - at;
      if (passed < 60000) return "just now";
      return passed < 86400000 ? `${span(passed)} ago` : `${day.format(at)}, ${clock.format(at)}`;
    },
    left: (at) => {
      const minutes = Math.floor((at - Date.now()) / 60000);
      if (minutes < 0) return "closed";
      return minutes < 60 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h left`;
    },
  };
  const tellTimes = (root = document) =>
    $$("time[data-show]", root).forEach((el) => {
      const at = new Date(el.dateTime);
      el.textContent = forms[el.dataset.show](at);
      el.title = full.format(at);
    });
  // A day is the reader's day: a separator is shown only where it changes.
  const separateDays = () => {
    let last = "";
    $$(".thread .day").forEach((el) => {
      const text = el.textContent.trim();
      el.hidden = text === last;
      last = text;
    });
  };

  // The thread stays at its end, unless the reader has scrolled up.
  let followed = null;
  const scroller = () => $(".thread-scroll");
  const isAtEnd = (el) => el.scrollHeight - el.scrollTop - el.clientHeight < 80;
  const follow = () => {
    const el = scroller();
    if (!el) return;
    const thread = $(".thread");
    if (thread && thread.dataset.id !== followed) {
      followed = thread.dataset.id;
      el.scrollTop = el.scrollHeight;
    }
  };
  let wasAtEnd = true;
  document.addEventListener("htmx:beforeSwap", () => {
    const el = scroller();
    wasAtEnd = !el || isAtEnd(el);
  });

  // A screen reader hears the new message, not the whole thread again.
  let heard = "";
  const hear = () => {
    const row = $$(".bubble-row").pop();
    if (!row || row.id === heard) return;
    const isNew = heard && row.closest(".thread").dataset.id === followed;
    heard = row.id;
    if (isNew && !row.classList.contains("is-ours")) announce($(".bubble", row).innerText);
  };

  const settle = () => {
    tellTimes();
    hold();
    hear();
    separateDays();
    follow();
    const el = scroller();
    if (el && wasAtEnd) el.scrollTop = el.scrollHeight;
    $$("[data-toast]:not([data-timed])").forEach((toast) => {
      toast.dataset.timed = "1";
      setTimeout(() => toast.remove(), toast.classList.contains("is-error") ? 15000 : 6000);
    });
    const unread = $("#unread-count");
    document.title = document.title.replace(/^\(\d+\) /, "");
    if (unread && !unread.hidden) document.title = `(${unread.textContent.trim()}) ${document.title}`;
  };

  // What is being typed is never taken away: the server is told, and leaves the field alone.
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-draft]");
    if (!field) return;
    const flag = $("#typing");
    if (flag) flag.value = field.value.trim() && field.value !== field.defaultValue ? "1" : "";
  });

  // What was asked for before the first letter and comes only now does not take it away either.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.target.id.startsWith("composer-") && $("#typing")?.value) event.preventDefault();
  });

  // Nor is a form of the panel that somebody has opened.
  const hold = () => {
    const flag = $("#holding");
    if (flag) flag.value = $("details[data-hold][open]") ? "1" : "";
  };
  document.addEventListener("toggle", hold, true);

  document.addEventListener("click", (event) => {
    const hit = (name) => event.target.closest(`[data-${name}]`);
    const close = hit("close");
    if (close) {
      const el = close.closest(close.dataset.close);
      if (el) el.tagName === "DIALOG" ? el.close() : el.remove();
    }
    const open = hit("open");
    if (open) show($(open.dataset.open));
    const side = hit("side");
    if (side) $(".conversation")?.classList.toggle("shows-side");
    const copy = hit("copy");
    if (copy) copyText(copy);
    $$("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target) || event.target.closest(".menu-item")) menu.open = false;
    });
    if (event.target.tagName === "DIALOG") event.target.close();
  });
  const copyText = async (button) => {
    const text = $(button.dataset.copy).textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents($(button.dataset.copy));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      return announce("Selected. Press Ctrl+C to copy.");
    }
    const before = button.textContent;
    button.textContent = "Copied";
    announce("Copied");
    setTimeout(() => (button.textContent = before), 1500);
  };
  const announce = (text) => ($("#announce").textContent = text);

  // Check boxes: all at once, and a button that counts them.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-choose]");
    if (form) {
      const boxes = $$('input[type="checkbox"][name]', form);
      if (event.target.matches("[data-all]")) boxes.forEach((box) => (box.checked = event.target.checked));
      const chosen = boxes.filter((box) => box.checked).length;
      $$("[data-needs-choice]", form).forEach((button) => (button.disabled = !chosen));
      $$("[data-chosen]", form).forEach((el) => (el.textContent = chosen));
      const all = $("[data-all]", form);
      if (all) {
        all.checked = chosen === boxes.length;
        all.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    }
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
    const files = event.target.closest('input[type="file"][data-send]');
    if (files && files.files.length) files.form.requestSubmit();
  });
  ["dragover", "dragleave", "drop"].forEach((kind) =>
    document.addEventListener(kind, (event) => {
      const drop = event.target.closest?.(".drop");
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") {
        const input = $('input[type="file"]', drop);
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }),
  );
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = $("progress", event.target);
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.max = event.detail.total;
    bar.value = event.detail.loaded;
  });

  // Keys.
  const isTyping = (el) => el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName);
  const step = (by) => {
    const rows = $$(".talk");
    if (!rows.length) return;
    const from = rows.indexOf(document.activeElement);
    const at = from >= 0 ? from : rows.findIndex((row) => row.classList.contains("is-open"));
    rows[Math.min(rows.length - 1, Math.max(0, at + by))].focus();
  };
  const edit = (caret) => {
    const field = $("#reply-text");
    if (!field) return;
    field.focus();
    if (caret === "all") field.select();
    else field.setSelectionRange(field.value.length, field.value.length);
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: () => $("#approve")?.click(),
    e: () => $("#approve") && edit("end"),
    r: () => edit($("#approve") ? "all" : "end"),
    "/": () => $("[data-search]")?.focus(),
    "?": () => show($("#keys")),
  };
  document.addEventListener("keydown", (event) => {
    if ($("[popover]:popover-open")) return; // it has keys of its own
    if (event.key === "Escape") {
      $(".conversation")?.classList.remove("shows-side");
      $$("details.menu[open]").forEach((menu) => (menu.open = false));
      if (isTyping(event.target)) event.target.blur();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-draft]")) {
      event.preventDefault();
      $("[data-send]", event.target.form)?.click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || $("dialog[open]")) return;
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  // A part that refreshes itself waits while somebody chooses in it, and while nobody looks.
  let missed = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const el = event.detail.elt;
    if (!el.matches("[data-quiet]")) return;
    if (document.hidden) missed = true;
    if (document.hidden || $("input[name=letter]:checked", el)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !missed) return;
    missed = false;
    htmx.trigger(document.body, "hub:refresh");
  });

  // A contact types: the notice names the conversation.
  let typed = 0;
  document.addEventListener("sse:typing", (event) => {
    const line = $("#their-typing");
    const open = $("#conversation")?.dataset.id;
    if (!line || !event.detail.data.split(" ").includes(open)) return;
    line.hidden = false;
    clearTimeout(typed);
    typed = setTimeout(() => (line.hidden = true), 6000);
  });

  // The connection: what happened before it stood, or while it was away, is asked for.
  document.addEventListener("htmx:sseOpen", () => {
    htmx.trigger(document.body, "hub:refresh");
    document.documentElement.dataset.live = "on";
  });
  document.addEventListener("htmx:sseError", () => (document.documentElement.dataset.live = "off"));
  document.addEventListener("htmx:sendError", (event) => {
    if (event.detail.elt.matches("[data-quiet]")) return;
    $("#toasts").prepend($("#offline").content.cloneNode(true));
    settle();
  });

  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("hub:toast", settle);
  document.addEventListener("DOMContentLoaded", settle);
  setInterval(tellTimes, 20000);
  if (document.readyState !== "loading") settle();
})();

// The first run: this browser's own time zone is the likeliest.
const zones = document.querySelector('[data-own-zone="on"]');
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones && [...zones.options].some((option) => option.value === here)) zones.value = here;

// A preview of the chat opens by itself once it is there.
addEventListener("message", (event) => {
  const preview = document.querySelector(".chat-preview");
  if (!preview || event.source !== preview.contentWindow || event.origin !== location.origin) return;
  if (event.data?.chat === "ready") preview.contentWindow.postMessage({ chat: "open" }, location.origin);
});

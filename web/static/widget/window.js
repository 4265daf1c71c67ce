// The window of the chat: it runs in a frame of the hub's own address, under a policy without inline code.
// Whatever is shown is put in as text, never as markup.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const about = JSON.parse(document.body.dataset.about);
  const { words } = about;
  const here = location.pathname.replace(/\/$/, "");
  const PLACE = `chat:${here}`;
  const POLL = [4000, 8000, 15000, 30000];
  const QUIET = 30000;
  const FIRST_SIGN = 10000;
  const SILENCE = 40000;
  const TYPING_EVERY = 4000;
  const MOST_FILES = 5;
  const FILE_BYTES = 5 * 1024 * 1024;

  const kept = (() => {
    let memory = {};
    return {
      get: () => {
        try {
          return JSON.parse(localStorage.getItem(PLACE)) ?? memory;
        } catch {
          return memory;
        }
      },
      set: (changes) => {
        memory = { ...kept.get(), ...changes };
        try {
          localStorage.setItem(PLACE, JSON.stringify(memory));
        } catch {
          // A browser that keeps nothing here still chats, until the page is left.
        }
      },
    };
  })();

  let page = "";
  let open = false;
  let lines = [];
  let waiting = [];
  let chosen = [];
  let unread = 0;
  let typedAt = 0;
  let seenId = kept.get().seen ?? "";
  let tries = 0;
  let timer = 0;
  let stream = null;
  let streams = "body" in Response.prototype && "ReadableStream" in window;

  // ---- asking the hub
  class Refused extends Error {
    constructor(status, detail, after) {
      super(detail);
      this.status = status;
      this.after = after;
    }
  }

  const ask = async (end, options = {}) => {
    const headers = { ...(options.headers ?? {}) };
    const key = kept.get().key;
    if (key && end !== "visitors") headers.authorization = `Bearer ${key}`;
    const answer = await fetch(`${here}/${end}`, { ...options, headers, credentials: "omit", cache: "no-store" });
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, told.detail ?? words.failed, Number(answer.headers.get("retry-after")));
  };

  const begin = async () => {
    if (!kept.get().key) kept.set({ key: (await (await ask("visitors", { method: "POST" })).json()).key });
  };

  const again = (error) => {
    // What this browser was known by is over: it begins anew.
    if (error.status !== 401) return false;
    kept.set({ key: "", told: false });
    lines = [];
    return true;
  };

  // ---- showing
  const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;
  const withLinks = (text) => {
    const parts = document.createDocumentFragment();
    let end = 0;
    for (const found of text.matchAll(LINK)) {
      parts.append(text.slice(end, found.index));
      const link = document.createElement("a");
      link.href = found[0];
      link.textContent = found[0];
      link.target = "_blank";
      link.rel = "noopener noreferrer nofollow ugc";
      parts.append(link);
      end = found.index + found[0].length;
    }
    parts.append(text.slice(end));
    return parts;
  };

  const small = (kind, text) => {
    const element = document.createElement("span");
    element.className = kind;
    element.textContent = text;
    return element;
  };

  const time = (at) => new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });

  const drawn = (line) => {
    const element = document.createElement("div");
    element.className = `line from-${line.by}`;
    element.dataset.id = line.id;
    element.title = time(line.at);
    if (line.by !== "visitor") element.append(small("by", words[line.by]));
    if (line.text) element.append(withLinks(line.text));
    for (const file of line.files ?? []) element.append(small("note", `📎 ${file}`));
    if (line.failed) {
      const note = small("note", `${line.failed} `);
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words.again;
      button.addEventListener("click", () => deliver(line));
      note.append(button);
      element.append(note);
    } else if (line.waiting) {
      element.classList.add("is-waiting");
    }
    return element;
  };

  const draw = () => {
    const scroll = $("scroll");
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
    const known = new Map([...$("log").children].map((element) => [element.dataset.id, element]));
    const shown = [...lines, ...waiting.filter((each) => !lines.some((line) => line.id === each.id))];
    const elements = shown.map((line) => {
      const mark = JSON.stringify(line);
      const old = known.get(line.id);
      if (old?.mark === mark) return old;
      const fresh = drawn(line);
      fresh.mark = mark;
      return fresh;
    });
    [...$("log").children].forEach((element) => elements.includes(element) || element.remove());
    elements.forEach((element, place) => {
      if ($("log").children[place] !== element) $("log").insertBefore(element, $("log").children[place] ?? null);
    });
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  };

  const show = (talk) => {
    lines = talk.lines;
    waiting = waiting.filter((each) => !lines.some((line) => line.id === each.id));
    about.open = talk.open;
    $("state").textContent = about.open ? words.open : words.closed;
    $("writing").hidden = !talk.writing;
    draw();
    drawDetails();
    const ours = lines.filter((line) => line.by !== "visitor");
    const last = ours.at(-1)?.id ?? "";
    if (open && document.visibilityState === "visible") {
      if (last && last !== seenId) {
        seenId = last;
        kept.set({ seen: last });
        ask("seen", { method: "POST" }).catch(() => {});
      }
      unread = 0;
    } else {
      const seenAt = ours.findIndex((line) => line.id === seenId);
      unread = ours.length - 1 - seenAt;
    }
    $("unread").hidden = !unread;
    $("unread").textContent = unread > 9 ? "9+" : String(unread);
    $("launch").querySelector(".hidden-text").textContent = unread ? `${words.launch} (${unread})` : words.launch;
  };

  // ---- what is new: a stream while somebody looks, asked for from time to time else
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(news, wait);
  };

  const news = async () => {
    clearTimeout(timer);
    if (stream || !kept.get().key) return;
    const looks = open && document.visibilityState === "visible";
    try {
      if (looks && streams) {
        await listen();
        tries = 0;
        later(500);
        return;
      }
      show(await (await ask("messages")).json());
      tries = 0;
      later(looks ? POLL[0] : QUIET);
    } catch (error) {
      if (again(error)) return draw();
      if (error.status === 503 || error.name === "AbortError") streams = false;
      later(Math.max((error.after || 0) * 1000, POLL[Math.min(tries++, POLL.length - 1)]));
    }
  };

  const listen = async () => {
    stream = new AbortController();
    let alarm = setTimeout(() => stream?.abort(), FIRST_SIGN);
    try {
      const answer = await ask("stream", { signal: stream.signal });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(alarm);
        alarm = setTimeout(() => stream?.abort(), SILENCE);
        const parts = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
        rest = parts.pop();
        for (const part of parts) {
          const data = part.split("\n").filter((each) => each.startsWith("data:")).map((each) => each.slice(5).trimStart());
          if (data.length) show(JSON.parse(data.join("\n")));
        }
      }
    } catch (error) {
      if (!stream?.ended) throw error;
    } finally {
      clearTimeout(alarm);
      stream = null;
    }
  };

  const hush = () => {
    if (stream) {
      stream.ended = true;
      stream.abort();
    }
  };

  // ---- writing
  const wantsDetails = () => !kept.get().told && (!about.open || about.asks);
  const mustTell = () => !kept.get().told && (!about.open || about.insists);

  const drawDetails = () => {
    $("details").hidden = !wantsDetails();
    $("details-why").textContent = about.open ? words.who : words.leave;
    $("email").required = mustTell();
  };

  const complain = (text) => {
    $("problem").hidden = !text;
    $("problem").textContent = text;
  };

  const details = () => {
    if (!wantsDetails()) return {};
    const [name, email, agreed] = [$("name").value.trim(), $("email").value.trim(), $("agreed").checked];
    if (mustTell() && !email) return complain(words.needs_email), $("email").focus(), null;
    if (email && !$("email").checkValidity()) return complain(words.bad_email), $("email").focus(), null;
    if ((email || name) && !agreed) return complain(words.needs_consent), $("agreed").focus(), null;
    return { name, email, agreed };
  };

  const number = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const deliver = async (line) => {
    line.failed = "";
    line.waiting = true;
    draw();
    try {
      await begin();
      for (const file of line.uploads.filter((each) => !each.ref)) {
        const answer = await ask(`files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file.blob, headers: { "content-type": "application/octet-stream" } });
        file.ref = (await answer.json()).ref;
      }
      const said = { id: line.id, text: line.text, files: line.uploads.map((each) => each.ref), locale: navigator.language, page, ...line.details };
      await ask("messages", { method: "POST", body: JSON.stringify(said), headers: { "content-type": "application/json" } });
      if (line.details.email) kept.set({ told: true });
      else if (line.details.agreed !== undefined && !mustTell()) kept.set({ told: true });
      drawDetails();
      if (stream === null) later(300);
    } catch (error) {
      if (error.status === 401 && !line.anew) {
        line.anew = true;
        again(error);
        line.uploads.forEach((each) => (each.ref = ""));
        return deliver(line);
      }
      line.waiting = false;
      line.failed = error instanceof Refused ? error.message : words.failed;
      draw();
    }
  };

  const submit = () => {
    const text = $("text").value.trim();
    if (!text && !chosen.length) return;
    complain("");
    const told = details();
    if (told === null) return;
    const line = { id: number(), by: "visitor", text, at: new Date().toISOString(), files: chosen.map((each) => each.name), uploads: chosen.map((blob) => ({ name: blob.name, blob, ref: "" })), details: told };
    waiting.push(line);
    chosen = [];
    drawChosen();
    $("text").value = "";
    grow();
    draw();
    $("scroll").scrollTop = $("scroll").scrollHeight;
    deliver(line);
    $("text").focus();
  };

  const drawChosen = () => {
    $("chosen").hidden = !chosen.length;
    $("chosen").replaceChildren(
      ...chosen.map((file) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = words.remove;
        button.setAttribute("aria-label", `${words.remove}: ${file.name}`);
        button.addEventListener("click", () => {
          chosen = chosen.filter((each) => each !== file);
          drawChosen();
          $("file").focus();
        });
        item.append(`📎 ${file.name}`, button);
        return item;
      }),
    );
  };

  const grow = () => {
    const field = $("text");
    field.rows = Math.min(Math.max(field.value.split("\n").length, Math.ceil(field.value.length / 34), 1), 5);
  };

  // ---- opening and closing
  const parent = (what) => window.parent !== window && window.parent.postMessage(what, "*");

  const turn = (to) => {
    open = to;
    $("chat").hidden = !open;
    $("launch").hidden = open;
    $("launch").setAttribute("aria-expanded", String(open));
    parent({ chat: "size", open });
    if (open) {
      drawDetails();
      $("scroll").scrollTop = $("scroll").scrollHeight;
      (wantsDetails() && !lines.length ? $("name") : $("text")).focus();
      if (lines.length) show({ lines, writing: !$("writing").hidden, open: about.open });
    } else {
      $("launch").focus();
      hush();
    }
    later(open ? 0 : QUIET);
  };

  const contrast = (colour) => {
    const [red, green, blue] = [1, 3, 5].map((place) => {
      const part = parseInt(colour.slice(place, place + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
  };

  // ---- setting up
  const root = document.documentElement;
  root.style.setProperty("--accent", about.colour);
  root.style.setProperty("--on-accent", contrast(about.colour));
  document.querySelectorAll("[data-word]").forEach((element) => (element.textContent = words[element.dataset.word]));
  $("title").textContent = about.title || words.title;
  $("greeting").textContent = about.greeting || words.greeting;
  $("state").textContent = about.open ? words.open : words.closed;
  $("writing").textContent = words.writing;
  $("text").placeholder = words.write;
  $("launch").querySelector(".hidden-text").textContent = words.launch;
  $("close").querySelector(".hidden-text").textContent = words.close;
  $("attach").hidden = !about.files;
  $("privacy").hidden = !about.privacy;
  if (about.privacy) $("privacy").href = about.privacy;
  drawDetails();

  $("launch").addEventListener("click", () => turn(true));
  $("close").addEventListener("click", () => turn(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && open && turn(false));
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  $("text").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  $("text").addEventListener("input", () => {
    grow();
    if (!lines.length || Date.now() - typedAt < TYPING_EVERY) return;
    typedAt = Date.now();
    ask("typing", { method: "POST" }).catch(() => {});
  });
  $("file").addEventListener("change", () => {
    const found = [...$("file").files];
    $("file").value = "";
    const fit = found.filter((file) => file.size <= FILE_BYTES);
    complain(fit.length < found.length ? words.too_large : chosen.length + fit.length > MOST_FILES ? words.too_many : "");
    chosen = [...chosen, ...fit].slice(0, MOST_FILES);
    drawChosen();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") hush();
    else news();
  });
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || ![...about.sites, location.origin].includes(event.origin)) return;
    const said = event.data;
    if (said?.chat === "page") {
      page = String(said.address ?? "").slice(0, 500);
      document.body.classList.toggle("is-full", said.full === true);
    }
    if (said?.chat === "open") turn(true);
    if (said?.chat === "close" && open) turn(false);
  });
  parent({ chat: "ready", title: $("title").textContent });
  news();
})();

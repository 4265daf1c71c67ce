// Correct how a message was understood: a small menu beside its badge, where one number chooses.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const keys = { i: "intent", s: "mood", u: "urgency" };
  const opened = () => $(".fix:popover-open");
  const items = (menu) => $$(".menu-item", menu);
  const isTyping = (el) => el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName);

  // The badge of the message in focus, else of the newest one that was understood.
  const badge = (part) => {
    const inFocus = document.activeElement?.closest("[data-reads]");
    return (inFocus && $(`[data-fix="${part}"]`, inFocus)) || $$(`.thread [data-fix="${part}"]`).pop();
  };

  // Under the badge, else beside its row: what is judged stays in sight.
  const place = (menu, el) => {
    const at = el.getBoundingClientRect();
    const end = el.parentElement.lastElementChild.getBoundingClientRect().right;
    const { offsetWidth: width, offsetHeight: height } = menu;
    const fits = at.bottom + 4 + height <= innerHeight;
    menu.style.left = `${Math.max(8, Math.min(fits ? at.left : end + 8, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(fits ? at.bottom + 4 : at.top, innerHeight - height - 8))}px`;
  };

  const open = (el) => {
    const menu = $(`#fix-${el.dataset.fix}`);
    if (!menu) return;
    el.scrollIntoView({ block: "nearest" });
    menu.elements.message_id.value = el.dataset.message;
    items(menu).forEach((item) => {
      const now = item.name === "own" ? el.dataset.own : el.dataset.value;
      if (item.value === now) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    });
    menu.showPopover();
    place(menu, el);
    ($('[aria-current="true"]', menu) || items(menu)[0]).focus();
  };

  const move = (menu, by) => {
    const all = items(menu);
    all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
  };

  document.addEventListener("click", (event) => {
    const el = event.target.closest("[data-fix]");
    if (el) open(el);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const menu = opened();
    if (menu) {
      const chosen = /^[1-9]$/.test(event.key) && items(menu)[Number(event.key) - 1];
      if (chosen) chosen.click();
      else if (event.key === "ArrowDown") move(menu, 1);
      else if (event.key === "ArrowUp") move(menu, -1);
      else return;
      return event.preventDefault();
    }
    if (isTyping(event.target) || $("dialog[open]") || !keys[event.key]) return;
    const el = badge(keys[event.key]);
    if (!el) return;
    event.preventDefault();
    open(el);
  });

  // What was chosen is applied at once; the badge, drawn anew, has the focus again.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches(".fix")) event.detail.elt.hidePopover();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const menu = event.detail.elt;
    if (!menu.matches(".fix") || !event.detail.successful) return;
    const part = menu.id.replace("fix-", "");
    const drawn = $(`.thread [data-fix="${part}"][data-message="${menu.elements.message_id.value}"]`);
    if (!drawn) return;
    drawn.focus({ preventScroll: true });
    $("#announce").textContent = "Corrected";
  });
})();

// The chat of SocialAI Hub on a shop's page:
//   <script src="https://hub.example.com/widget/_/chat.js" data-chat="acme/0123456789abcdef" async></script>
// It puts one frame on the page and gives it its size. What is said stays in the frame, where this page's
// scripts cannot read it. Nothing here needs 'unsafe-inline': a Content-Security-Policy must name the hub in
// script-src and in frame-src.
(() => {
  "use strict";
  const script = document.currentScript;
  const chat = script?.dataset.chat ?? "";
  if (!/^[\w.-]+\/[0-9a-f]{16}$/.test(chat)) {
    console.error("SocialAI Hub: data-chat is missing or wrong; copy the snippet again.");
    return;
  }
  const hub = new URL(script.src).origin;
  const left = script.dataset.side === "left";
  const frame = document.createElement("iframe");
  const phone = window.matchMedia("(max-width: 520px), (max-height: 480px)");
  let open = false;

  const lay = () => {
    const full = open && phone.matches;
    const edge = full ? "0" : "max(12px, env(safe-area-inset-bottom))";
    Object.assign(frame.style, {
      position: "fixed",
      zIndex: "2147483000",
      border: "0",
      margin: "0",
      padding: "0",
      background: "transparent",
      colorScheme: "normal",
      bottom: edge,
      right: left ? "auto" : full ? "0" : "12px",
      left: left ? (full ? "0" : "12px") : "auto",
      width: full ? "100%" : open ? "min(392px, calc(100vw - 24px))" : "80px",
      height: full ? "100%" : open ? "min(664px, calc(100vh - 24px))" : "80px",
      maxWidth: "none",
      maxHeight: "none",
    });
  };

  frame.title = script.dataset.title || "Chat";
  frame.src = `${hub}/widget/${chat}`;
  frame.allow = "";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
  const say = (what) => frame.contentWindow?.postMessage(what, hub);
  const tell = () => say({ chat: "page", address: location.href.split(/[?#]/)[0], full: phone.matches });

  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== hub) return;
    const said = event.data;
    if (said?.chat === "ready") {
      if (typeof said.title === "string" && said.title) frame.title = said.title.slice(0, 100);
      tell();
    }
    if (said?.chat === "size") {
      open = said.open === true;
      lay();
    }
  });
  phone.addEventListener("change", () => {
    lay();
    tell();
  });
  lay();
  const put = () => document.body.append(frame);
  if (document.body) put();
  else document.addEventListener("DOMContentLoaded", put);
  window.SocialAIChat = { open: () => say({ chat: "open" }), close: () => say({ chat: "close" }) };
})();

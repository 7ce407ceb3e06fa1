// Progressive enhancement of all pages; each works without JavaScript.
(function () {
  "use strict";

  // A form is sent once: its button keeps its label, shows a spinner, and ignores a second press.
  // A form that downloads a file does not leave the page: mark it data-download.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-download") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    var button = event.submitter;
    if (button && button.classList.contains("btn")) {
      button.classList.add("busy");
      button.setAttribute("aria-busy", "true");
    }
  });

  // Back must show the form as it was left.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
    document.querySelectorAll(".btn.busy[aria-busy]").forEach(function (button) {
      button.classList.remove("busy");
      button.removeAttribute("aria-busy");
    });
  });

  // Focus an error summary first, even if the browser ignores its autofocus.
  var summary = document.querySelector("section[autofocus]");
  if (summary) summary.focus();

  // A message to a friend: copy edits to its links; share or copy it if the browser can.
  document.querySelectorAll("[data-message]").forEach(function (card) {
    var text = card.querySelector("textarea");
    if (!text) return;
    var sent = card.querySelector("input[name=channel]");
    text.addEventListener("input", function () {
      card.querySelectorAll("a[data-send]").forEach(function (link) {
        link.href = link.href.replace(/([?&]body=).*$/, "$1" + encodeURIComponent(text.value));
      });
    });
    card.querySelectorAll("a[data-send]").forEach(function (link) {
      link.addEventListener("click", function () { sent.value = link.protocol === "sms:" ? "sms" : "mail"; });
    });
    var share = card.querySelector("[data-share]"), copy = card.querySelector("[data-copy]");
    if (navigator.share) {
      share.hidden = false;
      share.addEventListener("click", function () {
        navigator.share({ text: text.value }).then(function () { sent.value = "share"; }, function () {});
      });
    }
    if (navigator.clipboard) {
      copy.hidden = false;
      copy.addEventListener("click", function () {
        navigator.clipboard.writeText(text.value).then(function () {
          sent.value = "copy";
          copy.textContent = copy.dataset.copy;
        }, function () { text.select(); });
      });
    }
  });

  // A link to an expandable row expands it.
  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var row = target && target.closest("details");
    if (row) row.open = true;
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();

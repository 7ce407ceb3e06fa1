// What every page gains from JavaScript; each of them works without it.
(function () {
  "use strict";

  // A form is sent once: its button keeps its words, gains a ring, and answers no second press.
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

  // The way back must find the form as it was left.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
    document.querySelectorAll(".btn.busy[aria-busy]").forEach(function (button) {
      button.classList.remove("busy");
      button.removeAttribute("aria-busy");
    });
  });

  // An error summary is read first, also where the browser does not know autofocus on it.
  var summary = document.querySelector("section[autofocus]");
  if (summary) summary.focus();

  // A link to a row that opens opens it.
  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var row = target && target.closest("details");
    if (row) row.open = true;
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();

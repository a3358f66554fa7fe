(function () {
  "use strict";
  var frames = Array.prototype.slice.call(document.querySelectorAll(".scroll"));

  // What a table is about, for who moves through the page without seeing it.
  function title(frame) {
    for (var at = frame; at && at !== document.body; at = at.parentElement) {
      for (var before = at.previousElementSibling; before; before = before.previousElementSibling) {
        if (/^(H[1-4]|SUMMARY)$/.test(before.tagName)) { return before.textContent; }
      }
    }
    return document.title;
  }

  function mark(frame) {
    var wide = frame.scrollWidth > frame.clientWidth + 1;
    frame.classList.toggle("wider", wide);
    frame.classList.toggle("more", wide && frame.scrollLeft + frame.clientWidth < frame.scrollWidth - 1);
    frame.classList.toggle("moved", frame.scrollLeft > 0);
    if (frame.dataset.named) { return; }
    if (wide) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", "Table: " + title(frame));
    } else {
      ["tabindex", "role", "aria-label"].forEach(function (name) { frame.removeAttribute(name); });
    }
  }

  frames.forEach(function (frame) {
    if (frame.hasAttribute("tabindex")) { frame.dataset.named = "1"; }
    frame.addEventListener("scroll", function () { mark(frame); }, { passive: true });
    mark(frame);
  });
  if (!window.ResizeObserver) { return; }
  var watcher = new ResizeObserver(function (seen) { seen.forEach(function (one) { mark(one.target.closest(".scroll")); }); });
  frames.forEach(function (frame) { watcher.observe(frame); watcher.observe(frame.firstElementChild); });
})();

(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var css = Plots.css, layout = Plots.layout, config = Plots.config;
  function byId(id) { return document.getElementById(id); }

  function draw(id, traces, shape) { Plotly.react(id, traces, layout(shape), config); }
  function narrow() { return window.innerWidth < 520; }

  function marks(series, x, y, along, outside) {
    var color = css(outside ? "--bad" : "--soft");
    var trace = {
      type: "scatter", mode: "markers", name: series.name, x: x, y: y, text: series.text, cliponaxis: false,
      marker: { symbol: outside ? "circle" : "circle-open", color: color, size: 10 },
      hovertemplate: "%{" + along + ":.1%} (%{text})<extra>" + series.name + "</extra>"
    };
    trace["error_" + along] = { type: "data", symmetric: false, array: series.above, arrayminus: series.below, color: color, thickness: 1.5, width: 4 };
    return trace;
  }

  function drawTails() {
    if (!data.tails) { return; }
    var t = data.tails;
    var n = t.names.length;
    var height = 110 + n * 34;
    byId("plot-tails").style.height = height + "px";
    draw("plot-tails", t.series.map(function (s, i) {
      var y = s.y.map(function (_, k) { return k + (i ? 0.13 : -0.13); });
      return marks(s, s.x, y, "x", i);
    }), {
      height: height, xaxis: { tickformat: ".0%", range: [-0.02, 1.02], title: { text: "failure rate" } },
      yaxis: { tickvals: t.names.map(function (_, k) { return k; }), ticktext: t.names.map(function (s) { return narrow() ? fold(s, 16) : s; }), range: [-0.6, n - 0.4] }
    });
  }
  function drawDepth() {
    if (!data.depth) { return; }
    var d = data.depth, title = "tenth of probable users, the most probable first";
    draw("plot-depth", d.series.map(function (s, i) { return marks(s, s.x, s.y, "y", i); }), {
      xaxis: { dtick: 1, range: [0.5, d.tenths + 0.5], title: { text: narrow() ? fold(title, 30) : title } },
      yaxis: { tickformat: ".0%", range: [-0.02, 1.02], title: { text: "failure rate" } }
    });
  }

  function drawExceedance() {
    if (!data.exceedance) { return; }
    var e = data.exceedance, accent = css("--accent");
    function edge(y, more) {
      return Object.assign({ type: "scatter", mode: "lines", x: e.x, y: y, line: { width: 0 }, hoverinfo: "skip", showlegend: false }, more);
    }
    draw("plot-exceedance", [
      edge(e.low, {}),
      edge(e.high, { fill: "tonexty", fillcolor: accent + "33" }),
      edge(e.estimate, {
        mode: "lines+markers", line: { width: 2, color: accent }, marker: { size: 5 }, hoverinfo: "all",
        customdata: e.low.map(function (low, i) { return [low, e.high[i]]; }),
        hovertemplate: "%{y:.1%} of people fail more often than %{x:.0%}<br>%{customdata[0]:.1%} to %{customdata[1]:.1%}<extra></extra>"
      })
    ], {
      margin: { l: 8, r: 12, t: 12, b: 40 },
      xaxis: { tickformat: ".0%", range: [-0.02, 1.02], title: { text: "fails more often than" } },
      yaxis: { tickformat: ".0%", range: [-0.02, 1.02], title: { text: "share of people" } }
    });
  }

  function fold(text, width) {
    var lines = [""];
    text.split(" ").forEach(function (word) {
      var last = lines[lines.length - 1];
      if (last && (last + " " + word).length > width) { lines.push(word); } else { lines[lines.length - 1] = last ? last + " " + word : word; }
    });
    return lines.join("<br>");
  }

  function drawCoverage() {
    if (!data.coverage) { return; }
    var c = data.coverage;
    byId("plot-coverage").style.height = (70 + c.names.length * 30) + "px";
    draw("plot-coverage", [{
      type: "bar", orientation: "h", y: c.names.map(function (n) { return narrow() ? fold(n, 14) : n; }), x: c.values,
      marker: { color: c.own.map(function (own) { return own ? css("--accent") : css("--line"); }) },
      text: c.values.map(function (v) { return (100 * v).toFixed(0) + " %"; }), textposition: "auto", hoverinfo: "skip", cliponaxis: false
    }], { height: 70 + c.names.length * 30, margin: { l: 8, r: 12, t: 8, b: 40 }, xaxis: { tickformat: ".0%", range: [0, 1.02] }, bargap: 0.25 });
  }

  function drawAll() { drawTails(); drawDepth(); drawExceedance(); drawCoverage(); }
  if (window.Plotly) {
    drawAll();
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    window.matchMedia("(max-width: 519px)").addEventListener("change", drawAll);
  }

  var episodes = Array.prototype.slice.call(document.querySelectorAll("details.episode"));
  function show(person) {
    episodes.forEach(function (episode) {
      var theirs = !person || episode.dataset.personas.split(" ").indexOf(person) >= 0;
      episode.hidden = !theirs;
      if (person) { episode.open = theirs; }
    });
    if (byId("show-all")) { byId("show-all").hidden = !person; }
  }
  document.addEventListener("person", function (event) { show(event.detail); });
  function on(id, act) { if (byId(id)) { byId(id).addEventListener("click", act); } }
  on("open-all", function () { episodes.forEach(function (e) { e.open = !e.hidden; }); });
  on("close-all", function () { episodes.forEach(function (e) { e.open = false; }); });
  on("show-all", function () { show(""); });
  window.addEventListener("beforeprint", function () { episodes.forEach(function (e) { e.open = true; }); });
})();

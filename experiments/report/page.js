(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var scale = [[0, "#2f7fc1"], [0.25, "#8fb8d8"], [0.5, "#e3b25a"], [0.75, "#dd6f3a"], [1, "#b9202b"]];
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

  function drawSpace() {
    if (!data.space) { return; }
    var s = data.space, x = +byId("axis-x").value, y = +byId("axis-y").value;
    function pick(k, keep) { return s.points.filter(function (_, i) { return keep(i); }).map(function (p) { return p[k]; }); }
    function trace(name, keep, marker) {
      var indices = s.ids.map(function (_, i) { return i; }).filter(keep);
      return {
        type: "scatter", mode: "markers", name: name, x: pick(x, keep), y: pick(y, keep), customdata: indices, marker: marker,
        text: indices.map(function (i) { return s.text[i]; }), hovertemplate: "%{text}<extra></extra>", showlegend: false
      };
    }
    var size = s.ids.length > 400 ? 7 : 11;
    var known = function (i) { return s.rates[i] !== null; };
    draw("plot-space", [
      trace("not measured", function (i) { return !known(i); }, { symbol: "x-thin-open", size: size, color: css("--soft") }),
      trace("people", known, {
        size: size, color: s.rates.filter(function (r) { return r !== null; }), colorscale: scale, cmin: 0, cmax: 1,
        line: { width: 1, color: css("--bg") },
        colorbar: { title: { text: "failed" }, tickformat: ".0%", thickness: 10, outlinewidth: 0, len: 0.8 }
      })
    ], { margin: { l: 8, r: 8, t: 12, b: 44 }, xaxis: { range: [-0.04, 1.04], title: { text: s.labels[x] } }, yaxis: { range: [-0.04, 1.04], title: { text: s.labels[y] } } });
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

  function drawAll() { drawTails(); drawDepth(); drawExceedance(); drawSpace(); drawCoverage(); }
  function go(element) { if (element) { element.scrollIntoView({ block: "center" }); } }

  if (data.space) {
    ["axis-x", "axis-y"].forEach(function (id, which) {
      var select = byId(id);
      data.space.axes.forEach(function (axis, i) {
        var option = document.createElement("option");
        option.value = i; option.textContent = axis.replace(/_/g, " ");
        option.selected = i === Math.min(which, data.space.axes.length - 1);
        select.appendChild(option);
      });
      select.addEventListener("change", drawSpace);
    });
  }
  if (window.Plotly) {
    drawAll();
    if (data.space) {
      byId("plot-space").on("plotly_click", function (event) {
        var row = byId("person-" + data.space.ids[event.points[0].customdata]);
        document.querySelectorAll("tr.hit").forEach(function (other) { other.classList.remove("hit"); });
        if (row) { byId("filter").value = ""; byId("only-failed").checked = false; filter(); row.classList.add("hit"); go(row); }
      });
    }
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    window.matchMedia("(max-width: 519px)").addEventListener("change", drawAll);
  }

  var table = byId("people-table"), body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  function value(row, column, kind) {
    var cell = row.cells[column];
    return kind === "number" ? parseFloat(cell.dataset.value) : cell.textContent;
  }
  function sort(head, column) {
    var kind = head.dataset.sort, was = head.getAttribute("aria-sort");
    var down = was ? was === "ascending" : kind === "number";
    Array.prototype.forEach.call(head.parentNode.cells, function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort(function (a, b) {
      var x = value(a, column, kind), y = value(b, column, kind), order = kind === "number" ? x - y : x.localeCompare(y);
      return down ? -order : order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    if (!head.dataset.sort) { return; }
    var button = document.createElement("button");
    button.type = "button"; button.textContent = head.textContent;
    head.textContent = ""; head.appendChild(button);
    button.addEventListener("click", function () { sort(head, column); });
  });
  function filter() {
    var wanted = byId("filter").value.trim().toLowerCase(), failed = byId("only-failed").checked, shown = 0;
    rows.forEach(function (row) {
      var hide = (wanted && row.textContent.toLowerCase().indexOf(wanted) < 0) || (failed && row.dataset.failures === "0");
      row.hidden = !!hide; shown += hide ? 0 : 1;
    });
    byId("count").textContent = shown + " of " + rows.length + " people";
  }
  byId("filter").addEventListener("input", filter);
  byId("only-failed").addEventListener("change", filter);
  filter();

  var episodes = Array.prototype.slice.call(document.querySelectorAll("details.episode"));
  function show(person) {
    episodes.forEach(function (episode) {
      var theirs = !person || episode.dataset.personas.split(" ").indexOf(person) >= 0;
      episode.hidden = !theirs;
      if (person) { episode.open = theirs; }
    });
    if (byId("show-all")) { byId("show-all").hidden = !person; }
  }
  document.querySelectorAll("[data-open]").forEach(function (link) {
    link.addEventListener("click", function () { show(link.dataset.open); });
  });
  function on(id, act) { if (byId(id)) { byId(id).addEventListener("click", act); } }
  on("open-all", function () { episodes.forEach(function (e) { e.open = !e.hidden; }); });
  on("close-all", function () { episodes.forEach(function (e) { e.open = false; }); });
  on("show-all", function () { show(""); });
  window.addEventListener("beforeprint", function () { episodes.forEach(function (e) { e.open = true; }); });
})();

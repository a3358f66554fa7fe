(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var people = data.people, run = data.run, css = Plots.css;
  var CHUNK = 200, CELLS = 72;
  var scale = [[0, "#2f7fc1"], [0.25, "#8fb8d8"], [0.5, "#e3b25a"], [0.75, "#dd6f3a"], [1, "#b9202b"]];
  var order = people.ids.map(function (_, i) { return i; });
  var matched = order, limit = CHUNK, picked = null, drawn = false;
  function byId(id) { return document.getElementById(id); }
  function on(id, event, act) { if (byId(id)) { byId(id).addEventListener(event, act); } }
  function make(tag, text, name) {
    var element = document.createElement(tag);
    if (text !== undefined) { element.textContent = text; }
    if (name) { element.className = name; }
    return element;
  }
  function count(n) { return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f"); }
  function percent(x, digits) { return (100 * x).toFixed(digits) + "\u00a0%"; }

  // The command that shows an episode, with the folder that this page lies in if it was opened as a file.
  function quoted(word) { return /^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'"; }
  function folder() {
    if (location.protocol !== "file:") { return run.name; }
    try {
      return decodeURIComponent(location.pathname).replace(/\/[^/]*$/, "").replace(/^\/(?=[A-Za-z]:)/, "") || "/";
    } catch (error) { return run.name; }
  }
  var where = quoted(folder());
  function command(i) { return "outskirts replay " + where + " " + quoted(people.ids[i] + (people.failures[i] ? "" : "#0")); }

  // The table.
  var table = byId("people-table"), body = table.tBodies[0], heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  function cell(row, content, value, name) {
    var made = row.appendChild(make("td", content, name));
    if (value !== undefined) { made.dataset.value = value; }
    return made;
  }
  function transcript(row, i) {
    var made = cell(row);
    if (people.shown[i]) {
      var link = made.appendChild(make("a", "read"));
      link.href = "#of-" + people.ids[i]; link.dataset.open = people.ids[i];
      link.setAttribute("aria-label", "Read the transcripts of " + people.ids[i]);
      link.addEventListener("click", function () { document.dispatchEvent(new CustomEvent("person", { detail: people.ids[i] })); });
      return;
    }
    var code = made.appendChild(make("code", command(i), "command"));
    var button = made.appendChild(make("button", "copy", "copy"));
    button.type = "button"; button.setAttribute("aria-label", "Copy the command that replays " + people.ids[i]);
    button.addEventListener("click", function () { copy(code, button); });
  }
  function copy(code, button) {
    function select() { getSelection().selectAllChildren(code); button.textContent = "selected"; }
    if (!navigator.clipboard) { select(); return; }
    navigator.clipboard.writeText(code.textContent).then(function () { button.textContent = "copied"; }, select);
  }
  function line(i) {
    var row = make("tr"), id = row.appendChild(make("th", people.ids[i]));
    row.id = "person-" + people.ids[i]; id.scope = "row";
    if (picked && picked.size === 1 && picked.has(i)) { row.className = "hit"; }
    if (people.names[i]) { id.appendChild(make("small", people.names[i])); }
    cell(row, people.failures[i] + " of " + people.resolved[i], people.failures[i]);
    var rate = cell(row, undefined, people.rate[i]);
    if (people.rate[i] === null) { rate.appendChild(make("span", "not measured", "none")); } else {
      var bar = rate.appendChild(make("span", undefined, "bar"));
      bar.setAttribute("aria-hidden", "true");
      bar.appendChild(make("i")).style.width = Math.round(100 * people.rate[i]) + "%";
      rate.appendChild(document.createTextNode(" " + percent(people.rate[i], 0)));
      if (people.low[i] !== null) { rate.appendChild(make("small", (100 * people.low[i]).toFixed(1) + " to " + percent(people.high[i], 1))); }
    }
    cell(row, people.ranking[i] === null ? "\u2013" : percent(people.ranking[i], 0), people.ranking[i]);
    people.axes.forEach(function (_, k) {
      var x = people.position[i][k];
      cell(row, x === null ? "\u2013" : x.toFixed(2), x, "n");
    });
    cell(row, String(people.open[i]), people.open[i]);
    transcript(row, i);
    return row;
  }
  var keys = [people.ids, people.failures, people.rate, people.ranking].concat(
    people.axes.map(function (_, k) { return people.position.map(function (at) { return at[k]; }); }), [people.open]);
  var words = new Intl.Collator(undefined, { numeric: true });
  function sort(head, column) {
    var text = head.dataset.sort === "text", was = head.getAttribute("aria-sort"), values = keys[column];
    var down = was ? was === "ascending" : !text;
    heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    order = order.slice().sort(function (a, b) {
      var x = values[a], y = values[b];
      if (x === null || y === null) { return (x === null) - (y === null) || a - b; }
      var way = text ? words.compare(x, y) : x - y;
      return (down ? -way : way) || a - b;
    });
    limit = CHUNK;
    refresh();
  }
  heads.forEach(function (head, column) {
    if (!head.dataset.sort) { return; }
    var button = make("button", head.textContent);
    button.type = "button";
    head.textContent = ""; head.appendChild(button);
    button.addEventListener("click", function () { sort(head, column); });
  });
  var haystack = people.ids.map(function (id, i) { return (id + " " + people.names[i]).toLowerCase(); });
  function refresh() {
    var wanted = byId("filter").value.trim().toLowerCase(), failed = byId("only-failed").checked, unresolved = byId("only-open").checked;
    matched = order.filter(function (i) {
      return (!picked || picked.has(i)) && (!failed || people.failures[i]) && (!unresolved || people.open[i]) && (!wanted || haystack[i].indexOf(wanted) >= 0);
    });
    fill();
    later();
  }
  function fill() {
    var rows = document.createDocumentFragment(), shown = Math.min(limit, matched.length);
    matched.slice(0, shown).forEach(function (i) { rows.appendChild(line(i)); });
    body.replaceChildren(rows);
    byId("count").textContent = count(matched.length) + " of " + count(people.ids.length) + " people" + (shown < matched.length ? ", the first " + count(shown) + " shown" : "");
    byId("more").hidden = shown === matched.length;
    byId("more").textContent = "Show " + count(Math.min(CHUNK, matched.length - shown)) + " more";
    byId("clear").hidden = !picked;
  }
  on("filter", "input", function () { limit = CHUNK; refresh(); });
  on("only-failed", "change", function () { limit = CHUNK; refresh(); });
  on("only-open", "change", function () { limit = CHUNK; refresh(); });
  on("more", "click", function () { limit += CHUNK; fill(); });
  on("clear", "click", function () { pick(null); });

  // Planes of two axes each, which show the same people as the table.
  var planes = ["plot-space", "plot-space-2"].filter(byId);
  var wait = 0;
  function later() { clearTimeout(wait); wait = setTimeout(light, 120); }
  function at() { return byId("space-by") && byId("space-by").value === "measured" ? people.measured : people.position; }
  function axis(plane, which) { return +byId(plane + which).value; }
  function safe(text) { return String(text).replace(/[&<>"']/g, function (c) { return "&#" + c.charCodeAt(0) + ";"; }); }
  function short(text) { return text.length > 60 ? text.slice(0, 59) + "\u2026" : text; }
  function hover(i) {
    return safe(short((people.ids[i] + " " + people.names[i]).trim())) + "<br>failed " + people.failures[i] + " of " + people.resolved[i];
  }
  function empty(points) {
    var grid = [], left = 0, r = people.radius;
    for (var k = 0; k < CELLS; k++) { grid.push(new Array(CELLS).fill(1)); }
    points.forEach(function (p) {
      var from = Math.max(0, Math.ceil((p[1] - r) * CELLS - 0.5)), to = Math.min(CELLS - 1, Math.floor((p[1] + r) * CELLS - 0.5));
      for (var row = from; row <= to; row++) {
        var dy = (row + 0.5) / CELLS - p[1], dx = Math.sqrt(Math.max(0, r * r - dy * dy));
        var start = Math.max(0, Math.ceil((p[0] - dx) * CELLS - 0.5)), end = Math.min(CELLS - 1, Math.floor((p[0] + dx) * CELLS - 0.5));
        for (var column = start; column <= end; column++) { grid[row][column] = null; }
      }
    });
    grid.forEach(function (row) { row.forEach(function (one) { left += one ? 1 : 0; }); });
    return { grid: grid, share: left / (CELLS * CELLS) };
  }
  function plane(id) {
    var x = axis(id, "-x"), y = axis(id, "-y"), positions = at();
    var there = people.ids.map(function (_, i) { return i; }).filter(function (i) { return positions[i][x] !== null && positions[i][y] !== null; });
    var gap = empty(there.map(function (i) { return [positions[i][x], positions[i][y]]; }));
    var size = there.length > 3000 ? 4 : there.length > 400 ? 6 : 10;
    var middle = gap.grid.map(function (_, k) { return (k + 0.5) / CELLS; });
    function marks(name, keep, marker) {
      var those = there.filter(keep);
      return {
        type: "scatter", mode: "markers", name: name, customdata: those, marker: marker, showlegend: false,
        x: those.map(function (i) { return positions[i][x]; }), y: those.map(function (i) { return positions[i][y]; }),
        text: those.map(hover), hovertemplate: "%{text}<extra></extra>",
        selected: { marker: { opacity: 1 } }, unselected: { marker: { opacity: 0.12 } }
      };
    }
    function known(i) { return people.rate[i] !== null; }
    var rates = there.filter(known).map(function (i) { return people.rate[i]; });
    var edge = { range: [-0.03, 1.03], constrain: "domain" };
    Plotly.react(id, [
      { type: "heatmap", x: middle, y: middle, z: gap.grid, showscale: false, hoverinfo: "skip", colorscale: [[0, css("--gap")], [1, css("--gap")]], zmin: 0, zmax: 1 },
      marks("not measured", function (i) { return !known(i); }, { symbol: "x-thin-open", size: size, color: css("--soft") }),
      marks("people", known, {
        size: size, color: rates, colorscale: scale, cmin: 0, cmax: 1, line: { width: size > 5 ? 1 : 0, color: css("--bg") },
        colorbar: { title: { text: "failed" }, tickformat: ".0%", thickness: 10, outlinewidth: 0, len: 0.8 }
      })
    ], Plots.layout({
      margin: { l: 8, r: 8, t: 12, b: 44 }, dragmode: matchMedia("(pointer: fine)").matches ? "select" : false, selectionrevision: picked ? 1 : 0,
      xaxis: Object.assign({ title: { text: safe(people.axes[x]) } }, edge), yaxis: Object.assign({ title: { text: safe(people.axes[y]) } }, edge)
    }), Plots.config);
    byId(id + "-gap").textContent = "Shaded, " + percent(gap.share, 0) + " of this plane: unsupported, nobody is within " + people.radius.toFixed(3) + ".";
  }
  function light() {
    if (!drawn) { return; }
    var all = matched.length === people.ids.length, kept = new Set(matched);
    planes.forEach(function (id) {
      [1, 2].forEach(function (trace) {
        var those = byId(id).data[trace].customdata, lit = [];
        those.forEach(function (i, place) { if (kept.has(i)) { lit.push(place); } });
        Plotly.restyle(id, { selectedpoints: all ? [null] : [lit] }, [trace]);
      });
    });
  }
  function pick(those) {
    picked = those; limit = CHUNK;
    if (!picked && drawn) { planes.forEach(function (id) { Plotly.relayout(id, { selections: [] }); }); }
    refresh();
    byId("unpick").hidden = !picked;
    byId("picked").textContent = !picked ? "" : picked.size === 1 ? told(picked.values().next().value) : count(picked.size) + " people chosen: the table and the other plane show them alone. ";
    if (picked) {
      var link = byId("picked").appendChild(make("a", "To the table"));
      link.href = "#people";
    }
  }
  function told(i) {
    var name = people.names[i] ? " (" + short(people.names[i]) + ")" : "";
    return people.ids[i] + name + ": failed " + people.failures[i] + " of " + people.resolved[i] + ". ";
  }
  function drawPlanes() { planes.forEach(plane); light(); }
  function begin() {
    if (drawn) { return; }
    drawn = true;
    planes.forEach(function (id) {
      plane(id);
      byId(id).on("plotly_click", function (event) {
        var hit = event.points.filter(function (p) { return p.customdata !== undefined; })[0];
        if (hit) { pick(new Set([hit.customdata])); }
      });
      byId(id).on("plotly_selected", function (event) {
        if (!event || !event.range) { return; }
        var x = axis(id, "-x"), y = axis(id, "-y"), positions = at(), box = event.range;
        function within(value, ends) { return value !== null && value >= Math.min.apply(null, ends) && value <= Math.max.apply(null, ends); }
        var those = order.filter(function (i) { return within(positions[i][x], box.x) && within(positions[i][y], box.y); });
        if (those.length) { pick(new Set(those)); }
      });
      byId(id).on("plotly_deselect", function () { pick(null); });
    });
    light();
  }
  on("unpick", "click", function () { pick(null); });
  if (window.Plotly && planes.length && people.radius !== null) {
    planes.forEach(function (id, number) {
      ["-x", "-y"].forEach(function (which, place) {
        var select = byId(id + which);
        people.axes.forEach(function (name, i) {
          var option = make("option", name);
          option.value = i; option.selected = i === (2 * number + place) % people.axes.length;
          select.appendChild(option);
        });
        select.addEventListener("change", function () { if (drawn) { plane(id); light(); } });
      });
    });
    on("space-by", "change", function () { if (drawn) { drawPlanes(); } });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { if (drawn) { drawPlanes(); } });
    window.addEventListener("beforeprint", begin);
    // Many marks take a second to draw, so they wait until somebody comes near.
    if (people.ids.length <= 1000 || !window.IntersectionObserver) { begin(); } else {
      new IntersectionObserver(function (seen, watcher) {
        if (seen.some(function (one) { return one.isIntersecting; })) { watcher.disconnect(); begin(); }
      }, { rootMargin: "400px" }).observe(byId("space"));
    }
  }
  if (/^#person-/.test(location.hash)) {
    var wanted = people.ids.indexOf(location.hash.slice(8));
    if (wanted >= 0) { picked = new Set([wanted]); }
  }
  refresh();
  if (picked) { byId("people").scrollIntoView(); }
})();

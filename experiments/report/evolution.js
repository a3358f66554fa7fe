(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var colors = ["#0b62a8", "#dd6f3a", "#7a828a", "#2b7a4b", "#8a4fa3", "#b9202b"];
  var css = Plots.css, layout = Plots.layout, config = Plots.config;
  function drawProgress() {
    data.progress.forEach(function (metric, i) {
      var traces = metric.arms.map(function (arm, k) {
        return {
          type: "scatter", mode: "lines+markers", name: arm.name, x: arm.x, y: arm.y,
          line: { color: colors[k], width: k ? 1.5 : 3, dash: k ? "dot" : "solid" }, marker: { size: k ? 4 : 6 }
        };
      });
      Plotly.react("plot-" + i, traces, layout({ title: { text: metric.name, x: 0, font: { size: 13 } }, xaxis: { dtick: 1 }, showlegend: metric.arms.length > 1 }), config);
    });
  }
  function drawTree() {
    var families = data.tree.marks.map(function (m) { return m.family; }).filter(function (f, i, all) { return all.indexOf(f) === i; });
    var traces = [false, true].map(function (line) {
      var x = [], y = [];
      data.tree.edges.forEach(function (e) { if (e.line === line) { x.push(e.x[0], e.x[1], null); y.push(e.y[0], e.y[1], null); } });
      return { type: "scatter", mode: "lines", x: x, y: y, hoverinfo: "skip", showlegend: false, line: { color: css(line ? "--bad" : "--line"), width: line ? 4 : 1 } };
    });
    families.forEach(function (family, i) {
      var marks = data.tree.marks.filter(function (m) { return m.family === family; });
      traces.push({
        type: "scatter", mode: "markers", name: family, x: marks.map(function (m) { return m.x; }), y: marks.map(function (m) { return m.y; }),
        text: marks.map(function (m) { return m.text; }), hovertemplate: "%{text}<extra></extra>",
        marker: { color: colors[i % colors.length], size: marks.map(function (m) { return m.line ? 13 : 7; }) }
      });
    });
    Plotly.react("plot-tree", traces, layout({ xaxis: { title: { text: "generation" }, dtick: 1 }, yaxis: { visible: false } }), config);
  }
  function draw() { drawProgress(); drawTree(); }
  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();

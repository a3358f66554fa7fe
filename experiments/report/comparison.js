(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent), css = Plots.css, plot = document.getElementById("plot-forest");
  function shorter(name) { return window.innerWidth < 520 ? name.replace(/(.{1,16})( |$)/g, "$1<br>").replace(/<br>$/, "") : name; }
  function draw() {
    var n = data.names.length, height = 80 + n * 30;
    plot.style.height = height + "px";
    Plotly.react(plot, [{
      type: "scatter", mode: "markers", x: data.x, y: data.names.map(function (_, k) { return k; }), text: data.names, cliponaxis: false,
      marker: { size: 10, color: data.x.map(function (x, k) { return x - data.below[k] > 0 ? css("--bad") : x + data.above[k] < 0 ? css("--good") : css("--soft"); }) },
      error_x: { type: "data", symmetric: false, array: data.above, arrayminus: data.below, color: css("--soft"), thickness: 1.5, width: 4 },
      hovertemplate: "%{text}: %{x:+.1%}<extra></extra>"
    }], Plots.layout({
      height: height, margin: { l: 8, r: 16, t: 8, b: 44 }, showlegend: false,
      xaxis: { tickformat: "+.0%", zeroline: true, zerolinecolor: css("--soft"), title: { text: "change of the failure rate" } },
      yaxis: { tickvals: data.names.map(function (_, k) { return k; }), ticktext: data.names.map(shorter), range: [-0.6, n - 0.4] }
    }), Plots.config);
  }
  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  window.matchMedia("(max-width: 519px)").addEventListener("change", draw);
})();

(function () {
  "use strict";
  document.documentElement.classList.add("scripted");
  function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function layout(more) {
    var axis = { gridcolor: css("--grid"), linecolor: css("--line"), zeroline: false, automargin: true, fixedrange: true };
    var base = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: { l: 8, r: 12, t: 32, b: 40 },
      font: { family: "system-ui, sans-serif", size: 13, color: css("--ink") }, hoverlabel: { align: "left" },
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" }
    };
    base.xaxis = Object.assign({}, axis, more.xaxis);
    base.yaxis = Object.assign({}, axis, more.yaxis);
    delete more.xaxis; delete more.yaxis;
    return Object.assign(base, more);
  }
  window.Plots = { css: css, layout: layout, config: { displayModeBar: false, responsive: true, displaylogo: false } };
})();

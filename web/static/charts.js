// Charts are drawn from the figures in data-chart; the table beside them stays for who cannot see them.
(() => {
  "use strict";
  const bars = (align) => uPlot.paths.bars({ size: align === undefined ? [0.7, 48] : [0.35, 20], align });
  const percent = (_, values) => values.map((value) => `${Math.round(value * 100)} %`);
  const counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

  const kinds = {
    // Two series beside each other, by the hour.
    bars: () => ({
      x: { range: (_, least, most) => [least - 3600, most + 3600] },
      axis: { incrs: counts },
      series: ({ color, align }) => ({ stroke: color, fill: color, width: 0, paths: bars(align), points: { show: false } }),
    }),
    // Shares of a whole, one over the other, by the week.
    stack: () => ({
      x: { range: (_, least, most) => [least - 302400, most + 302400] },
      y: { range: [0, 1] },
      axis: { values: percent },
      series: ({ color }) => ({ stroke: color, fill: color, width: 0, paths: bars(), points: { show: false } }),
    }),
    // Shares, by the week.
    lines: () => ({
      x: { range: (_, least, most) => [least - 302400, most + 302400] },
      y: { range: [0, 1.02] },
      axis: { values: percent, splits: () => [0, 0.25, 0.5, 0.75, 1] },
      series: ({ color, dash }) => ({ stroke: color, width: 2, dash, points: { show: true, size: 7, fill: color } }),
    }),
    // Both axes are shares; the dashed line is where they are equal.
    shares: () => ({
      x: { time: false, range: [0, 1.02] },
      y: { range: [0, 1.02] },
      axis: { values: percent, splits: () => [0, 0.25, 0.5, 0.75, 1] },
      xAxis: { values: percent, splits: () => [0, 0.25, 0.5, 0.75, 1] },
      series: ({ color, dash }) => ({ stroke: color, width: 2, dash, points: dash ? { show: false } : { show: true, size: 9, fill: color } }),
    }),
  };

  const weeks = (_, values) =>
    values.map((at) => new Date(at * 1000).toLocaleDateString(undefined, { day: "numeric", month: "short" }));

  const draw = (el) => {
    const { kind = "bars", at, series } = JSON.parse(el.dataset.chart);
    const look = kinds[kind]();
    const line = {
      stroke: getComputedStyle(document.body).color,
      grid: { stroke: "rgb(128 128 128 / 15%)" },
      ticks: { show: false },
    };
    const some = at.filter((_, place) => place % Math.ceil(at.length / 6) === 0);
    const byWeek = kind === "stack" || kind === "lines" ? { values: weeks, splits: () => some } : {};
    return new uPlot(
      {
        width: el.clientWidth,
        height: 220,
        cursor: { show: false },
        legend: { live: false },
        scales: { x: look.x, y: look.y || {} },
        axes: [{ ...line, size: 30, ...byWeek, ...look.xAxis }, { ...line, size: 48, ...look.axis }],
        series: [{}, ...series.map((one) => ({ label: one.label, spanGaps: true, ...look.series(one) }))],
      },
      [at, ...series.map(({ values }) => values)],
      el,
    );
  };

  const drawn = new Map();
  const drawAll = () => {
    drawn.forEach((_, el) => el.isConnected || drawn.delete(el));
    document.querySelectorAll("[data-chart]:not([data-drawn])").forEach((el) => {
      el.dataset.drawn = "1";
      drawn.set(el, draw(el));
    });
  };
  addEventListener("resize", () => drawn.forEach((chart, el) => chart.setSize({ width: el.clientWidth, height: 220 })));
  document.addEventListener("htmx:afterSettle", drawAll);
  document.addEventListener("DOMContentLoaded", drawAll);
})();

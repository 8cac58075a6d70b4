// A bar chart as SVG, drawn without a library: readable in light and dark, the same bytes for the same figures.

const WIDTH = 790;
const BAR = 18;
const STEP = 28;
const LEFT = 300;
const RIGHT = 64;
const TOP = 56;

/** Horizontal bars, shortest first. `rows`: label, value, and whether the bar is one of ours. */
export function barChart({ title, subtitle, rows }) {
  const sorted = rows.toSorted((a, b) => a.value - b.value);
  const most = Math.max(...sorted.map(({ value }) => value));
  const height = TOP + sorted.length * STEP + 12;
  const scale = (value) => Math.max(1, Math.round((value / most) * (WIDTH - LEFT - RIGHT)));
  const bars = sorted.map(({ label, value, isOwn }, index) => {
    const y = TOP + index * STEP;
    const width = scale(value);
    return [
      `  <text x="${LEFT - 10}" y="${y + 13}" text-anchor="end" class="${isOwn ? "own" : "label"}">${escaped(label)}</text>`,
      `  <rect x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="3" class="${isOwn ? "bar own-bar" : "bar"}"/>`,
      `  <text x="${LEFT + width + 8}" y="${y + 13}" class="value">${value.toFixed(2)}</text>`,
    ].join("\n");
  });
  const one = LEFT + scale(1);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}">
  <style>
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #57606a; }
    .title { font-size: 16px; font-weight: 600; fill: #1f2328; }
    .own { font-weight: 600; fill: #1f2328; }
    .bar { fill: #afb8c1; }
    .own-bar { fill: #0969da; }
    .one { stroke: #8c959f; stroke-dasharray: 3 4; }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1; }
      .title, .own { fill: #f0f6fc; }
      .bar { fill: #484f58; }
      .own-bar { fill: #4493f8; }
    }
  </style>
  <text x="0" y="18" class="title">${escaped(title)}</text>
  <text x="0" y="38">${escaped(subtitle)}</text>
  <line x1="${one}" y1="${TOP - 6}" x2="${one}" y2="${height - 8}" class="one"/>
${bars.join("\n")}
</svg>
`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

import { colours } from './colour-scale.js'

/** Inline, so that the page needs nothing but itself. */
export const htmlStyle = `
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#59636e;--paper:#fff;--line:#d1d9e0;--card:#f6f8fa;--s0:#0b62c4;--s1:#b35900;--s2:#00795c;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa5b1;--paper:#0f1419;--line:#323a44;--card:#181f27;--s0:#6cb0ff;--s1:#ffb066;--s2:#4fd1ae;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:24px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{margin:0;font-size:26px;overflow-wrap:anywhere}h2{margin:36px 0 8px;font-size:19px}
.dim,.note,figcaption{color:var(--dim)}.note{margin:4px 0 10px}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(235px,1fr));gap:12px;margin:18px 0;padding:0}
.facts div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px}
.facts dt{color:var(--dim);font-size:13px}.facts dd{margin:0;overflow-wrap:anywhere}.facts dd.value{font-size:19px;font-weight:600}.facts dd.small{font-size:12.5px;color:var(--dim)}
.scroll{overflow:auto;max-height:560px;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:13px}th,td{padding:6px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);max-width:360px;overflow-wrap:break-word}
th{background:var(--card);position:sticky;top:0}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}td.n{white-space:nowrap}
.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px}
figure{margin:0}figure svg{max-width:880px}svg{width:100%;height:auto;display:block}svg text{fill:var(--ink);font-size:12px}
.axis{fill:none;stroke:var(--dim)}.grid{fill:none;stroke:var(--line)}
.line{fill:none;stroke:var(--s0);stroke-width:1.8}.band{fill:var(--s0);fill-opacity:.2;stroke:none}.goal{stroke:var(--s1);stroke-dasharray:5 4;fill:none}
.line.s1,.whisker.s1{stroke:var(--s1)}.line.s2,.whisker.s2{stroke:var(--s2)}.band.s1,.dot.s1{fill:var(--s1)}.band.s2,.dot.s2{fill:var(--s2)}
.line.s1{stroke-dasharray:7 3}.line.s2{stroke-dasharray:2 3}.whisker{stroke:var(--s0)}.dot{fill:var(--s0)}.audit-line{fill:none;stroke:var(--ink);stroke-width:1.4}
${colours.map((colour, step) => `.q${step}{fill:${colour};background:${colour}}`).join('')}
.unknown{fill:var(--card);stroke:var(--line)}.infeasible{fill:url(#hatch)}
.measured{fill:#fff;stroke:#000;stroke-width:1;pointer-events:none}.audit{fill:none;stroke:#fff;stroke-width:2;pointer-events:none;paint-order:stroke}
.pick{display:flex;flex-wrap:wrap;gap:12px;margin:8px 0}.pick label{min-width:0;max-width:100%;font-size:13px;color:var(--dim)}.pick select{display:block;max-width:100%;font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:4px 8px}
.legend{display:flex;flex-wrap:wrap;align-items:center;gap:4px 14px;font-size:12.5px;color:var(--dim)}.legend svg{width:18px;height:18px;flex:none}
.scale{display:flex;width:300px;height:12px}.scale i{flex:1;print-color-adjust:exact;-webkit-print-color-adjust:exact}
pre{overflow:auto;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px;font-size:13px}
details summary{cursor:pointer}td details[open] summary{margin-bottom:4px}.behind{margin:10px 0}.behind summary{color:var(--dim);font-size:13px;padding:4px 0}figcaption{font-size:13px}.fold{min-width:300px}.long{min-width:220px}.curves svg text{font-size:15px}
[hidden]{display:none!important}
@page{margin:14mm 12mm}
@media print{:root{--ink:#000;--dim:#444;--paper:#fff;--line:#bbb;--card:#fff;--s0:#0b62c4;--s1:#b35900;--s2:#00795c}body{padding:0;max-width:none;font-size:11px}.pick{display:none}.scroll{overflow:visible;max-height:none;border:0}table{font-size:9px}th{position:static}td,th{padding:2px 4px;max-width:none;overflow-wrap:break-word}td.n{white-space:normal}td.n,th.n{overflow-wrap:normal}thead{display:table-header-group}.fold,.long{min-width:0}.facts{grid-template-columns:repeat(3,1fr)}.facts dd.value{font-size:14px}.facts dd.small{font-size:10px}h1{font-size:20px}h2{margin-top:22px;font-size:14px}pre{font-size:9px;white-space:pre-wrap}figure,.facts div,tr{break-inside:avoid}h2,h3,.note,.legend,figcaption{break-after:avoid}.behind:not([open]){display:none}svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`

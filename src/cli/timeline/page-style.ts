// pure: how the page of a timeline looks: calm, in the reader's own light or dark.

export const PAGE_STYLE = `
:root { --paper: #fbfbfa; --ink: #23262b; --quiet: #6d737c; --line: #e4e5e6; --run: #4a7dbd; --wait: #c5cad1; --retry: #b9a36a; --end: #9a6fb0; --good: #2f7d4f; --bad: #b6402f; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #17191c; --ink: #dfe2e6; --quiet: #8f96a0; --line: #2b2f34; --run: #5b93d8; --wait: #4b525b; --retry: #8d7b4c; --end: #a57fbd; --good: #63b583; --bad: #e07b6b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 78rem; margin: 0 auto; padding: 2.5rem 1.5rem; overflow-x: auto; }
h1 { margin: 0; font-size: 1.35rem; font-weight: 600; }
header p { margin: .2rem 0 2rem; }
.quiet, .legend, thead, .note { color: var(--quiet); }
.state { font-weight: 600; margin-right: .6rem; }
.state.complete, .state.healthy { color: var(--good); }
.state.trouble { color: var(--bad); }
.state.waiting { color: var(--retry); }
table { width: 100%; border-collapse: collapse; table-layout: auto; }
th { font-weight: inherit; text-align: left; }
thead th { font-size: .8rem; padding-bottom: .5rem; }
tbody th, .note { white-space: nowrap; font: 12.5px/1.5 ui-monospace, monospace; vertical-align: top; padding: .3rem 0; }
tbody th { padding-right: 1.2rem; }
tbody tr { border-top: 1px solid var(--line); }
tbody tr.same { border-top: 0; }
thead th { padding-left: 0; }
td.time, th.time { width: 100%; min-width: 14rem; vertical-align: top; }
.who { display: flex; justify-content: space-between; gap: .9rem; }
.note, thead .result { padding-left: 1.4rem; }
.succeeded .note { color: var(--good); }
.failed .note { color: var(--bad); }
.index { display: inline-block; min-width: 1.6rem; color: var(--quiet); }
.container { color: var(--quiet); }
.axis { position: relative; height: 1.2rem; }
.tick { position: absolute; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bar { position: relative; height: 1.9rem; }
.bar i { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--line); }
.bar b, .legend b { display: inline-block; min-width: 2px; height: 10px; border-radius: 2px; }
.bar b { position: absolute; top: .6rem; }
b.running { background: var(--run); }
b.waiting { background: var(--wait); height: 4px; }
.bar b.waiting { top: .79rem; }
b.back-off { background: none; border-top: 2px dotted var(--retry); height: 0; border-radius: 0; }
.bar b.back-off { top: .85rem; }
b.terminating { background: repeating-linear-gradient(90deg, var(--end) 0 4px, transparent 4px 7px); }
b.running.open { border-top-right-radius: 0; border-bottom-right-radius: 0; }
.bar u { position: absolute; top: .38rem; margin-left: 3px; font-size: 12px; line-height: 1.4; text-decoration: none; font-weight: 700; }
u.success { color: var(--good); }
u.failure { color: var(--bad); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: 1.6rem 0 0; padding: 0; font-size: .85rem; }
.legend b { width: 1.6rem; margin-right: .3rem; vertical-align: middle; }
tbody tr.words { border-top: 0; }
summary { cursor: pointer; width: max-content; font-size: .8rem; color: var(--quiet); padding-bottom: .4rem; }
details p, details pre { margin: 0 0 .7rem; padding: .3rem .8rem; border-left: 2px solid var(--line); font: 12.5px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 22rem; overflow: auto; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { main { padding: 0; } }
`;

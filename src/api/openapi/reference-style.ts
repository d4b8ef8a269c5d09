/** The reference page's style sheet, served as a file of its own: nothing inline is allowed. */
export const REFERENCE_STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1f2430, #e6e8ee);
  --quiet: light-dark(#5b6472, #a3abba);
  --line: light-dark(#dfe3ea, #343b48);
  --paper: light-dark(#ffffff, #14171d);
  --shade: light-dark(#f5f6f9, #1d222b);
  --link: light-dark(#1f5fbf, #8ab4f8);
}
* { box-sizing: border-box; }
body {
  margin: 0; display: grid; grid-template-columns: minmax(14rem, 18rem) minmax(0, 1fr);
  font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
}
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem; border-right: 1px solid var(--line); }
nav ul { list-style: none; margin: 0; padding: 0; font-size: 0.9rem; }
nav ul ul { margin: 0.25rem 0 1rem 0.75rem; }
main { padding: 1.5rem 2rem 4rem; max-width: 60rem; min-width: 0; }
a { color: var(--link); }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.75rem; margin: 0 0 1rem; }
h2 { font-size: 1.35rem; margin: 3rem 0 0.25rem; }
h3 { font-size: 1.05rem; margin: 2rem 0 0.25rem; }
article { border-top: 1px solid var(--line); }
code, pre { font-family: ui-monospace, monospace; font-size: 0.875rem; overflow-wrap: anywhere; }
pre { background: var(--shade); padding: 0.75rem 1rem; border-radius: 6px; overflow: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; margin: 0.75rem 0; }
caption { text-align: left; color: var(--quiet); padding: 0.25rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-top: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; }
thead th { color: var(--quiet); border-top: 0; }
@media (max-width: 48rem) {
  body { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1.5rem 1rem; }
}
`;

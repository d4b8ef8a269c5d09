/** A piece of a page that is written both as Markdown and as HTML. */
export type Piece =
  | { readonly heading: string; readonly below?: true }
  | { readonly text: string }
  | { readonly list: readonly string[] }
  | { readonly commands: string }
  | { readonly table: readonly (readonly string[])[] };

/** Texts of records are data: no mark-up of theirs counts. */
export function asMarkdown(title: string, pieces: readonly Piece[]): string {
  const one = (piece: Piece): string => {
    if ("heading" in piece) return `${piece.below ? "###" : "##"} ${plain(piece.heading)}`;
    if ("text" in piece) return plain(piece.text);
    if ("list" in piece) return piece.list.map((item) => `- ${plain(item)}`).join("\n");
    if ("commands" in piece) return `\`\`\`sh\n${piece.commands}\n\`\`\``;
    const [head = [], ...rows] = piece.table.map((row) => `| ${row.map(plain).join(" | ")} |`);
    return [head, `|${" --- |".repeat(piece.table[0]?.length ?? 0)}`, ...rows].join("\n");
  };
  return `${[`# ${plain(title)}`, ...pieces.map(one)].join("\n\n")}\n`;
}

export function asHtml(title: string, pieces: readonly Piece[]): string {
  const one = (piece: Piece): string => {
    if ("heading" in piece)
      return piece.below ? `<h3>${escaped(piece.heading)}</h3>` : `<h2>${escaped(piece.heading)}</h2>`;
    if ("text" in piece) return `<p>${escaped(piece.text)}</p>`;
    if ("list" in piece) return `<ul>${piece.list.map((item) => `<li>${escaped(item)}</li>`).join("\n")}</ul>`;
    if ("commands" in piece) return `<pre>${escaped(piece.commands)}</pre>`;
    const row = (cells: readonly string[], tag: string) =>
      `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
    const [head = [], ...rows] = piece.table;
    return `<table>${row(head, "th")}\n${rows.map((cells) => row(cells, "td")).join("\n")}</table>`;
  };
  return [
    `<!doctype html>`,
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>`,
    // Whatever a record says, this page runs nothing and fetches nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<style>body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}`,
    `pre{background:#8881;padding:1rem;overflow:auto}td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}</style>`,
    `</head><body><h1>${escaped(title)}</h1>`,
    ...pieces.map(one),
    `</body></html>`,
    "",
  ].join("\n");
}

function plain(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ").replaceAll(/[\\`*_[\]<>|#]/g, "\\$&");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

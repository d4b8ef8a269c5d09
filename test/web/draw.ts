import { parseHTML } from "linkedom";

import type { Canvas, Drawn } from "../../src/web/charts/drawing.ts";

/** A place to draw on without a browser. */
export function canvasOf(width: number, height: number): Canvas {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  return { document, width, height };
}

/** A drawing as text, one element a line, so that a difference can be read. */
export function textOf({ svg }: Drawn): string {
  return `${svg.outerHTML.replaceAll("><", ">\n<")}\n`;
}

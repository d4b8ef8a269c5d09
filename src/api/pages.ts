import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";

import type { ApiContext } from "./env.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** Packed forms made by the build, the smaller first. */
const PACKED = [
  { coding: "br", ending: ".br" },
  { coding: "gzip", ending: ".gz" },
] as const;

const YEAR_SECONDS = 31_536_000;

/** The files of the built dashboard. Only what stands in its folder when it is first asked for is ever read. */
export class Pages {
  readonly #folder: string;
  #files: Promise<ReadonlySet<string>> | undefined;
  readonly #read = new Map<string, Promise<Buffer>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file of a path, or for a place within the dashboard its one page; null when there is neither. */
  async answer(c: ApiContext): Promise<Response | null> {
    const files = await (this.#files ??= filesIn(this.#folder));
    const path = c.req.path.slice(1);
    const isPacked = PACKED.some(({ ending }) => path.endsWith(ending));
    if (path !== "index.html" && !isPacked && files.has(path)) return this.#send(c, path, files);
    const wantsPage = (c.req.header("accept") ?? "").includes("text/html") && extname(path) === "";
    if ((!wantsPage && path !== "") || !files.has("index.html")) return null;
    return this.#send(c, "index.html", files);
  }

  async #send(c: ApiContext, path: string, files: ReadonlySet<string>): Promise<Response> {
    const accepted = (c.req.header("accept-encoding") ?? "").split(",").map((coding) => coding.trim().split(";")[0]);
    const packed = PACKED.find(({ coding, ending }) => accepted.includes(coding) && files.has(`${path}${ending}`));
    const body = await this.#bytes(packed === undefined ? path : `${path}${packed.ending}`);
    // A name with a hash of what is inside never means anything else.
    const isHashed = path.startsWith("assets/");
    return c.body(new Uint8Array(body), 200, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "cache-control": isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-store",
      vary: "accept-encoding",
      ...(packed === undefined ? {} : { "content-encoding": packed.coding }),
    });
  }

  #bytes(path: string): Promise<Buffer> {
    const found = this.#read.get(path) ?? readFile(join(this.#folder, path));
    this.#read.set(path, found);
    return found;
  }
}

async function filesIn(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return new Set(paths.map((path) => path.split(sep).join("/")));
}

import type { Emulator } from "../../src/emulator/server/serve-world.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; tests look into it freely. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

export interface CallOptions {
  readonly method?: string;
  readonly key?: string;
  readonly version?: string | null;
  readonly beta?: string;
  readonly body?: unknown;
}

export const ANALYTICS_BETA = "analytics-usage-cost-2026-08-24";
export const SPEND_BETA = "spend-limit-reads-2026-09-26";

/** Calls a path under `/v1/organizations` with the emulator's Admin key. */
export async function call(emulator: Emulator, path: string, options: CallOptions = {}): Promise<Answer> {
  const headers: Record<string, string> = { "x-api-key": options.key ?? emulator.keys.admin };
  if (options.version !== null) headers["anthropic-version"] = options.version ?? "2026-10-21";
  if (options.beta !== undefined) headers["anthropic-beta"] = options.beta;
  if (options.body !== undefined) headers["content-type"] = "application/json";
  const url = emulator.url + (path.startsWith("/v1") ? path : `/v1/organizations${path}`);
  const response = await fetch(url, {
    method: options.method ?? (options.body === undefined ? "GET" : "POST"),
    headers,
    redirect: "manual",
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === "string" ? options.body : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parseOrNull(text) };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads every page and gives the items of `data`. */
export async function readAll(emulator: Emulator, path: string, options: CallOptions = {}): Promise<unknown[]> {
  const items: unknown[] = [];
  const separator = path.includes("?") ? "&" : "?";
  for (let cursor = ""; ;) {
    const { status, json, text } = await call(emulator, path + cursor, options);
    if (status !== 200) throw new Error(`${path}${cursor}: ${status} ${text}`);
    items.push(...json.data);
    if ("last_id" in json ? !json.has_more : json.next_page === null) return items;
    cursor = `${separator}${
      "last_id" in json ? `after_id=${json.last_id}` : `page=${encodeURIComponent(json.next_page)}`
    }`;
  }
}

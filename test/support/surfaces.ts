/** One record as every surface shows it, and what a comparison of them needs. */
import { afterAll, beforeAll } from "vitest";

import { picoUsdFromDollars } from "../../src/domain/index.ts";
import type { TestApi } from "./api.ts";
import { mcpOver, type StdioMcp } from "./mcp-stdio.ts";
import { writtenBy } from "./terminal.ts";

/** JSON that a test looks into. */
export type Loose = Readonly<Record<string, unknown>>;
export type Cells = Readonly<Record<string, string>>;
export type Population = "humans" | "all";

/** One record asked by every surface, over one range. */
export interface Surfaces {
  readonly range: { readonly from: string; readonly to: string };
  json(path: string, query?: Readonly<Record<string, string>>): Promise<Loose>;
  csv(path: string, query?: Readonly<Record<string, string>>): Promise<readonly Cells[]>;
  cliJson(args: readonly string[]): Promise<Loose>;
  cliText(args: readonly string[]): Promise<string>;
  /** `bursar export`, over the range. */
  exported(rows: string): Promise<readonly Cells[]>;
  /** Structured content and text of an MCP tool, over the range. */
  tool(
    name: string,
    args?: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly data: Loose; readonly text: string }>;
}

export type Unit = "usd" | "count" | "ratio";
export type Found = number | string | null | undefined;

export async function surfacesOf(api: TestApi, range: Surfaces["range"]): Promise<Surfaces> {
  const token = await api.token();
  const ask = async (path: string, query: Readonly<Record<string, string>>, accept: string) => {
    const asked = new URLSearchParams({ ...range, ...query });
    const answer = await api.get(`/api/v1/${path}?${asked.toString()}`, token, { accept });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path}?${asked.toString()}: ${answer.status} ${text}`);
    return text;
  };
  const cli = (argv: readonly string[]) => writtenBy(api.contextOf(api.tenant), argv);
  // Over pipes in this process: nothing of it has to be closed.
  let mcp: Promise<StdioMcp> | undefined;
  const days = ["--from", range.from, "--to", range.to];
  return {
    range,
    json: async (path, query = {}) => JSON.parse(await ask(path, query, "application/json")) as Loose,
    csv: async (path, query = {}) => cellsOf(await ask(path, query, "text/csv")),
    cliJson: async (args) => JSON.parse(await cli(["report", ...args, ...days, "--json"])) as Loose,
    cliText: (args) => cli(["report", ...args, ...days]),
    exported: async (rows) => cellsOf(await cli(["export", rows, ...days])),
    async tool(name, args = {}) {
      mcp ??= mcpOver(api.contextOf(api.tenant));
      const { isError, data, text } = await (await mcp).call(name, { ...range, ...args });
      if (isError) throw new Error(`${name}: ${text}`);
      return { data, text };
    },
  };
}

/** CSV as RFC 4180 has it. */
function cellsOf(text: string): Cells[] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") lines.push([]);
  }
  const [head = [], ...rows] = lines.filter((line) => line.length > 1 || line[0] !== "");
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""])));
}

/** A member of members, by its path. */
export function at(value: unknown, path: string): Found {
  const found = path
    .split(".")
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], value);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found as Found;
}

export function one(rows: unknown, name: string, value: string): Loose {
  const found = (rows as Loose[]).find((row) => row[name] === value);
  if (found === undefined) throw new Error(`there is no row of ${value}`);
  return found;
}

export function cell(rows: readonly Cells[], name: string, value: string): Cells {
  return one(rows, name, value) as Cells;
}

export function added(rows: unknown, column: string): string {
  return sum((rows as unknown[]).map((row) => at(row, column)));
}

/** Exact, as a decimal. What is unknown adds nothing. */
export function sum(values: readonly Found[]): string {
  const known = values.filter((value) => value !== null && value !== undefined && value !== "");
  const pico = known.reduce<bigint>((all, value) => all + picoUsdFromDollars(String(value)).picoUsd, 0n);
  return decimal(pico);
}

function decimal(pico: bigint): string {
  const [digits, sign] = [String(pico < 0n ? -pico : pico).padStart(13, "0"), pico < 0n ? "-" : ""];
  return `${sign}${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, "");
}

/** To the last digit; only trailing zeros of a decimal do not count. */
export function exact(value: number | string | null, unit: Unit): string {
  if (value === null) return "none";
  return unit === "ratio" ? String(Number(value)) : decimal(picoUsdFromDollars(String(value)).picoUsd);
}

/** Keeps a record open from the first test of a block to its last. */
export function hold(open: (use: (surfaces: Surfaces) => Promise<void>) => Promise<void>): () => Surfaces {
  let surfaces: Surfaces;
  let release = () => {};
  let ended: Promise<void>;
  beforeAll(async () => {
    await new Promise<void>((ready, fail) => {
      ended = open(async (opened) => {
        surfaces = opened;
        await new Promise<void>((resolve) => {
          release = resolve;
          ready();
        });
      });
      ended.catch(fail);
    });
  }, 60_000);
  afterAll(async () => {
    release();
    await ended;
  });
  return () => surfaces;
}

interface Row {
  readonly person: string;
  readonly personId: string | null;
  readonly emails: readonly string[];
  readonly activeDays: number;
}

/** Which lists hold everybody of a population. */
export function kindsOf(population: Population): readonly string[] {
  return population === "humans" ? ["humans"] : ["humans", "service", "unmapped"];
}

/** The rows of everybody with activity, as the list of people has them. */
export async function everybody({ json }: Surfaces, population: Population): Promise<Row[]> {
  const pages = await Promise.all(
    kindsOf(population).map((kind) => json("list-people-usage", { population: kind, limit: "5000" })),
  );
  return pages.flatMap(({ rows }) => rows as Row[]);
}

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { ensureBuilt } from "../scripts/build.ts";
import { oneByOne, quantile } from "./support/load.ts";
import { spawnServer, type StdioServer } from "./support/stdio-server.ts";
import type { Bench } from "./types.ts";

const PROGRAM = fileURLToPath(new URL("../bin/bursar.js", import.meta.url));
/** The protocol's own example of a server. */
const EVERYTHING = fileURLToPath(import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js"));
const CALLS = 25;
/** Arguments that tools cannot do without, or hardly: any record has these. */
const GIVEN: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  all: { metric: "cost", search: "a" },
  prove_record: { index: 1 },
};

/** What a client pays before anybody asks anything; it starts all of its servers at once. */
const start: Bench = {
  name: "mcp-spawn-to-tools-listed",
  unit: "ms of CPU",
  higherIsBetter: false,
  async run() {
    await ensureBuilt();
    const floor = await listed([EVERYTHING, "stdio"]);
    const ours = await listed([PROGRAM, "mcp", "--data", "/nonexistent"]);
    const note = `server-everything beside it; ${mib(ours.peakMiB)} then, ${mib(floor.peakMiB)} of the other; ${ours.tools} tools`;
    return { figure: ours.cpuMs, floor: floor.cpuMs, note };
  },
};

/** Each tool that reads, over and over, as a conversation asks: the first time is told apart. */
const reads: Bench = {
  name: "mcp-read-tools-demo-record",
  unit: "ms",
  higherIsBetter: false,
  runs: 1,
  async run() {
    await ensureBuilt();
    const data = await mkdtemp(join(tmpdir(), "bursar-bench-"));
    try {
      await promisify(execFile)(process.execPath, [PROGRAM, "demo", "--once", "--data", data], { maxBuffer: 1e8 });
      return await withServer([PROGRAM, "mcp", "--data", data], measured);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  },
};

export const benches: readonly Bench[] = [start, reads];

async function withServer<T>(args: readonly string[], use: (server: StdioServer) => Promise<T>): Promise<T> {
  const server = await spawnServer(args);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

function listed(args: readonly string[]): Promise<{ cpuMs: number; peakMiB: number; tools: number }> {
  return withServer(args, async (server) => {
    const tools = (await toolsOf(server)).length;
    return { cpuMs: await server.cpuMs(), peakMiB: await server.peakMiB(), tools };
  });
}

interface Times {
  readonly name: string;
  readonly first: number;
  readonly p50: number;
}

async function measured(server: StdioServer) {
  const bare = await oneByOne(Array.from({ length: 200 }, () => () => server.ask("ping", {})));
  const times: Times[] = [];
  for (const tool of await toolsOf(server)) {
    const args = argumentsOf(tool);
    if (args !== null) times.push(await timesOf(server, tool.name, args));
  }
  const median = (of: (one: Times) => number) =>
    quantile(
      times.map(of).toSorted((a, b) => a - b),
      0.5,
    );
  const slowest = times.toSorted((a, b) => b.p50 - a.p50).slice(0, 3);
  const said = [
    `median of ${times.length} tools`,
    `first time ${ms(median(({ first }) => first))}`,
    `slowest ${slowest.map(({ name, p50 }) => `${name} ${ms(p50)}`).join(", ")}`,
    `peak ${mib(await server.peakMiB())}`,
  ];
  return { figure: median(({ p50 }) => p50), floor: quantile(bare, 0.5), note: said.join("; ") };
}

/** Null for what asks Anthropic itself, who is not there, and for what needs an id: that is as quick as its list. */
function argumentsOf({ name, annotations, inputSchema }: Tool): Readonly<Record<string, unknown>> | null {
  const given = { ...GIVEN["all"], ...GIVEN[name] };
  const needed = inputSchema.required ?? [];
  if (!annotations.readOnlyHint || name.includes("spend_limits")) return null;
  if (needed.some((member) => !(member in given))) return null;
  const wanted = new Set([...needed, ...Object.keys(GIVEN[name] ?? {})]);
  return Object.fromEntries(Object.entries(given).filter(([member]) => wanted.has(member)));
}

async function timesOf(server: StdioServer, name: string, args: Readonly<Record<string, unknown>>): Promise<Times> {
  const call = async () => {
    const answer = await server.ask("tools/call", { name, arguments: args });
    const { result } = answer as { readonly result?: { readonly isError?: boolean } };
    if (result === undefined || result.isError === true) throw new Error(`${name} failed`);
  };
  const [first = 0] = await oneByOne([call]);
  const again = await oneByOne(Array.from({ length: CALLS }, () => call));
  return { name, first, p50: quantile(again, 0.5) };
}

interface Tool {
  readonly name: string;
  readonly annotations: { readonly readOnlyHint: boolean };
  readonly inputSchema: { readonly required?: readonly string[] };
}

async function toolsOf(server: StdioServer): Promise<readonly Tool[]> {
  const { result } = (await server.ask("tools/list", {})) as { result: { tools: readonly Tool[] } };
  return result.tools;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function mib(value: number): string {
  return `${Math.round(value)} MiB`;
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { FaultBox } from "../faults/index.ts";
import type { FaultOrder, Faults } from "../faults/index.ts";
import type { World } from "../world/types.ts";
import { createApi } from "./api.ts";
import type { EmulatorClock } from "./clock.ts";
import { createClock } from "./clock.ts";
import { answerControl, CONTROL_PREFIX } from "./control.ts";
import { createIds } from "./ids.ts";
import type { EmulatorKeys } from "./keys.ts";
import { emulatorKeys, keyFingerprint, KeyRing, presentedKey } from "./keys.ts";
import { Limiter } from "./limiter.ts";
import { createListener, readBody, sendReply } from "./listener.ts";
import { Problem, problemReply } from "./problem.ts";
import type { Call, Reply } from "./reply.ts";
import type { LoggedRequest } from "./request-log.ts";
import { RequestLog } from "./request-log.ts";
import { findRoute } from "./routes.ts";

export interface ServeOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  readonly keys?: Partial<EmulatorKeys>;
  /** Default `off`. The limits follow the emulator's clock: while it stands still, an empty bucket stays empty. */
  readonly rateLimit?: "documented" | "off";
  /** Real time before each answer. */
  readonly latencyMs?: number;
  readonly faults?: readonly FaultOrder[];
  /** Where the clock starts, milliseconds; by default where the world's history ends. */
  readonly startAt?: number;
  /** The clock runs with real time. Otherwise it stands still until it is moved. */
  readonly ticking?: boolean;
  /** Told of each request when it has been answered. */
  readonly log?: (request: LoggedRequest) => void;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly world: World;
  readonly keys: EmulatorKeys;
  readonly clock: EmulatorClock;
  /** The latest requests to `/v1`, oldest first. */
  readonly requests: readonly LoggedRequest[];
  readonly faults: Faults;
  /** From now on the key gets 401. */
  revoke(key: string): void;
  /** Breaks open connections and frees the port. */
  close(): Promise<void>;
}

const MOST_BODY_BYTES = 1_000_000;

/** Serves a world over HTTP as Anthropic's Admin API would. Writes change the world's directory in place. */
export async function serveWorld(world: World, options: ServeOptions = {}): Promise<Emulator> {
  const clock = createClock(options.startAt ?? world.startsAt, options.ticking ?? false);
  const keys = { ...emulatorKeys(world.options.seed), ...options.keys };
  const ring = new KeyRing(keys);
  const api = createApi({ world, clock, keys: ring, limiter: new Limiter(options.rateLimit === "documented") });
  const log = new RequestLog();
  const newId = createIds(`request/${world.options.seed}`);
  const host = options.host ?? "127.0.0.1";

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = new URL(request.url ?? "/", "http://emulator");
    response.sendDate = false;
    response.setHeader("date", new Date(clock.now()).toUTCString());
    const body = await readBody(request, MOST_BODY_BYTES);
    if (target.pathname.startsWith(CONTROL_PREFIX)) {
      const controlled = { world, clock, keys, faults, requests: log.entries };
      sendReply(response, await answerControl(request.method ?? "GET", target.pathname, body ?? "", controlled));
      return;
    }
    const call: Call = {
      method: request.method ?? "GET",
      path: target.pathname,
      query: target.searchParams,
      headers: flatHeaders(request),
      body: body ?? "",
      requestId: newId("req"),
    };
    const entry = log.add({
      method: call.method,
      path: call.path,
      query: target.search.slice(1),
      status: null,
      requestId: call.requestId,
      keyFingerprint: keyFingerprint(presentedKey(call.headers)),
      at: clock.now(),
      faults: [],
    });
    if (options.latencyMs !== undefined && options.latencyMs > 0) await pause(options.latencyMs);
    const route = findRoute(call.method, call.path);
    const endpoint = route.kind === "served" ? route.endpoint : undefined;
    const serve = (query: URLSearchParams): Reply => api.answer({ ...call, query }, { free: true });
    const met = faults.meet(call, endpoint, serve);
    entry.faults = met.map(({ kind }) => kind.id);
    const reply = common(call, body === undefined ? tooLarge(call) : throughFaults(call));

    entry.status = reply.status;
    const sender = met.find(({ kind }) => kind.send !== undefined);
    if (sender?.kind.send === undefined) sendReply(response, reply);
    else {
      entry.status = null;
      sender.kind.send({ request, response }, reply, sender.occasion);
    }
    options.log?.(entry);

    function throughFaults(original: Call): Reply {
      const stand = met.find(({ kind }) => kind.answer !== undefined);
      let query = original.query;
      for (const { kind, occasion } of met) query = kind.ask?.(query, occasion) ?? query;
      let changed = stand?.kind.answer?.(stand.occasion) ?? api.answer({ ...original, query });
      for (const { kind, occasion } of met) changed = kind.change?.(changed, occasion) ?? changed;
      return changed;
    }
  };

  const common = (call: Call, reply: Reply): Reply => ({
    ...reply,
    headers: {
      "request-id": call.requestId,
      "anthropic-organization-id": world.directory.organization.id,
      ...reply.headers,
    },
  });

  const listener = await createListener(
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        // A bug of the emulator, not a behaviour of the API: say so where the test's author will see it.
        process.stderr.write(`emulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        response.destroy();
      });
    },
    host,
    options.port ?? 0,
  );
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
  const faults = new FaultBox({
    world,
    clock,
    url,
    stopListening: () => listener.stop(),
    listenAgain: () => listener.start(),
  });
  const emulator: Emulator = {
    url,
    port: listener.port,
    world,
    keys,
    clock,
    requests: log.entries,
    faults,
    revoke: (key) => ring.revoke(key),
    close: async () => {
      await faults.clear();
      await listener.stop();
    },
  };
  try {
    for (const order of options.faults ?? []) await faults.add(order);
  } catch (error) {
    await emulator.close();
    throw error;
  }
  return emulator;
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(",") : value]],
  );
  return Object.fromEntries(entries);
}

const tooLarge = (call: Call): Reply =>
  problemReply(new Problem(413, "Request exceeds the maximum size"), call.requestId);

import { openHost, openSession } from "../../src/app/compose.ts";
import type { Settings } from "../../src/app/config.ts";
import { silentLog, type Log } from "../../src/domain/index.ts";

export interface Opening {
  readonly settings: Settings;
  readonly principal?: string;
  readonly log?: Log;
  readonly signal?: AbortSignal;
}

/** A record as a server opens it, for all its tenants. */
export function openTestHost(opening: Opening): ReturnType<typeof openHost> {
  return openHost(partsOf(opening));
}

/** A record as a command opens it, for one tenant. */
export function openTestSession(opening: Opening & { readonly tenant?: string | undefined }) {
  return openSession({ ...partsOf(opening), tenant: opening.tenant });
}

function partsOf({ settings, principal = "test", log = silentLog, signal }: Opening) {
  return {
    settings,
    mode: "write",
    principal,
    env: {},
    version: "0.0.0",
    log,
    note: () => {},
    signal: signal ?? new AbortController().signal,
  } as const;
}

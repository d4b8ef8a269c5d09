import type { Hono } from "hono";

import type { Failure } from "../domain/index.ts";
import type { ApiContext, ApiEnv } from "./env.ts";

/** What another room answers below a path of this server, behind the same gate and with the same limits. */
export interface Mount {
  /** Where it begins: `/mcp`. */
  readonly path: string;
  readonly app: (services: MountServices) => Hono<ApiEnv>;
  /**
   * Tells a failure in the words of whoever calls there, also one of the gate before it; null leaves it to the API's
   * problem responses.
   */
  readonly tell?: (c: ApiContext, failure: Failure) => Response | null;
  /** A page of another origin is refused whatever the method; else it may follow a link here. */
  readonly refusesForeignPages?: boolean;
  /** Paths whose body is a form, as OAuth wants it. No cookie counts there, so a form of another site orders nothing. */
  readonly takesForms?: readonly string[];
}

/** What the server gives to what is mounted on it. */
export interface MountServices {
  /** Counts an answer of a caller (`subjectOf`) together with those of the API. @throws Failure `api.rate_limited` */
  readonly charge: (subject: string) => void;
}

/** The mount that answers a path, if any. */
export function mountAt(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts.find((mount) => path === mount.path || path.startsWith(`${mount.path}/`));
}

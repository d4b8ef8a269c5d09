import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** What every request carries on its way. */
export interface ApiEnv {
  /** Of the socket; absent for a request that came over none. */
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: {
    requestId: string;
    /** Of whoever asks, behind proxies that are trusted. */
    address: string;
  };
}

export type ApiContext = Context<ApiEnv>;

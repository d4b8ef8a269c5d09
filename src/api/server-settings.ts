import type { OidcSettings } from "./auth/oidc-settings.ts";

/** How the server is reached and how much it gives to one caller. */
export interface ServerSettings {
  /** Where it listens: a name, an address, or `0.0.0.0` and `::` for all. */
  readonly listenHost: string;
  /** As people reach it from elsewhere, or null when only this machine does. */
  readonly publicUrl: URL | null;
  /** Addresses of proxies whose `x-forwarded-*` counts. */
  readonly trustedProxies: readonly string[];
  /** `token`: with a token that may read; `loopback`: for this machine without one too. */
  readonly metrics: "token" | "loopback";
  /** Single sign-on as it is told to those who set Bursar up: without its secret. */
  readonly sso: Omit<OidcSettings, "clientSecret"> | null;
  readonly limits: Limits;
}

export interface Limits {
  /** Answers computed and orders taken for one caller in a minute. An answer that was ready costs nothing. */
  readonly requestsPerMinute: number;
  /** Requests of one address in a minute that carry no valid credentials. */
  readonly anonymousPerMinute: number;
  readonly probesPerMinute: number;
  /** Of rows, at once and by one caller. */
  readonly exportsAtOnce: number;
  /** Open event streams of one caller. */
  readonly streamsAtOnce: number;
  /** How often an event stream says that it is there, and is ended when its reader may not read any more. */
  readonly heartbeatMs: number;
  /** So long the reader of a streamed answer may leave it lying. */
  readonly patienceMs: number;
  readonly bodyBytes: number;
  /** Of operations that take a roster as CSV. */
  readonly rosterBytes: number;
  readonly addressLength: number;
  readonly answerMs: number;
  /** Of answers kept ready. */
  readonly cacheBytes: number;
}

const MIB = 1024 * 1024;

/** See docs/configuration.md. */
export const LIMITS: Limits = {
  requestsPerMinute: 600,
  anonymousPerMinute: 120,
  probesPerMinute: 6,
  exportsAtOnce: 1,
  streamsAtOnce: 6,
  heartbeatMs: 15_000,
  patienceMs: 120_000,
  bodyBytes: MIB,
  rosterBytes: 10 * MIB,
  addressLength: 8_192,
  answerMs: 60_000,
  cacheBytes: 32 * MIB,
};

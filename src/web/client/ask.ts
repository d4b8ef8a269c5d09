import type { Input, OperationId, Output } from "./catalog.ts";
import { noteServerTime } from "./clock.ts";
import { asProblem, Problem } from "./problem.ts";

/** The browser's own `fetch`, or a test's. */
export interface Transport {
  readonly fetch: (address: string, init?: RequestInit) => Promise<Response>;
}

/** @throws Problem */
export async function ask<Id extends OperationId>(
  id: Id,
  input: Input<Id>,
  {
    transport = globalThis,
    tenant,
    signal,
  }: { transport?: Transport; tenant?: string | null; signal?: AbortSignal } = {},
): Promise<Output<Id>> {
  const answer = await call(transport, addressOf(id, input), {
    headers: { accept: "application/json", ...tenantHeader(tenant) },
    ...(signal === undefined ? {} : { signal }),
  });
  return (await answer.json()) as Output<Id>;
}

/** @throws Problem */
export async function order<Id extends OperationId>(
  id: Id,
  input: Input<Id>,
  { transport = globalThis, tenant }: { transport?: Transport; tenant?: string | null } = {},
): Promise<Output<Id>> {
  return (await post(`/api/v1/${kebab(id)}`, input, { transport, tenant: tenant ?? null })) as Output<Id>;
}

/** Sends JSON to an address outside the catalog, such as `/auth/sign-in`. @throws Problem */
export async function post(
  address: string,
  body: unknown,
  { transport = globalThis, tenant = null }: { transport?: Transport; tenant?: string | null } = {},
): Promise<unknown> {
  const answer = await call(transport, address, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json", ...tenantHeader(tenant) },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

/** Reads JSON from an address outside the catalog. @throws Problem */
export async function get(
  address: string,
  { transport = globalThis, tenant = null }: { transport?: Transport; tenant?: string | null } = {},
): Promise<unknown> {
  const headers = { accept: "application/json", ...tenantHeader(tenant) };
  return (await call(transport, address, { headers })).json();
}

/** The address of a read operation: also what a link to its CSV is made of. */
export function addressOf<Id extends OperationId>(
  id: Id,
  input: Input<Id>,
  { format, tenant }: { format?: "csv"; tenant?: string | null } = {},
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(input as object)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      const text = parameter(one);
      if (text !== null) params.append(name, text);
    }
  }
  if (format !== undefined) params.set("format", format);
  if (tenant != null) params.set("tenant", tenant);
  const query = params.toString();
  return `/api/v1/${kebab(id)}${query === "" ? "" : `?${query}`}`;
}

export function kebab(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A condition as `dimension=value`; other objects have no place in an address but as JSON. */
function parameter(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "object") {
    const { dimension, value: wanted } = value as { dimension?: unknown; value?: unknown };
    const isCondition = typeof dimension === "string" && (typeof wanted === "string" || wanted === null);
    return isCondition ? `${dimension}=${wanted ?? "null"}` : JSON.stringify(value);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

function tenantHeader(tenant: string | null | undefined): Record<string, string> {
  return tenant == null ? {} : { "x-bursar-tenant": tenant };
}

async function call(transport: Transport, address: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await transport.fetch(address, { credentials: "same-origin", ...init });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
    throw asProblem(thrown);
  }
  noteServerTime(answer.headers.get("date"));
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, typeof body === "object" && body !== null ? { ...body } : {});
}

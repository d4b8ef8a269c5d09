import { Failure } from "../../domain/index.ts";
import type { DayNumber, Scope } from "../../domain/index.ts";
import { listBudgets, listConnections, listSettings, openStore, revisionOf } from "../../store/index.ts";
import type { Revision, Store } from "../../store/index.ts";
import { ALL_TABLES, COPIED_SETTINGS, type PastNeeds } from "./project.ts";
import { newFolder, removeFolder } from "./folders.ts";
import { projectBeside } from "./projecting.ts";

/** Pasts that are kept ready: a page asks several questions about one, and compares it with another. */
const MOST_KEPT = 3;
/** One that nobody asked for so long is thrown away: it holds what the record holds. */
const KEPT_MS = 2 * 60_000;

/**
 * Pasts that are built for one caller at a time; a page asks for some at once. They are built one after the other in the
 * whole process: whoever asks for every day of a year must not keep others waiting for all of them.
 */
const MOST_AWAITED = 16;
/** By tenant and caller. */
const awaited = new Map<string, number>();

/**
 * Gives the record as it stood at the end of a UTC day: a store of its own, and the Scope to read it with. Both hold until
 * `ask` returns. Building it may take seconds, beside the event loop; it is kept for the next questions about the same
 * day while the record stays as it is.
 *
 * Source data are as of that day. People, teams, owners, connections and settings are today's.
 *
 * @throws Failure `input.invalid` when the record is too large to be projected again; `api.rate_limited` when too many are
 * being built for this caller.
 */
export async function withPast<T>(
  store: Store,
  scope: Scope,
  day: DayNumber,
  needs: PastNeeds,
  ask: (past: Store, scope: Scope) => Promise<T>,
): Promise<T> {
  const past = await heldPast(store, scope, day, needs);
  try {
    const { store: own, tenantId } = await past.opened;
    return await ask(own, { ...scope, tenantId, pastDay: day });
  } finally {
    past.release();
  }
}

/** Throws away whatever is kept of a database: somebody was erased from it. */
export async function forgetPasts({ place }: Store): Promise<void> {
  await Promise.all(kept.filter((one) => one.isOf(JSON.stringify(place))).map((one) => one.drop()));
}

const kept: Past[] = [];

/** One that whoever asks holds already: it cannot be thrown away before it is used. */
async function heldPast(store: Store, scope: Scope, day: DayNumber, needs: PastNeeds): Promise<Past> {
  const { revision, config } = await stateOf(store, scope);
  const place = JSON.stringify(store.place);
  const asked = { place, tenantId: scope.tenantId, day, needs, revision, config };
  for (const one of kept.filter((other) => other.isOutdatedBy(asked))) void one.drop();
  const found = kept.find((one) => one.answers(asked));
  if (found !== undefined) {
    // Asked for last, dropped last.
    kept.push(...kept.splice(kept.indexOf(found), 1));
    found.hold();
    return found;
  }
  const isBuilt = awaitOne(scope);
  const made = new Past(asked, (folder) => projectBeside(store, scope, { day, needs, folder }));
  void made.opened.then(isBuilt, isBuilt);
  made.hold();
  if (revision === null) made.keepNot();
  else {
    kept.push(made);
    while (kept.length > MOST_KEPT) void kept[0]!.drop();
  }
  return made;
}

/** @returns says that it is built */
function awaitOne({ tenantId, principal }: Scope): () => void {
  const caller = `${tenantId} ${principal}`;
  const open = awaited.get(caller) ?? 0;
  if (open >= MOST_AWAITED)
    throw new Failure("api.rate_limited", { limit: `${MOST_AWAITED} past days at once`, seconds: 5 });
  awaited.set(caller, open + 1);
  return () => {
    const left = (awaited.get(caller) ?? 1) - 1;
    if (left === 0) awaited.delete(caller);
    else awaited.set(caller, left);
  };
}

interface Asked {
  readonly place: string;
  readonly tenantId: number;
  readonly day: DayNumber;
  readonly needs: PastNeeds;
  /** Null where nothing tells when rows change. */
  readonly revision: Revision | null;
  /** What was copied that no revision tells of. */
  readonly config: string;
}

async function stateOf(store: Store, scope: Scope): Promise<Pick<Asked, "revision" | "config">> {
  return store.read(async (tx) => {
    const settings = [];
    for (const prefix of COPIED_SETTINGS) settings.push(await listSettings(tx, scope, prefix));
    const config = JSON.stringify([settings, await listConnections(tx, scope), await listBudgets(tx, scope)]);
    return { revision: await revisionOf(tx, scope), config };
  });
}

interface Opened {
  readonly store: Store;
  readonly tenantId: number;
}

type Build = (folder: string) => ReturnType<typeof projectBeside>;

/** A day's store in a folder of its own, with those who read it counted. */
class Past {
  readonly opened: Promise<Opened>;
  readonly #asked: Asked;
  #users = 0;
  #isDropped = false;
  #idle: NodeJS.Timeout | null = null;
  #folder: string | null = null;

  constructor(asked: Asked, build: Build) {
    this.#asked = asked;
    this.opened = this.#open(build);
    this.opened.catch(() => void this.drop());
  }

  isOf(place: string): boolean {
    return this.#asked.place === place;
  }

  answers(asked: Asked): boolean {
    return !this.#isDropped && isSameDay(this.#asked, asked) && this.#isCurrent(asked) && covers(this.#asked, asked);
  }

  isOutdatedBy(asked: Asked): boolean {
    const { place, tenantId } = this.#asked;
    return place === asked.place && tenantId === asked.tenantId && !this.#isCurrent(asked);
  }

  hold(): void {
    this.#users++;
    if (this.#idle !== null) clearTimeout(this.#idle);
  }

  release(): void {
    this.#users--;
    if (this.#users > 0) return;
    if (this.#isDropped) void this.#destroy();
    else this.#idle = setTimeout(() => void this.drop(), KEPT_MS).unref();
  }

  /** For one use. */
  keepNot(): void {
    this.#isDropped = true;
  }

  /** Not given to anybody any more, and thrown away as soon as nobody reads it. */
  async drop(): Promise<void> {
    this.#isDropped = true;
    const at = kept.indexOf(this);
    if (at >= 0) kept.splice(at, 1);
    if (this.#users === 0) await this.#destroy();
  }

  #isCurrent({ revision, config }: Asked): boolean {
    return this.#asked.revision === revision && this.#asked.config === config;
  }

  async #open(build: Build): Promise<Opened> {
    this.#folder = await newFolder();
    const { tenantId } = await build(this.#folder);
    const store = await openStore({ dataDir: this.#folder, tables: ALL_TABLES, readonly: true });
    return { store, tenantId };
  }

  async #destroy(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const opened = await this.opened.catch(() => null);
    await opened?.store.close();
    if (this.#folder !== null) await removeFolder(this.#folder);
  }
}

function isSameDay(one: Asked, other: Asked): boolean {
  return one.place === other.place && one.tenantId === other.tenantId && one.day === other.day;
}

function covers({ needs: { tables, span } }: Asked, { needs: wanted }: Asked): boolean {
  const hasTables = tables === "all" || (wanted.tables !== "all" && wanted.tables.every((one) => tables.includes(one)));
  const hasDays = span === null || (wanted.span !== null && span.from <= wanted.span.from && wanted.span.to <= span.to);
  return hasTables && hasDays;
}

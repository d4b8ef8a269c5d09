import type { z } from "zod";

import type { JsonObject } from "../../domain/index.ts";
import type { WriteRequest } from "../../source/index.ts";
import type { ChangeWorld } from "./change-world.ts";

/**
 * One kind of change, as a person or an assistant may ask for it.
 *
 * A kind reads what there is, says what it would send and what would follow; it sends nothing itself. Everything else
 * (guards, the confirmation, a person's decision, sending, looking up, the trail) is the same for all of them.
 */
export interface ChangeKind<In extends z.ZodObject = z.ZodObject> {
  /** `snake_case`, frozen once published. */
  readonly name: string;
  /** `Invite a member`. */
  readonly title: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** By Anthropic's own names, in `snake_case`. */
  readonly input: In;
  /** Streams whose lists it changes: they are read again afterwards. */
  readonly lists: readonly string[];
  /**
   * What it would send, in order; a series has several. Reads Anthropic and the record, changes nothing.
   *
   * @throws Failure `changes.*` for what cannot be done, `source.*` when Anthropic cannot be read
   */
  plan(world: ChangeWorld, input: z.output<In>): Promise<readonly StepDraft[]>;
  /** Of a series: what is left of what it was meant to end, once it was executed. */
  check?(world: ChangeWorld, input: z.output<In>): Promise<readonly string[]>;
}

/** One request with everything that must be known before it is sent, and after. Kept as JSON with its plan. */
export interface StepDraft {
  /** Of the kind that it is by itself; of a series the kind of this step. */
  readonly kind: string;
  readonly title: string;
  readonly target: ChangeTarget;
  readonly request: WriteRequest;
  /** The object as it is; null where there is none yet. */
  readonly before: JsonObject | null;
  /** What of it will be so; null where there will be none any more. */
  readonly after: JsonObject | null;
  /** The gravest first. */
  readonly consequences: readonly Consequence[];
  readonly isReversible: boolean;
  /** Where the object stands after and before, for reading it back. */
  readonly look: Look;
  /** Ids and e-mails of everything that would be changed: none of them may be protected. */
  readonly touches: readonly string[];
  /** The role that somebody would get by it. */
  readonly gives: GivenRole | null;
  /** It is about the caller's own membership. */
  readonly isOwn: boolean;
}

export interface ChangeTarget {
  readonly kind: "user" | "invite" | "workspace" | "workspace_member" | "api_key" | "rate_limit" | "spend_limit";
  readonly id: string | null;
  readonly name: string | null;
}

/** What follows, in plain words, and what exactly it is about. Names of people and keys stand in `about` alone. */
export interface Consequence {
  readonly says: string;
  readonly about?: readonly { readonly id: string; readonly name: string | null; readonly note?: string }[];
}

/** A role that a change gives: nobody gives more than their own. */
export type GivenRole =
  | { readonly where: "organization"; readonly role: string; readonly from: string | null }
  | {
      readonly where: "workspace";
      readonly role: string;
      readonly from: string | null;
      readonly workspaceId: string;
    };

/**
 * How to find the object again, whether or not an answer told its id.
 *
 * - `object`: at its own address
 * - `listed`: the first of a list whose members are all as said, leaving out what was there before
 */
export type Look =
  | { readonly by: "object"; readonly path: string; readonly as: ChangeTarget["kind"] }
  | {
      readonly by: "listed";
      /** Of the list. */
      readonly path: string;
      readonly query: readonly (readonly [string, string])[];
      readonly paging: "by_id" | "cursor";
      readonly beta?: string;
      readonly where: JsonObject;
      /** Ids that matched before anything was sent. */
      readonly known: readonly string[];
      readonly as: ChangeTarget["kind"];
    };

export function defineChange<In extends z.ZodObject>(kind: ChangeKind<In>): ChangeKind<In> {
  return kind;
}

import { modelFamily } from "../domain/index.ts";
import type { DayNumber, Identity, Table } from "../domain/index.ts";
import { identityLabel } from "./identity.ts";
import type { Identities } from "./identity.ts";
import { unknownId } from "./suggest.ts";

/** Something that an answer can be split or filtered by. */
export interface Dimension {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The stored columns of this table that say it, or null when the table cannot. */
  columnsIn(table: Table): readonly string[] | null;
  /** Its value from the texts of those columns; without it, the text of the one column. */
  readonly derive?: (texts: readonly Text[], who: Identities, day?: DayNumber | null) => Text;
  /** Those of whom the value depends on the day. Without a day it is the last one known. */
  readonly changesFor?: (texts: readonly Text[], who: Identities) => boolean;
}

type Text = string | null;

/** In the order in which lists show them. */
export const dimensions: readonly Dimension[] = [
  stored("organization", "Organization", "The Anthropic organization.", ["organization_id"]),
  stored("model", "Model", "The model's id as reported.", ["model"]),
  {
    id: "model_family",
    title: "Model family",
    description: "Snapshots grouped as opus, sonnet, haiku, …; an unknown model stays under its own name.",
    columnsIn: (table) => present(table, ["model"]),
    derive: ([model]) => (model === null || model === undefined ? null : modelFamily(model)),
  },
  {
    ...stored("workspace", "Workspace", "The workspace's id; null is the default workspace.", ["workspace_id"]),
    // The analytics reports alone name the default workspace by its real id.
    derive: ([id = null], { defaultWorkspaces }) => (id !== null && defaultWorkspaces.has(id) ? null : id),
  },
  stored("api_key", "API key", "The key's id; null is use without a key.", ["api_key_id"]),
  stored("service_tier", "Service tier", "standard, batch, priority, …", ["service_tier"]),
  stored("inference_geo", "Inference geography", "Where the inference ran, if restricted.", ["inference_geo"]),
  stored("context_window", "Context window", "0-200k or 200k-1M.", ["context_window"]),
  stored("speed", "Speed", "standard or fast.", ["speed"]),
  stored("token_type", "Token type", "Kind of token, in the words of the cost report.", ["token_type"]),
  stored("cost_type", "Cost type", "tokens, web_search, code_execution, …", ["cost_type"]),
  stored("description", "Description", "The line's text on the cost report.", ["description"]),
  stored("customer_type", "Customer type", "api or subscription.", ["customer_type"]),
  stored("subscription_type", "Subscription type", "Plan of a subscription row.", ["subscription_type"]),
  stored("terminal", "Terminal", "Where Claude Code ran: vscode, iTerm.app, non-interactive, …", ["terminal_type"]),
  stored("remote", "Remote", "Whether the session ran remotely: true, false, or null for unknown.", ["is_remote"]),
  stored("tool", "Tool", "The editing tool that proposed an action.", ["tool"]),
  aboutWho("person", "Person", "A person over all their e-mails and keys; others stand under their own label.", (who) =>
    who === null ? null : identityLabel(who),
  ),
  {
    ...aboutWho(
      "team",
      "Team",
      "The person's team on the day of the activity; null for everybody without one.",
      (who, known, day) => (who?.population === "humans" ? known.teamOf(who.person, day) : null),
    ),
    changesFor: (texts, known) => {
      const who = known.moved.size === 0 ? null : whoOf(texts, known);
      return who?.population === "humans" && known.moved.has(who.person);
    },
  },
  {
    id: "actor",
    title: "Actor",
    description: "The actor exactly as reported, before aliases and owners.",
    columnsIn: (table) =>
      table.name.startsWith("analytics_")
        ? present(table, ["actor"])
        : (present(table, ["actor"]) ?? present(table, ["account_id", "service_account_id"])),
    derive: ([actor = null, serviceAccount]) => {
      if (serviceAccount === undefined) return actor === null ? null : shownActor(actor);
      if (serviceAccount !== null) return `svac:${serviceAccount}`;
      return actor === null ? null : `user:${actor}`;
    },
  },
  {
    id: "population",
    title: "Population",
    description: "humans, service or unmapped.",
    columnsIn: (table) => populationColumns(table),
    derive: (texts, known) => populationOf(texts, known),
  },
  stored("product", "Product", "The Anthropic product, in the usage analytics reports only.", ["product"]),
];

/**
 * The connection by name. It filters only, as the organization that the connection reads: rows say where they are from,
 * not through which key they came.
 */
export const connection = stored("connection", "Connection", "The organization that a connection reads.", [
  "organization_id",
]);

/** Every actor but people, as the roll-ups keep them; not in the catalog, since `actor` says it too. */
export const serviceActor: Dimension = {
  id: "actor",
  title: "Actor",
  description: "An actor that is no person.",
  columnsIn: (table) => present(table, ["service_actor"]),
  derive: ([actor]) => (actor == null ? null : shownActor(actor)),
};

/** @throws Failure `input.unknown_value` with the nearest ids. */
export function findDimension(id: string, field = "by"): Dimension {
  const found = dimensions.find((dimension) => dimension.id === id);
  if (!found) throw unknownId(field, id, dimensions);
  return found;
}

/**
 * The columns that tell the population apart, cheapest first: `service_actor` stands in every roll-up of Claude Code,
 * and is null for people.
 */
export function populationColumns(table: Table): readonly string[] | null {
  return present(table, ["service_actor"]) ?? whoColumns(table);
}

/** Which population a row belongs to, from the texts of `populationColumns`. */
export function populationOf(texts: readonly Text[], known: Identities): Text {
  if (texts.length === 1) return texts[0] == null ? "humans" : known.ofActor(texts[0]).population;
  return whoOf(texts, known)?.population ?? null;
}

function stored(id: string, title: string, description: string, columns: readonly string[]): Dimension {
  return { id, title, description, columnsIn: (table) => present(table, columns) };
}

function aboutWho(
  id: string,
  title: string,
  description: string,
  value: (who: Identity | null, known: Identities, day: DayNumber | null) => Text,
): Dimension {
  return {
    id,
    title,
    description,
    columnsIn: (table) => whoColumns(table),
    derive: (texts, known, day = null) => value(whoOf(texts, known), known, day),
  };
}

/** One column: a Claude Code actor. Two with an e-mail: analytics. Two accounts: the messages report. */
export function whoColumns(table: Table): readonly string[] | null {
  return (
    present(table, ["actor", "actor_email", "actor_type"])?.slice(0, 3) ??
    present(table, ["actor"]) ??
    present(table, ["account_id", "service_account_id"])
  );
}

/** Who a row is of, from the texts of the columns that say it. */
export function whoOf(texts: readonly Text[], known: Identities): Identity | null {
  const [first = null, second = null] = texts;
  if (texts.length === 3) return known.ofAnalyticsActor(first, second);
  if (texts.length === 2) return known.ofAccount(first, second);
  return first === null ? null : known.ofActor(first);
}

function shownActor(actor: string): string {
  return actor.startsWith("key:") ? `key: ${actor.slice(4)}` : actor;
}

function present(table: Table, columns: readonly string[]): readonly string[] | null {
  return columns.every((column) => column in table.columns) ? columns : null;
}

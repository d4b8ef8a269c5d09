import type { Actor, Charge, Dims } from "./cell.ts";
import type { Setting } from "./setting.ts";
import { ANALYTICS_DIMENSIONS, type AnalyticsQuery } from "./types.ts";

/** How a group shows in an answer. Equal groups of one query are one object; `naming` orders them. */
export interface Facets {
  readonly naming: string;
  newGroup(): Record<string, unknown>;
}

type Dimension = (typeof ANALYTICS_DIMENSIONS)[number];

type Values = Readonly<Record<Dimension, string | null>> & { readonly who: Actor };

/** Groups combinations once each, for one query. */
export class FacetTable {
  readonly #setting: Setting;
  readonly #query: AnalyticsQuery;
  readonly #extra: readonly string[];
  readonly #ofDims: (Facets | null | undefined)[] = [];
  readonly #ofNaming = new Map<string, Facets>();

  /** `extra` names further keys of the group, null at first. */
  constructor(setting: Setting, query: AnalyticsQuery, extra: readonly string[]) {
    this.#setting = setting;
    this.#query = query;
    this.#extra = extra;
    for (const name of [...query.groupBy, ...Object.keys(query.filters)]) {
      if (!isDimension(name) && !extra.includes(name)) throw new RangeError(`no such dimension: ${name}`);
    }
  }

  /** Null: filtered out. */
  ofDims(dims: Dims): Facets | null {
    return (this.#ofDims[dims.index] ??= this.#facets(valuesOf(this.#setting, dims)));
  }

  /** Charges are not for tokens: model, tier and the like do not apply, and code execution has no product. */
  ofCharge({ kind, dims }: Charge): Facets | null {
    const isSession = kind === "session_usage";
    return this.#facets({
      ...valuesOf(this.#setting, dims),
      context_window: null,
      inference_geo: null,
      model: null,
      product: isSession ? dims.product : null,
      service_tier: null,
      speed: null,
    });
  }

  #facets(values: Values): Facets | null {
    const { groupBy, filters, excludeDeletedUsers } = this.#query;
    if (excludeDeletedUsers && values.who.type === "user_actor" && values.who.deleted) return null;
    const accepts = Object.entries(filters).every(([name, accepted]) => accepted.includes(filterValue(values, name)));
    if (!accepts) return null;
    const grouped = ANALYTICS_DIMENSIONS.filter((name) => groupBy.includes(name));
    const naming = grouped.map((name) => values[name] ?? "").join("|");
    const known = this.#ofNaming.get(naming);
    if (known !== undefined) return known;
    const group: Record<string, unknown> = {};
    for (const name of [...ANALYTICS_DIMENSIONS, ...this.#extra]) group[name] = null;
    for (const name of grouped) group[name] = values[name];
    const byActor = groupBy.includes("actor");
    const fresh: Facets = { naming, newGroup: () => ({ ...group, ...(byActor ? { actor: { ...values.who } } : {}) }) };
    this.#ofNaming.set(naming, fresh);
    return fresh;
  }
}

function isDimension(name: string): name is Dimension {
  return ANALYTICS_DIMENSIONS.some((dimension) => dimension === name);
}

/** What a filter compares: no key is the empty string, no geography is `not_available`; any other null matches nothing. */
function filterValue(values: Values, name: string): string {
  const value = isDimension(name) ? values[name] : null;
  if (value !== null) return value;
  if (name === "api_key_id") return "";
  return name === "inference_geo" ? "not_available" : " ";
}

function valuesOf(setting: Setting, dims: Dims): Values {
  const { actor } = dims;
  return {
    who: actor,
    actor: actorId(actor),
    actor_type: actor.type,
    agent_id: dims.agentId,
    api_key_id: dims.apiKeyId,
    claude_tag_category: null,
    claude_tag_user_id: null,
    context_window: dims.contextWindow,
    deployment_id: null,
    environment_id: dims.environmentId,
    inference_geo: dims.geo === "not_available" ? null : dims.geo,
    model: dims.model,
    organization_id: setting.organizationId,
    product: dims.product,
    rbac_group_id: null,
    service_tier: dims.tier,
    session_id: null,
    slack_channel_id: null,
    speed: dims.speed,
    user_profile_id: null,
    workspace_id: dims.workspaceId,
  };
}

function actorId(actor: Actor): string {
  if (actor.type === "user_actor") return actor.user_id;
  return actor.type === "api_actor" ? actor.api_key_id : actor.service_account_id;
}

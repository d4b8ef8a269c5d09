/** What a cost can be split by, under the names of the API, and what the metrics call it. */
export const COST_DIMENSIONS = {
  workspace_id: "workspace",
  description: "description",
  model: "model",
  cost_type: "cost_type",
  token_type: "token_type",
  service_tier: "service_tier",
  context_window: "context_window",
  inference_geo: "inference_geo",
  api_key_id: "api_key",
  product: "product",
} as const;

export type CostGroup = keyof typeof COST_DIMENSIONS;
export const COST_GROUPS = Object.keys(COST_DIMENSIONS) as [CostGroup, ...CostGroup[]];

const LABELS: Readonly<Record<string, string>> = {
  opus: "Opus",
  sonnet: "Sonnet",
  haiku: "Haiku",
  edit_tool: "Edit",
  multi_edit_tool: "Multi-edit",
  write_tool: "Write",
  notebook_edit_tool: "Notebook edit",
  uncached_input_tokens: "Uncached input",
  cache_read_input_tokens: "Cache reads",
  "cache_creation.ephemeral_5m_input_tokens": "Cache writes, 5 minutes",
  "cache_creation.ephemeral_1h_input_tokens": "Cache writes, 1 hour",
  cache_creation: "Cache writes",
  output_tokens: "Output",
  humans: "People",
  service: "Services",
  unmapped: "Unmapped",
  other: "Other",
};

const NOTHING: Readonly<Record<string, string>> = {
  team: "No team",
  workspace: "Default workspace",
  api_key: "No key",
  person: "Nobody",
};

/** A title inside a sentence: `Model family` becomes `model family`, `API key` stays. */
export function inSentence(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

/** What a value of a dimension is called when it has no name of its own. */
export function labelOf(value: string, dimension?: string | null): string {
  if (value === "null") return (dimension == null ? undefined : NOTHING[dimension]) ?? "None";
  const label = LABELS[value] ?? value;
  return dimension === "model_family" ? label.charAt(0).toUpperCase() + label.slice(1) : label;
}

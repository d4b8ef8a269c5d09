const REASONS: Readonly<Record<string, string>> = {
  zero_denominator: "There is nothing to divide by in this range.",
  not_reported_by_source: "The source does not report this.",
  not_collected_yet: "These days have not been collected yet.",
  below_minimum_sample: "Too few observations for an honest figure.",
  suppressed_for_privacy: "Hidden: the group is smaller than the minimum size.",
  mixed_currency: "Amounts in several currencies cannot be added.",
};

/** Why there is no figure, in a sentence. What is a sentence already stays as it is. */
export function reasonText(code: string | undefined): string {
  if (code === undefined) return "There is no figure here.";
  return REASONS[code] ?? (code.includes(" ") ? code : "There is no figure here.");
}

import type { McpPrompt } from "../define-prompt.ts";
import { accessReview } from "./access-review.ts";
import { adoptionReview } from "./adoption-review.ts";
import { keyHygieneReview } from "./key-hygiene-review.ts";
import { monthlyCostReview } from "./monthly-cost-review.ts";
import { whyDidSpendChange } from "./why-did-spend-change.ts";

/** Every prompt, in the order in which they are listed. */
export const prompts: readonly McpPrompt[] = [
  monthlyCostReview,
  whyDidSpendChange,
  adoptionReview,
  accessReview,
  keyHygieneReview,
];

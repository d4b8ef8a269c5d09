import { onboardingOf } from "../../metrics/index.ts";
import { adoptionInput, onboardingShape } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const onboarding = defineOperation({
  id: "onboarding",
  title: "Onboarding",
  summary: "From the invitation to the first commit: how many got how far, and how many days each step took.",
  input: adoptionInput,
  output: onboardingShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, question) => askActivity(context, question, onboardingOf),
});

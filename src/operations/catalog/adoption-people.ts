import { adoptionPeopleOf } from "../../metrics/index.ts";
import { adoptionInput, adoptionPeopleShape } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const adoptionPeople = defineOperation({
  id: "adoptionPeople",
  title: "Adoption by person",
  summary: "Who has not started, who has lapsed, and who is active without being in the denominator.",
  input: adoptionInput,
  output: adoptionPeopleShape,
  permission: "people",
  effect: "read",
  audit: "none: looks at single people are recorded by the surfaces that show them",
  run: (context, question) => askActivity(context, question, adoptionPeopleOf),
});

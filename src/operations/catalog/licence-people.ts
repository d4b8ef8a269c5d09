import { licencesOf } from "../../metrics/index.ts";
import { licencePeopleShape, licencesInput } from "../licence-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";
import { readLicenceTerms, seatsUsd } from "../licence-terms.ts";

export const licencePeople = defineOperation({
  id: "licencePeople",
  title: "Licences by person",
  summary: "Everybody who could use Claude Code, when they last did, and whether their licence could be taken back.",
  input: licencesInput,
  output: licencePeopleShape,
  permission: "people",
  effect: "read",
  audit: "none: looks at single people are recorded by the surfaces that show them",
  async run(context, question) {
    const { store, scope } = context;
    const terms = await store.read((tx) => readLicenceTerms(tx, scope));
    const { seatPriceUsd } = terms;
    const list = await askActivity(context, question, (activity) => licencesOf(activity, terms));
    const { licences, utilisation: _u, hasSubscriptions: _s, keysOfLeavers: _k, ...rest } = list;
    const saving = seatPriceUsd === null ? null : seatsUsd(1, seatPriceUsd);
    return {
      ...rest,
      people: (licences ?? []).map((one) => ({ ...one, savingPerMonth: one.reclaimable ? saving : null })),
    };
  },
});

export { activeUsersOf } from "./active-users.ts";
export { actionsByTeamOf, actionsOf } from "./actions.ts";
export { adoptionOf } from "./adoption.ts";
export { codingActivityOf, codingByTeamOf } from "./coding.ts";
export { readActivity, type Activity, type ActivityQuestion } from "./frame.ts";
export { retentionOf } from "./retention.ts";

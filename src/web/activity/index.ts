export { ActivityFoot } from "./activity-foot.tsx";
export { Answered } from "./answered.tsx";
export { ComparedHeadline } from "./compared-headline.tsx";
export { drawnOver } from "./marks.ts";
export { ofPeople } from "./question.ts";

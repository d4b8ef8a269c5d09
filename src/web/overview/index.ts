export { NothingConnected } from "./nothing-connected.tsx";
export { PeopleCard } from "./people-card.tsx";
export { WorkspacesCard } from "./workspaces-card.tsx";

import { defineEndpoint } from "../endpoint.ts";

export const organizationEndpoints = [
  defineEndpoint({
    name: "me",
    method: "GET",
    path: "/v1/organizations/me",
    keys: ["admin", "analytics"],
    answer: ({ world }) => world.directory.organization,
  }),
];

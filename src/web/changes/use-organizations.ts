import { useAnswer } from "../client/index.ts";

/** Organizations that can be changed: those of which a key is left. */
export function useOrganizations(): readonly { readonly id: string; readonly name: string }[] {
  const { data } = useAnswer("listConnections", {});
  const usable = data?.connections.filter(({ state }) => state !== "disconnected") ?? [];
  return [
    ...new Map(usable.map(({ organizationId: id, organizationName: name }) => [id, { id, name: name || id }])).values(),
  ];
}

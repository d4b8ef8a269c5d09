/** A template of addresses: `{name}` within the path, `{?a,b}` at the end, as far as RFC 6570 is needed here. */
export interface AddressTemplate {
  /** What stands in an address of this template; null for another's. Nothing unknown may stand in it. */
  membersIn(address: string): Record<string, string> | null;
}

export function addressTemplate(template: string): AddressTemplate {
  const [, path = template, query = ""] = /^([^?]*?)(?:\{\?([\w,]+)\})?$/.exec(template) ?? [];
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const pattern = new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "([^/?#]+)")}$`);
  const allowed = query.split(",").filter((name) => name !== "");
  return {
    membersIn(address) {
      const [start = "", search = "", ...rest] = address.split("?");
      const found = pattern.exec(start);
      if (found === null || rest.length > 0) return null;
      const asked = [...new URLSearchParams(search)];
      if (asked.some(([name]) => !allowed.includes(name))) return null;
      const own = names.map((name, at) => [name, decoded(found[at + 1]!)] as const);
      if (own.some(([, value]) => value === null)) return null;
      // Null was ruled out just now.
      return Object.fromEntries([...(own as [string, string][]), ...asked]);
    },
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
